"""No value is out of sight: of every record type two values are seen and settled from a page."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtWidgets import QAbstractButton, QLabel

from desk.pages import world
from traffick_desk.desk.desk_window import DeskWindow
from traffick_desk.desk.dialogs import ScriptedDialogs
from traffick_desk.desk.pages.conflicts import ChoiceCard
from traffick_desk.desk.pages.conflicts_page import ConflictsPage
from traffick_desk.desk.pages.facilities import FacilitiesPage
from traffick_desk.desk.preferences import Preferences
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.spine import Kind
from traffick_desk.services.base import new_id
from traffick_desk.services.directory.entries import SettleDirectory
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.queries import OpenCase
from traffick_desk.services.retention import SetRetention
from traffick_desk.services.to_choose import Choices, CountChoices, EntryChoices, area_of
from traffick_desk.services.today import items as today_items
from traffick_desk.store.changes import VOID, WHOLE
from traffick_desk.store.journal import Edit, NotWriter
from traffick_desk.store.record_state import load_state

UNIT = world.UNITS.province_of(world.DONG_VAN).id
# An order leaves nothing of the case to choose from; each order is a record of its own.
ORDER = "erasure"
TYPES = [t.name for t in REGISTRY if not t.of_desk and t.name != ORDER]
# So many in one window: no more than the page shows.
MANY = 12
TEXTS = (Kind.LONG_TEXT, Kind.TEXT)


@pytest.fixture(autouse=True)
def _english(english):
    """Every test of this file reads English."""


def value(field, number):
    """One of three values that *field* can hold; of a short list the third may be the first."""
    if field.codes in SMALL_LISTS:
        codes = SMALL_LISTS[field.codes].codes()
        code = codes[number % len(codes)]
        return [code] if field.kind is Kind.CODES else code
    match field.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return ("một", "hai", "ba")[number]
        case Kind.INTEGER | Kind.MONEY:
            return 5 + number
        case Kind.DATE | Kind.PARTIAL_DATE:
            return f"2026-01-0{number + 1}"
        case Kind.MOMENT:
            return f"2026-01-0{number + 1}T08:00+07:00"
        case Kind.UNIT:
            return world.DONG_VAN
    return None


def varied(record_type):
    """A field that two officers can fill in differently; words before anything else."""
    fields = [f for f in record_type if f.name not in {"unit", "case", "person"}]
    for kinds in (TEXTS, (Kind.INTEGER, Kind.MONEY), (Kind.CODE, Kind.DATE, Kind.MOMENT)):
        for field in fields:
            if field.kind in kinds and len({str(value(field, n)) for n in range(3)}) == 3:
                return field
    raise AssertionError(record_type.name)


def written_twice(desk, kind, case="", person=""):
    """A record of type *kind* of which one field was written twice over what it was."""
    described = REGISTRY[kind]
    field = varied(described)
    if described.of_unit:
        record = f"{UNIT}/{new_id()}"
    else:
        record = case if kind in {"case", "restriction"} else new_id()
    values = {f.name: value(f, 0) for f in described if f.required and f.kind is not Kind.REF}
    values |= {"case": case} if "case" in described.by_name else {}
    values |= {"person": person} if "person" in described.by_name else {}
    values |= {"unit": UNIT} if described.of_unit else {}
    values[field.name] = value(field, 2)
    values = {name: v for name, v in values.items() if v is not None}
    belongs = case if described.case_key else None

    def write(edit):
        with desk.context.store.work() as work:
            work.journal.write(edit, desk.info.officer_id, belongs)
            work.touched |= work.journal.cases

    if kind != "case":
        write(Edit(kind, record, values))
    register = WHOLE if described.whole else field.name
    with desk.context.store.read() as cursor:
        base = load_state(cursor, described, record).heads
    for number in (0, 1):
        new = value(field, number)
        given = {**values, field.name: new} if described.whole else {field.name: new}
        write(Edit(kind, record, given, {register: base.get(register, ())}))
    return record, register, field


@pytest.mark.parametrize("first", range(0, len(TYPES), MANY))
def test_two_values_of_every_type_are_seen_and_settled(sit_down, province, first):
    kinds = TYPES[first : first + MANY]
    (case,) = world.people(province, "LS1").values()
    person = province.ask(OpenCase(case)).persons[0].id
    made = {kind: written_twice(province, kind, case, person) for kind in kinds}
    assert province.ask(CountChoices()) == len(kinds)
    choices = {choice.record.type: choice for choice in province.ask(Choices())}
    assert set(choices) == set(kinds)
    officer = sit_down(province, ConflictsPage)
    officer.go("conflicts")
    for kind, (record, register, field) in made.items():
        choice = choices[kind]
        assert (choice.record.id, choice.register, choice.may_settle) == (record, register, True)
        cards = officer.page.findChildren(ChoiceCard)
        (card,) = [c for c in cards if c.name == card_of(choice)]
        # Who wrote each and when, and what was before.
        said = [w.text() for w in card.findChildren(QLabel)]
        assert sum(text.startswith(f"{province.info.officer_name}, ") for text in said) == 2
        assert sum(text.startswith("before: ") for text in said) == 2
        taken = next(n for n, side in enumerate(choice.sides) if not side.shown)
        officer.press(f"conflict_{card.name}_take_{taken}")
        with province.context.store.read() as cursor:
            state = load_state(cursor, REGISTRY[kind], record)
        wanted = choice.sides[taken].value
        assert state.values[field.name] == (wanted[field.name] if register == WHOLE else wanted)
        assert not state.rivals
    assert province.ask(CountChoices()) == 0
    officer.until(lambda: not officer.page.findChildren(ChoiceCard))


def card_of(choice):
    """The name of the card of a choice."""
    mark = "whole" if choice.register == WHOLE else choice.register
    return f"{choice.record.type}_{mark}"


@pytest.mark.parametrize("kind", [t.name for t in REGISTRY if t.of_desk])
def test_what_a_desk_writes_of_itself_cannot_come_in_two_values(commune, province, kind):
    described = REGISTRY[kind]
    assert area_of(described) is None
    own = "a1.officer" if kind == "desk_officer" else "a1"
    values = {f.name: value(f, 0) for f in described}
    for desk, device in ((commune, "a1"), (province, "a1"), (province, "a1.b2"), (province, "")):
        record = f"{device}.x"
        with desk.context.store.work() as work:
            if desk is commune:
                work.journal.write(Edit(kind, own, values), "o", None)
                continue
            with pytest.raises(NotWriter):
                work.journal.write(Edit(kind, record, values), "o", None)
    # A hostile desk that writes it all the same changes nothing on arrival.
    with province.context.store.work() as work:
        allowed = replace(described, of_desk=False)
        work.journal._registry = {**{t.name: t for t in REGISTRY}, kind: allowed}
        work.journal.write(Edit(kind, own, {**values, "device": "b2"}), "o", None)
    world.carry(province, commune)
    with commune.context.store.read() as cursor:
        state = load_state(cursor, described, own)
    assert state.values["device"] == values["device"]
    assert not state.rivals
    assert all(ref.startswith("a1.") for heads in state.heads.values() for ref in heads)


def test_a_facility_is_settled_on_its_own_page_also_what_has_no_line_there(sit_down, province):
    room, _register, _field = written_twice(province, "room")
    written_twice(province, "place_count")
    officer = sit_down(province, FacilitiesPage)
    page = officer.go("facilities")
    officer.until(page.conflicts.isVisible)
    assert len(page.conflicts.findChildren(ChoiceCard)) == 2
    officer.press("conflict_room_name_take_0")
    officer.press("conflict_place_count_by_take_1")
    officer.until(lambda: not page.conflicts.isVisible())
    assert province.ask(CountChoices()) == 0
    assert room.startswith(UNIT)


def test_the_main_window_counts_them_with_those_of_cases(qtbot, desk_app, province):
    (case,) = world.people(province, "LS1").values()
    person = province.ask(OpenCase(case)).persons[0].id
    for kind in ("person", "room", "plan", "retention_rule"):
        written_twice(province, kind, case, person)
    window = DeskWindow(province, Preferences(), dialogs=ScriptedDialogs())
    window._count_unsent(frozenset())
    qtbot.waitUntil(lambda: window.to_choose.text() == "To choose: 4", timeout=10_000)
    window.to_choose.click()
    qtbot.waitUntil(lambda: len(window.page.findChildren(ChoiceCard)) == 4, timeout=10_000)
    qtbot.waitUntil(lambda: window.host.jobs.running == 0, timeout=10_000)
    window.host.jobs.stop()
    window.host.desk.listeners.clear()
    window._locking = True
    window.close()
    shiboken6.delete(window)


def test_two_desks_of_a_facility_see_mine_and_theirs_and_the_choice_travels(
    sit_down, commune, province
):
    record = f"{commune.info.unit}/{new_id()}"

    def write(desk, **values):
        with desk.context.store.work() as work:
            work.journal.write(Edit("facility", record, values), desk.info.officer_id, None)

    def meet():
        world.carry(commune, province)
        world.carry(province, commune)

    write(commune, name="Nhà tạm lánh", kind="social", status="active", phone="000")
    meet()
    write(commune, phone="111")
    write(province, phone="222")
    meet()
    officer = sit_down(commune, FacilitiesPage)
    page = officer.go("facilities")
    officer.until(page.conflicts.isVisible)
    (choice,) = commune.ask(EntryChoices(("facility",)))
    assert {s.before for s in choice.sides} == {"000"}
    said = [w.text() for w in page.conflicts.findChildren(QLabel)]
    assert said.count("before: 000") == 2
    verbs = {b.accessibleName() for b in page.conflicts.findChildren(QAbstractButton)}
    assert {"Keep mine: 111", "Take theirs: 222"} <= verbs
    number = next(n for n, side in enumerate(choice.sides) if not side.own)
    officer.press(f"conflict_facility_phone_take_{number}")
    assert commune.ask(CountChoices()) == 0
    meet()
    assert province.ask(CountChoices()) == 0
    with province.context.store.read() as cursor:
        assert load_state(cursor, REGISTRY["facility"], record).values["phone"] == "222"


def test_who_may_not_choose_reads_both_values_and_is_not_told_to(sit_down, commune, province):
    record, _register, _field = written_twice(province, "facility")
    world.carry(province, commune)
    (choice,) = commune.ask(Choices())
    assert not choice.may_settle
    assert commune.ask(CountChoices()) == 0
    officer = sit_down(commune, ConflictsPage)
    officer.go("conflicts")
    said = [w.text() for w in officer.page.findChildren(QLabel)]
    assert {"một", "hai"} <= set(said)
    assert any("chooses which one holds" in text for text in said)
    names = {b.objectName() for b in officer.page.findChildren(QAbstractButton)}
    assert not any("_take_" in name or name.endswith("_edit") for name in names)
    with pytest.raises(NotAllowed):
        commune.do(SettleDirectory("facility", record, "name", "một"))


def test_a_clerk_chooses_what_is_hers_and_hears_of_no_case(sit_down, province, commune):
    (case,) = world.people(commune, "LS1").values()
    person = commune.ask(OpenCase(case)).persons[0].id
    written_twice(commune, "person", case, person)
    info = replace(commune.info, role="clerk")
    clerk = type(commune)(replace(commune.context, info=info))
    assert clerk.ask(CountChoices()) == 0
    assert clerk.ask(Choices()) == ()
    with pytest.raises(NotAllowed):
        clerk.ask(EntryChoices(("report",)))
    record = f"{commune.info.unit}/{new_id()}"
    for values in ({"name": "Đội một"}, {"name": "Đội hai"}, {"name": "Đội ba"}):
        with commune.context.store.work() as work:
            base = {"name": ("a1.1",)} if values["name"] == "Đội ba" else {}
            edit = Edit("volunteer_team", record, values, base)
            change = work.journal.write(edit, commune.info.officer_id, None)
        assert change is not None
    assert clerk.ask(CountChoices()) == 1
    assert province.ask(CountChoices()) == 0


def test_a_rule_that_two_desks_of_the_province_changed_holds_at_once(province, sit_down):
    rule = province.do(SetRetention(12, "QĐ 1", "2026-01-01"))
    with province.context.store.read() as cursor:
        base = load_state(cursor, REGISTRY["retention_rule"], rule).heads
    for months in (24, 36):
        values = {"months": months, "decision": "QĐ 2", "made_on": "2026-02-01"}
        with province.context.store.work() as work:
            work.journal.write(Edit("retention_rule", rule, values, base), "x", None)
    lines = [i for i in _today(province) if i.group == "conflict"]
    assert [i.text for i in lines] == ["Two values to choose: QĐ 2"]
    officer = sit_down(province, ConflictsPage)
    officer.go("conflicts", entry=lines[0].key)
    (choice,) = province.ask(Choices())
    number = next(n for n, s in enumerate(choice.sides) if s.value["months"] == 36)
    officer.press(f"conflict_retention_rule_whole_take_{number}")
    assert province.ask(CountChoices()) == 0
    assert not [i for i in _today(province) if i.group == "conflict"]


def test_an_entry_voided_while_another_desk_wrote_is_seen_and_settled(sit_down, province):
    record = f"{UNIT}/{new_id()}"

    def write(values, base=None):
        with province.context.store.work() as work:
            edit = Edit("service", record, values, base or {})
            work.journal.write(edit, province.info.officer_id, None)

    write({"name": "Trạm", "phone": "1"})
    with province.context.store.read() as cursor:
        before = load_state(cursor, REGISTRY["service"], record).heads
    write({"phone": "2"}, before)
    write({VOID: "nhầm"}, before)
    assert province.ask(CountChoices()) == 1
    officer = sit_down(province, ConflictsPage)
    officer.go("conflicts")
    officer.press("conflict_service_late_keep")
    with province.context.store.read() as cursor:
        state = load_state(cursor, REGISTRY["service"], record)
    assert state.voided is None
    assert state.values["phone"] == "2"
    assert province.ask(CountChoices()) == 0


def _today(desk):
    with desk.context.store.read() as cursor:
        day = world.NOW.date()
        return today_items(desk.context, cursor, day, day)
