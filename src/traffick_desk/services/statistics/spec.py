"""What a table shows, as data: what is counted, by what, over which time, of which place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from traffick_desk.i18n import N_, _
from traffick_desk.reports.figures import Measure
from traffick_desk.services.errors import ServiceError

if TYPE_CHECKING:
    from traffick_desk.services.base import DeskInfo


class SpecRefused(ServiceError):
    """A table that cannot be made as it is asked for."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        text = _("The table cannot be made, nothing was changed: {problem}")
        return text.format(problem=self.problem)


RECEIVED = N_("Persons received in the period, each once; persons who came along are not counted.")


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both within; empty ends are open."""

    first: str = ""
    last: str = ""

    def __contains__(self, day: str) -> bool:
        if not (self.first or self.last):
            return True
        return bool(day) and self.first <= day[:10] and (not self.last or day[:10] <= self.last)

    def those(self, days: Iterable[str | None]) -> list[bool]:
        """For each of *days* whether it is within."""
        first, last = self.first, self.last or "9999"
        return [bool(day) and first <= day[:10] <= last for day in days]  # type: ignore[index]

    @classmethod
    def parse(cls, text: str) -> Self:
        """``2026``, ``2026-Q3``, ``2026-H1``, ``2026-11`` or ``2026-01-01..2026-06-30``.

        Raises:
            SpecRefused: it is no period.
        """
        try:
            return cls._parse(text.strip())
        except ValueError as error:
            problem = _(
                "“{text}” is no period. Please write 2026, 2026-Q3, 2026-H1, 2026-11 or "
                "2026-01-01..2026-06-30."
            )
            raise SpecRefused(problem.format(text=text)) from error

    @classmethod
    def _parse(cls, text: str) -> Self:
        if ".." in text:
            first, last = text.split("..", 1)
            days = [date.fromisoformat(d).isoformat() if d else "" for d in (first, last)]
            if days[1] and days[0] > days[1]:
                raise ValueError(text)
            return cls(*days)
        year, _dash, part = text.partition("-")
        if len(year) != 4 or not year.isdigit():
            raise ValueError(text)
        match part[:1]:
            case "":
                months = (1, 12)
            case "Q" if part[1:] in {"1", "2", "3", "4"}:
                months = (int(part[1:]) * 3 - 2, int(part[1:]) * 3)
            case "H" if part[1:] in {"1", "2"}:
                months = (int(part[1:]) * 6 - 5, int(part[1:]) * 6)
            case _ if part.isdigit() and len(part) == 2:
                months = (int(part), int(part))
            case _:
                raise ValueError(text)
        after = date(int(year) + months[1] // 12, months[1] % 12 + 1, 1)
        end = after - timedelta(days=1)
        return cls(date(int(year), months[0], 1).isoformat(), end.isoformat())

    def shown(self) -> str:
        """In words: the year, the month, or from when to when."""
        if not (self.first or self.last):
            return _("all the time")
        first, last = self.first, self.last
        for text, form in ((first[:4], _("year {n}")), (first[:7], _("month {n}"))):
            if first and self._same(text):
                year, _dash, month = text.partition("-")
                return form.format(n=f"{int(month)}/{year}" if month else year)
        return _("{first} to {last}").format(first=_day(first), last=_day(last))

    def _same(self, text: str) -> bool:
        return Period._parse(text) == self


def _day(day: str) -> str:
    return f"{day[8:10]}/{day[5:7]}/{day[:4]}" if day else "…"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table.

    Attributes:
        subject: record type that is counted, or one of ``subjects.DERIVED``.
        rows, columns: keys of dimensions; no columns: a table by one thing.
        measure: what a cell says.
        amount: field that a sum adds up, or days that a median is of.
        where: dimension → classes that count; all of them must hold.
        title: English source text; made of the rest if empty.
        notes: English source texts.
        key: name in the built-in set.
        across: the columns have a total; without meaning where they are of different kinds.
    """

    subject: str = "person"
    rows: str = "person.sex"
    columns: str = ""
    measure: Measure = Measure.RECORDS
    amount: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    title: str = ""
    notes: tuple[str, ...] = ()
    key: str = ""
    across: bool = True

    def of_the_received(self) -> TableSpec:
        """The same table without persons who came along, unless it says something of them."""
        named = {self.rows, self.columns, *self.where}
        if self.subject != "person" or named & {"person.role", "role"}:
            return self
        return replace(
            self, where={**self.where, "person.role": ("main",)}, notes=(*self.notes, RECEIVED)
        )

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "subject": self.subject,
            "rows": self.rows,
            "columns": self.columns,
            "measure": str(self.measure),
            "amount": self.amount,
            "where": {k: list(v) for k, v in sorted(self.where.items())},
            "title": self.title,
            "notes": list(self.notes),
            "key": self.key,
            "across": self.across,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The counterpart."""
        return cls(
            found["subject"],
            found["rows"],
            found["columns"],
            Measure(found["measure"]),
            found["amount"],
            {k: tuple(v) for k, v in found["where"].items()},
            found["title"],
            tuple(found["notes"]),
            found["key"],
            found["across"],
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """Over which time and of which place tables count.

    Attributes:
        unit: a commune or a province; empty: everything at this desk. At a commune that is
            more than its own: cases referred to it, cases that moved away, work of the province.
    """

    period: Period = Period()
    unit: str = ""

    def during(self, period: Period) -> Scope:
        """The same place over another time."""
        return replace(self, period=period)


def own_place(info: DeskInfo) -> str:
    """Of which place a desk reports: a commune of its own cases and work, a province of all.

    Who was referred from elsewhere is counted by the commune that has the case; so no person is
    in the reports of two communes, and the province comes to the same figures.
    """
    return info.unit if info.profile == "commune" else ""
