"""What officers ask about figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk.reports.figures import TOTAL, Table
from traffick_desk.services import reading
from traffick_desk.services.base import Context, Query
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.statistics.builtin import REPORTS, TABLES
from traffick_desk.services.statistics.compute import Compilation
from traffick_desk.services.statistics.dimensions import dimensions
from traffick_desk.services.statistics.spec import Scope, TableSpec
from traffick_desk.services.statistics.subjects import subjects
from traffick_desk.services.views import CaseRow


@dataclass(frozen=True, slots=True)
class Statistics(Query[tuple[Table, ...]]):
    """Tables with every figure, for who may see the cases behind them.

    Raises:
        SpecRefused: one of them cannot be made.
    """

    permission: ClassVar[str] = CASE_READ

    specs: tuple[TableSpec, ...]
    scope: Scope = field(default_factory=Scope)

    def run(self, context: Context, cursor: Any) -> tuple[Table, ...]:
        """See :class:`Query`."""
        return Compilation(context, cursor, self.scope, self.specs).tables()


@dataclass(frozen=True, slots=True)
class ReportTables(Query[tuple[Table, ...]]):
    """The tables of a built-in report, computed together.

    Attributes:
        report: a key of ``builtin.REPORTS``.
    """

    permission: ClassVar[str] = CASE_READ

    report: str
    scope: Scope = field(default_factory=Scope)

    def run(self, context: Context, cursor: Any) -> tuple[Table, ...]:
        """See :class:`Query`."""
        specs = [TABLES[key] for key in REPORTS[self.report].tables]
        return Compilation(context, cursor, self.scope, specs).tables()


@dataclass(frozen=True, slots=True)
class CasesBehind(Query[tuple[CaseRow, ...]]):
    """The cases behind one figure. That they were looked up is logged."""

    permission: ClassVar[str] = CASE_READ
    logged: ClassVar[str] = "statistics.cases"

    spec: TableSpec
    row: str = TOTAL
    column: str = TOTAL
    scope: Scope = field(default_factory=Scope)

    def run(self, context: Context, cursor: Any) -> tuple[CaseRow, ...]:
        """See :class:`Query`."""
        compiled = Compilation(context, cursor, self.scope, [self.spec])
        wanted = compiled.cases(self.row, self.column)
        rows: list[CaseRow] = []
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            where = f"WHERE case_id IN ({marks}) ORDER BY sort_name, case_id"
            rows += reading.case_rows(cursor, where, part)
        return tuple(rows)

    def target(self) -> str:
        """Which table, never who."""
        return f"{self.spec.key or self.spec.subject}: {self.spec.rows} {self.spec.columns}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its key, its words, the group it stands in."""

    key: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a table builder offers for one subject."""

    subjects: tuple[Choice, ...]
    dimensions: tuple[Choice, ...]
    amounts: tuple[Choice, ...]
    days: tuple[str, ...]
    classes: dict[str, tuple[Choice, ...]]


@dataclass(frozen=True, slots=True)
class BuilderChoices(Query[Choices]):
    """What can be counted, and by what. Says nothing of any case."""

    permission: ClassVar[str] = CASE_READ

    subject: str = "person"

    def run(self, context: Context, cursor: Any) -> Choices:  # noqa: ARG002
        """See :class:`Query`."""
        from traffick_desk.i18n import _

        registry = context.store.registry
        known = subjects(registry)
        found = dimensions(self.subject, registry, context.pack)
        return Choices(
            tuple(Choice(s.name, s.shown_label()) for s in known.values()),
            tuple(Choice(d.key, d.shown_label(), d.shown_group()) for d in found.values()),
            tuple(Choice(k, _(label)) for k, label in known[self.subject].amounts.items()),
            known[self.subject].days,
            {
                d.key: tuple(Choice(c, d.word(c)) for c in d.codes)
                for d in found.values()
                if d.codes
            },
        )
