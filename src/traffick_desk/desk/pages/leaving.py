"""A leaving officer's cases go to the next one: what goes along, and both confirm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages import printing
from traffick_desk.desk.pages.case_lists import SmallTable
from traffick_desk.desk.pages.paper_output import PaperOutput
from traffick_desk.desk.pages.today_words import day_of
from traffick_desk.desk.parsing import show_date
from traffick_desk.desk.passwords import PasswordField
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext
from traffick_desk.services import leaving
from traffick_desk.services.handover import IssueSummaries, Officers, OfficersInCharge
from traffick_desk.services.leaving import HandOverSummary, Summary
from traffick_desk.services.officers import Officer, OfficersOfDesk, may_manage
from traffick_desk.services.veiling import LEFT_OUT

SHOWN_DUES = 3


class LeavingDialog(QDialog):
    """From whom to whom, the cases with what is due in each, and two passwords.

    Attributes:
        choose_printer: shows the printers; tests put their own in place.
    """

    def __init__(self, parent: QWidget, host: Host) -> None:
        super().__init__(parent)
        self.setObjectName("leaving")
        title = _("Hand all open cases over")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._host = host
        self._officers: tuple[Officer, ...] = ()
        self._summary: Summary | None = None
        self.choose_printer: Callable[..., None] = printing.choose_printer
        self.giver = _combo("leaving_from", _("Who gives"))
        self.taker = _combo("leaving_to", _("Who takes over"))
        self.giver.currentIndexChanged.connect(lambda _index: self._chosen())
        self.taker.currentIndexChanged.connect(lambda _index: self._enable())
        self.words = kit.label("", "label", name="leaving_words")
        self.table = SmallTable(
            "leaving_cases",
            _("Cases that go along"),
            (_("File number"), _("Stage"), _("What is due"), _("By")),
            shares=(3, 3, 6, 2),
        )
        self._place = kit.scroll(kit.panel(kit.vbox(self.table, None)), "leaving_scroll")
        self._place.setMinimumHeight(theme.current().px(200))
        self.left_out = kit.label(_(LEFT_OUT), "muted", name="leaving_left_out")
        self.left_out.hide()
        self.absent = QCheckBox()
        self.absent.setObjectName("leaving_absent")
        self.absent.toggled.connect(lambda _on: self._enable())
        self.giver_password = PasswordField(_("Password of who gives"), "leaving_giver_password")
        self.taker_password = PasswordField(_("Password of who takes"), "leaving_taker_password")
        for field in (self.giver_password, self.taker_password):
            field.edited.connect(self._enable)
            field.entered.connect(self.give)
        self.do = kit.button(_("&Hand over"), "leaving_do", self.give, role="primary")
        self.print_button = kit.button(
            _("&Print all summaries"), "leaving_print", self.print_all, icon="print"
        )
        cancel = kit.button(_("Cancel"), "leaving_cancel", self.reject)
        passwords = kit.hbox(self.giver_password, self.taker_password, gap=16)
        passwords.setStretch(0, 1)
        passwords.setStretch(1, 1)
        who = kit.hbox(_labelled(self.giver), _labelled(self.taker), gap=16)
        who.setStretch(0, 1)
        who.setStretch(1, 1)
        body = kit.vbox(
            kit.label(title, "heading"),
            who,
            self.words,
            self._place,
            self.left_out,
            self.absent,
            passwords,
            kit.hbox(self.print_button, None, cancel, self.do),
            margins=24,
            gap=12,
        )
        body.setStretch(3, 1)
        self.setLayout(body)
        self.resize(kit.fitting(860, 620))
        host.ask(OfficersOfDesk(), self._know, owner=self)

    # -- who, and what goes along ------------------------------------------------------------

    def _know(self, officers: tuple[Officer, ...]) -> None:
        self._officers = officers
        self._host.ask(OfficersInCharge(), self._answer, owner=self)

    def _answer(self, found: Officers) -> None:
        own = self._host.desk.info.officer_name
        self.left_out.setVisible(found.left_out)
        for one in found.in_charge:
            count = len(one.cases)
            words = ngettext("{name}: {n} open case", "{name}: {n} open cases", count)
            self.giver.addItem(words.format(name=one.name or _("Nobody"), n=count), one.name)
        self.taker.addItem(_("Please choose"), "")
        for officer in leaving.takers(self._officers):
            self.taker.addItem(officer.name, officer.officer_id)
        self.giver.setCurrentIndex(max(0, self.giver.findData(own)))
        self._chosen()

    def _giver(self) -> str:
        return str(self.giver.currentData() or "")

    def _taker(self) -> Officer | None:
        wanted = self.taker.currentData()
        return next((o for o in self._officers if o.officer_id == wanted), None)

    def _chosen(self) -> None:
        if self.giver.count():
            giver = self._giver()
            self._host.ask(
                HandOverSummary(giver), lambda found: self._show(giver, found), owner=self
            )
        self.absent.setChecked(False)
        self._enable()

    def _show(self, giver: str, found: Summary) -> None:
        if giver != self._giver():
            return
        self._summary = found
        cases = ngettext("{n} open case", "{n} open cases", len(found.cases))
        clocks = ngettext("{n} deadline", "{n} deadlines", found.clocks)
        tasks = ngettext("{n} task", "{n} tasks", found.tasks)
        parts = [
            cases.format(n=len(found.cases)),
            clocks.format(n=found.clocks),
            tasks.format(n=found.tasks),
        ]
        if found.late:
            parts.append(ngettext("{n} late", "{n} late", found.late).format(n=found.late))
        self.words.setText(" · ".join(parts))
        self.table.show_rows([_row(case) for case in found.cases])
        self._enable()

    def _enable(self) -> None:
        giver, taker = self._giver(), self._taker()
        gone = leaving.needs_in_place(self._officers, giver)
        manages = may_manage(self._officers, self._host.desk.info.role)
        name = giver or _("Nobody")
        self.absent.setText(_("{name} is not here: I confirm in her place").format(name=name))
        self.absent.setAccessibleName(self.absent.text())
        own = self._host.desk.info.officer_name
        self.absent.setVisible(manages and not gone and giver not in {"", own})
        in_place = gone or self.absent.isChecked()
        self._name(self.giver_password, own if in_place else name)
        self._name(self.taker_password, taker.name if taker else _("who takes over"))
        ready = bool(self._summary and self._summary.cases and taker and taker.name != giver)
        self.print_button.setEnabled(bool(self._summary and self._summary.cases))
        self.do.setEnabled(
            ready and bool(self.giver_password.text()) and bool(self.taker_password.text())
        )

    @staticmethod
    def _name(field: PasswordField, name: str) -> None:
        field.name(_("Password of {name}").format(name=name))

    # -- doing ---------------------------------------------------------------------------------

    def print_all(self) -> None:
        """Print the summaries of all cases, to be signed beside the screen."""
        make = self._maker()
        if make is not None:
            PaperOutput(self._host, self).ask_printer(self.choose_printer, make, noted=True)

    def _maker(self) -> Callable[[], Any] | None:
        summary, taker = self._summary, self._taker()
        if summary is None or not summary.cases:
            return None
        desk, to = self._host.desk, taker.name if taker else ""
        cases = tuple(case.case_id for case in summary.cases)
        return lambda: desk.do(IssueSummaries(cases, to))

    def give(self) -> None:
        """Hand over, once both passwords fit."""
        taker = self._taker()
        if not self.do.isEnabled() or taker is None:
            return
        self.do.setEnabled(False)
        desk, giver, in_place = self._host.desk, self._giver(), self.absent.isChecked()
        first, second = self.giver_password.text(), self.taker_password.text()
        self._host.jobs.run(
            lambda: leaving.hand_over(
                desk, giver, taker.officer_id, first, second, in_place=in_place
            ),
            done=lambda cases: self._done(cases, taker.name),
            failed=self._failed,
            owner=self,
            write=True,
            words=_("Handing over…"),
        )

    def _done(self, cases: tuple[str, ...], to: str) -> None:
        host, page, choose = self._host, self.parentWidget(), self.choose_printer
        count = len(cases)
        text = ngettext("{n} case is now with {name}.", "{n} cases are now with {name}.", count)
        output, desk = PaperOutput(host, page), host.desk

        def make() -> Any:
            return desk.do(IssueSummaries(cases, to))

        host.messages.tell(
            text.format(n=count, name=to),
            _("Both confirmed it; that stands in each case."),
            actions=[
                (
                    _("Print all summaries"),
                    lambda: output.ask_printer(choose, make, noted=True),
                )
            ],
        )
        self.accept()

    def _failed(self, problem: Exception) -> None:
        self._enable()
        self._host.fail(problem)


def _row(case: leaving.CaseLine) -> tuple[tuple[str, ...], tuple[str, str], Any]:
    dues = sorted((*case.clocks, *case.tasks), key=lambda d: (not d.due, d.due))
    lines = [due.what for due in dues[:SHOWN_DUES]]
    days = [show_date(day_of(due.due)) if due.due else "" for due in dues[:SHOWN_DUES]]
    if len(dues) > SHOWN_DUES:
        lines.append(_("and {n} more").format(n=len(dues) - SHOWN_DUES))
    late = any(due.late for due in dues)
    words = (
        case.file_no,
        SMALL_LISTS["stage"].label(case.stage),
        "\n".join(lines) or _("nothing"),
        "\n".join(days),
    )
    return words, ("late", "late") if late else ("cases", "muted"), case


def _combo(name: str, words: str) -> QuietCombo:
    combo = QuietCombo()
    combo.setObjectName(name)
    combo.setAccessibleName(words)
    return combo


def _labelled(editor: QWidget) -> QWidget:
    label = kit.label(editor.accessibleName(), "label", wrap=False)
    label.setBuddy(editor)
    return kit.panel(kit.vbox(label, editor, gap=4))
