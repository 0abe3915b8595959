"""How the list of cases is arranged: in groups that fold, and as lists saved under a name."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton

from traffick_desk.desk import kit
from traffick_desk.desk.pages.case_filters import popup
from traffick_desk.desk.pages.case_groups import GroupedSource, GroupRow
from traffick_desk.desk.pages.case_source import CaseSource
from traffick_desk.desk.shortcuts import Keys
from traffick_desk.i18n import N_, _
from traffick_desk.services.case_filter import CaseFilter
from traffick_desk.services.case_lists import ListLook, SavedList, group_name

# By what the list is grouped → the words of the menu.
GROUPS = {
    "": N_("&Not grouped"),
    "stage": N_("By &stage"),
    "officer": N_("By &officer in charge"),
    "unit": N_("By &commune"),
    "month": N_("By &month of reception"),
    "due": N_("By &deadline"),
}


class Arranged:
    """The part of the page that groups and saves; the rest of the page is its other half."""

    def _tools(self) -> list[QPushButton]:
        """The menus beside the search: saved lists, filters, groups, columns."""
        shown = Keys.LISTS.shown
        menus = (
            (_("Saved lists"), "cases_saved", self.saved.menu, f"{Keys.LISTS.words} ({shown})"),
            (_("Filter by…"), "cases_more", self.more.menu, ""),
            (_("Group by…"), "cases_group", self.group_menu, ""),
            (_("Columns"), "cases_columns_button", self.columns.menu, ""),
        )
        made = []
        for words_, name, menu, tooltip in menus:
            button = kit.button(words_, name, tooltip=tooltip)
            button.clicked.connect(
                lambda _on=False, m=menu, b=button: popup(m, self.tools.place_of(b))
            )
            made.append(button)
        self.saved_button = made[0]
        return made

    def _group_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("cases_group_menu")
        self.group_actions: dict[str, QAction] = {}
        province = self.host.desk.info.profile == "province"
        for key, text in GROUPS.items():
            if key == "unit" and not province:
                continue
            action = QAction(_(text), menu)
            action.setCheckable(True)
            action.setChecked(not key)
            action.triggered.connect(lambda _on, key=key: self.group_by(key))
            menu.addAction(action)
            self.group_actions[key] = action
        menu.addSeparator()
        for text, on in ((_("&Fold all groups"), True), (_("&Open all groups"), False)):
            action = menu.addAction(text)
            action.triggered.connect(lambda _on, on=on: self.fold_all(on))
        return menu

    def _made(self, wanted: CaseFilter) -> Any:
        ask = self.host.desk.ask
        if not self._group:
            return CaseSource(ask, wanted)
        context, by = getattr(self.host.desk, "context", None), self._group
        return GroupedSource(ask, wanted, by, lambda key: group_name(by, key, context))

    def _take(self, source: Any, *, stay: bool = False) -> None:
        self._source = source
        self.table.view.folds = bool(self._group)
        self._entitle()
        self.model.set_source(source.fetch, source.count, stay=stay)

    # -- groups and saved lists --------------------------------------------------------------

    def group_by(self, key: str) -> None:
        """Group the list, or not when *key* is empty."""
        self._group = key if key in self.group_actions else ""
        for name, action in self.group_actions.items():
            action.setChecked(name == self._group)
        self._take(self._made(self._source.filter))

    def fold_all(self, on: bool) -> None:
        """Fold all groups, or open them."""
        if isinstance(self._source, GroupedSource):
            self._to_row = 0
            self._take(self._source.fold_all(on), stay=True)

    def _fold_group(self, on: bool) -> None:
        """Left folds the group of the current line, Right opens it."""
        row, source = self.table.current(), self._source
        if not isinstance(source, GroupedSource):
            return
        key = row.key if isinstance(row, GroupRow) else None
        if key is None and on:
            key = source.group_at(self.table.view.currentIndex().row())
        if key is not None:
            self._take(source.fold(key, on), stay=True)
            self._to_row = source.row_of(key)

    def _as_saved(self, name: str) -> SavedList:
        self.read()
        return SavedList(name, self._source.filter, self.model.order, self._group)

    def show_saved(self, saved: SavedList) -> None:
        """Show a saved list."""
        wanted = saved.filter
        self.search.setText(wanted.text)
        for code, chip in self.stages.items():
            chip.setChecked(code == (wanted.stage if wanted.stage in self.stages else ""))
        for chip, on in ((self.conflicts, wanted.conflicts), (self.unsent, wanted.unsent)):
            chip.blockSignals(True)
            chip.setChecked(on)
            chip.blockSignals(False)
        if self.communes is not None:
            self.communes.setCurrentIndex(max(0, self.communes.findData(wanted.unit)))
        self.more.put(wanted)
        self._wait.stop()
        self.table.sort_by(saved.order)
        self._source = CaseSource(self.host.desk.ask, wanted)
        self.group_by(saved.group)
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_lists(self) -> None:
        """Offer the saved lists."""
        popup(self.saved.menu, self.tools.place_of(self.saved_button))

    def _know(self, look: ListLook) -> None:
        self._look = look
        self.saved.show_lists(look.lists)
