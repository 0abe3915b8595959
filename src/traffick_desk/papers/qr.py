"""The short code of a paper as a QR matrix."""

from __future__ import annotations

import re

from traffick_desk.papers.errors import BadShortCode

_CODE = re.compile(r"[A-Z0-9-]{1,24}", re.ASCII)


def matrix(code: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of *code*, row by row, True for dark, without the quiet zone.

    Raises:
        BadShortCode: other characters than A-Z, 0-9 and hyphen, or more than 24.
    """
    if not _CODE.fullmatch(code):
        raise BadShortCode(code)
    from reportlab.graphics.barcode import qrencoder

    symbol = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    symbol.addData(code)
    symbol.make()
    side = range(symbol.getModuleCount())
    return tuple(tuple(bool(symbol.isDark(row, column)) for column in side) for row in side)
