"""Reading a text with columns, whatever program wrote it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from pathlib import Path

from traffick_desk.services.register.errors import NotATable, TableTooLarge, UnreadableText
from traffick_desk.services.register.table import (
    CELL_LIMIT,
    MOST_COLUMNS,
    MOST_ROWS,
    Row,
    Table,
    assemble,
    in_old_font,
)

_MOST_BYTES = 100_000_000
_SEPARATORS = ";,\t|"
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read(path: Path, size: int) -> Table:
    """Read a text: UTF-8 or UTF-16, or Windows-1258; semicolons, commas, tabs or bars.

    Raises:
        RegisterError: in words.
    """
    if size > _MOST_BYTES:
        raise TableTooLarge
    text = decoded(path.read_bytes())
    named = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    if named is not None:
        text = text[named.end() :]
    separator = named[1] if named is not None else separator_of(text)
    rows: list[Row] = []
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, cells in enumerate(lines, 1):
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) >= MOST_ROWS:
                raise TableTooLarge
            kept = (c[:CELL_LIMIT] if c.strip() else None for c in cells[:MOST_COLUMNS])
            rows.append(Row(number, tuple(kept)))
    except csv.Error as error:
        raise NotATable from error
    return assemble(path.name, "", (), rows)


def decoded(data: bytes) -> str:
    """The text, in NFC.

    Raises:
        NotATable: it is no text.
        UnreadableText: the letters cannot be told.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = _windows(data)
    if "\0" in text:
        raise NotATable
    text = unicodedata.normalize("NFC", text)
    sample = text[:200_000]
    words = [w for w in re.findall(r"[^\W\d_]+[^\s;,\t|]*", sample) if not w.isascii()]
    strange = sum(in_old_font(word) for word in words)
    if strange > 3 and strange * 4 > len(words):
        raise UnreadableText
    return text


def _windows(data: bytes) -> str:
    """Windows-1258 writes a tone after its letter; a text of another code page does not fit."""
    if b"\0" in data:
        raise NotATable
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise UnreadableText from error
    letters = [c for c in text if ord(c) > 127 and (c.isalpha() or unicodedata.combining(c))]
    strange = sum(
        unicodedata.combining(c) != 0 or "LATIN" not in unicodedata.name(c, "") or c in _FOREIGN
        for c in letters
    )
    # Vietnamese has composed letters with tones; where there is none it is another code page.
    toned = sum(ord(c) >= 0x1EA0 for c in letters)
    if strange * 50 > len(letters) or (len(letters) > 40 and not toned):
        raise UnreadableText
    return text


_FOREIGN = frozenset("ªºµßäåæçëïðñöøûüýþÿÄÅÆÇËÏÐÑÖØÛÜÞŒœŸ") - {"ý"}


def separator_of(text: str) -> str:
    """What parts the columns: that which gives most rows the same number of them."""
    sample = text[:100_000]
    best, best_score = ",", 0.0
    for separator in _SEPARATORS:
        widths: dict[int, int] = {}
        try:
            for number, cells in enumerate(csv.reader(io.StringIO(sample), delimiter=separator)):
                if number >= 50:
                    break
                if len(cells) > 1:
                    widths[len(cells)] = widths.get(len(cells), 0) + 1
        except csv.Error:
            continue
        if widths:
            width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
            score = rows * min(width, 12)
            if score > best_score:
                best, best_score = separator, score
    return best
