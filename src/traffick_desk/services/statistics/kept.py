"""What is kept of figures and travels: packed contents, and on which shelf they stand.

A commune's stand among the records of its unit and reach its province and its other desks. A
province's stand on its closed shelf: its desks have them, its communes never.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from traffick_desk.domain.belonging import closed_shelf, unit_record_id
from traffick_desk.domain.records.figures import PART
from traffick_desk.services.base import Context, new_id

_MOST = 64_000_000


def new_kept_id(context: Context) -> str:
    """The id of a new report or release of this desk."""
    own = context.info.unit
    shelf = closed_shelf(own) if context.info.profile == "province" else own
    return unit_record_id(shelf, new_id())


def packed(found: Any) -> str:
    """*found* as one text without white space."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return base64.b85encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(text: str) -> Any:
    """The counterpart.

    Raises:
        ValueError: it is not what :func:`packed` made, or unpacks to more than 64 MB.
    """
    engine = zlib.decompressobj()
    try:
        raw = engine.decompress(base64.b85decode(text), _MOST)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if engine.unconsumed_tail or not engine.eof:
        raise ValueError(len(raw))
    return json.loads(raw)


def parts(text: str) -> list[str]:
    """*text* in pieces that fit a record each."""
    return [text[n : n + PART] for n in range(0, len(text), PART)] or [""]
