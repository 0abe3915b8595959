"""Units of prevention work: what was done as it is added up there, and who is in the teams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from traffick_desk.services.prevention.totals import Entry, entries, sum_up
from traffick_desk.services.statistics.sources import Sources, Unit


def _counted(sources: Sources) -> list[Entry]:
    """The entries that totals over the period count: none twice, none that reaches beyond it."""
    period = sources.scope.period
    since = date.fromisoformat(period.first) if period.first else date.min
    until = date.fromisoformat(period.last) if period.last else date.max
    found = entries(sources.cursor)
    wanted = {i for line in sum_up(found, since, until).lines for i in line.ids}
    return [e for e in found if e.id in wanted]


def _day(sources: Sources) -> str:
    """A day within the period: what is inside was found before."""
    period = sources.scope.period
    return period.last or period.first or sources.context.today


def work(sources: Sources) -> Iterator[Unit]:
    """One unit for each entry and figure in it: ``kind``, ``what``, ``amount``.

    A figure that an entry does not state is in no sum, as in the totals of the page.
    """
    day = _day(sources)
    for entry in _counted(sources):
        for name, count in entry.counts.items():
            if not count.known:
                continue
            yield Unit(
                f"{entry.id}:{name}",
                "",
                "",
                {
                    "kind": f"{entry.type}.{entry.kind}",
                    "what": name,
                    "amount": count.number,
                    "at_least": '"amount"' if count.at_least else "",
                    "unit": entry.unit,
                    "campaign": entry.campaign,
                    "day": day,
                },
            )


def cost(sources: Sources) -> Iterator[Unit]:
    """One unit for each entry: ``kind``, ``fund``, ``amount``; a cost not stated is not known."""
    day = _day(sources)
    for entry in _counted(sources):
        own = {
            "kind": f"{entry.type}.{entry.kind}",
            "fund": entry.fund,
            "amount": entry.cost.number if entry.cost.known else None,
            "unit": entry.unit,
            "day": day,
        }
        yield Unit(f"{entry.id}:cost", "", "", own)


def volunteers(sources: Sources) -> Iterator[Unit]:
    """One unit for each member of a team at the end of the period: ``role``, ``sex``, ``unit``."""
    day = _day(sources)
    columns = ["id", "unit", "role", "sex", "since", "left_on", "team"]
    for record, unit, role, sex, since, left, team in sources.rows("staff", columns):
        if team and (since or "") <= day and (not left or left > day):
            yield Unit(record, "", "", {"unit": unit, "role": role, "sex": sex, "day": day})
