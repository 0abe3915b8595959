"""Small code lists of the directory of services, and of facilities and their places."""

from __future__ import annotations

from traffick_desk.i18n import N_

# Codes that a referral's list ``service`` has too mean the same here, so that the nearest
# service for a referral is found by its own code.
DIRECTORY_LISTS: dict[str, dict[str, str]] = {
    "directory_service": {
        "medical": N_("Medical care"),
        "psychological": N_("Psychological support"),
        "legal_aid": N_("Legal aid"),
        "police": N_("Police, border guard"),
        "shelter": N_("Shelter"),
        "social": N_("Social assistance"),
        "child": N_("Child protection"),
        "schooling": N_("Schooling"),
        "training": N_("Vocational training"),
        "job": N_("Job placement"),
        "loan": N_("Loan"),
        "papers": N_("Identity and household papers"),
        "interpretation": N_("Interpretation"),
        "transport": N_("Transport"),
        "community": N_("Company and support in the community"),
        "hotline": N_("Hotline"),
        "commune": N_("Another commune"),
        "other": N_("Other service"),
    },
    "provider_kind": {
        "authority": N_("State agency"),
        "health": N_("Hospital, health station"),
        "justice": N_("Legal aid centre, lawyers"),
        "police": N_("Police"),
        "border": N_("Border guard post"),
        "facility": N_("Social assistance or victim support facility"),
        "school": N_("School, training centre"),
        "job_centre": N_("Job centre"),
        "bank": N_("Bank"),
        "women": N_("Women's union"),
        "union": N_("Other mass organisation"),
        "ngo": N_("Non-governmental organisation"),
        "company": N_("Company"),
        "other": N_("Other organisation"),
    },
    "service_sex": {
        "any": N_("Everybody"),
        "female": N_("Women and girls only"),
        "male": N_("Men and boys only"),
    },
    "service_cost": {
        "free": N_("Free of charge"),
        "insured": N_("Paid by health insurance"),
        "part": N_("Partly paid by the person"),
        "paid": N_("Paid by the person"),
    },
    "weekday": {
        "mon": N_("Monday"),
        "tue": N_("Tuesday"),
        "wed": N_("Wednesday"),
        "thu": N_("Thursday"),
        "fri": N_("Friday"),
        "sat": N_("Saturday"),
        "sun": N_("Sunday"),
    },
    "service_listing": {
        "public": N_("May hang on the wall"),
        "office": N_("For officers only"),
        "secret": N_("For officers only, and the address stays secret"),
    },
    "service_status": {
        "active": N_("Works"),
        "paused": N_("Closed for a time"),
        "ended": N_("Does not exist any more"),
    },
    "service_finding": {
        "right": N_("Everything is right"),
        "wrong": N_("Something is wrong"),
        "gone": N_("It does not exist any more"),
    },
    "room_purpose": {
        "general": N_("For anybody"),
        "mother_child": N_("For a parent with a child"),
        "family": N_("For a family"),
        "care": N_("For the ill, kept apart"),
        "children_house": N_("Children's house: orphaned and disabled children"),
        "other": N_("Other room"),
    },
    "hold_reason": {
        "others": N_("Taken by people who are not in this desk's cases"),
        "reserved": N_("Kept free for somebody"),
        "repair": N_("Out of use"),
    },
    "wait_urgency": {
        "tonight": N_("Tonight"),
        "week": N_("Within a week"),
        "later": N_("It can wait"),
    },
    "wait_outcome": {
        "waiting": N_("Waits"),
        "placed": N_("Got a place"),
        "elsewhere": N_("Stays elsewhere"),
        "withdrawn": N_("Does not want it any more"),
    },
    "standard_kind": {
        "equipment": N_("Equipment"),
        "staff": N_("Staff"),
    },
    "standard_per": {
        "facility": N_("for the facility"),
        "room": N_("for each room"),
        "bed": N_("for each bed"),
    },
}

ACTIVE, PAUSED, ENDED = "active", "paused", "ended"
CHILDREN_HOUSE = "children_house"

# What answers a need: the matter of a need → kinds of service, the likeliest first.
FOR_NEED: dict[str, tuple[str, ...]] = {
    "safety": ("police", "shelter", "hotline"),
    "housing": ("shelter", "social"),
    "health": ("medical",),
    "mind": ("psychological",),
    "law": ("legal_aid",),
    "papers": ("papers",),
    "schooling": ("schooling",),
    "skills": ("training",),
    "work": ("job",),
    "money": ("loan", "social"),
    "family": ("child", "community"),
    "community": ("community",),
}
