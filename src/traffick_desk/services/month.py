"""The monthly list for the chair: every case of the commune that was open in a month.

What was done is told by days of happening, not of entering. Deadlines are those that run now:
overdue ones, and those that end up to the end of the month after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from traffick_desk import papers
from traffick_desk.domain.lists import code_list
from traffick_desk.i18n import speaking
from traffick_desk.services import assess, paper_facts
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.due import is_due, kind_words
from traffick_desk.services.papers import MONTHLY, Issued
from traffick_desk.services.printed import Facts
from traffick_desk.services.reading import cases_only
from traffick_desk.services.roles import CASE_READ
from traffick_desk.store import audit
from traffick_desk.store.store import Work

Dated = tuple[str, str, str]
"""Case, day and what was done on it."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of *day*."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """``2026-10`` or ``10/2026``.

        Raises:
            ValueError: it is no month.
        """
        parts = text.strip().replace("/", "-").split("-")
        if len(parts) != 2 or not all(p.isascii() and p.isdigit() for p in parts):
            raise ValueError(text)
        first, second = parts
        year, month = (first, second) if len(first) == 4 else (second, first)
        return cls.of(date(int(year), int(month), 1))

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Month:
        """The month after."""
        return Month.of(self.first + timedelta(days=31))

    @property
    def before(self) -> Month:
        """The month before."""
        return Month.of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        # Decree 30/2020, Annex I: months 1 and 2 have a leading zero.
        shown = f"{self.month:02d}" if self.month < 3 else str(self.month)
        return f"{shown} năm {self.year}"


@dataclass(frozen=True, slots=True)
class PreviewMonthlyList(Query[Issued]):
    """A draft of the list, made in memory.

    Attributes:
        year, month: which month.
        with_names: print full names beside file numbers.
    """

    permission: ClassVar[str] = CASE_READ

    year: int
    month: int
    with_names: bool = False

    def run(self, context: Context, cursor: Any) -> Issued:
        """See :class:`Query`."""
        return _render(context, cursor, self, draft=True)


@dataclass(frozen=True, slots=True)
class IssueMonthlyList(Command[Issued]):
    """The list to be printed or saved; that it was made stands in the log, in no case."""

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "paper.month"

    year: int
    month: int
    with_names: bool = False

    def run(self, context: Context, work: Work) -> Issued:
        """See :class:`Command`."""
        return _render(context, work.cursor, self, draft=False)

    def target(self, result: Issued) -> str:  # noqa: ARG002 - it is about no single case
        """See :class:`Command`."""
        return f"{self.year:04d}-{self.month:02d}"


def _render(
    context: Context, cursor: Any, wanted: PreviewMonthlyList | IssueMonthlyList, *, draft: bool
) -> Issued:
    month = Month(wanted.year, wanted.month)
    facts = monthly_facts(context, cursor, month, with_names=wanted.with_names)
    missing = papers.missing_facts(MONTHLY, facts)
    return Issued(papers.render(MONTHLY, facts, draft=draft), "", missing)


def monthly_facts(context: Context, cursor: Any, month: Month, *, with_names: bool) -> Facts:
    """The facts of the list for the unit of this desk."""
    with speaking("vi"):
        return _facts(context, cursor, month, with_names=with_names)


def _facts(context: Context, cursor: Any, month: Month, *, with_names: bool) -> Facts:
    first, last = month.first.isoformat(), month.last.isoformat()
    cursor.execute(
        "SELECT c.id, c.file_no, w.name, c.stage, c.opened_on, c.closed_on FROM case_row w "
        "JOIN r_case c ON c.id = w.case_id WHERE w.unit = ? AND c.opened_on <= ? "
        "AND (c.closed_on IS NULL AND c.stage <> 'closed' OR c.closed_on >= ?) "
        f"AND {cases_only('w')} ORDER BY c.file_no",
        (context.info.unit, last, first),
    )
    cases = cursor.fetchall()
    done = _by_case(_done(cursor, context, first, last))
    due, late, soon = _due(context, cursor, month)
    waiting = _by_case(_waiting(context, cursor))
    rows = []
    for case, file_no, name, stage, opened_on, closed_on in cases:
        label = code_list("stage").label(stage)
        closed = closed_on is not None and closed_on <= last
        rows.append(
            {
                "case": [
                    file_no,
                    *([name] if with_names and name else []),
                    f"{label}, ngày {_short(closed_on)}" if closed else label,
                    f"mở ngày {_short(opened_on)}",
                ],
                "done": done.get(case, []),
                "due": due.get(case, []),
                "waiting": waiting.get(case, []),
            }
        )
    shown = {row[0] for row in cases}
    facts = paper_facts.office_facts(context, cursor)
    facts["rows"] = rows
    facts["month"] = {
        "name": str(month),
        "until": month.next.last,
        "total": len(rows),
        "opened": sum(row[4] >= first for row in cases),
        "closed": sum(row[5] is not None and row[5] <= last for row in cases),
        "late": sum(late.get(case, 0) for case in shown),
        "due": sum(soon.get(case, 0) for case in shown),
        "waiting": sum(len(lines) for case, lines in waiting.items() if case in shown),
        # Signed on paper, it proves later that the log up to here was not changed.
        "log": audit.short(audit.head(cursor)),
    }
    return facts


def _short(day: str) -> str:
    """``02/3/2026`` from the stored form."""
    found = date.fromisoformat(day[:10])
    return f"{found.day:02d}/{found.month:02d}/{found.year}"


def _by_case(lines: Iterable[Dated]) -> dict[str, list[str]]:
    """Case → its lines in the order of their days, ``02/03: …``."""
    found: dict[str, list[str]] = {}
    for case, day, words in sorted(lines):
        found.setdefault(case, []).append(f"{day[8:10]}/{day[5:7]}: {words}")
    return found


def _done(cursor: Any, context: Context, first: str, last: str) -> Iterator[Dated]:
    """What happened from *first* to *last*, told by the kind of record alone."""

    def among(table: str, column: str, shown: str) -> list[tuple[str, str, Any]]:
        cursor.execute(
            f'SELECT "case", {column}, {shown} FROM r_{table} '
            f"WHERE substr({column}, 1, 10) BETWEEN ? AND ? AND voided IS NULL",
            (first, last),
        )
        return [(case, day[:10], value) for case, day, value in cursor.fetchall()]

    labels = {name: code_list(name) for name in ("step", "victim_status", "stay_kind")}
    for case, day, kind in among("step", "at", "kind"):
        yield case, day, labels["step"].label(kind)
    for case, day, _at in among("reception", "at", "at"):
        yield case, day, "Tiếp nhận"
    for case, day, status in among("status", "since", "status"):
        yield case, day, labels["victim_status"].label(status)
    for case, day, kind in among("stay", "since", "kind"):
        yield case, day, labels["stay_kind"].label(kind)
    for case, day, _on in among("journey_home", "leaves_on", "leaves_on"):
        yield case, day, "Về nơi cư trú"
    given: dict[tuple[str, str], int] = {}
    for case, day, _on in among("given_item", "given_on", "given_on"):
        given[case, day] = given.get((case, day), 0) + 1
    for (case, day), count in given.items():
        yield case, day, f"Cấp {count:02d} loại đồ dùng, hỗ trợ"
    for case, day, regime in among("entitlement", "requested_on", "regime"):
        yield case, day, f"Đề nghị: {_lower(assess.regime_label(context, regime))}"
    cursor.execute(
        'SELECT d."case", d.decided_on, d.decision, e.regime FROM r_entitlement_decision d '
        "JOIN r_entitlement e ON e.id = d.entitlement "
        "WHERE d.decided_on BETWEEN ? AND ? AND d.voided IS NULL",
        (first, last),
    )
    for case, day, decision, regime in cursor.fetchall():
        said = "Tỉnh duyệt" if decision == "approved" else "Tỉnh trả lại"
        yield case, day, f"{said}: {_lower(assess.regime_label(context, regime))}"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _due(
    context: Context, cursor: Any, month: Month
) -> tuple[dict[str, list[str]], dict[str, int], dict[str, int]]:
    """Running deadlines by case in words, and how many are overdue and how many to come."""
    today, until = context.today, month.next.last.isoformat()
    cursor.execute(
        "SELECT d.case_id, d.due, d.clock FROM deadline d JOIN case_row c USING (case_id) "
        "WHERE c.unit = ? AND c.stage <> 'closed' AND d.due < ? ORDER BY d.due, d.clock",
        (context.info.unit, f"{max(today, until)}~"),
    )
    words: dict[str, list[str]] = {}
    late: dict[str, int] = {}
    soon: dict[str, int] = {}
    for case, due, clock in cursor.fetchall():
        overdue = due[:10] < today
        if not overdue and due[:10] > until:
            continue
        count = late if overdue else soon
        count[case] = count.get(case, 0) + 1
        rule = context.pack.clocks.get(clock)
        label = str(rule.label) if rule else kind_words(clock) if is_due(clock) else clock
        source = f" ({'; '.join(str(c) for c in rule.cite[:1])})" if rule else ""
        head = "QUÁ HẠN " if overdue else ""
        words.setdefault(case, []).append(f"{head}{_short(due)}: {label}{source}")
    return words, late, soon


def _waiting(context: Context, cursor: Any) -> Iterator[Dated]:
    """Requests that the province has not answered."""
    cursor.execute(
        'SELECT e."case", e.requested_on, e.regime FROM r_entitlement e '
        'JOIN case_row c ON c.case_id = e."case" WHERE c.unit = ? AND e.voided IS NULL '
        "AND NOT EXISTS (SELECT 1 FROM r_entitlement_decision d "
        "WHERE d.entitlement = e.id AND d.voided IS NULL)",
        (context.info.unit,),
    )
    for case, day, regime in cursor.fetchall():
        yield case, day, assess.regime_label(context, regime)
