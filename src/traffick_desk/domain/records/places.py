"""Records of facilities: rooms, what is taken by hand, equipment and staff, who waits."""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF, PERSON_REF
from traffick_desk.domain.records.directory import UNIT
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL
_FACILITY = Field("facility", Kind.REF, N_("Facility"), _OPEN, target="facility", required=True)
_ROOM = Field("room", Kind.REF, N_("Room"), _OPEN, target="room", required=True)
_NOTE = Field("note", Kind.LONG_TEXT, N_("Note"), _OPEN, limit=2_000)
_STATUS = Field("status", Kind.CODE, N_("State"), _OPEN, codes="service_status", required=True)
_REASON = Field("status_reason", Kind.TEXT, N_("Why it is closed"), _OPEN, limit=300)

FACILITY = RecordType(
    "facility",
    N_("Facility"),
    N_("Facilities"),
    (
        UNIT,
        Field(
            "name",
            Kind.TEXT,
            N_("Name of the facility"),
            _OPEN,
            required=True,
            search=Search.TEXT,
            limit=200,
        ),
        Field("kind", Kind.CODE, N_("Kind of facility"), _OPEN, codes="stay_kind", required=True),
        Field("phone", Kind.TEXT, N_("Telephone"), _OPEN, limit=40),
        Field("contact", Kind.TEXT, N_("Whom to ask for"), _OPEN, limit=200),
        Field("place_unit", Kind.UNIT, N_("Commune, province of the place"), _OPEN),
        Field("address", Kind.TEXT, N_("Address"), _OPEN, limit=300),
        Field("position", Kind.TEXT, N_("Coordinates"), _OPEN, limit=40),
        Field("licence_no", Kind.TEXT, N_("Number of the licence or decision"), _OPEN, limit=60),
        _STATUS,
        _REASON,
        _NOTE,
    ),
    in_case=False,
    of_unit=True,
)

ROOM = RecordType(
    "room",
    N_("Room"),
    N_("Rooms"),
    (
        UNIT,
        _FACILITY,
        Field("name", Kind.TEXT, N_("Name of the room"), _OPEN, required=True, limit=120),
        Field(
            "purpose", Kind.CODE, N_("What it is for"), _OPEN, codes="room_purpose", required=True
        ),
        Field("beds", Kind.INTEGER, N_("Beds"), _OPEN, required=True, lowest=0, highest=500),
        Field("for_sex", Kind.CODE, N_("For whom"), _OPEN, codes="service_sex"),
        Field("age_from", Kind.INTEGER, N_("From the age of"), _OPEN, lowest=0, highest=120),
        Field("age_to", Kind.INTEGER, N_("To the age of"), _OPEN, lowest=0, highest=120),
        Field("with_child", Kind.ANSWER, N_("Takes a parent with a child"), _OPEN, codes="answer"),
        _STATUS,
        _REASON,
        _NOTE,
    ),
    in_case=False,
    of_unit=True,
)

PLACE_HOLD = RecordType(
    "place_hold",
    N_("Beds taken, by hand"),
    N_("Beds taken, by hand"),
    (
        UNIT,
        _ROOM,
        Field("why", Kind.CODE, N_("Why"), _OPEN, codes="hold_reason", required=True),
        Field("beds", Kind.INTEGER, N_("Beds"), _OPEN, required=True, lowest=1, highest=500),
        Field("since", Kind.DATE, N_("From"), _OPEN, required=True, ahead=True),
        Field("until", Kind.DATE, N_("Until"), _OPEN, ahead=True),
        _NOTE,
    ),
    in_case=False,
    of_unit=True,
)

# A number that somebody told: by telephone, or the province's desk for its communes, which do not
# see each other's stays.
PLACE_COUNT = RecordType(
    "place_count",
    N_("Free beds as told"),
    N_("Free beds as told"),
    (
        UNIT,
        _ROOM,
        Field("at", Kind.MOMENT, N_("When"), _OPEN, required=True),
        Field("free", Kind.INTEGER, N_("Free beds"), _OPEN, required=True, lowest=0, highest=500),
        Field("by", Kind.TEXT, N_("Told by"), _OPEN, limit=120),
    ),
    in_case=False,
    of_unit=True,
)

STANDARD_ITEM = RecordType(
    "standard_item",
    N_("Line of the standard"),
    N_("Standard of equipment and staff"),
    (
        UNIT,
        Field("kind", Kind.CODE, N_("Kind"), _OPEN, codes="standard_kind", required=True),
        Field("what", Kind.TEXT, N_("What"), _OPEN, required=True, limit=200),
        Field("quantity", Kind.INTEGER, N_("How many are needed"), _OPEN, required=True, lowest=0,
              highest=100_000),
        Field("per", Kind.CODE, N_("Counted"), _OPEN, codes="standard_per", required=True),
        Field(
            "set_by",
            Kind.TEXT,
            N_("Which document sets it"),
            _OPEN,
            help=N_("The program brings no standard of its own: the province enters its own."),
            limit=200,
        ),
    ),
    in_case=False,
    of_unit=True,
    writers=frozenset({"province"}),
)  # fmt: skip

FACILITY_ITEM = RecordType(
    "facility_item",
    N_("What a facility has"),
    N_("What facilities have"),
    (
        UNIT,
        _FACILITY,
        Field("standard", Kind.REF, N_("Line of the standard"), _OPEN, target="standard_item",
              required=True),
        Field("quantity", Kind.INTEGER, N_("How many are there"), _OPEN, required=True, lowest=0,
              highest=100_000),
        Field("counted_on", Kind.DATE, N_("Counted on"), _OPEN, required=True),
        _NOTE,
    ),
    in_case=False,
    of_unit=True,
)  # fmt: skip

PLACE_WAIT = RecordType(
    "place_wait",
    N_("Waits for a place"),
    N_("Waits for places"),
    (
        CASE_REF,
        PERSON_REF,
        Field(
            "facility",
            Kind.REF,
            N_("Facility"),
            _OPEN,
            target="facility",
            help=N_("Left empty when any facility would do."),
        ),
        Field("urgency", Kind.CODE, N_("By when"), _OPEN, codes="wait_urgency", required=True),
        Field("since", Kind.DATE, N_("Waits since"), _OPEN, required=True),
        Field("outcome", Kind.CODE, N_("How far it is"), _OPEN, codes="wait_outcome",
              required=True),
        Field("ended_on", Kind.DATE, N_("Ended on"), _OPEN),
        Field("note", Kind.LONG_TEXT, N_("Note")),
    ),
)  # fmt: skip
