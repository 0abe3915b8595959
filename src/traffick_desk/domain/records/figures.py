"""Figures as they were sent, and what is remembered of figures that left; written once.

Both are records of the unit that made them, so a commune's reach its province and its other
desks; a province's stand on its closed shelf and go to its own desks alone, because its small
figures are no commune's business.
"""

from __future__ import annotations

from traffick_desk.domain.records.teams import UNIT
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL
PART = 600_000
"""Most characters of a content: a change holds a megabyte and no more."""

REPORT = RecordType(
    "report",
    N_("Report as it was sent"),
    N_("Reports as they were sent"),
    (
        UNIT,
        Field("kind", Kind.TEXT, N_("Which report"), _OPEN, required=True, limit=60),
        Field("at", Kind.MOMENT, N_("Sent at"), _OPEN, required=True),
        Field("officer", Kind.TEXT, N_("Sent by"), _OPEN, limit=200),
        Field("since", Kind.DATE, N_("Figures from"), _OPEN),
        Field("until", Kind.DATE, N_("Figures until"), _OPEN, ahead=True),
        Field("place", Kind.UNIT, N_("Figures of"), _OPEN),
        Field("before", Kind.LONG_TEXT, N_("Words before the figures")),
        Field("after", Kind.LONG_TEXT, N_("Words after the figures")),
        Field("replaces", Kind.REF, N_("Corrects the report"), _OPEN, target="report"),
        Field("content", Kind.LONG_TEXT, N_("Tables, packed"), required=True, limit=PART),
    ),
    in_case=False,
    of_unit=True,
    whole=True,
)

RELEASE = RecordType(
    "release",
    N_("Figures that left"),
    N_("Figures that left"),
    (
        UNIT,
        Field("at", Kind.MOMENT, N_("Left at"), _OPEN, required=True),
        Field("officer", Kind.TEXT, N_("Let out by"), _OPEN, limit=200),
        Field("title", Kind.TEXT, N_("Title"), _OPEN, limit=300),
        Field("first", Kind.TEXT, N_("First part"), _OPEN, limit=100),
        Field("number", Kind.INTEGER, N_("Part"), _OPEN, required=True, lowest=1),
        Field("parts", Kind.INTEGER, N_("Number of parts"), _OPEN, required=True, lowest=1),
        Field(
            "content", Kind.LONG_TEXT, N_("Who is behind each figure, as numbers, packed"),
            required=True, limit=PART,
        ),
    ),
    in_case=False,
    of_unit=True,
    whole=True,
)  # fmt: skip
