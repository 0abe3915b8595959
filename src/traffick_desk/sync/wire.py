"""Reading signed JSON from other desks: exact keys, exact types, sizes capped."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Self

from traffick_desk.store.changes import ChangeInvalid, load_canonical

DEVICE = re.compile(r"[0-9a-z-]{1,64}")
UNIT = re.compile(r"[0-9A-Za-z/_-]{1,32}")
PROFILE = re.compile(r"commune|province")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?[+-]\d{2}:\d{2}", re.ASCII)
DIGEST_SIZE = 32
_SAFE_INTEGER = 2**53


class WireInvalid(ValueError):
    """Foreign bytes are not of the form they must have. For callers, never for a screen."""


def in_base64(data: bytes) -> str:
    """Bytes in a text, in the one way that :meth:`Shape.base64` takes."""
    return base64.b64encode(data).decode("ascii")


class Shape:
    """A JSON object that has exactly the keys it must have.

    Args:
        value: what the JSON reader gave.
        keys: all the keys; one missing or one too many refuses the object.

    Raises:
        WireInvalid: from here and from every method.
    """

    def __init__(self, value: Any, keys: Iterable[str]) -> None:
        if type(value) is not dict or value.keys() != set(keys):
            raise WireInvalid("keys")
        self._value: dict[str, Any] = value

    @classmethod
    def read(cls, data: bytes, keys: Iterable[str], limit: int) -> Self:
        """The object that canonical JSON *data* of at most *limit* bytes holds."""
        try:
            return cls(load_canonical(data, limit), keys)
        except ChangeInvalid as error:
            raise WireInvalid("not canonical") from error

    def number(self, name: str, lowest: int = 0) -> int:
        """A whole number that every JSON reader keeps exact."""
        value = self._value[name]
        if type(value) is not int or not lowest <= value < _SAFE_INTEGER:
            raise WireInvalid(name)
        return value

    def text(self, name: str, limit: int) -> str:
        """One line of NFC text without control or direction characters."""
        value = self._value[name]
        if type(value) is not str or len(value) > limit or not _plain(value):
            raise WireInvalid(name)
        return value

    def lines(self, name: str, limit: int) -> str:
        """Several lines of NFC text; nothing but the end of a line is a control character."""
        value = self._value[name]
        if type(value) is not str or len(value) > limit or not _plain(value.replace("\n", "")):
            raise WireInvalid(name)
        return value

    def match(self, name: str, pattern: re.Pattern[str]) -> str:
        """A text that is *pattern* from end to end."""
        value = self._value[name]
        if type(value) is not str or pattern.fullmatch(value) is None:
            raise WireInvalid(name)
        return value

    def octets(self, name: str, size: int) -> bytes:
        """Exactly *size* bytes, written as lower-case hex."""
        value = self._value[name]
        if type(value) is not str or re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", value) is None:
            raise WireInvalid(name)
        return bytes.fromhex(value)

    def base64(self, name: str, most: int) -> bytes:
        """Bytes as :func:`in_base64` writes them, of at most *most* characters."""
        text = self.text(name, most)
        try:
            data = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise WireInvalid(name) from error
        if in_base64(data) != text:
            raise WireInvalid(name)
        return data

    def fixed(self, name: str, expected: str | int) -> None:
        """The value must be *expected*."""
        value = self._value[name]
        if type(value) is not type(expected) or value != expected:
            raise WireInvalid(name)

    def shape(self, name: str, keys: Iterable[str]) -> Shape:
        """An object within the object."""
        return Shape(self._value[name], keys)

    def shapes(self, name: str, keys: Iterable[str], limit: int) -> list[Shape]:
        """A list of at most *limit* objects."""
        value = self._value[name]
        if type(value) is not list or len(value) > limit:
            raise WireInvalid(name)
        wanted = tuple(keys)
        return [Shape(item, wanted) for item in value]

    def texts(self, name: str, pattern: re.Pattern[str], limit: int) -> tuple[str, ...]:
        """A list of at most *limit* texts that are all *pattern*."""
        value = self._value[name]
        if type(value) is not list or len(value) > limit:
            raise WireInvalid(name)
        if not all(type(item) is str and pattern.fullmatch(item) for item in value):
            raise WireInvalid(name)
        return tuple(value)


def _plain(text: str) -> bool:
    if unicodedata.normalize("NFC", text) != text:
        return False
    return not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in text)
