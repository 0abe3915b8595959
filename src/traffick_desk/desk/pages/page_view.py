"""Pages of a paper on the screen, drawn from memory; zoom and turning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.newest import Newest
from traffick_desk.i18n import _

ZOOMS = (50, 75, 100, 125, 150, 200, 300)
FIT = 0
# A4 in inches: 210 mm.
PAGE_WIDTH = 210 / 25.4
SCREEN_DPI = 96
LOWEST_DPI, HIGHEST_DPI = 30, 400


def image_of(raster: Any) -> QImage:
    """A page of pixels as an image of its own (the bytes may go)."""
    image = QImage(
        raster.pixels, raster.width, raster.height, raster.width * 4, QImage.Format.Format_RGBA8888
    )
    return image.copy()


class PageView(QWidget):
    """Shows one page of a PDF that is held in memory; subclasses show other things with pages.

    Signals:
        turned: another page is shown; Emits: its number from 1, and how many there are.
    """

    turned = Signal(int, int)
    zooms = ZOOMS

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("page_view")
        self._host = host
        self._pdf = b""
        self._count = 0
        self._page = 0
        self._zoom = FIT
        self._drawn: tuple[int, int] | None = None
        self._newest = Newest()
        self._image = QLabel()
        self._image.setObjectName("page_image")
        self._image.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._area = QScrollArea()
        self._area.setObjectName("page_scroll")
        self._area.setAccessibleName(_("Page of the paper"))
        self._area.setWidgetResizable(True)
        # Always there: a bar that comes and goes would change the width that is fitted.
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._area.setWidget(self._image)
        self._settle = QTimer(self, singleShot=True, interval=120)
        self._settle.timeout.connect(self._draw)
        self._number = kit.label("", "muted", name="page_number", wrap=False)
        self._number.setMinimumHeight(theme.current().control_height)
        self.back_button = kit.IconButton("chevron-left", _("Page before (PgUp)"), "page_back")
        self.next_button = kit.IconButton("chevron-right", _("Next page (PgDown)"), "page_next")
        self.smaller = kit.button("−", "zoom_out", self.zoom_out, accessible=_("Smaller"))
        self.larger = kit.button("+", "zoom_in", self.zoom_in, accessible=_("Larger"))
        self.fit_button = kit.button(_("Fit &width"), "zoom_fit", self.fit, role="quiet")
        self._percent = kit.label("", "muted", name="zoom_percent", wrap=False)
        self._percent.setMinimumHeight(theme.current().control_height)
        self.back_button.clicked.connect(lambda: self.turn(-1))
        self.next_button.clicked.connect(lambda: self.turn(1))
        self._bar = flow = kit.FlowLayout(gap=8)
        for made in (
            self.back_button,
            self._number,
            self.next_button,
            self.smaller,
            self._percent,
            self.larger,
            self.fit_button,
        ):
            flow.addWidget(made)
        bar = kit.panel(flow, name="page_bar")
        layout = kit.vbox(bar, self._area, gap=8)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._say()

    def show_pdf(self, pdf: bytes, count: int) -> None:
        """Show *pdf* (bytes in memory) of *count* pages; the page shown stays if it can."""
        self._pdf, self._count = pdf, count
        self._page = min(self._page, max(count - 1, 0))
        self._drawn = None
        self._say()
        self._draw()

    def clear(self) -> None:
        """Forget the paper."""
        self._pdf, self._count, self._page, self._drawn = b"", 0, 0, None
        self._newest.begin()
        self._image.clear()
        self._say()

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return self._count

    def turn(self, by: int) -> None:
        """Go on or back."""
        page = self._page + by
        if 0 <= page < self._count:
            self._page = page
            self._area.verticalScrollBar().setValue(0)
            self._say()
            self._draw()

    def zoom_in(self) -> None:
        """Larger."""
        self._set_zoom(next((z for z in self.zooms if z > self._shown_zoom()), self.zooms[-1]))

    def zoom_out(self) -> None:
        """Smaller."""
        self._set_zoom(
            next((z for z in reversed(self.zooms) if z < self._shown_zoom()), self.zooms[0])
        )

    def fit(self) -> None:
        """As wide as the window."""
        self._set_zoom(FIT)

    def _set_zoom(self, zoom: int) -> None:
        self._zoom = zoom
        self._say()
        self._draw()

    def _shown_zoom(self) -> int:
        if self._zoom != FIT:
            return self._zoom
        room = self._area.viewport().width() - theme.current().px(16)
        return max(round(room / (PAGE_WIDTH * SCREEN_DPI) * 100), 20)

    def _say(self) -> None:
        text = _("Page {page} of {pages}").format(page=self._page + 1, pages=self._count)
        self._number.setText(text if self._count else "")
        self.back_button.setEnabled(self._page > 0)
        self.next_button.setEnabled(self._page < self._count - 1)
        self._percent.setText(f"{self._shown_zoom()} %" if self._count else "")
        self.turned.emit(self._page + 1, self._count)

    def _draw(self) -> None:
        if not self._pdf:
            return
        ratio = self.devicePixelRatioF()
        dpi = self._dpi(SCREEN_DPI * self._shown_zoom() / 100 * ratio)
        if self._drawn == (self._page, dpi):
            return
        self._drawn = (self._page, dpi)
        only = self._newest.begin()
        self._host.jobs.run(
            self._drawing(self._page, dpi),
            done=only(lambda image: self._show(image, ratio)),
            failed=self._host.fail,
            owner=self,
            words=_("Drawing the page…"),
        )

    def _dpi(self, wanted: float) -> int:
        return min(max(round(wanted), LOWEST_DPI), HIGHEST_DPI)

    def _drawing(self, page: int, dpi: int) -> Callable[[], QImage]:
        """What draws a page in a thread."""
        pdf = self._pdf

        def draw() -> QImage:
            from traffick_desk import papers

            return image_of(papers.rasterise(pdf, page=page, dpi=dpi))

        return draw

    def _show(self, image: QImage, ratio: float) -> None:
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(ratio)
        self._image.setPixmap(pixmap)
        words = _("Page {page} of {pages}").format(page=self._page + 1, pages=self._count)
        self._image.setAccessibleName(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted page follows the width."""
        super().resizeEvent(event)
        if self._zoom == FIT and self._pdf:
            self._say()
            self._settle.start()
