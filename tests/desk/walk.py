"""Looks at a whole window the way a screen reader and a keyboard do."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
)


def activate(qtbot, window: QWidget) -> None:
    """Show *window* and give it the keyboard."""
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()


def discard(window: QWidget) -> None:
    """Close *window* and delete it now; windows left over make every theme change slow."""
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def controls(window: QWidget) -> list[QWidget]:
    """All controls a person can meet, hidden ones too, but not the insides of Qt's own."""
    found = [w for w in window.findChildren(QWidget) if isinstance(w, CONTROLS)]
    return [w for w in found if not w.objectName().startswith("qt_")]


def unnamed(window: QWidget) -> list[str]:
    """Controls without an objectName or without a name for screen readers."""
    return [
        f"{type(w).__name__} {w.objectName()!r} in {w.parentWidget().objectName()!r}"
        for w in controls(window)
        if not w.objectName() or not w.accessibleName()
    ]


def twice_named(window: QWidget) -> list[str]:
    """objectNames that two visible controls share."""
    names = sorted(w.objectName() for w in controls(window) if w.isVisible())
    return [a for a, b in itertools.pairwise(names) if a == b]


def small(window: QWidget, least: int) -> list[str]:
    """Visible buttons and fields lower than *least* px."""
    return [
        f"{w.objectName()}: {w.height()}"
        for w in controls(window)
        if w.isVisible()
        and isinstance(w, QAbstractButton | QLineEdit | QComboBox)
        and w.height() < least
    ]


def clipped(window: QWidget) -> list[str]:
    """Visible labels and buttons whose text needs more room than they have."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, QLabel) and widget.text():
            if widget.wordWrap():
                short = widget.height() + 1 < widget.heightForWidth(widget.width())
            else:
                short = widget.width() + 1 < widget.minimumSizeHint().width()
        elif isinstance(widget, QAbstractButton) and widget.text():
            short = widget.width() + 1 < widget.minimumSizeHint().width()
        else:
            continue
        if short:
            found.append(f"{widget.objectName()}: {widget.text()!r}")
    return found


def sideways(window: QWidget) -> list[str]:
    """Areas whose content is wider than they are, though they do not scroll sideways."""
    return [
        area.objectName()
        for area in window.findChildren(QAbstractScrollArea)
        if area.isVisible()
        and not isinstance(area, QAbstractItemView | QPlainTextEdit)
        and area.horizontalScrollBar().maximum() > 0
    ]


def tab_trail(window: QWidget, most: int = 200) -> list[str]:
    """The objectNames that Tab visits, until it comes round.

    Raises:
        AssertionError: Tab stays in one place or never comes round.
    """
    trail: list[str] = []
    seen: set[int] = set()
    for _ in range(most):
        here = QApplication.focusWidget()
        assert here is not None, f"Tab lost the focus after {trail[-1:]}"
        if id(here) in seen:
            return trail
        seen.add(id(here))
        trail.append(here.objectName())
        QTest.keyClick(here, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is not here, f"Tab is caught in {here.objectName()!r}"
    raise AssertionError(f"Tab does not come round: {trail}")


def mnemonics(window: QWidget) -> list[str]:
    """Alt keys that two visible buttons share."""
    keys = []
    for widget in window.findChildren(QAbstractButton):
        text = widget.text().replace("&&", "")
        if widget.isVisible() and "&" in text:
            keys.append(text[text.index("&") + 1].lower())
    keys.sort()
    return [a for a, b in itertools.pairwise(keys) if a == b]
