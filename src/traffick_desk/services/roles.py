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

PERMISSIONS = frozenset({CASE_READ, CASE_WRITE, DECIDE, EXCHANGE, ENROL, RULES, OWN})

_COMMUNE = frozenset({CASE_READ, CASE_WRITE, EXCHANGE, ENROL, OWN})
_PROVINCE = frozenset({CASE_READ, CASE_WRITE, DECIDE, EXCHANGE, ENROL, RULES, OWN})

ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "officer": _COMMUNE,
        "chair": _COMMUNE,
        "clerk": frozenset({OWN}),
        "case_officer": frozenset({CASE_READ, CASE_WRITE, DECIDE, EXCHANGE, OWN}),
        "lead": _PROVINCE,
        "it": frozenset({EXCHANGE, ENROL, OWN}),
        "auditor": frozenset({OWN}),
    }
)


def may(role: str, permission: str) -> bool:
    """Whether *role* includes *permission*; an unknown role includes nothing."""
    return permission in ROLES.get(role, frozenset())
