"""One language per process, another one meanwhile for papers."""

from __future__ import annotations

from threading import Thread

import pytest

from traffick_desk import i18n


def test_another_language_is_spoken_meanwhile_and_in_this_thread_alone() -> None:
    before = i18n.language()
    i18n.set_language("en")
    seen = []
    try:
        with i18n.speaking("vi"):
            assert (i18n.language(), i18n._("Case")) == ("vi", "Hồ sơ")
            thread = Thread(target=lambda: seen.append((i18n.language(), i18n._("Case"))))
            thread.start()
            thread.join()
        assert (i18n.language(), i18n._("Case")) == ("en", "Case")
    finally:
        i18n.set_language(before)
    assert seen == [("en", "Case")]


def test_after_an_error_the_language_is_as_before() -> None:
    before = i18n.language()
    with pytest.raises(RuntimeError), i18n.speaking("en"):
        raise RuntimeError
    assert i18n.language() == before


def test_a_language_that_the_program_does_not_speak_is_refused() -> None:
    for change in (i18n.set_language, lambda name: i18n.speaking(name).__enter__()):
        with pytest.raises(KeyError):
            change("xx")
