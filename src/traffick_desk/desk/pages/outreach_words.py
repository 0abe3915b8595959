"""Words of prevention: when, how many, in what state, and why a training is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from traffick_desk.desk import parsing
from traffick_desk.desk.page import PageCommand
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_prevention import ACTIVITY_COUNTS, MATERIAL_COUNTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _
from traffick_desk.services.prevention.lists import Found, OutreachRow
from traffick_desk.services.prevention.totals import Entry, stock
from traffick_desk.services.prevention.training import Due


def kind(entry: Entry) -> str:
    """The kind in words."""
    return SMALL_LISTS[f"{entry.type}_kind"].label(entry.kind)


def when(first: date, last: date) -> str:
    """A day, a month, a year or a span, as short as it can be said."""
    if first == last:
        return parsing.show_date(first)
    if (first.day, first.month, last.day, last.month) == (1, 1, 31, 12):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if first.day == 1 and (first.year, first.month) == (last.year, last.month) and last.day >= 28:
        return f"{first.month:02d}/{first.year}"
    return f"{parsing.show_date(first)} – {parsing.show_date(last)}"


def numbers(entry: Entry) -> str:
    """The counts that are known, in one line."""
    parts = []
    for name in ACTIVITY_COUNTS if entry.type == "activity" else MATERIAL_COUNTS:
        count = entry.counts[name]
        if count.known and (name != "times" or count.number != 1):
            label = SMALL_LISTS[f"{entry.type}_count"].label(name)
            parts.append(f"{label.lower()}: {count.shown()}")
    return " · ".join(parts)


def in_stock(made: Any, received: Any, handed_out: Any, least: set[str]) -> str:
    """What should be left of a material; "" when it cannot be told."""
    from traffick_desk.domain.counts import Count

    left, at_most = stock(
        Count.of(made, "made" in least),
        Count.of(received, "received" in least),
        Count.of(handed_out, "handed_out" in least),
    )
    if not left.known:
        return ""
    shown = parsing.show_integer(left.number)
    if at_most:
        return _("In stock: at most {n}").format(n=shown)
    return _("In stock: {n}").format(n=left.shown())


def state(row: OutreachRow) -> str:
    """The state in words; what is planned and past says so."""
    if row.late:
        return _("Planned, its day is over")
    return SMALL_LISTS["activity_state"].label(row.entry.state)


def tone(row: OutreachRow) -> str:
    """The tone of the state."""
    if row.late:
        return "late"
    return {"done": "ok", "planned": "due"}.get(row.entry.state, "")


def due(one: Due) -> str:
    """Why a training is due."""
    topic = SMALL_LISTS["activity_topic"].label(one.topic) if one.topic else ""
    if one.why == "new_post":
        return _("In a new post since {day}, not trained in it").format(
            day=parsing.show_date(one.since) if one.since else "?"
        )
    if one.why == "period":
        return _("{topic}: again since {day}").format(
            topic=topic, day=parsing.show_date(one.since) if one.since else "?"
        )
    return _("{topic}: never trained").format(topic=topic) if topic else _("Never trained")


def money(amount: int | None) -> str:
    """An amount, or that it is not known."""
    return _("not known") if amount is None else parsing.show_money(amount)


def prevention_hits(hits: Iterable[Found], go: Callable[..., object]) -> list[PageCommand]:
    """What the palette offers for records that a search finds."""
    found = []
    for hit in hits:
        kind_of = REGISTRY[hit.type].shown_label()
        year = f", {hit.when[:4]}" if hit.when else ""
        act = _goes_to(hit, go)
        found.append(PageCommand(f"{hit.title}   ({kind_of}{year})", act, "note"))
    return found


def _goes_to(hit: Found, go: Callable[..., object]) -> Callable[[], object]:
    if hit.type in {"activity", "material"}:
        return lambda: go("outreach_entry", type_name=hit.type, record=hit.id)
    tab = "teams" if hit.type == "volunteer_team" else "plans"
    return lambda: go("prevention", tab=tab)
