"""What the pages of reports say in words."""

from __future__ import annotations

from traffick_desk.desk.host import Host
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.statistics.builtin import REPORTS
from traffick_desk.services.statistics.frozen import Against, Comparison, FrozenReport

_MOST = 12


def comparison_words(found: Comparison, sender: str) -> str:
    """Whose later figures a report is beside, and which are others: the first dozen by name.

    Args:
        found: the comparison.
        sender: name of the unit that sent the report; empty if it is this desk's own.
    """
    number = len(found.corrections)
    lines = [
        _head(found, sender).format(sender=sender, day=day_words(found.at), n=number),
        *(
            f"{c.table} · {' · '.join(p for p in (c.row, c.column) if p)}: "
            f"{c.was.text()} → {c.now.text()}"
            for c in found.corrections[:_MOST]
        ),
    ]
    if number > _MOST:
        lines.append(_("… and {n} more").format(n=number - _MOST))
    if found.left_out:
        lines.append(_("Restricted cases may be missing on either side; figures differ by them."))
    return "\n".join(lines)


def _head(found: Comparison, sender: str) -> str:
    number = len(found.corrections)
    if found.against is Against.NOTHING:
        return _(
            "Not compared: the report counts everything at the desk that sent it, also cases of "
            "other communes that this desk may not have. What its sender corrects stands here "
            "once a newer edition has arrived."
        )
    if found.against is Against.NEWER:
        return (
            ngettext(
                "In its edition of {day} the sender corrected {n} figure:",
                "In its edition of {day} the sender corrected {n} figures:",
                number,
            )
            if number
            else _("In its edition of {day} the sender corrected no figure.")
        )
    if sender:
        return (
            ngettext(
                "Counted here from what has arrived of {sender}, {n} figure is another (as sent → "
                "counted here):",
                "Counted here from what has arrived of {sender}, {n} figures are others (as sent "
                "→ counted here):",
                number,
            )
            if number
            else _("Counted here from what has arrived of {sender}, all figures are the same.")
        )
    return (
        ngettext("Since then {n} figure has changed:", "Since then {n} figures have changed:",
                 number)
        if number
        else _("Since then no figure has changed.")
    )  # fmt: skip


def day_words(at: str) -> str:
    """The day of a moment as people write it; empty for none."""
    return f"{at[8:10]}/{at[5:7]}/{at[:4]}" if at else ""


def sender_words(host: Host, report: FrozenReport) -> str:
    """The name of who sent a report; empty for this desk's own unit."""
    info, units = host.desk.info, host.desk.context.units
    if report.unit == info.unit:
        return ""
    return units.full_name(report.unit) if report.unit in units else report.unit


def title_of(report: FrozenReport) -> str:
    """The title of the kind of report; its key where a newer program knows it."""
    kind = REPORTS.get(report.report)
    return kind.shown_title() if kind is not None else report.report
