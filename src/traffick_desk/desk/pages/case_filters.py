"""Filters of the list of cases beyond the stage: chosen in a menu, taken away by a click."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.base import Context as Editors
from traffick_desk.desk.editors.dates import DateEditor
from traffick_desk.desk.parsing import show_date
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import N_, _
from traffick_desk.services.case_filter import CaseFilter

DUE_WORDS = {
    "late": N_("Deadline passed"),
    "week": N_("Deadline within seven days"),
    "none": N_("No deadline"),
}
RECEIVED_WORDS = {
    "month": N_("Received this month"),
    "last_month": N_("Received last month"),
    "year": N_("Received this year"),
    "last_year": N_("Received last year"),
}
# What one chip takes away.
CHIPS: dict[str, tuple[str, ...]] = {
    "officer": ("officer", "nobody"),
    "due": ("due",),
    "minor": ("minor",),
    "received": ("received", "since", "until"),
    "status": ("status",),
    "return_form": ("return_form",),
}


def popup(menu: QMenu, under: QWidget) -> None:
    """Show *menu* below a button."""
    menu.popup(under.mapToGlobal(QPoint(0, under.height())))


class Filters(QWidget):
    """The chips of the filters that are set, and the menu in which they are chosen.

    Signals:
        changed: another filter is set.
    """

    changed = Signal()

    def __init__(self, own_name: str, editors: Editors) -> None:
        super().__init__()
        self.setObjectName("case_filters")
        self._own, self._editors = own_name, editors
        self._officers: tuple[str, ...] = ()
        self.filter = CaseFilter()
        self.menu = QMenu(self)
        self.menu.setObjectName("cases_filter_menu")
        self.menu.aboutToShow.connect(self._fill)
        flow = kit.FlowLayout(8)
        self.chips: dict[str, kit.Button] = {}
        for key in CHIPS:
            chip = kit.button("", f"chip_{key}", lambda key=key: self.drop(key), icon="close")
            chip.setToolTip(_("Take this filter away"))
            chip.hide()
            self.chips[key] = chip
            flow.addWidget(chip)
        self.setLayout(flow)
        self.hide()

    def know_officers(self, names: tuple[str, ...]) -> None:
        """Who can be asked for."""
        self._officers = names

    # -- what is set -----------------------------------------------------------------------

    def put(self, wanted: CaseFilter) -> None:
        """Show the filters of *wanted*, without telling."""
        names = [name for group in CHIPS.values() for name in group]
        self.filter = replace(CaseFilter(), **{n: getattr(wanted, n) for n in names})
        words = self.words()
        for key, chip in self.chips.items():
            chip.setText(words.get(key, "").replace("&", "&&"))
            chip.setAccessibleName(
                _("{filter}: take this filter away").format(filter=words.get(key, ""))
            )
            chip.setVisible(key in words)
        self.setVisible(bool(words))

    def set(self, **values: Any) -> None:
        """Set some of the filters and tell."""
        self.put(replace(self.filter, **values))
        self.changed.emit()

    def drop(self, key: str) -> None:
        """Take one filter away."""
        empty = CaseFilter()
        self.set(**{name: getattr(empty, name) for name in CHIPS[key]})

    def clear(self) -> None:
        """Take all of them away."""
        self.put(CaseFilter())
        self.changed.emit()

    def words(self) -> dict[str, str]:
        """Chip → what it says."""
        wanted, found = self.filter, {}
        if wanted.nobody:
            found["officer"] = _("Nobody in charge")
        elif wanted.officer:
            mine = wanted.officer == self._own
            found["officer"] = (
                _("My cases") if mine else _("In charge: {name}").format(name=wanted.officer)
            )
        if wanted.due in DUE_WORDS:
            found["due"] = _(DUE_WORDS[wanted.due])
        if wanted.minor:
            found["minor"] = _("Under 18")
        if wanted.received in RECEIVED_WORDS:
            found["received"] = _(RECEIVED_WORDS[wanted.received])
        elif wanted.since or wanted.until:
            found["received"] = self._between(wanted.since, wanted.until)
        if wanted.status:
            found["status"] = SMALL_LISTS["victim_status"].label(wanted.status)
        if wanted.return_form:
            found["return_form"] = SMALL_LISTS["return_form"].label(wanted.return_form)
        return found

    @staticmethod
    def _between(since: str, until: str) -> str:
        from datetime import date

        first = show_date(date.fromisoformat(since)) if since else ""
        last = show_date(date.fromisoformat(until)) if until else ""
        if first and last:
            return _("Received {first} to {last}").format(first=first, last=last)
        if first:
            return _("Received from {day}").format(day=first)
        return _("Received until {day}").format(day=last)

    # -- the menu --------------------------------------------------------------------------

    def _fill(self) -> None:
        self.menu.clear()
        wanted = self.filter
        mine = bool(self._own) and wanted.officer == self._own
        self._choice(
            self.menu, _("&My cases"), mine, {"officer": "" if mine else self._own, "nobody": False}
        )
        self._choice(self.menu, _("&Under 18"), wanted.minor, {"minor": not wanted.minor})
        self.menu.addSeparator()
        due = self.menu.addMenu(_("&Deadline"))
        for code, words in DUE_WORDS.items():
            on = wanted.due == code
            self._choice(due, _(words), on, {"due": "" if on else code})
        received = self.menu.addMenu(_("&Received"))
        for code, words in RECEIVED_WORDS.items():
            on = wanted.received == code
            values = {"received": "" if on else code, "since": "", "until": ""}
            self._choice(received, _(words), on, values)
        between = QAction(_("From… to…"), received)
        between.setObjectName("filter_between")
        between.setCheckable(True)
        between.setChecked(bool(wanted.since or wanted.until))
        between.triggered.connect(lambda _on: self.ask_between())
        received.addAction(between)
        officer = self.menu.addMenu(_("&Officer in charge"))
        for name in self._officers:
            on = wanted.officer == name
            self._choice(officer, name, on, {"officer": "" if on else name, "nobody": False})
        self._choice(
            officer, _("Nobody in charge"), wanted.nobody,
            {"officer": "", "nobody": not wanted.nobody},
        )  # fmt: skip
        for name, title in (("status", _("&Status")), ("return_form", _("&How the person came"))):
            menu = self.menu.addMenu(title)
            codes = SMALL_LISTS["victim_status" if name == "status" else name]
            for code in codes.codes():
                on = getattr(wanted, name) == code
                self._choice(menu, codes.label(code), on, {name: "" if on else code})
        self.menu.addSeparator()
        every = self.menu.addAction(_("Take &all filters away"))
        every.setEnabled(bool(self.words()))
        every.triggered.connect(lambda _on: self.clear())

    def _choice(self, menu: QMenu, words: str, on: bool, values: dict[str, Any]) -> None:
        action = QAction(words, menu)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _on: self.set(**values))
        menu.addAction(action)

    def ask_between(self) -> None:
        """Ask for two days."""
        dialog = BetweenDialog(self.window(), self._editors, self.filter.since, self.filter.until)
        dialog.accepted.connect(
            lambda: self.set(received="", since=dialog.since(), until=dialog.until())
        )
        dialog.open()


class BetweenDialog(QDialog):
    """From which day to which; one of them may be empty."""

    def __init__(self, parent: QWidget, editors: Editors, since: str, until: str) -> None:
        super().__init__(parent)
        self.setObjectName("between")
        title = _("Received from… to…")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened = REGISTRY["case"]["opened_on"]
        self.first, self.last = (
            DateEditor(replace(opened, required=False), editors) for _side in range(2)
        )
        self.words = kit.label("", "muted", name="between_words")
        self.do = kit.button(_("&Show"), "between_do", self.accept, role="primary")
        cancel = kit.button(_("Cancel"), "between_cancel", self.reject)
        rows: list[Any] = [kit.label(title, "heading")]
        for text, name, editor, value in (
            (_("From"), "since", self.first, since), (_("To"), "until", self.last, until),
        ):  # fmt: skip
            label = kit.label(text, "label")
            label.setBuddy(editor.input)
            editor.input.setObjectName(f"between_{name}")
            editor.input.setAccessibleName(text)
            editor.set_value(value)
            editor.input.textChanged.connect(lambda _text: self._judge())
            rows += [label, editor]
        rows += [self.words, kit.hbox(None, cancel, self.do)]
        self.setLayout(kit.vbox(*rows, margins=24, gap=8))
        self.setMinimumWidth(theme.current().px(420))
        self._judge()

    def since(self) -> str:
        """The first day, or ""."""
        return self.first.value() or ""

    def until(self) -> str:
        """The last day, or ""."""
        return self.last.value() or ""

    def _judge(self) -> None:
        problem = self.first.problem() or self.last.problem()
        if not problem and self.since() and self.until() and self.since() > self.until():
            problem = _("The first day is after the last.")
        self.words.setText(problem)
        self.do.setEnabled(not problem and bool(self.since() or self.until()))
