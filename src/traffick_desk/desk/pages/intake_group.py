"""An intake of one more person of a group: what they share is taken over, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.intake_parts import IntakeSection
from traffick_desk.desk.pages.showing import ADULT, ages, person_words
from traffick_desk.domain.codes_group import KIN, LOOKED_AFTER
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.groups import Tie
from traffick_desk.services.views import CaseView

# What people received together share: who handed them over, when and where, and how they came.
# Condition, needs and notes are each person's own.
SHARED: Mapping[str, tuple[str, ...]] = {
    "reception": (
        "at",
        "place",
        "from_body",
        "from_country",
        "from_officer",
        "paper_no",
        "support_from",
    ),
    "case": ("return_form", "group_name"),
}
# Only within a family, and only while nothing else is written.
SPOKEN = ("languages", "interpreter")


class GroupNotice(QFrame):
    """With whom the person was received, above the sections; what she is to that one, in one.

    Signals:
        edited: the relation was chosen.
        kin: the person is of the family of the other.
        alone: the person was not received together with the other after all.
    """

    edited = Signal()
    kin = Signal()
    alone = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("intake_group")
        self.setProperty("role", "notice")
        self._host = host
        self._title = kit.label("", "label", name="intake_group_title")
        self._about = kit.label("", "muted", name="intake_group_about")
        self._questions: QWidget | None = None
        self.form: RecordForm | None = None
        self.age: RecordForm | None = None
        self.file_no = ""
        leave = kit.button(
            _("Not together after all"), "intake_group_alone", self._leave, role="quiet"
        )
        head = kit.hbox(self._title, leave, gap=12)
        head.setStretch(0, 1)
        self.setLayout(kit.vbox(head, self._about, margins=(12, 8, 12, 8), gap=4))
        self.clear()

    def clear(self) -> None:
        """Nobody came along."""
        self.case_id = ""
        self.shared: dict[str, dict[str, Any]] = {}
        self.form = self.age = None
        if self._questions is not None:
            self._questions.hide()
            self._questions.deleteLater()
            self._questions = None
        self.hide()

    def _leave(self) -> None:
        self.clear()
        self.alone.emit()

    def set_compact(self, on: bool) -> None:
        """With large text on a small screen the form needs the room."""
        self._about.setHidden(on)

    def begin(self, case_id: str) -> QWidget:
        """The questions about the relation to the person of *case_id*, for a section."""
        self.clear()
        self.case_id = case_id
        self.form, self.age = self._form("relation"), self._form("accompanies")
        words = kit.label(_("Relation to the person received together"), "subheading")
        self._questions = kit.card(words, self.form, self.age)
        self._questions.setObjectName("intake_group_questions")
        return self._questions

    def _form(self, field: str) -> RecordForm:
        made = RecordForm(
            REGISTRY["group_member"],
            {},
            context=self._host.context,
            fields=(field,),
            name=f"intake_group_{field}",
            keys=False,
        )
        made.edited.connect(self._edited)
        return made

    def show_case(self, case: CaseView) -> None:
        """Show with whom; what is shared is in :attr:`shared`, by record type."""
        if case.row.case_id != self.case_id:
            return
        self.file_no = case.row.file_no
        row, today = case.row, self._host.context.now().date()
        who = person_words({"sex": row.sex, "birth": row.birth}, today)
        self._title.setText(
            _("Received together with {file}: {person}").format(file=row.file_no, person=who)
        )
        self._about.setText(
            _("What they share is filled in and marked; the person's own facts are never.")
        )
        shared = {record: self._values(case, record) for record in SHARED}
        if case.persons:
            spoken = {n: v for n in SPOKEN if (v := case.persons[0].get(n)) is not None}
            shared["person"] = spoken
        self.shared = shared
        self.show()

    @staticmethod
    def _values(case: CaseView, record: str) -> dict[str, Any]:
        found = case.of(record)
        if not found:
            return {}
        return {n: v for n in SHARED[record] if (v := found[0].get(n)) is not None}

    def fill(self, section: IntakeSection, record: str) -> None:
        """Take over what is shared into *section*, where nothing else is written."""
        known = section.values(record)
        values = {n: v for n, v in self.shared.get(record, {}).items() if n not in known}
        words = _("Taken over from {file}; change it if it is not so.")
        section.suggest(record, values, words.format(file=self.file_no))

    def _edited(self, name: str) -> None:
        relation = self.form.editor("relation").value()
        if name == "relation" and relation in KIN:
            self.kin.emit()
        self.edited.emit()

    def looks_after(self, birth: Any, today: date) -> None:
        """A minor who is somebody's child or ward comes along, until the officer says other."""
        if self.form is None or self.age is None or self.age.editor("accompanies").value():
            return
        found = ages(birth, today)
        if self.form.editor("relation").value() in LOOKED_AFTER and found and found[1] < ADULT:
            self.age.suggest({"accompanies": "yes"})
            words = _("Proposed; change it if it is not so.")
            self.age.box("accompanies").say(words, "accent")

    def comes_along(self) -> bool:
        """Whether the person is under 18 and comes along with the other."""
        return self.age is not None and self.age.editor("accompanies").value() == "yes"

    def tie(self) -> Tie | None:
        """With whom, and as what; ``None`` for somebody who came alone."""
        if self.form is None or self.age is None:
            return None
        values = {**self.form.values(), **self.age.values()}
        return Tie(
            self.case_id, values.get("relation") or "received", values.get("accompanies") or ""
        )

    def point_out(self, refused: InvalidValues) -> None:
        """Say what does not fit beside its field."""
        for record, name, text in refused.problems:
            for form in (self.form, self.age):
                if record == "group_member" and form is not None and name in form.names():
                    form.box(name).say(text, "late")

    def draft(self) -> dict[str, Any]:
        """What was chosen, as JSON."""
        if self.form is None or self.age is None:
            return {}
        return {"case": self.case_id, "typed": {**self.form.draft(), **self.age.draft()}}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Choose what :meth:`draft` gave."""
        for form in (self.form, self.age):
            if form is not None:
                form.restore(typed)
