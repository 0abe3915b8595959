"""The words of facilities and places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from traffick_desk.desk.parsing import show_date, show_moment
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.values import PartialDate
from traffick_desk.domain.values import moment as stored
from traffick_desk.i18n import _
from traffick_desk.services.directory import values
from traffick_desk.services.places.read import FacilityView, RoomView, Shortage, Waiting
from traffick_desk.services.views import CaseView, RecordView


def name(record: RecordView) -> str:
    """The name of a facility or room."""
    return str(record.get("name") or "")


def moment(now: datetime) -> str:
    """Now, as it is stored."""
    return stored(now)


def room_row(facility: FacilityView, room: RoomView) -> tuple[str, ...]:
    """One line of the table of rooms."""
    purpose = SMALL_LISTS["room_purpose"].label(str(room.record.get("purpose") or ""))
    whom = values.whom(room.record.values)
    return (
        name(facility.record),
        name(room.record),
        f"{purpose}; {whom}" if whom else purpose,
        str(room.beds),
        str(room.taken),
        free(room),
    )


def free(room: RoomView) -> str:
    """How many beds are free, and whether that was told or is too few."""
    if not room.open:
        return _("closed")
    if room.over:
        return _("0 (overfull by {n})").format(n=room.over)
    if room.kept:
        return _("{n}, kept for children").format(n=room.free)
    own = max(0, room.beds - room.taken)
    if room.told is not None and room.told < own:
        return _("{n} (as told)").format(n=room.free)
    return str(room.free)


def room_icon(room: RoomView) -> tuple[str, str]:
    """Icon and tone of a room; never the colour alone."""
    if room.over:
        return "late", "late"
    if not room.open:
        return "void", "muted"
    return ("ok", "ok") if room.free else ("clock", "due")


def wait_row(one: Waiting, names: Mapping[str, str], host: Any) -> tuple[str, ...]:
    """One line of the waiting list."""
    sex = SMALL_LISTS["sex"].label(one.sex) if one.sex else ""
    who = ", ".join(p for p in (host.privacy.name(one.name), sex, _age(one.birth, host)) if p)
    since = show_date(date.fromisoformat(one.since)) if one.since else ""
    urgency = SMALL_LISTS["wait_urgency"].label(one.urgency)
    return one.file_no, who, urgency, since, names.get(one.facility, _("any"))


def wait_icon(one: Waiting) -> tuple[str, str]:
    """Icon and tone of a line of the waiting list."""
    return ("late", "late") if one.urgency == "tonight" else ("clock", "due")


def _age(birth: Any, host: Any) -> str:
    if not birth:
        return ""
    youngest, oldest = PartialDate.parse(str(birth)).ages_on(host.context.now().date())
    return _("aged {age}").format(age=youngest if youngest == oldest else f"{youngest}–{oldest}")


def whom(case: CaseView, person: RecordView | None, host: Any) -> str:
    """For whom a place is looked for: file number, sex, age; no name on the screen."""
    parts = [case.row.file_no]
    if person is not None:
        sex = str(person.get("sex") or "")
        parts += [SMALL_LISTS["sex"].label(sex) if sex else "", _age(person.get("birth"), host)]
        if any(p.get("accompanies") == person.id for p in case.persons):
            parts.append(_("with a child"))
    return _("A place for {who}").format(who=", ".join(p for p in parts if p))


def told(room: RoomView) -> str:
    """What was told about free beds, or ""."""
    if room.told is None:
        return ""
    return _("{n} free, told by {who} at {at}").format(
        n=room.told, who=room.told_by or "?", at=show_moment(room.told_at)
    )


def hold(record: RecordView) -> str:
    """Beds taken by hand."""
    why = SMALL_LISTS["hold_reason"].label(str(record.get("why") or ""))
    days = _days(record.get("since"), record.get("until"))
    return f"{record.get('beds')} × {why} ({days})"


def _days(since: Any, until: Any) -> str:
    first = show_date(date.fromisoformat(since)) if since else "?"
    if not until:
        return _("from {date}").format(date=first)
    return f"{first} – {show_date(date.fromisoformat(until))}"


def shortage(line: Shortage) -> str:
    """One line of the standard against what there is."""
    what = str(line.standard.get("what") or "")
    if line.has is None:
        return _("{what}: {needed} needed, not counted yet").format(what=what, needed=line.needed)
    if line.missing:
        return _("{what}: {needed} needed, {has} there, {missing} missing").format(
            what=what, needed=line.needed, has=line.has, missing=line.missing
        )
    return _("{what}: {needed} needed, {has} there").format(
        what=what, needed=line.needed, has=line.has
    )
