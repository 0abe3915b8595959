"""Sections of a tip, as data."""

from __future__ import annotations

from traffick_desk.desk.pages.plans import FormPlan, SectionPlan
from traffick_desk.i18n import N_

TOLD = ("about", "persons", "place", "place_unit", "channel", "at")
TELLER = ("anonymous", "teller", "teller_phone", "tell_back")
PASSED_ON = (
    "forwarded_to",
    "forwarded_who",
    "forwarded_at",
    "forwarded_by",
    "paper_no",
    "answer_by",
    "answered_on",
    "answer",
    "told_on",
)
# What a case shows of the tips that belong to it; who told stays with the tip.
SHOWN_IN_CASE = ("at", "channel", "urgency", *TOLD[:4], "forwarded_to", "forwarded_at", "answer")
NEEDED = ("about", "channel", "at")

NEW_TIP = SectionPlan(
    "tip_new",
    N_("New tip"),
    (
        FormPlan("tip", ("urgency",), required=("urgency",)),
        FormPlan("tip", TOLD, N_("What was told"), required=NEEDED),
        FormPlan("tip", TELLER, N_("Who told it")),
    ),
)
TIP = SectionPlan(
    "tip",
    N_("Tip"),
    (
        FormPlan(
            "tip",
            ("urgency", *TOLD, *TELLER),
            N_("What was told"),
            required=("urgency", *NEEDED),
            name="tip_told",
        ),
        FormPlan("tip", PASSED_ON, N_("Passed on, and the answer"), required=(), name="tip_passed"),
    ),
)
JOINED = SectionPlan("tip", N_("Tips"), ())
# The sections of a case that is a tip, in their order.
TIP_SECTIONS = ("tip", "tasks", "documents", "notes", "history")
