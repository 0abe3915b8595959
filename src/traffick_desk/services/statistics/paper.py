"""A report as a paper in the frame of Decree 30/2020, and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk import papers
from traffick_desk.domain.practice import MARK
from traffick_desk.i18n import _, speaking
from traffick_desk.reports.charts import chart
from traffick_desk.reports.figures import TOTAL, Table
from traffick_desk.reports.workbook import workbook
from traffick_desk.services import paper_facts
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.roles import CASE_READ, FIGURES
from traffick_desk.services.statistics.spec import Scope, own_place
from traffick_desk.store.store import Work

FORM = "noi-bo/bao-cao"


@dataclass(frozen=True, slots=True)
class ReportText:
    """What surrounds the tables.

    Attributes:
        title: of the report.
        scope: time and place.
        made: when the figures were counted; now if empty.
        before, after: what the officer wrote.
        controlled: small figures are withheld.
        charts: draw them.
    """

    title: str
    scope: Scope = field(default_factory=Scope)
    made: str = ""
    before: str = ""
    after: str = ""
    controlled: bool = False
    charts: bool = True


def scope_words(context: Context, scope: Scope) -> str:
    """Time and place in words."""
    unit = scope.unit or context.info.unit
    place = context.units.full_name(unit) if unit in context.units else unit
    if not scope.unit and own_place(context.info):
        place = _("{place} and what other places shared with it").format(place=place)
    return _("{period}; {place}").format(period=scope.period.shown(), place=place)


def _moment(text: str) -> str:
    return f"{text[11:16]} ngày {text[8:10]}/{text[5:7]}/{text[:4]}"


def report_facts(
    context: Context, cursor: Any, text: ReportText, tables: Sequence[Table]
) -> dict[str, Any]:
    """The facts of the form."""
    facts = dict(paper_facts.office_facts(context, cursor))
    facts["report"] = {
        "subject": text.title,
        "scope": scope_words(context, text.scope),
        "made": _moment(text.made or context.moment),
        "controlled": "x" if text.controlled else None,
        "before": _paragraphs(text.before),
        "after": _paragraphs(text.after),
    }
    facts["tables"] = [
        {
            "title": table.title,
            "matrix": matrix(table),
            "chart": chart(table) if text.charts else None,
            "notes": list(table.all_notes()),
        }
        for table in tables
    ]
    return facts


def _paragraphs(text: str) -> list[dict[str, str]]:
    return [{"text": line.strip()} for line in text.splitlines() if line.strip()]


def matrix(table: Table) -> dict[str, Any]:
    """A table as texts; rows that are 0 throughout are left out of long ones."""
    lines = list(table.lines())
    kept = [
        (head, figures)
        for head, figures in lines
        if len(lines) < 16 or head.code == TOTAL or any(f.value or f.hidden for f in figures)
    ]
    return {
        "heads": list(table.heads()),
        "rows": [[head.label, *(f.text() for f in figures)] for head, figures in kept],
        "total": True,
    }


def _pdf(
    context: Context, cursor: Any, text: ReportText, tables: Sequence[Table], *, draft: bool
) -> bytes:
    with speaking("vi"):
        return papers.render(FORM, report_facts(context, cursor, text, tables), draft=draft)


@dataclass(frozen=True, slots=True)
class PreviewReport(Query[bytes]):
    """The report as a draft, made in memory."""

    permission: ClassVar[str] = FIGURES

    text: ReportText
    tables: tuple[Table, ...] = field(repr=False)

    def run(self, context: Context, cursor: Any) -> bytes:
        """See :class:`Query`."""
        return _pdf(context, cursor, self.text, self.tables, draft=True)


@dataclass(frozen=True, slots=True)
class IssueReport(Command[bytes]):
    """The report to be printed or saved; that it was made stands in the log.

    Attributes:
        format: ``pdf`` or ``xlsx``.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "statistics.report"

    text: ReportText
    tables: tuple[Table, ...] = field(repr=False)
    format: str = "pdf"

    def run(self, context: Context, work: Work) -> bytes:
        """See :class:`Command`."""
        if self.format == "pdf":
            return _pdf(context, work.cursor, self.text, self.tables, draft=False)
        about = [
            *([MARK] if context.info.practice else []),
            scope_words(context, self.text.scope),
            _("Counted at {time}").format(time=_moment(self.text.made or context.moment)),
        ]
        return workbook(self.text.title, about, self.tables)

    def target(self, result: bytes) -> str:  # noqa: ARG002
        """See :class:`Command`: which format and how many tables, nothing of anybody."""
        return f"{self.format}: {len(self.tables)}"
