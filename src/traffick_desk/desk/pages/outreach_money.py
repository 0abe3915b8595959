"""Money in one view: planned, approved, paid, forecast, by purpose and source."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages import outreach_words as words
from traffick_desk.desk.pages.case_lists import SmallTable
from traffick_desk.desk.pages.unit_panel import UnitPanel
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _
from traffick_desk.services.prevention.budget import Money, MoneyLine, MoneyView
from traffick_desk.services.prevention.commands import SavePlans
from traffick_desk.services.prevention.lists import UnitRecords
from traffick_desk.services.roles import PLANS_WRITE, may
from traffick_desk.services.views import RecordView


class MoneyTab(QWidget):
    """The table of a year; budgets are entered, the rest follows from what was paid."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("prevention_money")
        self._host = host
        self._budgets: tuple[RecordView, ...] = ()
        self.panel = UnitPanel(host, "budget")
        this = host.context.now().year
        self.year = QuietCombo()
        self.year.setObjectName("money_year")
        self.year.setAccessibleName(_("Year"))
        for year in (this + 1, *range(this, this - 10, -1)):
            self.year.addItem(str(year), year)
        self.year.setCurrentIndex(1)
        self.year.activated.connect(lambda _index: self.read())
        self.lines = SmallTable(
            "money_lines",
            _("Money of the year"),
            (_("Purpose"), _("Source of the money"), _("Planned"), _("Approved"), _("Paid"),
             _("Still to be paid"), _("Left")),
            shares=(4, 3, 3, 3, 3, 3, 3),
        )  # fmt: skip
        self.lines.doubleClicked.connect(lambda _index: self.change_budget())
        self.said = kit.label("", "muted", name="money_said")
        self.empty = kit.label(
            _(
                "No money of this year yet. Write down what is planned and approved for each "
                "purpose and source; what was paid follows from payments and activities."
            ),
            "muted",
        )
        self.regimes = SmallTable(
            "money_regimes",
            _("Support of victims by regime"),
            (_("Support regime"), _("Approved"), _("Paid"), _("Without an amount")),
            shares=(6, 3, 3, 2),
        )
        self._regime_card = kit.card(
            kit.label(_("Support of victims by regime"), "heading"), self.regimes, gap=12
        )
        new = kit.button(_("New &budget"), "budget_new", self.new_budget, icon="plus")
        change = kit.button(_("Open the budget"), "budget_open", self.change_budget)
        self._writes = may(host.desk.info.role, PLANS_WRITE)
        for button in (new, change):
            button.setVisible(self._writes)
        self.setLayout(
            kit.vbox(
                self.panel,
                kit.card(
                    kit.hbox(kit.label(_("Money of the year"), "heading", wrap=False), self.year,
                             None),
                    self.empty,
                    self.lines,
                    self.said,
                    kit.hbox(new, change, None),
                    gap=12,
                ),
                self._regime_card,
                None,
                gap=16,
            )
        )  # fmt: skip
        self.setFocusProxy(self.year)

    def read(self) -> None:
        """Read the year that is chosen."""
        year = self.year.currentData()
        self._host.ask(Money(year), self._show, owner=self)
        self._host.ask(UnitRecords("budget"), self._keep, owner=self)

    def _keep(self, found: tuple[RecordView, ...]) -> None:
        self._budgets = found

    def _show(self, found: MoneyView) -> None:
        rows: list[Any] = [(_cells(line), _look(line), line) for line in found.lines]
        if len(found.lines) > 1:
            total = found.total
            cells = _cells(total)
            rows.append(((_("Total"), *cells[1:]), _look(total), None))
        self.lines.show_rows(rows)
        self.empty.setVisible(not found.lines)
        parts = []
        if unknown := found.total.unknown:
            parts.append(_("Without an amount, not counted: {n}").format(n=unknown))
        if found.hidden:
            parts.append(_("What is paid to victims is seen by who reads cases."))
        self.said.setText(" · ".join(parts))
        self.said.setVisible(bool(parts))
        listed = SMALL_LISTS["regime"]
        self.regimes.show_rows(
            [
                (
                    (listed.label(r.regime), parsing.show_money(r.approved),
                     parsing.show_money(r.paid), str(r.unknown or "")),
                    ("", ""),
                    r,
                )
                for r in found.regimes
            ]
        )  # fmt: skip
        self._regime_card.setVisible(bool(found.regimes))

    def new_budget(self) -> None:
        """Write down a budget of the year that is shown."""
        suggest = {"year": self.year.currentData()}
        self.panel.open("budget", _("New budget"), SavePlans, suggest=suggest)

    def change_budget(self) -> None:
        """Change the budget of the chosen line; the newest of several."""
        chosen: MoneyLine | None = self.lines.chosen()
        if chosen is None or not self._writes:
            return
        year = self.year.currentData()
        wanted = (year, chosen.purpose, chosen.fund)
        own = [
            b for b in self._budgets
            if (b.get("year"), b.get("purpose"), b.get("fund") or "") == wanted
        ]  # fmt: skip
        if own:
            self.panel.open("budget", _("Budget"), SavePlans, record=own[-1])
        else:
            suggest = {"year": year, "purpose": chosen.purpose, "fund": chosen.fund or None}
            self.panel.open("budget", _("New budget"), SavePlans, suggest=suggest)


def _cells(line: MoneyLine) -> tuple[str, ...]:
    purpose = SMALL_LISTS["budget_purpose"].label(line.purpose) if line.purpose else ""
    fund = SMALL_LISTS["fund"].label(line.fund) if line.fund else _("not told")
    return (
        purpose,
        fund if line.purpose else "",
        words.money(line.planned),
        words.money(line.approved),
        parsing.show_money(line.paid),
        parsing.show_money(line.committed),
        words.money(line.left),
    )


def _look(line: MoneyLine) -> tuple[str, str]:
    return ("late", "late") if line.left is not None and line.left < 0 else ("", "")
