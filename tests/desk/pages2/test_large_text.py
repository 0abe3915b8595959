"""No word is cut and nothing runs out of its area when an officer needs large letters."""

from __future__ import annotations

from contextlib import suppress

import pytest
from pytestqt.exceptions import TimeoutError as QtBotTimeoutError

from desk import walk
from desk.pages2 import world
from traffick_desk import i18n
from traffick_desk.desk import theme
from traffick_desk.desk.pages import all_pages


@pytest.fixture
def at_size(desk_app):
    """Vietnamese, in the size that is asked for."""

    def look(percent: int) -> None:
        i18n.set_language("vi")
        theme.apply(desk_app, theme.chosen("light", percent))

    yield look
    i18n.set_language("en")
    theme.apply(desk_app, theme.chosen("light", 100))


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("template", ["empty", "province"])
def test_every_page_can_be_read_at_this_size(show, vault, qtbot, at_size, template, percent):
    desk = world.unlock(vault(template))
    case = world.take_in(desk)[0] if template == "empty" else ""
    at_size(percent)
    shown = show(desk, pages=all_pages())
    cut, wide, seen = [], [], []
    for page in all_pages():
        of_case = page.name in {"case", "paper"}
        if (
            desk.info.profile not in page.profiles
            or not page.open_to(desk.info.role)
            or (of_case and not case)
        ):
            continue
        there = shown.go(page.name, **({"case_id": case} if of_case else {}))
        # What was read is laid out in turns of the event loop.
        with suppress(QtBotTimeoutError):
            qtbot.waitUntil(lambda p=there: not walk.clipped(p) + walk.sideways(p), timeout=3_000)
        cut += [f"{page.name} {what}" for what in walk.clipped(there)]
        wide += [f"{page.name} {what}" for what in walk.sideways(there)]
        seen.append(page.name)
    assert not shown.messages()
    assert len(seen) > 20, seen
    assert not cut, "\n".join(cut)
    assert not wide
