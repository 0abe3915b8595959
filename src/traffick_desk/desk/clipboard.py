"""What is copied in the desk leaves the clipboard again: after ten seconds, on lock, on quit.

A copy is put there once more with marks that ask the history of the clipboard, its cloud and
its managers not to keep it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard

CLEAR_AFTER_MS = 10_000
_NO = bytes(4)  # a DWORD of 0
MARKS: dict[str, bytes] = {
    # Windows: managers of the clipboard, its history (Win+V), and its cloud.
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"\x01",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': _NO,
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': _NO,
    # KDE's Klipper and those that follow it.
    "x-kde-passwordManagerHint": b"secret",
}
# Ours alone; tells a copy that was marked already.
_OURS = "application/x-traffick-desk"


class ClipboardGuard(QObject):
    """Watches the clipboard for copies made in the desk.

    Args:
        clipboard: the application's.
        copying: whether a window of the desk with data is in use; what changes then was copied
            here, for not every platform tells who owns the clipboard.
        after: milliseconds until a copy is taken away.
    """

    def __init__(
        self,
        clipboard: QClipboard,
        copying: Callable[[], bool],
        parent: QObject | None = None,
        *,
        after: int = CLEAR_AFTER_MS,
    ) -> None:
        super().__init__(parent)
        self._clipboard, self._copying = clipboard, copying
        self._ours = False
        self._wait = QTimer(self, singleShot=True, interval=after)
        self._wait.timeout.connect(self.clear)
        clipboard.dataChanged.connect(self._changed)

    @property
    def waiting(self) -> bool:
        """Whether a copy of ours is still there."""
        return self._ours

    def _changed(self) -> None:
        given = self._clipboard.mimeData()
        if given is not None and given.hasFormat(_OURS):
            return
        self._wait.stop()
        self._ours = given is not None and bool(given.formats()) and self._copying()
        if not self._ours:
            return
        self._clipboard.setMimeData(_marked(given))
        self._wait.start()

    def clear(self) -> None:
        """Take our copy away; what another program put there meanwhile stays."""
        self._wait.stop()
        if self._ours or self._clipboard.ownsClipboard():
            self._ours = False
            self._clipboard.clear()


def _marked(given: QMimeData) -> QMimeData:
    made = QMimeData()
    if given.hasText():
        made.setText(given.text())
    if given.hasHtml():
        made.setHtml(given.html())
    if given.hasImage():
        made.setImageData(given.imageData())
    if given.hasUrls():
        made.setUrls(given.urls())
    for name, value in {**MARKS, _OURS: b"1"}.items():
        made.setData(name, value)
    return made
