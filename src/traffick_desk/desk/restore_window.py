"""The window that makes a working vault out of a backup: on a new PC, or after damage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QProgressBar, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.dialogs import DeskDialogs, Dialogs
from traffick_desk.desk.jobs import Jobs
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.parsing import show_moment
from traffick_desk.desk.passwords import Judge, NewPassword, PasswordField
from traffick_desk.domain.values import moment
from traffick_desk.i18n import _
from traffick_desk.services.backup_copies import Found


@dataclass(frozen=True, slots=True)
class Line:
    """A copy and how it is shown."""

    found: Found
    text: str


class Copies:
    """What the window asks of the services; each runs in a thread.

    Args:
        vault: where the restored vault is to be.
    """

    def __init__(self, vault: Path) -> None:
        self._vault = vault

    def look(self, chosen: Path | None) -> tuple[Line, ...]:
        """Copies on all sticks, or in *chosen*; the newest first.

        Raises:
            NoCopyHere: there is none in *chosen*.
        """
        from traffick_desk.domain.units import Units
        from traffick_desk.services import backup_copies
        from traffick_desk.services.restore import NoCopyHere
        from traffick_desk.sync.sticks import sticks

        folders = [chosen] if chosen else [stick.path for stick in sticks()]
        found = backup_copies.look_for(folders)
        if chosen and not found:
            raise NoCopyHere
        units = Units.load()
        return tuple(Line(one, _words_of(one, units)) for one in found)

    def restore(self, copy: Path, login: str, password: str) -> Any:
        """The open desk of the restored vault."""
        from traffick_desk.services.restore import restore

        return restore(copy, self._vault, login, password, replacing=True)

    def restore_with_code(self, copy: Path, code: str, login: str, password: str) -> Any:
        """The same with the printed code."""
        from traffick_desk.services.restore import restore_with_code

        return restore_with_code(copy, self._vault, code, login, password, replacing=True)

    def salvage(self, chosen: Path | None, login: str, password: str) -> Any:
        """What can be saved of the damaged vault: the open desk, and what was saved, in words."""
        from traffick_desk.services.salvage import salvage
        from traffick_desk.sync.sticks import sticks

        places = [stick.path for stick in sticks()]
        desk, report = salvage(
            self._vault, login, password, [*places, *([chosen] if chosen else [])]
        )
        return desk, " ".join(report.lines())


def _words_of(found: Found, units: Any) -> str:
    unit = units.full_name(found.unit) if found.unit in units else found.unit
    at = found.copy.made_at
    parts = [show_moment(moment(at)) if at else found.copy.path.name, unit, found.label]
    if found.copy.note is not None:
        parts.append(_("{n} entries").format(n=found.copy.note.changes))
    return " · ".join(part for part in parts if part)


class RestoreWindow(QWidget):
    """Choose a copy, type the password of that time, and go on working.

    Signals:
        restored: Emits: the open desk.
        salvaged: Emits: the open desk, and what was saved in words.
        left: the officer goes back; nothing was changed.
    """

    restored = Signal(object)
    salvaged = Signal(object, str)
    left = Signal()

    def __init__(
        self,
        services: Copies,
        *,
        taken: bool,
        judge: Judge,
        words: Callable[[Exception], str],
        dialogs: Dialogs | None = None,
    ) -> None:
        """Build the window.

        Args:
            services: finds copies and restores them.
            taken: whether there is a vault now, which is put aside.
            judge: how strong a new password is.
            words: an exception in words for people.
            dialogs: chooses the folder; the real ones by default.
        """
        super().__init__()
        self.setObjectName("restore_window")
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setWindowTitle("traffick-desk")
        self._services, self._words = services, words
        self._dialogs = dialogs or DeskDialogs(self)
        self.jobs = Jobs(self)
        self._lines: tuple[Line, ...] = ()
        self._chosen: Path | None = None
        self._newest = Newest()
        self._by_code = False
        self._taken = taken
        card = kit.card(
            kit.label(_("Restore from a backup"), "title"),
            kit.label(_intro(taken=taken), "muted", name="restore_intro"),
            self._copies(),
            self._keys(judge),
            *self._below(),
            name="restore_card",
            margins=24,
            gap=16,
        )
        card.setMaximumWidth(theme.current().px(680))
        row = kit.hbox(None, card, None)
        row.setStretch(1, 20)
        self._scroll = kit.scroll(kit.panel(kit.vbox(row, None, margins=12)), "restore_scroll")
        self.setLayout(kit.vbox(self._scroll))
        self.resize(kit.fitting(820, 720))
        self._show_way()
        self.look()

    def _copies(self) -> QWidget:
        self.model = QStringListModel(self)
        self.view = QListView()
        self.view.setObjectName("restore_copies")
        self.view.setAccessibleName(_("Backups that were found"))
        self.view.setModel(self.model)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.view.setFixedHeight(theme.current().px(110))
        self.view.selectionModel().currentChanged.connect(self._copy_chosen)
        self.none = kit.label(
            _(
                "No backup was found on a stick. Plug in the stick for backups and look again, or "
                "choose the folder where backups are kept."
            ),
            tone="due",
            name="restore_none",
        )
        return kit.panel(
            kit.vbox(
                kit.label(_("1. Which backup?"), "subheading"),
                self.view,
                self.none,
                kit.buttons(
                    kit.button(_("Look again"), "restore_look", self.look, icon="stick"),
                    kit.button(_("Choose the folder…"), "restore_folder", self.choose),
                ),
            )
        )

    def _keys(self, judge: Judge) -> QWidget:
        self.login = QLineEdit()
        self.login.setObjectName("restore_login")
        self.login.setAccessibleName(_("Officer"))
        self.login.setMaxLength(200)
        label = kit.label(_("Officer"), "label", wrap=False)
        label.setBuddy(self.login)
        self.password = PasswordField(_("Password at that time"), "restore_password")
        self.code = QLineEdit()
        self.code.setObjectName("restore_code")
        self.code.setAccessibleName(_("Recovery code"))
        self.code.setMaxLength(400)
        self.code_label = kit.label(_("Recovery code"), "label", wrap=False)
        self.code_label.setBuddy(self.code)
        self.new = NewPassword(self.jobs, judge, "restore_new")
        self.other = kit.button("", "restore_other", self._other_way, role="quiet")
        self.login.returnPressed.connect(self.password.setFocus)
        self.password.entered.connect(self.restore)
        self.new.entered.connect(self.restore)
        return kit.panel(
            kit.vbox(
                kit.label(_("2. Who opens it?"), "subheading"),
                kit.vbox(label, self.login, gap=4),
                self.password,
                kit.vbox(self.code_label, self.code, gap=4),
                self.new,
                kit.hbox(self.other, None),
            )
        )

    def _below(self) -> tuple[Any, ...]:
        self.notice = kit.label("", tone="late", name="restore_notice")
        self.notice.hide()
        self.busy = QProgressBar()
        self.busy.setObjectName("restore_busy")
        self.busy.setAccessibleName(_("Restoring…"))
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.hide()
        self.do = kit.button(_("&Restore"), "restore_do", self.restore, role="primary")
        self.save = kit.button(_("Save what can be saved"), "salvage_do", self.salvage)
        self.save_words = kit.label(
            _(
                "The vault here is damaged and newer than the backup? “Save what can be saved” "
                "puts together what can still be read of it, of all backups, and of bundles on "
                "sticks. The damaged vault is put aside."
            ),
            "muted",
        )
        for widget in (self.save, self.save_words):
            widget.setVisible(self._taken)
        self.back = kit.button(_("&Back"), "restore_back", self._leave, role="quiet")
        buttons = kit.buttons(self.do, self.save, self.back)
        return self.notice, self.busy, buttons, self.save_words

    # -- which copy --------------------------------------------------------------------------

    def look(self) -> None:
        """Look for copies on all sticks."""
        self._chosen = None
        self._look()

    def choose(self) -> None:
        """Let the officer choose the place."""

        def chosen(folder: Path) -> None:
            self._chosen = folder
            self._look()

        self._dialogs.folder(_("Where backups are kept"), chosen)

    def _look(self) -> None:
        self._say("")
        where, services, only = self._chosen, self._services, self._newest.begin()
        self.jobs.run(
            lambda: services.look(where),
            done=only(self._found),
            failed=only(self._not_found),
            owner=self,
        )

    def _found(self, lines: tuple[Line, ...]) -> None:
        self._lines = lines
        self.model.setStringList([line.text for line in lines])
        self.view.setVisible(bool(lines))
        self.none.setVisible(not lines)
        if lines:
            self.view.setCurrentIndex(self.model.index(0))
            (self.password if self.login.text() else self.login).setFocus()

    def _not_found(self, problem: Exception) -> None:
        self._found(())
        self._say(self._words(problem))

    def _copy(self) -> Line | None:
        row = self.view.currentIndex().row()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def _copy_chosen(self, *_indexes: object) -> None:
        line = self._copy()
        if line is None:
            return
        if len(line.found.logins) == 1:
            self.login.setText(line.found.logins[0])
        self.other.setVisible(line.found.has_recovery or self._by_code)

    # -- restoring ---------------------------------------------------------------------------

    def _other_way(self) -> None:
        self._by_code = not self._by_code
        self._show_way()

    def _show_way(self) -> None:
        by_code = self._by_code
        self.password.setVisible(not by_code)
        for widget in (self.code_label, self.code, self.new):
            widget.setVisible(by_code)
        self.other.setText(
            _("With the password instead") if by_code else _("Password lost? Use the recovery code")
        )
        self.other.setAccessibleName(self.other.text())

    def restore(self) -> None:
        """Restore the chosen copy."""
        line, login = self._copy(), self.login.text().strip()
        if not self.do.isEnabled():
            return
        if line is None:
            self._say(_("Please choose a backup first."))
            return
        copy = line.found.copy.path
        if self._by_code:
            code, new = self.code.text().strip(), self.new.password()
            if not (code and login and self.new.ready()):
                self._say(
                    _("Please type the recovery code, the officer and a new password, twice.")
                )
                return
            work = lambda: self._services.restore_with_code(copy, code, login, new)  # noqa: E731
        else:
            password = self.password.text()
            if not (login and password):
                self._say(_("Please type your officer name and your password."))
                return
            work = lambda: self._services.restore(copy, login, password)  # noqa: E731
        self._say("")
        self._working(on=True)
        self.jobs.run(work, done=self._restored, failed=self._failed, owner=self)

    def salvage(self) -> None:
        """Rebuild the damaged vault from all that can be read."""
        login, password, where = self.login.text().strip(), self.password.text(), self._chosen
        if not self.do.isEnabled():
            return
        if not (login and password) or self._by_code:
            self._say(_("Please type your officer name and your password."))
            return
        self._say("")
        self._working(on=True)
        self.jobs.run(
            lambda: self._services.salvage(where, login, password),
            done=self._salvaged, failed=self._failed, owner=self,
        )  # fmt: skip

    def _salvaged(self, found: tuple[Any, str]) -> None:
        self._forget()
        self.salvaged.emit(*found)

    def _restored(self, desk: Any) -> None:
        self._forget()
        self.restored.emit(desk)

    def _failed(self, problem: Exception) -> None:
        self._working(on=False)
        self._say(self._words(problem))
        self.password.setFocus()

    def _working(self, *, on: bool) -> None:
        self.do.setEnabled(not on)
        self.save.setEnabled(not on)
        self.back.setEnabled(not on)
        self.busy.setVisible(on)
        if on:
            self._say(_("The backup is copied and checked. This takes a minute or two."), "")

    def _say(self, text: str, tone: str = "late") -> None:
        self.notice.setText(text)
        kit.retone(self.notice, tone)
        self.notice.setVisible(bool(text))
        if text and self._scroll.isVisible():
            self._scroll.ensureWidgetVisible(self.notice)

    def _leave(self) -> None:
        self._forget()
        self.left.emit()

    def _forget(self) -> None:
        self.password.clear()
        self.new.clear()
        self.code.clear()

    def closeEvent(self, event: Any) -> None:
        """Wait for what is under way: it is made whole or not at all."""
        self.jobs.stop()
        super().closeEvent(event)


def _intro(*, taken: bool) -> str:
    text = _(
        "Takes the newest encrypted copy and makes a working vault on this PC. The copy itself "
        "is not changed. Afterwards the PC counts as a new one: link it to the province again."
    )
    if taken:
        text += " " + _("The vault that is here now is put aside, not deleted.")
    return text
