"""Making tables of units: one pass over them for each subject, however many tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from traffick_desk.domain.spine import Kind
from traffick_desk.i18n import _
from traffick_desk.reports.figures import EMPTY, TOTAL, Head, Measure, Table
from traffick_desk.reports.tabulate import Place, Tally, used
from traffick_desk.services.base import Context
from traffick_desk.services.statistics.dimensions import SHOWN_WHOLE, Dimension, dimensions
from traffick_desk.services.statistics.sources import Sources, Unit
from traffick_desk.services.statistics.spec import Scope, SpecRefused, TableSpec
from traffick_desk.services.statistics.subjects import DERIVED, Subject, subjects
from traffick_desk.services.veiling import LEFT_OUT
from traffick_desk.store import veil

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One unit with the classes it is in, for whoever needs more than the table."""

    unit: Unit
    rows: Codes
    columns: Codes


class _Plan:
    """One table with its dimensions looked up.

    Raises:
        SpecRefused: something in it is not known.
    """

    def __init__(self, context: Context, spec: TableSpec) -> None:
        registry = context.store.registry
        known = subjects(registry)
        if spec.subject not in known:
            raise SpecRefused(_("“{name}” cannot be counted.").format(name=spec.subject))
        self.spec, self.subject = spec, known[spec.subject]
        self._dimensions = dimensions(spec.subject, registry, context.pack)
        self.rows = self._find(spec.rows)
        self.columns = self._find(spec.columns) if spec.columns else None
        self.where = [(self._find(key), frozenset(codes)) for key, codes in spec.where.items()]
        self._check_amount()

    def _find(self, key: str) -> Dimension:
        found = self._dimensions
        if key in found:
            return found[key]
        # As it is typed: the last part alone, if the subject has one such dimension.
        for start in ("own", "person", "case"):
            if f"{start}.{key}" in found:
                return found[f"{start}.{key}"]
        near = [k for k in found if k.rpartition(".")[2] == key]
        if len(near) == 1:
            return found[near[0]]
        text = _("“{name}” is nothing to count by here. There are: {all}")
        raise SpecRefused(text.format(name=key, all=", ".join(found)))

    def _check_amount(self) -> None:
        spec, subject = self.spec, self.subject
        allowed = {
            Measure.SUM: tuple(subject.amounts),
            Measure.MEDIAN: subject.days,
        }.get(spec.measure)
        if allowed is not None and spec.amount not in allowed:
            text = _("“{name}” is no amount here. There are: {all}")
            raise SpecRefused(text.format(name=spec.amount, all=", ".join(allowed) or "–"))

    def needs(self) -> Iterator[tuple[str, str]]:
        for found in (self.rows, self.columns, *(d for d, _codes in self.where)):
            if found is not None and found.source:
                yield found.source, found.column
        yield "case", "unit"
        if self.subject.day != "received":
            yield "own", self.subject.day
        if self.spec.amount:
            yield "own", self.spec.amount
            yield "own", "at_least"

    def member(self, sources: Sources, unit: Unit) -> Member | None:
        for dimension, codes in self.where:
            if codes.isdisjoint(dimension.classes(sources, unit)):
                return None
        columns = self.columns.classes(sources, unit) if self.columns else ()
        return Member(unit, self.rows.classes(sources, unit), columns)


class Compilation:
    """Several tables over one scope, computed together.

    Args:
        context, cursor: of the query.
        scope: time and place.
        specs: the tables.

    Raises:
        SpecRefused: one of them cannot be made.
    """

    def __init__(
        self, context: Context, cursor: Any, scope: Scope, specs: Sequence[TableSpec]
    ) -> None:
        self._context, self.scope = context, scope
        self.plans = [_Plan(context, spec) for spec in specs]
        self.sources = Sources(context, cursor, scope)
        for plan in self.plans:
            for source, column in plan.needs():
                self.sources.need(source, column)
        self._own = {s: self._own_columns(s) for s in {p.spec.subject for p in self.plans}}
        self._places: dict[str, bool] = {}
        # Whether anything is hidden at all: whether it were among the counted would tell of it.
        self._left_out = bool(veil.hidden(cursor))

    def _own_columns(self, subject: str) -> list[str]:
        record = self._context.store.registry.get(subject)
        if record is None or subject in {"person", "case"}:
            return []
        needed = {c for p in self.plans if p.spec.subject == subject
                  for s, c in p.needs() if s == "own"}  # fmt: skip
        if not record.case_key:
            needed.add("unit")
        return sorted(needed & record.by_name.keys())

    # -- units -----------------------------------------------------------------------------

    def units(self, subject: Subject) -> Iterator[Unit]:
        """All units of a subject within the scope."""
        period = self.scope.period
        open_period = not (period.first or period.last)
        received = self.sources.received if subject.day == "received" else {}
        for unit in self._all(subject.name):
            if not open_period:
                day = (
                    received.get(unit.case, "")
                    if subject.day == "received"
                    else unit.own.get(subject.day) or ""
                )
                if day not in period:
                    continue
            if self._here(unit):
                yield unit

    def _all(self, name: str) -> Iterable[Unit]:
        if name in DERIVED:
            return DERIVED[name][1](self.sources)
        return self._records(name)

    def _records(self, name: str) -> Iterator[Unit]:
        record = self._context.store.registry[name]
        columns = self._own[name]
        keys = [record.case_key or "id", "person" if "person" in record.by_name else "id"]
        real = self.sources.real_cases
        tips = name == "tip"
        for row in self.sources.rows(name, ["id", *keys, *columns]):
            case = row[1] if record.case_key else ""
            if record.case_key and not tips and case not in real:
                continue
            person = row[0] if name == "person" else row[2] if keys[1] == "person" else ""
            yield Unit(row[0], case, person or "", dict(zip(columns, row[3:], strict=True)))

    def _here(self, unit: Unit) -> bool:
        wanted = self.scope.unit
        if not wanted:
            return True
        frame = self.sources.of("case", unit)
        place = frame.get("unit") or unit.own.get("unit") or ""
        if place not in self._places:
            self._places[place] = wanted in {place, self.sources.province(place)}
        return self._places[place]

    # -- answers ---------------------------------------------------------------------------

    def tables(self) -> tuple[Table, ...]:
        """All tables in the order of the specs."""
        return self.with_groups(None)[0]

    def with_groups(
        self, number: Callable[[str], int] | None
    ) -> tuple[tuple[Table, ...], list[dict[Place, set[int]]]]:
        """All tables, and for each who is in each cell of one row and one column.

        Args:
            number: makes a number of an id; without it nobody is noted.
        """
        groups: list[dict[Place, set[int]]] = [{} for _plan in self.plans]
        tallies = [Tally(p.spec.measure) for p in self.plans]
        for subject, numbers in self._by_subject().items():
            for unit in self.units(subjects(self._context.store.registry)[subject]):
                for n in numbers:
                    member = self._count(self.plans[n], tallies[n], unit)
                    if number is not None and member is not None:
                        who = number(self.who(n, unit))
                        for row in member.rows:
                            for column in member.columns or (TOTAL,):
                                groups[n].setdefault((row, column), set()).add(who)
        pairs = zip(self.plans, tallies, strict=True)
        return tuple(self._table(plan, tally) for plan, tally in pairs), groups

    def _by_subject(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, plan in enumerate(self.plans):
            found.setdefault(plan.spec.subject, []).append(number)
        return found

    def _count(self, plan: _Plan, tally: Tally, unit: Unit) -> Member | None:
        member = plan.member(self.sources, unit)
        if member is None:
            return None
        amount = unit.own.get(plan.spec.amount) if plan.spec.amount else None
        who = unit.case
        if plan.spec.measure is Measure.PERSONS:
            who = unit.person or self.sources.main_persons.get(unit.case, unit.case)
        at_least = f'"{plan.spec.amount}"' in (unit.own.get("at_least") or "")
        tally.add(member.rows, member.columns, who, amount, at_least=at_least)
        return member

    def who(self, plan: int, unit: Unit) -> str:
        """Id of what the measure of a table counts: a person, a case, or the record."""
        spec = self.plans[plan].spec
        person = unit.person or self.sources.main_persons.get(unit.case, "")
        if spec.measure is Measure.RECORDS:
            # Where the case is what is counted, it stands for the person in it.
            return person if spec.subject in {"person", "case"} and person else unit.id
        return person or unit.case or unit.id

    def members(self) -> Iterator[Member]:
        """The units of the only table with their classes."""
        (plan,) = self.plans
        for unit in self.units(plan.subject):
            member = plan.member(self.sources, unit)
            if member is not None:
                yield member

    def _table(self, plan: _Plan, tally: Tally) -> Table:
        cells = tally.cells()
        rows, columns = used(cells)
        spec = plan.spec
        return Table(
            title=self.title(plan),
            subject=plan.subject.shown_label(),
            row_title=plan.rows.shown_label(),
            rows=self._heads(plan.rows, rows),
            cells=cells,
            column_title=plan.columns.shown_label() if plan.columns else "",
            columns=self._heads(plan.columns, columns) if plan.columns else (),
            measure=spec.measure,
            unit=self._unit(plan),
            several_rows=plan.rows.several,
            several_columns=bool(plan.columns and plan.columns.several),
            notes=self._notes(spec),
            key=spec.key,
            across=spec.across,
        )

    def _notes(self, spec: TableSpec) -> tuple[str, ...]:
        found = [_(note) for note in spec.notes]
        return (*found, _(LEFT_OUT)) if self._left_out else tuple(found)

    def _unit(self, plan: _Plan) -> str:
        if plan.spec.measure is Measure.MEDIAN:
            return _("days")
        record = self._context.store.registry.get(plan.spec.subject)
        if plan.spec.subject in {"money", "prevention_cost"}:
            return "₫"
        if plan.spec.measure is Measure.SUM and record is not None:
            return "₫" if record[plan.spec.amount].kind is Kind.MONEY else ""
        return ""

    @staticmethod
    def title(plan: _Plan) -> str:
        """The title of a table: its own, or what is counted by what."""
        if plan.spec.title:
            return _(plan.spec.title)
        by = plan.rows.shown_label()
        if plan.columns is not None:
            by = _("{one} and {other}").format(one=by, other=plan.columns.shown_label())
        return _("{what} by {by}").format(what=plan.subject.shown_label(), by=by)

    def _heads(self, dimension: Dimension, found: set[str]) -> tuple[Head, ...]:
        listed = [c for c in dimension.codes if c in found or len(dimension.codes) <= SHOWN_WHOLE]
        rest = sorted(found - set(dimension.codes) - {EMPTY}, key=lambda c: (c.isdigit(), c))
        codes = [*listed, *rest, *([EMPTY] if EMPTY in found else [])]
        return tuple(Head(code, self._word(dimension, code)) for code in codes)

    def _word(self, dimension: Dimension, code: str) -> str:
        units = self._context.units
        return units.full_name(code) if "/" in code and code in units else dimension.word(code)


def cases_of(members: Iterable[Member], row: str, column: str = TOTAL) -> tuple[str, ...]:
    """Ids of the cases behind one cell, each once."""
    found = {
        m.unit.case: None
        for m in members
        if m.unit.case
        and (row == TOTAL or row in m.rows)
        and (column == TOTAL or column in m.columns)
    }
    return tuple(found)
