"""Filters, orders and groups of the list say the same as going through every case by hand."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from services.conftest import COMMUNE, NOW, PASSWORD
from traffick_desk.domain.text import name_sort_key, sort_key
from traffick_desk.domain.values import PartialDate
from traffick_desk.services import vaults
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.case_filter import DUE, GROUPS, ORDERS, RECEIVED, CaseFilter
from traffick_desk.services.case_lists import (
    DropList,
    GroupedCases,
    KeepColumns,
    Lines,
    ListSettings,
    OfficersOfCases,
    SavedList,
    SaveList,
    group_name,
)
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.queries import CountCases, ListCases, SearchCases
from traffick_desk.store.journal import Edit
from traffick_desk.vault.kdf import FLOOR

OFFICERS = ("", "Đặng Văn An", "Nguyễn Thị Hương", "Ấu Dương", "Dương Ân")
TODAY = "2026-11-21"
BIRTHS = ("", "2008", "2008~", "2009-11", "2008-11", "2008-11-21", "2008-11-22", "2007~", "2007",
          "1990-01-01")  # fmt: skip


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    new = vaults.NewVault("commune", COMMUNE, "Nguyễn Thị Hương", "huong", PASSWORD, kdf=FLOOR)
    desk = vaults.create(tmp_path_factory.mktemp("many") / "vault", new, now=lambda: NOW).desk
    _fill(desk)
    yield desk
    desk.close()


def _fill(desk: Desk) -> None:
    chance = random.Random(5)
    with desk.context.store.work() as work:
        for number in range(260):
            case, person = new_id(), new_id()
            opened = f"202{chance.randrange(4, 7)}-{chance.randrange(1, 12):02d}-15"
            frame = {
                "file_no": f"TD-{number:04d}/2026",
                "unit": COMMUNE if chance.random() < 0.7 else "2025/05977",
                "opened_on": opened,
                "stage": chance.choice(("reception", "support", "closed", "tip")),
                "officer": chance.choice(OFFICERS) or None,
                "return_form": chance.choice(("rescued", "handed_over")),
            }
            who = {
                "case": case,
                "role": "main",
                "name": chance.choice(("Đặng Thị An", "Dương Ân", "Vàng Ánh", "Lò Ấu")),
                "birth": chance.choice(BIRTHS) or None,
            }
            status = {"case": case, "person": person, "status": "victim", "since": opened}
            for edit in (Edit("case", case, frame), Edit("person", person, who)):
                work.journal.write(edit, "o", case)
            if chance.random() < 0.4:
                work.journal.write(Edit("status", new_id(), status), "o", case)
            if chance.random() < 0.6:
                due = f"2026-{chance.choice(('11-20', '11-21', '11-28', '11-29', '12-24'))}"
                task = {"case": case, "what": "Gọi", "due": due}
                work.journal.write(Edit("task", new_id(), task), "o", case)


def every(desk: Desk, wanted: CaseFilter | None = None, order: str = "name"):
    return desk.ask(ListCases(wanted or CaseFilter(), order, limit=1_000))


def minor(row) -> bool:
    if not row.birth:
        return False
    born = PartialDate.parse(row.birth)
    today = NOW.date()
    if born.estimated:
        born = PartialDate(born.year + 1, born.month, born.day) if not born.month else born
    youngest, _oldest = born.ages_on(today)
    return youngest < 18


CHECKS = {
    "officer": lambda r: r.officer == OFFICERS[1],
    "nobody": lambda r: not r.officer,
    "unit": lambda r: r.unit == COMMUNE,
    "stage": lambda r: r.stage == "support",
    "status": lambda r: r.status == "victim",
    "return_form": lambda r: r.return_form == "rescued",
    "minor": minor,
    "since": lambda r: r.opened_on >= "2025-03-15",
    "until": lambda r: r.opened_on <= "2025-03-15",
}
VALUES = {
    "officer": OFFICERS[1], "nobody": True, "unit": COMMUNE, "stage": "support",
    "status": "victim", "return_form": "rescued", "minor": True, "since": "2025-03-15",
    "until": "2025-03-15",
}  # fmt: skip


@pytest.mark.parametrize("name", CHECKS)
def test_each_filter_lets_through_exactly_what_it_names(many, name):
    rows = every(many)
    wanted = CaseFilter(**{name: VALUES[name]})
    found = every(many, wanted)
    assert [r.case_id for r in found] == [r.case_id for r in rows if CHECKS[name](r)]
    assert 0 < len(found) < len(rows)
    assert many.ask(CountCases(wanted)) == len(found)


def test_filters_add_to_each_other_and_to_what_is_typed(many):
    wanted = CaseFilter(officer=OFFICERS[1], return_form="rescued", text="duong")
    found = {r.case_id for r in every(many, wanted)}
    by_hand = {
        r.case_id
        for r in every(many)
        if r.officer == OFFICERS[1] and r.return_form == "rescued" and r.name == "Dương Ân"
    }
    assert found == by_hand
    hits = many.ask(SearchCases("duong", 500, wanted))
    assert {h.row.case_id for h in hits} == by_hand


def test_deadlines_are_late_soon_or_none(many):
    rows = every(many)
    late = {r.case_id for r in rows if r.due and r.due[:10] < TODAY}
    week = {r.case_id for r in rows if r.due and r.due[:10] <= "2026-11-28"}
    none = {r.case_id for r in rows if not r.due}
    for code, by_hand in zip(DUE, (late, week, none), strict=True):
        assert {r.case_id for r in every(many, CaseFilter(due=code))} == by_hand
    assert late
    assert late < week


def test_times_that_move_with_the_day(many):
    spans = {
        "month": ("2026-11-01", "2026-11-21"), "last_month": ("2026-10-01", "2026-10-31"),
        "year": ("2026-01-01", "2026-11-21"), "last_year": ("2025-01-01", "2025-12-31"),
    }  # fmt: skip
    for code in RECEIVED:
        first, last = spans[code]
        by_hand = {r.case_id for r in every(many) if first <= r.opened_on <= last}
        assert {r.case_id for r in every(many, CaseFilter(received=code))} == by_hand


def test_officers_and_names_stand_in_the_order_of_the_alphabet(many):
    assert many.ask(OfficersOfCases()) == ("Ấu Dương", "Dương Ân", "Đặng Văn An",
                                           "Nguyễn Thị Hương")  # fmt: skip
    rows = every(many, order="officer")
    assert [sort_key(r.officer) for r in rows] == sorted(sort_key(r.officer) for r in rows)
    rows = every(many, order="-name")
    keys = [name_sort_key(r.name) for r in rows]
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize("order", [*ORDERS, *(f"-{o}" for o in ORDERS)])
def test_every_order_has_an_index_and_needs_no_sorting(many, order):
    from traffick_desk.services.case_filter import order_sql

    with many.context.store.read() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN SELECT case_id FROM case_row "
            f"WHERE stage NOT IN ('tip', 'tip_settled') ORDER BY {order_sql(order)} LIMIT 100"
        )
        plan = " ".join(row[-1] for row in cursor.fetchall())
    assert "TEMP B-TREE" not in plan
    assert "COVERING INDEX" in plan


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("order", ["name", "-due"])
def test_groups_hold_every_case_once_in_order(many, by, order):
    wanted = CaseFilter(return_form="rescued")
    rows = every(many, wanted, order)
    groups = many.ask(GroupedCases(by, wanted, order))
    shown = {g.key: [r.case_id for r in many.ask(Lines(tuple(g.lines)))] for g in groups}
    place = {r.case_id: n for n, r in enumerate(rows)}
    assert sorted(c for cases in shown.values() for c in cases) == sorted(place)
    for cases in shown.values():
        assert cases == sorted(cases, key=place.__getitem__)
    key = {"stage": lambda r: r.stage, "officer": lambda r: r.officer, "unit": lambda r: r.unit,
           "month": lambda r: r.opened_on[:7]}.get(by)  # fmt: skip
    if key is not None:
        assert {k: len(v) for k, v in shown.items()} == Counter(map(key, rows))
    for group in groups:
        assert group_name(by, group.key, many.context)


def test_groups_stand_in_an_order_that_makes_sense(many):
    keys = {by: [g.key for g in many.ask(GroupedCases(by))] for by in GROUPS}
    assert keys["stage"] == ["reception", "support", "closed"]
    assert keys["officer"] == ["Ấu Dương", "Dương Ân", "Đặng Văn An", "Nguyễn Thị Hương", ""]
    assert keys["month"] == sorted(keys["month"], reverse=True)
    assert keys["due"] == [k for k in ("late", "week", "later", "none") if k in keys["due"]]


def test_a_line_that_is_gone_leaves_its_place_empty(many):
    (first, *_more) = many.ask(GroupedCases("stage"))
    found = many.ask(Lines((first.lines[0], 999_999)))
    assert found[0] is not None
    assert found[1] is None


# -- saved lists and columns -----------------------------------------------------------------


def test_a_list_is_saved_replaced_and_deleted_by_its_name(desk):
    mine = SavedList("Của tôi", CaseFilter(officer="Hương", minor=True), "-due", "stage")
    desk.do(SaveList(mine))
    desk.do(SaveList(SavedList("Trễ hạn", CaseFilter(due="late"))))
    desk.do(SaveList(SavedList("của tôi", CaseFilter(), "birth")))
    assert [s.name for s in desk.ask(ListSettings()).lists] == ["của tôi", "Trễ hạn"]
    assert desk.do(DropList("của tôi")).order == "birth"
    with pytest.raises(NotHere):
        desk.do(DropList("của tôi"))
    desk.do(SaveList(mine))
    assert desk.ask(ListSettings()).lists[1] == mine


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_cannot_be_is_refused(desk, name):
    with pytest.raises(InvalidValues):
        desk.do(SaveList(SavedList(name)))
    assert desk.ask(ListSettings()).lists == ()


def test_another_officer_has_her_own_lists_and_columns(desk):
    desk.do(SaveList(SavedList("Của tôi")))
    desk.do(KeepColumns({"hidden": ["stage"]}))
    desk.context.info = replace(desk.info, officer_id="another")
    assert desk.ask(ListSettings()).lists == ()
    assert desk.ask(ListSettings()).columns == {}


def test_what_is_saved_by_another_version_does_no_harm(desk):
    kept = [{"name": "Lạ", "filter": {"stage": 5, "new": True, "minor": True}, "order": "?"}]
    with desk.context.store.work() as work:
        key = f"list:saved:{desk.info.officer_id}"
        work.cursor.execute("INSERT INTO meta VALUES (?, ?)", (key, json.dumps(kept)))
    (found,) = desk.ask(ListSettings()).lists
    assert found == SavedList("Lạ", CaseFilter(minor=True))
