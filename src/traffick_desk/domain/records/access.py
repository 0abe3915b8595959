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

DESK_OFFICER = RecordType(
    "desk_officer",
    N_("Officer of a desk"),
    N_("Officers of a desk"),
    (
        Field("device", Kind.TEXT, N_("Desk"), _OPEN, required=True, limit=64),
        Field("officer", Kind.TEXT, N_("Number of the officer"), _OPEN, required=True, limit=64),
        Field("name", Kind.TEXT, N_("Full name"), _OPEN, limit=200),
        Field("title", Kind.TEXT, N_("Post"), _OPEN, limit=200),
        Field("role", Kind.TEXT, N_("Role"), _OPEN, required=True, limit=32),
    ),
    in_case=False,
    office=True,
    of_desk=True,
    whole=True,
)

OFFICER_RIGHT = RecordType(
    "officer_right",
    N_("Role confirmed by the province"),
    N_("Roles confirmed by the province"),
    (
        Field("device", Kind.TEXT, N_("Desk"), _OPEN, required=True, limit=64),
        Field("officer", Kind.TEXT, N_("Number of the officer"), _OPEN, required=True, limit=64),
        Field("role", Kind.TEXT, N_("Role"), _OPEN, required=True, limit=32),
        Field(
            "since",
            Kind.INTEGER,
            N_("From which entry of the desk"),
            _OPEN,
            required=True,
            lowest=1,
        ),
        Field(
            "until",
            Kind.INTEGER,
            N_("Up to which entry of the desk"),
            _OPEN,
            help=N_("Empty while it holds on."),
            lowest=0,
        ),
        Field("at", Kind.MOMENT, N_("Confirmed at"), _OPEN),
        Field("by", Kind.TEXT, N_("Confirmed by"), _OPEN, limit=120),
    ),
    in_case=False,
    office=True,
    whole=True,
    writers=frozenset({"province"}),
)

# Asked for by a desk that changes its keys; both keys sign it (:mod:`traffick_desk.sync.rotation`).
DESK_KEY = RecordType(
    "desk_key",
    N_("New keys of a desk"),
    N_("New keys of desks"),
    (
        Field("device", Kind.TEXT, N_("Desk"), _OPEN, required=True, limit=64),
        Field("verify_key", Kind.TEXT, N_("New key for signing"), _OPEN, required=True, limit=64),
        Field(
            "recipient",
            Kind.LONG_TEXT,
            N_("New key for sealing"),
            _OPEN,
            required=True,
            limit=2_600,
        ),
        Field(
            "consent", Kind.TEXT, N_("Signature of the former key"), _OPEN, required=True, limit=128
        ),
        Field("proof", Kind.TEXT, N_("Signature of the new key"), _OPEN, required=True, limit=128),
    ),
    in_case=False,
    office=True,
    of_desk=True,
    whole=True,
)
