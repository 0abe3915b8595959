"""One running program for each vault: a second start hands its wish over and ends.

A double-click on a bundle starts the program once more. Two windows over one vault would only
tell the officer that the vault is in use, so the second process asks the first to come forward,
and says which file was clicked. What comes in over the line is a stranger's word: a path and
nothing else, of bounded length, which the first one judges as if the officer had chosen it.

Qt's network library is loaded by the second start only, and by the first after its window stands.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

MOST_BYTES = 16 * 1024
"""Of one wish; a path of Windows has at most 32,767 letters, but nobody's bundle lies that deep."""
ANSWER_MS = 3000
# A program that listens already and is still loading its window answers when that is done; on a
# slow PC a second window of the same vault would be there first.
LOADING_MS = 20_000
_MOST_AT_ONCE = 8
# The address of a socket has 108 bytes, its end included; Qt adds nothing to a whole path.
_MOST_ADDRESS = 100
_YES = b"here\n"


def address(vault: Path) -> str:
    """Where the program that has *vault* listens; empty where there is no safe place for it.

    It is a digest of the vault's place, so it names neither person nor folder.
    """
    place = os.path.normcase(vault.absolute())
    name = (
        "traffick-desk-" + hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    )
    if sys.platform == "win32":
        return name
    folder = own_folder()
    found = str(folder / name) if folder is not None else ""
    return found if len(os.fsencode(found)) <= _MOST_ADDRESS else ""


def own_folder() -> Path | None:
    """A folder that only this user can write to: elsewhere another one could lie in wait."""
    import platformdirs

    places = [os.environ.get("XDG_RUNTIME_DIR"), platformdirs.user_data_dir("traffick-desk", False)]
    for place in filter(None, places):
        try:
            found = Path(place).stat()
        except OSError:
            continue
        if found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return Path(place)
    return None


def is_taken(where: str) -> bool:
    """Whether somebody may be listening there; answers at once and loads nothing."""
    if not where:
        return False
    if sys.platform == "win32":
        import ctypes

        # Waits a millisecond for a pipe that is there, and not at all for one that is not.
        return bool(ctypes.windll.kernel32.WaitNamedPipeW(rf"\\.\pipe\{where}", 1))
    return os.path.exists(where)  # noqa: PTH110 - on the way to the first window


def hand_over(where: str, file: Path | None, wait: int = LOADING_MS) -> bool:
    """Ask the program that runs already to come forward, and to show *file*.

    Returns:
        Whether it is there and has heard; otherwise this process is to go on by itself.
    """
    if not is_taken(where):
        return False
    try:
        from PySide6.QtNetwork import QLocalSocket
    except ImportError:
        return False

    if sys.platform == "win32":
        import ctypes

        # Who was clicked last may lend the right to come forward; Windows keeps it from others.
        ctypes.windll.user32.AllowSetForegroundWindow(-1)
    socket = QLocalSocket()
    socket.connectToServer(where)
    if not socket.waitForConnected(wait):
        return False
    wish = {"open": str(file.absolute()) if file is not None else ""}
    socket.write(json.dumps(wish).encode("ascii") + b"\n")
    heard = b""
    while not heard.endswith(b"\n") and socket.waitForReadyRead(wait):
        heard += socket.read(len(_YES)).data()
    socket.disconnectFromServer()
    return heard == _YES


def read_wish(data: bytes) -> str | None:
    """The path in a wish, empty for none; ``None`` if it is no wish."""
    try:
        found = json.loads(data)
        path = found["open"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(path, str) or "\0" in path or (path and not Path(path).is_absolute()):
        return None
    return path


class Listener(QObject):
    """Hears what later starts wish; begun once the first window stands.

    Signals:
        wanted: come forward. Emits: the path that was clicked, or nothing.
    """

    wanted = Signal(str)

    def __init__(self, where: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._where = where
        self._server: Any = None

    def begin(self) -> bool:
        """Listen; answers whether it does. Without it a second start opens a window of its own."""
        if not self._where:
            return False
        try:
            from PySide6.QtNetwork import QLocalServer, QLocalSocket
        except ImportError:
            # The .tar.xz brings no system libraries: this may be missing; only this is lost then.
            return False
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.setMaxPendingConnections(_MOST_AT_ONCE)
        server.newConnection.connect(self._came)
        if is_taken(self._where):
            # A program that was killed leaves its socket; one that lives answers. Qt would take
            # the address from either.
            probe = QLocalSocket()
            probe.connectToServer(self._where)
            lives = probe.waitForConnected(ANSWER_MS)
            probe.abort()
            if lives:
                return False
            QLocalServer.removeServer(self._where)
        if not server.listen(self._where):
            return False
        self._server = server
        return True

    def end(self) -> None:
        """Stop listening; the address is free again."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _came(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()):
            _Heard(socket, self)


class _Heard(QObject):
    """One connection: a line, an answer, the end."""

    def __init__(self, socket: Any, listener: Listener) -> None:
        super().__init__(socket)
        self._socket, self._listener = socket, listener
        self._data = b""
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(socket.deleteLater)
        # Whoever says nothing is let go.
        QTimer.singleShot(ANSWER_MS, self, socket.abort)
        self._read()

    def _read(self) -> None:
        self._data += self._socket.read(MOST_BYTES + 1 - len(self._data)).data()
        line, ended, _rest = self._data.partition(b"\n")
        if not ended and len(self._data) <= MOST_BYTES:
            return
        path = read_wish(line) if ended else None
        if path is None:
            self._socket.abort()
            return
        self._socket.readyRead.disconnect(self._read)
        self._socket.write(_YES)
        self._socket.flush()
        self._socket.disconnectFromServer()
        self._listener.wanted.emit(path)
