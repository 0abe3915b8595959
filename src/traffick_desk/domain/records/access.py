"""Who may look into a case: its restriction to named officers, and who broke the glass."""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL

# One of each case, under the id of the case itself: desks that restrict it at once meet there.
RESTRICTION = RecordType(
    "restriction",
    N_("Restriction to named officers"),
    N_("Restrictions to named officers"),
    (
        CASE_REF,
        Field(
            "officers",
            Kind.LONG_TEXT,
            N_("Who may look into it"),
            _OPEN,
            help=N_("Numbers of the officers, one a line; kept by the program."),
            required=True,
            limit=10_000,
        ),
        Field("names", Kind.LONG_TEXT, N_("Names of these officers"), _OPEN, limit=20_000),
        Field("reason", Kind.LONG_TEXT, N_("Why it is restricted"), limit=2_000),
        Field("at", Kind.MOMENT, N_("Restricted at"), _OPEN, required=True),
        Field("by", Kind.TEXT, N_("Restricted by"), _OPEN, limit=120),
    ),
    whole=True,
)

GLASS = RecordType(
    "glass",
    N_("Opened in spite of the restriction"),
    N_("Opened in spite of the restriction"),
    (
        CASE_REF,
        Field("officer", Kind.TEXT, N_("Number of the officer"), _OPEN, required=True, limit=64),
        Field("name", Kind.TEXT, N_("Officer"), _OPEN, required=True, limit=120),
        Field("at", Kind.MOMENT, N_("Opened at"), _OPEN, required=True),
        Field("reason", Kind.LONG_TEXT, N_("Reason given"), required=True, limit=2_000),
        Field("seen_at", Kind.MOMENT, N_("Looked at"), _OPEN),
        Field("seen_by", Kind.TEXT, N_("Looked at by"), _OPEN, limit=120),
    ),
)
