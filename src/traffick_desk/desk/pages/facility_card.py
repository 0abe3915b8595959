"""The chosen room and its facility: who has a bed, what is taken by hand, what is missing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages import facility_words as words
from traffick_desk.i18n import _
from traffick_desk.services.places.read import FacilityView, RoomView
from traffick_desk.services.places.write import DropPlace
from traffick_desk.services.roles import DIRECTORY_WRITE, may


class RoomCard(QFrame):
    """One room.

    Signals:
        edit: a record is to be changed or made; Emits: record type, record or ``None``, fixed
            values.
        case_wanted: the case of who has a bed; Emits: its id.
    """

    edit = Signal(str, object, object)
    case_wanted = Signal(str)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("room_card")
        self.setProperty("role", "card")
        self._host = host
        self._facility: FacilityView | None = None
        self._room: RoomView | None = None
        self.may_write = may(host.desk.info.role, DIRECTORY_WRITE)
        self._title = kit.label("", "heading", name="room_title")
        self._about = kit.label("", "muted", name="room_about")
        self._lines = kit.vbox(gap=4)
        self.edit_room = kit.button(
            _("Change the room"), "room_edit", lambda: self._emit("room"), icon="edit", role="quiet"
        )
        self.edit_facility = kit.button(
            _("Change the facility"), "facility_edit", lambda: self._emit("facility"), icon="edit",
            role="quiet",
        )  # fmt: skip
        self._buttons = kit.panel(kit.buttons(self.edit_room, self.edit_facility))
        self.setLayout(
            kit.vbox(self._title, self._about, self._lines, self._buttons, margins=16, gap=8)
        )
        self.show_room(None, None)

    def _emit(self, what: str) -> None:
        found = self._room if what == "room" else self._facility
        if found is not None:
            self.edit.emit(what, found.record, {})

    def show_room(self, facility: FacilityView | None, room: RoomView | None) -> None:
        """Show a room, or a facility without one, or nothing."""
        self._facility, self._room = facility, room
        kit.clear(self._lines)
        self.setVisible(facility is not None)
        if facility is None:
            return
        shown = room.record if room is not None else facility.record
        self._title.setText(words.name(shown))
        get = facility.record.get
        about = [words.name(facility.record) if room is not None else "", get("phone"),
                 get("contact"), get("address")]  # fmt: skip
        self._about.setText(" · ".join(str(a) for a in about if a))
        if room is not None:
            self._show_beds(room)
        self._show_standard(facility)
        may_edit = self.may_write and facility.may_edit
        self.edit_room.setVisible(may_edit and room is not None)
        self.edit_facility.setVisible(may_edit)

    def _line(self, text: str, role: str = "", tone: str = "") -> None:
        self._lines.addWidget(kit.label(text, role, tone=tone))

    def _show_beds(self, room: RoomView) -> None:
        text = _("{free} free of {beds}").format(free=words.free(room), beds=room.beds)
        self._line(text, "subheading")
        if told := words.told(room):
            self._line(told, "muted")
        for one in room.lodgers:
            bed = _("bed {bed}").format(bed=one.bed) if one.bed else ""
            name = self._host.privacy.name(one.name)
            made = kit.button(
                " · ".join(p for p in (one.file_no, name, bed) if p), f"lodger_{one.stay_id}",
                lambda case=one.case_id: self.case_wanted.emit(case), role="quiet", icon="person",
            )  # fmt: skip
            self._lines.addWidget(made)
        unseen = room.taken - len(room.lodgers) - sum(int(r.get("beds") or 0) for r in room.holds)
        if unseen > 0:
            self._line(_("{n} more, whose cases you may not see").format(n=unseen), "muted")
        for record in room.holds:
            row = kit.hbox(kit.label(words.hold(record)), gap=4)
            if self.may_write:
                free = kit.button(
                    _("Free again"), f"hold_end_{record.id}",
                    lambda record=record: self._drop(record.id), role="quiet",
                )  # fmt: skip
                row.addWidget(free)
            row.setStretch(0, 1)
            self._lines.addWidget(kit.panel(row))

    def _drop(self, record: str) -> None:
        self._host.do(
            DropPlace("place_hold", record, _("Free again")),
            lambda _none: self._host.undo.offer(
                _("The beds are free again."),
                lambda: self._host.do(DropPlace("place_hold", record, "")),
            ),
            owner=self,
        )

    def _show_standard(self, facility: FacilityView) -> None:
        if not facility.standard:
            return
        self._line(_("Standard of equipment and staff"), "subheading")
        for line in facility.standard:
            missing = line.missing
            tone = "due" if missing or missing is None else "ok"
            row = kit.hbox(kit.label(words.shortage(line), tone=tone), gap=4)
            if self.may_write and facility.may_edit:
                fixed: dict[str, Any] = {"facility": facility.id, "standard": line.standard.id}
                count = kit.button(
                    _("Count"), f"count_{line.standard.id}",
                    lambda fixed=fixed: self.edit.emit("facility_item", None, fixed), role="quiet",
                )  # fmt: skip
                row.addWidget(count)
            row.setStretch(0, 1)
            self._lines.addWidget(kit.panel(row))
