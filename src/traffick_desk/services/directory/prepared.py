"""Entries read from a file, before they are taken in: what is new, what changes, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk.domain.belonging import may_write_of_unit, unit_of
from traffick_desk.domain.codes_directory import ACTIVE
from traffick_desk.domain.text import fold
from traffick_desk.i18n import _
from traffick_desk.services.base import Command, Context
from traffick_desk.services.directory import values as typed
from traffick_desk.services.directory.entries import DIRECTORY, all_entries
from traffick_desk.services.directory.write import fresh_id, write
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.roles import DIRECTORY_WRITE
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Why one cell cannot be taken in.

    Attributes:
        row: as the spreadsheet counts, from 1; for JSON the number of the service.
        column: its heading, or the path in the JSON.
        cell: what stands there.
        text: what is wrong, in words.
    """

    row: int
    column: str
    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class PreparedEntry:
    """One service of the file.

    Attributes:
        row: where it stands.
        id: of the record it is or becomes.
        state: ``new``, ``changed``, ``same`` or ``wrong``.
        values: the fields that change.
        name: to show.
    """

    row: int
    id: str
    state: str
    values: Mapping[str, Any]
    name: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What taking a file in would do.

    Attributes:
        entries: one for each service of the file.
        problems: one for each cell that cannot be taken in; its row is left out.
        ignored: headings or parts that mean nothing here.
    """

    entries: tuple[PreparedEntry, ...]
    problems: tuple[CellProblem, ...] = ()
    ignored: tuple[str, ...] = ()

    def count(self, state: str) -> int:
        """How many entries are of this state."""
        return sum(entry.state == state for entry in self.entries)


def key_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """What two entries of one service have in common when neither has an id."""
    names = ("name", "organization", "place_unit", "address")
    return tuple(" ".join(fold(str(values.get(name) or "")).split()) for name in names)


@dataclass
class Preparing:
    """Compares what was read with what is here.

    Args:
        context: of the desk.
        cursor: of a reader.
    """

    context: Context
    cursor: Any
    entries: list[PreparedEntry] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read what is here."""
        found = all_entries(self.context, self.cursor)
        self._known: dict[str, Mapping[str, Any]] = {r.id: r.values for r in found}
        # Only what this desk may change is matched by its words.
        self._by_key = {
            key_of(r.values): r.id for r in reversed(found) if self._may(r.id) and r.values
        }
        self._by_tail = {r.id.rpartition("/")[2]: r.id for r in found}
        self._taken: dict[str, int] = {}
        self.cursor.execute("SELECT id FROM r_service WHERE voided IS NOT NULL")
        self._dropped = {record_id for (record_id,) in self.cursor.fetchall()}

    def _may(self, record_id: str) -> bool:
        info = self.context.info
        return may_write_of_unit(info.profile, info.unit, unit_of(record_id))

    def known_id(self, tail: str) -> str:
        """The whole id of a service of which only the last part is known, or ""."""
        return self._by_tail.get(tail, "")

    def add(
        self,
        row: int,
        given_id: str,
        values: Mapping[str, Any],
        wrong: list[CellProblem],
        columns: Mapping[str, str],
        *,
        clears: bool,
    ) -> None:
        """Take one service up.

        Args:
            row: where it stands.
            given_id: its id in the file, or "".
            values: field → value; ``None`` where the file has an empty cell.
            wrong: cells that could not be read.
            columns: field → heading, for saying where something is wrong.
            clears: whether an empty cell empties the field.
        """
        wrong = list(wrong)
        by_id = bool(given_id)
        record_id = given_id or self._by_key.get(key_of(values), "")
        known = self._known.get(record_id)
        if record_id and not self._may(record_id):
            text = _("This entry belongs to another unit and cannot be changed here.")
            wrong.append(CellProblem(row, columns.get("id", "id"), given_id, text))
        elif record_id in self._dropped:
            text = _("This entry was taken out of the directory. Put it back there first.")
            wrong.append(CellProblem(row, columns.get("id", "id"), given_id, text))
        if not (by_id and clears):
            values = {n: v for n, v in values.items() if v is not None}
        values = typed.tidy(values)
        before: Mapping[str, Any] = known if known is not None else {}
        after = {**before, **values}
        if known is None and not after.get("status"):
            after["status"] = values["status"] = ACTIVE
        record_id = record_id or fresh_id(self.context)
        unread = {p.column for p in wrong}
        for name, text in typed.problems({n: v for n, v in after.items() if v is not None}).items():
            column = columns.get(name, name)
            if column not in unread:
                wrong.append(CellProblem(row, column, str(values.get(name) or ""), text))
        if record_id in self._taken:
            text = _("The same service stands in row {row} already.").format(
                row=self._taken[record_id]
            )
            wrong.append(
                CellProblem(row, columns.get("name", "name"), str(after.get("name")), text)
            )
        self._taken.setdefault(record_id, row)
        changes = {n: v for n, v in values.items() if v != before.get(n) and n != "unit"}
        state = WRONG if wrong else NEW if known is None else CHANGED if changes else SAME
        self.problems += wrong
        self.entries.append(
            PreparedEntry(row, record_id, state, changes, str(after.get("name") or ""))
        )
        if known is None and state == NEW:
            self._by_key.setdefault(key_of(after), record_id)

    def done(self, ignored: tuple[str, ...] = ()) -> Prepared:
        """All that was taken up."""
        return Prepared(tuple(self.entries), tuple(self.problems), ignored)


class NothingToTake(ServiceError):
    """The file holds no service that can be taken in."""

    def __str__(self) -> str:
        return _(
            "Nothing in this file can be taken in, so nothing was changed. "
            "Please mend the cells that are named and try once more."
        )


@dataclass(frozen=True, slots=True)
class TakeServices(Command[tuple[int, int]]):
    """Take prepared entries in, all in one transaction; answers with how many are new, changed.

    Entries with a cell that cannot be are passed over.

    Raises:
        NothingToTake: there is nothing to take in.
        NotYours, InvalidValues: in words; nothing was changed.
    """

    permission: ClassVar[str] = DIRECTORY_WRITE
    action: ClassVar[str] = "directory.import"
    changes: ClassVar[frozenset[str]] = DIRECTORY

    entries: tuple[PreparedEntry, ...] = field(repr=False)

    def run(self, context: Context, work: Work) -> tuple[int, int]:
        """See :class:`Command`."""
        good = [e for e in self.entries if e.state in {NEW, CHANGED}]
        if not good and not any(e.state == SAME for e in self.entries):
            raise NothingToTake
        write(context, work, [Edit("service", e.id, dict(e.values)) for e in good])
        return sum(e.state == NEW for e in good), sum(e.state == CHANGED for e in good)

    def target(self, result: tuple[int, int]) -> str:
        """See :class:`Command`: how many, never from where."""
        return f"+{result[0]} ~{result[1]}"
