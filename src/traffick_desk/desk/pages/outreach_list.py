"""The list of activities and materials, with filters and the totals of the year."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages import outreach_words as words
from traffick_desk.desk.search_field import SearchField
from traffick_desk.desk.tables import Column, ListModel, ListTable
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.prevention.lists import OutreachFilter, OutreachList, OutreachRow
from traffick_desk.services.prevention.totals import PreventionTotals, Totals

SEARCH_AFTER_MS = 150


class OutreachTable(QWidget):
    """Filters above a table; below it what the year adds up to.

    Signals:
        opened: an entry is to be shown; Emits: its type and id.
    """

    opened = Signal(str, str)

    def __init__(self, host: Host, new: Any) -> None:
        super().__init__()
        self._host = host
        self._ids: tuple[str, ...] = ()
        self._total = 0
        self.model = ListModel(self._columns(), self._fetch, host.jobs, self)
        self.model.trouble.connect(host.fail)
        self.model.loaded.connect(lambda _count: self._came())
        self.table = ListTable(
            self.model,
            "outreach",
            _("List of activities and materials"),
            empty=self._empty(new),
            preferences=host.preferences,
        )
        self.table.opened.connect(lambda row: self.opened.emit(row.entry.type, row.entry.id))
        self.search = SearchField(
            "outreach_search", _("Title, place, organiser… with or without accents")
        )
        self._wait = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._wait.timeout.connect(self.read)
        self.search.textChanged.connect(lambda _text: self._wait.start())
        self.year = self._combo("outreach_year", _("Year"), self._years())
        self.kind = self._combo("outreach_kind", _("Kind"), self._kinds())
        self.state = self._combo("outreach_state", _("State"), self._states())
        self.campaign = self._combo("outreach_campaign", _("Campaign"), self._campaigns())
        tools: list[QWidget] = [self.search, self.year, self.kind, self.state, self.campaign]
        find = kit.buttons(*tools)
        self.only = kit.label("", name="outreach_only", wrap=False)
        self.all_button = kit.button(_("Show all"), "outreach_all", self.show_all, role="quiet")
        self._only_row = kit.panel(kit.hbox(self.only, self.all_button, None))
        self._only_row.hide()
        self.count = kit.label("", "muted", name="outreach_count", wrap=False)
        self.sums = kit.label("", name="outreach_sums")
        body = kit.vbox(find, self._only_row, self.table, self.sums, self.count, gap=8)
        body.setStretch(2, 1)
        self.setLayout(body)
        self.setFocusProxy(self.table)

    def _columns(self) -> list[Column]:
        columns = [
            Column("when", _("When"), lambda r: words.when(r.entry.first, r.entry.last), "since",
                   chars=13),
            Column("kind", _("Kind"), lambda r: words.kind(r.entry), "kind", chars=17),
            Column("title", _("What it is about"), lambda r: r.entry.title, "title", chars=32),
            Column("numbers", _("Numbers"), self._numbers, chars=26),
            Column("state", _("State"), words.state, "state", chars=14, tone=words.tone),
        ]  # fmt: skip
        if self._host.desk.info.profile == "province":
            columns.append(Column("unit", _("Unit"), lambda r: r.unit_name, "unit", chars=20))
        return columns

    @staticmethod
    def _numbers(row: OutreachRow) -> str:
        parts = [words.numbers(row.entry)]
        if row.listed:
            parts.append(ngettext("{n} name", "{n} names", row.listed).format(n=row.listed))
        return " · ".join(p for p in parts if p)

    def _empty(self, new: Any) -> QWidget:
        self._nothing = kit.empty_state(
            _("No activity is written down here yet."),
            _(
                "Conferences, classes, talks, broadcasts, leaflets and panels against human "
                "trafficking come here, planned or carried out. Their totals go into the reports "
                "by themselves."
            ),
            _("Example: a talk on 30/7 in the house of culture, 120 persons, 70 of them women."),
            kit.button(_("Write down an activity"), "outreach_empty_new", new, icon="plus"),
            icon="persons",
        )
        self._no_hit = kit.empty_state(
            _("Nothing fits what is chosen above."),
            _("Take a filter away, or show all."),
            action=kit.button(_("Show all"), "outreach_no_hit", self.show_all),
            icon="search",
        )
        self._no_hit.hide()
        return kit.panel(kit.vbox(self._nothing, self._no_hit))

    def _combo(self, name: str, label: str, items: list[tuple[str, Any]]) -> QuietCombo:
        combo = QuietCombo()
        combo.setObjectName(name)
        combo.setAccessibleName(label)
        # As wide as a usual choice, not as its longest.
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(12)
        for text, value in items:
            combo.addItem(text, value)
        combo.currentIndexChanged.connect(lambda _index: self.read())
        return combo

    def _years(self) -> list[tuple[str, Any]]:
        this = self._host.context.now().year
        years = [this + 1, *range(this, this - 16, -1)]
        return [(_("All years"), 0), *((str(y), y) for y in years)]

    @staticmethod
    def _kinds() -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = [
            (_("All kinds"), ""), (_("Activities"), "activity"), (_("Materials"), "material"),
        ]  # fmt: skip
        for name in ("activity_kind", "material_kind"):
            listed = SMALL_LISTS[name]
            found += [(listed.label(code), code) for code in listed.codes()]
        return found

    @staticmethod
    def _states() -> list[tuple[str, Any]]:
        listed = SMALL_LISTS["activity_state"]
        return [(_("Every state"), ""), *((listed.label(c), c) for c in listed.codes())]

    @staticmethod
    def _campaigns() -> list[tuple[str, Any]]:
        listed = SMALL_LISTS["campaign"]
        return [(_("Every campaign"), ""), *((listed.label(c), c) for c in listed.codes())]

    # -- reading ----------------------------------------------------------------------------

    def wanted(self) -> OutreachFilter:
        """What the filters say."""
        return OutreachFilter(
            text=self.search.text(),
            year=self.year.currentData() or 0,
            kind=self.kind.currentData() or "",
            state=self.state.currentData() or "",
            campaign=self.campaign.currentData() or "",
            ids=self._ids,
        )

    def show_only(self, ids: tuple[str, ...], what: str) -> None:
        """Show the entries behind a figure."""
        self._ids = ids
        self.only.setText(what)
        self._only_row.setVisible(bool(ids))
        self.read()

    def show_all(self) -> None:
        """Take all filters away."""
        self._ids = ()
        self._only_row.hide()
        self.search.clear()
        for combo in (self.year, self.kind, self.state, self.campaign):
            combo.setCurrentIndex(0)
        self.read()

    def read(self) -> None:
        """Read the list and the totals anew."""
        self._wait.stop()
        self._wanted = self.wanted()
        self.model.reload()
        year = self._wanted.year or self._host.context.now().year
        query = PreventionTotals(
            date(year, 1, 1), date(year, 12, 31), campaign=self._wanted.campaign
        )
        self._host.ask(query, lambda found: self._summed(year, found), owner=self)

    def _fetch(self, order: str, offset: int, limit: int) -> list[OutreachRow]:
        # Newest first until the officer chooses otherwise.
        page = self._host.desk.ask(OutreachList(self._wanted, _ordered(order), offset, limit))
        self._total = page.total
        return list(page.rows)

    _wanted = OutreachFilter()

    def _came(self) -> None:
        filtered = self._wanted != OutreachFilter()
        self._nothing.setVisible(not filtered)
        self._no_hit.setVisible(filtered)
        words_of = ngettext("{n} entry", "{n} entries", self._total)
        self.count.setText(words_of.format(n=parsing.show_integer(self._total)))

    def _summed(self, year: int, found: Totals) -> None:
        self.sums.setText(sums_words(year, found))


def _ordered(order: str) -> str:
    # By day the newest stands first; the arrow of the column turns it round.
    if order == "since":
        return "-since"
    return "since" if order == "-since" else order


def sums_words(year: int, found: Totals) -> str:
    """What the year adds up to, in a line or two."""
    parts = []
    for name in ("times", "persons", "attendances"):
        count = found.over("activity", name)
        if count.known:
            label = (
                _("Activities") if name == "times" else SMALL_LISTS["activity_count"].label(name)
            )
            parts.append(f"{label}: {count.shown()}")
    out = found.over("material", "handed_out")
    if out.known:
        parts.append(_("Materials handed out: {n}").format(n=out.shown()))
    if found.cost.known:
        parts.append(_("Cost: {amount}").format(amount=parsing.show_money(found.cost.number)))
    if found.planned:
        parts.append(_("Still planned: {n}").format(n=len(found.planned)))
    if found.beyond:
        parts.append(_("Not counted, over several years: {n}").format(n=len(found.beyond)))
    if found.twice:
        parts.append(_("Perhaps counted twice: {n}").format(n=len(found.twice)))
    line = " · ".join(parts) if parts else _("nothing carried out yet")
    return _("Year {year}: {sums}").format(year=year, sums=line)
