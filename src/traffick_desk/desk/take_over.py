"""A locked window is passed on to a new process, with a window standing the whole time.

The process that held data cannot wipe every text from its memory; one that ends gives all of it
back. So soon after a lock a second process is begun. It builds its unlock window unseen and says
so; left alone, the first lets it show the window in its own place, and ends once it has painted.
Whatever is typed meanwhile stays where it was typed: then the new window goes away again and waits.

Both speak over a line that only this user may open, under a name that only the two know. The
words are ``ready`` and ``shown`` of the new process, ``show``, ``back`` and ``yours`` of the old.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QObject,
    QProcess,
    QProcessEnvironment,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import QApplication, QWidget

from traffick_desk.desk import renew

# A slow PC takes some seconds to start; after that the old way is taken.
START_MS = 20_000
# Said by who is on the other end of the line at once; more than a slow PC needs to paint.
ANSWER_MS = 5_000
_READY, _SHOWN, _BACK, _YOURS = b"ready", b"shown", b"back", b"yours"
_SHOW = b"show "


class Passing(QObject):
    """In the process that was locked: has a new one take the place of its window.

    Signals:
        passed: the window of the new process stands; this one is to end. The other is told after
            who hears of it has let go of what only one of them can have.
        postponed: somebody types here; it is to be offered again.
        failed: no new process came, or it went.
    """

    passed = Signal()
    postponed = Signal()
    failed = Signal()

    def __init__(
        self, parent: QObject | None = None, *, start: Callable[[str], bool] | None = None
    ) -> None:
        """Nothing is begun yet.

        Args:
            parent: its owner.
            start: begins a process that takes over by the line it is told; this program, if
                ``None``.
        """
        super().__init__(parent)
        self._start = start or _begun
        self._window: QWidget | None = None
        self._free: Callable[[], bool] = lambda: False
        self._server: Any = None
        self._line: _Line | None = None
        self._ready = False
        self._late = QTimer(self, singleShot=True, interval=START_MS)
        self._late.timeout.connect(self._gave_up)

    def offer(self, window: QWidget, free: Callable[[], bool]) -> None:
        """The window was left alone: pass it on, now or when the new process is ready.

        Args:
            window: what stands before the desk.
            free: tells whether nothing typed and no work would be lost with it.
        """
        self._window, self._free = window, free
        if self._ready and self._line is not None:
            self._show()
        elif self._server is None:
            self._begin()

    def end(self) -> None:
        """Nothing is passed on; a new process that waits ends by itself."""
        self._late.stop()
        self._window, self._ready = None, False
        line, self._line = self._line, None
        if line is not None:
            line.close()
        server, self._server = self._server, None
        if server is not None:
            server.close()
            server.deleteLater()

    def _begin(self) -> None:
        from PySide6.QtNetwork import QLocalServer

        self._server = server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.setMaxPendingConnections(1)
        server.newConnection.connect(self._came)
        if server.listen(_new_name()) and self._start(server.fullServerName()):
            self._late.start()
        else:
            self._gave_up()

    def _gave_up(self) -> None:
        self.end()
        self.failed.emit()

    def _came(self) -> None:
        socket = self._server.nextPendingConnection() if self._server is not None else None
        if socket is None:
            return
        if self._line is not None:
            socket.abort()
            return
        self._line = _Line(socket, self)
        self._line.heard.connect(self._heard)
        self._line.gone.connect(self._lost)
        self._line.read()

    def _lost(self) -> None:
        if self._line is not None:
            self._gave_up()

    def _heard(self, word: bytes) -> None:
        if word == _READY:
            self._late.stop()
            self._ready = True
            if self._free():
                self._show()
            else:
                self.postponed.emit()
        elif word == _SHOWN and self._line is not None:
            if self._free():
                self.passed.emit()
                self._line.say(_YOURS)
                self._line.flush()
                self.end()
            else:
                self._line.say(_BACK)
                if self._window is not None:
                    self._window.activateWindow()
                self.postponed.emit()

    def _show(self) -> None:
        if self._window is None or self._line is None:
            return
        active = self._window.isActiveWindow()
        if active and sys.platform == "win32":
            import ctypes

            # Who is in front may let another one come there; Windows keeps it from all others.
            ctypes.windll.user32.AllowSetForegroundWindow(-1)
        place = self._window.saveGeometry().toBase64().data()
        self._line.say(_SHOW + (b"1 " if active else b"0 ") + place)


class Heir(QObject):
    """In the new process: builds a window unseen, and shows it when it is told to.

    Signals:
        taken: the window is this process's own from now on.
        ended: it is not wanted; this process is to end.
    """

    taken = Signal()
    ended = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        """Nothing is said yet.

        Args:
            name: of the line to the process that is to be followed.
            parent: its owner.
        """
        super().__init__(parent)
        self._name = name
        self._window: QWidget | None = None
        self._line: _Line | None = None
        self._shown = False

    @property
    def waits(self) -> bool:
        """Whether there is a window that waits to be shown."""
        return self._window is not None

    def hold(self, window: QWidget) -> None:
        """Keep *window* unseen until the other process says so."""
        self._window = window
        window.installEventFilter(self)

    def begin(self) -> bool:
        """Say that the window is built; answers whether anybody is there."""
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket(self)
        socket.connectToServer(self._name)
        if not socket.waitForConnected(ANSWER_MS):
            return False
        self._line = _Line(socket, self)
        self._line.heard.connect(self._heard)
        self._line.gone.connect(self._lost)
        self._line.say(_READY)
        return True

    def _heard(self, word: bytes) -> None:
        if word.startswith(_SHOW):
            active, _blank, place = word.removeprefix(_SHOW).partition(b" ")
            self._show(active == b"1", place)
        elif word == _BACK and self._window is not None:
            self._shown = False
            self._window.hide()
        elif word == _YOURS:
            self._own()

    def _show(self, active: bool, place: bytes) -> None:
        window = self._window
        if window is None:
            return
        window.restoreGeometry(QByteArray.fromBase64(place))
        # Left in the background, it does not take the keyboard from what is in front.
        window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not active)
        self._shown = True
        window.show()
        if active:
            window.activateWindow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Painted: the other process may end."""
        if event.type() == QEvent.Type.Paint and self._shown and watched is self._window:
            QTimer.singleShot(0, self, self._painted)
        return False

    def _painted(self) -> None:
        if self._shown and self._line is not None:
            self._line.say(_SHOWN)

    def _own(self) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        if self._window is not None:
            self._window.removeEventFilter(self)
            self._window = None
        line.close()
        self.taken.emit()

    def _lost(self) -> None:
        if self._shown:
            # Gone without a word while this window stands: it is the only one.
            self._own()
        elif self._line is not None:
            self._line = None
            self.ended.emit()


class _Line(QObject):
    """Words over a socket, one a line.

    Signals:
        heard: a word came. Emits: it.
        gone: the other end is not there any more.
    """

    heard = Signal(bytes)
    gone = Signal()

    def __init__(self, socket: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        socket.setParent(self)
        self._data = b""
        socket.readyRead.connect(self.read)
        socket.disconnected.connect(self.gone)

    def say(self, word: bytes) -> None:
        self._socket.write(word + b"\n")
        self._socket.flush()

    def flush(self) -> None:
        """Wait until all that was said has left."""
        while self._socket.bytesToWrite() and self._socket.waitForBytesWritten(ANSWER_MS):
            pass

    def read(self) -> None:
        self._data += self._socket.readAll().data()
        *words, self._data = self._data.split(b"\n")
        for word in words:
            self.heard.emit(word)

    def close(self) -> None:
        self._socket.disconnected.disconnect(self.gone)
        self._socket.disconnectFromServer()
        self.deleteLater()


def _new_name() -> str:
    """Known to the two processes alone; in a folder of this user where the system needs one."""
    name = f"traffick-desk-{secrets.token_hex(12)}"
    from traffick_desk.desk import instance

    folder = None if sys.platform == "win32" else instance.own_folder()
    return str(folder / name) if folder is not None else name


def _begun(name: str) -> bool:
    """Begin this program anew, beside this process, to take over by the line called *name*."""
    program, *arguments = renew.command()
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert(renew.QUIET, name)
    process = QProcess()
    process.setProgram(program)
    process.setArguments(arguments)
    process.setProcessEnvironment(environment)
    process.setWorkingDirectory(str(Path.cwd()))
    began = process.startDetached()
    # The process' number may stand beside, by the version of the binding.
    return began[0] if isinstance(began, tuple) else bool(began)


def heir(app: QApplication) -> Heir | None:
    """What this process is to take over, if it was begun for that."""
    name = os.environ.get(renew.QUIET, "")
    if name in ("", renew.AT_ONCE):
        return None
    del os.environ[renew.QUIET]
    return Heir(name, app)
