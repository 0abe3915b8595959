"""Small code lists of erasing, holding and keeping."""

from __future__ import annotations

from traffick_desk.i18n import N_

ERASURE_LISTS: dict[str, dict[str, str]] = {
    "erasure_ground": {
        "person": N_("Demand of the person"),
        "representative": N_("Demand of the representative"),
        "retention": N_("The period that the province set for keeping is over"),
        "authority": N_("Decision of a competent body"),
        "unfounded": N_("The data was taken without a lawful ground"),
    },
}
