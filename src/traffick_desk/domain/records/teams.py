"""Records of volunteer social-work teams: they belong to the unit that has the team."""

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
