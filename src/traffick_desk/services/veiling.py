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
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from traffick_desk.i18n import N_
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.roles import OVERSEERS
from traffick_desk.store import veil
from traffick_desk.store.past import journal_top

if TYPE_CHECKING:
    from traffick_desk.services.base import Context
    from traffick_desk.store.store import Work


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


@dataclass(frozen=True, slots=True)
class Known:
    """What names something in hidden cases: ids of cases and records, digests of documents.

    Attributes:
        cases: the hidden cases.
        top: the last place in the journal when it was looked up; it follows from the journal.
    """

    cases: AbstractSet[str]
    top: int
    names: frozenset[str]


def refuse(context: Context, cursor: Any, act: object, cases: AbstractSet[str]) -> Known | None:
    """Refuse *act* if it names one of *cases*, or something in one.

    Raises:
        Restricted: it does.
    """
    if not cases:
        return None
    known = _known(context, cursor, cases)
    if _mentions(act, known.names | veil.drafts_of(cursor, cases)):
        case = getattr(act, "case_id", "")
        raise Restricted(case if case in cases else "")
    return known


def _known(context: Context, cursor: Any, cases: AbstractSet[str]) -> Known:
    known, top = context.known, journal_top(cursor)
    if known is None or (known.cases, known.top) != (cases, top):
        names = veil.ids_of(cursor, context.store.registry, cases)
        context.known = known = Known(cases, top, names)
    return known


@contextmanager
def within(context: Context, work: Work, act: object) -> Iterator[Known | None]:
    """Let the command *act* see what the officer may see.

    Raises:
        Restricted: it names a case that is hidden from her or something in one, or wrote in one.
    """
    known = refuse(context, work.cursor, act, work.hidden)
    with work.veiled():
        yield known
    if work.hidden & work.journal.cases:
        raise Restricted


def done(context: Context, work: Work, known: Known | None) -> None:
    """Keep what was *known* before a command that is on the disk: it wrote in other cases alone."""
    if known is not None and work.plain:
        context.known = replace(known, top=work.top)


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
