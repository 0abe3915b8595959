"""The words of *Today*: days, groups, and what the one button of a line says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from traffick_desk.desk.parsing import show_date
from traffick_desk.domain.values import ICT
from traffick_desk.i18n import N_, _, language, ngettext
from traffick_desk.services.views import TodayItem

_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """One heading of *Today*: its words, its icon, and its tone (never colour alone)."""

    name: str
    label: str
    icon: str
    tone: str = "muted"


GROUPS = (
    Group("tip_urgent", N_("Urgent tips, not passed on"), "late", "late"),
    Group("late", N_("Overdue"), "late", "late"),
    Group("today", N_("Due today"), "clock", "due"),
    Group("glass", N_("Restricted cases that were opened"), "eye", "due"),
    Group("officers", N_("Officers to confirm"), "persons", "due"),
    Group("tip", N_("Tips, not passed on"), "phone", "due"),
    Group("soon", N_("Due soon"), "clock", "due"),
    Group("data", N_("Demands about personal data"), "persons", "due"),
    Group("request", N_("Requests of the communes"), "document", "accent"),
    Group("answer", N_("Answers of the province"), "answer", "accent"),
    Group("came", N_("Came with the last import"), "import", "accent"),
    Group("conflict", N_("Two values, one to choose"), "conflict", "due"),
    Group("stock", N_("Materials that run out"), "persons", "due"),
    Group("training", N_("Volunteer teams and training"), "persons", "due"),
    Group("directory", N_("Directory"), "directory", "due"),
    Group("draft", N_("Drafts"), "edit", "muted"),
    Group("unsent", N_("Not sent yet"), "export", "muted"),
    Group("backup", N_("Backup"), "backup", "due"),
)

TIPS = ("tip_urgent", "tip")

_VERBS = {
    "letter": N_("Write the letter"),
    "step": N_("Record as done"),
    "resume": N_("Continue"),
    "decide": N_("Decide"),
    "answer": N_("Read"),
    "export": N_("Export"),
    "open": N_("Open"),
    "forward": N_("Pass on"),
    "check": N_("Check"),
    "came": N_("Look"),
    "compare": N_("Compare"),
    "choose": N_("Choose"),
    "backup": N_("Back up"),
    "glass": N_("I have seen it"),
    "officers": N_("Look at them"),
    "erasure": N_("Look at it"),
    "demand": N_("Print the demand"),
    "tell": N_("Write the letter"),
}


def verb(action: str) -> str:
    """What is written on the button of a line."""
    return _(_VERBS.get(action, _VERBS["open"]))


def own_action(item: TodayItem, profile: str) -> str:
    """What a desk does about a line: the letter is the commune's; the province looks on."""
    return "open" if profile == "province" and item.action == "letter" else item.action


def heading(day: date) -> str:
    """``Today, Saturday 21/11/2026``; Vietnamese writes days small within a sentence."""
    weekday = _(_WEEKDAYS[day.weekday()])
    if language() == "vi":
        weekday = weekday[:1].lower() + weekday[1:]
    return _("Today, {weekday} {date}").format(weekday=weekday, date=show_date(day))


def day_of(value: str) -> date:
    """The day of a stored date or moment, in Viet Nam."""
    if len(value) == 10:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value).astimezone(ICT).date()


def clock_of(value: str) -> str:
    """The time of day of a stored moment, or ""."""
    return f"{datetime.fromisoformat(value).astimezone(ICT):%H:%M}" if len(value) > 10 else ""


def distance(value: str, today: date) -> str:
    """How far a deadline is: ``1 day late``, ``today``, ``2 days left``."""
    days = (day_of(value) - today).days
    if days <= -730:
        years = -days // 365
        return ngettext("{n} year late", "{n} years late", years).format(n=years)
    if days <= -60:
        months = -days // 30
        return ngettext("{n} month late", "{n} months late", months).format(n=months)
    if days < 0:
        return ngettext("{n} day late", "{n} days late", -days).format(n=-days)
    if days == 0:
        return _("today")
    return ngettext("{n} day left", "{n} days left", days).format(n=days)


def tone(item: TodayItem) -> str:
    """The palette role of a line's time."""
    tones = {"tip_urgent": "late", "late": "late", "today": "due", "soon": "due", "data": "due"}
    return tones.get(item.group, "muted")


def when(item: TodayItem, today: date) -> tuple[str, str]:
    """Two short lines for the right side: how far, and the date."""
    if not item.due:
        return "", ""
    date_words = show_date(day_of(item.due))
    if item.group in ("late", "today", "soon", "data"):
        return distance(item.due, today), date_words
    if item.group == "draft":
        saved = clock_of(item.due)
        if day_of(item.due) == today and saved:
            return _("saved at {time}").format(time=saved), _("today")
        return _("saved"), date_words
    if item.group == "directory":
        return _("ends"), date_words
    if item.group in TIPS:
        same = day_of(item.due) == today
        return _("received"), clock_of(item.due) if same else date_words
    if item.group == "came":
        same = day_of(item.due) == today
        return _("taken in"), clock_of(item.due) if same else date_words
    if item.group == "glass":
        return _("opened"), date_words
    if item.group == "request":
        return _("requested"), date_words
    return _("decided"), date_words


def subtitle(item: TodayItem, pack: Any) -> str:
    """The smaller line: under which article, why the province returned it, which commune."""
    if item.group not in ("late", "today", "soon", "data") or item.action == "prevention":
        return item.detail
    rule = pack.clocks.get(item.detail) if pack is not None else None
    if rule is None:
        return ""
    return " · ".join((str(rule.body), "; ".join(str(c) for c in rule.cite)))


def spoken(item: TodayItem, today: date, pack: Any, action: str = "") -> str:
    """One line as a screen reader says it."""
    group = next((g for g in GROUPS if g.name == item.group), None)
    parts = [
        _(group.label) if group else "",
        item.file_no,
        item.text,
        *when(item, today),
        subtitle(item, pack),
        verb(action or item.action),
    ]
    return ". ".join(p for p in parts if p)
