"""Records of who does the work: volunteer teams, staff, and what they were trained in."""

from __future__ import annotations

from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL
UNIT = Field("unit", Kind.UNIT, N_("Commune or province"), Privacy.PUBLIC, required=True)

VOLUNTEER_TEAM = RecordType(
    "volunteer_team",
    N_("Volunteer social-work team"),
    N_("Volunteer social-work teams"),
    (
        UNIT,
        Field("name", Kind.TEXT, N_("Name of the team"), _OPEN, required=True,
              search=Search.TEXT, limit=200),
        Field("founded_on", Kind.PARTIAL_DATE, N_("Founded"), _OPEN),
        Field("decision_no", Kind.TEXT, N_("Number of the decision"), _OPEN, limit=60),
        Field("ended_on", Kind.PARTIAL_DATE, N_("Ended"), _OPEN),
        Field("note", Kind.LONG_TEXT, N_("Note"), _OPEN),
    ),
    in_case=False,
    of_unit=True,
)  # fmt: skip

STAFF = RecordType(
    "staff",
    N_("Member of staff or volunteer"),
    N_("Staff and volunteers"),
    (
        UNIT,
        Field("name", Kind.TEXT, N_("Full name"), Privacy.IDENTIFYING, required=True,
              search=Search.NAME, limit=200),
        Field("sex", Kind.CODE, N_("Sex"), codes="sex"),
        Field("role", Kind.CODE, N_("What she or he is"), _OPEN, codes="staff_role"),
        Field("post", Kind.TEXT, N_("Post"), _OPEN, limit=120),
        Field("body", Kind.TEXT, N_("Office or hamlet"), _OPEN, limit=200),
        Field("team", Kind.REF, N_("Team"), _OPEN, target="volunteer_team"),
        Field("phone", Kind.TEXT, N_("Telephone"), Privacy.IDENTIFYING, limit=40),
        Field("since", Kind.PARTIAL_DATE, N_("In this post since"), _OPEN),
        Field("left_on", Kind.PARTIAL_DATE, N_("Left on"), _OPEN),
        Field("note", Kind.LONG_TEXT, N_("Note"), _OPEN),
    ),
    in_case=False,
    of_unit=True,
)  # fmt: skip

ATTENDANCE = RecordType(
    "attendance",
    N_("Attendance"),
    N_("Attendance list"),
    (
        UNIT,
        Field("activity", Kind.REF, N_("Activity"), _OPEN, target="activity", required=True),
        Field("staff", Kind.REF, N_("Who"), _OPEN, target="staff", required=True),
        Field("note", Kind.TEXT, N_("Note"), _OPEN, limit=200),
    ),
    in_case=False,
    of_unit=True,
)

TRAINING_RULE = RecordType(
    "training_rule",
    N_("Who must be trained again"),
    N_("Who must be trained again"),
    (
        UNIT,
        Field("topic", Kind.CODE, N_("Topic"), _OPEN, codes="activity_topic", required=True),
        Field("months", Kind.INTEGER, N_("Again after months"), _OPEN, required=True,
              lowest=1, highest=120),
        Field("roles", Kind.CODES, N_("Who"), _OPEN, codes="staff_role",
              help=N_("Nobody chosen means everybody.")),
        Field("note", Kind.LONG_TEXT, N_("Note"), _OPEN),
    ),
    in_case=False,
    of_unit=True,
    whole=True,
    writers=frozenset({"province"}),
)  # fmt: skip
