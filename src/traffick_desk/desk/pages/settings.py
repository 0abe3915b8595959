"""*Settings*: how the desk looks and locks, what papers print, password, backup, about."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from traffick_desk import i18n
from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.base import Choice
from traffick_desk.desk.editors.choice import ToggleRow
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages.log import LogCard
from traffick_desk.desk.pages.settings_about import AboutCard
from traffick_desk.desk.pages.settings_office import OfficeCard
from traffick_desk.desk.pages.settings_officers import OfficersCard
from traffick_desk.desk.pages.settings_safety import (
    BackupCard,
    PasswordCard,
    RecoveryCard,
    judge,
)
from traffick_desk.i18n import N_, _, ngettext

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
    """

    look_wanted = Signal()
    language_wanted = Signal(str)
    minutes_wanted = Signal(int)
    practice_wanted = Signal()

    name = "settings"
    label = N_("Settings")
    icon = "settings"
    interests = frozenset({"office", "officers"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.office = OfficeCard(host)
        self.officers = OfficersCard(host, judge)
        self.log = LogCard(host)
        self.password = PasswordCard(host)
        self.recovery = RecoveryCard(host)
        self.backup = BackupCard(host)
        self.about = AboutCard(host)
        self.practice = self._practice()
        if host.desk.info.practice:
            # Its password is made and filled in by the program; there is nothing to take care of.
            for card in (self.password, self.recovery, self.practice):
                card.hide()
        column = kit.vbox(
            kit.label(self.title(), "title"),
            self._look(),
            self._privacy(),
            self.office,
            self.officers,
            self.log,
            self.password,
            self.recovery,
            self.backup,
            self.practice,
            self.about,
            None,
            gap=16,
        )
        inner = kit.panel(column)
        inner.setMaximumWidth(theme.current().px(820))
        row = kit.hbox(inner, None)
        row.setStretch(0, 10)
        self.set_body(row)

    def refresh(self, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Ask for what is kept in the vault."""
        self.office.load()
        self.officers.load()
        self.log.load()
        self.backup.load()

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
        return kit.card(
            kit.label(_("Privacy"), "heading"),
            *_field(_("Lock when nobody is there"), self.minutes),
            self.masked,
            kit.label(
                _("F12 covers the screen at once; Ctrl+L locks. What is typed is kept as a draft."),
                "muted",
            ),
            name="settings_privacy",
        )

    def _minutes_chosen(self) -> None:
        kept = self.host.preferences
        if chosen := self.minutes.pressed():
            kept.set("lock_minutes", int(chosen[0]))
            self.minutes_wanted.emit(int(chosen[0]))
        self.minutes.press([str(kept.get("lock_minutes"))])


def _field(words: str, editor: object) -> tuple[object, object]:
    """A label and what stands below it."""
    return kit.label(words, "label", wrap=False), editor
