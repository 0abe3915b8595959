"""Handing cases over to another officer: one case, or all open cases of somebody at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.i18n import _
from traffick_desk.services import reading
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.commands import CASES, SaveRecords
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.need_to_know import SomeHidden
from traffick_desk.services.need_to_know import write as write_restriction
from traffick_desk.services.papers import Issued, IssueMany
from traffick_desk.services.roles import CASE_READ, CASE_WRITE, LEFT, may
from traffick_desk.services.veiling import restricted
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

SUMMARY = "noi-bo/tom-tat-ban-giao"


@dataclass(frozen=True, slots=True)
class InCharge:
    """One officer and the open cases she is in charge of; no name: nobody is."""

    name: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Officers:
    """Who is in charge of open cases, and whom they can be given to.

    Attributes:
        left_out: whether cases are hidden from who asks; how many, and whose, is not told.
    """

    in_charge: tuple[InCharge, ...]
    names: tuple[str, ...]
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class OfficersInCharge(Query[Officers]):
    """Who is in charge of which open cases, and all names known at this desk."""

    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> Officers:
        """See :class:`Query`."""
        cursor.execute(
            "SELECT coalesce(r.officer, ''), r.id "
            "FROM case_row w JOIN r_case r ON r.id = w.case_id "
            f"WHERE w.stage <> 'closed' AND {reading.cases_only('w')} ORDER BY r.id"
        )
        found: dict[str, list[str]] = {}
        for name, case_id in cursor.fetchall():
            found.setdefault(name, []).append(case_id)
        cursor.execute("SELECT name, role FROM officer ORDER BY name")
        own = [name for name, role in cursor.fetchall() if name and may(role, CASE_WRITE)]
        names = dict.fromkeys([*own, *(n for n in found if n)])
        return Officers(
            tuple(InCharge(n, tuple(found[n])) for n in sorted(found, key=lambda n: (not n, n))),
            tuple(names),
            SomeHidden().run(context, cursor),
        )


@dataclass(frozen=True, slots=True)
class HandOver(Command[tuple[tuple[str, str], ...]]):
    """Give cases to another officer; answers with who had each before, to take it back.

    Attributes:
        case_ids: which cases; all or none change hands.
        to_officer: name of who takes over.

    Raises:
        InvalidValues: no name was given.
        NotHere: one of the cases does not exist.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.hand_over"
    changes: ClassVar[frozenset[str]] = CASES

    case_ids: tuple[str, ...]
    to_officer: str

    def run(self, context: Context, work: Work) -> tuple[tuple[str, str], ...]:
        """See :class:`Command`."""
        name = self.to_officer.strip()
        if not name:
            text = _("Please say who takes over.")
            raise InvalidValues((("case", "officer", text),))
        return _give(context, work, ((case, name) for case in self.case_ids))

    def target(self, result: tuple[tuple[str, str], ...]) -> str:
        """See :class:`Command`."""
        return ",".join(case for case, _before in result)


@dataclass(frozen=True, slots=True)
class TakeBack(Command[None]):
    """Give cases back to who had them before; *before* is the answer of :class:`HandOver`."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.hand_over.undo"
    changes: ClassVar[frozenset[str]] = CASES

    before: tuple[tuple[str, str], ...]

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        _give(context, work, self.before)

    def target(self, result: None) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return ",".join(case for case, _name in self.before)


def _give(
    context: Context, work: Work, wanted: Iterable[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    before, edits = [], []
    edits_to: dict[str, str] = {}
    for case_id, name in wanted:
        state = work.journal.state("case", case_id)
        if state.empty:
            raise NotHere
        had = str(state.values.get("officer") or "")
        if had != name:
            before.append((case_id, had))
            edits_to[case_id] = name
            edits.append(Edit("case", case_id, {"officer": name or None}))
    SaveRecords(tuple(edits)).run(context, work)
    named = restricted(work.cursor)
    for case_id, had in before:
        _go_along(context, work, case_id, had, str(edits_to[case_id]), named.get(case_id))
    return tuple(before)


def _go_along(
    context: Context,
    work: Work,
    case_id: str,
    had: str,
    name: str,
    named: frozenset[str] | None,
) -> None:
    """What hangs on the officer in charge: her open tasks, and that she may look into the case."""
    if had and name:
        work.cursor.execute(
            'SELECT id FROM r_task WHERE "case" = ? AND who = ? AND done_on IS NULL '
            "AND voided IS NULL",
            (case_id, had),
        )
        for (task,) in work.cursor.fetchall():
            edit = Edit("task", task, {"who": name})
            work.journal.write(edit, context.info.officer_id, case_id)
    if named is None:
        return
    work.cursor.execute("SELECT name, officer_id FROM officer WHERE role <> ?", (LEFT,))
    known = dict(work.cursor.fetchall())
    wanted = set(named) - {known.get(had, "")}
    wanted.add(known.get(name, ""))
    wanted.discard("")
    if wanted and wanted != named:
        write_restriction(work, context, case_id, wanted)


@dataclass(frozen=True, slots=True)
class IssueSummaries(Command[Issued]):
    """The summaries of several cases as one paper to print; each is noted in its case."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "paper.issue"
    changes: ClassVar[frozenset[str]] = CASES

    case_ids: tuple[str, ...]
    to_officer: str

    def run(self, context: Context, work: Work) -> Issued:
        """See :class:`Command`."""
        extra = {"summary": {"to_officer": self.to_officer}}
        return IssueMany(self.case_ids, SUMMARY, extra).run(context, work)

    def target(self, result: Issued) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return ",".join(self.case_ids)
