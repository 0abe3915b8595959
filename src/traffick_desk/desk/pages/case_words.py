"""How a row of the list of cases reads."""

from __future__ import annotations

from datetime import date
from typing import Any

from traffick_desk.desk.pages.today_words import day_of, distance
from traffick_desk.desk.parsing import show_date
from traffick_desk.domain.lists import code_list
from traffick_desk.domain.values import PartialDate
from traffick_desk.i18n import N_, _
from traffick_desk.services.views import TipLine

SOON_DAYS = 7
_SYNC = {
    "here": (N_("saved here"), "check", "muted"),
    "carried": (N_("on the way"), "stick", "accent"),
    "received": (N_("received"), "ok", "ok"),
}


def tip_state(tip: TipLine | None) -> str:
    """How far a tip is: not passed on, passed on, answered, or what became of it."""
    if tip is None:
        return ""
    if tip.outcome and tip.outcome != "open":
        words = label("tip_outcome", tip.outcome)
        return words[:1].lower() + words[1:]
    if tip.answered:
        return _("answered")
    return _("passed on") if tip.passed_on else _("not passed on yet")


def tip_words(tip: TipLine) -> str:
    """What stands in place of a name: how urgent, and where."""
    urgency = label("tip_urgency", tip.urgency)
    return f"{urgency} · {tip.place}" if tip.place else urgency


def born(row: Any, today: date) -> str:
    """Birth as known, and the age: ``11/2009 (17)``, ``~1994 (31–32)``."""
    if row.tip is not None or row.hidden:
        return ""
    if not row.birth:
        return _("not known yet")
    try:
        birth = PartialDate.parse(row.birth)
    except ValueError:
        return str(row.birth)
    youngest, oldest = birth.ages_on(today)
    ages = str(oldest) if youngest == oldest else f"{youngest}–{oldest}"
    return f"{birth.shown()} ({ages})"


def label(list_name: str, code: str) -> str:
    """The words of a code; one that this version does not know stays as it is."""
    if not code:
        return ""
    try:
        return code_list(list_name).label(code)
    except (KeyError, LookupError):
        return code


def status(row: Any) -> str:
    """The status, in as few words as a column has room for."""
    if row.tip is not None:
        return tip_state(row.tip)
    if row.status == "in_process":
        return _("being identified")
    return label("victim_status", row.status)


def opened(row: Any) -> str:
    """The day of the reception."""
    try:
        return show_date(date.fromisoformat(row.opened_on)) if row.opened_on else ""
    except ValueError:
        return str(row.opened_on)


def return_form(row: Any) -> str:
    """How the person came."""
    return label("return_form", row.return_form)


def due(row: Any, today: date) -> str:
    """The next deadline: ``1 day late``, ``2 days left``, later a date."""
    if not row.due or row.stage == "closed":
        return ""
    days = (day_of(row.due) - today).days
    return distance(row.due, today) if days <= SOON_DAYS else show_date(day_of(row.due))


def due_tone(row: Any, today: date) -> str:
    """``late``, ``due`` or "" for the next deadline."""
    if not row.due or row.stage == "closed":
        return ""
    days = (day_of(row.due) - today).days
    return "late" if days < 0 else "due" if days <= 1 else ""


def sync(row: Any) -> str:
    """Where the newest change is, in words."""
    words = _SYNC.get(row.sync)
    return _(words[0]) if words else str(row.sync)


def sync_mark(row: Any) -> tuple[str, str] | None:
    """The icon that goes with :func:`sync`."""
    words = _SYNC.get(row.sync)
    return (words[1], words[2]) if words else None
