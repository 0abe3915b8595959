"""The days on which something changes for a person, and each sentence that says what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from traffick_desk import i18n
from traffick_desk.law import Facts, evaluate
from traffick_desk.law.changes import cuts, effects, first_day
from traffick_desk.law.pack import Span

DAY = date.fromisoformat
PERSON = {
    "as_of": "2026-11-21",
    "status": [{"status": "in_process", "from": "2026-01-05"}, {"status": "victim", "from": "2026-02-01"}],
    "identified_on": "2026-02-01",
    "citizenship": "VN",
    "location": [{"where": "abroad", "from": "2026-01-02"}, {"where": "in_country", "from": "2026-01-05"}],
    "birth": "2008-05",
    "essential_needs_start": "2026-01-06",
    "stays": [{"from": "2026-01-07", "to": "2026-01-09"}, {"from": "2026-02-02", "facility": "Nhà A"}],
    "accompanies": {
        "status": "victim",
        "identified_on": "2026-03-03",
        "location": [{"where": "abroad", "from": "2026-01-04"}],
    },
    "events": {"old_application_received": "2026-04-04", "death_concluded": "2026-10-10T10:00", "commune_received": "2026-01-03"},
}  # fmt: skip
OLDER = {
    "as_of": "2025-12-31",
    "status": "victim",
    "identified_on": "2024-02-29",
    "citizenship": "VN",
    "birth": "2007-08-09",
    "stays": [{"from": "2024-03-01", "to": "2024-03-05", "facility": "Nhà B"}],
}
PHASES = "the texts do not settle how several phases count."
EXTENSION = "an extension decision is needed for those after."
TOLD = [
    (PERSON, [
        ("2026-01-03", [], [], True),
        ("2026-01-04", ["The person accompanied: The person is abroad."], [], True),
        ("2026-01-05", ["From this day on: person being identified as a victim.", "The person is in the country."], [], True),
        ("2026-01-06", ["Support with essential needs begins."], [], True),
        ("2026-01-07", ["A stay in a facility begins."], [], True),
        ("2026-01-10", ["The stay in a facility ended on 09/01/2026."], [], True),
        ("2026-02-01", ["From this day on: victim."], [], True),
        ("2026-02-02", ["A stay begins: Nhà A."], [], True),
        ("2026-03-03", ["The person accompanied: From this day on: victim."], [], True),
        ("2026-03-07", [], [("L66", f"Counted from 06/01/2026 the time ended on 06/03/2026; {PHASES}")], False),
        ("2026-04-04", ["The application under the law of 2011 was received."], [], True),
        ("2026-04-06", [], [("L66", f"Counted from 06/01/2026 the time ended on 05/04/2026; {PHASES}")], False),
        ("2026-05-01", ["From this day on the person may be 18."], [], True),
        ("2026-05-06", [], [("L53", f"The days from 06/01/2026 to 05/05/2026 are covered; {EXTENSION}")], False),
        ("2026-05-31", ["The person is certainly 18."], [], True),
        ("2026-10-01", [], [("L53", "Circular 120/2026/TT-BTC takes effect.")], False),
        ("2026-10-10", ["The death was established."], [], True),
    ]),
    (OLDER, [
        ("2024-02-29", ["From this day on: victim."], [], True),
        ("2024-03-01", ["A stay begins: Nhà B."], [], True),
        ("2024-03-06", ["The stay ended on 05/03/2024: Nhà B."], [], True),
        ("2024-04-30", [], [("L66", "The time from 01/03/2024 ended on 29/04/2024.")], False),
        ("2024-06-01", [], [("L66", "The time from 01/03/2024 ended on 31/05/2024.")], False),
        ("2024-06-29", [], [("L53", f"The days from 01/03/2024 to 28/06/2024 are covered; {EXTENSION}")], False),
        ("2025-02-28", [], [("L53", "Given for this many school years: 2. Which these are, and when they end, is not settled.")], False),
        ("2025-03-01", [], [("L66", "The time to apply under the law of 2011 ended on 28/02/2025.")], False),
        ("2025-07-01", [], [], False),
        ("2025-08-09", ["The person turns 18."], [], True),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("obj", "told"), TOLD)
def test_every_day_on_which_something_changes_and_why(pack, obj, told) -> None:
    facts = Facts.from_json(obj)
    found = cuts(facts, first_day(facts), pack)
    assert [
        (
            cut.day.isoformat(),
            [str(words) for words in cut.causes],
            [(law, str(words)) for law, words in cut.rules],
            cut.own,
        )
        for cut in found
    ] == told
    # The words are those of the reader, whenever they are read.
    i18n.set_language("vi")
    for cut in found:
        for words in [*cut.causes, *(words for _law, words in cut.rules)]:
            assert str(words) != words.template


def test_a_cut_is_no_earlier_than_the_first_day_and_no_later_than_the_day_itself(pack) -> None:
    facts = Facts.from_json(PERSON)
    days = [cut.day for cut in cuts(facts, first_day(facts), pack)]
    later = DAY("2026-01-06")
    assert [cut.day for cut in cuts(facts, later, pack)] == [day for day in days if day >= later]
    until = replace(facts, as_of=DAY("2026-10-10"))
    assert [cut.day for cut in cuts(until, first_day(facts), pack)] == days
    until = replace(facts, as_of=DAY("2026-10-09"))
    assert [cut.day for cut in cuts(until, first_day(facts), pack)][-1] == DAY("2026-10-01")


def test_an_open_stay_has_not_ended_on_the_day_itself(pack) -> None:
    facts = Facts.from_json({**PERSON, "as_of": "2026-02-10"})
    told = [str(words) for cut in cuts(facts, first_day(facts), pack) for words in cut.causes]
    assert not [words for words in told if "Nhà A" in words and "ended" in words]


def test_a_level_that_begins_and_ends_cuts_twice(pack) -> None:
    """Levels of the law and values of their parameters; reference amounts are never due."""
    facts = Facts.from_json(PERSON)
    span = Span(DAY("2026-06-10"), DAY("2026-06-19"))
    edges = {DAY("2026-06-10"), DAY("2026-06-20")}

    def days(changed: str) -> set[date]:
        levels = tuple(replace(x, valid=span) if x.id == changed else x for x in pack.levels)
        return {cut.day for cut in cuts(facts, first_day(facts), replace(pack, levels=levels))}

    assert days("N-c") & edges == edges
    reference = next(level.id for level in pack.levels if level.regime == "SA")
    assert days(reference) & edges == set()
    forever = Span(DAY("2026-06-10"), date.max)
    levels = tuple(replace(x, valid=forever) if x.id == "N-c" else x for x in pack.levels)
    assert DAY("2026-06-10") in {
        cut.day for cut in cuts(facts, first_day(facts), replace(pack, levels=levels))
    }


@pytest.mark.parametrize(
    ("obj", "day"),
    [
        ({}, "2026-11-21"),
        ({"location": [{"where": "abroad", "from": "2026-05-01"}]}, "2026-05-01"),
        ({"location": [{"where": "abroad", "from": "2026-05-01"}], "events": {"x": "2026-06-01"}}, "2026-06-01"),
        ({"events": {"x": "2026-06-01T23:59"}, "essential_needs_start": "2026-06-02"}, "2026-06-01"),
        ({"events": {"x": "2026-11-22"}, "essential_needs_start": "2026-11-21"}, "2026-11-21"),
        ({"stays": [{"from": "2026-07-02"}, {"from": "2026-07-01"}]}, "2026-07-01"),
        ({"accompanies": {"status": "victim", "identified_on": "2026-04-01"}, "stays": [{"from": "2026-07-02"}]}, "2026-04-01"),
        ({"accompanies": {"location": [{"where": "abroad", "from": "2026-04-02"}]}}, "2026-04-02"),
        ({"status": [{"status": "in_process", "from": "2026-03-01"}]}, "2026-03-01"),
        ({"status": [{"status": "in_process", "from": "2026-11-22"}]}, "2026-11-21"),
    ],
)  # fmt: skip
def test_the_first_day(obj, day) -> None:
    assert first_day(Facts.from_json({"as_of": "2026-11-21", **obj})) == DAY(day)


def told(pack, before: dict[str, object], after: dict[str, object], *, due: str = "") -> list[str]:
    """The effects between the answers to two sets of facts, of the regimes *due* (all without)."""
    answers = []
    for obj in (before, after):
        found = evaluate(Facts.from_json({"as_of": "2026-11-21", **obj}), pack)
        listed = [o for o in found.outcomes if not due or o.regime.letter in due]
        answers.append((found, tuple(o for o in listed if o.result != "not_granted")))
    return [str(words) for words in effects(*answers)]


VICTIM = {"status": "victim", "identified_on": "2026-03-02", "citizenship": "VN"}


def test_what_becomes_due_and_what_is_due_no_longer(pack) -> None:
    foreign = {**VICTIM, "citizenship": "KH", "trafficked_in": "VN"}
    more = told(pack, foreign, {**VICTIM, "location": "in_country", "trafficked_in": "VN"})
    fewer = told(pack, {**VICTIM, "location": "in_country", "trafficked_in": "VN"}, foreign)
    labels = pack.matrices["L53"].regimes
    assert [words for words in more if words.startswith("Now due: ")]
    for letter in "ik":
        assert any(w.startswith(f"Now due: {labels[letter].label} (") for w in more), letter
        assert f"No longer due: {labels[letter].label}." in fewer
    assert told(pack, VICTIM, VICTIM) == []


def test_another_law_is_told_first(pack) -> None:
    found = told(pack, {**VICTIM, "identified_on": "2025-06-30"}, VICTIM, due="a")
    assert found[0] == (
        "Identified as a victim on 02/03/2026, not before 01/07/2025: Law 53/2024/QH15 governs."
    )
    assert any(words.startswith("Now due: ") for words in found[1:])
    assert any(words.startswith("No longer due: ") for words in found[1:])


@pytest.mark.parametrize(
    ("less", "more", "words"),
    [
        ({"stays": []}, {"stays": [{"from": "2026-11-01"}]}, [
            "Temporary accommodation: {} → granted.",
            "Examination and treatment while in a facility: {} → granted.",
        ]),
        ({"health_insurance": "yes"}, {"health_insurance": "no"}, [
            "Health-insurance premium of the first year: {} → granted.",
        ]),
    ],
)  # fmt: skip
def test_a_line_that_changes_by_itself(pack, less, more, words) -> None:
    less, more = {**VICTIM, **less}, {**VICTIM, **more}
    assert told(pack, less, more) == [line.format("not granted") for line in words]
    back = [line.replace("{} → granted", "granted → not granted") for line in words]
    assert told(pack, more, less) == back
    assert told(pack, VICTIM, more) == [line.format("needs review") for line in words]
