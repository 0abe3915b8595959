"""The printed recovery code: 130 random bits as seven groups of four, with a checksum.

Crockford's base 32 has no I, L, O and U. The last two characters are a
Reed-Solomon check over GF(32): any two wrong or swapped characters are noticed,
and one wrong character is located, so that the officer is told which group to
look at again instead of "wrong code".
"""

from __future__ import annotations

import os
import unicodedata

from traffick_desk.vault.errors import RecoveryCodeMistyped, RecoveryCodeWrongLength

GROUPS = 7
GROUP_SIZE = 4
_DATA = 26
_LENGTH = GROUPS * GROUP_SIZE
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKE = str.maketrans("OIL", "011")
# What the Vietnamese typing tool (Telex) makes of two letters, undone: aa → â, dd → đ, as → á.
_TELEX_TONE = {"\u0301": "S", "\u0300": "F", "\u0309": "R", "\u0303": "X", "\u0323": "J"}
_TELEX_HOOK = {"\u0306", "\u031b"}  # breve of ă, horn of ơ and ư
_CIRCUMFLEX = "\u0302"


def _tables() -> tuple[tuple[int, ...], dict[int, int]]:
    powers = [1]
    while len(powers) < 31:
        value = powers[-1] << 1
        powers.append(value ^ 0b100101 if value & 32 else value)
    return tuple(powers), {value: power for power, value in enumerate(powers)}


_POWER, _LOG = _tables()


def _times(left: int, right: int) -> int:
    return _POWER[(_LOG[left] + _LOG[right]) % 31] if left and right else 0


def _syndromes(values: list[int]) -> tuple[int, int]:
    plain = weighted = 0
    for position, value in enumerate(values):
        plain ^= value
        weighted ^= _times(value, _POWER[position])
    return plain, weighted


def with_check(data: list[int]) -> list[int]:
    """*data* (at most 29 symbols of 5 bits) and two more that make both sums zero."""
    plain, weighted = _syndromes(data)
    first = len(data)
    divisor = _POWER[first] ^ _POWER[first + 1]
    second = _times(weighted ^ _times(plain, _POWER[first]), _POWER[-_LOG[divisor] % 31])
    return [*data, plain ^ second, second]


def generate() -> str:
    """A new code, as it is printed: ``XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX``."""
    values = with_check([byte & 31 for byte in os.urandom(_DATA)])
    text = "".join(_ALPHABET[v] for v in values)
    return "-".join(groups_of(text))


def groups_of(code: str) -> list[str]:
    """The seven groups of a code, to ask for some of them again at set-up."""
    text = code.replace("-", "")
    return [text[i : i + GROUP_SIZE] for i in range(0, len(text), GROUP_SIZE)]


def _undo_telex(typed: str) -> str:
    out: list[str] = []
    for char in unicodedata.normalize("NFD", typed.upper().replace("Đ", "DD")):
        if char == _CIRCUMFLEX and out:
            out.append(out[-1])
        elif char in _TELEX_HOOK and out:
            if out[-1] == "U":  # no code has a U: it was the W that makes ư
                out.pop()
            out.append("W")
        else:
            out.append(_TELEX_TONE.get(char, char))
    return "".join(out)


def folded(typed: str) -> str:
    """What was typed without what does not matter, in the alphabet of the codes."""
    kept = "".join(c for c in _undo_telex(typed) if not c.isspace() and c not in "-–—.,_")
    return kept.translate(_LOOKALIKE)


def parse(typed: str) -> str:
    """The code in its one form (28 characters) from what was typed.

    Small letters, spaces, dashes and dots do not matter; O is 0, I and L are 1; what the
    Vietnamese typing tool made of the letters is undone.

    Raises:
        RecoveryCodeWrongLength: too few or many characters, or one that no code has.
        RecoveryCodeMistyped: the checksum does not fit; the text names the likely group.
    """
    text = folded(typed)
    if len(text) != _LENGTH or any(c not in _ALPHABET for c in text):
        raise RecoveryCodeWrongLength("form", groups=GROUPS, size=GROUP_SIZE)
    values = [_ALPHABET.index(c) for c in text]
    plain, weighted = _syndromes(values)
    if plain or weighted:
        raise RecoveryCodeMistyped("checksum", group=_suspect(plain, weighted))
    return text


def _suspect(plain: int, weighted: int) -> str:
    if plain and weighted:
        position = (_LOG[weighted] - _LOG[plain]) % 31
        if position < _LENGTH:
            return str(position // GROUP_SIZE + 1)
    return f"1–{GROUPS}"
