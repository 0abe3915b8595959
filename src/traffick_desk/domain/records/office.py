"""Records of the office that belong to no case."""

from __future__ import annotations

from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType
from traffick_desk.i18n import N_

RULE_PACK = RecordType(
    "rule_pack",
    N_("Rules of the province"),
    N_("Rules of the province"),
    (
        Field("number", Kind.INTEGER, N_("Number"), Privacy.PUBLIC, required=True, lowest=1),
        Field("made_on", Kind.DATE, N_("Signed on"), Privacy.PUBLIC, required=True),
        Field("note", Kind.LONG_TEXT, N_("What is new"), Privacy.PUBLIC),
        Field(
            "signed",
            Kind.LONG_TEXT,
            N_("Signed text"),
            Privacy.PUBLIC,
            required=True,
            limit=400_000,
            help=N_("The amendments with the signature of the province's desk."),
        ),
    ),
    in_case=False,
    office=True,
    whole=True,
    writers=frozenset({"province"}),
)
