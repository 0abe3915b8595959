"""What a screening says so far: advice with its reasons, never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from traffick_desk.domain.records.screening import ACTS, MEANS, PURPOSES, SCREENING, SIGNS
from traffick_desk.i18n import N_, _

_ALL = (*ACTS, *MEANS, *PURPOSES, *SIGNS)


class Finding(StrEnum):
    """How far what was told fits the definition of trafficking (Law 53/2024/QH15, Art. 2(1))."""

    FITS = "fits"
    FITS_IF_CHILD = "fits_if_child"
    SIGNS = "signs"
    NOTHING = "nothing"
    OPEN = "open"


_ADVICE = {
    Finding.FITS: N_(
        "What was told fits the definition of trafficking (Law 53/2024/QH15, Article 2). Please "
        "support the person as one who is being identified, and ask for verification."
    ),
    Finding.FITS_IF_CHILD: N_(
        "An act and a purpose were told, but no means yet. For a person under 18 that is enough "
        "(Law 53/2024/QH15, Article 2). Please find out the age, and support the person meanwhile."
    ),
    Finding.SIGNS: N_(
        "There are signs. Please go on when the person is ready; if in doubt, ask for verification "
        "and support the person as one who is being identified."
    ),
    Finding.NOTHING: N_(
        "Nothing told so far points to trafficking. That is no proof: many speak only later."
    ),
    Finding.OPEN: N_("Not enough is known yet."),
}


_FITS_KNOWN = N_(
    "What was told fits the definition of trafficking (Law 53/2024/QH15, Article 2). The person "
    "has been identified as a victim already."
)


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, and what it rests on.

    Attributes:
        yes: names of the fields that were answered with yes.
        unasked: names of those without any answer, or marked as not asked.
        child: whether the person is under 18; ``None`` when that is not known.
    """

    finding: Finding
    yes: tuple[str, ...]
    unasked: tuple[str, ...]
    child: bool | None

    def __str__(self) -> str:
        return _(_ADVICE[self.finding])

    def words(self, status: str | None) -> str:
        """The advice for a person of that legal status; who was identified needs no other."""
        if self.finding is Finding.FITS and status == "victim":
            return _(_FITS_KNOWN)
        return str(self)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The indicators that were answered with yes, in words; and the age where it counts."""
        words = [SCREENING[name].shown_label() for name in self.yes]
        if self.child and any(name in ACTS for name in self.yes):
            words.append(_("Under 18: the means do not matter."))
        return tuple(words)


def weigh(values: Mapping[str, Any], *, child: bool | None) -> Advice:
    """Advice from the answers of one screening.

    Args:
        values: field → answer, as the record has them.
        child: whether the person is under 18; ``None`` when that is not known.
    """
    yes = tuple(name for name in _ALL if values.get(name) == "yes")
    unasked = tuple(name for name in _ALL if values.get(name) in {None, "not_asked"})
    act, means, purpose = (any(name in group for name in yes) for group in (ACTS, MEANS, PURPOSES))
    if act and purpose and (means or child):
        finding = Finding.FITS
    elif act and purpose and child is None:
        finding = Finding.FITS_IF_CHILD
    elif yes:
        finding = Finding.SIGNS
    elif all(values.get(name) == "no" for name in (*ACTS, *PURPOSES)):
        finding = Finding.NOTHING
    else:
        finding = Finding.OPEN
    return Advice(finding, yes, unasked, child)
