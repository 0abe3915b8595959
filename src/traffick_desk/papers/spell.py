"""Amounts in words, as Vietnamese receipts write them below the figures."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_POWERS = ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"))


def _below_thousand(number: int, *, full: bool) -> list[str]:
    """Words of 1 to 999; *full* says the hundreds even when there are none."""
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0:
        if units:
            words += ["linh", _DIGITS[units]] if words else [_DIGITS[units]]
        return words
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if units:
        special = {5: "lăm"} if tens == 1 else {1: "mốt", 4: "tư", 5: "lăm"}
        words.append(special.get(units, _DIGITS[units]))
    return words


def _words(number: int, *, full: bool) -> list[str]:
    words: list[str] = []
    for power, name in _POWERS:
        count, number = divmod(number, power)
        if count:
            words += [*_words(count, full=full or bool(words)), name]
    if number:
        words += _below_thousand(number, full=full or bool(words))
    return words


def dong(amount: int) -> str:
    """*amount* in đồng as words: ``Sáu triệu ba trăm nghìn đồng``.

    Raises:
        ValueError: the amount is below zero; no receipt says that.
    """
    if amount < 0:
        raise ValueError(amount)
    text = " ".join(_words(amount, full=False)) or _DIGITS[0]
    return f"{text[0].upper()}{text[1:]} đồng"
