"""Sections of what follows a reception, as data: from screening to follow-up."""

from __future__ import annotations

from traffick_desk.desk.pages.plans import ListPlan, SectionPlan
from traffick_desk.domain.records.care import SCORED
from traffick_desk.domain.records.screening import ACTS, MEANS, PURPOSES, SIGNS
from traffick_desk.i18n import N_

SCREENING = SectionPlan(
    "screening",
    N_("Screening"),
    (
        ListPlan(
            "screening",
            (
                "at",
                "place",
                "alone",
                "interpreter",
                *ACTS,
                *MEANS,
                *PURPOSES,
                *SIGNS,
                "note",
            ),
            "",
            N_("Begin a screening"),
            N_("Not screened yet. It can wait until the person has rested and feels safe."),
            line=("at", "place"),
            groups={
                ACTS[0]: N_("The act"),
                MEANS[0]: N_("The means"),
                PURPOSES[0]: N_("The purpose"),
                SIGNS[0]: N_("Other signs"),
            },
        ),
    ),
)

EVIDENCE = SectionPlan(
    "evidence",
    N_("Verification and evidence"),
    (
        ListPlan(
            "inquiry",
            (
                "to_body",
                "sent_on",
                "channel",
                "paper_no",
                "answer",
                "answered_on",
                "answer_no",
                "note",
            ),
            N_("Requests for verification"),
            N_("Add a request"),
            N_("None sent yet. Support of a person being identified does not wait for an answer."),
            line=("sent_on", "to_body", "answer", "answered_on"),
        ),
        ListPlan(
            "evidence",
            ("source", "what", "body", "paper_no", "dated", "note"),
            N_("Evidence"),
            N_("Add evidence"),
            N_("Nothing yet. Article 32 names nine sources."),
            line=("source", "what", "paper_no"),
        ),
    ),
)

PROTECTION = SectionPlan(
    "protection",
    N_("Protection"),
    (
        ListPlan(
            "risk",
            ("assessed_on", "level", "kinds", "by", "note"),
            N_("Danger"),
            N_("Assess the danger"),
            N_("Not assessed yet. Ask again after each change: a call, a visit, a trial."),
            line=("assessed_on", "level", "kinds"),
        ),
        ListPlan(
            "protection",
            (
                "measure",
                "decided_by",
                "paper_no",
                "since",
                "until",
                "refused",
                "undertaking",
                "note",
            ),
            N_("Measures"),
            N_("Add a measure"),
            N_("None yet."),
            line=("measure", "since", "until", "refused"),
        ),
        ListPlan(
            "contact",
            ("name", "relation", "phone", "may_call", "note"),
            N_("Who may be called, and who must not"),
            N_("Add a contact"),
            N_("Nobody yet. Nobody is called before the person has said yes."),
            line=("name", "relation", "may_call"),
        ),
    ),
)

NEEDS = SectionPlan(
    "needs",
    N_("Needs and plan"),
    (
        ListPlan(
            "need",
            ("domain", "score", "assessed_on", "wish", "by"),
            N_("Needs"),
            N_("Assess a need"),
            N_("Not assessed yet. Begin with what worries the person most."),
            line=("domain", "score", "assessed_on"),
        ),
        ListPlan(
            "plan_item",
            ("domain", "what", "regime", "who", "until", "state", "done_on", "result"),
            N_("Support plan"),
            N_("Plan support"),
            N_("Nothing planned yet. Plan with the person, not for her or him."),
            line=("domain", "what", "until", "state"),
        ),
    ),
)

MONEY = SectionPlan(
    "money",
    N_("Payments"),
    (
        ListPlan(
            "payment",
            (
                "entitlement",
                "regime",
                "amount",
                "paid_on",
                "fund",
                "receipt_no",
                "received_by",
                "note",
            ),
            N_("Payments"),
            N_("Write down a payment"),
            N_("Nothing paid yet. A payment needs a receipt signed by who received it."),
            line=("paid_on", "regime", "amount", "fund"),
        ),
    ),
)

REFERRALS = SectionPlan(
    "referrals",
    N_("Referrals"),
    (
        ListPlan(
            "referral",
            (
                "service",
                "to_body",
                "to_unit",
                "shared",
                "urgent_reason",
                "sent_on",
                "channel",
                "answer_by",
                "answer",
                "answered_on",
                "result",
            ),
            "",
            N_("Refer the person"),
            N_("Not referred yet. A referral stays open until it is answered."),
            line=("sent_on", "service", "to_body", "answer"),
        ),
    ),
)

FOLLOW_UP = SectionPlan(
    "follow_up",
    N_("Follow-up"),
    (
        ListPlan(
            "visit",
            ("at", "kind", *SCORED, "risk", "job", "loan", "note", "next_on"),
            N_("Visits"),
            N_("Write down a visit"),
            N_("Not visited yet. The first visit is best in the first month at home."),
            line=("at", "kind", "risk", "next_on"),
            groups={
                SCORED[0]: N_("How it stands, from 1 (in danger) to 5 (stable)"),
                "risk": N_("How it goes on"),
            },
        ),
        ListPlan(
            "enrolment",
            ("programme", "detail", "since", "until", "result"),
            N_("Other programmes"),
            N_("Enrol in a programme"),
            N_("None yet. What other programmes give comes on top."),
            line=("programme", "detail", "since", "result"),
        ),
    ),
)

TASKS = SectionPlan(
    "tasks",
    N_("Tasks"),
    (
        ListPlan(
            "task",
            ("what", "due", "who", "done_on", "note"),
            "",
            N_("Add a task"),
            N_("None. Deadlines of the law come by themselves; this is for everything else."),
            line=("due", "what", "who", "done_on"),
        ),
    ),
)
