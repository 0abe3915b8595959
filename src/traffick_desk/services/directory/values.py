"""Values of a service as people type them: times, coordinates, ages; what cannot be is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from traffick_desk.domain import geo
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_directory import ACTIVE
from traffick_desk.i18n import _

_TIME = re.compile(r"(\d{1,2})\s*(?:[:hg.]\s*(\d{1,2})?)?\s*(?:ph)?", re.ASCII)
_MISSING = ("name", "organization", "kinds", "status")


def time_of(text: str) -> str:
    """``7h30``, ``7:30``, ``7`` → ``07:30``; 24:00 is the end of the day.

    Raises:
        ValueError: it is no time of day.
    """
    match = _TIME.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(text)
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError(text)
    return f"{hour:02d}:{minute:02d}"


def tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """*values* with times and coordinates as they are stored; what cannot be read stays."""
    found = dict(values)
    for name in ("opens", "closes"):
        if isinstance(text := found.get(name), str):
            try:
                found[name] = time_of(text)
            except ValueError:
                continue
    if isinstance(text := found.get("position"), str):
        with suppress(geo.NoPosition):
            found["position"] = geo.parse(text).text()
    return found


def problems(values: Mapping[str, Any]) -> dict[str, str]:
    """Field → why a service cannot be kept like this, in words; *values* are all it has."""
    found: dict[str, str] = {}
    for name in _MISSING:
        if not values.get(name):
            found[name] = _("Please fill this in: without it nobody finds the service.")
    for name in ("opens", "closes"):
        if (text := values.get(name)) and not _is_time(str(text)):
            found[name] = _("“{text}” is no time of day. Write it like 07:30.").format(text=text)
    if (text := values.get("position")) and geo.read(str(text)) is None:
        found["position"] = _(
            "“{text}” cannot be read as coordinates in or near Viet Nam. Write them like "
            "23.2787, 105.3627 (north, then east)."
        ).format(text=text)
    low, high = values.get("age_from"), values.get("age_to")
    if isinstance(low, int) and isinstance(high, int) and high < low:
        found["age_to"] = _("The last age is below the first.")
    status = values.get("status")
    if status and status != ACTIVE and not values.get("status_reason"):
        found["status_reason"] = _("Please say why it is closed, so that nobody asks again.")
    return found


def _is_time(text: str) -> bool:
    try:
        return time_of(text) == text
    except ValueError:
        return False


def hours(values: Mapping[str, Any]) -> str:
    """When a service is open, in one line; empty if that is not known."""
    parts = []
    if values.get("always") == "yes":
        parts.append(_("day and night"))
    else:
        if days := values.get("days"):
            parts.append(days_words(days))
        opens, closes = values.get("opens"), values.get("closes")
        if opens and closes:
            parts.append(f"{opens}–{closes}")
        elif opens:
            parts.append(_("from {time}").format(time=opens))
        elif closes:
            parts.append(_("until {time}").format(time=closes))
    if note := values.get("hours_note"):
        parts.append(str(note))
    return ", ".join(parts)


def days_words(days: list[str]) -> str:
    """``Monday–Friday, Sunday``: neighbours are drawn together from three on."""
    labels = SMALL_LISTS["weekday"]
    order = [day for day in labels.codes() if day in days]
    if len(order) == len(labels.codes()):
        return _("every day")
    runs: list[list[str]] = []
    places = {day: place for place, day in enumerate(labels.codes())}
    for day in order:
        if runs and places[day] == places[runs[-1][-1]] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    shown = []
    for run in runs:
        if len(run) > 2:
            shown.append(f"{labels.label(run[0])}–{labels.label(run[-1])}")
        else:
            shown += [labels.label(day) for day in run]
    return ", ".join(shown)


def whom(values: Mapping[str, Any]) -> str:
    """For whom a service is, in one line; empty if nothing was said."""
    parts = []
    if (sex := values.get("for_sex")) and sex != "any":
        parts.append(SMALL_LISTS["service_sex"].label(sex))
    low, high = values.get("age_from"), values.get("age_to")
    if low is not None and high is not None:
        parts.append(_("aged {low} to {high}").format(low=low, high=high))
    elif low is not None:
        parts.append(_("from the age of {low}").format(low=low))
    elif high is not None:
        parts.append(_("up to the age of {high}").format(high=high))
    if values.get("with_child") == "yes":
        parts.append(_("also a parent with a child"))
    elif values.get("with_child") == "no":
        parts.append(_("no parent with a child"))
    if more := values.get("for_whom"):
        parts.append(" ".join(str(more).split()))
    return "; ".join(parts)


def cost(values: Mapping[str, Any]) -> str:
    """What it costs, in one line; empty if that is not known."""
    parts = []
    if code := values.get("cost"):
        parts.append(SMALL_LISTS["service_cost"].label(code))
    if note := values.get("cost_note"):
        parts.append(str(note))
    return "; ".join(parts)


def kinds(codes: list[str] | tuple[str, ...]) -> str:
    """What a service helps with, in one line, in the order of the list."""
    known = SMALL_LISTS["directory_service"]
    return ", ".join(known.label(code) for code in known.codes() if code in codes)
