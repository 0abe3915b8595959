"""Messages that do not stop the work: a bar at the top, and the undo bar at the bottom."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QWidget

from traffick_desk.desk import kit
from traffick_desk.i18n import _

Action = tuple[str, Callable[[], object]]
MOST = 3
# Good news needs no answer: it goes by itself, and newer good news takes its place.
GOOD_MS = 8_000
UNDO_MS = 30_000


class Notice(QFrame):
    """One message: what happened, is the data safe, what now."""

    def __init__(self, tone: str, lines: Sequence[str], actions: Sequence[Action]) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setProperty("tone", tone)
        self.setObjectName("notice")
        texts = [kit.label(lines[0], "label", name="notice_what")]
        texts += [kit.label(text, name="notice_more") for text in lines[1:] if text]
        for text in texts:
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = [
            kit.button(words, f"notice_action_{n}", self._after(act))
            for n, (words, act) in enumerate(actions)
        ]
        column = kit.vbox(*texts, gap=4)
        if buttons:
            column.addLayout(kit.hbox(*buttons, None))
        self.close_button = kit.IconButton("close", _("Close this message"), "notice_close")
        self.close_button.clicked.connect(self.drop)
        icon = kit.IconLabel(kit.TONE_ICONS[tone], tone, 20)
        row = kit.hbox(icon, column, self.close_button, margins=(12, 8, 8, 8), gap=12)
        row.setStretch(1, 1)
        row.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
        row.setAlignment(self.close_button, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)
        self.setAccessibleName(" ".join(lines))

    def drop(self) -> None:
        """Take the message away."""
        self.hide()
        self.setParent(None)
        self.deleteLater()

    def _after(self, act: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            self.drop()
            act()

        return run


class Messages(QWidget):
    """The bar that holds the newest messages, the last on top."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("messages")
        self._column = kit.vbox(gap=8)
        self.setLayout(self._column)

    def tell(self, what: str, *more: str, actions: Sequence[Action] = ()) -> Notice:
        """Something went well that the officer waits for."""
        return self._show("ok", (what, *more), actions)

    def warn(self, what: str, *more: str, actions: Sequence[Action] = ()) -> Notice:
        """Something needs a look."""
        return self._show("due", (what, *more), actions)

    def fail(
        self, what: str, safe: str = "", now: str = "", actions: Sequence[Action] = ()
    ) -> Notice:
        """Something did not work: what happened, is the data safe, what to do now."""
        return self._show("late", (what, safe, now), actions)

    def shown(self) -> list[Notice]:
        """The messages on screen, newest first."""
        return self.findChildren(Notice, options=Qt.FindChildOption.FindDirectChildrenOnly)[::-1]

    def clear(self) -> None:
        """Take all messages away."""
        for notice in self.shown():
            notice.drop()

    def _show(self, tone: str, lines: Sequence[str], actions: Sequence[Action]) -> Notice:
        notice = Notice(tone, [text for text in lines if text], actions)
        if tone == "ok":
            for old in self.shown():
                if old.property("tone") == "ok":
                    old.drop()
            if not actions:
                QTimer.singleShot(GOOD_MS, notice, notice.drop)
        self._column.insertWidget(0, notice)
        for old in self.shown()[MOST:]:
            old.drop()
        QAccessible.updateAccessibility(QAccessibleEvent(notice, QAccessible.Event.Alert))
        return notice


class UndoBar(QWidget):
    """Offers to take back the last step; instead of asking before it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("undo_bar")
        self.setProperty("role", "undo")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._act: Callable[[], object] | None = None
        self._text = kit.label("", name="undo_text", wrap=False)
        self._button = kit.button(_("&Undo"), "undo", self.undo)
        self._close = kit.button(_("Close"), "undo_close", self.drop)
        self.setLayout(
            kit.hbox(self._text, None, self._button, self._close, margins=(16, 8, 8, 8), gap=8)
        )
        self._timer = QTimer(self, singleShot=True, interval=UNDO_MS)
        self._timer.timeout.connect(self.drop)
        self.hide()

    def offer(self, text: str, act: Callable[[], object]) -> None:
        """Say what was done (*text*) and offer to take it back by *act*."""
        self._act = act
        self._text.setText(text)
        self._timer.start()
        self.show()

    def undo(self) -> None:
        """Take the last step back."""
        act, self._act = self._act, None
        self.drop()
        if act is not None:
            act()

    def drop(self) -> None:
        """Take the offer away."""
        self._timer.stop()
        self._act = None
        self.hide()
