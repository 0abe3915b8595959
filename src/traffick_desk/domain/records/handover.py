"""A case that went to another officer, and who confirmed it."""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL

HANDOVER = RecordType(
    "handover",
    N_("Hand-over to another officer"),
    N_("Hand-overs to another officer"),
    (
        CASE_REF,
        Field("at", Kind.MOMENT, N_("When"), _OPEN, required=True),
        Field("giver", Kind.TEXT, N_("From"), _OPEN, limit=120),
        Field("giver_id", Kind.TEXT, N_("Number of the officer who gave"), _OPEN, limit=64),
        Field("taker", Kind.TEXT, N_("To"), _OPEN, required=True, limit=120),
        Field("taker_id", Kind.TEXT, N_("Number of the officer who took"), _OPEN, limit=64),
        Field(
            "confirmed",
            Kind.CODE,
            N_("Confirmed by"),
            _OPEN,
            codes="handover_confirmed",
            required=True,
        ),
        Field("in_place", Kind.TEXT, N_("Confirmed in place of who gave"), _OPEN, limit=120),
    ),
    whole=True,
)
