"""What the law gives a person and nobody has acted on: not requested, planned or paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from traffick_desk.law import Assessment, Result
from traffick_desk.services.money import codes_of
from traffick_desk.services.views import CaseView

# States of planned support that count as acting.
_ACTED = frozenset({"planned", "under_way", "given"})
_ESSENTIAL = "a"


@dataclass(frozen=True, slots=True)
class Gap:
    """One regime: its letter and label, and since when the person has a claim to it if known."""

    letter: str
    label: str
    since: date | None


def gaps(found: Assessment, case: CaseView, person_id: str) -> tuple[Gap, ...]:
    """The granted regimes of *found* that nobody has acted on for the person."""
    acted = {
        str(r.get("regime", "")).partition("/")[2]
        for r in case.of("entitlement", person_id)
        if str(r.get("regime", "")).startswith(f"{found.law.law}/")
    }
    codes = {
        str(r.get("regime"))
        for r in case.of("plan_item", person_id)
        if r.get("state") in _ACTED and r.get("regime")
    }
    codes |= {str(r.get("regime")) for r in case.of("payment", person_id)}
    law = str(found.law.law or "")
    letters = [o.regime.letter for o in found.outcomes]
    acted |= {letter for letter in letters if codes.intersection(codes_of(law, letter))}
    if case.of("given_item") or case.of("stay", person_id):
        acted.add(_ESSENTIAL)
    since = found.facts.identified_on or _status_since(case, person_id)
    return tuple(
        Gap(o.regime.letter, str(o.regime.label), since)
        for o in found.outcomes
        if o.result is Result.GRANTED and o.regime.letter not in acted
    )


def _status_since(case: CaseView, person_id: str) -> date | None:
    days = [str(r.get("since")) for r in case.of("status", person_id) if r.get("since")]
    return date.fromisoformat(min(days)) if days else None
