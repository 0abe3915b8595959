"""What a paper held is kept so that the very same can be printed again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traffick_desk import papers
from traffick_desk.papers.keep import pack, unpack

KEYS = [form.key for form in papers.forms()]


@pytest.mark.parametrize("key", KEYS)
def test_what_was_kept_prints_the_same_bytes(key, facts) -> None:
    facts["person"]["ethnicity"] = papers.Answer.REFUSED
    facts["minors"].append({"name": "Lý Thị B", "birth": None})
    kept = unpack(key, pack(key, facts))
    assert papers.render(key, kept) == papers.render(key, facts)


def test_an_empty_list_and_a_missing_one_are_not_the_same() -> None:
    key = "noi-bo/bien-ban-tiep-nhan"
    assert unpack(key, pack(key, {"minors": []})) == {"minors": []}
    assert unpack(key, pack(key, {})) == {}


def test_only_what_the_form_prints_is_kept(facts) -> None:
    facts["person"]["secret"] = facts["secret"] = "không in"
    kept = unpack("noi-bo/the-quyen", pack("noi-bo/the-quyen", facts))
    assert kept == {
        "unit": {"name": facts["unit"]["name"], "phone": facts["unit"]["phone"]},
        "officer": {"name": facts["officer"]["name"]},
        "case": {"file_no": facts["case"]["file_no"]},
    }


@given(st.text(max_size=60))
def test_any_text_comes_back(value) -> None:
    key = "noi-bo/the-quyen"
    assert unpack(key, pack(key, {"officer": {"name": value}})) == {"officer": {"name": value}}


@given(st.text(max_size=40), st.integers(0, 300))
def test_what_is_damaged_is_refused_in_words(noise, place) -> None:
    key = "noi-bo/the-quyen"
    whole = pack(key, {"case": {"file_no": "TD"}})
    damaged = whole[:place] + noise + whole[place + 1 :]
    try:
        kept = unpack(key, damaged)
    except papers.NotKept as error:
        kept, said = {}, str(error)
    else:
        said = ""
    assert isinstance(kept, dict)
    assert not said or "Make a new paper" in said


@pytest.mark.parametrize("text", ["", "1:", "2:AAAA", "1:!!", "1:eJwDAAAAAAE="])
def test_what_is_no_kept_paper_is_refused(text) -> None:
    with pytest.raises(papers.NotKept):
        unpack("noi-bo/the-quyen", text)


def test_a_form_that_was_changed_prints_nothing_again(facts, monkeypatch) -> None:
    from dataclasses import replace

    from traffick_desk.papers import formfile

    key = "noi-bo/the-quyen"
    text = pack(key, facts)
    form = formfile.find(key)
    newer = replace(form, info=replace(form.info, edition=form.info.edition + 1))
    monkeypatch.setitem(formfile._shipped(), key, newer)
    with pytest.raises(papers.NotKept):
        unpack(key, text)


def test_a_form_that_is_gone_is_said() -> None:
    with pytest.raises(papers.UnknownForm):
        unpack("noi-bo/khong-co", "1:")
