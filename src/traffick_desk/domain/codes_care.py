"""Small code lists of what follows a reception: screening, protection, plan, follow-up."""

from __future__ import annotations

from traffick_desk.i18n import N_

# One scale for needs and for follow-up, so that a line can be drawn through both.
_SCORES = {
    "danger": N_("1 – in danger, help is needed today"),
    "hard": N_("2 – hard, depends on others"),
    "helped": N_("3 – getting by with help"),
    "able": N_("4 – mostly by own means"),
    "stable": N_("5 – stable"),
}

# What a line is drawn through: the higher the better.
SCORE_VALUES = {code: value for value, code in enumerate(_SCORES, 1)}

CARE_LISTS: dict[str, dict[str, str]] = {
    "evidence_source": {
        "prosecution": N_("Body that conducts proceedings"),
        "rescuer": N_("Body that rescued the person"),
        "mission": N_("Vietnamese mission abroad"),
        "domestic": N_("Another Vietnamese body"),
        "foreign": N_("Competent foreign body or organisation"),
        "person": N_("The person or relatives: statement or papers"),
        "trafficker": N_("Statement of the trafficker"),
        "witness": N_("Another victim, or people who know"),
        "other": N_("Other lawful evidence"),
    },
    "inquiry_answer": {
        "confirmed": N_("Confirmed"),
        "not_confirmed": N_("Not confirmed"),
        "more": N_("More is needed"),
    },
    "risk": {
        "whereabouts_known": N_("The trafficker knows where the person is"),
        "threats": N_("Threats against the person or the family"),
        "family_involved": N_("Someone of the family took part"),
        "violence_at_home": N_("Violence at home"),
        "debt": N_("Debt to traffickers or lenders"),
        "stigma": N_("Contempt in the village"),
        "self_harm": N_("May hurt herself or himself"),
        "wants_to_leave": N_("Wants to leave again with unknown people"),
        "other": N_("Other danger"),
    },
    "risk_level": {
        "low": N_("Low"),
        "medium": N_("Medium"),
        "high": N_("High"),
    },
    "protection": {
        "shelter": N_("Safe temporary shelter"),
        "secrecy": N_("Keeping information, home, work and school secret"),
        "guard": N_("Guard"),
        "police": N_("Help by police or army"),
        "other": N_("Another measure to prevent harm"),
    },
    "need_domain": {
        "safety": N_("Safety"),
        "housing": N_("Housing"),
        "health": N_("Health"),
        "mind": N_("State of mind"),
        "law": N_("Legal matters"),
        "papers": N_("Identity papers"),
        "schooling": N_("Schooling"),
        "skills": N_("Vocational skills"),
        "work": N_("Work and income"),
        "money": N_("Money and debts"),
        "family": N_("Family"),
        "community": N_("Village and community"),
    },
    "score": _SCORES,
    "plan_state": {
        "planned": N_("Planned"),
        "under_way": N_("Under way"),
        "given": N_("Given"),
        "dropped": N_("Not pursued"),
    },
    "fund": {
        "state": N_("State budget"),
        "province": N_("Budget of the province"),
        "commune": N_("Budget of the commune"),
        "project": N_("Project"),
        "donation": N_("Donation"),
        "other": N_("Other source"),
    },
    "service": {
        "medical": N_("Medical care"),
        "psychological": N_("Psychological support"),
        "legal_aid": N_("Legal aid"),
        "shelter": N_("Shelter"),
        "schooling": N_("Schooling"),
        "training": N_("Vocational training"),
        "job": N_("Job placement"),
        "papers": N_("Identity and household papers"),
        "social": N_("Social assistance"),
        "child": N_("Child protection"),
        "loan": N_("Loan"),
        "police": N_("Police, border guard"),
        "commune": N_("Another commune"),
        "other": N_("Other service"),
    },
    "shared": {
        "name": N_("Full name"),
        "birth": N_("Date of birth"),
        "sex": N_("Sex"),
        "phone": N_("Telephone"),
        "address": N_("Address"),
        "papers": N_("Identity papers"),
        "status": N_("Legal status"),
        "needs": N_("Needs"),
        "health": N_("Health"),
        "account": N_("The account"),
    },
    "referral_answer": {
        "received": N_("Received"),
        "accepted": N_("Accepted"),
        "refused": N_("Refused"),
        "done": N_("Completed"),
    },
    "visit_kind": {
        "home": N_("At home"),
        "office": N_("At the office"),
        "elsewhere": N_("Somewhere safe"),
        "phone": N_("Telephone"),
        "others": N_("Through someone else"),
    },
    "loan_state": {
        "none": N_("No loan"),
        "paying": N_("Pays it back"),
        "late": N_("Behind with it"),
        "repaid": N_("Paid back"),
    },
    "programme": {
        "poverty": N_("Poverty reduction"),
        "vocational": N_("Vocational training for rural workers"),
        "jobs": N_("Job creation"),
        "social": N_("Social assistance"),
        "child": N_("Child protection"),
        "gender": N_("Gender equality, domestic violence"),
        "insurance": N_("Health insurance"),
        "new_rural": N_("New rural areas"),
        "ethnic": N_("Ethnic minority areas"),
        "other": N_("Other programme"),
    },
}
