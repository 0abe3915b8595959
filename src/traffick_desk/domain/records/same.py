"""Two cases said to be of one person.

Each of the two holds a record of its own with the same ``tie``, and neither names the other:
a commune that may see only one of them learns that there is another, and nothing about it.
"""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL

SAME_PERSON = RecordType(
    "same_person",
    N_("Other case of the same person"),
    N_("Other cases of the same person"),
    (
        CASE_REF,
        Field(
            "tie",
            Kind.TEXT,
            N_("Tie"),
            _OPEN,
            help=N_("The same in both cases; it tells nothing else."),
            required=True,
            limit=64,
        ),
        Field("grounds", Kind.CODES, N_("By what"), _OPEN, codes="same_ground"),
        Field("said_on", Kind.DATE, N_("Said on"), _OPEN, required=True),
        Field("said_by", Kind.TEXT, N_("Said by"), _OPEN, limit=120),
        Field("note", Kind.LONG_TEXT, N_("Note")),
    ),
    whole=True,
)
