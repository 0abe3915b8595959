"""The sections of a case: what each shows, as data."""

from __future__ import annotations

from traffick_desk.desk.pages import case_plans_care as care
from traffick_desk.desk.pages.case_plans_tip import JOINED
from traffick_desk.desk.pages.plans import (
    ADDRESSES,
    GIVEN,
    MINORS,
    NAMES,
    PAPERS,
    FormPlan,
    ListPlan,
    SectionPlan,
)
from traffick_desk.i18n import N_

_MAIN = {"role": "main"}

CASE_PLANS: tuple[SectionPlan, ...] = (
    SectionPlan(
        "identity",
        N_("Identity"),
        (
            FormPlan(
                "person",
                (
                    "name",
                    "sex",
                    "birth",
                    "citizenship",
                    "permanent_resident",
                    "ethnicity",
                    "languages",
                    "interpreter",
                    "literacy",
                    "education",
                    "phone",
                    "poor_household",
                    "insured",
                    "note",
                ),
                required=("name",),
                fixed=_MAIN,
            ),
            NAMES,
        ),
    ),
    SectionPlan("papers", N_("Papers and addresses"), (PAPERS, ADDRESSES)),
    SectionPlan("minors", N_("Accompanying persons under 18"), (MINORS,)),
    SectionPlan("together", N_("Received together"), ()),
    SectionPlan(
        "reception",
        N_("Reception"),
        (
            FormPlan(
                "reception",
                (
                    "at",
                    "place",
                    "from_body",
                    "from_officer",
                    "paper_no",
                    "from_country",
                    "condition",
                    "urgent",
                    "support_from",
                    "note",
                ),
                required=("at",),
            ),
            GIVEN,
        ),
    ),
    JOINED,
    SectionPlan(
        "account",
        N_("The account"),
        (
            FormPlan(
                "account",
                ("state", "exploitation", "acts", "means", "countries", "began", "ended", "story"),
                required=("state",),
            ),
        ),
    ),
    care.SCREENING,
    SectionPlan(
        "consent",
        N_("Consent to sharing"),
        (
            ListPlan(
                "consent",
                ("given", "asked_on", "giver", "scope", "withdrawn_on", "note"),
                "",
                N_("Add an answer"),
                N_("Not asked yet. Until there is a yes, nothing is shared."),
                line=("given", "asked_on", "giver", "scope", "withdrawn_on"),
            ),
        ),
    ),
    SectionPlan(
        "status",
        N_("Legal status"),
        (
            ListPlan(
                "status",
                (
                    "status",
                    "since",
                    "trafficked_in",
                    "body",
                    "old_province",
                    "paper_no",
                    "paper_on",
                    "note",
                ),
                N_("Status, from when"),
                N_("Add a status"),
                N_("Not written yet. Without it the law cannot be applied."),
                line=("status", "since", "trafficked_in", "body", "paper_no"),
            ),
            ListPlan(
                "whereabouts",
                ("place", "since", "country"),
                N_("In the country or abroad"),
                N_("Add where the person is"),
                N_("After a reception here the person counts as being in the country."),
                line=("place", "since", "country"),
            ),
        ),
    ),
    care.EVIDENCE,
    care.PROTECTION,
    care.NEEDS,
    SectionPlan("support", N_("Support and decisions"), ()),
    care.MONEY,
    care.REFERRALS,
    SectionPlan(
        "stays",
        N_("Stays and journey home"),
        (
            ListPlan(
                "stay",
                ("kind", "facility", "since", "until", "extended_until", "decision_no"),
                N_("Stays in facilities"),
                N_("Add a stay"),
                N_("None written yet."),
                line=("kind", "facility", "since", "until", "extended_until"),
            ),
            ListPlan(
                "journey_home",
                (
                    "how",
                    "leaves_on",
                    "to_unit",
                    "destination",
                    "days",
                    "fare",
                    "road_meals",
                    "collected_by",
                    "transport",
                    "receiver",
                    "arrived_on",
                    "arrived_told",
                ),
                N_("Journey home"),
                N_("Add a journey"),
                N_("None written yet. A child goes with relatives or with an escort, never alone."),
                line=("leaves_on", "how", "collected_by", "arrived_on"),
            ),
        ),
    ),
    care.FOLLOW_UP,
    care.TASKS,
    SectionPlan(
        "steps",
        N_("Steps and periods"),
        (
            ListPlan(
                "step",
                ("kind", "at", "body", "channel", "paper_no", "note"),
                N_("Steps done"),
                N_("Write down a step"),
                N_("None written yet."),
                line=("at", "kind", "channel", "body", "paper_no"),
            ),
        ),
    ),
    SectionPlan("printed", N_("Papers of the case"), ()),
    SectionPlan("documents", N_("Documents"), ()),
    SectionPlan(
        "notes",
        N_("Notes"),
        (
            ListPlan(
                "note",
                ("at", "text"),
                "",
                N_("Add a note"),
                N_("No notes yet."),
                line=("at", "text"),
            ),
        ),
    ),
    SectionPlan(
        "frame",
        N_("Stage and closing"),
        (
            FormPlan(
                "case",
                ("opened_on", "unit", "return_form", "group_name", "officer"),
                N_("Frame of the case"),
                required=("opened_on", "unit"),
            ),
        ),
    ),
    SectionPlan("history", N_("History"), ()),
)
# Records that concern one person: with more than one in the case, the form asks whom.
OF_A_PERSON = frozenset(
    {
        "person_name",
        "identity_paper",
        "address",
        "status",
        "whereabouts",
        "consent",
        "account",
        "stay",
        "journey_home",
        "step",
        "given_item",
        "screening",
        "evidence",
        "inquiry",
        "risk",
        "protection",
        "contact",
        "need",
        "plan_item",
        "payment",
        "referral",
        "visit",
        "enrolment",
        "task",
    }
)
