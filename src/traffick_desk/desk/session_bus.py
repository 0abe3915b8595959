"""What Linux says over D-Bus when the officer leaves: logind, and the screen savers of desktops."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

LOGIND = "org.freedesktop.login1"
_MANAGER, _SESSION = f"{LOGIND}.Manager", f"{LOGIND}.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_ANSWER_MS = 500
_SAVERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.freedesktop.ScreenSaver", "/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
)


class SessionBus(QObject):
    """Listens on both buses.

    Signals:
        left: the PC goes to sleep, its screen is locked, or another user takes it.
    """

    left = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._buses: list[QDBusConnection] = []

    def listen(self, system: Any = None, session: Any = None) -> None:
        """Listen on both buses; a bus that is not there is left out.

        Args:
            system: the system's bus, else the one of this PC.
            session: that of the login, likewise.
        """
        system = system or QDBusConnection.systemBus()
        if system.isConnected():
            self._buses.append(system)
            manager = "/org/freedesktop/login1"
            system.connect(
                LOGIND, manager, _MANAGER, "PrepareForSleep", self, SLOT("on_state(bool)")
            )
            # Of whichever session: the path of our own is known only after asking, and the
            # signals of others say no more than that the PC is being left.
            system.connect(LOGIND, "", _SESSION, "Lock", self, SLOT("on_left()"))
            system.connect(
                LOGIND, "", _PROPERTIES, "PropertiesChanged",
                self, SLOT("on_properties(QDBusMessage)"),
            )  # fmt: skip
        session = session or QDBusConnection.sessionBus()
        if session.isConnected():
            self._buses.append(session)
            for service, path in _SAVERS:
                session.connect(
                    service, path, service, "ActiveChanged", self, SLOT("on_state(bool)")
                )

    @Slot(bool)
    def on_state(self, on: bool) -> None:
        """Asleep or the screen covered, when true."""
        if on:
            self.left.emit()

    @Slot(QDBusMessage)
    def on_properties(self, message: QDBusMessage) -> None:
        """A session that is not active any more: another user has the screen."""
        given = message.arguments()
        if given and given[0] == _SESSION and not self.is_active(message.path()):
            self.left.emit()

    def is_active(self, session: str) -> bool:
        """Whether a session has the screen; one that does not answer counts as having it."""
        # What the signal itself carries PySide cannot unpack, so it is asked for.
        call = QDBusMessage.createMethodCall(LOGIND, session, _PROPERTIES, "Get")
        call.setArguments([_SESSION, "Active"])
        reply = self._buses[0].call(call, QDBus.CallMode.Block, _ANSWER_MS)
        if reply.type() != QDBusMessage.MessageType.ReplyMessage:
            return True
        return reply.arguments()[0].variant() is not False

    @Slot()
    def on_left(self) -> None:
        """The session is locked."""
        self.left.emit()
