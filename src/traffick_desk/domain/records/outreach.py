"""Records of prevention: what was done or is planned, and what was made and handed out."""

from __future__ import annotations

from traffick_desk.domain.records.document import CONTENT_FIELDS
from traffick_desk.domain.records.teams import UNIT
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL
_LEAST = N_("“More than 860” is understood: it is kept as at least 860.")
_COST = (
    Field("planned_cost", Kind.MONEY, N_("Planned cost"), _OPEN, lowest=0),
    Field("cost", Kind.MONEY, N_("Cost"), _OPEN, lowest=0),
    Field("fund", Kind.CODE, N_("Source of the money"), _OPEN, codes="fund"),
)


def _count(name: str, label: str, help_text: str = "") -> Field:
    return Field(
        name, Kind.INTEGER, label, _OPEN, help=help_text or _LEAST, lowest=0, highest=999_999_999
    )


ACTIVITY = RecordType(
    "activity",
    N_("Prevention activity"),
    N_("Prevention activities"),
    (
        UNIT,
        Field("kind", Kind.CODE, N_("Kind"), _OPEN, codes="activity_kind", required=True),
        Field("title", Kind.TEXT, N_("What it is about"), _OPEN, required=True,
              search=Search.TEXT, limit=300),
        Field("line", Kind.CODE, N_("Communication or training"), _OPEN, codes="activity_line"),
        Field("since", Kind.PARTIAL_DATE, N_("Day, month or year"), _OPEN, required=True,
              ahead=True, help=N_("The first day; of a figure from a report, the year is enough.")),
        Field("until", Kind.PARTIAL_DATE, N_("Until"), _OPEN, ahead=True),
        Field("state", Kind.CODE, N_("State"), _OPEN, codes="activity_state", required=True),
        Field("not_done_reason", Kind.TEXT, N_("Why it was not done"), _OPEN, limit=300),
        Field("campaign", Kind.CODE, N_("Campaign"), _OPEN, codes="campaign"),
        Field("task", Kind.REF, N_("Task of the plan"), _OPEN, target="plan_task"),
        _count("times", N_("How many times"),
               N_("Six conferences entered together: 6. Empty means once.")),
        Field("place_unit", Kind.UNIT, N_("Commune where it was"), _OPEN),
        Field("place", Kind.TEXT, N_("Place"), _OPEN, search=Search.TEXT, limit=200),
        Field("organiser", Kind.TEXT, N_("Organiser"), _OPEN, search=Search.TEXT, limit=200),
        Field("partners", Kind.TEXT, N_("Together with"), _OPEN, search=Search.TEXT, limit=300),
        Field("topics", Kind.CODES, N_("Topics"), _OPEN, codes="activity_topic"),
        Field("levels", Kind.CODES, N_("Level of government"), _OPEN, codes="audience_level"),
        Field("risk_groups", Kind.CODES, N_("Meant for"), _OPEN, codes="risk_group"),
        Field("ages", Kind.CODES, N_("Age"), _OPEN, codes="audience_age"),
        Field("languages", Kind.CODES, N_("Languages"), _OPEN, codes="language"),
        Field("literacy", Kind.CODE, N_("Reading"), _OPEN, codes="audience_reading"),
        _count("planned_persons", N_("Persons planned")),
        _count("persons", N_("Number of persons"),
               N_("Each person counts once. “Hơn 860” is understood.")),
        _count("attendances", N_("Attendances"),
               N_("Who comes to three classes counts three times. “Hơn 1.000” is understood.")),
        _count("women", N_("Women among them")),
        _count("men", N_("Men among them")),
        _count("represented", N_("Bodies represented"),
               N_("Provinces, communes, teams or bodies that sent somebody.")),
        Field("at_least", Kind.CODES, N_("At least"), _OPEN, codes="activity_count",
              help=N_("Which of these numbers may be more than stated.")),
        *_COST,
        Field("result", Kind.LONG_TEXT, N_("Result"), _OPEN),
        Field("part_of", Kind.REF, N_("Already counted in"), _OPEN, target="activity",
              help=N_("A report of several years that holds this one too: so nothing is counted "
                      "twice.")),
        Field("note", Kind.LONG_TEXT, N_("Note"), _OPEN),
    ),
    in_case=False,
    of_unit=True,
)  # fmt: skip

MATERIAL = RecordType(
    "material",
    N_("Communication material"),
    N_("Communication materials"),
    (
        UNIT,
        Field("kind", Kind.CODE, N_("Kind"), _OPEN, codes="material_kind", required=True),
        Field("title", Kind.TEXT, N_("Title of the material"), _OPEN, required=True,
              search=Search.TEXT, limit=300),
        Field("since", Kind.PARTIAL_DATE, N_("Day, month or year"), _OPEN, required=True,
              ahead=True),
        Field("until", Kind.PARTIAL_DATE, N_("Until"), _OPEN, ahead=True),
        Field("state", Kind.CODE, N_("State"), _OPEN, codes="activity_state", required=True),
        Field("campaign", Kind.CODE, N_("Campaign"), _OPEN, codes="campaign"),
        Field("activity", Kind.REF, N_("For the activity"), _OPEN, target="activity"),
        Field("task", Kind.REF, N_("Task of the plan"), _OPEN, target="plan_task"),
        Field("languages", Kind.CODES, N_("Languages"), _OPEN, codes="language"),
        _count("planned_number", N_("Number planned")),
        _count("made", N_("Made")),
        _count("received", N_("Received")),
        Field("received_from", Kind.TEXT, N_("Received from"), _OPEN, limit=200),
        _count("handed_out", N_("Handed out"),
               N_("Of panels: put up. “Hơn 2.800” is understood.")),
        Field("handed_to", Kind.TEXT, N_("Handed to"), _OPEN, search=Search.TEXT, limit=300),
        Field("at_least", Kind.CODES, N_("At least"), _OPEN, codes="material_count",
              help=N_("Which of these numbers may be more than stated.")),
        *_COST,
        Field("part_of", Kind.REF, N_("Already counted in"), _OPEN, target="material",
              help=N_("A report of several years that holds this one too: so nothing is counted "
                      "twice.")),
        Field("note", Kind.LONG_TEXT, N_("Note"), _OPEN),
    ),
    in_case=False,
    of_unit=True,
)  # fmt: skip

ACTIVITY_FILE = RecordType(
    "activity_file",
    N_("Photo or scan of an activity"),
    N_("Photos and scans of activities"),
    (
        UNIT,
        Field("activity", Kind.REF, N_("Activity"), _OPEN, target="activity", required=True),
        Field("kind", Kind.CODE, N_("What it is"), _OPEN, codes="activity_file_kind",
              required=True),
        Field("faces", Kind.CODE, N_("Who can be recognised"), _OPEN, codes="photo_faces",
              help=N_("No victim, and nobody who may be one, may be seen in a photo of an "
                      "activity. Who can be recognised must have agreed to it; for a child the "
                      "father, mother or guardian.")),
        Field("title", Kind.TEXT, N_("What is seen"), _OPEN, limit=200),
        Field("dated", Kind.DATE, N_("Taken on"), _OPEN),
        Field("note", Kind.LONG_TEXT, N_("Note"), _OPEN),
        *CONTENT_FIELDS,
    ),
    in_case=False,
    of_unit=True,
)  # fmt: skip
