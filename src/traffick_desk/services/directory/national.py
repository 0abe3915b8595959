"""The one entry that the program brings: the national hotline.

Source: Decree 162/2025/NĐ-CP, Art. 4 and 5 (hotline 111, run by the Ministry of Health, day and
night, free of charge). It is no record, so that desks that merge do not each bring one.
"""

from __future__ import annotations

from typing import Any

from traffick_desk.i18n import _
from traffick_desk.services.views import RecordView

ID = "national-111"
CITATION = "162/2025/NĐ-CP, Đ.4, Đ.5"


def values() -> dict[str, Any]:
    """Its values in the language spoken now."""
    return {
        "name": _("National hotline 111"),
        "organization": _("Ministry of Health"),
        "provider": "authority",
        "kinds": ["hotline"],
        "about": _(
            "Takes reports of trafficking, advises and passes on to services. Calls are recorded. "
            "Source: Decree 162/2025/NĐ-CP, Art. 4 and 5."
        ),
        "phone": "111",
        "always": "yes",
        "for_sex": "any",
        "cost": "free",
        "listing": "public",
        "status": "active",
    }


def record() -> RecordView:
    """It as a record, for showing."""
    return RecordView("service", ID, values())
