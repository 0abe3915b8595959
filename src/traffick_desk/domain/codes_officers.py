"""Small code lists about officers and what goes from one to another."""

from __future__ import annotations

from traffick_desk.i18n import N_

OFFICER_LISTS: dict[str, dict[str, str]] = {
    "handover_confirmed": {
        "both": N_("Both, each with her password"),
        "in_place": N_("Who took over, and another in place of who gave"),
    },
}
