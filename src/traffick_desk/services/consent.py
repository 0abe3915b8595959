"""Whether a person's consent covers what is to be shared; silence is not consent (PDPL Art. 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import N_, _
from traffick_desk.services.printed import newest
from traffick_desk.services.views import CaseView, RecordView

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


def held(case: CaseView, referral: RecordView) -> bool:
    """Whether a referral must wait: no consent covers it, and no reason of safety was given."""
    if referral.get("urgent_reason"):
        return False
    covers = covering(case, str(referral.get("person") or ""), str(referral.get("service") or ""))
    return not covers.covered
