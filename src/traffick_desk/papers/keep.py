"""What a paper printed, packed into a text, so that the same paper can be printed again.

Only the facts that the form declares are kept: a copy needs no more than the paper held.
The text is JSON, compressed and in base64: it is no reading matter, and small.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from traffick_desk.papers.errors import NotKept
from traffick_desk.papers.formfile import find
from traffick_desk.papers.values import Answer

_VERSION = "1:"
_MOST = 4_000_000
"""No paper comes near to so many characters; a packed text that does is damaged."""


def pack(key: str, facts: Mapping[str, object]) -> str:
    """The facts that form *key* prints, and its edition.

    Raises:
        UnknownForm: there is no such form.
    """
    form = find(key)
    tree: dict[str, Any] = {}
    for fact in form.info.facts:
        _take(facts, tree, fact.path.split("."))
    kept = {"edition": form.info.edition, "facts": _coded(tree)}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    packed = zlib.compress(text.encode("utf-8", "surrogatepass"), 9)
    return _VERSION + base64.b64encode(packed).decode("ascii")


def unpack(key: str, text: str) -> dict[str, Any]:
    """The facts that were packed.

    Raises:
        UnknownForm: there is no such form any more.
        NotKept: nothing was kept, it is damaged, or the form has been changed since.
    """
    edition = find(key).info.edition
    if not text.startswith(_VERSION):
        raise NotKept
    try:
        packed = base64.b64decode(text.removeprefix(_VERSION), validate=True)
        plain = zlib.decompressobj().decompress(packed, _MOST)
        kept = json.loads(plain.decode("utf-8", "surrogatepass"))
        facts = _decoded(kept["facts"])
        same = kept["edition"] == edition
    except (binascii.Error, zlib.error, ValueError, KeyError, TypeError) as error:
        raise NotKept from error
    if not same or not isinstance(facts, dict):
        raise NotKept
    return facts


def _take(source: object, target: dict[str, Any], path: list[str]) -> None:
    """Copy what stands at *path* from *source*; ``name[]`` is each of a list."""
    name, *rest = path
    key, every = name.removesuffix("[]"), name.endswith("[]")
    if not isinstance(source, Mapping) or key not in source:
        return
    value = source[key]
    if not rest:
        # A list of mappings is named by the paths of its members.
        if _is_rows(value):
            target.setdefault(key, [{} for _row in value])
        elif not isinstance(value, Mapping):
            target[key] = value
        return
    if every and _is_rows(value):
        rows = target.setdefault(key, [{} for _row in value])
        for row, made in zip(value, rows, strict=True):
            _take(row, made, rest)
    elif every or not isinstance(value, Mapping):
        target[key] = value
    else:
        _take(value, target.setdefault(key, {}), rest)


def _is_rows(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str | bytes)
        and any(isinstance(row, Mapping) for row in value)
    )


def _coded(value: Any) -> Any:
    match value:
        case Mapping():
            return {key: _coded(inner) for key, inner in value.items()}
        case str() | bool() | int() | None:
            return value
        case Answer():
            return {"$answer": value.name}
        case datetime():
            return {"$moment": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case time():
            return {"$time": value.isoformat()}
        case Sequence():
            return [_coded(inner) for inner in value]
    # Drawing the paper refuses such a value before it comes here.
    raise TypeError(type(value).__name__)


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return [_decoded(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$answer": str() as name}:
            return Answer[name]
        case {"$moment": str() as text}:
            return datetime.fromisoformat(text)
        case {"$date": str() as text}:
            return date.fromisoformat(text)
        case {"$time": str() as text}:
            return time.fromisoformat(text)
    return {key: _decoded(inner) for key, inner in value.items()}
