"""Small parts every page is made of: labels, buttons, boxes, cards, badges, empty states.

All texts are plain text (a name may hold ``<b>``), every control gets an
``objectName`` and an accessible name, and layouts remember their measures so
that :func:`traffick_desk.desk.theme.rescale` can grow them with the text.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from traffick_desk.desk import icons, theme
from traffick_desk.desk.scroll_area import Scroll

_OWN = Qt.FindChildOption.FindDirectChildrenOnly
Margins = int | tuple[int, int, int, int]
LOOK_CHANGES = frozenset({QEvent.Type.PaletteChange, QEvent.Type.StyleChange})
# A state is never told by colour alone: this icon goes with the tone.
TONE_ICONS = {"accent": "info", "ok": "ok", "due": "clock", "late": "late"}


def measures(layout: QLayout, margins: Margins = 0, gap: int = 8) -> None:
    """Give *layout* its margins and gap in px at 100 % text size."""
    sides = (margins,) * 4 if isinstance(margins, int) else margins
    layout.setProperty("units", [*sides, gap])
    look = theme.current()
    layout.setContentsMargins(*(look.px(side) for side in sides))
    layout.setSpacing(look.px(gap))


def _box(layout: QBoxLayout, items: tuple[object, ...], margins: Margins, gap: int) -> None:
    measures(layout, margins, gap)
    for item in items:
        match item:
            case QWidget():
                layout.addWidget(item)
            case QLayout():
                layout.addLayout(item)
            case None:
                layout.addStretch(1)
            case _:
                raise TypeError(item)


def vbox(*items: QWidget | QLayout | None, margins: Margins = 0, gap: int = 8) -> QVBoxLayout:
    """A column; ``None`` is a stretch."""
    layout = QVBoxLayout()
    _box(layout, items, margins, gap)
    return layout


def hbox(*items: QWidget | QLayout | None, margins: Margins = 0, gap: int = 8) -> QHBoxLayout:
    """A row; ``None`` is a stretch."""
    layout = QHBoxLayout()
    _box(layout, items, margins, gap)
    return layout


def panel(layout: QLayout, role: str = "plain", name: str = "") -> QWidget:
    """A widget around *layout*."""
    widget = QWidget()
    widget.setProperty("role", role)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
    widget.setObjectName(name)
    widget.setLayout(layout)
    return widget


def card(
    *items: QWidget | QLayout | None, name: str = "", margins: Margins = 16, gap: int = 8
) -> QFrame:
    """A white box with a thin border."""
    frame = QFrame()
    frame.setProperty("role", "card")
    frame.setObjectName(name)
    frame.setLayout(vbox(*items, margins=margins, gap=gap))
    return frame


def line() -> QFrame:
    """A thin line between parts."""
    frame = QFrame()
    frame.setProperty("role", "line")
    return frame


def label(
    text: str,
    role: str = "",
    *,
    tone: str = "",
    name: str = "",
    wrap: bool = True,
    fills: bool = False,
) -> QLabel:
    """A text. Roles: title, heading, subheading, group, label, muted, badge, code.

    Args:
        text: the words.
        role: how they look.
        tone: what they say about the state of something.
        name: the ``objectName``.
        wrap: whether they may take more lines.
        fills: whether the text takes all room that its line has left, beside buttons.
    """
    widget = QLabel(text)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setProperty("role", role)
    widget.setProperty("tone", tone)
    widget.setObjectName(name)
    widget.setWordWrap(wrap and role != "badge")
    if role == "badge":
        widget.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    if fills:
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(wrap)
        widget.setSizePolicy(policy)
    return widget


def badge(text: str, tone: str = "", name: str = "") -> QLabel:
    """A short state in words on a soft ground."""
    return label(text, "badge", tone=tone, name=name)


def retone(widget: QWidget, tone: str, property_name: str = "tone") -> None:
    """Change a property that the stylesheet looks at, and draw the widget again."""
    widget.setProperty(property_name, tone)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class IconLabel(QLabel):
    """An icon beside a text that says the same; it follows theme and text size."""

    _look: theme.Theme | None = None

    def __init__(self, icon_name: str, role: str = "text", size: int = 20) -> None:
        super().__init__()
        self._icon, self._role, self._size = icon_name, role, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._draw()

    def set_icon(self, icon_name: str, role: str = "text") -> None:
        """Show another icon."""
        self._icon, self._role = icon_name, role
        self._draw()

    def _draw(self) -> None:
        self._look = theme.current()
        self.setPixmap(icons.pixmap(self._icon, self._role, self._size))

    def changeEvent(self, event: QEvent) -> None:
        """Draw again when the theme has changed."""
        super().changeEvent(event)
        if event.type() in LOOK_CHANGES and self._look != theme.current():
            self._draw()


class Button(QPushButton):
    """A push button whose icon follows the theme; made by :func:`button`."""

    _look: theme.Theme | None = None

    def __init__(self, text: str, icon_name: str = "", icon_role: str = "text") -> None:
        super().__init__(text)
        self._icon_name, self._icon_role = icon_name, icon_role
        self._draw()

    def _draw(self) -> None:
        self._look = theme.current()
        if self._icon_name:
            self.setIcon(icons.icon(self._icon_name, self._icon_role, 18))
            self.setIconSize(icons.icon_size(18))

    def changeEvent(self, event: QEvent) -> None:
        """Draw again when the theme has changed."""
        super().changeEvent(event)
        if event.type() in LOOK_CHANGES and self._look != theme.current():
            self._draw()

    def keyPressEvent(self, event) -> None:
        """Enter presses the button, as officers expect, not only Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            # In a row of choices Enter goes to the next field, as everywhere in a form.
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and self.property("role") != "choice":
                self.click()
            else:
                event.ignore()
            return
        super().keyPressEvent(event)


def button(
    text: str,
    name: str,
    on_click: Callable[[], object] | None = None,
    *,
    role: str = "",
    icon: str = "",
    tooltip: str = "",
    accessible: str = "",
    shortcut: str = "",
) -> Button:
    """A push button. Roles: primary (one per screen), danger, quiet; the text is a verb.

    Args:
        text: the verb; may have an ``&`` mnemonic.
        name: its ``objectName``.
        on_click: called without arguments.
        role: how it looks.
        icon: name of an icon to stand before the text.
        tooltip: more words; the shortcut is added to them.
        accessible: name for screen readers, where the text is not enough.
        shortcut: a key sequence.
    """
    icon_role = {"primary": "on_accent", "quiet": "accent", "danger": "late"}.get(role, "text")
    widget = Button(text, icon, icon_role)
    _finish(widget, text, name, on_click, tooltip, accessible, shortcut)
    widget.setProperty("role", role)
    widget.setAutoDefault(False)
    return widget


class IconButton(QToolButton):
    """A button that is only an icon, with a tooltip and an accessible name."""

    _look: theme.Theme | None = None

    def __init__(self, icon_name: str, words: str, name: str, role: str = "quiet") -> None:
        super().__init__()
        self._icon_name = icon_name
        self._icon_role = "accent" if role in {"quiet", "help"} else "text"
        self.setProperty("role", role)
        _finish(self, words, name, None, words, words, "")
        self._draw()

    def set_icon(self, icon_name: str, words: str) -> None:
        """Show another icon, with its words."""
        self._icon_name = icon_name
        self.setToolTip(words)
        self.setAccessibleName(words)
        self._draw()

    def _draw(self) -> None:
        self._look = theme.current()
        self.setIcon(icons.icon(self._icon_name, self._icon_role, 18))
        self.setIconSize(icons.icon_size(18))

    def changeEvent(self, event: QEvent) -> None:
        """Draw again when the theme has changed."""
        super().changeEvent(event)
        if event.type() in LOOK_CHANGES and self._look != theme.current():
            self._draw()


def _finish(
    widget: QPushButton | QToolButton,
    text: str,
    name: str,
    on_click: Callable[[], object] | None,
    tooltip: str,
    accessible: str,
    shortcut: str,
) -> None:
    widget.setObjectName(name)
    widget.setAccessibleName(accessible or text.replace("&", ""))
    if on_click is not None:
        widget.clicked.connect(lambda: on_click())  # noqa: PLW0108 - drops the state that Qt sends along
    if shortcut:
        widget.setShortcut(QKeySequence(shortcut))
        keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        tooltip = f"{tooltip or widget.accessibleName()} ({keys})"
    widget.setToolTip(tooltip)


def scroll(content: QWidget | None, name: str = "scroll") -> QScrollArea:
    """*content* in an area that scrolls up and down, never sideways.

    Large contents are better put in by :func:`fill_scroll` once the area stands in its page:
    at each step towards the window all that lies below is styled anew.
    """
    area = Scroll()
    area.setObjectName(name)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if content is not None:
        fill_scroll(area, content)
    return area


def fill_scroll(area: QScrollArea, content: QWidget) -> None:
    """Put *content* into an area that :func:`scroll` made."""
    area.setWidget(content)
    # The ground shows through (the viewport's is in the stylesheet: asking for the viewport
    # here makes PySide load every kind of widget, 25 ms before the unlock window shows).
    content.setAutoFillBackground(False)


def empty_state(
    title: str,
    text: str,
    example: str = "",
    action: QPushButton | None = None,
    icon: str = "info",
) -> QWidget:
    """A page without anything on it teaches: what comes here, how to start, one example."""
    words = [label(title, "heading"), label(text, "muted")]
    if example:
        words.append(label(example, "muted"))
    rows: list[QWidget | QLayout | None] = [None, IconLabel(icon, "muted", 32), *words]
    if action is not None:
        rows.append(hbox(action, None))
    rows.append(None)
    inner = panel(vbox(*rows, gap=12), name="emptyState")
    inner.setMaximumWidth(theme.current().px(560))
    # In a low window, or with large text, it scrolls rather than being cut.
    return scroll(panel(hbox(None, inner, None, margins=24)), "empty_scroll")


def buttons(*items: QWidget) -> FlowLayout:
    """Buttons side by side, in more lines where one is too narrow; the primary one first."""
    flow = FlowLayout()
    for item in items:
        flow.addWidget(item)
    return flow


class FlowLayout(QLayout):
    """Items one after the other, in as many lines as the width needs.

    It is asked for each item before that ends, so holding them is safe; see :func:`clear`.
    """

    def __init__(self, gap: int = 8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        measures(self, 0, gap)

    def addItem(self, item: QLayoutItem) -> None:
        """Add *item* at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at *index*, or ``None``."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return the item at *index*."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines in *width*."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place all items within *rect*."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """All items in one line."""
        sizes = [i.sizeHint() for i in self._items if not i.isEmpty()]
        width = sum(s.width() for s in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((s.height() for s in sizes), default=0))

    def minimumSize(self) -> QSize:
        """The widest item alone."""
        sizes = [i.minimumSize() for i in self._items if not i.isEmpty()]
        return QSize(
            max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0)
        )

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, height, gap = rect.x(), rect.y(), 0, self.spacing()
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, height = rect.x(), y + height + gap, 0
            if move:
                width = min(hint.width(), max(rect.width(), 1))
                item.setGeometry(QRect(QPoint(x, y), QSize(width, hint.height())))
            x += hint.width() + gap
            height = max(height, hint.height())
        return y + height - rect.y()


def fitting(width: int, height: int) -> QSize:
    """A size for a new window at 100 % text size, grown with it, but no larger than the screen."""
    look = theme.current()
    screen = QGuiApplication.primaryScreen()
    room = screen.availableSize() if screen is not None else QSize(1366, 768)
    # Room for the frame and title that the system puts around.
    room -= QSize(16, 48)
    return QSize(look.px(width), look.px(height)).boundedTo(room)


def clear(layout: QLayout) -> None:
    """Let every widget in *layout* be deleted; it must hold nothing but widgets.

    No item of a layout is asked for, here or elsewhere: Python's hold on one outlives it, for Qt
    deletes it without telling. When another object comes to lie at the same address, the end of
    that one stops the program (PySide 6.11). A test looks that nobody holds one.
    """
    within = layout.parentWidget()
    for widget in within.findChildren(QWidget, options=_OWN) if within is not None else ():
        if layout.indexOf(widget) >= 0:
            layout.removeWidget(widget)
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
    if layout.count():
        raise TypeError(layout)
