"""The main window: navigation at the left, the top bar, one page, and what is saved below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMainWindow,
    QSizePolicy,
    QStackedWidget,
)

from traffick_desk.desk import kit, theme
from traffick_desk.desk.cover import Cover
from traffick_desk.desk.dialogs import DeskDialogs, Dialogs
from traffick_desk.desk.frame_parts import NavButton, StatusBar
from traffick_desk.desk.host import DeskLike, Host
from traffick_desk.desk.idle import IdleWatch
from traffick_desk.desk.messages import Messages, UndoBar
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.page_shelf import PageShelf
from traffick_desk.desk.palette import CaseSearch, Palette
from traffick_desk.desk.parsing import show_date
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.shortcuts import FIELD_KEYS, Keys
from traffick_desk.i18n import _

PROGRAM = "traffick-desk"
NARROW = 1000
NAV_WIDTH = 168
VEIL_AFTER_MS = 1500
# How long a page must have been left alone before those that come next are made.
AHEAD_AFTER_MS = 300


class MainWindow(QMainWindow):
    """The window of an unlocked desk.

    Signals:
        locking: drafts are kept and no work is left; whoever listens closes the desk.
        veiled: locking takes longer, because work cannot be broken off; the window is hidden.
    """

    locking = Signal()
    veiled = Signal()

    def __init__(
        self,
        desk: DeskLike,
        pages: Sequence[type[Page]],
        *,
        search: CaseSearch | None = None,
        preferences: Preferences | None = None,
        dialogs: Dialogs | None = None,
        expected: tuple[type[Exception], ...] = (),
        **host: Any,
    ) -> None:
        """Build the window.

        Args:
            desk: an unlocked desk.
            pages: the pages in the order of the navigation; those of another profile are left out.
            search: finds cases for the palette.
            preferences: how the officer likes the desk.
            dialogs: real ones by default.
            expected: see :class:`~traffick_desk.desk.host.Host`.
            **host: more for the host, such as ``context``.
        """
        super().__init__()
        self.setObjectName("main_window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.messages = Messages()
        self.undo_bar = UndoBar()
        self.status = StatusBar()
        self.host = Host(
            desk,
            messages=self.messages,
            undo=self.undo_bar,
            dialogs=dialogs or DeskDialogs(self),
            preferences=preferences,
            expected=expected,
            **host,
        )
        # It ends with the window: work and models that refer to each other would stay for ever.
        self.host.setParent(self)
        info = desk.info
        # Names of persons never come here: the title is shown by the system, even over a lock.
        self.setWindowTitle(f"{PROGRAM} — {info.unit_name}")
        self._stack = QStackedWidget()
        self._stack.setObjectName("pages")
        role = getattr(info, "role", "")
        own = [p for p in pages if info.profile in p.profiles and p.open_to(role)]
        self.pages = PageShelf(own, self.build_page)
        self._trail: list[tuple[str, dict[str, Any]]] = []
        self._build(info.unit_name)
        self.palette_list = Palette(self.search_box, self, self.commands, search)
        self.cover = Cover(self)
        self._locking = False
        self._ahead = QTimer(self, singleShot=True, interval=AHEAD_AFTER_MS)
        self._ahead.timeout.connect(self._build_ahead)
        self._connect()
        self._bind_keys()
        app = QApplication.instance()
        self.idle = IdleWatch(app, self.host.preferences.get("lock_minutes"), self)
        self.idle.idle.connect(self.lock)
        self.idle.lock_pressed.connect(self.lock)
        self.idle.blank_pressed.connect(self.cover.put)
        self.idle.touched.connect(self._put_off)
        look = theme.current()
        self.setMinimumSize(QSize(look.px(640), look.px(480)).boundedTo(QSize(900, 640)))
        self.resize(kit.fitting(1280, 720))
        if self.pages:
            self.go(next(iter(self._nav or self.pages)))

    # -- building --------------------------------------------------------------------------

    def _build(self, unit_name: str) -> None:
        self.unit_label = kit.label(unit_name, "subheading", name="unit_name", wrap=False)
        self.search_box = QLineEdit()
        self.search_box.setObjectName("search")
        self.search_box.setAccessibleName(_("Search, or type a command"))
        self.search_box.setPlaceholderText(
            _("Search, or type a command… {keys}").format(keys=Keys.PALETTE.shown)
        )
        self.search_box.setMaximumWidth(theme.current().px(420))
        self.unsent = kit.button("", "unsent", lambda: self.go("sync"), role="quiet")
        self.unsent.hide()
        self.to_choose = kit.button(
            _("To choose: {count}").format(count=0),
            "to_choose",
            lambda: self.go("conflicts"),
            role="quiet",
            icon="conflict",
        )
        self.to_choose.hide()
        self.mask = kit.IconButton("privacy", Keys.PRIVACY.words, "privacy")
        self.mask.setCheckable(True)
        self.mask.setChecked(self.host.privacy.on)
        self.mask.setToolTip(f"{Keys.PRIVACY.words} ({Keys.PRIVACY.shown})")
        self.hide_button = kit.IconButton("eye-off", Keys.BLANK.words, "blank")
        self.hide_button.setToolTip(f"{Keys.BLANK.words} ({Keys.BLANK.shown})")
        self.lock_button = kit.button(
            _("Lock"), "lock", self.lock, icon="lock", tooltip=f"{_('Lock')} ({Keys.LOCK.shown})"
        )
        top = kit.panel(
            kit.hbox(
                self.unit_label,
                None,
                self.search_box,
                self.to_choose,
                self.unsent,
                self.mask,
                self.hide_button,
                self.lock_button,
                margins=(16, 8, 16, 8),
            ),
            "topbar",
            "topbar",
        )
        top.layout().setStretch(2, 2)
        self._nav: dict[str, NavButton] = {}
        for page in self.pages.kinds.values():
            if page.in_navigation or self.host.desk.info.role in page.navigation_roles:
                made = NavButton(page, len(self._nav) + 1)
                made.clicked.connect(lambda _on=False, name=page.name: self.go(name))
                self._nav[page.name] = made
        self.nav = kit.panel(kit.vbox(*self._nav.values(), None, margins=8, gap=4), "nav", "nav")
        self.nav.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        over = kit.panel(kit.vbox(self.messages, margins=(24, 8, 24, 0)), name="over")
        under = kit.panel(kit.vbox(self.undo_bar, margins=(24, 0, 24, 8)), name="under")
        main = kit.vbox(over, self._stack, under, gap=0)
        main.setStretch(1, 1)
        middle = kit.hbox(self.nav, main, gap=0)
        middle.setStretch(1, 1)
        whole = kit.vbox(top, middle, self.status, gap=0)
        whole.setStretch(1, 1)
        self.setCentralWidget(kit.panel(whole, "page", "frame"))

    def _connect(self) -> None:
        host = self.host
        host.going.connect(lambda name, arguments: self.go(name, **arguments))
        host.changed.connect(self._changed)
        host.saved.connect(self.tell_saved)
        host.jobs.busy.connect(self.status.busy)
        host.jobs.telling.connect(self.status.tell)
        self.mask.toggled.connect(host.privacy.switch)
        host.privacy.switched.connect(self._masked)
        self.hide_button.clicked.connect(self.cover.put)

    def _bind_keys(self) -> None:
        for keys, act in (
            (Keys.PALETTE, self.palette_list.open),
            (Keys.BLANK, self.cover.toggle),
            (Keys.LOCK, self.lock),
            (Keys.PRIVACY, self.mask.toggle),
            (Keys.UNDO, self.undo_bar.undo),
            (Keys.BACK, self.back),
            (Keys.REFRESH, lambda: self._changed(frozenset())),
            (Keys.SHORTCUTS, self.show_keys),
        ):
            QShortcut(QKeySequence(keys.keys), self).activated.connect(act)
        for number, name in enumerate(list(self._nav)[:9], 1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(lambda name=name: self.go(name))

    def build_page(self, kind: type[Page]) -> Page:
        """Make a page when it is first gone to."""
        page = kind(self.host)
        self._stack.addWidget(page)
        return page

    # -- pages -----------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._stack.currentWidget()

    def go(self, name: str, **arguments: Any) -> None:
        """Show the page called *name*; Esc comes back to the one before."""
        if name not in self.pages:
            return
        if self.pages.kinds[name].in_navigation:
            self._trail.clear()
        elif self._trail and self._trail[-1][0] == name:
            self._trail.pop()
        self._trail.append((name, arguments))
        self._show(name, arguments)

    def back(self) -> None:
        """Go back to where the page was opened from."""
        if self.page.back():
            return
        if len(self._trail) > 1:
            self._trail.pop()
            self._show(*self._trail[-1])
        elif (first := next(iter(self._nav), None)) and not self.page.in_navigation:
            self.go(first)

    def _show(self, name: str, arguments: dict[str, Any]) -> None:
        page = self.pages[name]
        self._stack.setCurrentWidget(page)
        lit = name if name in self._nav else page.belongs_to
        for other, made in self._nav.items():
            made.setChecked(other == lit)
        page.opened(**arguments)
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ahead.start()

    def _put_off(self) -> None:
        if self._ahead.isActive():
            self._ahead.start()

    def _build_ahead(self) -> None:
        missing = self.pages.missing(self.page.ahead)
        if not missing or self._locking:
            return
        if not self.host.jobs.running:
            _ = self.pages[missing[0]]
        self._ahead.start()

    def commands(self) -> list[PageCommand]:
        """What the palette offers: of the page, then pages, then the window."""
        pages = [
            PageCommand(
                _("Go to {page}").format(page=p.title()),
                lambda name=name: self.go(name),
                p.icon,
                f"Ctrl+{number}",
            )
            for number, (name, p) in enumerate(((n, self.pages.kinds[n]) for n in self._nav), 1)
        ]
        window = [
            PageCommand(Keys.LOCK.words, self.lock, "lock", Keys.LOCK.shown),
            PageCommand(Keys.BLANK.words, self.cover.put, "eye-off", Keys.BLANK.shown),
            PageCommand(Keys.PRIVACY.words, self.mask.toggle, "privacy", Keys.PRIVACY.shown),
            PageCommand(Keys.SHORTCUTS.words, self.show_keys, "help", Keys.SHORTCUTS.shown),
        ]
        return [*self.page.commands(), *pages, *window]

    # -- what is shown around pages -----------------------------------------------------------

    def tell_saved(self, at: datetime) -> None:
        """Say that everything is saved, and where."""
        self.status.saved.setText(_("Saved at {time} on this computer").format(time=f"{at:%H:%M}"))

    def tell_carried(self, at: datetime) -> None:
        """Say that everything has been written to a stick."""
        self.status.saved.setText(
            _("Written to the stick at {time} on {date}").format(
                time=f"{at:%H:%M}", date=show_date(at.date())
            )
        )

    def set_unsent(self, count: int) -> None:
        """Show how many cases have changes that have not left this computer."""
        text = _("Not sent yet: {count}")
        self.unsent.setText(text.format(count=count))
        self.unsent.setAccessibleName(self.unsent.text())
        self.unsent.setVisible(count > 0)

    def set_to_choose(self, count: int) -> None:
        """Show how many values wait for an officer's choice."""
        self.to_choose.setText(_("To choose: {count}").format(count=count))
        self.to_choose.setAccessibleName(self.to_choose.text())
        self.to_choose.setVisible(count > 0)

    def show_keys(self) -> None:
        """List all keys."""
        rows = [(k.shown, k.words) for k in Keys] + [(k, _(w)) for k, w in FIELD_KEYS]
        self.messages.clear()
        self.messages.tell(_("Keys"), "\n".join(f"{keys}  –  {words}" for keys, words in rows))

    def _masked(self, on: bool) -> None:
        self.mask.setChecked(on)
        self.host.preferences.set("privacy_view", on)
        self.page.refresh(frozenset())

    def _changed(self, kinds: frozenset[str]) -> None:
        page = self.page
        if not kinds or not page.interests or kinds & page.interests:
            page.refresh(kinds)

    # -- locking ---------------------------------------------------------------------------

    def lock(self) -> None:
        """Cover the screen, keep drafts, let work end, then ask to be closed.

        After two seconds nothing is to be seen any more, whatever goes on behind it.
        """
        if self._locking:
            return
        self._locking = True
        self.cover.drop_others()
        if not self.cover.on:
            self.cover.put()
        for page in self.pages.built:
            page.save_drafts()
        self.host.jobs.cancel_what_can()
        self.host.jobs.when_idle(self.locking.emit)
        if self.host.jobs.running:
            QTimer.singleShot(VEIL_AFTER_MS, self, self._veil)

    def _veil(self) -> None:
        if self.host.jobs.running:
            self.hide()
            self.veiled.emit()

    def closeEvent(self, event: QEvent) -> None:
        """Closing the window is locking first: nothing typed is lost."""
        if not self._locking:
            event.ignore()
            self.lock()
            return
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Fit to a new text size."""
        super().changeEvent(event)
        if event.type() in kit.LOOK_CHANGES and hasattr(self, "search_box"):
            self.search_box.setMaximumWidth(theme.current().px(420))

    def resizeEvent(self, event: QEvent) -> None:
        """Navigation folds to icons in a narrow window; the cover covers all of it."""
        super().resizeEvent(event)
        narrow = self.width() < theme.current().px(NARROW)
        style = (
            Qt.ToolButtonStyle.ToolButtonIconOnly
            if narrow
            else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        )
        for made in self._nav.values():
            made.setToolButtonStyle(style)
        self.nav.setMinimumWidth(0 if narrow else theme.current().px(NAV_WIDTH))
        self.unit_label.setHidden(narrow)
        self.cover.setGeometry(self.rect())
