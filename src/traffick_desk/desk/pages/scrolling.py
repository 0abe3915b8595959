"""Going to a field: focus alone does not scroll to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from traffick_desk.desk import theme


def bring_into_view(widget: QWidget) -> None:
    """Scroll every area around *widget* so that it is seen, with some room around it."""
    room = theme.current().px(64)
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, 0, room)
        above = above.parentWidget()


def go_to(widget: QWidget) -> None:
    """Give *widget* the focus and scroll to it once the page has found its shape."""
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
    QTimer.singleShot(0, widget, lambda: bring_into_view(widget))
