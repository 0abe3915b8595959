"""The words of *Erasing data*: lines of its lists, and what a demand would take."""

from __future__ import annotations

from datetime import date

from traffick_desk.desk.host import Host
from traffick_desk.desk.parsing import show_date
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.erasure import Erased, Waiting
from traffick_desk.services.erasure_preview import Preview
from traffick_desk.services.holds import Held
from traffick_desk.services.retention import Past


def _unit(host: Host, unit: str) -> str:
    units = host.desk.context.units
    return units.full_name(unit) if unit and unit in units else ""


def _ground(code: str) -> str:
    grounds = SMALL_LISTS["erasure_ground"]
    return grounds.label(code) if code in grounds.codes() else code


def _day(text: str) -> str:
    return show_date(date.fromisoformat(text)) if text else ""


def waiting_line(host: Host, one: Waiting) -> str:
    """``TD-0007/2026 · Demand of the person · 21/11/2026 · Xã Đồng Văn``."""
    parts = (one.file_no, _ground(one.ground), _day(one.asked_on), _unit(host, one.unit))
    return " · ".join(part for part in parts if part)


def erased_line(host: Host, one: Erased) -> str:
    """The same of an order, with how much went."""
    entries = ngettext("{n} entry", "{n} entries", one.entries).format(n=one.entries)
    parts = (
        one.file_no, _ground(one.ground), _day(one.ordered_on), _unit(host, one.unit), entries,
    )  # fmt: skip
    return " · ".join(part for part in parts if part)


def past_line(host: Host, one: Past) -> str:
    """``TD-0007/2026 · closed 21/11/2020 · past since 21/11/2025 · Xã Đồng Văn · held``."""
    parts = (
        one.file_no,
        _("closed {day}").format(day=_day(one.closed_on)),
        _("past since {day}").format(day=_day(one.since)),
        _unit(host, one.unit),
        _("held") if one.held else "",
        _("demand is written down") if one.asked else "",
    )
    return " · ".join(part for part in parts if part)


def held_line(host: Host, one: Held) -> str:
    """``TD-0007/2026 · Công an tỉnh · 12/CV · since 21/11/2026 · what for``."""
    since = _("since {day}").format(day=_day(one.since))
    parts = (one.file_no, one.body, one.paper_no, since, _unit(host, one.unit), one.reason)
    return " · ".join(part for part in parts if part)


def preview_words(one: Waiting, seen: Preview) -> str:
    """What was asked, what goes, what stays, and where the program cannot reach."""
    lines = []
    asked = ", ".join(part for part in (one.asked_by, one.paper_no) if part)
    lines.append(f"{_('Reason')}: {one.reason}" + (f" ({asked})" if asked else ""))
    goes = ", ".join(f"{label} {n}" for label, n in seen.records.items())
    lines.append(f"{_('What goes')}: {goes}.")
    if seen.documents or seen.drafts:
        lines.append(
            _("Also {documents} documents ({size} MB) and {drafts} drafts.").format(
                documents=seen.documents, size=-(-seen.size // 1_000_000), drafts=seen.drafts
            )
        )
    lines.append(
        _(
            "What stays: the order, the year of reception and of closing, sex, under 18 or not, "
            "for statistics; the log, which holds no names."
        )
    )
    reach = []
    if seen.papers:
        reach.append(
            ngettext("{n} printed paper", "{n} printed papers", seen.papers).format(n=seen.papers)
        )
    reach += seen.told
    if reach:
        lines.append(_("Out of reach, to be asked for back: {what}.").format(what="; ".join(reach)))
    for words, found in (
        (_("Other cases of the same person, which stay"), seen.ties),
        (_("Other cases in which the name is found, which stay"), seen.mentions),
    ):
        if found:
            lines.append(f"{words}: {', '.join(found)}.")
    return "\n".join(lines)
