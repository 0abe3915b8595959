"""Roles × permissions, as data. Commands and queries name a permission; this says who has it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traffick_desk.domain.spine import RecordType

CASE_READ = "case.read"
CASE_WRITE = "case.write"
DECIDE = "entitlement.decide"
EXCHANGE = "bundle.exchange"
ENROL = "desk.enrol"
RULES = "rules.sign"
OWN = "own"
OFFICERS = "officers.manage"
PREVENTION_READ = "prevention.read"
PREVENTION_WRITE = "prevention.write"
DIRECTORY_READ = "directory.read"
DIRECTORY_WRITE = "directory.write"
REPORTS_READ = "reports.read"
# Figures that passed the disclosure control, for who may not see cases.
FIGURES = "figures.read"
PLANS_WRITE = "plans.write"
PROGRAM = "program.update"
ERASE = "case.erase"
LOG_READ = "log.read"

PERMISSIONS = frozenset(
    {
        CASE_READ,
        CASE_WRITE,
        DECIDE,
        EXCHANGE,
        ENROL,
        RULES,
        OWN,
        OFFICERS,
        PREVENTION_READ,
        PREVENTION_WRITE,
        DIRECTORY_READ,
        DIRECTORY_WRITE,
        REPORTS_READ,
        FIGURES,
        PLANS_WRITE,
        PROGRAM,
        ERASE,
        LOG_READ,
    }
)

# Work that knows no case: communication, training, volunteers, and whom to turn to.
_PREVENTION = frozenset({PREVENTION_READ, PREVENTION_WRITE, DIRECTORY_READ, DIRECTORY_WRITE})
_CASES = _PREVENTION | {CASE_READ, CASE_WRITE, EXCHANGE, OWN, REPORTS_READ, FIGURES, PLANS_WRITE}
_COMMUNE = _CASES | {ENROL, PROGRAM}
_PROVINCE = PERMISSIONS
# Who left the office: every way in is closed, and what she wrote keeps her name.
LEFT = "left"

ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "officer": _COMMUNE,
        "chair": _COMMUNE | {OFFICERS, LOG_READ},
        "clerk": frozenset({OWN}) | _PREVENTION,
        "case_officer": _CASES | {DECIDE},
        "lead": _PROVINCE,
        "it": frozenset({EXCHANGE, ENROL, OWN, OFFICERS, DIRECTORY_READ, PROGRAM}),
        "auditor": frozenset({OWN, FIGURES, LOG_READ}),
        LEFT: frozenset(),
    }
)
# Who sees every case of the desk, also those restricted to others, and is told who opened one.
OVERSEERS = frozenset({"chair", "lead"})
# The roles that a desk of each profile has, the usual ones first.
OF_PROFILE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "commune": ("officer", "chair", "clerk", "auditor"),
        "province": ("case_officer", "lead", "it", "auditor"),
    }
)


def may(role: str, permission: str) -> bool:
    """Whether *role* includes *permission*; an unknown role includes nothing."""
    return permission in ROLES.get(role, frozenset())


# What it takes to write a record of a type that is not simply a part of a case.
_TO_WRITE: Mapping[str, str] = MappingProxyType(
    {
        "entitlement_decision": DECIDE,
        "rule_pack": RULES,
        # They tell of cases although they belong to a unit.
        "report": CASE_READ,
        "release": CASE_READ,
    }
)
_OUTSIDE_CASES = (PREVENTION_WRITE, DIRECTORY_WRITE, PLANS_WRITE)


def may_write(profile: str, role: str, record_type: RecordType) -> bool:
    """Whether a change of such a record, made in *role* at a desk of *profile*, counts (I7)."""
    if role not in OF_PROFILE.get(profile, ()):
        return False
    if record_type.name in _TO_WRITE:
        return may(role, _TO_WRITE[record_type.name])
    if record_type.case_key:
        return may(role, CASE_WRITE)
    return any(may(role, permission) for permission in _OUTSIDE_CASES)
