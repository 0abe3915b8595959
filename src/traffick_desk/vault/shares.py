"""A key on three sheets of paper, of which any two give it back and one alone says nothing.

Shamir's scheme (CACM 22, 1979) over GF(2⁸) with the polynomial of AES: each byte of the secret is
the value at 0 of a line through a random point; sheet *x* has the line's value at *x*. There are
kept libraries for such sheets (SLIP-39), but they write English words; these are groups of four
characters like the recovery code, typed by the same rules, and each row of four groups has a check
of its own that finds any two wrong characters and names the row.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from traffick_desk.vault import recovery
from traffick_desk.vault.errors import ShareMistyped, SharesDiffer, ShareWrongLength

NEEDED, MADE = 2, 3
SECRET_SIZE = 40
VERSION = 1
ROWS = 6
ROW = 14
_DIGEST = 8
_HEAD = 3
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _tables() -> tuple[list[int], list[int]]:
    powers, logs, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        # Times 3, a generator: times 2, plus itself.
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)
    return powers, logs


_POWER, _LOG = _tables()


def times(left: int, right: int) -> int:
    """The product in GF(2⁸), polynomial x⁸+x⁴+x³+x+1."""
    return _POWER[_LOG[left] + _LOG[right]] if left and right else 0


def inverse(value: int) -> int:
    """What times *value* is 1; ValueError for 0."""
    if not value:
        raise ValueError("0 has no inverse")
    return _POWER[255 - _LOG[value]]


@dataclass(frozen=True, slots=True)
class Share:
    """One sheet.

    Attributes:
        mark: two bytes that the sheets of one making have in common; says nothing of the secret.
        number: 1 to 3.
        data: the values of the lines.
    """

    mark: bytes
    number: int
    data: bytes

    def text(self) -> tuple[str, ...]:
        """Six rows of four groups, as they are printed."""
        raw = bytes([VERSION << 4 | self.number]) + self.mark + self.data
        value = int.from_bytes(raw, "big") << (ROWS * ROW * 5 - len(raw) * 8)
        symbols = [value >> 5 * place & 31 for place in reversed(range(ROWS * ROW))]
        rows = []
        for number in range(ROWS):
            row = _checked(symbols[number * ROW : (number + 1) * ROW], number)
            text = "".join(_ALPHABET[s] for s in row)
            rows.append(" ".join(text[i : i + 4] for i in range(0, len(text), 4)))
        return tuple(rows)


def split(secret: bytes) -> tuple[Share, ...]:
    """Three sheets for *secret*; each making has new random lines and another mark."""
    if len(secret) != SECRET_SIZE:
        raise ValueError(f"a secret has {SECRET_SIZE} bytes")
    values = secret + hashlib.sha256(secret).digest()[:_DIGEST]
    slopes, mark = os.urandom(len(values)), os.urandom(2)
    return tuple(
        Share(mark, x, bytes(v ^ times(x, s) for v, s in zip(values, slopes, strict=True)))
        for x in range(1, MADE + 1)
    )


def combine(shares: Sequence[Share]) -> bytes:
    """The secret of two sheets or more.

    Raises:
        SharesDiffer: fewer than two, twice the same, of two makings, or not what was made.
    """
    found = {share.number: share for share in shares}
    if len(found) < NEEDED or len(found) != len(shares):
        raise SharesDiffer("number")
    if len({share.mark for share in shares}) != 1:
        raise SharesDiffer("mark")
    secrets = set()
    chosen = list(found.values())
    for one, two in pairwise(chosen):
        # The line through both points at 0; minus is plus here.
        scale = inverse(one.number ^ two.number)
        left, right = times(two.number, scale), times(one.number, scale)
        pairs = zip(one.data, two.data, strict=True)
        secrets.add(bytes(times(left, a) ^ times(right, b) for a, b in pairs))
    if len(secrets) != 1:
        raise SharesDiffer("lines")
    values = secrets.pop()
    secret, digest = values[:SECRET_SIZE], values[SECRET_SIZE:]
    if hashlib.sha256(secret).digest()[:_DIGEST] != digest:
        raise SharesDiffer("digest")
    return secret


def parse(typed: str) -> Share:
    """A sheet from what was typed, by the rules of the recovery code.

    Raises:
        ShareWrongLength: too few or many characters, or one that no sheet has.
        ShareMistyped: a row fails its check; the text names it.
    """
    text = recovery.folded(typed)
    size = ROW + 2
    if len(text) != ROWS * size or any(c not in _ALPHABET for c in text):
        raise ShareWrongLength("form", rows=ROWS, groups=size // 4)
    symbols = [_ALPHABET.index(c) for c in text]
    data: list[int] = []
    for number in range(ROWS):
        row = symbols[number * size : (number + 1) * size]
        if _checked(row[:ROW], number) != row:
            raise ShareMistyped("row", row=number + 1)
        data += row[:ROW]
    value = 0
    for symbol in data:
        value = value << 5 | symbol
    length = _HEAD + SECRET_SIZE + _DIGEST
    spare = ROWS * ROW * 5 - length * 8
    raw = (value >> spare).to_bytes(length, "big")
    version, number = raw[0] >> 4, raw[0] & 15
    if value & ((1 << spare) - 1) or version != VERSION or not 1 <= number <= MADE:
        raise ShareMistyped("head", row=1)
    return Share(raw[1:_HEAD], number, raw[_HEAD:])


def _checked(data: list[int], number: int) -> list[int]:
    """A row with its two check characters; the number of the row is checked with it."""
    return data + recovery.with_check([*data, number + 1])[-2:]
