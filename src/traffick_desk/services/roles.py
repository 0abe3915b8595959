"""Roles × permissions, as data. Commands and queries name a permission; this says who has it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CASE_READ = "case.read"
CASE_WRITE = "case.write"
DECIDE = "entitlement.decide"
EXCHANGE = "bundle.exchange"
ENROL = "desk.enrol"
RULES = "rules.sign"
OWN = "own"
OFFICERS = "officers.manage"
PROGRAM = "program.update"

PERMISSIONS = frozenset(
    {CASE_READ, CASE_WRITE, DECIDE, EXCHANGE, ENROL, RULES, OWN, OFFICERS, PROGRAM}
)

_COMMUNE = frozenset({CASE_READ, CASE_WRITE, EXCHANGE, ENROL, OWN, PROGRAM})
_PROVINCE = PERMISSIONS
# Who left the office: every way in is closed, and what she wrote keeps her name.
LEFT = "left"

ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "officer": _COMMUNE,
        "chair": _COMMUNE | {OFFICERS},
        "clerk": frozenset({OWN}),
        "case_officer": frozenset({CASE_READ, CASE_WRITE, DECIDE, EXCHANGE, OWN}),
        "lead": _PROVINCE,
        "it": frozenset({EXCHANGE, ENROL, OWN, OFFICERS, PROGRAM}),
        "auditor": frozenset({OWN}),
        LEFT: frozenset(),
    }
)
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
