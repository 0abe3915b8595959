"""Saying that two cases are of one person, and taking it back; each case stays whole.

Both cases get a record with the same ``tie`` and neither names the other, so that a commune
which may see only one of them learns no more than that there is another. Why two cases of
different communes are tied stays in words on the desk that said so, for the same reason.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.i18n import _
from traffick_desk.law import FactsError
from traffick_desk.law.caps import SCHOOL_YEAR
from traffick_desk.law.usage import stay_spans
from traffick_desk.services import assess
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.commands import CASES, SaveRecords
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.roles import CASE_READ, CASE_WRITE
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

_NAMESPACE = uuid.UUID("6f0c55b3-3c51-4a53-9a0e-8f0e2a1c7d11")
# Why two cases of different communes were tied or untied; it stays on this desk.
_WHY = "same:why:"


def tie_of(case_id: str, other_id: str) -> str:
    """The tie of two cases: the same whoever says so, and telling nothing of either.

    Two desks that tie the same cases write the same records, which merge.
    """
    return str(uuid.uuid5(_NAMESPACE, "/".join(sorted((case_id, other_id)))))


def record_of(tie: str, case_id: str) -> str:
    """The id of the record of *tie* in a case."""
    return str(uuid.uuid5(_NAMESPACE, f"{tie}/{case_id}"))


_TIED = """
    SELECT s.tie, o."case" FROM r_same_person s
    LEFT JOIN r_same_person o ON o.tie = s.tie AND o."case" <> s."case"
        AND o."case" IN (SELECT case_id FROM case_row)
    WHERE s."case" = ? AND s.voided IS NULL AND s.tie IS NOT NULL
        AND (o.id IS NULL OR o.voided IS NULL)
    ORDER BY s.said_on, s.tie
"""


def tied_cases(cursor: Any, case_id: str) -> dict[str, str]:
    """Other cases of the person, this desk has them or not: case id (or tie) → tie.

    Who is the same as the same is the same: ties are followed to their end.
    """
    found: dict[str, str] = {}
    waiting, seen = [case_id], {case_id}
    while waiting:
        cursor.execute(_TIED, (waiting.pop(0),))
        for tie, other in cursor.fetchall():
            if other is None:
                if tie not in found.values():
                    found[tie] = tie
            elif other not in seen:
                seen.add(other)
                waiting.append(other)
                found[other] = tie
    return found


@dataclass(frozen=True, slots=True)
class Stays:
    """Days of stay in one case, counted once each; *lasts* while one has no end yet."""

    days: int
    first: date | None = None
    last: date | None = None
    lasts: bool = False


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case of the same person, as far as this desk may see it.

    Attributes:
        tie: by which it is untied.
        case_id: "" when this desk does not have the case; then nothing of it is known.
        direct: whether it is tied to the case itself and not through a third.
        stays: what the law counts per person and is to be added by hand.
        school_years: support for school years that was approved there.
    """

    tie: str
    case_id: str = ""
    direct: bool = True
    file_no: str = ""
    unit: str = ""
    stage: str = ""
    opened_on: str = ""
    closed_on: str = ""
    officer: str = ""
    grounds: tuple[str, ...] = ()
    said_on: str = ""
    said_by: str = ""
    note: str = ""
    stays: Stays = Stays(0)
    school_years: int = 0


@dataclass(frozen=True, slots=True)
class OtherCases(Query[tuple[OtherCase, ...]]):
    """The other cases of the person of a case."""

    permission: ClassVar[str] = CASE_READ

    case_id: str

    def run(self, context: Context, cursor: Any) -> tuple[OtherCase, ...]:
        """See :class:`Query`."""
        cursor.execute(
            "SELECT tie, grounds, said_on, said_by, note FROM r_same_person "
            'WHERE "case" = ? AND voided IS NULL',
            (self.case_id,),
        )
        own = {row[0]: row[1:] for row in cursor.fetchall()}
        found = []
        for other, tie in tied_cases(cursor, self.case_id).items():
            said = own.get(tie)
            found.append(_other(context, cursor, "" if other == tie else other, tie, said))
        return tuple(sorted(found, key=lambda o: (o.opened_on or "9999", o.tie)))


def _other(
    context: Context, cursor: Any, case_id: str, tie: str, said: tuple[Any, ...] | None
) -> OtherCase:
    grounds, said_on, said_by, note = said or ("", "", "", "")
    known = OtherCase(
        tie,
        direct=said is not None,
        grounds=tuple(json.loads(grounds)) if grounds else (),
        said_on=said_on or "",
        said_by=said_by or "",
        note=note or _why(cursor, tie),
    )
    if not case_id:
        return known
    cursor.execute(
        "SELECT file_no, unit, stage, opened_on, closed_on, officer FROM r_case WHERE id = ?",
        (case_id,),
    )
    names = ("file_no", "unit", "stage", "opened_on", "closed_on", "officer")
    frame: dict[str, Any] = {n: v or "" for n, v in zip(names, cursor.fetchone(), strict=True)}
    if frame["stage"] != "closed":
        # The day of a closing that was taken back.
        frame["closed_on"] = ""
    return replace(
        known,
        case_id=case_id,
        stays=stays_of(context, cursor, case_id, frame["unit"]),
        school_years=_school_years(context, cursor, case_id),
        **frame,
    )


def _why(cursor: Any, tie: str) -> str:
    cursor.execute("SELECT value FROM meta WHERE key = ?", (_WHY + tie,))
    row = cursor.fetchone()
    return str(row[0]) if row else ""


def stays_of(context: Context, cursor: Any, case_id: str, unit: str) -> Stays:
    """The days of stay of the main person of a case up to today, each counted once."""
    today = context.now().date()
    for _case, _person, facts in assess.facts_of(context, cursor, {case_id: unit}, today):
        if isinstance(facts, FactsError):
            break
        spans = stay_spans(facts)
        if spans:
            return Stays(
                sum((end - start).days + 1 for start, end in spans),
                spans[0][0],
                spans[-1][1],
                any(stay.end is None for stay in facts.stays or ()),
            )
        break
    return Stays(0)


def _school_years(context: Context, cursor: Any, case_id: str) -> int:
    regimes = {f"{v.law}/{v.regime}" for v in context.pack.levels if v.unit == SCHOOL_YEAR}
    cursor.execute(
        "SELECT DISTINCT e.id, e.regime FROM r_entitlement e "
        "JOIN r_entitlement_decision d ON d.entitlement = e.id AND d.voided IS NULL "
        "WHERE e.\"case\" = ? AND e.voided IS NULL AND d.decision = 'approved'",
        (case_id,),
    )
    return sum(1 for _id, regime in cursor.fetchall() if regime in regimes)


# -- saying so, and taking it back -----------------------------------------------------------


def _unit_of(work: Work, case_id: str) -> str:
    """The commune of a case of a person.

    Raises:
        NotHere: there is no such case, or it is a tip.
    """
    state = work.journal.state("case", case_id)
    if state.empty or state.voided or state.values.get("stage") in TIP_STAGES:
        raise NotHere
    return str(state.values.get("unit") or "")


@dataclass(frozen=True, slots=True)
class TieCases(Command[str]):
    """Say that two cases are of one person; answers with the tie.

    Attributes:
        grounds: codes of list ``same_ground``.
        reason: why, in words. Between communes it stays on this desk.

    Raises:
        InvalidValues: it is one case, or neither grounds nor a reason were given.
        NotHere: one of them is not here, or is a tip.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.tie"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    other_id: str
    grounds: tuple[str, ...] = ()
    reason: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        reason = self.reason.strip()
        if self.case_id == self.other_id:
            raise _refused("tie", _("These are not two cases but one. Please choose another."))
        if not self.grounds and not reason:
            raise _refused("grounds", _("Please say by what you know that it is one person."))
        within = _unit_of(work, self.case_id) == _unit_of(work, self.other_id)
        tie = tie_of(self.case_id, self.other_id)
        values = {
            "tie": tie,
            "grounds": sorted(self.grounds) or None,
            "said_on": context.today,
            "said_by": context.info.officer_name,
            "note": reason if within and reason else None,
        }
        edits = [
            edit
            for case in (self.case_id, self.other_id)
            for edit in _tied(work, case, record_of(tie, case), values)
        ]
        SaveRecords(tuple(edits)).run(context, work)
        _keep_why(work, tie, "" if within else reason)
        # An answer given before is overtaken.
        work.cursor.execute("DELETE FROM meta WHERE key = ?", (f"same:answer:{tie}",))
        return tie

    def target(self, result: str) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return f"{self.case_id},{self.other_id}"


def _tied(work: Work, case: str, record: str, values: Mapping[str, Any]) -> Iterable[Edit]:
    known = work.journal.state("same_person", record)
    if known.voided is not None:
        yield Edit("same_person", record, {VOID: None})
    yield Edit("same_person", record, {"case": case, **values})


@dataclass(frozen=True, slots=True)
class UntieCases(Command[tuple[str, ...]]):
    """Say that a case is not of the same person after all; answers with the cases that are here.

    Raises:
        InvalidValues: no reason was given.
        NotHere: the case has no such tie.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.untie"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    tie: str
    reason: str

    def run(self, context: Context, work: Work) -> tuple[str, ...]:
        """See :class:`Command`."""
        reason = self.reason.strip()
        if not reason:
            raise _refused("note", _("Please write down why."))
        work.cursor.execute(
            'SELECT id, "case" FROM r_same_person WHERE tie = ? AND voided IS NULL ORDER BY id',
            (self.tie,),
        )
        records = work.cursor.fetchall()
        cases = tuple(case for _id, case in records)
        if self.case_id not in cases:
            raise NotHere
        within = len({_unit_of(work, case) for case in cases}) == 1 and len(cases) > 1
        told = reason if within else _("Not the same person after all")
        SaveRecords(
            tuple(Edit("same_person", record, {VOID: told}) for record, _case in records)
        ).run(context, work)
        if not within:
            _keep_why(work, self.tie, reason)
        return cases


def _keep_why(work: Work, tie: str, reason: str) -> None:
    if reason:
        work.cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_WHY + tie, reason))
    else:
        work.cursor.execute("DELETE FROM meta WHERE key = ?", (_WHY + tie,))


def _refused(field: str, text: str) -> InvalidValues:
    return InvalidValues((("same_person", field, text),))
