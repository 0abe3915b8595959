"""Job aids of tips, and what is to be done at once; see ``aids``.

113 is the police, 115 the ambulance; hotline 111 is free, answers day and night and records its
calls (Ministry of Health).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from traffick_desk.desk.pages.aid import Aid
from traffick_desk.i18n import N_

# Urgency → what to do at once, and the tone of the notice.
AT_ONCE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "now": (
            N_(
                "Call the police (113) now and write on afterwards; 115 if somebody is hurt. Keep "
                "the caller on the line if that is safe for her or him."
            ),
            "late",
        ),
        "soon": (
            N_(
                "Call the police or the border guard today and pass the tip on. Ask how the "
                "caller can be reached again. Hotline 111 advises day and night."
            ),
            "due",
        ),
        "later": (
            N_(
                "Write down what was told and pass it on. Do not look into it yourself: who is "
                "warned hides the traces."
            ),
            "",
        ),
    }
)

TIP_AIDS: Mapping[str, Aid] = MappingProxyType(
    {
        "tip_new": Aid(
            N_("New tip"),
            N_("How urgent, what, who, where: a few words are enough to pass it on."),
            (
                N_("Let the caller speak first; then ask who is in danger, where, and until when."),
                N_("Anonymous is allowed. Do not ask a second time for a name."),
                N_("Write down vehicles, numbers, places and times as they are told."),
                N_(
                    "Promise only what you will do: pass it on, and tell what came of it if that "
                    "is wished."
                ),
                N_("Hotline 111 is free, day and night; its calls are recorded."),
            ),
            N_("Thank you for telling. You need not give your name. Is anyone in danger now?"),
        ),
        "tip": Aid(
            N_("Tip"),
            N_("What was told, to whom it was passed on, and what came of it."),
            (
                N_("Pass it on first; what is missing can be added afterwards."),
                N_(
                    "Nobody but the province sees the tip. Tell no one in the village who told it "
                    "or that somebody told."
                ),
                N_("Do not call or visit the persons meant; that is for the police."),
                N_(
                    "When the person comes to you, open a case. When she has a case already, join "
                    "the tip to it."
                ),
                N_("Close it only with a reason; it can be opened again at any time."),
            ),
        ),
    }
)
