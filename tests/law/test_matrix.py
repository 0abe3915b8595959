"""The tables in the pack against tables written down a second time, cell by cell."""

from __future__ import annotations

from datetime import date

import pytest

from traffick_desk.law import Facts, evaluate

LETTERS = list("abcdđeghik")
TABLE = """
R1   Y Y Y Y Y Y Y Y Y Y
R2   Y Y Y Y Y Y Y Y Y Y
R3   Y Y Y Y Y Y Y Y - -
R4   Y Y Y Y - - - - - -
R5   Y Y Y Y - - - - - -
R6   Y Y Y Y Y Y Y - - -
R7   Y Y Y Y Y Y Y - - -
R8   C C C C C - C - - -
R9   C C C C C - C - - -
R10  ? ? ? ? ? - ? - - -
R11  ? ? ? ? - - - - - -
R12  ? ? ? ? ? - ? - - -
R13  ? - - - - - - - - -
"""
OLD_TABLE = """
O1   C C C C C C
O2   C C C C - -
O3   C C C - - -
O4   C - - - - -
"""
CELLS = [
    (row.split()[0], letter, code)
    for row in (TABLE + OLD_TABLE).strip().splitlines()
    if row
    for letter, code in zip(LETTERS, row.split()[1:], strict=False)
]

PEOPLE = {
    "R1": {"status": "victim", "citizenship": "VN"},
    "R2": {"status": "victim", "citizenship": "stateless", "permanent_resident": True},
    "R4": {"status": "in_process", "citizenship": "VN", "location": "abroad"},
    "R6": {"status": "in_process", "citizenship": "VN", "location": "in_country"},
    "R8": {"status": "victim", "citizenship": "KH", "trafficked_in": "VN"},
    "R9": {"status": "in_process", "citizenship": "KH", "trafficked_in": "VN"},
    "R11": {
        "status": "in_process",
        "citizenship": "stateless",
        "permanent_resident": True,
        "location": "abroad",
    },
    "R12": {
        "status": "victim",
        "citizenship": "stateless",
        "permanent_resident": False,
        "trafficked_in": "VN",
    },
    "R13": {"status": "victim", "citizenship": "LA", "trafficked_in": "elsewhere"},
    "O1": {"status": "victim", "citizenship": "VN"},
    "O2": {"status": "victim", "citizenship": "LA", "trafficked_in": "VN"},
    "O4": {"status": "in_process"},
}
ACCOMPANIED = {"R3": "R1", "R5": "R4", "R7": "R6", "R10": "R8", "O3": "O1"}


def test_the_second_table_is_complete() -> None:
    assert len(CELLS) == 13 * 10 + 4 * 6


@pytest.mark.parametrize(("row", "letter", "code"), CELLS)
def test_cell(pack, row: str, letter: str, code: str) -> None:
    assert pack.matrices["L66" if row[0] == "O" else "L53"].rows[row].cells[letter].code == code


@pytest.mark.parametrize("row", [*PEOPLE, *ACCOMPANIED])
def test_the_evaluator_finds_the_row_and_answers_by_it(pack, row: str) -> None:
    old = row[0] == "O"
    as_of = "2025-06-01" if old else "2026-11-21"

    def person(name: str) -> dict[str, object]:
        facts = dict(PEOPLE[name])
        if facts["status"] == "victim":
            facts["identified_on"] = "2025-05-01" if old else "2026-03-02"
        return facts

    obj: dict[str, object] = {
        "as_of": as_of,
        "birth": "2015-01-01",
        "poor_household": True,
        "stays": [{"from": "2026-03-02"}],
    }
    if row in ACCOMPANIED:
        obj["accompanies"] = person(ACCOMPANIED[row])
    else:
        obj.update(person(row))
    found = evaluate(Facts.from_json(obj), pack)
    assert [r.id for r in found.rows] == [row]
    wanted = {
        letter: {"Y": "granted", "C": "case_dependent", "-": "not_granted", "?": "needs_review"}[c]
        for name, letter, c in CELLS
        if name == row
    }
    if row == "R10":  # Decree 162 Art. 17 and Law 53 Art. 41(1) name them without nationality
        wanted |= {"a": "granted", "d": "granted"}
    assert {o.regime.letter: str(o.result) for o in found.outcomes} == wanted


def test_regime_labels_are_those_of_the_law(pack) -> None:
    labels = {k: r.label.vi for k, r in pack.matrices["L53"].regimes.items()}
    assert labels == {
        "a": "Hỗ trợ nhu cầu thiết yếu",
        "b": "Hỗ trợ y tế",
        "c": "Hỗ trợ phiên dịch",
        "d": "Hỗ trợ pháp luật",
        "đ": "Trợ giúp pháp lý",
        "e": "Hỗ trợ chi phí đi lại",
        "g": "Hỗ trợ tâm lý",
        "h": "Hỗ trợ học văn hóa",
        "i": "Hỗ trợ học nghề, tư vấn, tạo điều kiện để có việc làm",
        "k": "Trợ cấp khó khăn ban đầu, hỗ trợ vay vốn",
    }


def test_every_level_of_the_law_in_force_is_there(pack) -> None:
    assert {level.id for level in pack.levels if level.law == "L53"} == {
        "N-a-meal",
        "N-a-items",
        "N-a-room",
        "N-b-check",
        "N-b-er",
        "N-b-stay",
        "N-b-bhyt",
        "N-c",
        "N-d",
        "N-đ",
        "N-e-fare",
        "N-e-meal",
        "N-g",
        "N-h-fee",
        "N-h-books",
        "N-i",
        "N-i-job",
        "N-k-allow",
        "N-k-loan",
        "SA-fac<4",
        "SA-fac≥4",
        "SA-burial",
        "SA-foster",
        "SA-trans",
    }


def test_all_amounts_in_dong_are_the_known_ones(pack) -> None:
    """An amount that appears here and not in the sources would be invented."""
    assert {level.id: level.amount.vnd for level in pack.levels if level.amount.vnd} == {
        "O-road": 70_000,
        "O-medicine-2013": 50_000,
        "O-HG-meal": 60_000,
        "O-HG-items": 500_000,
        "O-HG-med": 200_000,
        "O-HG-road": 100_000,
        "O-HG-allow": 3_000_000,
        "O-HG-guard": 200_000,
        "O-KH-road": 100_000,
        "O-KH-allow": 2_000_000,
        "O-KH-guard": 200_000,
        "O-BD-road": 100_000,
        "O-BD-allow": 2_000_000,
    }


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("sa-standard", date(2021, 6, 30), None),
        ("sa-standard", date(2021, 7, 1), 360_000),
        ("sa-standard", date(2024, 6, 30), 360_000),
        ("sa-standard", date(2024, 7, 1), 500_000),
        ("base-salary", date(2024, 6, 30), None),
        ("base-salary", date(2026, 6, 30), 2_340_000),
        ("base-salary", date(2026, 7, 1), 2_530_000),
        ("foster-meal", date(2021, 7, 1), 60_000),
    ],
)
def test_parameter_before_on_and_after(pack, name: str, day: date, value: int | None) -> None:
    found = pack.parameters[name].on(day)
    assert (found and found.vnd) == value


def test_every_clock_and_question_is_there(pack) -> None:
    base = {name[:6] for name in pack.clocks}
    assert base == {f"CLK-{n:02}" for n in range(1, 21)} | {f"OLD-0{n}" for n in range(1, 6)}
    assert list(pack.questions) == [f"Q{n:02}" for n in range(1, 22)]


def test_no_rule_uses_the_base_salary(pack) -> None:
    assert "base-salary" not in {level.amount.parameter for level in pack.levels}


def test_no_public_holiday_is_invented(pack) -> None:
    assert pack.calendar.holidays == frozenset()
    assert pack.calendar.complete == frozenset()
