"""People received together: one reception, several cases.

Each case holds a record of its own that says to which group it belongs. What ties the cases is a
random code; whom a relation is said of is named by the id of *her* record. A case that moves to
another commune thus takes along the code and the relation, and nothing of anybody else.
"""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

GROUP_MEMBER = RecordType(
    "group_member",
    N_("Received together"),
    N_("Received together"),
    (
        CASE_REF,
        Field(
            "code",
            Kind.TEXT,
            N_("Code of the group"),
            Privacy.OPERATIONAL,
            help=N_("The same in each case of the group; typed into the search it finds them."),
            required=True,
            search=Search.TEXT,
            limit=40,
        ),
        Field(
            "toward",
            Kind.REF,
            N_("Of whom"),
            Privacy.OPERATIONAL,
            target="group_member",
        ),
        Field(
            "relation",
            Kind.CODE,
            N_("Relation"),
            codes="group_relation",
            help=N_("What this person is to the other: child of, sister of, travels with."),
        ),
        Field(
            "accompanies",
            Kind.ANSWER,
            N_("Under 18, comes along with this person"),
            codes="answer",
            help=N_(
                "The law gives support to a person under 18 who accompanies a victim, whether or "
                "not she or he is one too."
            ),
            source="L53 Art. 37(2)",
        ),
    ),
)
