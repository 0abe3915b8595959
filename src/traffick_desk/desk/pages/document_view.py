"""A document on the screen: zoom, fit, turn, page by page; drawn from memory in a thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QImage

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.page_view import FIT, SCREEN_DPI, PageView, image_of
from traffick_desk.i18n import _

WHOLE = -1
_LEAST, _MOST = 3, 400


class DocumentView(PageView):
    """Shows a photo, scan or PDF; begins with the whole page."""

    zooms = (5, 10, 17, 25, 35, 50, 75, 100, 150, 200, 300, 400)

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._media = ""
        self._turn = 0
        self._sizes: list[tuple[float, float]] = []
        self._area.setAccessibleName(_("Page of the document"))
        self.whole_button = kit.button(_("Whole &page"), "zoom_whole", self.fit_whole, role="quiet")
        self.turn_button = kit.button(
            _("&Turn"), "view_turn", self.turn_right, tooltip=_("Turn it (R)")
        )
        self._bar.addWidget(self.whole_button)
        self._bar.addWidget(self.turn_button)

    def show_document(self, content: bytes, media: str, sizes: list[tuple[float, float]]) -> None:
        """Show a document from its first page; *sizes* are those of its pages at 100 %."""
        self._media, self._sizes, self._turn, self._page = media, sizes, 0, 0
        self._zoom = WHOLE
        self.show_pdf(content, len(sizes))

    def clear(self) -> None:
        """Forget the document."""
        self._sizes, self._media, self._turn = [], "", 0
        super().clear()

    def fit_whole(self) -> None:
        """As large as the window holds whole."""
        self._set_zoom(WHOLE)

    def turn_right(self) -> None:
        """A quarter to the right; only on the screen."""
        self._turn = (self._turn + 1) % 4
        self._drawn = None
        self._say()
        self._draw()

    @property
    def turned_by(self) -> int:
        """Quarters to the right."""
        return self._turn

    def _page_size(self) -> tuple[float, float]:
        width, height = self._sizes[self._page]
        return (height, width) if self._turn % 2 else (width, height)

    def _shown_zoom(self) -> int:
        if self._zoom > 0:
            return self._zoom
        if not self._sizes:
            return 100
        room = self._area.viewport().size()
        edge = theme.current().px(16)
        width, height = self._page_size()
        fitting = (room.width() - edge) / width
        if self._zoom == WHOLE:
            fitting = min(fitting, (room.height() - edge) / height)
        # A small picture is not blown up unasked.
        most = 150 if self._media == "pdf" else 100
        return min(max(int(fitting * 100), _LEAST), most if self._zoom == WHOLE else _MOST)

    def _dpi(self, wanted: float) -> int:
        return max(round(wanted), 1)

    def _drawing(self, page: int, dpi: int) -> Callable[[], QImage]:
        content, media, turn = self._pdf, self._media, self._turn

        def draw() -> QImage:
            from traffick_desk.services.documents.prepare import draw as drawn

            return image_of(drawn(content, media, page, dpi / SCREEN_DPI, turn))

        return draw

    def resizeEvent(self, event) -> None:
        """What is fitted follows the room."""
        super().resizeEvent(event)
        if self._zoom in {FIT, WHOLE} and self._pdf:
            self._say()
            self._settle.start()
