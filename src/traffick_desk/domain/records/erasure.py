"""Records about the end of data: demand, order, hold, and how long cases are kept.

The order is all that stays of an erased case: what it says must not tell who the person was.
"""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL
_GROUND = Field("ground", Kind.CODE, N_("Ground"), _OPEN, codes="erasure_ground", required=True)
_PAPER = Field("paper_no", Kind.TEXT, N_("Number of the document"), _OPEN, limit=60)

ERASURE_REQUEST = RecordType(
    "erasure_request",
    N_("Request to erase data"),
    N_("Requests to erase data"),
    (
        CASE_REF,
        _GROUND,
        Field("asked_on", Kind.DATE, N_("Asked on"), _OPEN, required=True),
        _PAPER,
        Field("reason", Kind.LONG_TEXT, N_("Reason"), required=True),
    ),
    whole=True,
)

ERASURE = RecordType(
    "erasure",
    N_("Erasure of data"),
    N_("Erasures of data"),
    (
        CASE_REF,
        Field("unit", Kind.UNIT, N_("Commune"), _OPEN, required=True),
        Field("file_no", Kind.TEXT, N_("File number"), _OPEN, limit=40),
        _GROUND,
        _PAPER,
        Field("ordered_on", Kind.DATE, N_("Ordered on"), _OPEN, required=True),
        Field("asked_by", Kind.TEXT, N_("Asked by"), _OPEN, limit=120),
        Field("ordered_by", Kind.TEXT, N_("Ordered by"), _OPEN, limit=120),
        Field("entries", Kind.INTEGER, N_("Entries erased"), _OPEN, lowest=0),
        Field("documents", Kind.INTEGER, N_("Documents erased"), _OPEN, lowest=0),
        # For statistics: years and two marks, too coarse to tell who it was.
        Field("opened_year", Kind.INTEGER, N_("Year of reception"), _OPEN),
        Field("closed_year", Kind.INTEGER, N_("Year of closing"), _OPEN),
        Field("minor", Kind.ANSWER, N_("Under 18"), _OPEN, codes="answer"),
        Field("sex", Kind.CODE, N_("Sex"), _OPEN, codes="sex"),
    ),
    whole=True,
    writers=frozenset({"province"}),
)

LEGAL_HOLD = RecordType(
    "legal_hold",
    N_("Hold on erasing"),
    N_("Holds on erasing"),
    (
        CASE_REF,
        Field("body", Kind.TEXT, N_("Body that needs the data"), _OPEN, required=True, limit=200),
        _PAPER,
        Field("since", Kind.DATE, N_("Since"), _OPEN, required=True),
        Field("until", Kind.DATE, N_("Ended on"), _OPEN),
        Field("note", Kind.LONG_TEXT, N_("Note")),
    ),
    whole=True,
)

RETENTION_RULE = RecordType(
    "retention_rule",
    N_("How long cases are kept"),
    N_("How long cases are kept"),
    (
        Field(
            "months",
            Kind.INTEGER,
            N_("Months after closing"),
            Privacy.PUBLIC,
            help=N_("What the province decided; the program knows no period of its own."),
            required=True,
            lowest=1,
            highest=1200,
        ),
        Field(
            "decision",
            Kind.TEXT,
            N_("Decision of the province"),
            Privacy.PUBLIC,
            required=True,
            limit=200,
        ),
        Field("made_on", Kind.DATE, N_("Of the day"), Privacy.PUBLIC, required=True),
    ),
    in_case=False,
    office=True,
    whole=True,
    writers=frozenset({"province"}),
)
