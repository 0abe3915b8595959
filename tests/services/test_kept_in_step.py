"""Deadlines, list and search are made anew only where a change touches them: never too seldom."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from services.conftest import take_in
from traffick_desk.services import law_facts
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import SaveRecords
from traffick_desk.store import search
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit

# A field of the same name that is read of another record type only.
ELSEWHERE = {"reception": {"place"}, "facility": {"kind", "status"}}
WORDS = ("lua", "lụa", "hoa", "td", "sok", "0912", "na pan", "hữu nghị", "moi", "lan hai")


def shown(desk: Desk) -> dict[str, object]:
    """What follows from the records."""
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT * FROM case_row ORDER BY case_id")
        found: dict[str, object] = {"list": cursor.fetchall()}
        cursor.execute("SELECT * FROM deadline ORDER BY 1, 2, 3")
        found["deadlines"] = cursor.fetchall()
        found["search"] = {w: sorted(search.find(cursor, w, 1_000)) for w in WORDS}
    return found


def edits(desk: Desk, chance: random.Random) -> Callable[[], Edit]:
    """Edits of every kind: texts that are searched or not, dates, voiding, moving, new records."""
    with desk.context.store.read() as cursor:
        ids: dict[str, list[tuple[str, str]]] = {}
        for name in ("person", "reception", "address", "status", "step", "consent"):
            cursor.execute(f'SELECT id, "case" FROM r_{name} ORDER BY id')
            ids[name] = cursor.fetchall()
        cursor.execute("SELECT id FROM r_case ORDER BY id")
        cases = [row[0] for row in cursor.fetchall()]
    ties: list[str] = []

    def tied() -> Edit:
        """Somebody comes along with somebody else: the deadlines of one follow from two cases."""
        said = {"accompanies": chance.choice(("yes", "no")), "toward": chance.choice([*ties, None])}
        if ties and chance.random() < 0.5:
            voided = {VOID: chance.choice((None, "nhầm"))}
            return Edit("group_member", chance.choice(ties), chance.choice((said, voided)))
        ties.append(new_id())
        of_case = {"case": chance.choice(cases), "code": "NH2345678"}
        return Edit("group_member", ties[-1], {**of_case, **said})

    def one() -> Edit:
        kind = chance.randrange(12)
        if kind > 9:
            return tied()
        name = chance.choice([n for n in ids if ids[n]])
        record, case = chance.choice(ids[name])
        if kind == 0:
            return Edit(name, record, {VOID: chance.choice((None, "nhập nhầm"))})
        if kind == 1:
            return Edit(name, record, {"case": chance.choice(cases)})
        if kind == 2:
            values = {"file_no": f"TD-{chance.randrange(99)}", "stage": "support"}
            return Edit("case", chance.choice(cases), values)
        if kind == 3:
            return Edit("case", chance.choice(cases), {VOID: chance.choice((None, "trùng"))})
        if kind == 4:
            person, case = chance.choice(ids["person"])
            values = {"phone": chance.choice((None, "0912345678")), "note": "x"}
            return Edit("person", person, values)
        if kind == 5:
            day = f"2026-10-{chance.randrange(1, 29):02d}"
            found = {"case": case, "kind": "health_notified", "at": f"{day}T08:00+07:00"}
            return Edit("step", new_id(), found)
        if kind == 6 and ids["address"]:
            record, _case = chance.choice(ids["address"])
            return Edit("address", record, {"line": chance.choice(("Nà Pàn", "Mới", None))})
        if kind == 7:
            record, _case = chance.choice(ids["reception"])
            return Edit("reception", record, {"condition": "đã khám", "place": "Hữu Nghị"})
        if kind == 8:
            return Edit("note", new_id(), {"case": case, "at": "2026-10-01T08:00+07:00"})
        person, _case = chance.choice(ids["person"])
        return Edit("person", person, {"name": chance.choice(("Lụa", "Sok Lan", "Hoà"))})

    return one


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_edits_everything_is_as_a_rebuild_makes_it(desk, seed):
    take_in(desk, *(f"LS{n}" for n in range(1, 8)))
    chance = random.Random(seed)
    edit = edits(desk, chance)
    for _round in range(4):
        for _turn in range(12):
            with desk.context.store.work() as work:
                for one in [edit() for _ in range(chance.randrange(1, 4))]:
                    case = work.journal.state(one.type, one.id).values.get("case")
                    work.journal.write(one, desk.info.officer_id, case)
        before = shown(desk)
        desk.context.store.rebuild()
        assert shown(desk) == before


def test_what_neither_list_nor_search_shows_leaves_them_alone(desk):
    ((case, person),) = take_in(desk, "LS1").values()
    with desk.context.store.work() as work:
        edit = Edit("person", person, {"note": "đã gọi điện"})
        work.journal.write(edit, desk.info.officer_id, case)
        stale = work.journal.stale
        assert stale.changed == {case: {"person": {"note"}}}
        assert (stale.searched, stale.rivals) == (set(), set())
        work.journal.write(Edit("person", person, {"phone": "0912"}), desk.info.officer_id, case)
        assert stale.searched == {case}
    before = shown(desk)
    desk.do(SaveRecords((Edit("person", person, {"note": "đã gặp"}),)))
    assert shown(desk) == before


def test_every_field_that_the_law_may_ask_is_fetched_and_watched(desk):
    """What ``law_facts`` names and a record has must be in the list, or it would read nothing."""
    source = ast.parse(Path(law_facts.__file__).read_text("utf-8"))
    named = {n.value for n in ast.walk(source) if isinstance(n, ast.Constant)}
    for record_type in desk.context.store.registry:
        if record_type.name not in named:
            continue
        fields = {f.name for f in record_type.fields} & named
        missing = fields - law_facts.NEEDED.get(record_type.name, frozenset()) - {"case", "person"}
        assert missing <= ELSEWHERE.get(record_type.name, set()), record_type.name
