"""Values in words: what a person reads where nothing is being edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from traffick_desk.desk import parsing
from traffick_desk.desk.editors import Context
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.spine import Field, Kind, RecordType
from traffick_desk.domain.values import PartialDate
from traffick_desk.i18n import _

# One line of a list stays one line; the whole text is in the reading view.
SHORT = 90
# Law 53/2024/QH15 Art. 2: under 18 whatever the means.
ADULT = 18


def nothing() -> str:
    """What stands where nothing is known."""
    return _("not known yet")


def shown(field: Field, value: Any, context: Context) -> str:
    """*value* of *field* in words; an unknown code or a wrong value as it is, never an error.

    Args:
        field: its description.
        value: its JSON form; ``None`` and empty give "".
        context: where the words of codes, units and references come from.
    """
    if value is None or value in ("", []):
        return ""
    try:
        return _shown(field, value, context)
    except (ValueError, TypeError, KeyError):
        return str(value)


def _shown(field: Field, value: Any, context: Context) -> str:
    match field.kind:
        case Kind.ANSWER:
            return SMALL_LISTS["answer"].label(value)
        case Kind.CODE | Kind.UNIT | Kind.REF:
            return context.source(field).label(value)
        case Kind.CODES:
            source = context.source(field)
            return ", ".join(source.label(code) for code in value)
        case Kind.DATE:
            return parsing.show_date(date.fromisoformat(value))
        case Kind.PARTIAL_DATE:
            found = PartialDate.parse(value)
            if found.estimated:
                return parsing.explain_partial(found, context.now().date())
            return found.shown()
        case Kind.MOMENT:
            return parsing.show_moment(value)
        case Kind.MONEY:
            return parsing.show_money(value)
        case Kind.INTEGER:
            return parsing.show_integer(value)
        case _:
            return str(value)


def summary(
    record_type: RecordType, values: Mapping[str, Any], context: Context, names: Iterable[str]
) -> str:
    """The named fields of a record in one line, those without a value left out."""
    parts = (shown(record_type[name], values.get(name), context) for name in names)
    text = " · ".join(" ".join(part.split()) for part in parts if part)
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def ages(birth: str | None, today: date) -> tuple[int, int] | None:
    """Youngest and oldest age, or ``None`` when the birth is not known."""
    if not birth:
        return None
    try:
        return PartialDate.parse(birth).ages_on(today)
    except ValueError:
        return None


def may_be_child(birth: str | None, today: date) -> bool | None:
    """Whether the person is or may be under 18; ``None`` when the birth is not known."""
    found = ages(birth, today)
    return None if found is None else found[0] < ADULT


def person_words(values: Mapping[str, Any], today: date) -> str:
    """Sex and age of a person, as the header names her: “female, 16 years old”."""
    sex = values.get("sex")
    parts = [SMALL_LISTS["sex"].label(sex).lower()] if sex and sex != "unknown" else []
    found = ages(values.get("birth"), today)
    parts.append(parsing.show_ages(*found) if found else _("age not known"))
    return ", ".join(parts)


def time_of(moment: str) -> str:
    """``14:05`` of a moment, for “saved at 14:05”."""
    return parsing.show_moment(moment)[-5:] if moment else ""
