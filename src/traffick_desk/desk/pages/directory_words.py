"""The words of the directory: lines, cards, what is due."""

from __future__ import annotations

from datetime import date
from typing import Any

from traffick_desk.desk.parsing import show_date
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.geo import shown_km
from traffick_desk.i18n import _
from traffick_desk.services.directory import values
from traffick_desk.services.directory.entries import Entry
from traffick_desk.services.directory.find import ServiceRow


def day(value: str) -> str:
    """A stored day as it is shown; empty stays empty."""
    return show_date(date.fromisoformat(value)) if value else ""


def far(row: ServiceRow) -> str:
    """How far it is; with ~ where only the commune is known."""
    if row.km is None:
        return ""
    return shown_km(row.km) if row.exact else f"~ {shown_km(row.km)}"


def state(row: ServiceRow) -> str:
    """Whether it works and when that was checked."""
    if row.shipped:
        return _("brought by the program")
    if row.status != "active":
        return SMALL_LISTS["service_status"].label(row.status)
    if row.trouble:
        return SMALL_LISTS["service_finding"].label(row.trouble)
    if not row.checked_on:
        return _("never checked")
    checked = _("checked {date}").format(date=day(row.checked_on))
    return _("check again ({words})").format(words=checked) if row.due else checked


def state_tone(row: ServiceRow) -> str:
    """Tone of :func:`state`."""
    if row.trouble:
        return "late"
    return "due" if row.due else ""


def lines(entry: Entry, units: Any) -> list[tuple[str, str]]:
    """What is known of a service, as label and value, in the order in which one asks."""
    v = entry.record.values
    unit = str(v.get("place_unit") or "")
    where = ", ".join(
        part
        for part in (str(v.get("address") or ""), units.full_name(unit) if unit in units else "")
        if part
    )
    phones = " · ".join(str(v[n]) for n in ("phone", "phone_other") if v.get(n))
    languages = _languages(v.get("languages") or [])
    if v.get("interpreter"):
        languages = "; ".join(p for p in (languages, str(v["interpreter"])) if p)
    agreement = " · ".join(
        part
        for part in (
            str(v.get("agreement_no") or ""),
            day(str(v.get("agreement_on") or "")),
            str(v.get("agreement_by") or ""),
            _("until {date}").format(date=day(str(v["agreement_until"])))
            if v.get("agreement_until")
            else "",
        )
        if part
    )
    if v.get("listing") == "secret" and where:
        where = _("{address} (secret: do not tell or write it)").format(address=where)
    found = [
        (_("Helps with"), values.kinds(v.get("kinds") or [])),
        (_("Telephone"), phones),
        (_("Whom to ask for"), str(v.get("contact") or "")),
        (_("Where"), where),
        (_("How to get there"), str(v.get("transport") or "")),
        (_("Open"), values.hours(v)),
        (_("For whom"), values.whom(v)),
        (_("Languages"), languages),
        (_("What it costs"), values.cost(v)),
        (_("How to get in"), str(v.get("access") or "")),
        (_("Papers to bring"), str(v.get("papers") or "")),
        (_("What is offered"), str(v.get("about") or "")),
        (_("Agreement"), agreement),
        (_("Why it is closed"), str(v.get("status_reason") or "")),
        (_("E-mail, website"), " · ".join(str(v[n]) for n in ("email", "website") if v.get(n))),
        (_("Note"), str(v.get("note") or "")),
    ]
    return [(label, value) for label, value in found if value]


def _languages(codes: list[str]) -> str:
    from traffick_desk.domain.codelists import languages

    known = languages()
    return ", ".join(known.label(code) for code in codes)


def checked(entry: Entry, units: Any) -> str:
    """Who found it right, and who found something wrong since."""
    if entry.shipped:
        return _("This entry comes with the program, from the text of the Decree.")
    parts = []
    if entry.checked_on:
        parts.append(_("Found right on {date}.").format(date=day(entry.checked_on)))
    else:
        parts.append(_("Nobody has checked this entry yet."))
    if (trouble := entry.trouble) is not None:
        unit = units.full_name(trouble.unit) if trouble.unit in units else trouble.unit
        parts.append(
            _("{date}, {who} ({unit}): {finding}. {words}").format(
                date=day(trouble.on),
                who=trouble.by,
                unit=unit,
                finding=SMALL_LISTS["service_finding"].label(trouble.finding),
                words=trouble.words,
            )
        )
    return " ".join(parts)
