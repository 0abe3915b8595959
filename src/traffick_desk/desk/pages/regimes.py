"""What the law gives, beside the case: per person, as of today, each regime with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.pages.case_section import person_choices
from traffick_desk.desk.pages.regime_list import RegimeLine, RegimeList, regime_lines
from traffick_desk.desk.pages.trace import law_widgets, outcome_widgets
from traffick_desk.i18n import _
from traffick_desk.law import Assessment, Result
from traffick_desk.law.clocks import day_of
from traffick_desk.services.commands import RequestEntitlement, VoidRecord
from traffick_desk.services.costs import CaseCosts, CostsOfCase
from traffick_desk.services.queries import Entitlements
from traffick_desk.services.rules_effect import NewerRules
from traffick_desk.services.views import CaseView

SHEET = "noi-bo/phieu-che-do"


class RegimePanel(QWidget):
    """Support regimes of one person of the case.

    Signals:
        printing: the list is to be printed; Emits: the person's id.
        assessed: the law was asked; Emits: the answer, the person's id.
    """

    printing = Signal(str)
    assessed = Signal(object, str)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("regime_panel")
        self.host = host
        self._case: CaseView | None = None
        self._found: Assessment | None = None
        self._newer: Mapping[str, str] = {}
        self._newest = Newest()
        self.title = kit.label(_("Support regimes"), "subheading", name="regime_title")
        self.law = kit.label("", "muted", name="regime_law")
        self.person = QuietCombo()
        self.person.setObjectName("regime_person")
        self.person.setAccessibleName(_("Person"))
        self.person.activated.connect(lambda _row: self._ask())
        self.category = kit.label("", name="regime_category")
        self.days = kit.label("", "label", name="regime_days")
        self.costs = kit.label("", "muted", name="regime_costs")
        self.costs.hide()
        self.list = RegimeList()
        self.list.selectionModel().currentChanged.connect(lambda *_: self._choose())
        self.list.doubleClicked.connect(lambda _index: self.explain())
        self.why = kit.button(_("&Why?"), "regime_why", self.explain, icon="help")
        self.request = kit.button(_("&Request"), "regime_request", self.ask_province, icon="export")
        self.law_why = kit.button(
            _("Why this law?"), "regime_law_why", self.explain_law, role="quiet", icon="help"
        )
        self.print_button = kit.button(
            _("&Print the list"), "regime_print", self._print, role="quiet", icon="print"
        )
        flow = kit.FlowLayout(gap=8)
        for made in (self.why, self.request, self.law_why, self.print_button):
            flow.addWidget(made)
        self._buttons = kit.panel(flow, name="regime_buttons")
        parts = (self.person, self.category, self.days, self._buttons, self.list, self.costs)
        self._all = kit.panel(kit.vbox(*parts, gap=8), name="regime_all")
        self._place = kit.vbox(gap=4)
        self._back = kit.button(
            _("Back to all regimes"),
            "regime_back",
            self.show_all,
            icon="chevron-left",
            role="quiet",
        )
        column = kit.vbox(kit.hbox(self._back, None), self._place, gap=8)
        self._reasons = kit.panel(column, name="regime_reasons")
        self._reasons.hide()
        self._problem = kit.label("", tone="due", name="regime_problem")
        self._problem.hide()
        self.setLayout(
            kit.vbox(self.title, self.law, self._problem, self._all, self._reasons, None, gap=8)
        )

    # -- showing ---------------------------------------------------------------------------

    def show_case(self, case: CaseView) -> None:
        """Show what the law gives the persons of *case*."""
        before = self.person.currentData()
        same = self._case is not None and self._case.row.case_id == case.row.case_id
        self._newer = self._newer if same else {}
        self._case = case
        self.person.clear()
        for choice in person_choices(self.host, case):
            words = f"{choice.label} ({choice.detail})" if choice.detail else choice.label
            self.person.addItem(words, choice.value)
        row = self.person.findData(before) if same else 0
        self.person.setCurrentIndex(max(row, 0))
        self.person.setVisible(self.person.count() > 1)
        if not same:
            self.show_all()
            self.costs.hide()
        case_id = case.row.case_id
        self.host.ask(
            NewerRules(case_id),
            lambda newer: self._rules_differ(case_id, newer),
            owner=self,
        )
        self._ask()
        self.host.ask(
            CostsOfCase(case_id),
            self._show_costs,
            owner=self,
            # The line is an extra: what is wrong with the records is said above.
            failed=lambda _problem: self.costs.hide(),
        )

    def person_id(self) -> str:
        """The person shown."""
        return self.person.currentData() or ""

    def _ask(self) -> None:
        person = self.person_id()
        if self._case is None or not person:
            return
        only = self._newest.begin()
        self.host.ask(
            Entitlements(self._case.row.case_id, person),
            only(self._answer),
            owner=self,
            failed=only(self._unanswered),
        )

    def _answer(self, found: Assessment) -> None:
        if self._case is None:
            return
        self._found = found
        self._problem.hide()
        self._all.setVisible(self._reasons.isHidden())
        self.law.setText(self._law_words(found))
        self.category.setText(str(found.category))
        self.days.setText(self._day_words(found))
        self.days.setVisible(bool(self.days.text()))
        self._show_lines()
        self.assessed.emit(found, self.person_id())
        self._choose()

    def _show_lines(self) -> None:
        lines = regime_lines(self._found, self._case, self.person_id(), self._newer)
        self.list.show_lines(lines)

    def _rules_differ(self, case_id: str, newer: Mapping[str, str]) -> None:
        if self._case is None or self._case.row.case_id != case_id:
            return
        self._newer = newer
        if self._found is not None:
            self._show_lines()
            self._choose()

    def _show_costs(self, found: CaseCosts) -> None:
        if self._case is None or found.case_id != self._case.row.case_id:
            return
        known = found.sheet.all.known
        text = _("Known cost of the case to date: {amount}").format(amount=known.text)
        self.costs.setText(text)
        self.costs.setVisible(bool(known.amount or known.at_least))

    def _unanswered(self, problem: Exception) -> None:
        self._found = None
        self._problem.setText(str(problem))
        self._problem.show()
        self._all.hide()

    @staticmethod
    def _law_words(found: Assessment) -> str:
        name = next((str(c.instrument.name) for c in _cited(found)), "")
        day = f"{found.as_of:%d/%m/%Y}"
        if found.law.law is None:
            return _("On {date}: which law governs cannot be told yet").format(date=day)
        return _("On {date}, under {law}").format(date=day, law=name)

    @staticmethod
    def _day_words(found: Assessment) -> str:
        for outcome in found.outcomes:
            use = outcome.usage
            if use is None or use.cap.days is None or outcome.result is Result.NOT_GRANTED:
                continue
            # Day 1 is the first day of support, whether or not she stays in a facility.
            ended = found.facts.events.get("essential_needs_end")
            last = min(found.as_of, day_of(ended)) if ended else found.as_of
            day = max((last - use.start).days + 1, 0)
            text = _("Day {day} of {days}").format(day=day, days=use.cap.days)
            if ended:
                text = _("Supported for {day} of {days} days, ended").format(
                    day=day, days=use.cap.days
                )
            if use.undecided:
                text += " · " + _("over the time, decision needed")
            return text
        return ""

    def _choose(self) -> None:
        line = self.list.chosen()
        self.why.setEnabled(line is not None)
        can = line is not None and _may_ask(line) and self.host.desk.info.profile == "commune"
        self.request.setVisible(self.host.desk.info.profile == "commune")
        self.request.setEnabled(can)
        again = line is not None and line.request is not None and line.request.state == "returned"
        self.request.setText(_("&Request again") if again else _("&Request"))

    # -- acting ----------------------------------------------------------------------------

    def explain(self) -> None:
        """Open the reasons of the chosen regime."""
        line = self.list.chosen()
        if line is not None:
            self._show_reasons(
                [kit.label(line.title, "subheading"), kit.label(line.result, "label")]
                + ([kit.label(line.request.text, tone=line.request.tone)] if line.request else [])
                + outcome_widgets(line.outcome, self._pack())
            )

    def explain_law(self) -> None:
        """Open the reasons for the governing law."""
        if self._found is not None:
            self._show_reasons(law_widgets(self._found, self._pack()))

    def show_all(self) -> None:
        """Back to the list."""
        if self._reasons.isHidden():
            return
        self._reasons.hide()
        self._all.show()
        self.list.setFocus()

    def showing_reasons(self) -> bool:
        """Whether the reasons are open."""
        return not self._reasons.isHidden()

    def ask_province(self) -> None:
        """Request the chosen regime from the province."""
        line = self.list.chosen()
        if line is None or not _may_ask(line) or self._case is None:
            return
        self.request.setEnabled(False)
        command = RequestEntitlement(self._case.row.case_id, self.person_id(), line.code)
        self.host.do(
            command,
            lambda record: self.host.undo.offer(
                _("Requested: {regime}").format(regime=line.title),
                lambda: self.host.do(VoidRecord("entitlement", record, _("Taken back at once"))),
            ),
            owner=self,
        )

    def _print(self) -> None:
        self.printing.emit(self.person_id())

    def _pack(self) -> Any:
        context = getattr(self.host.desk, "context", None)
        return getattr(context, "pack", None)

    def _show_reasons(self, widgets: list[QWidget]) -> None:
        kit.clear(self._place)
        for widget in widgets:
            self._place.addWidget(widget)
        self._all.hide()
        self._reasons.show()
        self._back.setFocus()


def _cited(found: Assessment) -> list[Any]:
    """Citations that name the governing law first."""
    own = [c for row in found.rows for c in row.cite if c.instrument.id == found.law.law]
    return own or list(found.law.cite)


def _may_ask(line: RegimeLine) -> bool:
    if line.outcome.result is Result.NOT_GRANTED:
        return False
    return line.request is None or line.request.state == "returned"
