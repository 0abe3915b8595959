"""The record of the office that says from which number on figures may leave."""

from __future__ import annotations

from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType
from traffick_desk.i18n import N_

DISCLOSURE_RULE = RecordType(
    "disclosure_rule",
    N_("Threshold for figures that leave"),
    N_("Thresholds for figures that leave"),
    (
        Field(
            "threshold",
            Kind.INTEGER,
            N_("Least number that is shown"),
            Privacy.PUBLIC,
            required=True,
            lowest=3,
            highest=100,
            help=N_("Smaller figures are withheld when a table leaves the office."),
        ),
        Field("since", Kind.DATE, N_("From"), Privacy.PUBLIC, required=True),
        Field("note", Kind.LONG_TEXT, N_("Note"), Privacy.PUBLIC),
    ),
    in_case=False,
    office=True,
    whole=True,
    writers=frozenset({"province"}),
)
