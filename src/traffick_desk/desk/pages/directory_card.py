"""The chosen service: everything that is known of it, and what can be done with it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.base import Choice
from traffick_desk.desk.editors.choice import ToggleRow
from traffick_desk.desk.host import Host
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.pages import directory_words as words
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _
from traffick_desk.services.directory.entries import CheckService, Entry, OpenService
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.roles import DIRECTORY_WRITE, may

LABELS = 120
"""Width of the labels, px at 100 %."""


class ServiceCard(QFrame):
    """One service.

    Signals:
        changed: it was checked.
        refer: the person of the case is to be referred there; Emits: the service's id.
    """

    changed = Signal()
    refer = Signal(str)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("service_card")
        self.setProperty("role", "card")
        self._host = host
        self._newest = Newest()
        self.entry: Entry | None = None
        self.may_write = may(host.desk.info.role, DIRECTORY_WRITE)
        self._name = kit.label("", "heading", name="service_name")
        self._organization = kit.label("", "muted", name="service_organization")
        self._lines = kit.vbox(gap=6)
        self._icon = kit.IconLabel("info", "muted", 18)
        self._checked = kit.label("", "label", name="service_checked")
        said = kit.hbox(self._icon, self._checked, gap=8)
        said.setStretch(1, 1)
        said.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        self.refer_button = kit.button(
            _("&Refer here"), "service_refer", self._refer, role="primary", icon="chevron-right"
        )
        self.edit_button = kit.button(_("Chan&ge"), "service_edit", self._edit, icon="edit")
        self.check_button = kit.button(
            _("Check the &entry"), "service_check", self.unfold, icon="check"
        )
        self.print_button = kit.button(
            _("Card for the person"), "service_print", self._print, icon="print"
        )
        self._buttons = kit.panel(
            kit.buttons(self.refer_button, self.check_button, self.edit_button, self.print_button),
            name="service_buttons",
        )
        self._check = self._check_place()
        self.setLayout(
            kit.vbox(
                self._name, self._organization, self._buttons, self._check, said, self._lines, None,
                margins=16, gap=8,
            )
        )  # fmt: skip
        self._case = ""
        self.show_service("")

    def _check_place(self) -> Any:
        labels = SMALL_LISTS["service_finding"]
        self.finding = ToggleRow(
            [Choice(code, labels.label(code)) for code in labels.codes()],
            "service_finding",
            _("What did you find when you called or went there?"),
        )
        self.finding.toggled.connect(self._found)
        self.note = QLineEdit()
        self.note.setObjectName("service_finding_words")
        self.note.setMaxLength(500)
        text = _("What is wrong, in words")
        self.note.setAccessibleName(text)
        self._note_label = kit.label(text, "label")
        self._note_label.setBuddy(self.note)
        self.note.returnPressed.connect(self.save_check)
        self._problem = kit.label("", "label", tone="late", name="service_check_problem")
        self._problem.hide()
        self.save_button = kit.button(_("&Write down"), "service_check_save", self.save_check)
        cancel = kit.button(_("Cancel"), "service_check_cancel", self.fold, role="quiet")
        made = kit.panel(
            kit.vbox(
                kit.line(),
                kit.label(_("What did you find when you called or went there?"), "label"),
                self.finding,
                self._note_label,
                self.note,
                self._problem,
                kit.hbox(self.save_button, cancel, None),
                kit.line(),
            ),
            name="service_check_place",
        )
        made.hide()
        return made

    # -- showing -----------------------------------------------------------------------------

    def set_case(self, case_id: str) -> None:
        """Offer to refer the person of this case; "" for none."""
        self._case = case_id
        self.refer_button.setVisible(bool(case_id))

    def show_service(self, service_id: str) -> None:
        """Show a service; "" for none."""
        only = self._newest.begin()
        if not service_id:
            self._show(None)
            return
        if self.entry is not None and self.entry.id != service_id:
            self.fold()
        self._host.ask(OpenService(service_id), only(self._show), owner=self)

    def _show(self, entry: Entry | None) -> None:
        self.entry = entry
        kit.clear(self._lines)
        shown = entry is not None
        for part in (self._organization, self._icon, self._checked, self._buttons):
            part.setVisible(shown)
        if entry is None:
            self._name.setText(_("Choose a service in the list."))
            self.fold()
            return
        units, look = self._host.desk.context.units, theme.current()
        self._name.setText(str(entry.get("name") or ""))
        self._organization.setText(str(entry.get("organization") or ""))
        for number, (label, value) in enumerate(words.lines(entry, units)):
            head = kit.label(label, "muted")
            head.setFixedWidth(look.px(LABELS))
            made = kit.label(value, name=f"service_line_{number}")
            made.setAccessibleName(f"{label}: {value}")
            made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            row = kit.hbox(head, made, gap=8)
            row.setStretch(1, 1)
            row.setAlignment(head, Qt.AlignmentFlag.AlignTop)
            self._lines.addWidget(kit.panel(row))
        self._checked.setText(words.checked(entry, units))
        due = not entry.shipped and entry.due_on <= self._host.context.now().date().isoformat()
        tone = "late" if entry.trouble else "due" if due and entry.due_on else "ok"
        self._icon.set_icon({"late": "late", "due": "clock", "ok": "ok"}[tone], tone)
        self.check_button.setVisible(self.may_write and not entry.shipped)
        self.edit_button.setVisible(self.may_write and entry.may_edit)
        if entry.get("status") != "active":
            self.refer_button.setVisible(False)
        else:
            self.refer_button.setVisible(bool(self._case))
        self.print_button.setVisible(entry.get("listing") != "secret")

    # -- acting ------------------------------------------------------------------------------

    def _refer(self) -> None:
        if self.entry is not None:
            self.refer.emit(self.entry.id)

    def _edit(self) -> None:
        if self.entry is not None:
            self._host.go("service", service=self.entry.id)

    def _print(self) -> None:
        if self.entry is not None:
            self._host.go("directory_paper", service=self.entry.id)

    def unfold(self) -> None:
        """Ask what was found."""
        self.finding.press(["right"])
        self.note.clear()
        self._found()
        self._check.show()
        self.finding.setFocus()

    def fold(self) -> None:
        """Close the question."""
        self._check.hide()
        self._problem.hide()

    def _found(self, *_which: object) -> None:
        wrong = self.finding.pressed() != ["right"]
        self.note.setVisible(wrong)
        self._note_label.setVisible(wrong)

    def save_check(self) -> None:
        """Write down what was found."""
        pressed = self.finding.pressed()
        if self.entry is None or not pressed:
            return
        command = CheckService(self.entry.id, pressed[0], self.note.text().strip())
        self._host.do(command, self._saved, owner=self, failed=self._refused)

    def _saved(self, _id: str) -> None:
        self.fold()
        self._host.messages.tell(_("Written down. Whoever owns the entry sees it."))
        self.changed.emit()
        if self.entry is not None:
            self.show_service(self.entry.id)

    def _refused(self, problem: Exception) -> None:
        if isinstance(problem, InvalidValues):
            self._problem.setText(problem.problems[0][2])
            self._problem.show()
            self.note.setFocus()
        else:
            self._host.fail(problem)
