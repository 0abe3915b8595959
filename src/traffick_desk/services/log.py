"""Reading the log: who looked, changed, printed, exported, sent, unlocked, and what was refused.

The log names officers by id and cases by id; here both get the names by which people know them,
the file number for a case. Nothing of a case's content is in the log or is added to it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.i18n import _
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.log_words import KINDS, actions_of, kind_of, words_of
from traffick_desk.services.register.listing import WriteList
from traffick_desk.services.roles import CASE_WRITE, LOG_READ, OWN, may
from traffick_desk.store import veil
from traffick_desk.store.store import Work
from traffick_desk.store.tables import table_name

__all__ = ["KINDS", "ExportLog", "LogFilter", "LogLine", "LogPage", "ReadLog", "may_read"]

PAGE = 100
_MOST_CASES = 3
_DAY_ENDS = "~"
"""Stands after every time of a day."""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines of the log are read; what is empty does not count.

    Attributes:
        officer: id of an officer, or the name or what she types to unlock.
        kind: of :data:`KINDS`.
        case: file number, or a part of one.
        since, until: days, both within.
    """

    officer: str = ""
    kind: str = ""
    case: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log as people read it.

    Attributes:
        at: moment by the clock of the PC.
        officer: name; "" for what nobody did who was known.
        action: as the log has it; *words* say it.
        kind: of :data:`KINDS`.
        cases: file numbers of the cases it was about.
        about: what else it was about: another officer, a desk, a number.
    """

    number: int
    at: str
    officer: str
    action: str
    kind: str
    words: str
    cases: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some lines, the newest first, and how many the filter lets through.

    Attributes:
        officers: everybody of the desk, as (id, name).
    """

    lines: tuple[LogLine, ...]
    total: int
    officers: tuple[tuple[str, str], ...] = ()


def may_read(cursor: Any, role: str) -> bool:
    """Whether an officer of *role* may read the log of this desk.

    Where nobody has that task, whoever writes cases has it: most communes have one officer.
    """
    if may(role, LOG_READ):
        return True
    cursor.execute("SELECT role FROM officer")
    return may(role, CASE_WRITE) and not any(may(r, LOG_READ) for (r,) in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class MayReadLog(Query[bool]):
    """Whether the officer at this desk may read its log."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> bool:
        """See :class:`Query`."""
        return may_read(cursor, context.info.role)


@dataclass(frozen=True, slots=True)
class ReadLog(Query[LogPage]):
    """A page of the log; that it was read stands in it too.

    Raises:
        NotAllowed: it is for somebody else to read.
    """

    permission: ClassVar[str] = OWN
    logged: ClassVar[str] = "log.read"

    filter: LogFilter = field(default_factory=LogFilter)
    offset: int = 0
    limit: int = PAGE

    def run(self, context: Context, cursor: Any) -> LogPage:
        """See :class:`Query`."""
        if not may_read(cursor, context.info.role):
            raise NotAllowed
        where, values = _where(context, cursor, self.filter)
        cursor.execute(f"SELECT count(*) FROM audit {where}", values)
        total = int(cursor.fetchone()[0])
        cursor.execute(
            f"SELECT seq, at, officer, action, object FROM audit {where} "
            "ORDER BY seq DESC LIMIT ? OFFSET ?",
            (*values, self.limit, self.offset),
        )
        lines = _shown(context, cursor, cursor.fetchall())
        cursor.execute("SELECT officer_id, name FROM officer ORDER BY name")
        return LogPage(lines, total, tuple(cursor.fetchall()))


@dataclass(frozen=True, slots=True)
class ExportLog(Command[int]):
    """Write the lines that a filter lets through to a file that is not encrypted.

    Attributes:
        path: ends with ``.csv`` or ``.xlsx``.

    Raises:
        NotAllowed: it is for somebody else to read.
        ListNotWritten: the file could not be written; nothing is left of it.
    """

    permission: ClassVar[str] = OWN
    action: ClassVar[str] = "log.export"

    path: Path
    filter: LogFilter = field(default_factory=LogFilter)

    def run(self, context: Context, work: Work) -> int:
        """See :class:`Command`."""
        page = replace(ReadLog(self.filter), limit=-1).run(context, work.cursor)
        rows = tuple(
            (
                str(line.number), line.at, line.officer, line.words, line.action,
                ", ".join(line.cases), line.about,
            )
            for line in page.lines
        )  # fmt: skip
        WriteList(self.path, (), heads(), rows).run(context, work)
        return len(rows)

    def target(self, result: int) -> str:
        """How many lines."""
        return str(result)


def heads() -> tuple[str, ...]:
    """What stands above the columns of an exported log."""
    return (
        _("No."), _("When"), _("Officer"), _("What was done"), _("Name of the act"),
        _("Case"), _("Concerning"),
    )  # fmt: skip


def _where(context: Context, cursor: Any, wanted: LogFilter) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    if wanted.officer:
        parts.append(
            "officer IN (SELECT officer_id FROM officer WHERE ? IN (officer_id, login, name))"
        )
        values.append(wanted.officer)
    if wanted.kind:
        actions = actions_of(wanted.kind)
        parts.append(
            f"action {'NOT IN' if wanted.kind == 'changed' else 'IN'} "
            "(SELECT value FROM json_each(?))"
        )
        others = [a for kind in KINDS if kind != "changed" for a in actions_of(kind)]
        values.append(json.dumps(others if wanted.kind == "changed" else sorted(actions)))
    if wanted.since:
        parts.append("at >= ?")
        values.append(wanted.since)
    if wanted.until:
        parts.append("at < ?")
        values.append(wanted.until + _DAY_ENDS)
    if wanted.case:
        named = _named(context, cursor, wanted.case)
        # A line about several cases names them in a row; about a record, the record alone.
        parts.append(
            "EXISTS (SELECT 1 FROM json_each(?) WHERE value = object OR "
            "instr(',' || replace(object, ' ', ',') || ',', ',' || value || ',') > 0)"
        )
        values.append(json.dumps(sorted(named)))
    return (f"WHERE {' AND '.join(parts)}" if parts else ""), values


def _named(context: Context, cursor: Any, number: str) -> frozenset[str]:
    """Ids of the cases whose file number holds *number*, and of all their records."""
    cursor.execute(
        "SELECT case_id FROM case_row WHERE instr(upper(file_no), upper(?)) > 0", (number.strip(),)
    )
    cases = frozenset(case for (case,) in cursor.fetchall())
    return veil.ids_of(cursor, context.store.registry, cases)


def _shown(context: Context, cursor: Any, rows: list[Any]) -> tuple[LogLine, ...]:
    cursor.execute("SELECT officer_id, name FROM officer")
    officers = dict(cursor.fetchall())
    cursor.execute("SELECT device, label FROM device")
    desks = dict(cursor.fetchall())
    numbers = _numbers(context, cursor, {part for row in rows for part in _parts(row[4])})
    lines = []
    for seq, at, officer, action, obj in rows:
        cases = tuple(dict.fromkeys(numbers[p] for p in _parts(obj) if p in numbers))
        about = ""
        if not cases:
            about = officers.get(obj) or desks.get(obj.partition(".")[0]) or ""
        if action == "refused":
            about = obj.partition(" ")[0]
        elif not cases and not about and len(obj) < _SHORT and obj != context.info.vault_id:
            about = obj
        lines.append(
            LogLine(
                seq, at, officers.get(officer, officer), action, kind_of(action),
                words_of(action), cases, about,
            )
        )  # fmt: skip
    return tuple(lines)


_SHORT = 32
"""Longer than this are only ids, which tell nobody anything."""


def _parts(obj: str) -> list[str]:
    return obj.replace(",", " ").split()


def _numbers(context: Context, cursor: Any, parts: set[str]) -> dict[str, str]:
    """Ids of cases and of records → the file number of the case; hidden cases have one too."""
    wanted = json.dumps(sorted(parts))
    cursor.execute(
        "SELECT case_id, file_no FROM case_row WHERE case_id IN (SELECT value FROM json_each(?))",
        (wanted,),
    )
    found = dict(cursor.fetchall())
    for record_type in context.store.registry.of_cases():
        if record_type.case_key == "case":
            cursor.execute(
                f"SELECT r.id, c.file_no FROM {table_name(record_type.name)} r "
                'JOIN case_row c ON c.case_id = r."case" '
                "WHERE r.id IN (SELECT value FROM json_each(?))",
                (wanted,),
            )
            found.update(cursor.fetchall())
    return found
