"""Giving cases to another officer: one, or all open cases of somebody, with the summaries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages import printing
from traffick_desk.desk.pages.paper_output import PaperOutput
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.handover import (
    SUMMARY,
    HandOver,
    IssueSummaries,
    Officers,
    OfficersInCharge,
    TakeBack,
)
from traffick_desk.services.veiling import LEFT_OUT
from traffick_desk.services.views import CaseView


class HandOverDialog(QDialog):
    """From whom, to whom, and how many cases that is.

    Attributes:
        choose_printer: shows the printers; tests put their own in place.
    """

    def __init__(self, parent: QWidget, host: Host, case: CaseView | None = None) -> None:
        """Ask about *case*, or about all open cases of an officer when it is ``None``."""
        super().__init__(parent)
        self.setObjectName("hand_over")
        title = _("Hand over to another officer")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._host, self._case = host, case
        self.choose_printer: Callable[..., None] = printing.choose_printer
        self.from_box = QuietCombo()
        self.from_box.setObjectName("hand_over_from")
        self.from_box.setAccessibleName(_("Who gives"))
        self.from_box.activated.connect(lambda _index: self._count())
        self.to_box = QComboBox()
        self.to_box.setObjectName("hand_over_to")
        self.to_box.setAccessibleName(_("Who takes over"))
        self.to_box.setEditable(True)
        self.to_box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.to_box.lineEdit().setMaxLength(120)
        self.to_box.editTextChanged.connect(lambda _text: self._count())
        self.words = kit.label("", name="hand_over_words")
        self.left_out = kit.label(_(LEFT_OUT), "muted", name="hand_over_left_out")
        self.left_out.hide()
        self.do = kit.button(_("&Hand over"), "hand_over_do", self.give, role="primary")
        cancel = kit.button(_("Cancel"), "hand_over_cancel", self.reject)
        self._from_label = kit.label(_("Who gives"), "label")
        self._to_label = kit.label(_("Who takes over"), "label")
        self._from_label.setBuddy(self.from_box)
        self._to_label.setBuddy(self.to_box)
        self.setLayout(
            kit.vbox(
                kit.label(title, "heading"),
                self._from_label,
                self.from_box,
                self._to_label,
                self.to_box,
                self.words,
                self.left_out,
                kit.hbox(None, cancel, self.do),
                margins=24,
                gap=12,
            )
        )
        self.setMinimumWidth(theme.current().px(460))
        for widget in (self._from_label, self.from_box):
            widget.setHidden(case is not None)
        self.do.setEnabled(False)
        host.ask(OfficersInCharge(), self._answer, owner=self)

    def _answer(self, found: Officers) -> None:
        own = self._host.desk.info.officer_name
        self.left_out.setVisible(found.left_out and self._case is None)
        for one in found.in_charge:
            count = len(one.cases)
            words = ngettext("{name}: {n} open case", "{name}: {n} open cases", count)
            name = one.name or _("Nobody")
            self.from_box.addItem(words.format(name=name, n=count), (one.name, one.cases))
        mine = next((n for n, one in enumerate(found.in_charge) if one.name == own), 0)
        self.from_box.setCurrentIndex(mine)
        self.to_box.addItems(list(found.names))
        # The name is typed or chosen on purpose, never the first by accident.
        self.to_box.setCurrentIndex(-1)
        self.to_box.setEditText("")
        self.to_box.setFocus()
        self._count()

    def _wanted(self) -> tuple[str, tuple[str, ...]]:
        if self._case is not None:
            return str(self._case.case.get("officer") or ""), (self._case.row.case_id,)
        return self.from_box.currentData() or ("", ())

    def _count(self) -> None:
        name, cases = self._wanted()
        to = self.to_box.currentText().strip()
        self.do.setEnabled(bool(cases) and bool(to) and to != name)
        if self._case is not None:
            text = _("{file}, now with {name}.").format(
                file=self._case.row.file_no, name=name or _("nobody")
            )
        else:
            count = len(cases)
            text = ngettext(
                "{n} open case changes hands.", "{n} open cases change hands.", count
            ).format(n=count)
        if to and to == name:
            text = _("This officer has them already.")
        self.words.setText(text)

    def give(self) -> None:
        """Hand the cases over, then offer the summaries."""
        _name, cases = self._wanted()
        to = self.to_box.currentText().strip()
        if not cases or not to:
            return
        host, page, choose = self._host, self.parentWidget(), self.choose_printer
        self._host.do(
            HandOver(cases, to),
            lambda before: _handed_over(host, page, choose, cases, to, before),
            owner=page,
        )
        self.accept()


def _handed_over(
    host: Host,
    page: QWidget,
    choose: Callable[..., None],
    cases: tuple[str, ...],
    to: str,
    before: Any,
) -> None:
    count = len(cases)
    text = ngettext("{n} case is now with {name}.", "{n} cases are now with {name}.", count).format(
        n=count, name=to
    )
    host.undo.offer(text, lambda: host.do(TakeBack(before)))
    if count == 1:

        def show() -> None:
            host.go("paper", case_id=cases[0], form=SUMMARY, typed={"summary_to_officer": to})

        actions = [(_("Summary for the next officer"), show)]
    else:
        output = PaperOutput(host, page)

        def make() -> Any:
            return host.desk.do(IssueSummaries(cases, to))

        actions = [
            (_("Print all summaries"), lambda: output.ask_printer(choose, make, noted=True)),
            (
                _("Save all summaries as a file…"),
                lambda: output.ask_to_save(
                    _("No name, address or account is in it."), "ban-giao.pdf", make, noted=True
                ),
            ),
        ]
    host.messages.tell(text, actions=actions)
