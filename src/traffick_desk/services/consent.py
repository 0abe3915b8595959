"""Whether a person's consent covers what is to be shared; silence is not consent (PDPL Art. 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.values import PartialDate
from traffick_desk.i18n import N_, _
from traffick_desk.services.printed import newest
from traffick_desk.services.views import CaseView, RecordView

# Ages of a child in the law on personal data (PDPL Art. 24; Children Law).
_ASKED_FROM, _CHILD_BELOW = 7, 16
# Service of a referral → scopes of consent of which one must be in the yes.
_POLICE = frozenset({"police"})
# A clinic belongs to the health sector, and is a service the person is referred to.
_HEALTH = frozenset({"health", "services"})
_SERVICES = frozenset({"services"})
_NEEDED: Mapping[str, frozenset[str]] = {"police": _POLICE, "medical": _HEALTH}


class State(StrEnum):
    """What the last answer about sharing means for one service."""

    COVERED = "covered"
    NOT_ASKED = "not_asked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OTHER_SCOPE = "other_scope"
    RIVALS = "rivals"


_WORDS = {
    State.COVERED: N_("The person agreed to this."),
    State.NOT_ASKED: N_("Not to be sent before consent: the person has not been asked yet."),
    State.REFUSED: N_("Not to be sent: the person did not agree."),
    State.WITHDRAWN: N_("Not to be sent: the person took the consent back."),
    State.OTHER_SCOPE: N_(
        "Not to be sent before consent: the person agreed to something else. Needed: {needed}."
    ),
    State.RIVALS: N_(
        "Not to be sent yet: there are two answers about consent. Please choose first which holds."
    ),
}


@dataclass(frozen=True, slots=True)
class Covering:
    """Whether the last answer covers one service; *needed* are the scopes of which one must."""

    state: State
    needed: frozenset[str]

    @property
    def covered(self) -> bool:
        """Whether it does."""
        return self.state is State.COVERED

    @property
    def text(self) -> str:
        """The same in words, with what is needed."""
        scopes = SMALL_LISTS["consent_scope"]
        needed = _(" or ").join(f"“{scopes.label(code)}”" for code in sorted(self.needed))
        return _(_WORDS[self.state]).format(needed=needed)


def needed_for(service: str) -> frozenset[str]:
    """The scopes of which one must be in the consent; another commune counts as a service."""
    return _NEEDED.get(service, _SERVICES)


def covering(case: CaseView, person_id: str, service: str) -> Covering:
    """What the person's last answer means for *service* (a code of list ``service``)."""
    needed = needed_for(service)
    found = newest(case.of("consent", person_id), "asked_on")
    return Covering(_state(found, needed), needed)


def _state(found: RecordView | None, needed: frozenset[str]) -> State:
    if found is None:
        return State.NOT_ASKED
    if found.conflicts:
        return State.RIVALS
    given = found.get("given")
    if given in {"no", "refused"}:
        return State.REFUSED
    if given != "yes":
        return State.NOT_ASKED
    if found.get("withdrawn_on"):
        return State.WITHDRAWN
    return State.COVERED if needed & set(found.get("scope") or ()) else State.OTHER_SCOPE


def child_note(case: CaseView, person_id: str, today: date) -> str:
    """What is missing in the yes of a child: from 7 years both agree, below 16 (PDPL Art. 24).

    It is told and blocks nothing; "" when nothing is missing or the age cannot be told.
    """
    found = newest(case.of("consent", person_id), "asked_on")
    person = next((p for p in case.persons if p.id == person_id), None)
    if found is None or found.get("given") != "yes" or person is None or not person.get("birth"):
        return ""
    youngest, oldest = PartialDate.parse(person.get("birth")).ages_on(today)
    if youngest >= _CHILD_BELOW or found.get("giver") == "both":
        return ""
    if oldest < _ASKED_FROM:
        by_representative = found.get("giver") == "representative"
        return "" if by_representative else _("For a small child the representative agrees.")
    return _("A child from 7 years agrees together with the representative (PDPL Art. 24).")


def held(case: CaseView, referral: RecordView) -> bool:
    """Whether a referral must wait: no consent covers it, and no reason of safety was given."""
    if referral.get("urgent_reason"):
        return False
    covers = covering(case, str(referral.get("person") or ""), str(referral.get("service") or ""))
    return not covers.covered
