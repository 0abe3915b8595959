"""One entry of the directory: reading it, saving it, checking it, closing it."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from traffick_desk.domain.belonging import may_write_of_unit, unit_of
from traffick_desk.domain.codes_directory import ACTIVE
from traffick_desk.services import reading
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.directory import national
from traffick_desk.services.directory import values as typed
from traffick_desk.services.directory.write import TYPES, fresh_id, write
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.roles import DIRECTORY_READ, DIRECTORY_WRITE
from traffick_desk.services.unit_records import SettleUnitRecord
from traffick_desk.services.views import RecordView
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.record_state import columns_sql, load_state, state_from_row
from traffick_desk.store.store import Work

DIRECTORY = frozenset({"directory"})
# Our own choice and not the law's: no text that we know says how often such a list is checked.
CHECK_AFTER_MONTHS = 6


def months_later(day: date, months: int) -> date:
    """The same day *months* later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def check_months(context: Context, cursor: Any) -> tuple[int, bool]:
    """After how many months entries are checked again, and whether the province said so."""
    province = context.units.province_of(context.info.unit).id
    cursor.execute(
        "SELECT months FROM r_directory_rule WHERE unit = ? AND voided IS NULL AND months > 0 "
        "ORDER BY id LIMIT 1",
        (province,),
    )
    row = cursor.fetchone()
    return (int(row[0]), True) if row else (CHECK_AFTER_MONTHS, False)


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody found when an entry was checked; *unit* is who checked."""

    id: str
    on: str
    finding: str
    words: str
    by: str
    unit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One service with what was found about it.

    Attributes:
        record: its values; ``conflicts`` holds those that two desks wrote at once.
        remarks: checks, the newest first.
        checked_on: the newest day on which somebody found it right, or "".
        due_on: the day from which it is to be checked again.
        may_edit: whether this desk may change it.
        shipped: the program brings it; it is no record.
    """

    record: RecordView
    remarks: tuple[Remark, ...] = ()
    checked_on: str = ""
    due_on: str = ""
    may_edit: bool = False
    shipped: bool = False

    @property
    def id(self) -> str:
        """Of the service."""
        return self.record.id

    @property
    def trouble(self) -> Remark | None:
        """The newest check that found something wrong and was not settled since."""
        newest = self.remarks[0] if self.remarks else None
        if newest is None or newest.finding == "right" or newest.on < self.checked_on:
            return None
        return newest

    def get(self, name: str, default: Any = None) -> Any:
        """A value of the service."""
        return self.record.get(name, default)


def _remarks(cursor: Any, service_id: str) -> tuple[Remark, ...]:
    cursor.execute(
        "SELECT id, coalesce(found_on, ''), coalesce(finding, ''), coalesce(words, ''), "
        "coalesce(\"by\", ''), coalesce(unit, '') FROM r_service_remark "
        "WHERE service = ? AND voided IS NULL ORDER BY found_on DESC, substr(id, -36) DESC",
        (service_id,),
    )
    return tuple(Remark(*row) for row in cursor.fetchall())


def read(context: Context, cursor: Any, service_id: str) -> Entry:
    """One entry.

    Raises:
        NotHere: there is no such service in this vault.
    """
    if service_id == national.ID:
        return Entry(national.record(), shipped=True)
    state = load_state(cursor, context.store.registry["service"], service_id)
    if state.empty:
        raise NotHere
    record = reading.view(state)
    remarks = _remarks(cursor, service_id)
    right = [r.on for r in remarks if r.finding == "right"]
    checked = max([str(record.get("verified_on") or ""), *right])
    months, _own = check_months(context, cursor)
    due = ""
    if record.get("status") == ACTIVE:
        due = months_later(date.fromisoformat(checked), months).isoformat() if checked else "0000"
    return Entry(
        record,
        remarks,
        checked,
        due,
        may_write_of_unit(context.info.profile, context.info.unit, unit_of(service_id)),
    )


@dataclass(frozen=True, slots=True)
class OpenService(Query[Entry]):
    """One entry of the directory.

    Raises:
        NotHere: it is not in this vault.
    """

    permission: ClassVar[str] = DIRECTORY_READ

    id: str

    def run(self, context: Context, cursor: Any) -> Entry:
        """See :class:`Query`."""
        return read(context, cursor, self.id)


@dataclass(frozen=True, slots=True)
class SaveService(Command[str]):
    """Save an entry, a new one if *id* is empty; answers with its id.

    Attributes:
        values: the changed fields.
        base: heads as they were shown (see :class:`~traffick_desk.store.journal.Edit`).

    Raises:
        InvalidValues: a value cannot be; nothing was saved.
        NotYours: it is another unit's.
        NotHere: there is no such entry.
    """

    permission: ClassVar[str] = DIRECTORY_WRITE
    action: ClassVar[str] = "service.save"
    changes: ClassVar[frozenset[str]] = DIRECTORY

    values: Mapping[str, Any]
    id: str = ""
    base: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        known = work.journal.state("service", self.id) if self.id else None
        if known is not None and known.empty:
            raise NotHere
        before = dict(known.values) if known is not None else {"status": ACTIVE}
        changed = typed.tidy({**({} if known else before), **self.values})
        after = {**before, **changed}
        found = typed.problems({n: v for n, v in after.items() if v is not None})
        # What was wrong before must not keep other fields from being saved.
        wrong = [(n, words) for n, words in found.items() if known is None or n in changed
                 or (n == "status_reason" and "status" in changed)]  # fmt: skip
        if wrong:
            raise InvalidValues(tuple(("service", name, words) for name, words in wrong))
        record_id = self.id or fresh_id(context)
        write(context, work, (Edit("service", record_id, changed, self.base),))
        return record_id

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return result


@dataclass(frozen=True, slots=True)
class CheckService(Command[str]):
    """Write down that an entry was checked: right, wrong, or gone; answers with the check's id.

    Everybody may check every entry; who owns it sees what was found.

    Raises:
        NotHere: there is no such entry.
        InvalidValues: it is wrong, and nobody says in what.
    """

    permission: ClassVar[str] = DIRECTORY_WRITE
    action: ClassVar[str] = "service.check"
    changes: ClassVar[frozenset[str]] = DIRECTORY

    id: str
    finding: str
    words: str = ""
    on: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        from traffick_desk.i18n import _

        if work.journal.state("service", self.id).empty:
            raise NotHere
        if self.finding != "right" and not self.words.strip():
            text = _("Please say in a few words what is wrong, so that it can be mended.")
            raise InvalidValues((("service_remark", "words", text),))
        on, by = self.on or context.today, context.info.officer_name
        made = fresh_id(context)
        values = {
            "service": self.id,
            "found_on": on,
            "finding": self.finding,
            "words": self.words or None,
            "by": by,
        }
        given = {name: value for name, value in values.items() if value is not None}
        edits = [Edit("service_remark", made, given)]
        own = may_write_of_unit(context.info.profile, context.info.unit, unit_of(self.id))
        if own and self.finding == "right":
            edits.append(Edit("service", self.id, {"verified_on": on, "verified_by": by}))
        write(context, work, edits)
        return made

    def target(self, result: str) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return self.id


@dataclass(frozen=True, slots=True)
class SettleDirectory(SettleUnitRecord):
    """Choose between two values of one of them."""

    permission: ClassVar[str] = DIRECTORY_WRITE
    action: ClassVar[str] = "directory.settle"
    changes: ClassVar[frozenset[str]] = DIRECTORY
    types: ClassVar[frozenset[str]] = TYPES


@dataclass(frozen=True, slots=True)
class DropService(Command[None]):
    """Take an entry out of the directory with a reason; an empty reason puts it back."""

    permission: ClassVar[str] = DIRECTORY_WRITE
    action: ClassVar[str] = "service.void"
    changes: ClassVar[frozenset[str]] = DIRECTORY

    id: str
    reason: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        if work.journal.state("service", self.id).empty:
            raise NotHere
        write(context, work, (Edit("service", self.id, {VOID: self.reason or None}),))


@dataclass(frozen=True, slots=True)
class SetCheckMonths(Command[None]):
    """Province: after how many months each entry is to be checked again.

    Raises:
        InvalidValues: fewer than one or more than sixty.
        NotYours: this desk is not the province's.
    """

    permission: ClassVar[str] = DIRECTORY_WRITE
    action: ClassVar[str] = "directory.rule"
    changes: ClassVar[frozenset[str]] = DIRECTORY

    months: int

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        from traffick_desk.services.directory.write import NotYours

        if context.info.profile != "province":
            raise NotYours
        # One record for ever: two desks of the province that set it at once make a conflict
        # of two values, not two rules.
        record = f"{context.info.unit}/directory-rule"
        write(context, work, (Edit("directory_rule", record, {"months": self.months}),))


def all_entries(context: Context, cursor: Any) -> list[RecordView]:
    """Every valid service, in the order of their ids."""
    record_type = context.store.registry["service"]
    cursor.execute(
        f"SELECT {columns_sql(record_type)} FROM r_service WHERE voided IS NULL ORDER BY id"
    )
    return [reading.view(state_from_row(record_type, row)) for row in cursor.fetchall()]
