"""The documents of a case as lines with small pictures."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView

from traffick_desk.desk import icons, kit, parsing, theme
from traffick_desk.desk.pages.lines import LinesModel
from traffick_desk.desk.pages.wrapping import WrapDelegate
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.documents.queries import DocumentView
from traffick_desk.services.documents.words import held_words, size_words

PICTURE = (96, 72)


def _kind(view: DocumentView) -> str:
    listed = SMALL_LISTS[REGISTRY[view.record.type]["kind"].codes]
    return listed.label(str(view.record.get("kind") or ""))


def title_of(view: DocumentView) -> str:
    """How a document is called: its title, or what it is."""
    kind = _kind(view)
    return str(view.record.get("title") or "") or kind or _("Document")


def facts_of(view: DocumentView) -> str:
    """What a line says below the title."""
    record = view.record
    parts = []
    if record.get("title"):
        parts.append(_kind(view))
    if dated := record.get("dated"):
        parts.append(_day(dated))
    parts.append(str(record.get("maker") or ""))
    if (pages := record.get("pages") or 1) > 1:
        parts.append(ngettext("{n} page", "{n} pages", pages).format(n=pages))
    if view.size:
        parts.append(size_words(view.size))
    return " · ".join(p for p in parts if p)


def _day(text: str) -> str:
    from datetime import date

    try:
        return parsing.show_date(date.fromisoformat(text))
    except ValueError:
        return text


class DocumentModel(LinesModel[DocumentView]):
    """Lines of documents; pictures come when they were read."""

    def __init__(self, profile: str, parent: QObject | None = None) -> None:
        super().__init__(parent=parent)
        self._profile = profile
        self._pictures: dict[str, QImage] = {}
        self.masked = False

    def hidden(self, view: DocumentView) -> bool:
        """Whether the list shows no small picture of it."""
        return self.masked or view.record.get("secrecy") == "hidden"

    def has_picture(self, view: DocumentView) -> bool:
        """Whether the small picture was read."""
        return view.digest in self._pictures

    def take_picture(self, digest: str, jpeg: bytes) -> None:
        """A small picture was read."""
        image = QImage.fromData(jpeg)
        if image.isNull():
            return
        self._pictures[digest] = image
        for row, view in enumerate(self._lines):
            if view.digest == digest:
                self.dataChanged.emit(self.index(row), self.index(row))

    def draw_again(self) -> None:
        """The look or the privacy view changed."""
        if self._lines:
            self.dataChanged.emit(self.index(0), self.index(len(self._lines) - 1))

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and picture of a line."""
        if not index.isValid():
            return None
        view = self.line(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._words(view)
            case Qt.ItemDataRole.DecorationRole:
                return self._picture(view)
            case Qt.ItemDataRole.UserRole:
                return view.id
        return None

    def _words(self, view: DocumentView) -> str:
        title = _("Document") if self.masked else title_of(view)
        lines = [title, facts_of(view) if not self.masked else ""]
        if view.record.voided:
            lines.append(_("Not valid: {reason}").format(reason=view.record.voided))
        elif view.newer:
            lines.append(_("There is a newer version."))
        if held := held_words(view, self._profile):
            lines.append(held[:1].upper() + held[1:])
        return "\n".join(line for line in lines if line)

    def _picture(self, view: DocumentView) -> QIcon:
        look = theme.current()
        size = QSize(look.px(PICTURE[0]), look.px(PICTURE[1]))
        ground = QPixmap(size)
        ground.fill(QColor(look.colours.sunken))
        painter = QPainter(ground)
        image = None if self.hidden(view) else self._pictures.get(view.digest)
        if image is None:
            name = "eye-off" if self.hidden(view) else "document"
            sign = icons.pixmap(name, "muted", 24, ratio=1.0)
            painter.drawPixmap(
                (size.width() - sign.width()) // 2, (size.height() - sign.height()) // 2, sign
            )
        else:
            fitted = image.scaled(
                size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            if view.record.voided:
                painter.setOpacity(0.4)
            painter.drawImage(
                (size.width() - fitted.width()) // 2, (size.height() - fitted.height()) // 2, fitted
            )
        painter.end()
        icon = QIcon(ground)
        icon.addPixmap(ground, QIcon.Mode.Selected)
        return icon


class DocumentList(QListView):
    """As high as its lines; the page scrolls."""

    def __init__(
        self, profile: str, name: str = "documents_list", words: str = N_("Documents of the case")
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(_(words))
        self.rows = DocumentModel(profile, self)
        self.setModel(self.rows)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(WrapDelegate(self))
        self._measure()

    def show_documents(self, views: tuple[DocumentView, ...]) -> None:
        """Show *views*; the chosen one stays, one that is new is chosen."""
        chosen, before = self.chosen(), {v.id for v in self.rows.lines()}
        come = [v for v in views if v.id not in before] if before else []
        self.rows.show_lines(views)
        self.setVisible(bool(views))
        wanted = come[0].id if len(come) == 1 else chosen.id if chosen else ""
        for row, view in enumerate(views):
            if view.id == wanted:
                self.setCurrentIndex(self.rows.index(row))
        self._fit()

    def chosen(self) -> DocumentView | None:
        """The chosen document; the only one when there is one."""
        index = self.currentIndex()
        if index.isValid():
            return self.rows.line(index.row())
        return self.rows.line(0) if self.rows.rowCount() == 1 else None

    def resizeEvent(self, event) -> None:
        """Long lines wrap: measure again."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event) -> None:
        """Follow a new text size."""
        super().changeEvent(event)
        if event.type() in kit.LOOK_CHANGES and hasattr(self, "rows"):
            self._measure()
            self.rows.draw_again()
            self._fit()

    def _measure(self) -> None:
        look = theme.current()
        self.setIconSize(QSize(look.px(PICTURE[0]), look.px(PICTURE[1])))

    def _fit(self) -> None:
        heights = (self.sizeHintForRow(row) for row in range(self.rows.rowCount()))
        frame = 2 * self.frameWidth() + theme.current().px(8)
        self.setFixedHeight(sum(heights) + frame)
