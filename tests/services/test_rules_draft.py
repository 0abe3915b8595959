"""What a province types becomes the text that is signed, and comes back as it was typed."""

from __future__ import annotations

import pytest

from law.shapes import watch_amendments
from traffick_desk import law
from traffick_desk.services import rules_draft
from traffick_desk.services.rules_draft import DayUnread, RulesDraft

CITE = {"instrument": "C120", "article": "5", "clause": "1", "source": "bản giấy"}
TYPED = {
    "level": {
        "level": "N-a-meal",
        "since": "2026-10-01",
        "vnd": 70_000,
        "at_least": "yes",
        "mark": "T",
        **CITE,
    },
    "end": {"level": "O-HG-meal", "since": "2025-07-01", **CITE},
    "add": {
        "id": "P-L53-2026-11-01-1",
        "regime": "L53/a",
        "label": "Quần áo mùa đông",
        "vnd": 500_000,
        "unit": "once",
        "since": "2026-11-01",
        "until": "2027-03-31",
        "days": 30,
        "mark": "S",
        **CITE,
    },
    "parameter": {
        "parameter": "sa-standard",
        "since": "2027-01-01",
        "vnd": 600_000,
        "mark": "T",
        **CITE,
    },
    "instruments": {
        "id": "P-1",
        "name": "Nghị quyết 09/2026/NQ-HĐND",
        "title": "Mức hỗ trợ",
        "issued": "2026-10-02",
        "since": "2026-10-15",
        "source": "Công báo tỉnh",
        "mark": "T",
    },
    "years": {
        "year": "2027",
        "complete": "yes",
        "holidays": "01/01 Tết Dương lịch\n02/09 Quốc khánh",
        "working_days": "09/01 Làm bù",
        **CITE,
    },
}


@pytest.fixture(autouse=True)
def _texts_fit_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    watch_amendments(monkeypatch)


@pytest.fixture(scope="module")
def national():
    return law.load_pack()


def draft() -> RulesDraft:
    made = RulesDraft(4, "2026-11-21", "Mức ăn mới")
    for kind, values in TYPED.items():
        place = "changes" if kind in {"level", "end", "add", "parameter"} else kind
        made = made.with_entry(place, None, rules_draft.entry_of(kind, values, 0))
    return made


@pytest.mark.parametrize("kind", TYPED)
def test_what_was_typed_comes_back(kind) -> None:
    entry = rules_draft.entry_of(kind, TYPED[kind], 0)
    assert rules_draft.shown(kind, entry) == TYPED[kind]


def test_the_text_reads_back_as_the_draft(national) -> None:
    before = draft()
    after = rules_draft.read(before.text)
    assert after.text == rules_draft.read(after.text).text
    assert (after.number, after.made_on, after.note) == (4, "2026-11-21", "Mức ăn mới")
    for kind, values in TYPED.items():
        place = "changes" if kind in {"level", "end", "add", "parameter"} else kind
        found = [
            rules_draft.shown(kind, entry)
            for entry in after.of(place)
            if place != "changes" or rules_draft.kind_of(entry) == kind
        ]
        assert found == [values]


def test_the_rules_take_all_that_forms_can_say(national) -> None:
    amended = law.amend(national, draft().text)
    assert amended.unfit == ()
    assert len(law.compare_amended(national, amended).changes) == len(TYPED)


def test_an_entry_is_told_in_words_or_says_what_does_not_fit(national) -> None:
    made = draft()
    (level, *_rest) = made.of("changes")
    assert "70.000 ₫" in rules_draft.words_of("level", level, made, national)
    wrong = {**level, "from": "2020-01-01"}
    assert "N-a-meal" in rules_draft.words_of("level", wrong, made, national)
    (instrument,) = made.of("instruments")
    assert "09/2026" in rules_draft.words_of("instruments", instrument, made, national)


def test_what_no_form_can_show_is_left_as_it_is() -> None:
    formula = {
        "level": "x",
        "from": "2026-01-01",
        "amount": {"code": "FREE"},
        "cite": [],
        "mark": "T",
    }
    assert rules_draft.shown("level", formula) is None
    noted = {**rules_draft.entry_of("level", TYPED["level"], 0), "note": {"vi": "a", "en": "b"}}
    assert rules_draft.shown("level", noted) is None


def test_a_draft_begins_with_what_is_in_force_under_the_next_number() -> None:
    begun = rules_draft.start(draft().text, 7, "2026-12-01")
    assert (begun.number, begun.made_on, begun.note) == (8, "2026-12-01", "")
    assert len(begun.of("changes")) == 4
    assert rules_draft.start("", 0, "2026-12-01").text.startswith("kind: amendments\nnumber: 1\n")


def test_an_entry_is_changed_or_dropped_in_its_place() -> None:
    made = draft()
    first = made.of("changes")[0]
    changed = made.with_entry("changes", 1, first)
    assert changed.of("changes")[1] == first
    assert len(changed.of("changes")) == 4
    assert len(made.with_entry("changes", 0, None).of("changes")) == 3


@pytest.mark.parametrize("line", ["31/02", "hôm nay", "01/01/2026 khác năm", "1/13"])
def test_a_line_that_is_no_day_of_the_year_is_named(line) -> None:
    with pytest.raises(DayUnread) as caught:
        rules_draft.entry_of("years", {**TYPED["years"], "holidays": f"01/01\n{line}"}, 0)
    assert caught.value.line == line


@pytest.mark.parametrize("line", ["2/9", "02/09/2027", "2-9: Quốc khánh", " 02.09 – Quốc khánh"])
def test_days_are_typed_in_many_ways(line) -> None:
    (day,) = rules_draft.days_of(line, 2027, [])
    assert day["day"] == "2027-09-02"
    assert day.get("label", {}).get("vi", "Quốc khánh") == "Quốc khánh"
