"""Making tables of units: they are read once for each subject, however many tables.

Units that agree in every column of a table are counted together, so classes are looked up for
each combination of values that occurs and not for each unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from traffick_desk.domain.spine import Kind
from traffick_desk.i18n import _
from traffick_desk.reports.figures import EMPTY, TOTAL, Head, Measure, Table
from traffick_desk.reports.tabulate import Place, Tally, used
from traffick_desk.services.base import Context
from traffick_desk.services.statistics.dimensions import SHOWN_WHOLE, Dimension, dimensions
from traffick_desk.services.statistics.sources import RECEIVED, Sources, Units
from traffick_desk.services.statistics.spec import Scope, SpecRefused, TableSpec
from traffick_desk.services.statistics.subjects import DERIVED, Subject, subjects
from traffick_desk.services.veiling import LEFT_OUT
from traffick_desk.store import veil

Codes = tuple[str, ...]
Key = tuple[Any, ...]
_Classes = Mapping[Key, tuple[Codes, Codes]]


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

    def all_dimensions(self) -> list[Dimension]:
        """What units are told apart by, in the order of :meth:`keys`."""
        last = [self.columns] if self.columns is not None else []
        return [*(d for d, _codes in self.where), self.rows, *last]

    def needs(self) -> Iterator[tuple[str, str]]:
        for found in self.all_dimensions():
            yield found.source, found.column
        if self.subject.day != "received":
            yield "own", self.subject.day
        if self.spec.amount:
            yield "own", self.spec.amount
            yield "own", "at_least"

    def keys(self, sources: Sources, units: Units) -> list[Key]:
        """For each unit its values in all columns of the table."""
        columns = [sources.column(units, d.source, d.column) for d in self.all_dimensions()]
        return list(zip(*columns, strict=True))

    def classes(self, sources: Sources, keys: Iterable[Key]) -> dict[Key, tuple[Codes, Codes]]:
        """The classes of each combination of values; without those that do not count."""
        found: dict[Key, tuple[Codes, Codes]] = {}
        width = len(self.where)
        for key in keys:
            if any(
                codes.isdisjoint(dimension.classes(sources, value))
                for (dimension, codes), value in zip(self.where, key, strict=False)
            ):
                continue
            columns = self.columns.classes(sources, key[-1]) if self.columns else ()
            found[key] = (self.rows.classes(sources, key[width]), columns)
        return found


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

    def units(self, subject: Subject) -> Units:
        """All units of a subject within the scope."""
        found = self._all(subject)
        period = self.scope.period
        if period.first or period.last:
            received = subject.day == "received"
            days = (
                self.sources.column(found, RECEIVED, "") if received else found.column(subject.day)
            )
            found = found.only(period.those(days))
        if self.scope.unit:
            frames = self.sources.columns("case")["unit"]
            places = [
                frames.get(case) or own or ""
                for case, own in zip(found.cases, found.column("unit"), strict=True)
            ]
            here = {place for place in set(places) if self._here(place)}
            found = found.only([place in here for place in places])
        return found

    def _all(self, subject: Subject) -> Units:
        if subject.name in DERIVED:
            return Units.of(DERIVED[subject.name][1](self.sources))
        if subject.name in {"person", "case"}:
            return self._people() if subject.name == "person" else self._cases()
        return self._records(subject)

    def _people(self) -> Units:
        cases, real = self.sources.columns("person")["case"], self.sources.real_cases
        ids = [person for person, case in cases.items() if case in real]
        return Units(ids, [cases[person] for person in ids], ids)

    def _cases(self) -> Units:
        real = self.sources.real_cases
        ids = [case for case in self.sources.columns("case")["unit"] if case in real]
        return Units(ids, ids, [""] * len(ids))

    def _records(self, subject: Subject) -> Units:
        name = subject.name
        record = self._context.store.registry[name]
        columns = self._own[name]
        case = [record.case_key] if record.case_key else []
        person = ["person"] if "person" in record.by_name else []
        names = ["id", *case, *person, *columns]
        within = self.sources.within(subject.day) if subject.day in record.by_name else ()
        rows = self.sources.rows(name, names, (), *within)
        if not rows:
            return Units([], [], [])
        by_name = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        ids, nothing = by_name["id"], [""] * len(rows)
        cases = by_name[case[0]] if case else nothing
        persons = [p or "" for p in by_name["person"]] if person else nothing
        found = Units(ids, cases, persons, {c: by_name[c] for c in columns})
        if not case or name == "tip":
            return found
        real = self.sources.real_cases
        return found.only([c in real for c in cases])

    def _here(self, place: str) -> bool:
        return self.scope.unit in {place, self.sources.province(place)}

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
        known = subjects(self._context.store.registry)
        for subject, numbers in self._by_subject().items():
            units = self.units(known[subject])
            for n in numbers:
                keys = self.plans[n].keys(self.sources, units)
                numbers_of = Counter(keys)
                classes = self.plans[n].classes(self.sources, numbers_of)
                self._count(self.plans[n], tallies[n], units, keys, numbers_of, classes)
                if number is not None:
                    self._note(groups[n], n, number, units, keys, classes)
        pairs = zip(self.plans, tallies, strict=True)
        return tuple(self._table(plan, tally) for plan, tally in pairs), groups

    def _by_subject(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, plan in enumerate(self.plans):
            found.setdefault(plan.spec.subject, []).append(number)
        return found

    def _count(
        self,
        plan: _Plan,
        tally: Tally,
        units: Units,
        keys: list[Key],
        numbers: Mapping[Key, int],
        classes: _Classes,
    ) -> None:
        measure, amount = plan.spec.measure, plan.spec.amount
        if measure in {Measure.PERSONS, Measure.CASES}:
            people = self.sources.people(units)
            who = units.cases
            if measure is Measure.PERSONS:
                who = [p or c for p, c in zip(people, units.cases, strict=True)]
            for key, those in _together(keys, who).items():
                if key in classes:
                    tally.add(*classes[key], who=those)
            return
        if measure is Measure.RECORDS:
            for key, number in numbers.items():
                if key in classes:
                    tally.add(*classes[key], number)
            return
        known: dict[Key, list[int]] = {key: [] for key in classes}
        least: set[Key] = set()
        mark = f'"{amount}"'
        bounds = units.own.get("at_least") or repeat("")
        for key, value, names in zip(keys, units.column(amount), bounds):  # noqa: B905 - endless
            if key not in known:
                continue
            if value is not None:
                known[key].append(value)
            if value is None or (names and mark in names):
                least.add(key)
        for key, values in known.items():
            if measure is Measure.MEDIAN:
                tally.add(*classes[key], values=values)
            else:
                tally.add(*classes[key], sum(values), at_least=key in least)

    def _note(
        self,
        group: dict[Place, set[int]],
        plan: int,
        number: Callable[[str], int],
        units: Units,
        keys: list[Key],
        classes: _Classes,
    ) -> None:
        for key, those in _together(keys, self._who(plan, units)).items():
            rows, columns = classes.get(key, ((), ()))
            numbers = {number(who) for who in those} if rows else set()
            for row in rows:
                for column in columns or (TOTAL,):
                    group.setdefault((row, column), set()).update(numbers)

    def _who(self, plan: int, units: Units) -> list[str]:
        """For each unit the id of what the measure counts: a person, a case, or the record."""
        spec = self.plans[plan].spec
        people = self.sources.people(units)
        if spec.measure is not Measure.RECORDS:
            return [p or c or i for p, c, i in zip(people, units.cases, units.ids, strict=True)]
        if spec.subject in {"person", "case"}:
            # Where the case is what is counted, it stands for the person in it.
            return [p or i for p, i in zip(people, units.ids, strict=True)]
        return units.ids

    def cases(self, row: str, column: str = TOTAL) -> tuple[str, ...]:
        """Ids of the cases behind one cell of the only table, each once."""
        (plan,) = self.plans
        units = self.units(plan.subject)
        keys = plan.keys(self.sources, units)
        wanted = {
            key
            for key, (rows, columns) in plan.classes(self.sources, set(keys)).items()
            if (row == TOTAL or row in rows) and (column == TOTAL or column in columns)
        }
        found = (case for case, key in zip(units.cases, keys, strict=True) if key in wanted)
        return tuple(dict.fromkeys(case for case in found if case))

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


def _together(keys: list[Key], who: list[str]) -> dict[Key, set[str]]:
    """Who has the same values."""
    found: dict[Key, set[str]] = {}
    for key, one in zip(keys, who, strict=True):
        if key in found:
            found[key].add(one)
        else:
            found[key] = {one}
    return found
