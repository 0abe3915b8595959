"""Lists that an officer saved under a name, and how she left the columns; both in the vault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QLineEdit, QMenu, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.tables import ListTable
from traffick_desk.i18n import _
from traffick_desk.services.case_lists import (
    LONGEST_NAME,
    DropList,
    KeepColumns,
    ListLook,
    SavedList,
    SaveList,
)

KEEP_AFTER_MS = 800
# Hidden until somebody asks for them.
AT_FIRST_HIDDEN = frozenset({"officer", "opened_on", "return_form"})
_NARROWEST, _WIDEST = 24, 4000


class SavedLists(QObject):
    """The menu of saved lists.

    Signals:
        chosen: a saved list is to be shown; Emits: the :class:`SavedList`.
    """

    chosen = Signal(object)

    def __init__(self, host: Host, page: QWidget, current: Callable[[str], SavedList]) -> None:
        """Make the menu; *current* gives what is shown now under a name."""
        super().__init__(page)
        self._host, self._page, self._current = host, page, current
        self.lists: tuple[SavedList, ...] = ()
        self.menu = QMenu(page)
        self.menu.setObjectName("cases_saved_menu")
        self.menu.aboutToShow.connect(self._fill)

    def show_lists(self, lists: tuple[SavedList, ...]) -> None:
        """Offer these."""
        self.lists = lists

    def _fill(self) -> None:
        self.menu.clear()
        for number, saved in enumerate(self.lists, 1):
            # The first nine open by their number.
            mark = f"&{number}  " if number < 10 else ""
            self._add(self.menu, mark + saved.name.replace("&", "&&"), self.chosen.emit, saved)
        if not self.lists:
            nothing = self.menu.addAction(_("Nothing saved yet"))
            nothing.setEnabled(False)
        self.menu.addSeparator()
        self._add(self.menu, _("&Save what is shown now…"), lambda _s: self.ask_name(), None)
        if self.lists:
            drop = self.menu.addMenu(_("&Delete a saved list"))
            for saved in self.lists:
                self._add(drop, saved.name.replace("&", "&&"), self.drop, saved)

    @staticmethod
    def _add(menu: QMenu, words: str, act: Callable[[Any], object], saved: Any) -> None:
        action = QAction(words, menu)
        action.triggered.connect(lambda _on: act(saved))
        menu.addAction(action)

    def ask_name(self) -> None:
        """Ask for a name and save."""
        dialog = NameDialog(self._page.window(), [s.name for s in self.lists])
        dialog.accepted.connect(lambda: self.save(dialog.name()))
        dialog.open()

    def save(self, name: str) -> None:
        """Keep what is shown now under *name*."""
        self._host.do(
            SaveList(self._current(name)),
            lambda _none: self._host.messages.tell(_("The list is saved.")),
            owner=self._page,
        )

    def drop(self, saved: SavedList) -> None:
        """Delete a saved list; it can be brought back."""
        host, page = self._host, self._page

        def done(gone: SavedList) -> None:
            host.undo.offer(
                _("The saved list was deleted. No case was."),
                lambda: host.do(SaveList(gone), owner=page),
            )

        host.do(DropList(saved.name), done, owner=page)


class NameDialog(QDialog):
    """Asks for the name of a list."""

    def __init__(self, parent: QWidget, known: list[str]) -> None:
        super().__init__(parent)
        self.setObjectName("list_name")
        title = _("Save this list under a name")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._known = {name.casefold() for name in known}
        self.input = QLineEdit()
        self.input.setObjectName("list_name_input")
        self.input.setAccessibleName(_("Name"))
        self.input.setMaxLength(LONGEST_NAME)
        self.input.textChanged.connect(lambda _text: self._judge())
        self.words = kit.label("", "muted", name="list_name_words")
        self.do = kit.button(_("&Save"), "list_name_do", self.accept, role="primary")
        self.do.setDefault(True)
        cancel = kit.button(_("Cancel"), "list_name_cancel", self.reject)
        about = _("Filters, order and groups are kept in the vault, for you alone.")
        self.setLayout(
            kit.vbox(
                kit.label(title, "heading"),
                kit.label(about, "muted"),
                self.input,
                self.words,
                kit.hbox(None, cancel, self.do),
                margins=24,
                gap=8,
            )
        )
        self.setMinimumWidth(theme.current().px(420))
        self._judge()
        self.input.setFocus()

    def name(self) -> str:
        """What was typed."""
        return self.input.text().strip()

    def _judge(self) -> None:
        self.do.setEnabled(bool(self.name()))
        known = self.name().casefold() in self._known
        self.words.setText(_("A list of this name is replaced.") if known else "")


class Columns(QObject):
    """Which columns are shown, in which order and how wide; remembered in the vault."""

    def __init__(self, host: Host, table: ListTable, fixed: str) -> None:
        """Look after the columns of *table*; the column *fixed* is always shown."""
        super().__init__(table)
        self._host, self._table, self._fixed = host, table, fixed
        self._header = table.view.horizontalHeader()
        self._header.setSectionsMovable(True)
        self._names = [c.name for c in table.model.columns]
        self._standard = self.look()
        self.hidden = set(AT_FIRST_HIDDEN)
        self._quiet = False
        self._soon = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._soon.timeout.connect(self.keep)
        self._header.sectionMoved.connect(self._moved)
        self._header.sectionResized.connect(self._resized)
        self._header.sortIndicatorChanged.connect(self._moved)
        self.menu = QMenu(table)
        self.menu.setObjectName("cases_columns_menu")
        self.menu.aboutToShow.connect(self._fill)

    def look(self) -> dict[str, Any]:
        """How the columns are now."""
        header = self._header
        order = sorted(range(len(self._names)), key=header.visualIndex)
        last = self._last()
        return {
            "order": [self._names[n] for n in order],
            "hidden": sorted(getattr(self, "hidden", AT_FIRST_HIDDEN)),
            # The last one fills what is left.
            "widths": {
                self._names[n]: header.sectionSize(n)
                for n in order
                if n != last and header.sectionSize(n) >= _NARROWEST
            },
            "sort": self._table.model.order,
        }

    def _last(self) -> int:
        header = self._header
        shown = [n for n in range(len(self._names)) if not header.isSectionHidden(n)]
        return max(shown, key=header.visualIndex)

    def restore(self, kept: ListLook) -> None:
        """Lay the columns out as they were left; what does not fit is passed over."""
        self._lay(dict(kept.columns))

    def _lay(self, look: dict[str, Any]) -> None:
        header = self._header
        self._quiet = True
        try:
            hidden = look.get("hidden", AT_FIRST_HIDDEN)
            self.hidden = {n for n in hidden if n in self._names and n != self._fixed}
            for name, width in dict(look.get("widths", {})).items():
                good = isinstance(width, int) and _NARROWEST <= width <= _WIDEST
                if name in self._names and good:
                    header.resizeSection(self._names.index(name), width)
            wanted = [n for n in look.get("order", ()) if n in self._names]
            for place, name in enumerate(dict.fromkeys([*wanted, *self._names])):
                header.moveSection(header.visualIndex(self._names.index(name)), place)
            self.apply()
        finally:
            self._quiet = False
        sort = str(look.get("sort", ""))
        if sort != self._table.model.order:
            self._table.sort_by(sort)

    def apply(self) -> None:
        """Hide what is hidden and show the rest."""
        for number, name in enumerate(self._names):
            self._table.view.setColumnHidden(number, name in self.hidden)

    def switch(self, name: str) -> None:
        """Show a column, or hide it."""
        self.hidden ^= {name}
        self.apply()
        self._moved()

    def reset(self) -> None:
        """As the columns were at first."""
        self.hidden = set(AT_FIRST_HIDDEN)
        self._lay(self._standard)
        self._soon.stop()
        self._write({})

    def _moved(self, *_what: object) -> None:
        if not self._quiet:
            self._soon.start()

    def _resized(self, number: int, before: int, after: int) -> None:
        # The last one fills what is left and a hidden one has no width: neither was drawn wider.
        if before and after and number != self._last():
            self._moved()

    def quietly(self, work: Callable[[], object]) -> None:
        """Do *work* on the header without remembering it."""
        before, self._quiet = self._quiet, True
        try:
            work()
        finally:
            self._quiet = before

    def keep(self) -> None:
        """Remember how the columns are."""
        self._soon.stop()
        self._write(self.look())

    def flush(self) -> None:
        """Remember what waits to be remembered."""
        if self._soon.isActive():
            self.keep()

    def _write(self, look: dict[str, Any]) -> None:
        desk = self._host.desk
        self._host.jobs.run(
            lambda: desk.do(KeepColumns(look)), failed=self._host.fail, owner=self, write=True
        )

    def _fill(self) -> None:
        self.menu.clear()
        order = sorted(range(len(self._names)), key=self._header.visualIndex)
        for number in order:
            name = self._names[number]
            action = QAction(self._table.model.columns[number].title.replace("&", "&&"), self.menu)
            action.setCheckable(True)
            action.setChecked(name not in self.hidden)
            action.setEnabled(name != self._fixed)
            action.triggered.connect(lambda _on, name=name: self.switch(name))
            self.menu.addAction(action)
        self.menu.addSeparator()
        self.menu.addAction(_("&Reset to standard")).triggered.connect(lambda _on: self.reset())
        hint = self.menu.addAction(_("Drag a heading to move its column"))
        hint.setEnabled(False)
