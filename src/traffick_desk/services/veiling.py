"""Need to know: which cases are hidden from whom, for every command and query alike.

A case restricted to named officers shows to others of the desk that it exists: number and
commune. The tables answer accordingly (``store.veil``), so no command or query has to think of it;
what names a hidden case, or a record of one, is refused before it is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from traffick_desk.i18n import N_
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.roles import OVERSEERS
from traffick_desk.store import veil

if TYPE_CHECKING:
    from traffick_desk.services.base import Context


LEFT_OUT = N_(
    "Restricted cases that are not open to you are left out; who may look into them, or the chair, "
    "sees them all."
)
"""Said beside figures and lists of who does not see everything; never how many are left out."""


class Restricted(ServiceError):
    """A case is restricted to named officers, and this officer is none of them.

    Attributes:
        case_id: which one, or "" if several were meant.
    """

    text = N_(
        "This case is restricted to named officers, and you are not one of them. Nothing was shown "
        "and nothing was changed. Ask one of them, or open it with a reason: the chair will see it."
    )

    def __init__(self, case_id: str = "") -> None:
        super().__init__(case_id)
        self.case_id = case_id


def named(officers: str | None) -> frozenset[str]:
    """The officers that a restriction names."""
    return frozenset((officers or "").split())


def restricted(cursor: Any) -> dict[str, frozenset[str]]:
    """Case → the officers who may look into it; of rival restrictions, who is in all of them."""
    cursor.execute('SELECT "case", officers, rivals FROM main.r_restriction WHERE voided IS NULL')
    found = {}
    for case, officers, rivals in cursor.fetchall():
        allowed = named(officers)
        for values in (json.loads(rivals) if rivals else {}).values():
            for *_stamp, value in values.values():
                if isinstance(value, dict) and value:
                    allowed &= named(value.get("officers"))
        if case:
            found[case] = allowed
    return found


def hidden(context: Context, cursor: Any) -> frozenset[str]:
    """The cases that the officer at this desk may not look into."""
    info = context.info
    if info.role in OVERSEERS:
        return frozenset()
    return frozenset(
        case
        for case, officers in restricted(cursor).items()
        if info.officer_id not in officers and case not in context.opened
    )


def refuse(context: Context, cursor: Any, act: object, cases: AbstractSet[str]) -> None:
    """Refuse *act* if it names one of *cases*, or something in one.

    Raises:
        Restricted: it does.
    """
    if cases and _mentions(act, _names(context, cursor, cases)):
        case = getattr(act, "case_id", "")
        raise Restricted(case if case in cases else "")


def _names(context: Context, cursor: Any, cases: AbstractSet[str]) -> frozenset[str]:
    """By which something in *cases* can be named; what follows from the journal is remembered."""
    cursor.execute("SELECT max(pos) FROM main.journal")
    state = (frozenset(cases), cursor.fetchone()[0])
    if context.named is None or context.named[0] != state:
        context.named = (state, veil.ids_of(cursor, context.store.registry, cases))
    return context.named[1] | veil.drafts_of(cursor, cases)


@contextmanager
def within(context: Context, cursor: Any, act: object, cases: AbstractSet[str]) -> Iterator[None]:
    """Let the command *act* see what the officer may see.

    Raises:
        Restricted: it names one of *cases*, or something in one.
    """
    refuse(context, cursor, act, cases)
    with veil.veiled(cursor, context.store.registry, cases):
        yield


def _mentions(value: object, ids: AbstractSet[str]) -> bool:
    if isinstance(value, str):
        return value in ids
    if isinstance(value, Mapping):
        return any(_mentions(v, ids) for pair in value.items() for v in pair)
    if isinstance(value, tuple | list | set | frozenset):
        return any(_mentions(v, ids) for v in value)
    if is_dataclass(value) and not isinstance(value, type):
        return any(_mentions(getattr(value, f.name), ids) for f in fields(value))
    return False
