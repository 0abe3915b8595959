"""Records of reception, the account of trafficking, stays, and entitlements."""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF, PERSON_REF
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

RECEPTION = RecordType(
    "reception",
    N_("Reception"),
    N_("Receptions"),
    (
        CASE_REF,
        Field(
            "at",
            Kind.MOMENT,
            N_("Date and time"),
            Privacy.OPERATIONAL,
            required=True,
            source="L53 Art. 27(1)",
        ),
        Field("place", Kind.TEXT, N_("Place"), Privacy.OPERATIONAL, search=Search.TEXT, limit=200),
        Field(
            "from_body", Kind.CODE, N_("Handed over by"), Privacy.OPERATIONAL, codes="handing_body"
        ),
        Field(
            "from_officer",
            Kind.TEXT,
            N_("Name and post of who handed over"),
            Privacy.OPERATIONAL,
            limit=200,
        ),
        Field(
            "paper_no",
            Kind.TEXT,
            N_("Number of the hand-over record"),
            Privacy.OPERATIONAL,
            limit=60,
        ),
        Field("from_country", Kind.CODE, N_("Country the person comes from"), codes="country"),
        Field(
            "condition",
            Kind.LONG_TEXT,
            N_("Condition"),
            help=N_("Health, injuries, state of mind, in a few words."),
        ),
        Field("urgent", Kind.CODES, N_("Urgent needs"), codes="urgent_need"),
        Field(
            "support_from",
            Kind.DATE,
            N_("Essential needs given from"),
            Privacy.OPERATIONAL,
            help=N_("The 120 days are counted from this day."),
            source="D162 Art. 17",
        ),
        Field("note", Kind.LONG_TEXT, N_("Note")),
    ),
)

GIVEN_ITEM = RecordType(
    "given_item",
    N_("Given at once"),
    N_("Given at once"),
    (
        CASE_REF,
        Field("person", Kind.REF, N_("Person"), Privacy.OPERATIONAL, target="person"),
        Field(
            "item", Kind.CODE, N_("Item"), Privacy.OPERATIONAL, codes="given_item", required=True
        ),
        Field(
            "quantity", Kind.INTEGER, N_("Quantity"), Privacy.OPERATIONAL, lowest=1, highest=100_000
        ),
        Field("given_on", Kind.DATE, N_("On"), Privacy.OPERATIONAL),
        Field("note", Kind.TEXT, N_("Note"), Privacy.OPERATIONAL, limit=200),
    ),
)

ACCOUNT = RecordType(
    "account",
    N_("Account of trafficking"),
    N_("Accounts of trafficking"),
    (
        CASE_REF,
        PERSON_REF,
        Field(
            "state",
            Kind.CODE,
            N_("Account"),
            Privacy.OPERATIONAL,
            codes="account_state",
            required=True,
            help=N_("It can wait. Nobody is asked twice."),
        ),
        Field(
            "exploitation",
            Kind.CODES,
            N_("Form of exploitation"),
            codes="exploitation",
            source="L53 Art. 2(1); HTCDS vic_TypeOfExploitation",
        ),
        Field("acts", Kind.CODES, N_("What was done"), codes="act", source="L53 Art. 2(1)"),
        Field(
            "means",
            Kind.CODES,
            N_("By which means"),
            codes="means",
            help=N_("Under 18 the means do not matter."),
            source="L53 Art. 2(1)",
        ),
        Field("countries", Kind.CODES, N_("Countries"), codes="country"),
        Field("began", Kind.PARTIAL_DATE, N_("Began")),
        Field("ended", Kind.PARTIAL_DATE, N_("Ended")),
        Field("story", Kind.LONG_TEXT, N_("In the person's words")),
    ),
)

STAY = RecordType(
    "stay",
    N_("Stay in a facility"),
    N_("Stays in facilities"),
    (
        CASE_REF,
        PERSON_REF,
        Field("kind", Kind.CODE, N_("Kind of facility"), codes="stay_kind", required=True),
        Field("facility", Kind.TEXT, N_("Facility"), limit=200),
        Field("room", Kind.REF, N_("Room"), Privacy.OPERATIONAL, target="room"),
        Field("bed", Kind.TEXT, N_("Bed"), Privacy.OPERATIONAL, limit=20),
        Field(
            "room_reason",
            Kind.LONG_TEXT,
            N_("Why this room, although it is not meant for this person"),
            limit=1_000,
        ),
        Field("since", Kind.DATE, N_("From"), required=True),
        Field("until", Kind.DATE, N_("Until"), ahead=True),
        Field("extended_until", Kind.DATE, N_("Extended until"), source="D162 Art. 17", ahead=True),
        Field(
            "decision_no",
            Kind.TEXT,
            N_("Number of the extension decision"),
            Privacy.OPERATIONAL,
            limit=60,
        ),
    ),
)

JOURNEY_HOME = RecordType(
    "journey_home",
    N_("Journey home"),
    N_("Journeys home"),
    (
        CASE_REF,
        PERSON_REF,
        Field("how", Kind.CODE, N_("How"), Privacy.OPERATIONAL, codes="way_home"),
        Field("leaves_on", Kind.DATE, N_("Leaves on"), ahead=True),
        Field("to_unit", Kind.UNIT, N_("To which commune or province")),
        Field("destination", Kind.TEXT, N_("Place of arrival"), Privacy.IDENTIFYING, limit=200),
        Field(
            "days",
            Kind.INTEGER,
            N_("Days on the road"),
            lowest=0,
            highest=60,
            source="L53 Art. 37(1)(e)",
        ),
        Field("fare", Kind.MONEY, N_("Fare"), Privacy.OPERATIONAL, lowest=0),
        Field(
            "road_meals",
            Kind.MONEY,
            N_("Money for meals on the road"),
            Privacy.OPERATIONAL,
            lowest=0,
        ),
        Field(
            "collected_by",
            Kind.TEXT,
            N_("Collected or escorted by"),
            Privacy.IDENTIFYING,
            limit=200,
        ),
        Field(
            "transport",
            Kind.TEXT,
            N_("Vehicle"),
            Privacy.OPERATIONAL,
            help=N_("Coach, train, car of the office with its number plate."),
            limit=200,
        ),
        Field("receiver", Kind.TEXT, N_("Who receives the person"), Privacy.IDENTIFYING, limit=200),
        Field("arrived_on", Kind.DATE, N_("Arrived on")),
        Field(
            "arrived_told",
            Kind.TEXT,
            N_("Who confirmed the arrival, and how"),
            Privacy.IDENTIFYING,
            help=N_("For a child: the signature of who received the child, or a call to them."),
            limit=200,
        ),
    ),
)

ENTITLEMENT = RecordType(
    "entitlement",
    N_("Requested support"),
    N_("Requested support"),
    (
        CASE_REF,
        PERSON_REF,
        Field(
            "regime",
            Kind.TEXT,
            N_("Support regime"),
            required=True,
            limit=20,
            help=N_("Law and letter, such as L53/a."),
        ),
        Field("requested_on", Kind.DATE, N_("Requested on"), Privacy.OPERATIONAL, required=True),
        Field("outcome", Kind.TEXT, N_("What the rules say"), limit=40),
        Field("amount", Kind.MONEY, N_("Amount"), lowest=0),
        Field("reason", Kind.LONG_TEXT, N_("Reason")),
        Field("pack", Kind.TEXT, N_("Rule pack"), Privacy.OPERATIONAL, limit=80),
    ),
    whole=True,
)

ENTITLEMENT_DECISION = RecordType(
    "entitlement_decision",
    N_("Decision of the province"),
    N_("Decisions of the province"),
    (
        CASE_REF,
        Field(
            "entitlement",
            Kind.REF,
            N_("Requested support"),
            Privacy.OPERATIONAL,
            target="entitlement",
            required=True,
        ),
        Field("decision", Kind.CODE, N_("Decision"), codes="decision", required=True),
        Field("decided_on", Kind.DATE, N_("On"), Privacy.OPERATIONAL, required=True),
        Field("amount", Kind.MONEY, N_("Approved amount"), lowest=0),
        Field("reason", Kind.LONG_TEXT, N_("Reason")),
        Field("decided_by", Kind.TEXT, N_("Decided by"), Privacy.OPERATIONAL, limit=120),
        Field("pack", Kind.TEXT, N_("Rule pack"), Privacy.OPERATIONAL, limit=80),
    ),
    whole=True,
    writers=frozenset({"province"}),
)
