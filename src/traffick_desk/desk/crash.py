"""When the program itself makes a mistake: what is told, and what may be saved of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal, qVersion
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPlainTextEdit, QWidget

from traffick_desk import __version__
from traffick_desk.desk import file_traces, kit, theme
from traffick_desk.i18n import _


def report(error: BaseException) -> str:
    """What happened and where in the program; no value of any field, no text of an exception."""
    import platform

    from traffick_desk.logs import places

    kinds: list[str] = []
    seen: BaseException | None = error
    lines: list[str] = []
    while seen is not None and len(kinds) < 4:
        kinds.append(type(seen).__name__)
        lines += [f"{type(seen).__name__}", *(f"    {place}" for place in places(seen))]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(
        [
            f"traffick-desk {__version__}",
            f"Python {platform.python_version()}, Qt {qVersion()}",
            f"{platform.system()} {platform.release()} {platform.machine()}",
            "",
            *lines,
            "",
        ]
    )


class CrashDialog(QDialog):
    """Tells that the data is safe, shows exactly what would be saved, and lets it be saved."""

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crash")
        self.setWindowTitle(_("A fault in the program"))
        self.setAccessibleName(self.windowTitle())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = report(error)
        shown = QPlainTextEdit(self.text)
        shown.setObjectName("crash_report")
        shown.setAccessibleName(_("The report"))
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setMinimumHeight(theme.current().px(160))
        self.notice = kit.label("", tone="ok", name="crash_notice")
        self.notice.hide()
        go_on = kit.button(_("Go on working"), "crash_close", self.accept, role="primary")
        save = kit.button(_("Save the report…"), "crash_save", self.choose)
        column = kit.vbox(
            kit.label(_("The program made a mistake."), "heading"),
            kit.label(
                _(
                    "What was saved before is safe, and what you typed is kept as a draft. You "
                    "can go on working. If it happens again, please close the program and start "
                    "it anew."
                )
            ),
            kit.label(
                _(
                    "This is the whole report. It holds nothing about any person. Nothing is "
                    "sent anywhere; you may save it and give it to the province's IT desk."
                ),
                "muted",
            ),
            shown,
            self.notice,
            kit.hbox(None, save, go_on),
            margins=24,
            gap=12,
        )
        column.setStretch(3, 1)
        self.setLayout(column)
        self.setMinimumWidth(theme.current().px(560))
        go_on.setFocus()

    def choose(self) -> None:
        """Ask where to save the report."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, _("Save the report"), folder, _("Text files (*.txt)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("traffick-desk-report.txt")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        dialog.destroyed.connect(lambda _gone: file_traces.forget())
        dialog.open()

    def save(self, path: Path) -> None:
        """Write the report as it is shown."""
        try:
            path.write_text(self.text, "utf-8")
        except OSError:
            self.notice.setText(
                _("The report could not be saved there. Please choose another place.")
            )
            kit.retone(self.notice, "late")
        else:
            self.notice.setText(_("The report was saved."))
            kit.retone(self.notice, "ok")
        self.notice.show()


class CrashGuard(QObject):
    """Shows unexpected exceptions once, from whichever thread they came.

    Signals:
        caught: an exception nobody handled; Emits: the exception.
    """

    caught = Signal(object)

    def __init__(self, over: Callable[[], QWidget | None] = QApplication.activeWindow) -> None:
        super().__init__()
        self._over = over
        self._dialog: CrashDialog | None = None
        self.caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over from the interpreter."""
        sys.excepthook = self.hook

    def hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """What the interpreter calls."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        self.caught.emit(error.with_traceback(trace))

    def _show(self, error: BaseException) -> None:
        # A mistake while drawing comes again with every frame; one dialog says it all.
        if self._dialog is not None:
            return
        self._dialog = CrashDialog(error, self._over())
        self._dialog.destroyed.connect(self._closed)
        self._dialog.open()

    def _closed(self) -> None:
        self._dialog = None
