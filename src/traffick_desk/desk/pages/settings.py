"""*Settings*: how the desk looks and locks, what papers print, password, backup, about."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from traffick_desk import i18n
from traffick_desk.desk import kit, theme
from traffick_desk.desk.capture import can_block
from traffick_desk.desk.editors.base import Choice
from traffick_desk.desk.editors.choice import ToggleRow
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages.log import LogCard
from traffick_desk.desk.pages.settings_about import AboutCard
from traffick_desk.desk.pages.settings_backup import BackupCard
from traffick_desk.desk.pages.settings_office import OfficeCard
from traffick_desk.desk.pages.settings_officers import OfficersCard
from traffick_desk.desk.pages.settings_program import ProgramCard
from traffick_desk.desk.pages.settings_safety import (
    PasswordCard,
    RecoveryCard,
    judge,
)
from traffick_desk.desk.pages.settings_ways import EmergencyCard, ProvinceCard, TrialCard
from traffick_desk.i18n import N_, _, ngettext

DESK, KEYS, OFFICERS, BACKUP, PROGRAM = "desk", "keys", "officers", "backup", "program"
PARTS = {
    DESK: N_("This desk"),
    KEYS: N_("Password and codes"),
    OFFICERS: N_("Officers and log"),
    BACKUP: N_("Backups"),
    PROGRAM: N_("The program"),
}
LOCK_MINUTES = (1, 2, 5, 10, 15, 30)
_SCHEMES = (
    ("system", N_("As the system")),
    ("light", N_("Light")),
    ("dark", N_("Dark")),
    ("contrast", N_("High contrast")),
)


class SettingsPage(Page):
    """Everything an officer can set for herself and her desk; each takes effect at once.

    Signals:
        look_wanted: text size or colours changed.
        language_wanted: Emits: the language.
        minutes_wanted: Emits: after how many idle minutes the desk locks.
        practice_wanted: the vault is to be locked and practice opened.
        capture_wanted: Emits: whether screenshots of the desk are blocked.
    """

    look_wanted = Signal()
    language_wanted = Signal(str)
    minutes_wanted = Signal(int)
    practice_wanted = Signal()
    capture_wanted = Signal(bool)

    name = "settings"
    label = N_("Settings")
    icon = "settings"
    interests = frozenset({"office", "officers", "ways", "links"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.office = OfficeCard(host)
        self.officers = OfficersCard(host, judge)
        self.log = LogCard(host)
        self.password = PasswordCard(host)
        self.recovery = RecoveryCard(host)
        self.trial = TrialCard(host)
        self.help = ProvinceCard(host)
        self.help.setVisible(host.desk.info.profile == "commune")
        self.emergency = EmergencyCard(host)
        self.recovery.finished.connect(self.trial.code.setFocus)
        self.backup = BackupCard(host)
        self.program = ProgramCard(host)
        self.about = AboutCard(host)
        self.practice = self._practice()
        if host.desk.info.practice:
            # Its password is made and filled in by the program; there is nothing to take care of.
            for card in (
                self.password, self.recovery, self.trial, self.help, self.emergency,
                self.practice, self.program,
            ):  # fmt: skip
                card.hide()
        cards = {
            DESK: (self._look(), self._privacy(), self.office),
            KEYS: (self.password, self.recovery, self.trial, self.help, self.emergency),
            OFFICERS: (self.officers, self.log, self._erasing()),
            BACKUP: (self.backup,),
            PROGRAM: (self.practice, self.program, self.about),
        }
        if host.desk.info.practice:
            del cards[KEYS]
        self.tabs = ToggleRow(
            [Choice(part, _(PARTS[part])) for part in cards], "settings_part", _("What to show")
        )
        self.tabs.toggled.connect(lambda: self.show_part(self.part()))
        self._parts = {
            part: kit.panel(kit.vbox(*shown, gap=16), name=f"part_{part}")
            for part, shown in cards.items()
        }
        column = kit.vbox(
            kit.label(self.title(), "title"), self.tabs, *self._parts.values(), None, gap=16
        )
        inner = kit.panel(column)
        inner.setMaximumWidth(theme.current().px(820))
        row = kit.hbox(inner, None)
        row.setStretch(0, 10)
        self.set_body(row)
        self.show_part(DESK)

    def part(self) -> str:
        """The part that is shown."""
        pressed = self.tabs.pressed()
        # A part that is pressed again stays: there is always one.
        return pressed[0] if pressed else self._shown

    def show_part(self, part: str) -> None:
        """Show one part, and no other."""
        self._shown = part
        self.tabs.press([part])
        for name, panel in self._parts.items():
            panel.setVisible(name == part)

    def opened(self, part: str = "", **arguments: object) -> None:
        """Show the settings, or one part of them; of the backups the place comes first."""
        super().opened(**arguments)
        if part in self._parts:
            self.show_part(part)
        if part == BACKUP:
            self.backup.show_first()

    def commands(self) -> list[PageCommand]:
        """What the palette offers: the parts."""
        return [
            PageCommand(
                _("Settings: {part}").format(part=_(PARTS[part])),
                lambda part=part: self.show_part(part),
                self.icon,
            )
            for part in self._parts
        ]

    def refresh(self, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Ask for what is kept in the vault."""
        self.office.load()
        self.officers.load()
        self.log.load()
        self.backup.load()
        if not self.host.desk.info.practice:
            self.trial.load()
            self.help.load()
            self.emergency.load()
        self.program.load()

    def _practice(self) -> kit.QFrame:
        return kit.card(
            kit.label(_("Practice"), "heading"),
            kit.label(
                _(
                    "An invented commune with lessons, for learning the desk without touching a "
                    "real person's data. This vault is locked first."
                ),
                "muted",
            ),
            kit.hbox(
                kit.button(
                    _("Lock and practise"), "settings_practise", self.practice_wanted.emit,
                    icon="help",
                ),
                None,
            ),
            name="settings_practice",
        )  # fmt: skip

    def _erasing(self) -> kit.QFrame:
        return kit.card(
            kit.label(_("Erasing data"), "heading"),
            kit.label(
                _("When a person lawfully demands that her data be erased: by two people, with a "
                  "certificate."),
                "muted",
            ),
            kit.hbox(
                kit.button(
                    _("Demands and erasures…"), "settings_erasing", lambda: self.host.go("erasure")
                ),
                kit.button(
                    _("Keeping and holds…"), "settings_keeping", lambda: self.host.go("keeping")
                ),
                None,
            ),
            name="settings_erasing_card",
        )  # fmt: skip

    # -- look ------------------------------------------------------------------------------

    def _look(self) -> kit.QFrame:
        kept = self.host.preferences
        self.language = ToggleRow(
            [Choice(code, words) for code, words in i18n.LANGUAGES.items()],
            "language", _("Language"),
        )  # fmt: skip
        self.language.press([i18n.language()])
        self.language.toggled.connect(self._language_chosen)
        self.size = ToggleRow(
            [Choice(str(p), f"{p} %") for p in theme.TEXT_PERCENTS], "text_size", _("Text size")
        )
        self.size.press([str(kept.get("text_percent"))])
        self.size.toggled.connect(self._size_chosen)
        self.scheme = ToggleRow(
            [Choice(code, _(words)) for code, words in _SCHEMES], "scheme", _("Colours")
        )
        self.scheme.press([kept.get("scheme")])
        self.scheme.toggled.connect(self._scheme_chosen)
        return kit.card(
            kit.label(_("Look and language"), "heading"),
            *_field(_("Language"), self.language),
            *_field(_("Text size"), self.size),
            *_field(_("Colours"), self.scheme),
            name="settings_look",
        )

    def _language_chosen(self) -> None:
        chosen = self.language.pressed()
        if chosen and chosen[0] != i18n.language():
            self.language_wanted.emit(chosen[0])
        else:
            self.language.press([i18n.language()])

    def _size_chosen(self) -> None:
        kept = self.host.preferences
        if chosen := self.size.pressed():
            kept.set("text_percent", int(chosen[0]))
            self.look_wanted.emit()
        self.size.press([str(kept.get("text_percent"))])

    def _scheme_chosen(self) -> None:
        kept = self.host.preferences
        if chosen := self.scheme.pressed():
            kept.set("scheme", chosen[0])
            self.look_wanted.emit()
        self.scheme.press([kept.get("scheme")])

    # -- privacy -----------------------------------------------------------------------------

    def _privacy(self) -> kit.QFrame:
        kept = self.host.preferences
        self.minutes = ToggleRow(
            [
                Choice(str(n), ngettext("{n} minute", "{n} minutes", n).format(n=n))
                for n in LOCK_MINUTES
            ],
            "lock_minutes",
            _("Lock when nobody is there"),
        )
        self.minutes.press([str(kept.get("lock_minutes"))])
        self.minutes.toggled.connect(self._minutes_chosen)
        self.masked = QCheckBox(_("Start with initials instead of names (privacy view)"))
        self.masked.setObjectName("privacy_default")
        self.masked.setAccessibleName(self.masked.text())
        self.masked.setChecked(self.host.privacy.on)
        self.masked.toggled.connect(self.host.privacy.switch)
        self.host.privacy.switched.connect(self.masked.setChecked)
        self.capture = QCheckBox(_("Leave the desk out of screenshots and shared screens"))
        self.capture.setObjectName("block_capture")
        self.capture.setAccessibleName(self.capture.text())
        self.capture.setToolTip(
            _("Switch it off for help from afar, or if your screen reader needs it.")
        )
        self.capture.setChecked(kept.get("block_capture"))
        self.capture.toggled.connect(self._capture_chosen)
        self.capture.setVisible(can_block())
        return kit.card(
            kit.label(_("Privacy"), "heading"),
            *_field(_("Lock when nobody is there"), self.minutes),
            self.masked,
            self.capture,
            kit.label(
                _(
                    "F12 covers the screen at once; Ctrl+L locks. The desk also locks when the PC "
                    "sleeps, its screen is locked, or another user comes. What is typed is kept "
                    "as a draft. What you copy leaves the clipboard after ten seconds."
                ),
                "muted",
            ),
            name="settings_privacy",
        )

    def _capture_chosen(self, on: bool) -> None:
        self.host.preferences.set("block_capture", on)
        self.capture_wanted.emit(on)

    def _minutes_chosen(self) -> None:
        kept = self.host.preferences
        if chosen := self.minutes.pressed():
            kept.set("lock_minutes", int(chosen[0]))
            self.minutes_wanted.emit(int(chosen[0]))
        self.minutes.press([str(kept.get("lock_minutes"))])


def _field(words: str, editor: object) -> tuple[object, object]:
    """A label and what stands below it."""
    return kit.label(words, "label", wrap=False), editor
