"""Every act has a permission, and the committed table says who has it."""

from __future__ import annotations

import pytest

import roles as table
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.services import roles
from traffick_desk.services.base import Desk
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.officers import OfficersOfDesk
from traffick_desk.services.queries import CountCases

ACTS = table.acts()


def test_the_table_is_up_to_date() -> None:
    assert table.TABLE.read_text(encoding="utf-8") == table.table(), "run `make roles`"


@pytest.mark.parametrize("name", sorted(ACTS))
def test_every_act_declares_its_permission(name: str) -> None:
    assert getattr(ACTS[name], "permission", None) in roles.PERMISSIONS


def test_every_role_has_a_column_and_words() -> None:
    assert set(roles.ROLES) - {roles.LEFT} == set(table.SHOWN) == set(SMALL_LISTS["role"].codes())
    assert {r for of in roles.OF_PROFILE.values() for r in of} == set(table.SHOWN)
    assert roles.ROLES[roles.LEFT] == frozenset()


def test_what_each_role_is_for() -> None:
    """What each role is there for, sentence by sentence; a finer table must not lose it."""
    may = roles.may
    cases = {n for n, cls in ACTS.items() if cls.permission in {roles.CASE_READ, roles.CASE_WRITE}}
    assert len(cases) > 60
    for role in ("clerk", "it", "auditor", roles.LEFT, "nobody"):
        assert not [n for n in cases if may(role, ACTS[n].permission)]
    assert may("clerk", roles.PREVENTION_WRITE)
    assert may("auditor", roles.LOG_READ)
    assert not may("it", roles.LOG_READ)
    assert may("it", roles.ENROL)
    assert may("it", roles.OFFICERS)
    assert may("chair", roles.OFFICERS)
    assert not may("officer", roles.OFFICERS)
    assert [r for r in table.SHOWN if may(r, roles.DECIDE)] == ["case_officer", "lead"]
    assert [r for r in table.SHOWN if may(r, roles.RULES)] == ["lead"]


@pytest.mark.parametrize("role", [*table.SHOWN, roles.LEFT])
def test_the_desk_goes_by_the_table(desk: Desk, role: str) -> None:
    object.__setattr__(desk.context.info, "role", role)
    for query in (CountCases(), OfficersOfDesk()):
        if roles.may(role, query.permission):
            desk.ask(query)
        else:
            with pytest.raises(NotAllowed):
                desk.ask(query)
