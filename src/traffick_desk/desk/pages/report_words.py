"""What the pages of reports say in words."""

from __future__ import annotations

from collections.abc import Sequence

from traffick_desk.i18n import _, ngettext
from traffick_desk.services.statistics.builtin import REPORTS
from traffick_desk.services.statistics.frozen import Correction, FrozenReport

_MOST = 12


def correction_words(found: Sequence[Correction]) -> str:
    """Which figures are others now, the first dozen by name."""
    if not found:
        return _("Since then no figure has changed.")
    head = ngettext(
        "Since then {n} figure has changed:", "Since then {n} figures have changed:", len(found)
    )
    lines = [
        f"{c.table} · {' · '.join(p for p in (c.row, c.column) if p)}: "
        f"{c.was.text()} → {c.now.text()}"
        for c in found[:_MOST]
    ]
    rest = len(found) - _MOST
    if rest > 0:
        lines.append(_("… and {n} more").format(n=rest))
    return "\n".join([head.format(n=len(found)), *lines])


def title_of(report: FrozenReport) -> str:
    """The title of the kind of report; its key where a newer program knows it."""
    kind = REPORTS.get(report.report)
    return kind.shown_title() if kind is not None else report.report
