"""From facts to a PDF in memory. The same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from traffick_desk.domain.practice import MARK as PRACTICE
from traffick_desk.domain.practice import SENTENCE
from traffick_desk.papers import fonts, formfile, qr, shaping
from traffick_desk.papers import page as p
from traffick_desk.papers.compose import Composer
from traffick_desk.papers.values import Scope

Facts = Mapping[str, object]
_DRAFT, _COPY = "DỰ THẢO", "BẢN IN LẠI"
_QR_SIDE = 12 * p.MM
_practising: ContextVar[bool] = ContextVar("practising", default=False)


@contextmanager
def practising() -> Iterator[None]:
    """Every page drawn in this thread meanwhile carries the mark of practice."""
    before = _practising.set(True)
    try:
        yield
    finally:
        _practising.reset(before)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper to draw.

    Attributes:
        key: of the form.
        facts: the tree of facts (``docs/forms.md``).
        draft: watermark DỰ THẢO on each page.
        copy: mark BẢN IN LẠI on each page: printed again, not an original.
        short_code: code and QR in the footer; it must mean nothing to others.
        blank: a form to fill in by hand; only ``unit`` and ``signer`` of the facts are printed.
    """

    key: str
    facts: Facts
    draft: bool = False
    copy: bool = False
    short_code: str | None = None
    blank: bool = False


class _Sheet:
    """A canvas of ReportLab seen from the top left corner."""

    def __init__(self, title: str) -> None:
        from reportlab.pdfgen.canvas import Canvas

        fonts.faces()
        self.buffer = BytesIO()
        # invariant: no time stamp and no random id. The metadata name the form, never a person.
        self._canvas: Any = Canvas(
            self.buffer,
            pagesize=(p.WIDTH, p.HEIGHT),
            pageCompression=1,
            invariant=1,
            pdfVersion=(1, 4),
            lang="vi-VN",
            initialFontName=fonts.REGULAR,
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor("")
        self._canvas.setSubject("")
        self._canvas.setCreator("traffick-desk")
        self._canvas.setProducer("traffick-desk")

    def text(
        self,
        spans: Sequence[tuple[str, str]],
        x: float,
        y: float,
        size: float,
        stretch: float = 0.0,
    ) -> None:
        """Draw spans with their baseline at *y*."""
        run = self._canvas.beginText(x, p.HEIGHT - y)
        run.setWordSpace(stretch)
        for face, text in spans:
            if shaping.script_of(face) is None:
                run.setFont(face, size)
                run.textOut(text)
            else:
                self._other(run, face, text, size)
        if stretch:
            run.setWordSpace(0)
        self._canvas.drawText(run)

    def _other(self, run: Any, name: str, text: str, size: float) -> None:
        """Draw text of another script; what it says stands beside the glyphs for readers."""
        from reportlab.pdfbase import pdfmetrics

        face, document = shaping.face(name), self._canvas._doc  # noqa: SLF001 - no other way in
        font = pdfmetrics.getFont(face.name)
        said = text.encode("utf-16-be").hex().upper()
        out = [f"/Span <</ActualText <FEFF{said}>>> BDC"]
        if name in shaping.THICK:
            out.append(f"{size * 0.022:.3f} w 2 Tr")
        current = None
        for glyph in face.glyphs(text):
            ((subset, code),) = font.splitString(glyph.character, document)
            if subset != current:
                out.append(f"{font.getSubsetInternalName(subset, document)} {size:g} Tf")
                current = subset
            # The text moves on by width; HarfBuzz says where the glyph stands and what follows.
            back = glyph.width - glyph.advance + glyph.right
            shown = f"[{-glyph.right:.2f} ({self._canvas._escape(code)}) {back:.2f}] TJ"  # noqa: SLF001
            out.append(f"{glyph.up * size / 1000:.3f} Ts {shown} 0 Ts" if glyph.up else shown)
        if name in shaping.THICK:
            out.append("0 Tr")
        run._code.append(" ".join([*out, "EMC"]))  # noqa: SLF001
        run.setFont(fonts.REGULAR, size)

    def rule(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.75) -> None:
        """Draw a solid straight line."""
        self._canvas.setLineWidth(width)
        self._canvas.line(x1, p.HEIGHT - y1, x2, p.HEIGHT - y2)

    def box(self, x: float, y: float, width: float, height: float, line: float = 0.75) -> None:
        """Draw a frame with its upper left corner at (x, y)."""
        self._canvas.setLineWidth(line)
        self._canvas.rect(x, p.HEIGHT - y - height, width, height)

    def fill(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """Draw a box without a frame; 0 is black, 1 white."""
        self._canvas.saveState()
        self._canvas.setFillGray(grey)
        self._canvas.rect(x, p.HEIGHT - y - height, width, height, stroke=0, fill=1)
        self._canvas.restoreState()

    def watermark(self, *lines: str) -> None:
        """Draw pale text over the middle of the page; call before all else."""
        canvas, size = self._canvas, 96
        canvas.saveState()
        canvas.setFillGray(0.88)
        canvas.translate(p.WIDTH / 2, p.HEIGHT / 2)
        canvas.rotate(52)
        canvas.setFont(fonts.BOLD, size)
        for number, text in enumerate(lines):
            down = number - (len(lines) - 1) / 2
            canvas.drawCentredString(0, -size * (0.33 + 1.2 * down), text)
        canvas.restoreState()

    def modules(self, matrix: Sequence[Sequence[bool]], x: float, y: float, side: float) -> None:
        """Draw a QR matrix as runs of dark modules."""
        step = side / len(matrix)
        path = self._canvas.beginPath()
        for row, cells in enumerate(matrix):
            start = None
            for column, dark in enumerate([*cells, False]):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    bottom = p.HEIGHT - y - (row + 1) * step
                    path.rect(x + start * step, bottom, (column - start) * step, step)
                    start = None
        self._canvas.drawPath(path, stroke=0, fill=1)

    def next(self) -> None:
        """Finish the page."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """The whole PDF."""
        self._canvas.save()
        return self.buffer.getvalue()


def _centred(sheet: _Sheet, text: str, middle: float, y: float, size: float, face: str) -> None:
    width = fonts.faces().width(text, face, size)
    sheet.text([(face, text)], middle - width / 2, y, size)


def _furniture(sheet: _Sheet, paper: Paper, number: int, total: int, code: Any) -> None:
    """What stands in the margins."""
    practice = _practising.get()
    if marks := [*([PRACTICE] if practice else []), *([_DRAFT] if paper.draft else [])]:
        sheet.watermark(*marks)
    if practice:
        # A poor printer may lose what is pale; this stands in the margin of every page.
        width = fonts.faces().width(SENTENCE, fonts.BOLD, 12) + 12
        sheet.box(p.LEFT, 7 * p.MM, width, 18)
        sheet.text([(fonts.BOLD, SENTENCE)], p.LEFT + 6, 7 * p.MM + 13, 12)
    if number > 1:
        # In the top margin, hidden on page 1 (Decree 30/2020, Annex I).
        _centred(sheet, str(number), p.WIDTH / 2, 13 * p.MM, 13, fonts.REGULAR)
    if paper.copy:
        width = fonts.faces().width(_COPY, fonts.BOLD, 12) + 12
        x = p.WIDTH - p.RIGHT - width
        sheet.box(x, 7 * p.MM, width, 18)
        sheet.text([(fonts.BOLD, _COPY)], x + 6, 7 * p.MM + 13, 12)
    if code:
        x, y = p.WIDTH - p.RIGHT - _QR_SIDE, p.HEIGHT - 5 * p.MM - _QR_SIDE
        sheet.modules(code, x, y, _QR_SIDE)
        text = f"{paper.short_code}  {number}/{total}"
        width = fonts.faces().width(text, fonts.REGULAR, 10)
        sheet.text([(fonts.REGULAR, text)], x - width - 8, y + _QR_SIDE / 2 + 3, 10)


def _draw(sheet: _Sheet, paper: Paper) -> None:
    form = formfile.find(paper.key)
    code = qr.matrix(paper.short_code) if paper.short_code is not None else None
    scope = Scope(facts=paper.facts, label=form.label, blank=paper.blank)
    pages = p.paginate(Composer(form, scope).pieces)
    for number, placed in enumerate(pages, 1):
        _furniture(sheet, paper, number, len(pages), code)
        for item in placed:
            item.piece.draw(sheet, item.y)
            if item.piece.borders is not None:
                item.piece.borders(sheet, item.y, first=item.first, last=item.last)
        sheet.next()


def render_papers(papers: Iterable[Paper]) -> bytes:
    """Draw papers one after the other into one PDF, each with its own page numbers.

    Raises:
        PaperError: one of them cannot be drawn; then none is.
    """
    papers = list(papers)
    if not papers:
        raise ValueError("no papers")
    titles = {formfile.find(paper.key).info.title.vi for paper in papers}
    title = titles.pop() if len(titles) == 1 else ""
    sheet = _Sheet(f"{PRACTICE} {title}".strip() if _practising.get() else title)
    for paper in papers:
        _draw(sheet, paper)
    return sheet.finish()


def render(
    key: str,
    facts: Facts,
    *,
    draft: bool = False,
    copy: bool = False,
    short_code: str | None = None,
    blank: bool = False,
) -> bytes:
    """Draw one paper; the arguments are those of :class:`Paper`.

    Returns:
        A PDF 1.4 with embedded fonts; the same facts give the same bytes.

    Raises:
        UnknownForm, FormError, MissingGlyph, TextTooLong, BadFact, BadShortCode: see there.
    """
    return render_papers([Paper(key, facts, draft, copy, short_code, blank)])


def render_many(papers: Iterable[tuple[str, Facts]]) -> bytes:
    """Draw several papers into one PDF for one print job."""
    return render_papers(Paper(key, facts) for key, facts in papers)
