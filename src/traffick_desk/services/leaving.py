"""An officer leaves: all her open cases, with their tasks and deadlines, go to the next one.

Both confirm it, each with her own password. Where she is not there any more, whoever looks after
the officers of the desk confirms in her place, and that stands in each case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.i18n import N_, _
from traffick_desk.services import assess, reading
from traffick_desk.services.access import WrongPassword
from traffick_desk.services.base import Command, Context, Desk, Query, new_id
from traffick_desk.services.commands import CASES
from traffick_desk.services.due import is_due, words_of
from traffick_desk.services.errors import NotAllowed, ServiceError
from traffick_desk.services.handover import HandOver
from traffick_desk.services.officers import Officer, OfficersOfDesk, may_manage
from traffick_desk.services.roles import CASE_READ, CASE_WRITE, LEFT, may
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import slots
from traffick_desk.vault.errors import UnlockRefused


class NobodyToConfirm(ServiceError):
    """Who is to take over, or to give, has no way into this desk."""

    text = N_(
        "Who takes over must have a way into this desk and write cases, and must be another than "
        "who gives. Nothing was changed. Let her in first, in Settings."
    )


class NotConfirmed(ServiceError):
    """A password does not fit; says whose."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        text = _("The password of {name} is not right. Nothing was handed over. Please try again.")
        return text.format(name=self.name)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline or a task that goes along: what, and by when."""

    what: str
    due: str
    late: bool


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One open case that goes along."""

    case_id: str
    file_no: str
    stage: str
    opened_on: str
    clocks: tuple[Due, ...]
    tasks: tuple[Due, ...]
    requests: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All that goes from one officer to another, the most urgent case first."""

    giver: str
    cases: tuple[CaseLine, ...]

    @property
    def clocks(self) -> int:
        """How many deadlines run."""
        return sum(len(case.clocks) for case in self.cases)

    @property
    def tasks(self) -> int:
        """How many tasks are open."""
        return sum(len(case.tasks) for case in self.cases)

    @property
    def late(self) -> int:
        """How many of all these are late."""
        return sum(due.late for case in self.cases for due in (*case.clocks, *case.tasks))


@dataclass(frozen=True, slots=True)
class HandOverSummary(Query[Summary]):
    """What an officer is in charge of, before it goes to the next one.

    Attributes:
        giver: her name; "" for cases of nobody.
    """

    permission: ClassVar[str] = CASE_READ

    giver: str

    def run(self, context: Context, cursor: Any) -> Summary:
        """See :class:`Query`."""
        cursor.execute(
            "SELECT case_id, file_no, stage, opened_on FROM case_row "
            f"WHERE stage NOT IN ('closed', '') AND {reading.cases_only()} AND officer = ? "
            "ORDER BY due = '', due, file_no",
            (self.giver,),
        )
        rows = cursor.fetchall()
        return Summary(
            self.giver,
            tuple(
                CaseLine(
                    case, file_no, stage, opened_on,
                    _clocks(context, cursor, case), _tasks(context, cursor, case),
                    _requests(cursor, case),
                )
                for case, file_no, stage, opened_on in rows
            ),
        )  # fmt: skip


def _clocks(context: Context, cursor: Any, case: str) -> tuple[Due, ...]:
    cursor.execute("SELECT clock, due FROM deadline WHERE case_id = ? ORDER BY due", (case,))
    found = []
    for clock, due in cursor.fetchall():
        name = words_of(cursor, clock) if is_due(clock) else assess.clock_task(context, clock)[0]
        found.append(Due(name, due, due[:10] < context.today))
    return tuple(found)


def _tasks(context: Context, cursor: Any, case: str) -> tuple[Due, ...]:
    cursor.execute(
        'SELECT what, due FROM r_task WHERE "case" = ? AND done_on IS NULL AND voided IS NULL '
        "ORDER BY due, id",
        (case,),
    )
    return tuple(
        Due(what or "", due or "", bool(due) and due < context.today)
        for what, due in cursor.fetchall()
    )


def _requests(cursor: Any, case: str) -> int:
    cursor.execute(
        'SELECT count(*) FROM r_entitlement e WHERE e."case" = ? AND e.voided IS NULL AND '
        "NOT EXISTS (SELECT 1 FROM r_entitlement_decision d WHERE d.entitlement = e.id "
        "AND d.voided IS NULL)",
        (case,),
    )
    return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who confirmed a hand-over; made by :func:`hand_over` alone, once the passwords fit."""

    giver: str
    giver_id: str
    taker: str
    taker_id: str
    in_place: str = ""


@dataclass(frozen=True, slots=True)
class _HandOverAll(Command[tuple[str, ...]]):
    """Give cases with their tasks to another officer, and note in each who confirmed it."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.hand_over"
    changes: ClassVar[frozenset[str]] = CASES

    case_ids: tuple[str, ...]
    by: Confirmation

    def run(self, context: Context, work: Work) -> tuple[str, ...]:
        """See :class:`Command`."""
        by = self.by
        HandOver(self.case_ids, by.taker).run(context, work)
        for case in self.case_ids:
            values = {
                "case": case,
                "at": context.moment,
                "giver": by.giver or None,
                "giver_id": by.giver_id or None,
                "taker": by.taker,
                "taker_id": by.taker_id,
                "confirmed": "in_place" if by.in_place else "both",
                "in_place": by.in_place or None,
            }
            given = {key: value for key, value in values.items() if value is not None}
            edit = Edit("handover", new_id(), given)
            work.journal.write(edit, context.info.officer_id, case)
        return self.case_ids

    def target(self, result: tuple[str, ...]) -> str:
        """The cases."""
        return ",".join(result)


def takers(officers: tuple[Officer, ...]) -> tuple[Officer, ...]:
    """Who can take cases over: has a way in, and writes cases."""
    return tuple(o for o in officers if o.role != LEFT and may(o.role, CASE_WRITE))


def needs_in_place(officers: tuple[Officer, ...], giver: str) -> bool:
    """Whether nobody can confirm as *giver*, because she has no way in here."""
    return not any(o.name == giver and o.role != LEFT for o in officers)


def hand_over(
    desk: Desk,
    giver: str,
    taker_id: str,
    giver_password: str,
    taker_password: str,
    *,
    in_place: bool = False,
) -> tuple[str, ...]:
    """Give all open cases of an officer to another, once both have confirmed; about two seconds.

    Args:
        desk: of the officer who does it.
        giver: name of who is in charge now; "" for cases of nobody.
        taker_id: number of the officer who takes over.
        giver_password: hers; of the officer at the desk where she confirms *in place*.
        taker_password: of who takes over.
        in_place: the giver is not there, and the officer at the desk confirms for her.

    Returns:
        The cases that changed hands.

    Raises:
        NobodyToConfirm, NotConfirmed, NotAllowed: nothing was changed.
        VaultError, StoreError: in words; nothing was changed.
    """
    desk.require(CASE_WRITE)
    officers = desk.ask(OfficersOfDesk())
    taker = next((o for o in takers(officers) if o.officer_id == taker_id), None)
    if taker is None or taker.name == giver:
        raise NobodyToConfirm
    own = next(o for o in officers if o.own)
    leaving = next((o for o in officers if o.name == giver and o.role != LEFT), None)
    if leaving is None:
        in_place = True
    if in_place and not may_manage(officers, desk.info.role):
        raise NotAllowed
    _fits(desk, own if in_place or leaving is None else leaving, giver_password)
    _fits(desk, taker, taker_password)
    cases = tuple(case.case_id for case in desk.ask(HandOverSummary(giver)).cases)
    known = next((o.officer_id for o in officers if o.name == giver), "")
    by = Confirmation(giver, known, taker.name, taker.officer_id, own.name if in_place else "")
    if not cases:
        return ()
    return desk.do(_HandOverAll(cases, by))


def _fits(desk: Desk, officer: Officer, password: str) -> None:
    header = vault_header.read_header(desk.info.vault_path / vault_header.FILE_NAME)
    slot = header.officer(officer.officer_id)
    if slot is None:
        raise WrongPassword
    try:
        slots.unlock_with_password(header, slot.login, password).wipe()
    except UnlockRefused as error:
        raise NotConfirmed(officer.name) from error
