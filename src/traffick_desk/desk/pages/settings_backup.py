"""Backups in the settings: where, when, on which stick, how to restore."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.settings_safety import Card
from traffick_desk.desk.parsing import show_moment
from traffick_desk.domain.values import moment
from traffick_desk.i18n import _, ngettext
from traffick_desk.services import backup
from traffick_desk.services.office import SetOffice


class BackupCard(Card):
    """A second, encrypted copy in another place, made by itself and on demand.

    Signals:
        restore_wanted: the vault is to be locked and a backup restored in its place.
    """

    restore_wanted = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__(host, "settings_backup")
        self.state = kit.label("", name="backup_state")
        self.place = kit.label("", name="backup_place")
        self.sticks = kit.label("", "muted", name="backup_sticks")
        self.choose_button = kit.button(
            _("Choose the place…"), "backup_choose", self.choose, icon="stick"
        )
        self.now_button = kit.button(
            _("Back up now"), "backup_now", self.back_up, role="primary", icon="backup"
        )
        self.stick_button = kit.button(
            _("Use a stick for backups…"), "backup_stick", self.name_stick, icon="stick"
        )
        self.guide_button = kit.button(
            _("Print how to restore"), "backup_guide", self.print_guide, icon="print"
        )
        self.restore_button = kit.button(
            _("Restore from a backup…"), "backup_restore", self.ask_restore, role="quiet"
        )
        if host.desk.info.practice:
            self.restore_button.hide()
        self.setLayout(
            kit.vbox(
                kit.label(_("Backup"), "heading"),
                kit.label(
                    _(
                        "An encrypted copy on a second disk or a stick. It opens with the same "
                        "passwords. When the place is there, a copy is made by itself after each "
                        "unlocking and while you work; a named stick gets one whenever it is "
                        "plugged in."
                    ),
                    "muted",
                ),
                self.place,
                self.sticks,
                self.state,
                kit.buttons(
                    self.now_button,
                    self.choose_button,
                    self.stick_button,
                    self.guide_button,
                    self.restore_button,
                ),
                margins=16,
                gap=8,
            )
        )
        self.now_button.setEnabled(False)

    def show_first(self) -> None:
        """Bring this card on the screen and the keyboard to it."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(self)
        (self.now_button if self.now_button.isEnabled() else self.choose_button).setFocus()

    def load(self) -> None:
        """Show where, and when the last one was made."""
        desk = self.host.desk
        self.host.jobs.run(
            lambda: (backup.places(desk), backup.made_at(desk)),
            done=lambda found: self._show(*found),
            failed=self.host.fail,
            owner=self,
        )

    def _show(self, places: tuple[backup.Place, ...], made_at: object) -> None:
        chosen = next((p for p in places if not p.stick), None)
        self.place.setText(_words(chosen) if chosen else _("No place was chosen yet."))
        kit.retone(self.place, "" if chosen and chosen.there else "due")
        sticks = [_words(p) for p in places if p.stick]
        self.sticks.setText("\n".join(sticks))
        self.sticks.setVisible(bool(sticks))
        self.state.setText(
            _("Last backup: {when}").format(when=show_moment(moment(made_at)))
            if made_at
            else _("No backup was made yet.")
        )
        self.now_button.setEnabled(bool(places))

    def choose(self) -> None:
        """Choose the second place, and make the first copy there."""

        def chosen(folder: Path) -> None:
            self.host.do(
                SetOffice({"backup_folder": str(folder)}), lambda _n: self.back_up(), owner=self
            )

        self.host.dialogs.folder(_("Place for backups"), chosen)

    def name_stick(self) -> None:
        """Choose a stick that gets a copy whenever it is plugged in, and make the first one."""
        desk = self.host.desk

        def chosen(folder: Path) -> None:
            def work() -> Path:
                backup.name_stick(desk, folder)
                return backup.backup(desk, folder)

            self._copy(work)

        self.host.dialogs.folder(_("Stick for backups"), chosen)

    def back_up(self) -> None:
        """Make a copy now in every place that is there; each is opened and checked."""
        desk = self.host.desk

        def work() -> Path:
            roots = [p.root for p in backup.places(desk) if p.there]
            made = [backup.backup(desk, root) for root in roots]
            return made[0] if made else backup.backup(desk)

        self._copy(work)

    def _copy(self, work: object) -> None:
        self.now_button.setEnabled(False)

        def done(path: Path) -> None:
            self.load()
            self.host.messages.tell(
                _("The backup was made and checked."), _("It is at {path}.").format(path=path)
            )

        def failed(problem: Exception) -> None:
            self.load()
            self.host.fail(problem)

        # Copying reads only; entries can be saved meanwhile.
        self.host.jobs.run(
            work, done=done, failed=failed, owner=self, words=_("Making a backup…")
        )  # fmt: skip

    def print_guide(self) -> None:
        """Print the page that says how to restore; it is kept with the recovery code."""
        from traffick_desk.desk.recovery_sheet import print_guide

        print_guide(self.host.desk, self.window(), self.host.fail)

    def ask_restore(self) -> None:
        """Ask before the vault is locked for restoring."""
        self.host.dialogs.confirm(
            _("Restore from a backup?"),
            _(
                "The vault is locked first. What was entered after the backup was made is not in "
                "it. The present vault is put aside on this PC, not deleted."
            ),
            _("Lock and choose a backup"),
            self.restore_wanted.emit,
        )


def _words(place: backup.Place) -> str:
    text = _("Stick: {place}") if place.stick else _("Place: {place}")
    text = text.format(place=place.root)
    if not place.there:
        return text + " – " + _("not there now")
    copies = ngettext("{n} copy", "{n} copies", place.copies).format(n=place.copies)
    return f"{text} ({copies})"
