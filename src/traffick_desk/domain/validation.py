"""What a value typed on this desk may be: each field by itself, and fields against each other.

Only the *impossible* is refused; the unlikely is told and may be kept. Values that
arrive from other desks are not judged here: a newer desk may know more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from traffick_desk.domain.codes import ANSWERS
from traffick_desk.domain.lists import is_code
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.spine import Field, Kind, RecordType
from traffick_desk.domain.text import TextTooLongError, clean
from traffick_desk.domain.values import ICT, PartialDate, full_years, moment, parse_moment
from traffick_desk.i18n import N_, _

Values = Mapping[str, Any]
Others = Iterable[tuple[str, Values]]
"""Other records of the same case, as pairs of type name and values; ``id`` among them if known."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNIT = re.compile(r"\d{4}/\d{2,5}", re.ASCII)
_REF = re.compile(r"[0-9A-Za-z/-]{1,64}", re.ASCII)

# The registers of the law begin long after 1900; another century is a slip of the finger.
FIRST_YEAR, LAST_YEAR = 1900, 2100
OLDEST = 120
ADULT = 18
_SAFE_INTEGER = 2**53

_TEXTS = {
    "kind": N_("The value is not of the kind this field takes."),
    "empty": N_("The field holds only spaces. Leave it empty instead."),
    "unclean": N_("The text holds characters that cannot be seen, or spaces too many."),
    "too_long": N_("The text is longer than {limit} characters."),
    "code": N_("“{value}” is not in the list."),
    "codes": N_("The choices are doubled or not in order."),
    "no_date": N_("This day does not exist. Write it like 21/11/2026."),
    "year": N_("The year {year} cannot be right."),
    "no_moment": N_("This day and time do not exist. Write them like 21/11/2026 20:40."),
    "low": N_("The number is less than {bound}."),
    "high": N_("The number is more than {bound}."),
    "unit": N_("This is not the code of an administrative unit. Choose the unit from the list."),
    "missing": N_("“{field}” is not filled in yet."),
    "future": N_("The date in “{field}” lies in the future."),
    "birth_future": N_("The date of birth lies in the future."),
    "order": N_("“{later}” ({later_date}) is before “{earlier}” ({earlier_date})."),
    "birth_after": N_("The date of birth is after “{field}” ({date})."),
    "too_old": N_("The person would be {age} years old. Please check the year of birth."),
    "adult": N_(
        "The accompanying person is already {age} years old. "
        "The law gives support to accompanying persons under 18."
    ),
    "self": N_("A person cannot accompany herself or himself."),
    "child_alone": N_(
        "A person under 18 does not travel alone: relatives come for the child, or an escort "
        "takes the child to them (Law 53/2024, Art. 30(1)(b))."
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a value that the officer should know.

    Attributes:
        field: name of the field to show it beside.
        code: short name of the rule, stable.
        text: in the language of the desk.
        impossible: refused; otherwise a warning that may be kept.
    """

    field: str
    code: str
    text: str
    impossible: bool = True


def _problem(field: str, code: str, /, *, impossible: bool = True, **words: object) -> Problem:
    return Problem(field, code, _(_TEXTS[code]).format(**words), impossible)


def tidy(field: Field, value: Any) -> Any:
    """*value* as it should be stored: clean text, sorted choices, ``None`` for nothing.

    What cannot be made right is left as it is for :func:`check` to refuse.
    """
    if isinstance(value, str):
        if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
            try:
                value = clean(value, multiline=field.kind is Kind.LONG_TEXT, limit=len(value) * 4)
            except TextTooLongError:
                return value
        return value or None
    if field.kind is Kind.CODES and isinstance(value, list | tuple | set | frozenset):
        return sorted(set(value)) or None if all(isinstance(v, str) for v in value) else value
    return value


def check(field: Field, value: Any) -> Problem | None:
    """Whether *value* may be stored in *field*; ``None`` as a value is always fine.

    Returns:
        The first problem found, always an impossible one, or ``None``.
    """
    return None if value is None else _CHECKS[field.kind](field, value)


def _text(field: Field, value: Any) -> Problem | None:
    if type(value) is not str:
        return _problem(field.name, "kind")
    if len(value) > field.max_length:
        return _problem(field.name, "too_long", limit=field.max_length)
    try:
        cleaned = clean(value, multiline=field.kind is Kind.LONG_TEXT, limit=max(len(value) * 4, 1))
    except TextTooLongError:
        return _problem(field.name, "too_long", limit=field.max_length)
    if not cleaned:
        return _problem(field.name, "empty")
    return None if cleaned == value else _problem(field.name, "unclean")


def _code(field: Field, value: Any) -> Problem | None:
    if type(value) is not str:
        return _problem(field.name, "kind")
    return None if is_code(field.codes, value) else _problem(field.name, "code", value=value[:40])


def _codes(field: Field, value: Any) -> Problem | None:
    if type(value) is not list or not all(type(v) is str for v in value):
        return _problem(field.name, "kind")
    for code in value:
        if not is_code(field.codes, code):
            return _problem(field.name, "code", value=code[:40])
    if not value:
        return _problem(field.name, "empty")
    return None if value == sorted(set(value)) else _problem(field.name, "codes")


def _answer(field: Field, value: Any) -> Problem | None:
    if type(value) is not str:
        return _problem(field.name, "kind")
    return None if value in ANSWERS else _problem(field.name, "code", value=value[:40])


def _year(field: Field, year: int) -> Problem | None:
    good = FIRST_YEAR <= year <= LAST_YEAR
    return None if good else _problem(field.name, "year", year=year)


def _date(field: Field, value: Any) -> Problem | None:
    if type(value) is not str:
        return _problem(field.name, "kind")
    day = as_date(value) if _DATE.fullmatch(value) else None
    return _problem(field.name, "no_date") if day is None else _year(field, day.year)


def _partial_date(field: Field, value: Any) -> Problem | None:
    if type(value) is not str:
        return _problem(field.name, "kind")
    known = as_partial(value)
    return _problem(field.name, "no_date") if known is None else _year(field, known.year)


def _moment(field: Field, value: Any) -> Problem | None:
    if type(value) is not str:
        return _problem(field.name, "kind")
    try:
        when = parse_moment(value)
        same = moment(when) == value
    except ValueError:
        same = False
    return _year(field, when.year) if same else _problem(field.name, "no_moment")


def _number(field: Field, value: Any) -> Problem | None:
    if type(value) is not int:
        return _problem(field.name, "kind")
    low = -_SAFE_INTEGER + 1 if field.lowest is None else field.lowest
    high = _SAFE_INTEGER - 1 if field.highest is None else field.highest
    if value < low:
        return _problem(field.name, "low", bound=low)
    return _problem(field.name, "high", bound=high) if value > high else None


def _form(pattern: re.Pattern[str], code: str) -> Callable[[Field, Any], Problem | None]:
    def inner(field: Field, value: Any) -> Problem | None:
        if type(value) is not str:
            return _problem(field.name, "kind")
        return None if pattern.fullmatch(value) else _problem(field.name, code)

    return inner


_CHECKS: Mapping[Kind, Callable[[Field, Any], Problem | None]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.LONG_TEXT: _text,
        Kind.CODE: _code,
        Kind.CODES: _codes,
        Kind.ANSWER: _answer,
        Kind.DATE: _date,
        Kind.PARTIAL_DATE: _partial_date,
        Kind.MOMENT: _moment,
        Kind.INTEGER: _number,
        Kind.MONEY: _number,
        Kind.UNIT: _form(_UNIT, "unit"),
        Kind.REF: _form(_REF, "kind"),
    }
)


def as_date(value: Any) -> date | None:
    """The day of a date or moment in its text form; ``None`` if it is neither."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def as_partial(value: Any) -> PartialDate | None:
    """A partial date from its text form; ``None`` if it is none."""
    try:
        return PartialDate.parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


# --- fields against each other ------------------------------------------------

# type → pairs of dates of one record of which the first is never after the second.
_ORDERED: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "case": (("opened_on", "closed_on"),),
        "consent": (("asked_on", "withdrawn_on"),),
        "stay": (("since", "until"), ("since", "extended_until"), ("until", "extended_until")),
        "journey_home": (("leaves_on", "arrived_on"),),
        "account": (("began", "ended"),),
        "activity": (("since", "until"),),
        "material": (("since", "until"),),
        "staff": (("since", "left_on"),),
        "plan": (("since", "until"),),
        "tip": (("at", "forwarded_at"), ("at", "answered_on"), ("at", "told_on")),
    }
)

# type → dates of a person's records that cannot be before the person was born.
_LIVED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "status": ("since", "paper_on"),
        "whereabouts": ("since",),
        "identity_paper": ("issued_on",),
        "consent": ("asked_on",),
        "account": ("began", "ended"),
        "stay": ("since",),
        "journey_home": ("leaves_on", "arrived_on"),
    }
)


def check_record(
    record_type: RecordType,
    values: Values,
    others: Others = (),
    *,
    today: date | None = None,
) -> list[Problem]:
    """All problems of one record as it would be saved.

    Args:
        record_type: its description.
        values: all its values, not only the changed ones; a missing field is unknown.
            Its id, if given as ``id``, finds the records of a person.
        others: the other records of its case that are not voided, as far as known; only those
            of the types that :func:`compared_with` names count.
        today: day that *future* is measured from; the wall clock if ``None``.
    """
    today = today or datetime.now(ICT).date()
    others = tuple(others)
    problems = []
    for field in record_type:
        value = values.get(field.name)
        found = check(field, value)
        if found is not None:
            problems.append(found)
        elif value is None:
            # A record's place in its case is set by the program, not by the officer.
            if field.required and field.kind is not Kind.REF:
                label = field.shown_label()
                problems.append(_problem(field.name, "missing", impossible=False, field=label))
        elif _is_future(field, value, today):
            if record_type.name == "person" and field.name == "birth":
                problems.append(_problem("birth", "birth_future"))
            else:
                label = field.shown_label()
                problems.append(_problem(field.name, "future", impossible=False, field=label))
    problems += _order_problems(record_type, values)
    if record_type.name == "person":
        problems += _person_problems(values, others, today)
    elif record_type.name == "reception":
        problems += _reception_problems(record_type, values, others)
    else:
        problems += _lived_problems(record_type, values, others, today)
    return problems


def compared_with(type_name: str) -> frozenset[str]:
    """The record types of the same case that :func:`check_record` compares such a record with."""
    if type_name == "person":
        return frozenset({"reception", *_LIVED})
    return frozenset({"person"})


def _is_future(field: Field, value: Any, today: date) -> bool:
    if field.ahead:
        return False
    if field.kind in (Kind.DATE, Kind.MOMENT):
        day = as_date(value)
        return day is not None and day > today
    if field.kind is Kind.PARTIAL_DATE:
        known = as_partial(value)
        return known is not None and known.earliest > today
    return False


def _range(value: Any) -> tuple[date, date, str] | None:
    """First and last day that a date, partial date or moment may mean, and how it is shown."""
    known = as_partial(value)
    if known is not None:
        return known.earliest, known.latest, known.shown()
    day = as_date(value)
    return None if day is None else (day, day, f"{day:%d/%m/}{day.year:04d}")


def _order_problems(record_type: RecordType, values: Values) -> list[Problem]:
    problems = []
    for earlier, later in _ORDERED.get(record_type.name, ()):
        first, second = _range(values.get(earlier)), _range(values.get(later))
        if first and second and second[1] < first[0]:
            words = {
                "later": record_type[later].shown_label(),
                "later_date": second[2],
                "earlier": record_type[earlier].shown_label(),
                "earlier_date": first[2],
            }
            problems.append(_problem(later, "order", impossible=_sure(values, earlier), **words))
    return problems


def _sure(values: Values, *names: str) -> bool:
    """Whether none of the named partial dates is an estimate, which may be off by years."""
    return not any(str(values.get(n) or "").endswith("~") for n in names)


def _person_problems(person: Values, others: Others, today: date) -> list[Problem]:
    problems = []
    record_id = person.get("id")
    accompanying = person.get("role") == "accompanying"
    if record_id and person.get("accompanies") == record_id:
        problems.append(_problem("accompanies", "self"))
    born = as_partial(person.get("birth"))
    if born is None or born.earliest > today:
        return problems
    sure = not born.estimated
    receptions = [d for r in _all(others, "reception") if (d := as_date(r.get("at")))]
    late = min((d for d in receptions if d < born.earliest), default=None)
    if late is not None:
        # A child may be born while the mother stays; the person received was there.
        words = {"field": REGISTRY["reception"].shown_label(), "date": _shown(late)}
        hard = sure and not accompanying
        problems.append(_problem("birth", "birth_after", impossible=hard, **words))
    for type_name, names in _LIVED.items():
        for record in _all(others, type_name):
            if record_id is None or record.get("person") != record_id:
                continue
            for name in names:
                span = _range(record.get(name))
                if span and span[1] < born.earliest:
                    words = {"field": REGISTRY[type_name][name].shown_label(), "date": span[2]}
                    certain = sure and _sure(record, name)
                    problems.append(_problem("birth", "birth_after", impossible=certain, **words))
    on = min(receptions, default=today)
    age = full_years(born.latest, on)
    if accompanying and age >= ADULT:
        problems.append(_problem("birth", "adult", impossible=False, age=age))
    if full_years(born.latest, today) > OLDEST:
        old = full_years(born.latest, today)
        problems.append(_problem("birth", "too_old", impossible=False, age=old))
    return problems


def _reception_problems(
    record_type: RecordType, reception: Values, others: Others
) -> list[Problem]:
    problems: list[Problem] = []
    at = as_date(reception.get("at"))
    support = as_date(reception.get("support_from"))
    if at is None:
        return problems
    for person in _all(others, "person"):
        born = as_partial(person.get("birth"))
        if born is not None and at < born.earliest:
            words = {"field": record_type["at"].shown_label(), "date": _shown(at)}
            hard = not born.estimated and person.get("role") != "accompanying"
            problems.append(_problem("at", "birth_after", impossible=hard, **words))
    if support is not None and support < at:
        words = {
            "later": record_type["support_from"].shown_label(),
            "later_date": _shown(support),
            "earlier": record_type["at"].shown_label(),
            "earlier_date": _shown(at),
        }
        problems.append(_problem("support_from", "order", impossible=False, **words))
    return problems


def _lived_problems(
    record_type: RecordType, values: Values, others: Others, today: date
) -> list[Problem]:
    owner = values.get("person")
    owners = [p for p in _all(others, "person") if owner is not None and p.get("id") == owner]
    born = as_partial(owners[0].get("birth")) if owners else None
    if born is None:
        return []
    problems = []
    for name in _LIVED.get(record_type.name, ()):
        span = _range(values.get(name))
        if span and span[1] < born.earliest:
            words = {"field": record_type[name].shown_label(), "date": span[2]}
            certain = not born.estimated and _sure(values, name)
            problems.append(_problem(name, "birth_after", impossible=certain, **words))
    if record_type.name == "journey_home" and values.get("how") == "alone":
        leaves = as_date(values.get("leaves_on")) or today
        if full_years(born.latest, leaves) < ADULT:
            problems.append(_problem("how", "child_alone", impossible=False))
    return problems


def _all(others: Others, type_name: str) -> list[Values]:
    return [values for name, values in others if name == type_name]


def _shown(day: date) -> str:
    return f"{day:%d/%m/}{day.year:04d}"
