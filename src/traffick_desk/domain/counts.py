"""Counts as reports give them: a number, and whether it is *at least* that.

“More than 1,000” is kept as 1,000 with the flag *at least*, and a sum over it says *at least* too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from traffick_desk.domain.text import fold
from traffick_desk.i18n import _

MOST = 999_999_999
# Words before (or signs around) a number that make it a least number, folded.
_LEAST = ("it nhat", "hon", "tren", "toi thieu", "at least", "more than", "over", ">=", ">", "≥")
_NUMBER = re.compile(r"\d{1,3}(?:[., \u00a0\u202f]\d{3})+|\d+")


@dataclass(frozen=True, slots=True)
class Count:
    """A number of something, or nothing known.

    Attributes:
        number: as stated.
        at_least: it may be more.
        known: how many entries stated it; 0 when none did, and the number says nothing.
        unknown: how many entries that belong to the sum did not state it.
    """

    number: int = 0
    at_least: bool = False
    known: int = 1
    unknown: int = 0

    def __add__(self, other: Count) -> Count:
        """The sum: *at least* when either is."""
        return Count(
            self.number + other.number,
            self.at_least or other.at_least,
            self.known + other.known,
            self.unknown + other.unknown,
        )

    def shown(self) -> str:
        """As people read it: “at least 1.000”; a dash when nothing is known."""
        if not self.known:
            return "–"
        number = f"{self.number:,}".replace(",", ".")
        return _("at least {n}").format(n=number) if self.at_least else number

    @staticmethod
    def of(number: int | None, at_least: bool = False) -> Count:
        """One entry's count; ``None`` is an entry that does not say."""
        return _NOT_SAID if number is None else _of(number, at_least)


_NOT_SAID = Count(0, False, 0, 1)


@lru_cache(maxsize=4096)
def _of(number: int, at_least: bool) -> Count:
    # The same few numbers come again and again in thousands of entries.
    return Count(number, at_least)


NONE = Count(0, False, 0, 0)


def total(counts: Iterable[Count]) -> Count:
    """The sum of *counts*; nothing known if there are none."""
    # In plain numbers: tens of thousands are added up for one report.
    number = known = unknown = 0
    at_least = False
    for one in counts:
        number += one.number
        known += one.known
        unknown += one.unknown
        at_least = at_least or one.at_least
    return Count(number, at_least, known, unknown)


def parse(text: str) -> tuple[int, bool] | None:
    """A typed count: “1.100”, “hơn 860”, “≥ 40”, “150+”; ``None`` when it is none.

    Returns:
        The number, and whether it is a least number.
    """
    words = fold(text).strip()
    least = words.endswith("+")
    words = words.removesuffix("+").strip()
    for word in _LEAST:
        if words.startswith(word):
            least, words = True, words.removeprefix(word).strip()
            break
    found = _NUMBER.fullmatch(words)
    if found is None:
        return None
    number = int(re.sub(r"\D", "", words))
    return (number, least) if number <= MOST else None


def typed(number: int, at_least: bool) -> str:
    """A count as it stands in a field, so that :func:`parse` reads the same."""
    return Count(number, at_least).shown()
