"""What officers do with tips: take, pass on, open as a case, join to one, close.

A tip is a record in a case of its own whose stage is ``tip``: it travels as any case does, between
the commune that took it and the province, and to nobody else. The case that comes of it, or that
it is joined to, is another: when that one moves or is referred, who told stays behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_tip import TIP, TIP_SETTLED, TIP_STAGES
from traffick_desk.i18n import N_, _
from traffick_desk.services import numbering
from traffick_desk.services.base import Command, Context, new_id
from traffick_desk.services.commands import CASES, NewCase, SaveRecords
from traffick_desk.services.errors import InvalidValues, NotHere, ServiceError
from traffick_desk.services.roles import CASE_WRITE
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

NEEDED = ("about", "channel", "urgency")
"""Without these a tip cannot be passed on."""
OF_THE_TELLER = ("teller", "teller_phone", "tell_back")


class TipSettled(ServiceError):
    """The tip became a case, was joined to one, or was closed already."""

    text = N_(
        "This tip is settled already. Nothing was changed. Open it again first if that was wrong."
    )


class LeftTheDesk(ServiceError):
    """What should be taken back is in a bundle already."""

    text = N_(
        "This has been exported already, so it cannot be taken back. Nothing was changed. "
        "Please close the case with a reason instead."
    )


@dataclass(frozen=True, slots=True)
class NewTip(Command[str]):
    """Take a tip; answers with the id of the case that holds it. Its draft is dropped with it.

    Attributes:
        values: fields of record ``tip``; what is asked of a teller is left out of an anonymous one.
        draft: key of the draft it was typed in.

    Raises:
        InvalidValues: a value cannot be, or what must be known is missing; nothing was saved.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "tip.new"
    changes: ClassVar[frozenset[str]] = frozenset({"cases", "drafts"})

    values: Mapping[str, Any]
    draft: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        record = context.store.registry["tip"]
        given = {name: value for name, value in self.values.items() if value not in (None, "")}
        if missing := [name for name in NEEDED if name not in given]:
            text = _("Please fill this in; without it the tip cannot be passed on.")
            raise InvalidValues(
                tuple(("tip", n, f"{record[n].shown_label()}: {text}") for n in missing)
            )
        at = given.setdefault("at", context.moment)
        if given.get("anonymous") == "yes":
            given = {name: v for name, v in given.items() if name not in OF_THE_TELLER}
        case_id, day = new_id(), str(at)[:10]
        info = context.info
        # A moment that is none is refused below, in words; the number goes back with it.
        year = int(day[:4]) if day[:4].isdecimal() else context.now().year
        frame = {
            "stage": TIP,
            "unit": info.unit,
            "officer": info.officer_name,
            "opened_on": day,
            "file_no": numbering.tip_number(work.cursor, info.device, info.unit, year),
        }
        tip = Edit("tip", new_id(), {"outcome": "open", **given, "case": case_id})
        SaveRecords((Edit("case", case_id, frame), tip), self.draft).run(context, work)
        return case_id

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return result


@dataclass(frozen=True, slots=True)
class TakeBackTip(Command[None]):
    """Take back a tip that was only just written; it stays readable in the journal (I4).

    Raises:
        LeftTheDesk: it has been exported.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "tip.take_back"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        _frame_of(work, self.case_id, TIP_STAGES)
        _not_left(work, self.case_id)
        reason = {VOID: _("Taken back at once")}
        tip = Edit("tip", _tip_of(work, self.case_id), reason)
        SaveRecords((tip, Edit("case", self.case_id, reason))).run(context, work)


@dataclass(frozen=True, slots=True)
class ForwardTip(Command[None]):
    """Note that the tip was passed on: to whom, when, how, and by when an answer is expected.

    Attributes:
        to: code of list ``tip_body``.
        at: moment, now by default.
        by: code of list ``channel``.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "tip.forward"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    to: str
    who: str = ""
    at: str = ""
    by: str = ""
    paper_no: str = ""
    answer_by: str = ""

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        values = {
            "forwarded_to": self.to,
            "forwarded_who": self.who or None,
            "forwarded_at": self.at or context.moment,
            "forwarded_by": self.by or None,
            "paper_no": self.paper_no or None,
            "answer_by": self.answer_by or None,
        }
        _save(context, work, self.case_id, values)


@dataclass(frozen=True, slots=True)
class AnswerTip(Command[None]):
    """Note what the body answered that the tip was passed on to."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "tip.answer"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    answer: str
    on: str = ""

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        values = {"answer": self.answer, "answered_on": self.on or context.today}
        _save(context, work, self.case_id, values)


@dataclass(frozen=True, slots=True)
class TipBecomesCase(Command[str]):
    """Open a case from an intake that a tip led to; answers with the id of the new case.

    The case gets a file number of its own and shows the tip; the tip is settled.

    Attributes:
        edits, draft: as of :class:`NewCase`.

    Raises:
        InvalidValues: a value cannot be; nothing was saved and the draft stays.
        TipSettled: something became of the tip already.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "tip.case"
    changes: ClassVar[frozenset[str]] = frozenset({"cases", "drafts"})

    case_id: str
    edits: tuple[Edit, ...]
    draft: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        _frame_of(work, self.case_id, (TIP,))
        made = NewCase(self.edits, self.draft).run(context, work)
        _settle(context, work, self.case_id, {"outcome": "case", "joined": made})
        return made


@dataclass(frozen=True, slots=True)
class TakeBackCase(Command[None]):
    """Take back the case that a tip has just become; the tip is open again.

    Raises:
        LeftTheDesk: the case has been exported.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "tip.take_back_case"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        tip = work.journal.state("tip", _tip_of(work, self.case_id)).values
        if tip.get("outcome") != "case":
            raise NotHere
        made = str(tip.get("joined") or "")
        _not_left(work, made)
        edits = (Edit("case", made, {VOID: _("Taken back at once")}),)
        SaveRecords(edits).run(context, work)
        _open(context, work, self.case_id)


@dataclass(frozen=True, slots=True)
class JoinTip(Command[None]):
    """Join a tip to a case that there is already: the case shows it, and the tip is settled.

    Raises:
        NotHere: there is no such case, or it is a tip itself.
        TipSettled: something became of the tip already.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "tip.join"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    to_case: str
    note: str = ""

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        _frame_of(work, self.case_id, (TIP,))
        work.cursor.execute("SELECT stage FROM case_row WHERE case_id = ?", (self.to_case,))
        row = work.cursor.fetchone()
        if row is None or row[0] in TIP_STAGES:
            raise NotHere
        values = {"outcome": "joined", "joined": self.to_case, "reason_note": self.note or None}
        _settle(context, work, self.case_id, values)


@dataclass(frozen=True, slots=True)
class CloseTip(Command[None]):
    """Close a tip of which nothing came, with the reason.

    Attributes:
        reason: code of list ``tip_reason``; ``other`` needs a note.

    Raises:
        InvalidValues: there is no reason.
        TipSettled: something became of the tip already.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "tip.close"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    reason: str
    note: str = ""

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        _frame_of(work, self.case_id, (TIP,))
        if not self.reason:
            raise InvalidValues((("tip", "reason", _("Please choose why the tip is closed.")),))
        if self.reason == "other" and not self.note.strip():
            text = _("Please write down the reason in a few words.")
            raise InvalidValues((("tip", "reason_note", text),))
        values = {"outcome": "closed", "reason": self.reason, "reason_note": self.note or None}
        _settle(context, work, self.case_id, values)


@dataclass(frozen=True, slots=True)
class ReopenTip(Command[None]):
    """Open a tip again that was joined or closed.

    Raises:
        NotHere: it is open, or a case came of it that is still there.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "tip.reopen"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        _frame_of(work, self.case_id, (TIP_SETTLED,))
        tip = work.journal.state("tip", _tip_of(work, self.case_id)).values
        if tip.get("outcome") == "case":
            work.cursor.execute("SELECT 1 FROM case_row WHERE case_id = ?", (tip.get("joined"),))
            if work.cursor.fetchone() is not None:
                raise NotHere
        _open(context, work, self.case_id)


# -- inner ----------------------------------------------------------------------------------------


def _frame_of(work: Work, case_id: str, stages: tuple[str, ...]) -> None:
    """Refuse unless *case_id* is a tip in one of *stages*."""
    work.cursor.execute("SELECT stage FROM case_row WHERE case_id = ?", (case_id,))
    row = work.cursor.fetchone()
    if row is None or row[0] not in TIP_STAGES:
        raise NotHere
    if row[0] not in stages:
        raise TipSettled if TIP in stages else NotHere


def _tip_of(work: Work, case_id: str) -> str:
    work.cursor.execute(
        'SELECT id FROM r_tip WHERE "case" = ? AND voided IS NULL ORDER BY id', (case_id,)
    )
    row = work.cursor.fetchone()
    if row is None:
        raise NotHere
    return str(row[0])


def _not_left(work: Work, case_id: str) -> None:
    work.cursor.execute(
        "SELECT 1 FROM journal WHERE case_id = ? "
        "AND pos <= (SELECT coalesce(max(sent_pos), 0) FROM link) LIMIT 1",
        (case_id,),
    )
    if work.cursor.fetchone() is not None:
        raise LeftTheDesk


def _save(context: Context, work: Work, case_id: str, values: Mapping[str, Any]) -> None:
    tip = _tip_of(work, case_id)
    SaveRecords((Edit("tip", tip, values),)).run(context, work)


def _settle(context: Context, work: Work, case_id: str, values: Mapping[str, Any]) -> None:
    # The reason in words too: what reads cases in general need not know tips.
    reason = SMALL_LISTS["tip_reason"].label(values.get("reason", "")) or SMALL_LISTS[
        "tip_outcome"
    ].label(values["outcome"])
    frame = {"stage": TIP_SETTLED, "closed_on": context.today, "closed_reason": reason}
    tip = Edit("tip", _tip_of(work, case_id), {**values, "settled_on": context.today})
    SaveRecords((Edit("case", case_id, frame), tip)).run(context, work)


def _open(context: Context, work: Work, case_id: str) -> None:
    frame = {"stage": TIP, "closed_on": None, "closed_reason": None}
    values = dict.fromkeys(("joined", "settled_on", "reason", "reason_note"))
    tip = Edit("tip", _tip_of(work, case_id), {"outcome": "open", **values})
    SaveRecords((Edit("case", case_id, frame), tip)).run(context, work)
