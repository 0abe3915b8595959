"""Job aid of people received together; see ``aids``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from traffick_desk.desk.pages.aid import Aid
from traffick_desk.i18n import N_

GROUP_AIDS: Mapping[str, Aid] = MappingProxyType(
    {
        "together": Aid(
            N_("Received together"),
            N_("One reception, several cases: each person keeps her own law, periods and papers."),
            (
                N_(
                    "Speak with each person alone, children too; one of a group may be watching "
                    "the others."
                ),
                N_(
                    "A mother and her children stay together. Keep them in one room and one "
                    "vehicle, and say so to whoever takes over."
                ),
                N_(
                    "Do not take a relation for granted: write “travels with” until papers or the "
                    "police confirm that somebody is a parent."
                ),
                N_(
                    "A child who only comes along has a case too. Say that it is under 18 and "
                    "comes along, and the law for accompanying persons is applied."
                ),
                N_(
                    "When a case moves to another commune, the others stay here; there it is only "
                    "seen that there are others."
                ),
            ),
            N_("You stay together. I write down for each of you what she needs."),
        ),
    }
)
