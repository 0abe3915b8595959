"""A service chosen for a referral: what is kept of it, as it was when it was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import speaking
from traffick_desk.services.base import Context, Query
from traffick_desk.services.directory import values
from traffick_desk.services.directory.entries import Entry, read
from traffick_desk.services.roles import DIRECTORY_READ


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a referral takes over of a service.

    Attributes:
        values: fields of the referral: ``service``, ``to_body``, ``to_unit``, ``entry``,
            ``entry_words``; those that are not known are absent.
    """

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChooseService(Query[Chosen]):
    """What a referral to the service called *id* takes over.

    Attributes:
        wanted: code of list ``service`` that the referral is for already, or "".

    Raises:
        NotHere: there is no such service.
    """

    permission: ClassVar[str] = DIRECTORY_READ

    id: str
    wanted: str = ""

    def run(self, context: Context, cursor: Any) -> Chosen:
        """See :class:`Query`."""
        with speaking("vi"):
            entry = read(context, cursor, self.id)
            found = {
                "service": referral_kind(entry.get("kinds") or (), self.wanted),
                "to_body": to_body(entry),
                "to_unit": entry.get("place_unit"),
                "entry": entry.id if not entry.shipped else None,
                "entry_words": snapshot(context, entry),
            }
        return Chosen({name: value for name, value in found.items() if value})


def referral_kind(kinds: tuple[str, ...] | list[str], wanted: str = "") -> str:
    """For what somebody is referred to a service of these kinds."""
    if wanted in kinds:
        return wanted
    codes = SMALL_LISTS["service"].codes()
    return next((code for code in codes if code in kinds), "other")


def to_body(entry: Entry) -> str:
    """To whom the slip is addressed."""
    name, organization = str(entry.get("name") or ""), str(entry.get("organization") or "")
    both = f"{name} ({organization})" if organization and organization != name else name
    return both if len(both) <= 200 else name[:200]


def snapshot(context: Context, entry: Entry) -> str:
    """Telephone, place, hours and cost, a line each, as papers print them.

    The address of a secret place is not among them: the slip may be seen by others.
    """
    v = entry.record.values
    unit = str(v.get("place_unit") or "")
    place = ", ".join(
        str(part)
        for part in (
            v.get("address"),
            context.units.full_name(unit) if unit in context.units else "",
        )
        if part
    )
    if v.get("listing") == "secret":
        place = ""
    phones = " · ".join(str(v[n]) for n in ("phone", "phone_other") if v.get(n))
    checked = ""
    if entry.checked_on:
        day = date.fromisoformat(entry.checked_on)
        checked = f"{day:%d/%m/%Y}"
    lines = (
        ("Điện thoại", phones),
        ("Địa chỉ", place),
        ("Giờ làm việc", values.hours(v)),
        ("Chi phí", values.cost(v)),
        ("Giấy tờ cần mang", str(v.get("papers") or "")),
        ("Danh bạ được kiểm tra ngày", checked),
    )
    return "\n".join(f"{label}: {value}" for label, value in lines if value)[:2_000]
