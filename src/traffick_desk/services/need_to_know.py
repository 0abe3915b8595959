"""Restricting a case to named officers, lifting that, and opening it all the same with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.i18n import _
from traffick_desk.services.base import Command, Context, Query, new_id
from traffick_desk.services.commands import CASES
from traffick_desk.services.errors import InvalidValues, NotAllowed, NotHere
from traffick_desk.services.glass import looks_after
from traffick_desk.services.roles import CASE_READ, CASE_WRITE, OVERSEERS, OWN, may
from traffick_desk.services.veiling import restricted
from traffick_desk.store import veil
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

LEAST_WORDS = 3
"""A reason of fewer words says nothing to who reads it later."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """An officer who can be named in a restriction."""

    officer_id: str
    name: str
    oversees: bool
    own: bool


@dataclass(frozen=True, slots=True)
class CaseAccess:
    """Who may look into a case.

    Attributes:
        hidden: the officer who asks may not.
        restricted: it is restricted at all.
        names: of the officers it is restricted to, whether they are hidden from or not.
        officers: their numbers; empty for who may not look into it.
        may_change: the officer who asks may restrict it, or lift that.
        colleagues: who can be named.
    """

    hidden: bool
    restricted: bool
    names: tuple[str, ...] = ()
    officers: frozenset[str] = frozenset()
    reason: str = ""
    may_change: bool = False
    colleagues: tuple[Colleague, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessOf(Query[CaseAccess]):
    """Who may look into a case; asked of a hidden one too, and tells nothing of its content."""

    permission: ClassVar[str] = CASE_READ
    through: ClassVar[bool] = True

    case_id: str

    def run(self, context: Context, cursor: Any) -> CaseAccess:
        """See :class:`Query`."""
        cursor.execute("SELECT 1 FROM case_row WHERE case_id = ?", (self.case_id,))
        if cursor.fetchone() is None:
            raise NotHere
        hidden = self.case_id in context.hidden(cursor)
        cursor.execute(
            "SELECT names, reason FROM r_restriction WHERE id = ? AND voided IS NULL",
            (self.case_id,),
        )
        row = cursor.fetchone()
        officers = restricted(cursor).get(self.case_id)
        names = tuple((row[0] or "").splitlines()) if row else ()
        if hidden:
            return CaseAccess(True, True, names)
        return CaseAccess(
            False,
            row is not None,
            names,
            officers or frozenset(),
            (row[1] or "") if row else "",
            may(context.info.role, CASE_WRITE) and _belongs(context, officers),
            _colleagues(context, cursor),
        )


def _belongs(context: Context, officers: frozenset[str] | None) -> bool:
    """Whether the officer is named or oversees: who only broke the glass changes nothing of it."""
    info = context.info
    return officers is None or info.role in OVERSEERS or info.officer_id in officers


def _colleagues(context: Context, cursor: Any) -> tuple[Colleague, ...]:
    cursor.execute("SELECT officer_id, name, role FROM officer ORDER BY name")
    own = context.info.officer_id
    return tuple(
        Colleague(officer_id, name, role in OVERSEERS, officer_id == own)
        for officer_id, name, role in cursor.fetchall()
        if may(role, CASE_READ)
    )


@dataclass(frozen=True, slots=True)
class SomeHidden(Query[bool]):
    """Whether any case is hidden from who asks; neither how many nor whose."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> bool:  # noqa: ARG002
        """See :class:`Query`."""
        return bool(veil.hidden(cursor))


@dataclass(frozen=True, slots=True)
class RestrictCase(Command[None]):
    """Let only named officers, and who oversees, look into a case.

    Attributes:
        officers: their numbers; whoever restricts it is always one of them.
        reason: why; those who may look into it can read it.

    Raises:
        NotHere: there is no such case, or an officer is not known.
        NotAllowed: it is restricted already, and this officer is not named.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.restrict"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    officers: tuple[str, ...]
    reason: str = ""

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        if work.journal.state("case", self.case_id).empty:
            raise NotHere
        known = {c.officer_id: c for c in _colleagues(context, work.cursor)}
        before = restricted(work.cursor).get(self.case_id)
        if not _belongs(context, before):
            raise NotAllowed
        kept = (before or frozenset()) - known.keys()
        wanted = {*self.officers, *kept}
        if context.info.role not in OVERSEERS:
            wanted.add(context.info.officer_id)
        if not wanted:
            text = _("Please name at least one officer.")
            raise InvalidValues((("restriction", "officers", text),))
        if not wanted <= known.keys() | kept:
            raise NotHere
        write(work, context, self.case_id, wanted, self.reason)

    def target(self, result: None) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return self.case_id


def write(
    work: Work, context: Context, case_id: str, officers: set[str], reason: str | None = None
) -> None:
    """Write the restriction of a case; *reason* ``None`` keeps the one before."""
    state = work.journal.state("restriction", case_id)
    names = {c.officer_id: c.name for c in _colleagues(context, work.cursor)}
    # Names of officers of other desks stand in the restriction they wrote.
    kept = dict(
        zip(
            (state.values.get("officers") or "").split(),
            (state.values.get("names") or "").splitlines(),
            strict=False,
        )
    )
    order = sorted(officers)
    values: dict[str, Any] = {
        "case": case_id,
        "officers": "\n".join(order),
        "names": "\n".join(names.get(o) or kept.get(o) or o for o in order),
        "reason": state.values.get("reason") if reason is None else reason.strip() or None,
        "at": context.moment,
        "by": context.info.officer_name,
    }
    if state.voided is not None:
        values[VOID] = None
    work.journal.write(Edit("restriction", case_id, values), context.info.officer_id, case_id)


@dataclass(frozen=True, slots=True)
class LiftRestriction(Command[None]):
    """Let every officer of the desk look into a case again.

    Raises:
        NotHere: it is not restricted.
        NotAllowed: this officer is not named.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.lift"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        before = restricted(work.cursor).get(self.case_id)
        if before is None:
            raise NotHere
        if not _belongs(context, before):
            raise NotAllowed
        edit = Edit("restriction", self.case_id, {VOID: _("Restriction lifted")})
        work.journal.write(edit, context.info.officer_id, self.case_id)


@dataclass(frozen=True, slots=True)
class BreakGlass(Command[None]):
    """Open a restricted case with a reason: until the desk is locked, and the chair is told.

    Raises:
        InvalidValues: the reason says too little; nothing was opened.
        NotHere: the case is not hidden from this officer.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "case.break_glass"
    changes: ClassVar[frozenset[str]] = CASES
    through: ClassVar[bool] = True

    case_id: str
    reason: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        if self.case_id not in context.hidden(work.cursor):
            raise NotHere
        reason = " ".join(self.reason.split())
        if len(reason.split(" ")) < LEAST_WORDS:
            text = _("Please say in at least {n} words why you need to open it.")
            raise InvalidValues((("glass", "reason", text.format(n=LEAST_WORDS)),))
        values = {
            "case": self.case_id,
            "officer": context.info.officer_id,
            "name": context.info.officer_name,
            "at": context.moment,
            "reason": reason,
        }
        work.journal.write(Edit("glass", new_id(), values), context.info.officer_id, self.case_id)

    def done(self, context: Context) -> None:
        """Only what is written and logged opens the case."""
        context.opened.add(self.case_id)


@dataclass(frozen=True, slots=True)
class SeenGlass(Command[None]):
    """Who oversees has seen that somebody opened a restricted case.

    Raises:
        NotHere: there is no such note.
        NotAllowed: it is for somebody else to look at.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "glass.seen"
    changes: ClassVar[frozenset[str]] = CASES

    glass_id: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        state = work.journal.state("glass", self.glass_id)
        if state.empty:
            raise NotHere
        if not looks_after(context, work.cursor, state.values):
            raise NotAllowed
        values = {"seen_at": context.moment, "seen_by": context.info.officer_name}
        edit = Edit("glass", self.glass_id, values)
        work.journal.write(edit, context.info.officer_id, str(state.values["case"]))

    def target(self, result: None) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return self.glass_id
