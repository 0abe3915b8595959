"""Figures for people who may not see cases: controlled, and remembered once they have left.

What was released is remembered in records of the unit (:mod:`.kept`): who was behind each cell (as
numbers made of ids, for comparing), and which cells were shown. So the desks of a province know
what each of them let out, and the province what its communes did.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, ClassVar

from traffick_desk.i18n import _
from traffick_desk.reports.disclosure import DEFAULT_THRESHOLD, Memory, Released
from traffick_desk.reports.disclosure.tables import follow, shown
from traffick_desk.reports.figures import Measure, Table
from traffick_desk.services.base import Command, Context, Desk, Query, new_id
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.roles import CASE_READ, FIGURES, RULES
from traffick_desk.services.statistics.compute import Compilation
from traffick_desk.services.statistics.kept import new_kept_id, packed, parts, unpacked
from traffick_desk.services.statistics.spec import Scope, TableSpec
from traffick_desk.services.statistics.subjects import open_subject
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work
from traffick_desk.sync.reports import Progress, quiet

_KEY = "report:release:"
_COUNTS = frozenset({Measure.RECORDS, Measure.PERSONS, Measure.CASES})


class ThresholdRefused(ServiceError):
    """A threshold that protects nobody, or hides everything."""

    def __str__(self) -> str:
        return _("The threshold must be from 3 to 100. Nothing was changed.")


def threshold(cursor: Any, today: str) -> int:
    """The least number that is shown, as the province set it last."""
    cursor.execute(
        "SELECT threshold FROM r_disclosure_rule WHERE voided IS NULL AND since <= ? "
        "ORDER BY since DESC, id DESC LIMIT 1",
        (today,),
    )
    row = cursor.fetchone()
    return int(row[0]) if row and row[0] else DEFAULT_THRESHOLD


# What a province may set as the least number of persons that is shown.
LEAST, MOST = 3, 100


@dataclass(frozen=True, slots=True)
class Threshold(Query[int]):
    """The least number that is shown in figures that leave."""

    permission: ClassVar[str] = FIGURES

    def run(self, context: Context, cursor: Any) -> int:
        """See :class:`Query`."""
        return threshold(cursor, context.today)


@dataclass(frozen=True, slots=True)
class SetThreshold(Command[str]):
    """The province says from which number on figures may leave; its communes follow.

    Raises:
        ThresholdRefused: it is not from 3 to 100.
    """

    permission: ClassVar[str] = RULES
    action: ClassVar[str] = "statistics.threshold"
    changes: ClassVar[frozenset[str]] = frozenset({"rules"})

    value: int
    note: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        if not LEAST <= self.value <= MOST:
            raise ThresholdRefused
        values = {"threshold": self.value, "since": context.today}
        if self.note:
            values["note"] = self.note
        record = new_id()
        edit = Edit("disclosure_rule", record, values)
        work.journal.write(edit, context.info.officer_id, None)
        return record


# --- the memory ------------------------------------------------------------------------------


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def _unpacked_old(text: str) -> frozenset[int]:
    raw = zlib.decompress(base64.b85decode(text))
    return frozenset(struct.unpack(f">{len(raw) // 8}Q", raw))


def _of_meta(found: Mapping[str, Any]) -> Released:
    members = {(row, column): _unpacked_old(text) for row, column, text in found["members"]}
    return Released(members, frozenset((r, c) for r, c in found["shown"]), found["kind"])


def _content(made: Sequence[Released]) -> str:
    """Tables as they are remembered: everybody once, cells as distances between their places."""
    people = sorted({p for table in made for group in table.members.values() for p in group})
    place = {person: n for n, person in enumerate(people)}

    def steps(group: frozenset[int]) -> list[int]:
        found = sorted(place[p] for p in group)
        return [b - a for a, b in pairwise([0, *found])]

    return packed(
        {
            "people": base64.b85encode(struct.pack(f">{len(people)}Q", *people)).decode(),
            "tables": [
                {
                    "kind": table.kind,
                    "shown": sorted(list(p) for p in table.shown),
                    "cells": [[*p, steps(g)] for p, g in sorted(table.members.items())],
                }
                for table in made
            ],
        }
    )


def _of_content(text: str) -> list[Released]:
    found = unpacked(text)
    raw = base64.b85decode(found["people"])
    people = struct.unpack(f">{len(raw) // 8}Q", raw)
    return [
        Released(
            {(r, c): frozenset(people[n] for n in accumulate(way)) for r, c, way in t["cells"]},
            frozenset((r, c) for r, c in t["shown"]),
            t["kind"],
        )
        for t in found["tables"]
    ]


def released_before(cursor: Any) -> list[Released]:
    """Every table that left this desk or one whose bundles bring it here, the oldest first.

    What left before version 0.2 lies in ``meta``. A release that cannot be read, or of which a
    part is missing, is passed over: it came from a desk that lies.
    """
    cursor.execute(f"SELECT value FROM meta WHERE key LIKE '{_KEY}%' ORDER BY key")
    made = [
        _of_meta(table) for (text,) in cursor.fetchall() for table in json.loads(text)["tables"]
    ]
    texts: dict[str, list[str]] = {}
    # In force even when voided: what left cannot be called back.
    cursor.execute(
        "SELECT coalesce(first, id), number, content FROM r_release ORDER BY substr(id, -36)"
    )
    for first, _number, content in cursor.fetchall():
        texts.setdefault(first, []).append(content or "")
    for pieces in texts.values():
        try:
            made += _of_content("".join(pieces))
        except (ValueError, KeyError, TypeError, IndexError, struct.error):
            continue
    return made


def _controlled(
    context: Context,
    cursor: Any,
    scope: Scope,
    specs: Sequence[TableSpec],
    progress: Progress = quiet,
) -> tuple[list[Table], list[Released]]:
    """The tables as they may leave now, and what would have to be remembered of them."""
    before = released_before(cursor)
    limit = threshold(cursor, context.today)
    registry = context.store.registry
    # Sums and medians are as safe as the number of persons behind them.
    counted = [
        s if s.measure in _COUNTS else replace(s, measure=Measure.PERSONS, amount="") for s in specs
    ]
    counts, groups = Compilation(context, cursor, scope, counted).with_groups(cache(_number))
    others = [s for s, c in zip(specs, counted, strict=True) if s is not c]
    whole = iter(Compilation(context, cursor, scope, others).tables() if others else ())
    tables: list[Table] = []
    made: list[Released] = []
    steps = zip(specs, counted, counts, groups, strict=True)
    for number, (spec, asked, table, found) in enumerate(steps):
        progress(number, len(counted), _("Looking for figures that tell of somebody…"))
        shown_table = table if spec is asked else next(whole)
        if open_subject(spec.subject, registry):
            tables.append(shown_table)
            continue
        members = {place: frozenset(group) for place, group in found.items()}
        kind = f"{spec.subject} {min(spec.rows, spec.columns)} {max(spec.rows, spec.columns)}"
        safe = Memory([*before, *made], limit).control(table, members, kind)
        made.append(Released(members, frozenset(shown(safe)), kind))
        tables.append(safe if spec is asked else follow(shown_table, safe))
    return tables, made


@dataclass(frozen=True, slots=True)
class ControlledTables(Query[tuple[Table, ...]]):
    """Tables as they may be seen by who may not see cases. Nothing is released by looking.

    An auditor sees the figures in this form alone.
    """

    permission: ClassVar[str] = FIGURES

    specs: tuple[TableSpec, ...]
    scope: Scope = field(default_factory=Scope)

    def run(self, context: Context, cursor: Any) -> tuple[Table, ...]:
        """See :class:`Query`."""
        return tuple(_controlled(context, cursor, self.scope, self.specs)[0])


@dataclass(frozen=True, slots=True)
class Prepared:
    """Tables that may leave, unless something else has left since.

    Attributes:
        tables: controlled.
        made: what is to be remembered of them.
        stamp: of the memory and the threshold that they were controlled against.
    """

    tables: tuple[Table, ...] = field(repr=False)
    made: tuple[Released, ...] = field(repr=False)
    stamp: tuple[Any, ...]


def _stamp(context: Context, cursor: Any) -> tuple[Any, ...]:
    cursor.execute(f"SELECT count(*), max(key) FROM meta WHERE key LIKE '{_KEY}%'")
    old = tuple(cursor.fetchone())
    cursor.execute("SELECT count(*), max(substr(id, -36)) FROM r_release")
    return (*old, *cursor.fetchone(), threshold(cursor, context.today))


@dataclass(frozen=True, slots=True)
class PrepareRelease(Query[Prepared]):
    """Control tables beside all other work; nothing is released by it."""

    permission: ClassVar[str] = CASE_READ

    specs: tuple[TableSpec, ...]
    scope: Scope = field(default_factory=Scope)
    progress: Progress = field(default=quiet, repr=False, compare=False)

    def run(self, context: Context, cursor: Any) -> Prepared:
        """See :class:`Query`."""
        tables, made = _controlled(context, cursor, self.scope, self.specs, self.progress)
        return Prepared(tuple(tables), tuple(made), _stamp(context, cursor))


def release(
    desk: Desk,
    specs: tuple[TableSpec, ...],
    scope: Scope,
    title: str,
    progress: Progress = quiet,
) -> tuple[Table, ...]:
    """Let tables leave without keeping others from saving while they are controlled.

    The control of a full report takes long. It runs as a reader; what is remembered is written
    in a moment, and if something else left meanwhile the tables are controlled once more.
    """
    prepared = desk.ask(PrepareRelease(specs, scope, progress))
    return desk.do(ReleaseTables(specs, scope, title, prepared))


@dataclass(frozen=True, slots=True)
class ReleaseTables(Command[tuple[Table, ...]]):
    """Let tables leave: controlled against all that left before, and remembered.

    Attributes:
        title: of the report, for the list of what was released.
        prepared: the tables as they were controlled beforehand; used if nothing left since.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "statistics.release"
    changes: ClassVar[frozenset[str]] = frozenset({"reports"})

    specs: tuple[TableSpec, ...]
    scope: Scope = field(default_factory=Scope)
    title: str = ""
    prepared: Prepared | None = field(default=None, repr=False, compare=False)

    def run(self, context: Context, work: Work) -> tuple[Table, ...]:
        """See :class:`Command`."""
        ready = self.prepared
        if ready is not None and ready.stamp == _stamp(context, work.cursor):
            tables, made = list(ready.tables), list(ready.made)
        else:
            tables, made = _controlled(context, work.cursor, self.scope, self.specs)
        texts = parts(_content(made))
        first = new_kept_id(context)
        for number, text in enumerate(texts, 1):
            values = {
                "at": context.moment,
                "officer": context.info.officer_name,
                "title": self.title or None,
                "first": first,
                "number": number,
                "parts": len(texts),
                "content": text,
            }
            record = first if number == 1 else new_kept_id(context)
            given = {n: v for n, v in values.items() if v is not None}
            work.journal.write(Edit("release", record, given), context.info.officer_id, None)
        return tuple(tables)

    def target(self, result: tuple[Table, ...]) -> str:
        """How many tables; the figures are in the memory."""
        return f"{len(result)} {self.scope.period.first}..{self.scope.period.last}"
