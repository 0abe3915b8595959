"""Restricted cases: who is not named learns that there is a case, and nothing else of it."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import traffick_desk.services
from traffick_desk import i18n
from traffick_desk.services import officers, unsent, vaults
from traffick_desk.services.base import Command, Context, Desk, Query, new_id
from traffick_desk.services.case_filter import ORDERS, CaseFilter, places_sql
from traffick_desk.services.commands import NewCase, RecordStep, SaveDraft, SaveRecords, VoidRecord
from traffick_desk.services.errors import InvalidValues, NotAllowed
from traffick_desk.services.handover import OfficersInCharge
from traffick_desk.services.need_to_know import (
    AccessOf,
    BreakGlass,
    LiftRestriction,
    RestrictCase,
    SeenGlass,
    SomeHidden,
)
from traffick_desk.services.papers import IssuePaper
from traffick_desk.services.queries import CountCases, ListCases, OpenCase, SearchCases, Today
from traffick_desk.services.statistics.queries import Statistics
from traffick_desk.services.statistics.spec import Period, Scope, TableSpec
from traffick_desk.services.veiling import LEFT_OUT, Restricted
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

from .conftest import PASSWORD, Make, take_in

OTHER = "một đàn cò trắng bay ngang"
SECRET = "Zzyzx"
"""In every text of the restricted case, and nowhere else."""

NOT_HERE = {"case", "restriction", "glass", "document", "tip", "same_person"}


@dataclasses.dataclass
class World:
    """A commune's desk with a chair, two officers and a case of the first that only she knows."""

    desk: Desk
    case: str
    person: str
    number: str
    ids: dict[str, str]

    def as_officer(self, login: str) -> Desk:
        path = self.desk.info.vault_path
        self.desk.close()
        self.desk = vaults.unlock(path, login, PASSWORD if login == "huong" else OTHER)
        return self.desk


@pytest.fixture
def world(make: Make) -> Iterator[World]:
    desk = make()
    take_in(desk, "LS1", "LS3", "LS7")
    ids = {"huong": desk.info.officer_id}
    for login, role in (("lan", "officer"), ("minh", "chair")):
        new = officers.NewOfficer(f"Trần Thị {login.title()}", login, OTHER, role)
        ids[login] = officers.add(desk, PASSWORD, new)
    case, person = "0197-secret-case", "0197-secret-person"
    edits = [Edit("case", case, {"opened_on": "2026-11-20"})]
    for record_type in desk.context.store.registry.of_cases():
        if record_type.name in NOT_HERE or "commune" not in record_type.writers:
            continue
        values: dict[str, Any] = {
            f.name: SECRET
            for f in record_type
            if f.kind in {"text", "long_text"} and f.name not in {"content", "code"}
        }
        if record_type.name == "person":
            values |= {"role": "main", "sex": "female", "birth": "2009"}
        elif "person" in record_type.by_name:
            values["person"] = person
        record_id = person if record_type.name == "person" else f"0197-{record_type.name}"
        edits.append(Edit(record_type.name, record_id, values))
    made = desk.do(NewCase(tuple(edits)))
    desk.do(SaveDraft("draft-key", made, SECRET, {"text": SECRET}))
    desk.do(RestrictCase(made, (ids["huong"],), f"{SECRET} her cousin works here"))
    number = desk.ask(OpenCase(made)).row.file_no
    found = World(desk, made, person, number, ids)
    yield found
    found.desk.close()


def everything(kind: type) -> list[type]:
    for module in pkgutil.walk_packages(traffick_desk.services.__path__, "traffick_desk.services."):
        importlib.import_module(module.name)
    found = {}
    waiting = [kind]
    while waiting:
        for cls in waiting.pop().__subclasses__():
            waiting.append(cls)
            # A dataclass with slots replaces the class that it was made from.
            if cls.__module__.startswith("traffick_desk.") and "__slots__" in cls.__dict__:
                found[f"{cls.__module__}.{cls.__qualname__}"] = cls
    return [found[name] for name in sorted(found)]


def filled(act: type, world: World) -> list[object]:
    """Each way of asking *act* with what is known of the restricted case."""
    known: dict[str, tuple[Any, ...]] = {
        "case_id": (world.case,),
        "person_id": (world.person,),
        "text": (SECRET, world.number),
        "lesson_id": ("x",),
        "year": (2026,),
        "month": (11,),
        "lines": ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20),),
        "filter": (CaseFilter(), CaseFilter(text=SECRET), CaseFilter(text=world.number)),
        "with_names": (True,),
        "by": ("stage", "officer", "unit", "month", "due"),
    }
    ways: list[dict[str, Any]] = [{}]
    for f in dataclasses.fields(act):
        needed = f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        if f.name not in known and not needed:
            continue
        values = known.get(f.name, (world.case,))
        ways = [{**way, f.name: value} for way in ways for value in values]
    return [act(**way) for way in ways]


def shown(answer: object) -> str:
    """All that an answer holds, as text; papers too."""
    pdf = getattr(answer, "pdf", None)
    if isinstance(pdf, bytes):
        import pypdfium2

        document = pypdfium2.PdfDocument(pdf)
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    return repr(answer)


QUERIES = everything(Query)


def test_no_query_leaks_a_restricted_case(world: World) -> None:
    """Every query, asked in every way for it, with what a curious colleague may know."""
    told_before = {q.__qualname__ for q in QUERIES if leaks(world.desk, q, world)}
    # The search for the secret must be able to find it, or finding nothing proves nothing.
    assert {"OpenCase", "ListCases", "SearchCases", "History", "Drafts"} <= told_before
    desk = world.as_officer("lan")
    leaky = [q.__qualname__ for q in QUERIES if leaks(desk, q, world)]
    assert leaky == []


def leaks(desk: Desk, query: type, world: World) -> bool:
    for asked in filled(query, world):
        try:
            answer = desk.ask(asked)  # type: ignore[arg-type]
        except Exception:  # refused, or asked in a way that makes no sense
            continue
        if SECRET.lower() in shown(answer).lower():
            return True
    return False


def test_it_is_seen_that_the_case_exists(world: World) -> None:
    whole = world.desk.ask(CountCases())
    desk = world.as_officer("lan")
    rows = {row.case_id: row for row in desk.ask(ListCases())}
    assert desk.ask(CountCases()) == whole == len(rows)
    row = rows[world.case]
    assert (row.hidden, row.file_no, row.name, row.sex, row.birth, row.officer, row.stage) == (
        True, world.number, "", "", "", "", "",
    )  # fmt: skip
    assert not any(r.hidden for r in rows.values() if r.case_id != world.case)
    hits = desk.ask(SearchCases(world.number))
    assert [hit.row.case_id for hit in hits if hit.row.hidden] == [world.case]
    assert not desk.ask(SearchCases(SECRET))
    assert desk.ask(CountCases(CaseFilter(text=SECRET))) == 0
    assert not [i for i in desk.ask(Today()) if i.case_id == world.case]


def test_the_list_keeps_its_order_with_hidden_lines(world: World) -> None:
    desk = world.as_officer("lan")
    for order in ("name", "-file_no", "due", "unit", "-opened_on"):
        whole = [row.case_id for row in desk.ask(ListCases(order=order))]
        paged = [
            row.case_id
            for start in range(0, len(whole), 3)
            for row in desk.ask(ListCases(order=order, offset=start, limit=3))
        ]
        assert paged == whole
        assert world.case in whole


@pytest.mark.parametrize("order", [f"{sign}{name}" for name in ORDERS for sign in ("", "-")])
def test_no_order_of_a_list_with_hidden_lines_is_sorted_by_hand(world: World, order: str) -> None:
    """The half that is shown is read in its order from an index, however long the list is."""
    desk = world.as_officer("lan")
    with desk.context.store.read_veiled(desk.context.hidden) as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {places_sql(order)} LIMIT 10")
        plan = [row[3] for row in cursor.fetchall()]
    assert plan[0] == "MERGE (UNION ALL)", plan
    shown = plan[plan.index("LEFT") : plan.index("RIGHT")]
    assert "COVERING INDEX" in shown[1], plan
    assert not any("TEMP B-TREE" in step for step in shown), plan


def test_nothing_can_be_done_to_it_either(world: World) -> None:
    desk = world.as_officer("lan")
    acts: tuple[Command[Any], ...] = (
        RecordStep(world.case, "brought_to_commune"),
        SaveRecords((Edit("person", world.person, {"name": "Somebody"}),)),
        SaveRecords((Edit("note", "new", {"case": world.case, "text": "x"}),)),
        VoidRecord("person", world.person, "a mistake"),
        IssuePaper(world.case, "noi-bo/tom-tat-ban-giao"),
        RestrictCase(world.case, (world.ids["lan"],)),
        LiftRestriction(world.case),
    )
    for act in acts:
        with pytest.raises(Restricted):
            desk.do(act)
    desk = world.as_officer("huong")
    view = desk.ask(OpenCase(world.case))
    assert view.persons[0].get("name") == SECRET
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT count(*) FROM audit WHERE action = 'refused'")
        assert cursor.fetchone()[0] == len(acts)


def test_other_work_goes_on_beside_a_hidden_case(world: World) -> None:
    desk = world.as_officer("lan")
    own = take_in(desk, "LS9")
    case = next(iter(own.values()))[0]
    desk.do(SaveDraft("mine", case, "mine", {}))
    desk.do(RecordStep(case, "brought_to_commune"))
    with desk.context.store.read() as cursor:
        # Numbers of changes are gapless over hidden cases too, and nothing of the veil stays.
        cursor.execute("SELECT count(*), max(seq) FROM journal WHERE device = ?",
                       (desk.info.device,))  # fmt: skip
        number, last = cursor.fetchone()
        assert number == last
        cursor.execute("SELECT count(*) FROM temp.sqlite_master")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT name FROM r_person WHERE id = ?", (world.person,))
        assert cursor.fetchone() == (SECRET,)


def test_a_reason_opens_it_until_the_desk_is_locked(world: World) -> None:
    desk = world.as_officer("lan")
    access = desk.ask(AccessOf(world.case))
    assert access.hidden
    assert access.names == ("Nguyễn Thị Hương",)
    assert access.reason == ""
    with pytest.raises(InvalidValues):
        desk.do(BreakGlass(world.case, " vì  vậy "))
    with pytest.raises(Restricted):
        desk.ask(OpenCase(world.case))
    desk.do(BreakGlass(world.case, "Chị Hương ốm, em bé cần thuốc"))
    assert desk.ask(OpenCase(world.case)).persons[0].get("name") == SECRET
    assert desk.ask(SearchCases(SECRET))
    # She may work in it, but not change who may look.
    desk.do(RecordStep(world.case, "brought_to_commune"))
    for act in (RestrictCase(world.case, (world.ids["lan"],)), LiftRestriction(world.case)):
        with pytest.raises(NotAllowed):
            desk.do(act)
    desk = world.as_officer("lan")
    with pytest.raises(Restricted):
        desk.ask(OpenCase(world.case))


def test_the_chair_is_shown_it_until_she_has_seen_it(world: World) -> None:
    desk = world.as_officer("lan")
    desk.do(BreakGlass(world.case, "Chị Hương ốm, em bé cần thuốc"))
    assert not glasses(desk)
    # Who is named is not told while there is a chair.
    assert not glasses(world.as_officer("huong"))
    desk = world.as_officer("minh")
    assert not desk.ask(ListCases())[0].hidden
    assert desk.ask(OpenCase(world.case)).persons[0].get("name") == SECRET
    (line,) = glasses(desk)
    assert line.case_id == world.case
    assert "Trần Thị Lan" in line.text + line.detail
    assert "em bé cần thuốc" in line.text + line.detail
    desk.do(SeenGlass(line.key))
    assert not glasses(desk)
    with pytest.raises(Restricted):
        world.as_officer("lan").do(SeenGlass(line.key))


def glasses(desk: Desk) -> list[Any]:
    return [i for i in desk.ask(Today()) if i.group == "glass"]


def test_where_there_is_no_chair_who_is_named_is_shown_it(world: World) -> None:
    with world.desk.context.store.work() as work:
        work.cursor.execute("UPDATE officer SET role = 'auditor' WHERE role = 'chair'")
    world.as_officer("lan").do(BreakGlass(world.case, "Chị Hương ốm, em bé cần thuốc"))
    assert not glasses(world.desk)
    desk = world.as_officer("huong")
    (line,) = glasses(desk)
    desk.do(SeenGlass(line.key))
    assert not glasses(desk)


def test_lifting_shows_it_to_everybody_again(world: World) -> None:
    world.desk.do(LiftRestriction(world.case))
    desk = world.as_officer("lan")
    assert desk.ask(OpenCase(world.case)).persons[0].get("name") == SECRET
    assert not desk.ask(AccessOf(world.case)).restricted
    desk.do(RestrictCase(world.case, (world.ids["lan"],)))
    with pytest.raises(Restricted):
        world.as_officer("huong").ask(OpenCase(world.case))


def test_unsent_counts_all_cases(world: World) -> None:
    desk = world.as_officer("lan")
    with desk.context.store.read() as cursor:
        raw = unsent.cases(cursor)
    line = next(i for i in desk.ask(Today()) if i.group == "unsent")
    assert str(raw) in line.text


def test_who_does_not_see_all_is_told_that_some_are_left_out_and_never_how_many(
    world: World,
) -> None:
    spec = TableSpec("case", "case.stage", title="By stage")

    def told(desk: Desk) -> tuple[bool, bool, bool]:
        (table,) = desk.ask(Statistics((spec,)))
        return (
            i18n._(LEFT_OUT) in table.all_notes(),
            desk.ask(OfficersInCharge()).left_out,
            desk.ask(SomeHidden()),
        )

    assert told(world.desk) == (False, False, False), "she is named"
    (before,) = world.desk.ask(Statistics((spec,)))
    assert told(world.as_officer("lan")) == (True, True, True)
    (after,) = world.desk.ask(Statistics((spec,)))
    assert after.total.value == before.total.value - 1
    # The same words whatever is counted, also where nothing of it is hidden.
    (none,) = world.desk.ask(Statistics((spec,), Scope(Period("1990-01-01", "1990-12-31"))))
    assert none.total.value == 0
    assert i18n._(LEFT_OUT) in none.all_notes()
    assert not any(digit in i18n._(LEFT_OUT) for digit in "0123456789")
    assert told(world.as_officer("minh")) == (False, False, False), "the chair sees all"


def note(case: str, text: str) -> SaveRecords:
    return SaveRecords((Edit("note", new_id(), {"case": case, "text": text}),))


def test_what_comes_into_a_hidden_case_between_two_saves_is_refused_by_its_id(
    world: World,
) -> None:
    """What names it is looked up once and kept over own saves; not over what comes in."""
    desk = world.as_officer("lan")
    case = next(iter(take_in(desk, "LS9").values()))[0]
    desk.do(note(case, "first"))
    known = desk.context.known
    desk.do(note(case, "second"))
    assert desk.context.known is not None
    assert known is not None
    assert desk.context.known.names is known.names, "her own saves say nothing of hidden cases"
    came = new_id()
    with desk.context.store.work() as work:
        values = {"case": world.case, "text": SECRET}
        work.journal.write(Edit("note", came, values), world.ids["huong"], world.case)
    for act in (
        SaveRecords((Edit("note", came, {"text": "mine"}),)),
        VoidRecord("note", came, "a mistake"),
    ):
        with pytest.raises(Restricted):
            desk.do(act)
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT text, voided FROM r_note WHERE id = ?", (came,))
        assert cursor.fetchone() == (SECRET, None)


def test_a_restriction_that_comes_or_goes_meanwhile_counts_for_the_next_command(
    world: World,
) -> None:
    desk = world.as_officer("lan")
    case = next(iter(take_in(desk, "LS9").values()))[0]
    desk.do(note(case, "hers"))

    def restrict(case: str, officers: tuple[str, ...], name: str = "one") -> None:
        with desk.context.store.work() as work:
            values = {"case": case, "officers": " ".join(officers), "at": desk.context.moment}
            edit = Edit("restriction", f"restriction-{name}", values)
            work.journal.write(edit, world.ids["huong"], case)

    restrict(case, (world.ids["huong"],))
    with pytest.raises(Restricted):
        desk.do(note(case, "hers"))
    restrict(case, (world.ids["lan"],))
    desk.do(note(case, "hers again"))
    with desk.context.store.work() as work:
        for restriction in tuple(restrictions(work.cursor)):
            edit = Edit("restriction", restriction, {VOID: "over"})
            work.journal.write(edit, world.ids["huong"], None)
    assert not desk.ask(SomeHidden())
    desk.do(note(world.case, "open to her now"))
    desk.do(note(case, "open to her now"))
    restrict(case, (world.ids["huong"],), "another")
    with pytest.raises(Restricted):
        desk.do(note(case, "hers"))


def restrictions(cursor: Any) -> list[str]:
    cursor.execute("SELECT id FROM main.r_restriction WHERE voided IS NULL")
    return [restriction for (restriction,) in cursor.fetchall()]


@dataclasses.dataclass(frozen=True, slots=True)
class Fails(Command[None]):
    """Looks at the list with the veil up, writes, and then fails."""

    permission = "case.write"
    action = "case.touch"
    case_id: str
    seen: list[tuple[int, int]] = dataclasses.field(default_factory=list)

    def run(self, context: Context, work: Work) -> None:
        work.cursor.execute("SELECT (SELECT count(*) FROM r_person), count(*) FROM main.r_person")
        self.seen.append(work.cursor.fetchone())
        edit = Edit("note", new_id(), {"case": self.case_id, "text": "never"})
        work.journal.write(edit, context.info.officer_id, self.case_id)
        raise InvalidValues(())


def test_after_a_command_that_failed_nothing_is_hidden_from_what_sees_everything(
    world: World,
) -> None:
    desk = world.as_officer("lan")
    case = next(iter(take_in(desk, "LS9").values()))[0]
    seen: list[tuple[int, int]] = []
    for _time in range(2):
        with pytest.raises(InvalidValues):
            desk.do(Fails(case, seen))
        # On the connection in which the views stay: they hide nothing between commands.
        with desk.context.store.work(lambda _cursor: frozenset()) as work:
            work.cursor.execute("SELECT count(*) FROM temp.veiled_case")
            assert work.cursor.fetchone() == (0,)
            work.cursor.execute(
                "SELECT (SELECT count(*) FROM r_person), count(*) FROM main.r_person"
            )
            shown, there = work.cursor.fetchone()
            assert shown == there
        desk.do(note(case, "works again"))
    assert all(shown == there - 1 for shown, there in seen), "the veil was up within it"
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT count(*) FROM r_note WHERE text = 'never'")
        assert cursor.fetchone() == (0,)
    assert desk.context.store.unlike_journal() == []


def test_what_follows_from_records_is_the_same_behind_the_views(world: World) -> None:
    """List, search and deadlines of what she writes are what a rebuild makes of it."""
    desk = world.as_officer("lan")
    own = take_in(desk, "LS9", "LS11")
    for case, *_rest in own.values():
        desk.do(RecordStep(case, "brought_to_commune"))
        desk.do(note(case, "Ngô Thị Tìm"))
    assert desk.context.store.unlike_journal() == []
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT * FROM deadline ORDER BY 1, 2, 3")
        before = cursor.fetchall()
    desk.context.store.rebuild()
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT * FROM deadline ORDER BY 1, 2, 3")
        assert cursor.fetchall() == before
