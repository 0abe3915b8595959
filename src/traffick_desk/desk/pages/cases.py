"""*Cases*: every case of this desk, found by typing, filtered and sorted in the encrypted file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton

from traffick_desk.desk import kit, theme
from traffick_desk.desk.fitting_row import FittingRow
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages import case_words as words
from traffick_desk.desk.pages.case_arrange import Arranged
from traffick_desk.desk.pages.case_filters import Filters
from traffick_desk.desk.pages.case_groups import (
    CaseModel,
    GroupDelegate,
    GroupedSource,
    GroupNameDelegate,
    GroupRow,
)
from traffick_desk.desk.pages.case_saved import Columns, SavedLists
from traffick_desk.desk.pages.case_source import MOST_HITS, CaseSource
from traffick_desk.desk.pages.commune_box import CommuneBox
from traffick_desk.desk.pages.leaving import LeavingDialog
from traffick_desk.desk.search_field import SearchField
from traffick_desk.desk.shortcuts import Keys
from traffick_desk.desk.tables import Column, ListTable
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_tip import TIP, TIP_SETTLED, TIP_STAGES
from traffick_desk.i18n import N_, _, ngettext, pgettext
from traffick_desk.services.case_filter import CaseFilter
from traffick_desk.services.case_lists import (
    ListLook,
    ListSettings,
    OfficersOfCases,
)
from traffick_desk.services.roles import CASE_READ

SEARCH_AFTER_MS = 150
# Which columns step back first when there is no room; what an officer asked for stays.
LESS_TELLING = ("stage", "born", "status", "sync")
# Below this width (px at 100 %) the filters fold behind a button.
NARROW = 760


class CasesPage(Arranged, Page):
    """The list of cases."""

    name = "cases"
    label = N_("Cases")
    icon = "cases"
    permission = CASE_READ
    interests = frozenset({"cases", "lists"})
    ahead = ("case",)

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._source: Any = CaseSource(host.desk.ask, CaseFilter())
        self._group, self._to_row = "", -1
        self.model = CaseModel(
            self._columns(),
            self._source.fetch,
            self._source.count,
            host.jobs,
            self,
            marks={
                "sync": self._sync_mark,
                "file_no": self._conflict_mark,
                "born": self._group_mark,
            },
        )
        # Officers look for people: by name, until they choose otherwise.
        self.model.start_with("name")
        self.model.trouble.connect(host.fail)
        self.model.loaded.connect(self._came)
        self.table = ListTable(
            self.model,
            "cases",
            _("List of cases"),
            empty=self._empty(),
        )
        self.table.opened.connect(self._open)
        self.table.view.setItemDelegate(GroupDelegate(self.table.view))
        self.name_delegate = GroupNameDelegate(self.table.view, self._typed)
        self.table.view.setItemDelegateForColumn(1, self.name_delegate)
        self.search = SearchField(
            "cases_search", _("Name, file number, paper… with or without accents")
        )
        self._wait = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._wait.timeout.connect(self.read)
        self.search.textChanged.connect(lambda _text: self._wait.start())
        self.search.returnPressed.connect(self._to_list)
        new = kit.button(
            _("New intake"),
            "cases_new",
            lambda: host.go("intake"),
            role="primary",
            icon="plus",
            tooltip=f"{_('New intake')} ({Keys.NEW.shown})",
        )
        self._title = kit.label(self.title(), "title", name="cases_title", wrap=False)
        self.count = kit.label("", "muted", name="cases_count", wrap=False)
        papers = kit.button(
            _("Monthly list, blank forms"),
            "cases_papers",
            lambda: host.go("paper_office"),
            icon="print",
        )
        tip = kit.button(
            _("New tip"),
            "cases_tip",
            lambda: host.go("tip_new"),
            icon="phone",
            tooltip=f"{_('New tip')} ({Keys.TIP.shown})",
        )
        self.hand_button = kit.button(
            _("Hand over…"), "cases_hand_over", self.hand_over, icon="person"
        )
        acts = FittingRow("cases_acts", self.hand_button, papers, tip, keep=(new,), right=True)
        head = kit.hbox(self._title, self.count, None, acts)
        find = kit.hbox(self.search)
        self.communes = self._communes()
        if self.communes is not None:
            find.addWidget(self.communes)
        find.setStretch(0, 1)
        self.columns = Columns(host, self.table, "name")
        self.saved = SavedLists(host, self, self._as_saved)
        self.saved.chosen.connect(self.show_saved)
        self.more = Filters(host.desk.info.officer_name, host.context)
        self.more.changed.connect(self.read)
        self.group_menu = self._group_menu()
        self.tools = FittingRow("cases_tools", *self._tools(), right=True)
        find.addWidget(self.tools)
        self.filters = kit.button(_("Stages"), "cases_filter", icon="menu")
        self.filters.setCheckable(True)
        self.filters.toggled.connect(lambda _on: self._fold())
        find.addWidget(self.filters)
        self.chips = self._chips()
        take_in = kit.button(
            _("Take in an old register…"), "cases_register", self._register, role="quiet",
            icon="import",
        )  # fmt: skip
        save = kit.button(
            _("Save this list as a file…"), "cases_export", self._save_list, role="quiet",
            icon="export",
        )  # fmt: skip
        same = kit.button(
            _("Possibly the same person…"), "cases_same", lambda: host.go("same"), role="quiet",
            icon="persons",
        )  # fmt: skip
        foot = kit.hbox(FittingRow("cases_foot", take_in, save, same), None)
        body = kit.vbox(head, find, self.chips, self.more, self.table, foot)
        body.setStretch(4, 1)
        self.set_body(body, scrolls=False)
        self.setFocusProxy(self.table)
        for key, act in ((Keys.FIND, self.find), (Keys.LISTS, self.show_lists)):
            shortcut = QShortcut(QKeySequence(key.keys), self)
            shortcut.activated.connect(act)
        self.table.view.folded.connect(self._fold_group)
        self._know(ListLook())
        self.columns.restore(self._look)
        host.ask(ListSettings(), self._as_left, owner=self)

    @classmethod
    def title(cls) -> str:
        """The word of the navigation, shorter than that of the records."""
        return pgettext("page", "Cases")

    # -- building --------------------------------------------------------------------------

    def _columns(self) -> list[Column]:
        host = self.host

        def today() -> Any:
            return host.context.now().date()

        sent = _("Sent") if host.desk.info.profile == "commune" else _("Answer")
        columns = [
            Column("file_no", _("File number"), lambda r: r.file_no, "opened_on", 16),
            Column("name", _("Full name"), self._who, "name", 25),
            Column("born", _("Born (age)"), lambda r: words.born(r, today()), "birth", 17),
            Column("status", _("Status"), words.status, "status", 19),
            Column("stage", _("Stage"), lambda r: words.label("stage", r.stage), "stage", 18),
            Column(
                "due",
                _("Next deadline"),
                lambda r: words.due(r, today()),
                "due",
                14,
                tone=lambda r: words.due_tone(r, today()),
            ),
            Column("officer", _("Officer in charge"), lambda r: r.officer, "officer", 18),
            Column("opened_on", _("Received on"), words.opened, "opened_on", 12),
            Column("return_form", _("How the person came"), words.return_form, "", 18),
            Column("sync", sent, self._sync, "", 14),
        ]
        if host.desk.info.profile == "province":
            units = getattr(getattr(host.desk, "context", None), "units", None)

            def commune(row: Any) -> str:
                known = units is not None and row.unit in units
                return units.get(row.unit).name if known else str(row.unit)

            columns.insert(2, Column("unit", _("Commune"), commune, "unit", 18))
        return columns

    def _who(self, row: Any) -> str:
        if row.hidden:
            return _("restricted to named officers")
        return words.tip_words(row.tip) if row.tip else self.host.privacy.name(row.name)

    def _sync(self, row: Any) -> str:
        return words.sync(row) if self._tells(row) else ""

    def _sync_mark(self, row: Any) -> tuple[str, str] | None:
        return words.sync_mark(row) if self._tells(row) else None

    def _tells(self, row: Any) -> bool:
        # The province has every case from its commune; only its own answers travel back.
        if row.hidden:
            return False
        return self.host.desk.info.profile == "commune" or row.sync != "received"

    def _typed(self) -> str:
        return self.search.text()

    @staticmethod
    def _conflict_mark(row: Any) -> tuple[str, str] | None:
        if row.hidden:
            return ("lock", "muted")
        return ("conflict", "due") if row.conflicts else None

    @staticmethod
    def _group_mark(row: Any) -> tuple[str, ...] | None:
        return ("persons", "muted", _("Received together with others")) if row.grouped else None

    def _empty(self) -> Any:
        new = kit.button(_("New intake"), "cases_empty_new", lambda: self.host.go("intake"))
        return kit.empty_state(
            _("No case fits."),
            _(
                "Every person who was received has a case here. Type fewer letters or take a "
                "filter away; or begin with a new intake."
            ),
            _("Example: “dang thi” finds Đặng Thị, “0007” finds TDK7Q-0007/2026."),
            new,
            icon="cases",
        )

    def _chips(self) -> Any:
        flow = kit.FlowLayout(8)
        self.stages: dict[str, QPushButton] = {}
        for code in ("", *SMALL_LISTS["stage"].codes()):
            text = SMALL_LISTS["stage"].label(code) if code else _("All stages")
            text = {TIP: _("Tips"), TIP_SETTLED: _("Tips, settled")}.get(code, text)
            chip = kit.button(text, f"stage_{code or 'all'}", role="choice")
            chip.setCheckable(True)
            chip.clicked.connect(lambda _on=False, code=code: self._stage(code))
            self.stages[code] = chip
            flow.addWidget(chip)
        self.stages[""].setChecked(True)
        self.conflicts = kit.button(_("Two values"), "only_conflicts", role="choice")
        self.unsent = kit.button(_("Not sent"), "only_unsent", role="choice")
        for chip in (self.conflicts, self.unsent):
            chip.setCheckable(True)
            chip.toggled.connect(lambda _on: self.read())
            flow.addWidget(chip)
        return kit.panel(flow, name="cases_chips")

    def _communes(self) -> CommuneBox | None:
        info = self.host.desk.info
        units = getattr(getattr(self.host.desk, "context", None), "units", None)
        if info.profile != "province" or units is None or info.unit not in units:
            return None
        box = CommuneBox(units, info.unit)
        box.wanted.connect(self.read)
        return box

    # -- reading -----------------------------------------------------------------------------

    def opened(self, text: str = "", **_more: Any) -> None:
        """Show the list as it was left; *text* is searched for when given."""
        if text:
            self.search.setText(text)
        self.host.ask(OfficersOfCases(), self.more.know_officers, owner=self)
        self.refresh(frozenset())

    def _as_left(self, look: ListLook) -> None:
        self._know(look)
        if look.columns:
            self.columns.restore(look)
            self._fit_columns()

    def refresh(self, changed: frozenset[str]) -> None:
        """Read again, without leaving the place."""
        if "lists" in changed:
            self.host.ask(ListSettings(), self._know, owner=self)
            if "cases" not in changed:
                return
        self._source = self._source.anew()
        self.model.set_source(self._source.fetch, self._source.count, stay=True)

    def read(self) -> None:
        """Read with the filter that is set now."""
        self._wait.stop()
        wanted = replace(
            self.more.filter,
            text=self.search.text().strip(),
            stage=next((c for c, chip in self.stages.items() if chip.isChecked()), ""),
            unit=str(self.communes.currentData() or "") if self.communes else "",
            conflicts=self.conflicts.isChecked(),
            unsent=self.unsent.isChecked(),
        )
        if wanted == self._source.filter:
            return
        self._take(self._made(wanted))

    def _stage(self, code: str) -> None:
        for other, chip in self.stages.items():
            chip.setChecked(other == code)
        self.read()

    def _entitle(self) -> None:
        tips = self._source.filter.stage in TIP_STAGES
        self.model.entitle(
            {
                "name": _("Urgency, place") if tips else _("Full name"),
                "status": _("How far it is") if tips else _("Status"),
            }
        )

    def _came(self, total: int) -> None:
        if self._to_row >= 0:
            self.table.view.setCurrentIndex(self.model.index(self._to_row, 1))
            self._to_row = -1
        if isinstance(self._source, GroupedSource):
            total = self._source.cases()
        most = bool(self._source.filter.text) and total >= MOST_HITS
        if self._source.filter.stage in TIP_STAGES:
            text = ngettext("{n} tip", "{n} tips", total)
        else:
            text = ngettext("{n} case", "{n} cases", total)
        text = text.format(n=f"{total:,}".replace(",", "."))
        if most:
            text = _("the first {n}; type more to narrow it down").format(n=total)
        self.count.setText(text)

    def resizeEvent(self, event: Any) -> None:
        """In a narrow window the less telling columns step back."""
        super().resizeEvent(event)
        self._fit_columns()
        self._fold()

    def _fold(self) -> None:
        look = theme.current()
        narrow = self.width() < look.px(NARROW)
        self.filters.setVisible(narrow)
        self.chips.setVisible(not narrow or self.filters.isChecked())

    def _fit_columns(self) -> None:
        numbers = {c.name: n for n, c in enumerate(self.model.columns)}
        room = self.width() - theme.current().px(72)
        # What steps back for want of room comes back with it, and is not remembered.
        self.columns.quietly(self.columns.apply)
        for name in LESS_TELLING:
            needed = sum(self._wanted_width(n) for n in numbers.values())
            if needed <= room:
                return
            self.columns.quietly(lambda n=name: self.table.view.setColumnHidden(numbers[n], True))

    def _wanted_width(self, number: int) -> int:
        view = self.table.view
        if view.isColumnHidden(number):
            return 0
        if number == len(self.model.columns) - 1:
            # The last one fills what is left; its words need only this.
            return theme.current().px(130)
        return view.horizontalHeader().sectionSize(number)

    # -- acting ------------------------------------------------------------------------------

    def find(self) -> None:
        """Put the keyboard into the search box."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _to_list(self) -> None:
        self.read()
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, row: Any) -> None:
        if isinstance(row, GroupRow):
            self._fold_group(not row.folded)
            return
        self.host.go("case", case_id=row.case_id)

    def _register(self) -> None:
        self.host.go("register")

    def _save_list(self) -> None:
        """The cases that are filtered now, in the order that is shown now."""
        self.read()
        self.host.go("list_export", wanted=self._source.filter, order=self.model.order)

    def hand_over(self) -> None:
        """Give all open cases of an officer to another."""
        LeavingDialog(self.window(), self.host).open()

    def back(self) -> bool:
        """Esc takes the search away first."""
        if self.search.text():
            self.search.clear()
            self.read()
            return True
        return False

    def save_drafts(self) -> None:
        """Remember the columns before a lock."""
        self.columns.flush()

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        return [
            PageCommand(Keys.NEW.words, lambda: self.host.go("intake"), "plus", Keys.NEW.shown),
            PageCommand(Keys.TIP.words, lambda: self.host.go("tip_new"), "phone", Keys.TIP.shown),
            PageCommand(Keys.FIND.words, self.find, "search", Keys.FIND.shown),
            PageCommand(Keys.LISTS.words, self.show_lists, "cases", Keys.LISTS.shown),
            PageCommand(_("Possibly the same person"), lambda: self.host.go("same"), "persons"),
            PageCommand(_("Take in an old register…"), self._register, "import"),
            PageCommand(_("Save this list as a file…"), self._save_list, "export"),
            PageCommand(_("Hand over to another officer"), self.hand_over, "person"),
        ]
