"""Values of records as papers print them: labels for codes, dates as dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from traffick_desk.domain.lists import code_list
from traffick_desk.domain.spine import Field, Kind
from traffick_desk.domain.units import Units
from traffick_desk.domain.values import PartialDate, parse_moment
from traffick_desk.services.base import Context
from traffick_desk.services.views import RecordView

Facts = dict[str, Any]


def words(known: Field, value: Any, units: Units) -> str:
    """A value as a person reads it, dates and codes in words."""
    if known.kind is Kind.UNIT:
        return units.full_name(value) if value in units else str(value)
    found = shown(known, value)
    if isinstance(found, list):
        return ", ".join(str(v) for v in found)
    if isinstance(found, datetime):
        return found.strftime("%H:%M %d/%m/%Y")
    return found.strftime("%d/%m/%Y") if isinstance(found, date) else str(found)


def shown(known: Field, value: Any) -> Any:
    """A value as a paper prints it: labels for codes, dates as dates."""
    if value is None:
        return None
    match known.kind:
        case Kind.CODE | Kind.ANSWER:
            return code_list(known.codes).label(value)
        case Kind.CODES:
            return [code_list(known.codes).label(v) for v in value]
        case Kind.DATE:
            return date.fromisoformat(value)
        case Kind.PARTIAL_DATE:
            born = PartialDate.parse(value)
            if born.exact:
                return born.earliest
            # Papers speak Vietnamese whatever the desk speaks.
            return ("khoảng " if born.estimated else "") + born.shown().removeprefix("~")
        case Kind.MOMENT:
            return parse_moment(value)
        case _:
            return value


def on_paper(context: Context, record: RecordView, *names: str) -> Facts:
    """The named fields of a record as papers print them; all but the references if none is."""
    described = context.store.registry[record.type]
    return {
        f.name: shown(f, record.get(f.name))
        for f in described.fields
        if (f.name in names if names else f.kind is not Kind.REF)
    }


def newest(records: tuple[RecordView, ...], by: str) -> RecordView | None:
    """The record with the latest *by*; of two on the same day the one written last."""
    return max(records, key=lambda r: (str(r.get(by, "")), r.id), default=None)
