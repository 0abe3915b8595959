"""The nine worked persons of the law reference, entered as cases, give what it says."""

from __future__ import annotations

from datetime import date

import pytest

from services.conftest import Make, take_in
from traffick_desk.law import Assessment
from traffick_desk.services.base import Desk
from traffick_desk.services.queries import Clocks, Entitlements, OpenCase

Y, C, N, R = "granted", "case_dependent", "not_granted", "needs_review"
REGIMES = "abcdđeghik"

# Person → (law, outcome of each of the regimes of that law)
EXPECTED = {
    "E1": ("L53", [C, C, C, C, C, N, C, N, N, N]),
    "E2": ("L53", [Y, Y, Y, Y, Y, Y, Y, N, Y, Y]),
    "E3": ("L53", [Y] * 10),
    "E4": ("L53", [Y, Y, Y, Y, N, N, N, N, N, N]),
    "E5": ("L53", [Y, Y, Y, Y, Y, Y, Y, N, N, N]),
    "E6": ("L53", [Y, Y, Y, Y, Y, Y, Y, N, Y, Y]),
    "E9": ("L53", [N] * 10),
}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory):
    from services import conftest
    from traffick_desk.services import vaults
    from traffick_desk.vault.kdf import FLOOR

    new = vaults.NewVault("commune", conftest.COMMUNE, "Nguyễn Thị Hương", "huong",
                          conftest.PASSWORD, kdf=FLOOR)  # fmt: skip
    path = tmp_path_factory.mktemp("people") / "v"
    desk = vaults.create(path, new, now=lambda: conftest.NOW).desk
    yield desk, take_in(desk)
    desk.close()


def _assess(people: tuple[Desk, dict], who: str, minor: bool = False) -> Assessment:
    desk, ids = people
    case_id, person_id = ids[who]
    if minor:
        case = desk.ask(OpenCase(case_id))
        person_id = next(p.id for p in case.persons if p.get("role") == "accompanying")
    return desk.ask(Entitlements(case_id, person_id, date(2026, 11, 21)))


@pytest.mark.parametrize("who", EXPECTED)
def test_each_regime_comes_out_as_the_reference_says(people, who: str) -> None:
    found = _assess(people, who)
    law, outcomes = EXPECTED[who]
    assert found.law.law == law
    assert [str(found.outcome(letter).result) for letter in REGIMES] == outcomes


def test_the_child_of_sokha_gets_needs_and_advice_with_a_flag_and_the_rest_reviewed(people) -> None:
    found = _assess(people, "E1", minor=True)
    results = {letter: str(found.outcome(letter).result) for letter in REGIMES}
    assert [r.id for r in found.rows] == ["R10"]
    assert results["a"] == Y
    assert results["d"] == Y
    assert {results[x] for x in "bcđg"} == {R}
    assert {results[x] for x in "ehik"} == {N}


@pytest.mark.parametrize(("who", "row", "granted"), [("E4", "R5", "abcd"), ("E5", "R7", "abcdđeg")])
def test_accompanying_children_follow_the_person(people, who: str, row: str, granted: str) -> None:
    found = _assess(people, who, minor=True)
    assert [r.id for r in found.rows] == [row]
    assert "".join(x for x in REGIMES if str(found.outcome(x).result) == Y) == granted


def test_the_old_law_and_the_levels_of_ha_giang_give_six_million_three(people) -> None:
    found = _assess(people, "E7")
    assert found.law.law == "L66"
    assert found.known_total.amount == 6_300_000
    assert {line.amount for o in found.outcomes for line in o.lines if line.amount} == {
        60_000, 500_000, 200_000, 100_000, 3_000_000,
    }  # fmt: skip


def test_who_applies_after_twelve_months_is_late(people) -> None:
    found = _assess(people, "E8")
    assert found.law.law == "L66"
    assert str(found.outcome("e").result) == N
    assert found.known_total.amount == 100_000


def test_days_beyond_one_hundred_and_twenty_need_a_decision(people) -> None:
    found = _assess(people, "E3")
    usage = found.outcome("a").usage
    assert usage is not None
    assert (usage.used, usage.over) == (130, 10)


def test_a_loan_for_a_stateless_person_needs_review_and_the_allowance_does_not(people) -> None:
    lines = {line.level.id: str(line.result) for line in _assess(people, "E6").outcome("k").lines}
    assert lines["N-k-allow"] == Y
    assert lines["N-k-loan"] == R


def test_no_amount_of_the_new_law_is_ever_a_number(people) -> None:
    for who in ("E1", "E2", "E3", "E4", "E5", "E6"):
        found = _assess(people, who)
        assert all(line.amount is None for o in found.outcomes for line in o.lines)
        assert found.known_total.at_least


def test_the_health_department_was_not_told_about_the_woman_of_last_night(people) -> None:
    desk, ids = people
    clocks = {c.rule.id: c for _p, c in desk.ask(Clocks(ids["E5"][0]))}
    assert str(clocks["CLK-02"].state) == "overdue"
    assert str(clocks["CLK-04"].state) == "not_started"
    assert clocks["CLK-07"].due_at == date(2027, 3, 19)


def test_lang_son_received_twelve_two_of_them_children(make: Make) -> None:
    desk = make()
    ids = take_in(desk, *(f"LS{i}" for i in range(1, 13)))
    cases = [desk.ask(OpenCase(case_id)) for case_id, _person in ids.values()]
    assert len(cases) == 12
    main = [c.persons[0] for c in cases]
    minors = [p for p in main if p.get("birth", "")[:4] in ("2000", "2003")]
    assert len(minors) == 2
    foreign = [c for c in cases if c.persons[0].get("citizenship") == "KH"]
    assert len(foreign) == 1
    assert len(foreign[0].persons) == 2


def test_the_law_is_asked_with_every_field_it_reads(people) -> None:
    """The few fields that are fetched give the same facts as all fields of all records."""
    from traffick_desk.services import assess, reading
    from traffick_desk.services.law_facts import facts_json

    desk, ids = people
    with desk.context.store.read() as cursor:
        for case_id, _person in ids.values():
            case = reading.open_case(desk.context, cursor, case_id)
            whole = {
                name: [(r.id, r.values) for r in records if r.voided is None]
                for name, records in case.records.items()
            }
            few = assess._records(cursor, desk.context.store.registry, [case_id])[case_id]
            for person in case.persons:
                day = date(2026, 11, 21)
                assert facts_json(few, person.id, day) == facts_json(whole, person.id, day)
