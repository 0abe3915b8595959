"""Bech32 (BIP 173) without its limit on length, as age writes keys."""

from __future__ import annotations

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUE = {char: value for value, char in enumerate(_CHARSET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LENGTH = 6
_MAX_LENGTH = 4096  # the longest key there is takes about 2,000 characters


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            if (top >> bit) & 1:
                check ^= generator
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _regroup(values: bytes | list[int], have: int, want: int, *, pad: bool) -> list[int]:
    """Regroup *values* of *have* bits as values of *want* bits; ValueError on wrong padding."""
    pending = bits = 0
    out: list[int] = []
    for value in values:
        pending = pending << have | value
        bits += have
        while bits >= want:
            bits -= want
            out.append(pending >> bits & ((1 << want) - 1))
        pending &= (1 << bits) - 1
    if pad:
        if bits:
            out.append(pending << (want - bits))
    elif bits >= have or pending:
        raise ValueError("padding")
    return out


def encode(prefix: str, data: bytes) -> str:
    """*data* under the lower-case human-readable *prefix*."""
    values = _regroup(data, 8, 5, pad=True)
    check = _polymod([*_expand(prefix), *values, *[0] * _CHECKSUM_LENGTH]) ^ 1
    tail = [check >> 5 * (5 - i) & 31 for i in range(_CHECKSUM_LENGTH)]
    return prefix + "1" + "".join(_CHARSET[v] for v in [*values, *tail])


def decode(text: str) -> tuple[str, bytes]:
    """The prefix, in lower case, and the bytes of *text*.

    Raises:
        ValueError: mixed case, a character outside the set, a wrong checksum or padding.
    """
    if (
        len(text) > _MAX_LENGTH
        or not text.isascii()
        or (text != text.lower() and text != text.upper())
    ):
        raise ValueError("case or length")
    prefix, separator, rest = text.lower().rpartition("1")
    if not separator or not prefix or len(rest) < _CHECKSUM_LENGTH:
        raise ValueError("shape")
    if any(not "!" <= c <= "~" for c in prefix) or any(c not in _VALUE for c in rest):
        raise ValueError("character")
    values = [_VALUE[c] for c in rest]
    if _polymod([*_expand(prefix), *values]) != 1:
        raise ValueError("checksum")
    return prefix, bytes(_regroup(values[:-_CHECKSUM_LENGTH], 5, 8, pad=False))
