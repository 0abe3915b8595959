"""How entries of perhaps the same person read, in a line each."""

from __future__ import annotations

from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.case_words import label, opened
from traffick_desk.desk.pages.showing import person_words
from traffick_desk.desk.parsing import show_date
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.same_person import words
from traffick_desk.services.same_person.find import Found
from traffick_desk.services.same_person.ties import OtherCase


def found_words(host: Host, found: Found) -> str:
    """Who it may be, and below it why; never more than that it may be so."""
    return f"{entry_words(host, found)}\n{why(found)}"


def why(found: Found) -> str:
    """How likely, and the reasons."""
    text = _("{level}: {reasons}")
    return text.format(level=words.level(found.likeness), reasons=words.reasons(found.likeness))


def entry_words(host: Host, found: Found) -> str:
    """One entry: file number, name, sex and age, commune at the province, when, stage."""
    row = found.row
    today = host.context.now().date()
    who = person_words({"sex": found.sex, "birth": found.birth}, today)
    parts = [row.file_no, host.privacy.name(found.name or row.name), who]
    if host.desk.info.profile == "province":
        parts.append(commune(host, row.unit))
    parts += [_("received on {day}").format(day=opened(row)), label("stage", row.stage)]
    return " · ".join(part for part in parts if part)


def commune(host: Host, unit: str) -> str:
    """The name of a commune."""
    units = getattr(getattr(host.desk, "context", None), "units", None)
    return units.get(unit).name if units is not None and unit in units else unit


def other_words(host: Host, other: OtherCase) -> str:
    """Another case of the same person, and what of it counts for the law."""
    if not other.case_id:
        said = _("said on {day} by {name}").format(day=_day(other.said_on), name=other.said_by)
        text = _("Another commune has a case that the province says is of the same person")
        return f"{text} ({said})."
    parts = [other.file_no, _("opened {day}").format(day=_day(other.opened_on))]
    if other.closed_on:
        parts.append(_("closed {day}").format(day=_day(other.closed_on)))
    else:
        parts.append(label("stage", other.stage))
    if host.desk.info.profile == "province":
        parts.append(commune(host, other.unit))
    grounds = [SMALL_LISTS["same_ground"].label(code) for code in other.grounds]
    told = "; ".join(part for part in (*grounds, other.note) if part)
    lines = [" · ".join(parts), counted(other)]
    if told:
        lines.append(_("Said by {name}: {why}").format(name=other.said_by, why=told))
    return "\n".join(lines)


def counted(other: OtherCase) -> str:
    """What is counted for each person and not for each case, to be added by hand."""
    stays = other.stays
    if not stays.days:
        text = _("No day of stay is written there.")
    else:
        text = ngettext(
            "Days in the other case are to be counted by hand: {n} day ({first} – {last}).",
            "Days in the other case are to be counted by hand: {n} days ({first} – {last}).",
            stays.days,
        ).format(
            n=stays.days,
            first=show_date(stays.first) if stays.first else "",
            last=_("today") if stays.lasts or stays.last is None else show_date(stays.last),
        )
    if other.school_years:
        text += " " + ngettext(
            "School year approved there: {n}.", "School years approved there: {n}.",
            other.school_years,
        ).format(n=other.school_years)  # fmt: skip
    return text


def _day(text: str) -> str:
    from datetime import date

    try:
        return show_date(date.fromisoformat(text)) if text else ""
    except ValueError:
        return text


def answer_words(answer: str) -> str:
    """What was answered."""
    return {"later": _("put off"), "other": _("somebody else")}.get(answer, "")
