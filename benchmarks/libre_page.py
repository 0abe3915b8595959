"""The other peer of the papers: the page that WeasyPrint draws, as a document of LibreOffice.

The HTML of ``weasy_page`` is written as flat OpenDocument text (.fodt): the same text, tables,
fonts and margins. LibreOffice is given its fonts by a fontconfig file of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, NotThere
from benchmarks.weasy_page import page

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{where}:1.0"'
    for name, where in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
    )
)  # fmt: skip
_FONT = 'style:font-name="F" style:font-name-asian="F" style:font-name-complex="F"'

_AT_ONCE = 200  # LibreOffice 7.4 stopped without a word after 247 files of one call


def _paragraph(name: str, words: set[str], *, first: bool = False) -> str:
    align = "center" if "c" in words else "start" if "left" in words else "justify"
    bold = ' fo:font-weight="bold" style:font-weight-asian="bold"' if "b" in words else ""
    indent = "0mm" if words & {"cell", "c"} else "10mm"
    below = "0pt" if "cell" in words else "6pt"
    master = ' style:master-page-name="First"' if first else ""
    return (
        f'<style:style style:name="{name}" style:family="paragraph"{master}>'
        f'<style:paragraph-properties fo:text-align="{align}" fo:text-indent="{indent}" '
        f'fo:margin-bottom="{below}" fo:line-height="125%"/>'
        f'<style:text-properties {_FONT} fo:font-size="13pt"{bold}/></style:style>'
    )


def _style(name: str, family: str, properties: str) -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}">'
        f"<style:{properties}/></style:style>"
    )


def _styles() -> str:
    made = [_paragraph(_name(set(w.split())), set(w.split())) for w in _KINDS]
    made.append(_paragraph("START", {"cell", "c"}, first=True))
    for name, family, properties in (
        ("grid", "table-cell", 'table-cell-properties fo:border="0.75pt solid #000000"'),
        ("plain", "table-cell", 'table-cell-properties fo:border="none"'),
        ("T", "table", 'table-properties table:align="margins" fo:margin-bottom="6pt"'),
        ("b", "text", 'text-properties fo:font-weight="bold"'),
        ("i", "text", 'text-properties fo:font-style="italic"'),
        ("u", "text", 'text-properties style:text-underline-style="solid"'),
    ):
        made.append(_style(name, family, properties))
    return "".join(made)


_KINDS = ("", "left", "b", "left b", "c b", "c", "cell", "cell b", "cell c", "cell c b")


def _name(words: set[str]) -> str:
    return "P-" + "-".join(sorted(words))


class _Writer(HTMLParser):
    """Flat OpenDocument from the HTML that ``page`` writes; it knows no other."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._table = ""
        self._rows: list[list[str]] = []
        self._mark = 0  # where the cell in hand begins
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One tag of the page."""
        words = set((dict(attrs).get("class") or "").split())
        if tag == "section":
            self.out.append('<text:p text:style-name="START"/>')
        elif tag == "table":
            self._table, self._rows = next(iter(words)), []
        elif tag == "tr":
            self._rows.append([])
        elif tag in {"td", "th", "p"}:
            if tag != "p":
                words |= {"cell"} | ({"b", "c"} if tag == "th" else set())
                words |= {"c"} if self._table == "sign" else set()
                self._mark = len(self.out)
            self.out.append(f'<text:p text:style-name="{_name(words)}">')
            self._open = True
        elif tag in {"b", "i", "u"}:
            self.out.append(f'<text:span text:style-name="{tag}">')
        elif tag == "br":
            self.out.append("<text:line-break/>")

    def handle_endtag(self, tag: str) -> None:
        """The end of it."""
        if tag in {"b", "i", "u"}:
            self.out.append("</text:span>")
        elif tag in {"td", "th", "p"}:
            self.out.append("</text:p>")
            self._open = False
            if tag != "p":
                self._rows[-1].append("".join(self.out[self._mark :]))
                del self.out[self._mark :]
        elif tag == "table":
            kind = "grid" if self._table == "grid" else "plain"
            wide = max(map(len, self._rows))
            self.out.append(
                f'<table:table table:style-name="T">'
                f'<table:table-column table:number-columns-repeated="{wide}"/>'
            )
            for row in self._rows:
                cells = "".join(
                    f'<table:table-cell table:style-name="{kind}">{cell}</table:table-cell>'
                    for cell in row
                )
                self.out.append(f"<table:table-row>{cells}</table:table-row>")
            self.out.append("</table:table>")

    def handle_data(self, data: str) -> None:
        """Text of a paragraph; what stands between the tags of a table is none."""
        if self._open:
            self.out.append(escape(" ".join(data.split("\n"))))


def document(papers: Iterable[Any]) -> str:
    """A flat OpenDocument text with the records of reception *papers*, each from a new page."""
    writer = _Writer()
    writer.feed("".join(page(facts) for facts in papers))
    layout = (
        'fo:page-width="210mm" fo:page-height="297mm" fo:margin-top="20mm" fo:margin-right="15mm" '
        'fo:margin-bottom="20mm" fo:margin-left="30mm"'
    )
    number = '<text:p text:style-name="P-c-cell"><text:page-number/></text:p>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_SPACES} office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.text">'
        '<office:font-face-decls><style:font-face style:name="F" '
        "svg:font-family=\"'Liberation Serif'\"/></office:font-face-decls>"
        f"<office:automatic-styles>{_styles()}"
        '<style:page-layout style:name="L"><style:page-layout-properties '
        f"{layout}/></style:page-layout></office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="L">'
        f"<style:header>{number}</style:header></style:master-page>"
        '<style:master-page style:name="First" style:page-layout-name="L" '
        'style:next-style-name="Standard"/></office:master-styles>'
        f"<office:body><office:text>{''.join(writer.out)}</office:text></office:body>"
        "</office:document>"
    )


def convert(papers: list[Any], folder: Path) -> dict[str, float]:
    """Seconds that LibreOffice takes for *papers*: a file for each, and all in one file.

    The second is one call of ``soffice``, the first one call for 200 files, with a profile that
    was used before: its start is within and its first installation is not.

    Raises:
        NotThere: LibreOffice is not on the machine.
    """
    program = shutil.which("soffice")
    if program is None:
        raise NotThere("soffice is missing: apt-get install libreoffice-writer-nogui")
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("each", "all"):
        (folder / name).mkdir(parents=True)
    fonts = folder / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{ROOT / 'resources' / 'fonts'}</dir>"
        f"<cachedir>{folder / 'fontcache'}</cachedir></fontconfig>"
    )
    (folder / "first.fodt").write_text(document(papers[:1]), "utf-8")
    (folder / "all" / "all.fodt").write_text(document(papers), "utf-8")
    for at, facts in enumerate(papers):
        (folder / "each" / f"{at:04}.fodt").write_text(document([facts]), "utf-8")

    def call(files: list[Path]) -> float:
        start = time.perf_counter()
        subprocess.run(
            [
                program,
                f"-env:UserInstallation=file://{folder / 'profile'}",
                *("--headless", "--convert-to", "pdf", "--outdir", str(folder / "pdf")),
                *map(str, files),
            ],
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "FONTCONFIG_FILE": str(fonts)},
            check=True,
            capture_output=True,
            timeout=1_800,
        )
        took = time.perf_counter() - start
        lost = [x.name for x in files if not (folder / "pdf" / f"{x.stem}.pdf").exists()]
        if lost:
            raise RuntimeError(f"LibreOffice did not convert {len(lost)} files, e.g. {lost[0]}")
        return took

    call([folder / "first.fodt"])
    files = sorted((folder / "each").glob("*.fodt"))
    each = sum(call(files[at : at + _AT_ONCE]) for at in range(0, len(files), _AT_ONCE))
    return {"each": each, "all": call([folder / "all" / "all.fodt"])}
