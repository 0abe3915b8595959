"""*Keeping data*: how long closed cases are kept, which are past it, and which are held."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages.case_finder import CaseFinder
from traffick_desk.desk.pages.erasure_words import held_line, past_line
from traffick_desk.desk.pages.list_of_words import fit, words_list
from traffick_desk.desk.parsing import show_date
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.erasure import RequestErasure
from traffick_desk.services.holds import EndHold, Held, HoldCase, Holds
from traffick_desk.services.retention import (
    Past,
    PastRetention,
    RetentionRule,
    Rule,
    SetRetention,
)
from traffick_desk.services.roles import CASE_READ, CASE_WRITE, RULES, may


class KeepingPage(Page):
    """The province's rule, the closed cases past it, and the holds."""

    permission = CASE_READ
    name = "keeping"
    label = N_("Keeping data")
    icon = "document"
    in_navigation = False
    belongs_to = "settings"
    interests = frozenset({"erasures", "cases", "rules"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._rule: Rule | None = None
        self._past: tuple[Past, ...] = ()
        self._held: tuple[Held, ...] = ()
        info = host.desk.info
        self._sets = info.profile == "province" and may(info.role, RULES)
        self._writes = may(info.role, CASE_WRITE)
        column = kit.vbox(
            kit.label(self.title(), "title"),
            kit.label(
                _(
                    "No law that could be read sets how long the files of victims are kept, so "
                    "the program knows no period: the province decides it. Nothing is erased by "
                    "itself; each case goes by a demand and the order of another person."
                ),
                "muted",
            ),
            self._rule_card(),
            self._past_card(),
            self._holds_card(),
            kit.hbox(
                kit.button(
                    _("What was erased, and certificates…"), "keeping_erased",
                    lambda: self.host.go("erasure"), role="quiet",
                ),
                None,
            ),
            None,
            gap=16,
        )  # fmt: skip
        inner = kit.panel(column)
        inner.setMaximumWidth(theme.current().px(860))
        row = kit.hbox(inner, None)
        row.setStretch(0, 10)
        self.set_body(row)

    # -- the parts ---------------------------------------------------------------------------

    def _form(
        self, place: Any, record: str, fields: tuple[str, ...], required: int, name: str
    ) -> RecordForm:
        """A form of these fields, the first *required* of which must be filled in."""
        kit.clear(place)
        form = RecordForm(
            REGISTRY[record], {}, context=self.host.context, fields=fields,
            required=fields[:required], name=name, keys=False,
        )  # fmt: skip
        place.addWidget(form)
        return form

    def _rule_card(self) -> QWidget:
        self.rule = kit.label("", name="keeping_rule")
        self._rule_place = kit.vbox()
        self.set_button = kit.button(
            _("Write the decision down"), "keeping_set", self.set_rule, role="primary"
        )
        change = kit.panel(kit.vbox(self._rule_place, kit.hbox(self.set_button, None), gap=12))
        change.setVisible(self._sets)
        self.rule_form = self._empty_rule()
        return kit.card(
            kit.label(_("How long closed cases are kept"), "heading"), self.rule, change,
            name="keeping_rule_card", gap=12,
        )  # fmt: skip

    def _empty_rule(self) -> RecordForm:
        fields = ("months", "decision", "made_on")
        return self._form(self._rule_place, "retention_rule", fields, 3, "keeping_rule_form")

    def _past_card(self) -> QWidget:
        self.past_model, self.past_view = words_list(
            self, "keeping_past", _("Closed cases past the period")
        )
        self.past_none = kit.label("", "muted", name="keeping_past_none")
        self.past_view.selectionModel().currentChanged.connect(self._enable)
        self.demand_button = kit.button(
            _("Write a demand to erase it"), "keeping_demand", self.ask_erasure
        )
        self.demand_button.setVisible(self._writes)
        self.look_button = kit.button(
            _("Look at the case"), "keeping_look", self._open_past, role="quiet"
        )
        return kit.card(
            kit.label(_("Closed cases past the period"), "heading"),
            self.past_none,
            self.past_view,
            kit.buttons(self.demand_button, self.look_button),
            name="keeping_past_card",
            gap=12,
        )

    def _holds_card(self) -> QWidget:
        self.held_model, self.held_view = words_list(self, "keeping_held", _("Cases that are held"))
        self.held_none = kit.label(
            _("No case is held. A held case cannot be erased, whoever asks."),
            "muted", name="keeping_held_none",
        )  # fmt: skip
        self.held_view.selectionModel().currentChanged.connect(self._enable)
        self.end_button = kit.button(_("The hold has ended…"), "keeping_end", self.ask_end)
        self.finder = CaseFinder(self.host, "keeping")
        self._hold_place = kit.vbox()
        self.hold_form = self._empty_hold()
        self.hold_button = kit.button(_("Hold the case"), "keeping_hold", self.hold, role="primary")
        new = kit.panel(
            kit.vbox(
                kit.label(_("Which case is needed, by whom, and what for?"), "label"),
                self.finder,
                self._hold_place,
                kit.hbox(self.hold_button, None),
                gap=12,
            )
        )
        new.setVisible(self._writes)
        self.end_button.setVisible(self._writes)
        return kit.card(
            kit.label(_("Cases that are held"), "heading"),
            self.held_none,
            self.held_view,
            kit.hbox(self.end_button, None),
            new,
            name="keeping_holds_card",
            gap=12,
        )

    def _empty_hold(self) -> RecordForm:
        fields = ("body", "paper_no", "since", "note")
        return self._form(self._hold_place, "legal_hold", fields, 1, "keeping_hold_form")

    # -- reading -----------------------------------------------------------------------------

    def refresh(self, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Ask for the rule, the cases past it, and the holds."""
        self.host.ask(RetentionRule(), self._show_rule, owner=self)
        self.host.ask(PastRetention(), self._show_past, owner=self)
        self.host.ask(Holds(), self._show_held, owner=self)

    def _show_rule(self, rule: Rule | None) -> None:
        self._rule = rule
        if rule is None:
            self.rule.setText(
                _("The province has not decided how long closed cases are kept; none is past it.")
            )
        else:
            months = ngettext("{n} month", "{n} months", rule.months).format(n=rule.months)
            self.rule.setText(
                _("{months} after closing, by {decision} of {day}.").format(
                    months=months,
                    decision=rule.decision,
                    day=show_date(date.fromisoformat(rule.made_on)),
                )
            )
        self._words_of_none()

    def _words_of_none(self) -> None:
        known = self._rule is not None
        self.past_none.setText(
            _("No closed case is past the period.") if known else _("There is no period yet.")
        )

    def _show_past(self, found: tuple[Past, ...]) -> None:
        self._past = found
        self.past_model.setStringList([past_line(self.host, one) for one in found])
        fit(self.past_view, len(found))
        self.past_none.setVisible(not found)
        if found:
            self.past_view.setCurrentIndex(self.past_model.index(0))
        self._enable()

    def _show_held(self, found: tuple[Held, ...]) -> None:
        self._held = found
        self.held_model.setStringList([held_line(self.host, one) for one in found])
        fit(self.held_view, len(found))
        self.held_none.setVisible(not found)
        if found:
            self.held_view.setCurrentIndex(self.held_model.index(0))
        self._enable()

    def _chosen_past(self) -> Past | None:
        row = self.past_view.currentIndex().row()
        return self._past[row] if 0 <= row < len(self._past) else None

    def _chosen_held(self) -> Held | None:
        row = self.held_view.currentIndex().row()
        return self._held[row] if 0 <= row < len(self._held) else None

    def _enable(self, *_args: object) -> None:
        past = self._chosen_past()
        self.look_button.setEnabled(past is not None)
        self.demand_button.setEnabled(past is not None and not past.held and not past.asked)
        self.end_button.setEnabled(self._chosen_held() is not None)

    def _open_past(self) -> None:
        if past := self._chosen_past():
            self.host.go("case", case_id=past.case_id)

    # -- doing -------------------------------------------------------------------------------

    def set_rule(self) -> None:
        """Write the province's decision down."""
        if not self.rule_form.check():
            return
        values = self.rule_form.values()

        def done(_record: str) -> None:
            self.rule_form = self._empty_rule()
            self.host.messages.tell(
                _("The decision is written down. Communes get it with the next bundle.")
            )

        command = SetRetention(
            int(values["months"]), str(values["decision"]), str(values["made_on"])
        )
        self.host.do(command, done, owner=self)

    def ask_erasure(self) -> None:
        """Write down the demand for the chosen case: the period is over."""
        past, rule = self._chosen_past(), self._rule
        if past is None or rule is None:
            return
        reason = _("The period for keeping was over on {day}.").format(
            day=show_date(date.fromisoformat(past.since))
        )
        command = RequestErasure(past.case_id, "retention", reason, rule.decision[:60])

        def done(_request: str) -> None:
            self.host.messages.tell(
                _("The demand is written down; nothing is erased yet."),
                _("Another person orders it under Erasing data."),
            )

        self.host.do(command, done, owner=self)

    def hold(self) -> None:
        """Hold the chosen case."""
        case = self.finder.chosen()
        if not case or not self.hold_form.check():
            return
        values = {name: str(v or "") for name, v in self.hold_form.values().items()}
        command = HoldCase(
            case,
            values.get("body", ""),
            values.get("paper_no", ""),
            values.get("since", ""),
            values.get("note", ""),
        )

        def done(_record: str) -> None:
            self.finder.clear()
            self.hold_form = self._empty_hold()
            self.host.messages.tell(_("The case is held."))

        self.host.do(command, done, owner=self)

    def ask_end(self) -> None:
        """Ask once more, then write down that the hold has ended."""
        held = self._chosen_held()
        if held is None:
            return
        self.host.dialogs.confirm(
            _("Does nobody need the data of {file_no} any more?").format(file_no=held.file_no),
            _("From today on the case can be erased on demand. All holds of the case end."),
            _("End the hold"),
            lambda: self.host.do(EndHold(held.case_id), owner=self),
        )
