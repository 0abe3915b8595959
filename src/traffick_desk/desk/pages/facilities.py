"""*Facilities and places*: free beds at a glance, who has one, who waits, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout

from traffick_desk.desk import kit, theme
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages import facility_words as words
from traffick_desk.desk.pages.case_lists import SmallTable
from traffick_desk.desk.pages.case_writer import base_of
from traffick_desk.desk.pages.facility_card import RoomCard
from traffick_desk.desk.pages.facility_give import GiveBar
from traffick_desk.desk.pages.unit_conflicts import ConflictsCard
from traffick_desk.desk.parsing import show_date
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.places.read import FacilityView, Places, PlacesOn, RoomView, Waiting
from traffick_desk.services.places.write import KEPT, EndWait, SavePlace, TellFree
from traffick_desk.services.queries import RefreshCase
from traffick_desk.services.roles import CASE_WRITE, DIRECTORY_READ, DIRECTORY_WRITE, may
from traffick_desk.services.views import CaseView

# What a new record of each kind begins with.
_START: Mapping[str, Mapping[str, Any]] = {
    "facility": {"status": "active", "kind": "social"},
    "room": {"status": "active", "purpose": "general", "for_sex": "any", "beds": 1},
    "place_hold": {"why": "others", "beds": 1},
    "standard_item": {"kind": "equipment", "per": "facility", "quantity": 1},
}

# Width in px at 100 % text size below which a facility's card stands under the rooms.
ROOM_FOR_BOTH = 840
SIDE = 400
# Qt's word for "no limit" (QWIDGETSIZE_MAX), which PySide does not name.
NO_LIMIT = (1 << 24) - 1


class FacilitiesPage(Page):
    """Rooms of all facilities on a day; a form opens beside them."""

    permission = DIRECTORY_READ
    name = "facilities"
    label = N_("Facilities and places")
    icon = "bed"
    in_navigation = False
    belongs_to = "directory"
    interests = frozenset({"directory", "cases"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.places: Places | None = None
        self.case: CaseView | None = None
        self._person = ""
        self._day = host.context.now().date()
        self._newest = Newest()
        self._type, self._record, self._fixed = "", None, {}
        self.form: RecordForm | None = None
        role = host.desk.info.role
        self.may_write, self.may_place = may(role, DIRECTORY_WRITE), may(role, CASE_WRITE)
        self._make()
        self._lay_out()

    # -- building ----------------------------------------------------------------------------

    def _make(self) -> None:
        self.free = kit.label("", "subheading", name="facilities_free", wrap=False)
        self.day = kit.label("", "label", name="facilities_day", wrap=False)
        self.rooms = SmallTable(
            "rooms",
            _("Rooms and free beds"),
            (N_("Facility"), N_("Room"), N_("For whom"), N_("Beds"), N_("Beds in use"), N_("Free")),
            shares=(5, 4, 5, 3, 3, 4),
        )
        self.rooms.selectionModel().currentChanged.connect(lambda *_which: self._chosen())
        self.waiting = SmallTable(
            "waiting",
            _("Who waits for a place"),
            (N_("File number"), N_("Who it is"), N_("By when"), N_("Waits since"), N_("Facility")),
            shares=(6, 5, 4, 4, 4),
        )
        self.waiting.selectionModel().currentChanged.connect(lambda *_which: self._enable())
        self.card = RoomCard(self.host)
        self.card.edit.connect(self._edit)
        self.card.case_wanted.connect(lambda case: self.host.go("case", case_id=case))
        self.conflicts = ConflictsCard(self.host)
        self._place = kit.vbox()
        self._form_title = kit.label("", "heading", name="place_form_title")
        self._problem = kit.label("", "label", tone="late", name="place_problem")
        self.save_button = kit.button(
            _("&Save"), "place_save", self.save, role="primary", icon="check"
        )
        self.form_card = kit.card(
            self._form_title, self._place, self._problem,
            kit.hbox(self.save_button, kit.button(_("Cancel"), "place_cancel", self.fold), None),
            name="place_form",
        )  # fmt: skip
        self.form_card.hide()
        self.bar = GiveBar(self.host)
        self.bar.left.connect(self._leave)
        self.bar.waits.connect(self.read)

    def _lay_out(self) -> None:
        def button(text: str, name: str, act: Any, icon: str = "plus") -> kit.Button:
            made = kit.button(text, name, act, icon=icon)
            made.setEnabled(self.may_write)
            return made

        self.room_button = button(_("New room"), "room_new", lambda: self._new("room"))
        self.hold_button = button(_("Beds taken…"), "hold_new", lambda: self._new("place_hold"))
        self.told_button = button(
            _("Free as told…"), "told_new", lambda: self._new("place_count"), "phone"
        )
        self.tell_button = button(_("Tell the communes"), "tell_free", self.tell, "export")
        self.standard_button = button(
            _("Line of the standard…"), "standard_new", lambda: self._new("standard_item")
        )
        province = self.host.desk.info.profile == "province"
        self.tell_button.setVisible(province)
        self.standard_button.setVisible(province)
        back = kit.IconButton("chevron-left", _("Day before"), "day_back")
        on = kit.IconButton("chevron-right", _("Next day"), "day_on")
        back.clicked.connect(lambda: self._step(-1))
        on.clicked.connect(lambda: self._step(1))
        today = kit.button(_("Today"), "day_today", self._today, role="quiet")
        new = kit.button(
            _("New facility"), "facility_new", lambda: self._new("facility"), role="primary",
            icon="plus",
        )  # fmt: skip
        new.setEnabled(self.may_write)
        head = kit.hbox(kit.label(self.title(), "title", fills=True), self.free, new)
        days = kit.hbox(back, self.day, on, today, None)
        acts = kit.buttons(
            self.room_button, self.hold_button, self.told_button, self.tell_button,
            self.standard_button,
        )  # fmt: skip
        self.empty = kit.label(
            _(
                "No facility yet. Enter the facilities where people can be lodged, then their "
                "rooms with the number of beds; free beds stand here for every day."
            ),
            "muted",
            name="facilities_empty",
        )
        self.waiting_title = kit.label(_("Who waits for a place"), "subheading")
        self.placed_button = kit.button(
            _("Find a place"), "wait_find", self._for_waiting, icon="bed"
        )
        self.ended_button = kit.button(
            _("Waits no more"), "wait_end", self._end_wait, role="quiet", icon="void"
        )
        self._wait_buttons = kit.panel(kit.buttons(self.placed_button, self.ended_button))
        left = kit.vbox(
            self.empty, self.rooms, kit.panel(acts), self.waiting_title, self.waiting,
            self._wait_buttons, None, gap=12,
        )  # fmt: skip
        right = kit.vbox(self.form_card, self.card, None, gap=12)
        side = kit.panel(right)
        self._side = side
        self._middle = kit.hbox(kit.panel(left), side, gap=16)
        self._middle.setStretch(0, 1)
        self._middle.setAlignment(side, Qt.AlignmentFlag.AlignTop)
        self.set_body(kit.vbox(head, days, self.bar, self.conflicts, self._middle, None, gap=12))
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is known of one facility stands beside the rooms, or below where that is narrow."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        look = theme.current()
        below = self.width() < look.px(ROOM_FOR_BOTH)
        ways = QBoxLayout.Direction
        self._middle.setDirection(ways.TopToBottom if below else ways.LeftToRight)
        self._side.setMinimumWidth(0 if below else look.px(SIDE))
        self._side.setMaximumWidth(NO_LIMIT if below else look.px(SIDE))

    # -- coming and going --------------------------------------------------------------------

    def opened(self, case_id: str = "", person: str = "", **_more: Any) -> None:
        """Show the places; with a case, those for a person of it."""
        self._person = person
        if case_id:
            self.host.ask(RefreshCase(case_id), self._take_case, owner=self)
        else:
            self._take_case(None)
        self.read()

    def refresh(self, changed: frozenset[str]) -> None:
        """Read again."""
        _ = changed
        self.read()

    def back(self) -> bool:
        """Esc closes the form, then leaves the case."""
        if self.form is not None:
            self.fold()
            return True
        if self.case is not None:
            self._leave()
            return True
        return False

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        if not self.may_write:
            return []
        return [PageCommand(_("New facility"), lambda: self._new("facility"), "plus")]

    def _take_case(self, case: CaseView | None) -> None:
        self.case = case
        self.bar.show_case(case if self.may_place else None, self._person)
        self._look()

    def _leave(self) -> None:
        case, self.case = self.case, None
        self.bar.show_case(None, "")
        if case is not None:
            self.host.go("case", case_id=case.row.case_id, section="stay")

    def _step(self, by: int) -> None:
        self._day += timedelta(days=by)
        self.read()

    def _today(self) -> None:
        self._day = self.host.context.now().date()
        self.read()

    # -- reading -----------------------------------------------------------------------------

    def read(self) -> None:
        """Ask for the day that is shown."""
        only = self._newest.begin()
        self.host.ask(PlacesOn(self._day.isoformat()), only(self._came), owner=self)
        # Of all that is kept here: a count or a line of the standard has no line of its own.
        self.conflicts.show_types(*sorted(KEPT))

    def _came(self, found: Places) -> None:
        self.places = found
        total = sum(f.free for f in found.facilities)
        text = ngettext("{n} bed free", "{n} beds free", total).format(n=total)
        self.free.setText(text if found.facilities else "")
        self.day.setText(show_date(found.day))
        rows: list[Any] = []
        for facility in found.facilities:
            rows += [
                (words.room_row(facility, room), words.room_icon(room), (facility, room))
                for room in facility.rooms
            ]
            if not facility.rooms:
                none = (words.name(facility.record), _("no room yet"), "", "", "", "")
                rows.append((none, ("", ""), (facility, None)))
        self.rooms.show_rows(rows)
        if rows and not self.rooms.currentIndex().isValid():
            self.rooms.selectRow(0)
        self.empty.setVisible(not rows)
        names = {f.id: words.name(f.record) for f in found.facilities}
        self.waiting.show_rows(
            [(words.wait_row(one, names, self.host), words.wait_icon(one), one)
             for one in found.waiting]
        )  # fmt: skip
        self.waiting_title.setVisible(bool(found.waiting))
        self._wait_buttons.setVisible(bool(found.waiting) and self.may_place)
        self._chosen()

    def chosen(self) -> tuple[FacilityView | None, RoomView | None]:
        """The facility and room of the chosen line."""
        return self.rooms.chosen() or (None, None)

    def _chosen(self) -> None:
        facility, room = self.chosen()
        self.card.show_room(facility, room)
        self._enable()
        self._look()

    def _enable(self) -> None:
        facility, room = self.chosen()
        may_edit = facility is not None and facility.may_edit and self.may_write
        self.room_button.setEnabled(may_edit)
        for button in (self.hold_button, self.told_button):
            button.setEnabled(room is not None and self.may_write)
        for button in (self.placed_button, self.ended_button):
            button.setEnabled(self.waiting.chosen() is not None)

    # -- forms -------------------------------------------------------------------------------

    def _new(self, type_name: str) -> None:
        facility, room = self.chosen()
        start: dict[str, Any] = dict(_START.get(type_name, {}))
        fixed: dict[str, Any] = {}
        now = self.host.context.now()
        if type_name in {"room", "facility_item"} and facility is not None:
            fixed["facility"] = facility.id
        if type_name in {"place_hold", "place_count"} and room is not None:
            fixed["room"] = room.record.id
        if type_name == "place_hold":
            start["since"] = self._day.isoformat()
        if type_name == "place_count":
            fixed |= {"at": words.moment(now)}
            start["by"] = self.host.desk.info.officer_name
        if type_name == "facility":
            start["place_unit"] = self.host.desk.info.unit
        self._open(type_name, None, start, fixed)

    def _edit(self, type_name: str, record: Any, fixed: Any) -> None:
        start = {"counted_on": self._day.isoformat()} if type_name == "facility_item" else {}
        self._open(type_name, record, start, dict(fixed or {}))

    def _open(self, type_name: str, record: Any, start: Mapping[str, Any], fixed: Any) -> None:
        self.fold()
        self._type, self._record, self._fixed = type_name, record, dict(fixed)
        described = REGISTRY[type_name]
        hide = ["unit", *fixed, "facility", "room", "standard"]
        self.form = RecordForm(
            described,
            record.values if record is not None else {},
            context=self.host.context,
            hide=hide,
            name="place_record",
        )
        if record is None and start:
            self.form.suggest(start)
        self.form.save_requested.connect(self.save)
        self.form.finished.connect(self.save_button.setFocus)
        self._place.addWidget(self.form)
        self._form_title.setText(described.shown_label())
        self._problem.hide()
        self.form_card.show()
        self.form.editor(self.form.names()[0]).setFocus()

    def fold(self) -> None:
        """Close the form without saving."""
        kit.clear(self._place)
        self.form = None
        self.form_card.hide()

    def save(self) -> None:
        """Save what the form holds, or go to what is missing."""
        if self.form is None or not self.form.check():
            return
        changes = self.form.changes()
        if self._record is None:
            changes = {n: v for n, v in {**self._fixed, **changes}.items() if v is not None}
        base = base_of(self._record, changes) if self._record is not None else {}
        record = self._record.id if self._record is not None else ""
        self.host.do(
            SavePlace(self._type, changes, record, base), self._saved, owner=self,
            failed=self._refused,
        )  # fmt: skip

    def _saved(self, _record: str) -> None:
        self.fold()
        self.host.messages.tell(_("Saved."))
        self.read()

    def _refused(self, problem: Exception) -> None:
        if isinstance(problem, InvalidValues) and self.form is not None:
            for _type, name, text in problem.problems:
                if name in self.form.names():
                    self.form.box(name).say(text, "late")
            self._problem.setText(problem.problems[0][2])
            self._problem.show()
        else:
            self.host.fail(problem)

    def tell(self) -> None:
        """Province: numbers of free beds for all communes."""
        self.host.do(TellFree(), self._told, owner=self)

    def _told(self, number: int) -> None:
        text = ngettext(
            "Free beds of {n} room go to every commune with the next bundle: numbers, no names.",
            "Free beds of {n} rooms go to every commune with the next bundle: numbers, no names.",
            number,
        )
        self.host.messages.tell(text.format(n=number))

    # -- giving places -----------------------------------------------------------------------

    def _look(self) -> None:
        """What speaks against the chosen room for the person of the case."""
        self.bar.show_room(*self.chosen(), self._day)

    def _for_waiting(self) -> None:
        one: Waiting | None = self.waiting.chosen()
        if one is not None:
            self.host.go("facilities", case_id=one.case_id, person=one.person_id)

    def _end_wait(self) -> None:
        one: Waiting | None = self.waiting.chosen()
        if one is not None:
            self.host.do(EndWait(one.id), lambda _none: self.read(), owner=self)
