"""Taking a document in: what the file is, what is taken out of it, how large it stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors import Context
from traffick_desk.desk.host import Host
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.pages.page_view import image_of
from traffick_desk.desk.pages.record_edit import RecordEdit
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.documents import prepare, words
from traffick_desk.services.documents.prepare import Found

FIELDS = ("kind", "title", "dated", "maker", "belongs_to", "secrecy", "note")
SHOWN = (240, 200)


@dataclass(frozen=True, slots=True)
class Smaller:
    """How it would be if it were made smaller: its size, and the same detail of both."""

    size: int
    before: QImage
    after: QImage


def compare(found: Found) -> Smaller:
    """Make it smaller to see how it looks; for a worker thread.

    Raises:
        DocumentRefused: in words.
    """
    content, media = prepare.smaller(found)
    return Smaller(len(content), detail(found.content, found.media), detail(content, media))


def detail(content: bytes, media: str) -> QImage:
    """The middle of the first page, so large that a loss is seen."""
    width, height = prepare.page_sizes(content, media)[0]
    # Both are drawn to the same size, whatever number of pixels they have.
    scale = 1_800 / max(width, height)
    whole = image_of(prepare.draw(content, media, 0, scale))
    part = QRect(0, 0, *SHOWN)
    part.moveCenter(whole.rect().center())
    if media == "pdf":
        # The middle of a page is often blank; a third from the top there is text.
        part.moveTop(whole.height() // 6)
    return whole.copy(part.intersected(whole.rect()))


class DocumentForm(RecordEdit):
    """What is said of a document; opens in place."""

    def __init__(
        self, context: Context, *, record: str = "document", fields: Sequence[str] = FIELDS
    ) -> None:
        super().__init__(
            REGISTRY[record],
            context,
            name=record,
            fields=fields,
            required=("kind",),
            fixed=None,
            suggest=dict,
        )
        self.editing = ""
        self.setLayout(self.place)
        self.hide()
        self.on_closed: Callable[[], None] = lambda: None

    def edited_id(self) -> str:
        """See :class:`RecordEdit`."""
        return self.editing

    def open(self, record_id: str, values: Mapping[str, Any], save: str) -> None:
        """Open the form for a document, or for a new one (*record_id* empty)."""
        self._empty_place()
        self.editing = record_id
        self._fill_place(values, save)
        self.show()
        self._first_field()
        self.opened.emit(True)

    def close_form(self) -> None:
        """See :class:`RecordEdit`."""
        if self.form is None:
            return
        self._empty_place()
        self.editing = ""
        self.hide()
        self.opened.emit(False)
        self.on_closed()


class FileCard(QWidget):
    """The file that is being taken in."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("document_file")
        self._host = host
        self.found: Found | None = None
        self._newest = Newest()
        self.picture = QLabel()
        self.picture.setObjectName("document_picture")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.what = kit.label("", "label", name="document_what")
        self.told = kit.label("", name="document_told")
        self.clean = QCheckBox(_("Take out place, time and device data (recommended)"))
        self.clean.setObjectName("document_clean")
        self.clean.toggled.connect(lambda _on: self._say())
        self.shrink = QCheckBox(_("Make it smaller"))
        self.shrink.setObjectName("document_shrink")
        self.shrink.toggled.connect(self._wish_smaller)
        self.sizes = kit.label("", "label", name="document_sizes")
        self.lost = kit.label("", "muted", name="document_lost")
        self.pair = [self._detail(_("As it is")), self._detail(_("Made smaller"))]
        # Side by side, or one below the other where the column is narrow.
        flow = kit.FlowLayout(gap=16)
        for made in self.pair:
            above = kit.label(made.accessibleName(), "muted", wrap=False)
            flow.addWidget(kit.panel(kit.vbox(above, made, gap=4)))
        self._pair = kit.panel(flow, name="document_pair")
        top = kit.hbox(self.picture, kit.vbox(self.what, self.told, None, gap=6), gap=16)
        top.setStretch(1, 1)
        wishes = kit.vbox(self.clean, self.shrink, self.sizes, self.lost, gap=6)
        self.setLayout(kit.vbox(top, wishes, self._pair, gap=12))
        self.hide()

    @staticmethod
    def _detail(words_above: str) -> QLabel:
        made = QLabel()
        made.setAccessibleName(words_above)
        return made

    def show_found(self, found: Found, thumb: QImage) -> None:
        """Show a file that was looked at."""
        self.found = found
        self._newest.begin()
        side = theme.current().px(150)
        fitted = QPixmap.fromImage(thumb).scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )  # fmt: skip
        self.picture.setPixmap(fitted)
        self.picture.setFixedSize(fitted.size())
        self.clean.setChecked(True)
        self.clean.setVisible(found.cleanable and bool(found.told))
        self.shrink.setVisible(found.large)
        self.shrink.setChecked(False)
        self.sizes.hide()
        self.lost.hide()
        self._pair.hide()
        self._say()
        self.show()

    def clear(self) -> None:
        """Forget the file."""
        self.found = None
        self._newest.begin()
        self.picture.clear()
        for made in self.pair:
            made.clear()
        self.hide()

    def _say(self) -> None:
        found = self.found
        if found is None:
            return
        media = SMALL_LISTS["document_media"].label(found.media)
        parts = [media, words.size_words(len(found.content))]
        if found.pages > 1:
            parts.append(ngettext("{n} page", "{n} pages", found.pages).format(n=found.pages))
        elif found.media != "pdf":
            parts.append(f"{found.width:.0f} × {found.height:.0f}")
        self.what.setText(" · ".join(parts))
        kept = not self.clean.isChecked() and not self.shrink.isChecked()
        lines = words.remarks(found, kept=kept)
        self.told.setText("\n".join(lines))
        self.told.setVisible(bool(lines))
        self.clean.setEnabled(not self.shrink.isChecked())

    def _wish_smaller(self, on: bool) -> None:
        self._say()
        only = self._newest.begin()
        if not on or self.found is None:
            for part in (self.sizes, self.lost, self._pair):
                part.hide()
            return
        found = self.found
        self.lost.setText(words.lost(found))
        self.lost.show()
        self.sizes.setText(_("Being made smaller, to see how it looks…"))
        self.sizes.show()
        self._host.jobs.run(
            lambda: compare(found),
            done=only(self._compared),
            failed=only(self._not_smaller),
            owner=self,
            words=_("Making it smaller…"),
        )

    def _compared(self, made: Smaller) -> None:
        if self.found is None:
            return
        before, after = words.size_words(len(self.found.content)), words.size_words(made.size)
        self.sizes.setText(
            _("{before} as it is, {after} made smaller").format(before=before, after=after)
        )
        for label, image in zip(self.pair, (made.before, made.after), strict=True):
            label.setPixmap(QPixmap.fromImage(image))
        self._pair.show()

    def _not_smaller(self, problem: Exception) -> None:
        self.shrink.setChecked(False)
        self._host.fail(problem)
