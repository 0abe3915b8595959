"""A tip: information about trafficking, before there is a person before the officer.

It is the one record of a case of its own, whose stage is ``tip``. A case that comes of it, or
that it is joined to, is another: who told stays with the tip when that case moves on.
"""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL

TIP = RecordType(
    "tip",
    N_("Tip"),
    N_("Tips"),
    (
        CASE_REF,
        Field("at", Kind.MOMENT, N_("Date and time"), _OPEN, required=True),
        Field("channel", Kind.CODE, N_("How it came"), _OPEN, codes="tip_channel", required=True),
        Field("urgency", Kind.CODE, N_("Urgency"), _OPEN, codes="tip_urgency", required=True),
        Field(
            "about",
            Kind.LONG_TEXT,
            N_("What happened"),
            Privacy.IDENTIFYING,
            help=N_("In the words of who told it: what happened, when, who saw it, vehicle."),
            required=True,
            search=Search.TEXT,
        ),
        Field(
            "persons",
            Kind.LONG_TEXT,
            N_("Persons meant"),
            Privacy.IDENTIFYING,
            help=N_("Who may be in danger, and who may be behind it: names, ages, looks."),
            search=Search.TEXT,
        ),
        Field("place", Kind.TEXT, N_("Place"), Privacy.IDENTIFYING, search=Search.TEXT, limit=200),
        Field("place_unit", Kind.UNIT, N_("Commune, province of the place")),
        Field(
            "anonymous",
            Kind.ANSWER,
            N_("Wants to stay anonymous"),
            _OPEN,
            codes="answer",
            help=N_("Anonymous is allowed. After a yes nobody asks for the name."),
        ),
        Field(
            "teller",
            Kind.TEXT,
            N_("Name of who told it"),
            Privacy.IDENTIFYING,
            search=Search.NAME,
            limit=200,
        ),
        Field(
            "teller_phone", Kind.TEXT, N_("Telephone of who told it"), Privacy.IDENTIFYING, limit=40
        ),
        Field(
            "tell_back",
            Kind.ANSWER,
            N_("Wants to be told what came of it"),
            _OPEN,
            codes="answer",
        ),
        Field("forwarded_to", Kind.CODE, N_("Passed on to"), _OPEN, codes="tip_body"),
        Field("forwarded_who", Kind.TEXT, N_("Which body, who"), _OPEN, limit=200),
        Field("forwarded_at", Kind.MOMENT, N_("Passed on at"), _OPEN),
        Field("forwarded_by", Kind.CODE, N_("How"), _OPEN, codes="channel"),
        Field("paper_no", Kind.TEXT, N_("Number of the paper"), _OPEN, limit=60),
        Field("answer_by", Kind.DATE, N_("Answer expected by"), _OPEN, ahead=True),
        Field("answered_on", Kind.DATE, N_("Answered on"), _OPEN),
        Field("answer", Kind.LONG_TEXT, N_("Reply")),
        Field("told_on", Kind.DATE, N_("Who told it was informed on"), _OPEN),
        Field("outcome", Kind.CODE, N_("What became of it"), _OPEN, codes="tip_outcome"),
        Field("joined", Kind.REF, N_("The case"), _OPEN, target="case"),
        Field("settled_on", Kind.DATE, N_("Settled on"), _OPEN),
        Field("reason", Kind.CODE, N_("Reason for closing"), _OPEN, codes="tip_reason"),
        Field("reason_note", Kind.LONG_TEXT, N_("Note")),
    ),
)
