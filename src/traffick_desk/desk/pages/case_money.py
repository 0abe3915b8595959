"""Payments: what is approved and not paid yet, the sums of each regime, and the receipt."""

from __future__ import annotations

from typing import Any

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.editors import Choice
from traffick_desk.desk.pages import case_lists as lists
from traffick_desk.desk.pages.case_section import CaseSection
from traffick_desk.desk.pages.record_list import RecordList
from traffick_desk.desk.pages.regime_list import regime_words
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import N_, _
from traffick_desk.services import money
from traffick_desk.services.money import Approved
from traffick_desk.services.paper_record import RECEIPT
from traffick_desk.services.views import CaseView

APPROVED_HEADS = (N_("Approved"), N_("Amount"), N_("Paid"), N_("Still to be paid"))
TOTAL_HEADS = (N_("Support regime"), N_("Approved"), N_("Paid"))


class MoneySection(CaseSection):
    """Approved amounts above the payments, sums below them."""

    def more(self) -> None:
        """Two tables and two buttons."""
        self.case: CaseView | None = None
        self.list: RecordList = self.parts["payment"][1]
        self.list.unfit = lambda _values: set() if self._approved() else {"entitlement"}
        self.table = lists.SmallTable(
            "approved", _("Approved amounts"), APPROVED_HEADS, shares=(5, 3, 3, 3)
        )
        self.table.selectionModel().currentChanged.connect(lambda *_: self._choose())
        self.table.doubleClicked.connect(lambda _index: self.pay_chosen())
        self.pay = kit.button(
            _("Pa&y this"), "payment_pay", self.pay_chosen, role="primary", icon="plus"
        )
        self.top = kit.panel(
            kit.vbox(
                kit.label(_("Approved by the province"), "subheading"),
                self.table,
                kit.hbox(self.pay, None),
            ),
            name="approved_block",
        )
        self.column.insertWidget(1, self.top)
        self.receipt = kit.button(
            _("Print the rec&eipt"), "payment_receipt", self._print, icon="print"
        )
        self.list.view.selectionModel().currentChanged.connect(lambda *_: self._choose())
        self.list.opened.connect(lambda _open: self._choose())
        self._receipt_place = kit.panel(kit.hbox(self.receipt, None))
        self.column.addWidget(self._receipt_place)
        self.totals = lists.SmallTable(
            "payment_totals", _("Sums of each regime"), TOTAL_HEADS, shares=(5, 3, 3)
        )
        self._totals_head = kit.label(_("Sums of each regime"), "subheading")
        self.column.addWidget(self._totals_head)
        self.column.addWidget(self.totals)

    def show_case(self, case: CaseView) -> None:
        """Show what is approved, what is paid, and the sums."""
        self.case = case
        found = self._approved()
        choices = [Choice(a.entitlement, self._words(a)) for a in found]
        self.list.context = self.context.with_choices(entitlement=choices)
        super().show_case(case)
        self.table.show_rows([self._row(a) for a in found])
        self.top.setVisible(bool(found))
        rows = [_total(t, regime_words(self.host, t.regime)) for t in money.totals(case)]
        self.totals.show_rows(rows)
        self._totals_head.setVisible(bool(rows))
        self._choose()

    def pay_chosen(self) -> None:
        """Open the form of a payment for the chosen approval, or the first that is open."""
        wanted = self.table.chosen()
        if wanted is None:
            wanted = next((a for a in self._approved() if a.open), None)
        if wanted is None:
            return
        values: dict[str, Any] = {"entitlement": wanted.entitlement}
        if self.several:
            values["person"] = wanted.person
        person = next((p for p in self.case.persons if p.id == wanted.person), None)
        if person is not None and person.get("name"):
            values["received_by"] = person.get("name")
        if wanted.code:
            values["regime"] = wanted.code
        if wanted.left:
            values["amount"] = wanted.left
        self.list.add(values)

    # -- inner -----------------------------------------------------------------------------

    def _approved(self) -> tuple[Approved, ...]:
        return money.approved(self.case) if self.case is not None else ()

    def _words(self, item: Approved) -> str:
        text = regime_words(self.host, item.regime)
        day = parsing.show_moment(item.decided_on)[:10] if item.decided_on else ""
        return f"{text} ({day})" if day else text

    def _row(self, item: Approved) -> tuple[lists.Row, tuple[str, str], Any]:
        words = self._words(item)
        if self.several:
            names = {p.id: self.host.privacy.name(p.get("name") or "") for p in self.case.persons}
            words = f"{words} · {names.get(item.person, '')}"
        if item.amount is None:
            amount, left = _("amount not available"), _("not known") if item.open else "–"
        else:
            amount, left = parsing.show_money(item.amount), parsing.show_money(item.left or 0)
        mark = ("clock", "due") if item.open else ("ok", "ok")
        return (words, amount, parsing.show_money(item.paid), left), mark, item

    def _choose(self) -> None:
        chosen = self.table.chosen()
        self.pay.setEnabled(
            self.list.form is None
            and (chosen.open if chosen is not None else any(a.open for a in self._approved()))
        )
        line = self.list.chosen()
        usable = line is not None and not line.voided and self.list.form is None
        self._receipt_place.setVisible(usable)

    def _print(self) -> None:
        line = self.list.chosen()
        if line is not None and not line.voided:
            self.paper_wanted.emit(RECEIPT, str(line.values.get("person") or ""), line.id)


def _total(found: money.Total, words: str) -> tuple[lists.Row, tuple[str, str], Any]:
    if found.regime in SMALL_LISTS["regime"].codes():
        words = SMALL_LISTS["regime"].label(found.regime)
    approved = parsing.show_money(found.approved)
    if found.unknown:
        none = _("amount not available")
        approved = _("{amount}, and: {more}").format(amount=approved, more=none)
        approved = approved if found.approved else none
    return (words, approved, parsing.show_money(found.paid)), ("", ""), found
