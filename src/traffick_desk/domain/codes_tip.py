"""Small code lists of tips: how they came, how urgent they are, what became of them."""

from __future__ import annotations

from traffick_desk.i18n import N_

# Stages of a case that is no case of a person: it holds one tip, open or settled.
TIP, TIP_SETTLED = "tip", "tip_settled"
TIP_STAGES = (TIP, TIP_SETTLED)

TIP_LISTS: dict[str, dict[str, str]] = {
    "tip_channel": {
        "phone": N_("Telephone"),
        "hotline": N_("Hotline 111"),
        "in_person": N_("In person"),
        "letter": N_("Letter"),
        "online": N_("Online, by message"),
        "body": N_("Another agency or organisation"),
        "officer": N_("Seen by the officer"),
    },
    "tip_urgency": {
        "now": N_("Danger to life now"),
        "soon": N_("Danger soon"),
        "later": N_("Not urgent"),
    },
    "tip_body": {
        "police": N_("Police"),
        "border_guard": N_("Border guard"),
        "coast_guard": N_("Coast guard"),
        "hotline": N_("Hotline 111"),
        "health": N_("Health department"),
        "commune": N_("Another commune"),
        "other": N_("Another agency or organisation"),
    },
    "tip_outcome": {
        "open": N_("Being dealt with"),
        "case": N_("Became a case"),
        "joined": N_("Joined to a case"),
        "closed": N_("Closed"),
    },
    "tip_reason": {
        "no_sign": N_("No sign of trafficking"),
        "nothing_found": N_("Looked into, nothing found"),
        "taken_over": N_("Another body deals with it"),
        "repeated": N_("The same tip was taken already"),
        "too_little": N_("Too little to go on, nobody to ask"),
        "other": N_("Other reason"),
    },
}
