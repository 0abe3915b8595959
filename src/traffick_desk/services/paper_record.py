"""Papers that are made of one record: the slip of a referral, the receipt of a payment, a demand.

What such a record says is not typed again, and nothing that is typed goes before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.services import assess, money, referrals
from traffick_desk.services.base import Context
from traffick_desk.services.closing import open_items
from traffick_desk.services.lawful_days import BY_RIGHT, DELETION, REPLY, last_day, rule
from traffick_desk.services.printed import Facts, on_paper, shown
from traffick_desk.services.views import CaseView, RecordView

SLIP = "noi-bo/phieu-chuyen-gui"
RECEIPT = "noi-bo/giay-bien-nhan"
CLOSING = "noi-bo/bien-ban-ket-thuc"
# To who got a slip: the person's consent was taken back since.
TELL = "D30/cong-van-rut-dong-y"
DEMAND = "noi-bo/phieu-yeu-cau-xoa"
# Form → record type it is made of, and the field that tells which is the newest.
_MADE_OF = {
    SLIP: ("referral", "sent_on"),
    TELL: ("referral", "sent_on"),
    RECEIPT: ("payment", "paid_on"),
    DEMAND: ("erasure_request", "asked_on"),
}


def of(case: CaseView, form: str, person_id: str, record_id: str = "") -> RecordView | None:
    """The record that *form* is made of: the one asked for, else the newest of the person."""
    if form not in _MADE_OF:
        return None
    record_type, by = _MADE_OF[form]
    if record_id:
        return next((r for r in case.of(record_type) if r.id == record_id), None)
    main = case.persons[0].id if case.persons else ""
    # A demand is about the whole case.
    found = case.of(record_type, None if form == DEMAND else person_id or main)
    return max(found, key=lambda r: (str(r.get(by) or ""), r.id), default=None)


def facts(context: Context, case: CaseView, record: RecordView, form: str) -> Facts:
    """What *form* prints of *record*, in the language spoken now."""
    if form == TELL:
        return {"referral": _told(context, record)}
    if form == DEMAND:
        return {"demand": _demand(context, record)}
    if record.type == "referral":
        return referrals.slip(context, case, record)
    person = next((p for p in case.persons if p.id == record.get("person")), None)
    name = str(person.get("name") or "") if person is not None else ""
    found: Facts = {"receipt": money.receipt(case, record, _regime(context, case, record), name)}
    if record.get("receipt_no"):
        found["letter"] = {"number": record.get("receipt_no")}
    return found


def _told(context: Context, referral: RecordView) -> Facts:
    """What was sent to whom, without a word about the person."""
    described = context.store.registry["referral"]
    sent = referral.get("sent_on")
    return {
        "to_body": referral.get("to_body"),
        "sent_on": date.fromisoformat(sent) if sent else None,
        "service": shown(described["service"], referral.get("service")),
        "place": (referral.get("entry_words") or "").splitlines() or None,
        "shared": shown(described["shared"], referral.get("shared")),
    }


def _demand(context: Context, demand: RecordView) -> Facts:
    """A demand to erase, with the days that the law gives for it where they are known."""
    found = on_paper(context, demand)
    asked = demand.get("asked_on")
    if asked and demand.get("ground") in BY_RIGHT:
        found["reply_by"] = last_day(context, REPLY, asked)
        found["erase_by"] = last_day(context, DELETION, asked)
        known = rule(context, DELETION, asked)
        found["law"] = "; ".join(map(str, known.cite)) if known is not None else None
    return found


def _regime(context: Context, case: CaseView, payment: RecordView) -> str:
    request = next((r for r in case.of("entitlement") if r.id == payment.get("entitlement")), None)
    if request is not None:
        return assess.regime_label(context, str(request.get("regime")))
    return SMALL_LISTS["regime"].label(str(payment.get("regime")))


def closing(context: Context, cursor: Any, case: CaseView) -> Facts:
    """What is left, without anything that was typed: it may hold a name."""
    return {"open": [item.text for item in open_items(context, cursor, case)]}


def paths(found: Mapping[str, Any]) -> Iterator[str]:
    """The paths of the facts that have a value."""
    for key, value in found.items():
        if isinstance(value, Mapping):
            yield from (f"{key}.{inner}" for inner in paths(value))
        elif value not in (None, ""):
            yield key
