"""Choosing where bundles go and come from: a USB stick, found by itself, or a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from traffick_desk.desk import icons, kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.i18n import _
from traffick_desk.services import practice
from traffick_desk.services.exchange import Stick
from traffick_desk.services.exchange import sticks as plugged_in

LOOK_AGAIN_MS = 3000


def size_words(size: int) -> str:
    """``7,2 GB``: as people write it."""
    for unit, factor in (("GB", 1_000_000_000), ("MB", 1_000_000)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}".replace(".", ",")
    return f"{max(1, size // 1000) if size else 0} KB"


def stick_words(stick: Stick) -> str:
    """What a stick is called in the list."""
    if not stick.writable:
        return _("{name} (write-protected)").format(name=stick.label)
    return _("{name} ({free} free)").format(name=stick.label, free=size_words(stick.free))


class PlacePicker(QWidget):
    """A list of the sticks that are plugged in, and folders that were chosen.

    Signals:
        changed: another place is chosen, or there is none any more.
    """

    changed = Signal()

    def __init__(self, host: Host, find: Callable[[], Sequence[Stick]] = plugged_in) -> None:
        """Make it empty; it looks for sticks while it is on the screen.

        Args:
            host: for jobs and dialogs.
            find: finds the sticks; runs in a thread.
        """
        super().__init__()
        self._host, self._find = host, find
        self._sticks: tuple[Stick, ...] = ()
        # In practice a folder stands for the stick; it is always plugged in.
        info = host.desk.info
        self._practice = practice.beside(info.vault_path).stick if info.practice else None
        self._folders: list[Path] = [self._practice] if self._practice is not None else []
        self._looking = False
        self.box = QComboBox()
        self.box.setObjectName("place")
        self.box.setAccessibleName(_("USB stick or folder"))
        self.box.setMinimumWidth(theme.current().px(260))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.setIconSize(icons.icon_size(18))
        self.box.currentIndexChanged.connect(lambda _index: self._tell())
        self.hint = kit.label("", "muted", name="place_hint")
        again = kit.button(_("Look again"), "place_refresh", self.look, icon="sync")
        folder = kit.button(_("Choose a folder…"), "place_folder", self.choose)
        flow = kit.FlowLayout(8)
        for widget in (self.box, again, folder):
            flow.addWidget(widget)
        label = kit.label(_("USB stick or folder"), "label", wrap=False)
        label.setBuddy(self.box)
        self.setLayout(kit.vbox(label, kit.panel(flow), self.hint, gap=4))
        self._timer = QTimer(self, interval=LOOK_AGAIN_MS)
        self._timer.timeout.connect(self.look)
        self._fill()

    def place(self) -> Path | None:
        """The chosen stick or folder."""
        chosen = self.box.currentData()
        return Path(chosen) if chosen else None

    def stick(self) -> Stick | None:
        """The chosen stick, if it is one."""
        return next((s for s in self._sticks if s.path == self.place()), None)

    def can_write(self) -> bool:
        """Whether something can be written there, as far as is known."""
        stick = self.stick()
        return self.place() is not None and (stick is None or stick.writable)

    def select(self, folder: Path) -> None:
        """Choose a folder."""
        if folder not in self._folders and all(s.path != folder for s in self._sticks):
            self._folders.append(folder)
        self._fill(folder)

    def choose(self) -> None:
        """Let the officer choose a folder."""
        self._host.dialogs.folder(_("Folder for bundles"), self.select)

    def look(self) -> None:
        """Look for sticks."""
        if not self._looking:
            self._looking = True
            self._host.jobs.run(self._find, done=self._found, failed=self._nothing, owner=self)

    def showEvent(self, event: object) -> None:
        """Look now, and again while it is on the screen."""
        super().showEvent(event)
        self.look()
        self._timer.start()

    def hideEvent(self, event: object) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def _nothing(self, _problem: Exception) -> None:
        self._looking = False

    def _found(self, sticks: Sequence[Stick]) -> None:
        self._looking = False
        if tuple(sticks) == self._sticks:
            return
        new = [s for s in sticks if all(s.path != old.path for old in self._sticks)]
        self._sticks = tuple(sticks)
        # The stick that was just plugged in is the one that is meant.
        self._fill(new[0].path if new else None)

    def _fill(self, wanted: Path | None = None) -> None:
        kept = wanted or self.place()
        self.box.blockSignals(True)
        self.box.clear()
        for stick in self._sticks:
            self.box.addItem(icons.icon("stick", "text", 18), stick_words(stick), str(stick.path))
        for folder in self._folders:
            mine = folder == self._practice
            words = _("Practice stick (a folder on this PC)") if mine else str(folder)
            self.box.addItem(
                icons.icon("stick" if mine else "document", "text", 18), words, str(folder)
            )
        if not self.box.count():
            self.box.addItem(_("no USB stick plugged in"), "")
        if kept is not None and (at := self.box.findData(str(kept))) >= 0:
            self.box.setCurrentIndex(at)
        self.box.setEnabled(bool(self.box.itemData(0)))
        self.box.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        hint = ""
        if self.place() is None:
            hint = _("Plug a USB stick in; it shows up here by itself. A shared folder works too.")
        elif not self.can_write():
            hint = _("This stick is write-protected: one can import from it, but not export to it.")
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.changed.emit()
