"""*Rules*: what the law gives as this desk goes by it, with article and source."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors import Choice
from traffick_desk.desk.editors.choice import ToggleRow
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages.rules_prepare import Prepare
from traffick_desk.desk.pages.rules_signed import SignedCard
from traffick_desk.desk.tables import Column, ListModel, ListTable
from traffick_desk.i18n import N_, _, ngettext, pgettext
from traffick_desk.law import Code
from traffick_desk.law.amend_words import level_amount
from traffick_desk.law.pack import Level, Pack
from traffick_desk.law.words import spell
from traffick_desk.services.rules import RulesInForce, RulesView

ALL, MISSING, OWN = "all", "missing", "own"


class RulesPage(Page):
    """The levels of support in a list, one of them in full; the province sets them from here."""

    name = "rules"
    label = N_("Rules")
    icon = "law"
    interests = frozenset({"rules"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.view: RulesView | None = None
        self._national: dict[str, Level] = {}
        self.stack = QStackedWidget()
        self.stack.addWidget(self._reading())
        self.prepare: Prepare | None = None
        self.set_body(kit.vbox(self.stack), scrolls=False)
        self.setFocusProxy(self.table)

    # -- building --------------------------------------------------------------------------

    def _reading(self) -> QWidget:
        self.about = kit.label("", "muted", name="rules_about")
        self.warning = kit.label("", "due", name="rules_warning")
        self.warning.hide()
        self.prepare_button = kit.button(
            _("Prepare rules"), "rules_open", self.open_preparation, role="primary", icon="edit"
        )
        self.prepare_button.hide()
        self.signed_button = kit.button(
            _("Signed texts"), "rules_signed_show", self._show_signed, role="quiet"
        )
        self.signed_button.setCheckable(True)
        self.signed = SignedCard(self.host)
        self.signed.hide()
        pack: Pack = self.host.desk.context.pack
        self.law = ToggleRow(
            [Choice(key, str(pack.instruments[key].name)) for key in _newest_first(pack)],
            "rules_law",
            _("Law"),
        )
        self.law.press(_newest_first(pack)[:1])
        self.which = ToggleRow(
            [
                Choice(ALL, _("All")),
                Choice(MISSING, _("Amount not available")),
                Choice(OWN, _("Set by the province")),
            ],
            "rules_which",
            _("Which"),
        )
        self.which.press([ALL])
        for row in (self.law, self.which):
            row.toggled.connect(self._filter)
        self.model = ListModel(self._columns(), self._fetch, parent=self)
        self.table = ListTable(
            self.model,
            "rules",
            _("Levels of support"),
            empty=kit.empty_state(
                _("Nothing here"),
                _("No level of this kind. Choose another law or “All”."),
                icon="law",
            ),
            preferences=self.host.preferences,
        )
        self.table.picked.connect(self._show_level)
        self.detail = kit.vbox(gap=4)
        place = kit.panel(kit.vbox(self.detail, None))
        scroll = kit.scroll(place, "rules_detail_scroll")
        self.set_button = kit.button(
            _("Set the amount from a day on"), "rules_set", self._set_amount, icon="edit"
        )
        self.end_button = kit.button(
            _("End this level"), "rules_end", self._end_level, icon="void", role="quiet"
        )
        self._actions = kit.panel(kit.buttons(self.set_button, self.end_button))
        self._actions.hide()
        card = kit.card(scroll, self._actions, name="rules_detail")
        card.setMinimumWidth(theme.current().px(320))
        card.layout().setStretch(0, 1)
        body = kit.hbox(self.table, card, gap=12)
        body.setStretch(0, 5)
        body.setStretch(1, 3)
        title = kit.label(self.title(), "title", wrap=False)
        head = kit.hbox(title, None, self.signed_button, self.prepare_button)
        filters = kit.buttons(self.law, self.which)
        column = kit.vbox(
            head, self.about, self.warning, self.signed, kit.panel(filters), kit.panel(body)
        )
        column.setStretch(5, 1)
        return kit.panel(column)

    @classmethod
    def title(cls) -> str:
        """The word of the navigation."""
        return pgettext("page", "Rules")

    def _columns(self) -> list[Column]:
        return [
            Column("regime", _("Regime"), self._letter, "", 5),
            Column("what", _("What is given"), lambda r: str(r.label), "", 26),
            Column("amount", _("Amount"), self._amount, "", 24, tone=_tone),
            Column("valid", _("In force"), _days, "", 20),
        ]

    # -- reading -----------------------------------------------------------------------------

    def refresh(self, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Ask for the rules in force."""
        self.host.ask(RulesInForce(), self._came, owner=self)

    def _came(self, view: RulesView) -> None:
        self.view = view
        self._national = {level.id: level for level in view.national.levels}
        self.about.setText(_about(view))
        problems = list(view.unfit)
        if view.refused:
            problems.insert(
                0,
                ngettext(
                    "{n} newer text cannot be used here: it is not signed by your province, or "
                    "it needs a newer program.",
                    "{n} newer texts cannot be used here: they are not signed by your province, "
                    "or they need a newer program.",
                    view.refused,
                ).format(n=view.refused),
            )
        self.warning.setText("\n".join(problems))
        self.warning.setVisible(bool(problems))
        self.prepare_button.setVisible(view.may_sign)
        words = _("Go on preparing") if view.draft else _("Prepare rules")
        self.prepare_button.setText(words)
        self.prepare_button.setAccessibleName(words)
        self._actions.setVisible(view.may_sign)
        self.signed.show_view(view)
        self.signed_button.setVisible(bool(view.texts))
        self._filter()

    def _filter(self) -> None:
        for row in (self.law, self.which):
            if not row.pressed():
                row.press([row.buttons()[0].objectName().rpartition("_")[2]])
        self.model.reload()
        if self.model.rowCount():
            self.table.view.setCurrentIndex(self.model.index(0, 0))
        self._show_level(self.model.row(0))

    def _fetch(self, _order: str, offset: int, limit: int) -> list[Level]:
        if self.view is None:
            return []
        law, which = self.law.pressed()[0], self.which.pressed()[0]
        found = [
            level
            for level in self.view.pack.levels
            if level.law == law
            and (which != MISSING or _is_missing(level))
            and (which != OWN or level.amended or level.province is not None)
        ]
        return found[offset : offset + limit]

    def _letter(self, level: Level) -> str:
        known = level.regime in self.view.pack.matrices[level.law].regimes
        return f"{level.regime})" if known else "–"

    def _regime(self, level: Level) -> str:
        matrix = self.view.pack.matrices[level.law]
        regime = matrix.regimes.get(level.regime)
        return f"{level.regime}) {regime.label}" if regime else _("for reference")

    def _amount(self, level: Level) -> str:
        return level_amount(level, self.view.pack)

    def _show_level(self, level: Level | None) -> None:
        kit.clear(self.detail)
        for made in (self.set_button, self.end_button):
            made.setEnabled(level is not None and self._base(level) is not None)
        if level is None or self.view is None:
            return
        pack = self.view.pack
        lines = [
            kit.label(str(level.label), "heading"),
            kit.label(self._regime(level), "muted"),
            kit.label(self._amount(level), "late" if _is_missing(level) else "label"),
        ]
        facts = [_span(level)]
        if level.province is not None:
            facts.append(
                _("Only in {province}").format(province=pack.provinces[level.province].name)
            )
        if level.amended:
            facts.append(_("Set by the province upon the national rules."))
        facts += [str(cite) for cite in level.cite]
        facts.append(level.mark.label[:1].upper() + level.mark.label[1:])
        if level.cap is not None and level.cap.days:
            facts.append(_("For at most {n} days").format(n=level.cap.days))
        if level.note is not None:
            facts.append(str(level.note))
        facts += [f"{q}: {pack.questions[q].text}" for q in level.questions]
        sources = "; ".join(dict.fromkeys(s for cite in level.cite for s in cite.sources))
        facts.append(_("Source: {source}").format(source=sources))
        for widget in (*lines, *(kit.label(text) for text in facts)):
            self.detail.addWidget(widget)

    def _base(self, level: Level) -> str | None:
        """The national level that an entry of the province can name."""
        name = level.id.partition("@")[0]
        return name if name in self._national else None

    def _show_signed(self) -> None:
        self.signed.setVisible(self.signed_button.isChecked())

    # -- preparing -----------------------------------------------------------------------------

    def open_preparation(self) -> Prepare | None:
        """Show what is prepared."""
        if self.view is None or not self.view.may_sign:
            return None
        if self.prepare is None:
            self.prepare = Prepare(self.host)
            self.prepare.closed.connect(self._prepared)
            self.stack.addWidget(kit.scroll(self.prepare, "rules_prepare_scroll"))
        self.prepare.show_view(self.view)
        self.stack.setCurrentIndex(1)
        return self.prepare

    def _prepared(self) -> None:
        self.stack.setCurrentIndex(0)
        self.refresh(frozenset())
        self.table.setFocus()

    def _set_amount(self) -> None:
        self._prepare_level(Prepare.set_amount)

    def _end_level(self) -> None:
        self._prepare_level(Prepare.end_level)

    def _prepare_level(self, act: Any) -> None:
        level = self.table.current()
        base = self._base(level) if level is not None else None
        if base is not None and (prepare := self.open_preparation()) is not None:
            act(prepare, base)

    def save_drafts(self) -> None:
        """Keep what is prepared."""
        if self.prepare is not None and self.stack.currentIndex() == 1:
            self.prepare.keep()

    def back(self) -> bool:
        """Esc leaves the preparation; it is kept."""
        if self.stack.currentIndex() == 1:
            self.prepare.leave()
            return True
        return False

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        if self.view is None or not self.view.may_sign:
            return []
        return [PageCommand(_("Prepare rules"), self.open_preparation, "edit")]


def _newest_first(pack: Pack) -> list[str]:
    found = sorted(pack.matrices.values(), key=lambda m: m.valid.start or date.min, reverse=True)
    return [matrix.law for matrix in found]


def _days(level: Level) -> str:
    start, end = level.valid.start, level.valid.end
    return f"{spell(start) if start else ''} – {spell(end) if end else ''}".strip()


def _span(level: Level) -> str:
    start, end = level.valid.start, level.valid.end
    if start and end:
        return _("In force from {start} to {end}").format(start=spell(start), end=spell(end))
    if start:
        return _("In force from {start}").format(start=spell(start))
    return _("In force until {end}").format(end=spell(end)) if end else _("In force")


def _is_missing(level: Level) -> bool:
    return level.amount.code is Code.NOT_FOUND or level.amount.rate_not_found


def _tone(level: Level) -> str:
    return "due" if _is_missing(level) else ""


def _about(view: RulesView) -> str:
    text = _("National rules, version {version}, checked on {day}.").format(
        version=view.national.version, day=spell(view.national.last_checked)
    )
    if view.number:
        signed = spell(date.fromisoformat(view.signed_at[:10]))
        own = _("Rules of the province number {number}, signed on {day}.")
        return f"{text} {own.format(number=view.number, day=signed)}"
    return f"{text} {_('The province has not signed any rules of its own.')}"
