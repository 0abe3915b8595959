"""What the directory asks of a desk on *Today*: entries to check, checks that found a fault."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from traffick_desk.domain.codes_directory import ACTIVE
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.base import Context
from traffick_desk.services.directory.entries import check_months, months_later
from traffick_desk.services.views import TodayItem

# An agreement is named this long before it ends; our own choice.
AGREEMENT_DAYS = 60


def items(context: Context, cursor: Any) -> list[TodayItem]:
    """At most three lines, each about all entries of this unit of one kind."""
    lines = []
    months, _own = check_months(context, cursor)
    limit = months_later(date.fromisoformat(context.today), -months).isoformat()
    cursor.execute(
        "SELECT count(*) FROM r_service s WHERE s.unit = ? AND s.status = ? AND s.voided IS NULL "
        "AND coalesce(s.verified_on, '') < ? AND NOT EXISTS (SELECT 1 FROM r_service_remark r "
        "WHERE r.service = s.id AND r.finding = 'right' AND r.found_on >= ? AND r.voided IS NULL)",
        (context.info.unit, ACTIVE, limit, limit),
    )
    if number := int(cursor.fetchone()[0]):
        text = ngettext(
            "{n} service of the directory is to be checked again",
            "{n} services of the directory are to be checked again",
            number,
        ).format(n=number)
        lines.append(TodayItem("directory", "", "", text, action="check"))
    cursor.execute(
        "SELECT count(DISTINCT s.id) FROM r_service s JOIN r_service_remark r ON r.service = s.id "
        "WHERE s.unit = ? AND s.status = ? AND s.voided IS NULL AND r.voided IS NULL "
        "AND r.finding <> 'right' AND r.found_on >= coalesce(s.verified_on, '') "
        "AND NOT EXISTS (SELECT 1 FROM r_service_remark n WHERE n.service = s.id "
        "AND n.voided IS NULL AND n.finding = 'right' "
        "AND (n.found_on, substr(n.id, -36)) > (r.found_on, substr(r.id, -36)))",
        (context.info.unit, ACTIVE),
    )
    if number := int(cursor.fetchone()[0]):
        text = ngettext(
            "{n} service was found wrong: mend the entry",
            "{n} services were found wrong: mend the entries",
            number,
        ).format(n=number)
        lines.append(TodayItem("directory", "", "", text, action="check", key="wrong"))
    return lines + _agreements(context, cursor)


def _agreements(context: Context, cursor: Any) -> list[TodayItem]:
    until = (date.fromisoformat(context.today) + timedelta(days=AGREEMENT_DAYS)).isoformat()
    cursor.execute(
        "SELECT name, agreement_until FROM r_service WHERE unit = ? AND status = ? "
        "AND voided IS NULL AND agreement_until <= ? ORDER BY agreement_until, id LIMIT 20",
        (context.info.unit, ACTIVE, until),
    )
    return [
        TodayItem(
            "directory", "", "", _("Agreement ends: {name}").format(name=name), day,
            action="service", key=name,
        )
        for name, day in cursor.fetchall()
    ]  # fmt: skip
