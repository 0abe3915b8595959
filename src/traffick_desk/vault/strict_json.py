"""JSON with one spelling for each value; what is not exactly as it would be written is refused."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any, NoReturn

from traffick_desk.vault.errors import HeaderDamaged

Json = dict[str, Any]
_MAX_DEPTH = 8
_MAX_INT = 2**63


def canonical(value: object) -> bytes:
    """The one spelling of a JSON value: sorted keys, no spaces, UTF-8, a line end."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode() + b"\n"


def refuse(why: str) -> NoReturn:
    """Raise :class:`HeaderDamaged`; *why* is for the log."""
    raise HeaderDamaged(why)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        refuse("duplicate key")
    return found


def _no_number(_text: str) -> NoReturn:
    refuse("a number that is not a whole one")


def _whole(text: str) -> int:
    if len(text) > 20 or abs(int(text)) >= _MAX_INT:
        refuse("a number out of range")
    return int(text)


def parse(data: bytes) -> object:
    """The value of *data*, if *data* is its canonical spelling.

    Raises:
        HeaderDamaged: not JSON, a duplicate key, a float, a huge number, or another spelling.
    """
    try:
        value: object = json.loads(
            data.decode(),
            object_pairs_hook=_no_duplicates,
            parse_float=_no_number,
            parse_constant=_no_number,
            parse_int=_whole,
        )
        same_form = canonical(value) == data
    except (ValueError, RecursionError) as error:
        raise HeaderDamaged("not JSON") from error
    if not same_form:
        refuse("not canonical")
    return value


class Fields:
    """Takes each field of an object exactly once, with its type; what is left over is refused."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            refuse("not an object")
        self._left: Json = dict(value)

    def _take(self, name: str, kind: type) -> Any:
        value = self._left.pop(name, None)
        if type(value) is not kind:  # bool is an int, and must not pass for one
            refuse(f"field {name}")
        return value

    def text(self, name: str, pattern: re.Pattern[str] | None = None, longest: int = 200) -> str:
        """A text of 1 to *longest* printable characters that *pattern* fits."""
        value: str = self._take(name, str)
        if pattern is not None and not pattern.fullmatch(value):
            refuse(f"field {name}")
        if not 0 < len(value) <= longest or not value.isprintable():
            refuse(f"field {name}")
        return value

    def one_of(self, name: str, *allowed: str) -> str:
        """One of *allowed*."""
        value: str = self._take(name, str)
        if value not in allowed:
            refuse(f"field {name}")
        return value

    def number(self, name: str, low: int = 0) -> int:
        """A whole number of at least *low*."""
        value: int = self._take(name, int)
        if value < low:
            refuse(f"field {name}")
        return value

    def data(self, name: str, size: int | None = None) -> bytes:
        """Bytes in base64, of exactly *size*."""
        text: str = self._take(name, str)
        try:
            value = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            refuse(f"field {name}")
        if base64.b64encode(value).decode() != text:  # stray bits before the padding
            refuse(f"field {name}")
        if size is not None and len(value) != size:
            refuse(f"field {name}")
        return value

    def hex(self, name: str, size: int) -> bytes:
        """Exactly *size* bytes as small hex digits."""
        text: str = self._take(name, str)
        if not re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", text):
            refuse(f"field {name}")
        return bytes.fromhex(text)

    def free(self, name: str) -> Json | None:
        """Any object, or null."""
        if name not in self._left:
            refuse(f"field {name}")
        value = self._left.pop(name)
        if value is not None and not isinstance(value, dict):
            refuse(f"field {name}")
        _bounded(value, _MAX_DEPTH)
        return value

    def list(self, name: str) -> list[Any]:
        """A list."""
        value: list[Any] = self._take(name, list)
        return value

    def nested(self, name: str) -> Fields:
        """An object, to be taken field by field."""
        return Fields(self._take(name, dict))

    def end(self) -> None:
        """Refuse what was not taken."""
        if self._left:
            refuse("unknown field")


def _bounded(value: object, depth: int) -> None:
    if depth < 0:
        refuse("too deep")
    if isinstance(value, dict):
        for inner in value.values():
            _bounded(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _bounded(inner, depth - 1)
