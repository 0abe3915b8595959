"""What officers do with people received together: one reception, several cases.

Each person has a case of her own, with her own law, periods and papers. What ties them is a record
in each case (``group_member``); the whole group is never written in one place, so that a case that
moves takes nobody else along.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.i18n import N_, _
from traffick_desk.services.base import Command, Context, new_id
from traffick_desk.services.commands import CASES, NewCase, SaveRecords
from traffick_desk.services.errors import InvalidValues, NotHere, ServiceError
from traffick_desk.services.groups_read import group_of, may_see
from traffick_desk.services.roles import CASE_WRITE
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

# Without signs that are mistaken for each other when a code is read out.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8


class SameCase(ServiceError):
    """A case cannot be tied to itself."""

    text = N_("This is the same case. Nothing was changed. Please choose another one.")


class AlreadyTogether(ServiceError):
    """Both cases are in the group already."""

    text = N_(
        "Both cases belong together already. Nothing was changed. To say another relation, choose "
        "the person and change it."
    )


class AtAnotherDesk(ServiceError):
    """A case of another commune is tied by the desk that has both: its commune's, the province."""

    text = N_(
        "One of the cases is at another commune. Nothing was changed. The province can tie them."
    )


class NotTogether(ServiceError):
    """The case is in no group."""

    text = N_("This person does not belong to a group any more. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Tie:
    """With whom somebody was received, and what she is to that person.

    Attributes:
        to_case: the case of the other.
        relation: code of list ``group_relation``.
        accompanies: code of list ``answer``: under 18, and comes along with the other.
    """

    to_case: str
    relation: str = "received"
    accompanies: str = ""


@dataclass(frozen=True, slots=True)
class NewCaseWith(Command[str]):
    """Open a case of one more person of a group; answers with its id.

    Attributes:
        edits, draft: as of :class:`NewCase`.
        tie: with whom she was received.

    Raises:
        InvalidValues: a value cannot be; nothing was saved and the draft stays.
        NotHere, AtAnotherDesk: the other case is not here; nothing was saved.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.new"
    changes: ClassVar[frozenset[str]] = frozenset({"cases", "drafts"})

    edits: tuple[Edit, ...]
    tie: Tie
    draft: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        made = NewCase(self.edits, self.draft).run(context, work)
        _join(context, work, made, self.tie)
        return made

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return result


@dataclass(frozen=True, slots=True)
class JoinGroup(Command[tuple[str, ...]]):
    """Tie a case that there is already to another; answers with the records written.

    Attributes:
        case_id: whose person is said to be something to the other.

    Raises:
        SameCase, AlreadyTogether, AtAnotherDesk, NotHere: nothing was changed.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "group.join"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    tie: Tie

    def run(self, context: Context, work: Work) -> tuple[str, ...]:
        """See :class:`Command`."""
        return _join(context, work, self.case_id, self.tie)

    def target(self, result: tuple[str, ...]) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return f"{self.case_id},{self.tie.to_case}"


@dataclass(frozen=True, slots=True)
class ChangeRelation(Command[tuple[Edit, ...]]):
    """Say another relation of somebody of a group; answers with what takes it back.

    Attributes:
        case_id: whose relation it is.
        tie: what she is to whom, of the same group.

    Raises:
        NotTogether, SameCase: nothing was changed.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "group.relation"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    tie: Tie

    def run(self, context: Context, work: Work) -> tuple[Edit, ...]:
        """See :class:`Command`."""
        if self.case_id == self.tie.to_case:
            raise SameCase
        own, other = _members(work, self.case_id), _members(work, self.tie.to_case)
        code = next((code for code in own if code in other), "")
        if not code:
            raise NotTogether
        edits, back = [], []
        said = {
            "toward": other[code],
            "relation": self.tie.relation or None,
            "accompanies": self.tie.accompanies or None,
        }
        for of_group, record in own.items():
            # One relation is said of each person: of a second code for the same group it is taken.
            values = said if of_group == code else dict.fromkeys(said)
            before = work.journal.state("group_member", record).values
            edits.append(Edit("group_member", record, values))
            back.append(Edit("group_member", record, {n: before.get(n) for n in values}))
        SaveRecords(tuple(edits)).run(context, work)
        return tuple(back)


@dataclass(frozen=True, slots=True)
class LeaveGroup(Command[tuple[str, ...]]):
    """Take a case out of its group, with the reason; answers with the records, to undo it.

    Raises:
        InvalidValues: there is no reason.
        NotTogether: it is in none.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "group.leave"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    reason: str

    def run(self, context: Context, work: Work) -> tuple[str, ...]:
        """See :class:`Command`."""
        if not self.reason.strip():
            text = _("Please write down the reason in a few words.")
            raise InvalidValues((("group_member", "relation", text),))
        records = tuple(_members(work, self.case_id).values())
        if not records:
            raise NotTogether
        _void(context, work, "group_member", records, self.reason.strip())
        return records


@dataclass(frozen=True, slots=True)
class TakeBackRecords(Command[None]):
    """Take back records that were only just written, in one or several cases."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "records.take_back"
    changes: ClassVar[frozenset[str]] = CASES

    type: str
    ids: tuple[str, ...]

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        _void(context, work, self.type, self.ids, self.reason())

    def reason(self) -> str | None:
        """Why the records are not valid; ``None`` when they are."""
        return _("Taken back at once")

    def target(self, result: None) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return ",".join(self.ids)


@dataclass(frozen=True, slots=True)
class RestoreRecords(TakeBackRecords):
    """Make records valid again that were taken out together."""

    action: ClassVar[str] = "records.restore"

    def reason(self) -> str | None:
        """See :class:`TakeBackRecords`."""
        return None


@dataclass(frozen=True, slots=True)
class GiveToAll(Command[tuple[str, ...]]):
    """Write down that several persons were given the same; answers with the records.

    Attributes:
        case_ids: of the persons.
        values: fields of ``given_item``; of each person the same.

    Raises:
        InvalidValues: a value cannot be, or nobody was chosen; nothing was saved.
        NotHere: one of the cases has no person.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "group.give"
    changes: ClassVar[frozenset[str]] = CASES

    case_ids: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)

    def run(self, context: Context, work: Work) -> tuple[str, ...]:
        """See :class:`Command`."""
        if not self.case_ids or not self.values.get("item"):
            text = _("Please say what was given, and to whom.")
            raise InvalidValues((("given_item", "item", text),))
        edits = []
        for case in dict.fromkeys(self.case_ids):
            _frame(context, work, case)
            values = {**self.values, "case": case, "person": _main_person(work, case)}
            edits.append(Edit("given_item", new_id(), values))
        SaveRecords(tuple(edits)).run(context, work)
        return tuple(e.id for e in edits)

    def target(self, result: tuple[str, ...]) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return ",".join(self.case_ids)


# -- inner ----------------------------------------------------------------------------------------


def _join(context: Context, work: Work, case_id: str, tie: Tie) -> tuple[str, ...]:
    if case_id == tie.to_case:
        raise SameCase
    _frame(context, work, tie.to_case)
    _frame(context, work, case_id)
    group = group_of(context, work.cursor, tie.to_case)
    if group is not None and group.member(case_id) is not None:
        raise AlreadyTogether
    edits = []
    code, toward = next(iter(_members(work, tie.to_case).items()), ("", ""))
    if not code:
        code, toward = _new_code(work), new_id()
        edits.append(Edit("group_member", toward, {"case": tie.to_case, "code": code}))
    values = {"case": case_id, "code": code, "toward": toward, "relation": tie.relation or None}
    if tie.accompanies:
        values["accompanies"] = tie.accompanies
    given = {name: value for name, value in values.items() if value is not None}
    edits.append(Edit("group_member", new_id(), given))
    SaveRecords(tuple(edits)).run(context, work)
    return tuple(e.id for e in edits)


def _frame(context: Context, work: Work, case_id: str) -> None:
    """Refuse unless *case_id* is a case of a person that this desk may tie."""
    # The list of cases does not know yet what this very command has written.
    frame = work.journal.state("case", case_id)
    if frame.empty or frame.voided is not None or frame.values.get("stage") in TIP_STAGES:
        raise NotHere
    if not may_see(context, frame.values.get("unit")):
        raise AtAnotherDesk


def _members(work: Work, case_id: str) -> dict[str, str]:
    """Code of a group → the record that puts the case into it, the first of each."""
    work.cursor.execute(
        'SELECT code, id FROM r_group_member WHERE "case" = ? AND voided IS NULL '
        "AND code IS NOT NULL ORDER BY id DESC",
        (case_id,),
    )
    found = dict(work.cursor.fetchall())
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _main_person(work: Work, case_id: str) -> str:
    work.cursor.execute(
        "SELECT id FROM r_person WHERE \"case\" = ? AND role = 'main' AND voided IS NULL "
        "ORDER BY id",
        (case_id,),
    )
    row = work.cursor.fetchone()
    if row is None:
        raise NotHere
    return str(row[0])


def _void(
    context: Context, work: Work, type_name: str, ids: tuple[str, ...], reason: str | None
) -> None:
    if any(work.journal.state(type_name, record).empty for record in ids):
        raise NotHere
    SaveRecords(tuple(Edit(type_name, record, {VOID: reason}) for record in ids)).run(context, work)


def _new_code(work: Work) -> str:
    while True:
        code = "NH" + "".join(secrets.choice(_SIGNS) for _sign in range(_LENGTH))
        work.cursor.execute("SELECT 1 FROM r_group_member WHERE code = ?", (code,))
        if work.cursor.fetchone() is None:
            return code
