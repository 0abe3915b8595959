"""Giving a person of a case a bed of the chosen room: from when, until when, which bed, why."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit

from traffick_desk.desk import kit
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.pages import facility_words as words
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.places.read import FacilityView, RoomView
from traffick_desk.services.places.write import (
    GivePlace,
    PlaceObjections,
    PlaceRefused,
    WaitForPlace,
)
from traffick_desk.services.views import CaseView

# What is asked about a stay here; the rest is written in the case.
_ASKED = ("bed", "until")


class GiveBar(QFrame):
    """Stands above the rooms while a place is looked for.

    Signals:
        left: back to the case.
        waits: the person is on the waiting list now.
    """

    left = Signal()
    waits = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("place_case")
        self.setProperty("role", "card")
        self._host = host
        self._case: CaseView | None = None
        self._person = ""
        self._facility: FacilityView | None = None
        self._room: RoomView | None = None
        self._day = host.context.now().date()
        self._newest = Newest()
        self.who = kit.label("", "label", name="place_who")
        self._place = kit.vbox()
        self.form: RecordForm | None = None
        self.why = QLineEdit()
        self.why.setObjectName("place_reason")
        text = _("Why this room, although it is not meant for this person")
        self.why.setAccessibleName(text)
        self.why.setMaxLength(500)
        self._why_label = kit.label(text, "label")
        self._why_label.setBuddy(self.why)
        self.against = kit.label("", "label", tone="due", name="place_against")
        self.give_button = kit.button(
            _("&Give this place"), "place_give", self.give, role="primary", icon="bed"
        )
        self.wait_button = kit.button(
            _("Put on the &waiting list"), "place_wait", self.wait, icon="clock"
        )
        leave = kit.button(_("Back to the case"), "place_leave", self.left.emit, role="quiet")
        self.setLayout(
            kit.vbox(
                self.who, kit.panel(self._place), self.against, self._why_label, self.why,
                kit.hbox(self.give_button, self.wait_button, leave, None), margins=16, gap=8,
            )
        )  # fmt: skip
        self.hide()

    def show_case(self, case: CaseView | None, person: str) -> None:
        """Look for a place for a person of *case*; without one the bar goes."""
        self._case, self._person = case, ""
        self.setVisible(case is not None)
        kit.clear(self._place)
        self.form = None
        if case is None:
            return
        persons = {p.id: p for p in case.persons}
        self._person = person if person in persons else next(iter(persons), "")
        self.who.setText(words.whom(case, persons.get(self._person), self._host))
        self.form = RecordForm(
            REGISTRY["stay"], {}, context=self._host.context, fields=_ASKED, required=(),
            name="place_stay",
        )  # fmt: skip
        self.form.edited.connect(lambda _name: self._look())
        self.form.save_requested.connect(self.give)
        self.form.finished.connect(self.give_button.setFocus)
        self._place.addWidget(self.form)

    def show_room(self, facility: FacilityView | None, room: RoomView | None, day: date) -> None:
        """The chosen room and the day from which it is given."""
        self._facility, self._room, self._day = facility, room, day
        ready = self._case is not None and room is not None and bool(self._person)
        self.give_button.setEnabled(ready)
        self._say_against(())
        if ready:
            self._look()

    def _look(self) -> None:
        """What speaks against the room as it is asked for now."""
        if self._room is None or not self._person:
            return
        only = self._newest.begin()
        query = PlaceObjections(
            self._person, self._room.record.id, self._day.isoformat(), *self._typed()
        )
        self._host.ask(query, only(self._say_against), owner=self)

    def _typed(self) -> tuple[str, str]:
        """Until when, and which bed; empty where it is not said."""
        typed = self.form.values() if self.form is not None else {}
        return str(typed.get("until") or ""), str(typed.get("bed") or "")

    def _say_against(self, found: Any) -> None:
        self.against.setText("\n".join(o.text for o in found))
        for part in (self.against, self.why, self._why_label):
            part.setVisible(bool(found))

    def give(self) -> None:
        """Give the person a bed of the chosen room from the day shown."""
        room, form = self._room, self.form
        if self._case is None or room is None or form is None or not form.check():
            return
        command = GivePlace(
            self._case.row.case_id, self._person, room.record.id, self._day.isoformat(),
            *self._typed(),
            self.why.text().strip() if not self.against.isHidden() else "",
        )  # fmt: skip
        self._host.do(command, self._given, owner=self, failed=self._not_given)

    def _given(self, _stay: str) -> None:
        self.why.clear()
        self._host.messages.tell(_("The place is given; the stay is written in the case."))
        self.left.emit()

    def _not_given(self, problem: Exception) -> None:
        if isinstance(problem, PlaceRefused):
            self._say_against(problem.objections)
            self.why.setFocus()
            return
        if isinstance(problem, InvalidValues) and self.form is not None:
            for _type, name, text in problem.problems:
                if name in self.form.names():
                    self.form.box(name).say(text, "late")
        self._host.fail(problem)

    def wait(self) -> None:
        """Put the person on the waiting list."""
        if self._case is None:
            return
        urgent = SMALL_LISTS["wait_urgency"].codes()[0]
        facility = self._facility.id if self._facility is not None else ""
        command = WaitForPlace(self._case.row.case_id, self._person, urgent, facility)

        def done(_record: str) -> None:
            self._host.messages.tell(_("On the waiting list now."))
            self.waits.emit()

        self._host.do(command, done, owner=self)
