"""Read facts from JSON: strict about keys and values, and clear about what is wrong where."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn, TypeVar

from traffick_desk.i18n import _
from traffick_desk.law.facts import (
    Birth,
    Facts,
    FactsError,
    LocationSince,
    Status,
    StatusSince,
    Stay,
    day_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from traffick_desk.law.facts import Moment

T = TypeVar("T")
VIET_NAM = timezone(timedelta(hours=7))
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
MOST_ENTRIES = 1000


class _Fields:
    """The fields of one JSON object, each read once; what is left over is an error."""

    def __init__(self, obj: object, key: str) -> None:
        if not isinstance(obj, dict):
            raise FactsError(key, _("an object with keys and values is expected"))
        self.obj, self.key, self.used = obj, key, set[str]()

    def path(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key else name

    def fail(self, name: str, problem: str) -> NoReturn:
        raise FactsError(self.path(name), problem)

    def get(self, name: str, read: Callable[[object, str], T]) -> T | None:
        """The value of *name*; ``None`` when it is missing, null or “unknown”."""
        self.used.add(name)
        value = self.obj.get(name)
        if value is None or value == "unknown":
            return None
        return read(value, self.path(name))

    def done(self) -> None:
        for name in self.obj:
            if name not in self.used:
                raise FactsError(
                    self.path(str(name)),
                    _("this key is not known; known here: {known}").format(
                        known=", ".join(sorted(self.used))
                    ),
                )


def read_facts(obj: object, today: date | None = None) -> Facts:
    """The facts in *obj*; see :meth:`Facts.from_json`."""
    return _facts(obj, "", today)


def _facts(obj: object, key: str, today: date | None) -> Facts:
    fields = _Fields(obj, key)
    moment = fields.get("as_of", _moment) or today
    if moment is None:
        fields.fail("as_of", _("the day for which the answer holds is missing"))
    as_of = day_of(moment)
    identified = fields.get("identified_on", _date)
    statuses = _with_identification(fields, fields.get("status", _statuses) or (), identified)
    stays = fields.get("stays", _stays)
    birth = fields.get("birth", _birth)
    facts = Facts(
        as_of=as_of,
        as_of_time=moment if isinstance(moment, datetime) else None,
        ref=fields.get("ref", _text),
        statuses=statuses,
        citizenship=fields.get("citizenship", _citizenship),
        permanent_resident=fields.get("permanent_resident", _yes_no),
        trafficked_in=fields.get("trafficked_in", _choice("VN", "elsewhere")),
        locations=fields.get("location", _locations) or (),
        birth=birth,
        stays=stays,
        essential_needs_start=fields.get("essential_needs_start", _date),
        poor_household=fields.get("poor_household", _yes_no),
        health_insurance=fields.get("health_insurance", _yes_no),
        studying=fields.get("studying", _yes_no),
        province=fields.get("province", _text),
        travel_days=fields.get("travel_days", _count),
        accompanies=None
        if key
        else fields.get("accompanies", lambda value, at: _facts(value, at, as_of)),
        events=MappingProxyType(fields.get("events", _events) or {}),
    )
    fields.done()
    if facts.accompanies is not None and facts.accompanies.as_of != as_of:
        fields.fail("accompanies", _("its “as_of” must be that of the whole, or be left out"))
    if birth is not None:
        _check_birth(fields, birth, facts)
    return facts


def _with_identification(
    fields: _Fields, statuses: tuple[StatusSince, ...], identified: date | None
) -> tuple[StatusSince, ...]:
    """The status history with the day of identification worked in."""
    if identified is None:
        return statuses
    victim = [entry for entry in statuses if entry.status is Status.VICTIM]
    if not statuses:
        return (StatusSince(Status.VICTIM, identified),)
    if not victim:
        fields.fail("identified_on", _("“status” says that the person was not identified"))
    if victim[0].since not in {None, identified}:
        fields.fail("identified_on", _("“status” gives another day of identification"))
    result = tuple(
        StatusSince(entry.status, identified) if entry is victim[0] else entry for entry in statuses
    )
    _check_order(fields.path("identified_on"), [entry.since for entry in result])
    return result


def _check_birth(fields: _Fields, birth: Birth, facts: Facts) -> None:
    """Nobody is born after something that already happened to them."""
    if birth.earliest > facts.as_of:
        fields.fail("birth", _("the date of birth is after the as-of day"))
    for name, day in (
        ("status", min((s.since for s in facts.statuses if s.since), default=None)),
        ("stays", min((s.start for s in facts.stays or ()), default=None)),
        ("essential_needs_start", facts.essential_needs_start),
    ):
        if day is not None and birth.earliest > day:
            fields.fail("birth", _("the date of birth is after a day in “{key}”").format(key=name))


def _check_order(key: str, days: list[date | None]) -> None:
    known = [day for day in days if day is not None]
    if known != sorted(known):
        raise FactsError(key, _("the dates are not in order of time"))


def _text(value: object, key: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 500:
        raise FactsError(key, _("a text of 1 to 500 characters is expected"))
    return value.strip()


def _choice(*allowed: str) -> Callable[[object, str], str]:
    def read(value: object, key: str) -> str:
        if value not in allowed:
            raise FactsError(
                key, _("one of these is expected: {allowed}").format(allowed=", ".join(allowed))
            )
        return str(value)

    return read


def _yes_no(value: object, key: str) -> bool:
    if value in ("yes", "no") or isinstance(value, bool):
        return value in ("yes", True)
    raise FactsError(key, _("yes, no or unknown is expected"))


def _count(value: object, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
        raise FactsError(key, _("a whole number from 0 to 10,000 is expected"))
    return value


def _moment(value: object, key: str) -> Moment:
    """A date, or a date with time; a time with zone becomes that of Viet Nam."""
    problem = _("a date (YYYY-MM-DD) or a date with time (YYYY-MM-DDTHH:MM) is expected")
    if not isinstance(value, str):
        raise FactsError(key, problem)
    moment: Moment
    try:
        moment = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            moment = moment.astimezone(VIET_NAM).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise FactsError(key, problem) from None
    if not FIRST_DAY <= day_of(moment) <= LAST_DAY:
        raise FactsError(key, _("a year from 1900 to 2199 is expected"))
    return moment


def _date(value: object, key: str) -> date:
    if not isinstance(value, str) or len(value) != 10:
        raise FactsError(key, _("a date written YYYY-MM-DD is expected"))
    return day_of(_moment(value, key))


def _list(value: object, key: str) -> list[object]:
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise FactsError(
            key, _("a list of at most {most} entries is expected").format(most=MOST_ENTRIES)
        )
    return value


def _citizenship(value: object, key: str) -> str:
    text = _text(value, key)
    if text == "stateless" or (len(text) == 2 and text.isascii() and text.isupper()):
        return text
    raise FactsError(key, _("two capital letters (VN, KH …), stateless or unknown are expected"))


def _statuses(value: object, key: str) -> tuple[StatusSince, ...]:
    read = _choice(*Status)
    if isinstance(value, str):
        return (StatusSince(Status(read(value, key))),)
    found: list[StatusSince] = []
    for at, item in enumerate(_list(value, key)):
        fields = _Fields(item, f"{key}[{at}]")
        status = fields.get("status", read)
        if status is None:
            fields.fail("status", _("the status is missing"))
        found.append(StatusSince(Status(status), fields.get("from", _date)))
        fields.done()
    _check_order(key, [entry.since for entry in found])
    return tuple(found)


def _locations(value: object, key: str) -> tuple[LocationSince, ...]:
    read = _choice("abroad", "in_country")
    if isinstance(value, str):
        return (LocationSince(read(value, key)),)
    found: list[LocationSince] = []
    for at, item in enumerate(_list(value, key)):
        fields = _Fields(item, f"{key}[{at}]")
        where = fields.get("where", read)
        if where is None:
            fields.fail("where", _("the place is missing"))
        found.append(LocationSince(where, fields.get("from", _date)))
        fields.done()
    _check_order(key, [entry.since for entry in found])
    return tuple(found)


def _birth(value: object, key: str) -> Birth:
    """``2010-05-01``, ``2010-05``, ``2010``, ``{age, on[, plus_minus]}`` or ``{from, to}``."""
    if isinstance(value, str):
        return _birth_text(value, key)
    fields = _Fields(value, key)
    age, on = fields.get("age", _count), fields.get("on", _date)
    margin = fields.get("plus_minus", _count) or 0
    first, last = fields.get("from", _date), fields.get("to", _date)
    fields.done()
    if age is not None and on is not None and first is None and last is None:
        if on.year - age - margin - 1 < FIRST_DAY.year:
            raise FactsError(key, _("the age is too high"))
        earliest = _years_before(on, age + margin + 1) + timedelta(days=1)
        return Birth(earliest, _years_before(on, max(age - margin, 0)))
    if first is not None and last is not None and first <= last and age is None and on is None:
        return Birth(first, last)
    raise FactsError(
        key, _("either “age” and “on” are expected, or “from” and “to” in order of time")
    )


def _years_before(day: date, years: int) -> date:
    """The last birth date of a person who is *years* old on *day*."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def _birth_text(value: str, key: str) -> Birth:
    shapes = {4: ("-01-01", "-12-31"), 7: ("-01", ""), 10: ("", "")}
    if len(value) not in shapes:
        raise FactsError(key, _("a date, a month (YYYY-MM) or a year (YYYY) is expected"))
    start, end = shapes[len(value)]
    first = _date(value + start, key)
    if len(value) == 7:
        following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        return Birth(first, following - timedelta(days=1))
    return Birth(first, _date(value + end, key))


def _stays(value: object, key: str) -> tuple[Stay, ...]:
    found: list[Stay] = []
    for at, item in enumerate(_list(value, key)):
        fields = _Fields(item, f"{key}[{at}]")
        start = fields.get("from", _date)
        if start is None:
            fields.fail("from", _("the first day is missing"))
        stay = Stay(
            start=start,
            end=fields.get("to", _date),
            extended_until=fields.get("extended_until", _date),
            facility=fields.get("facility", _text),
            kind=fields.get(
                "kind", _choice("social_assistance", "victim_support", "foster", "shelter", "other")
            ),
        )
        fields.done()
        if stay.end is not None and stay.end < stay.start:
            fields.fail("to", _("the last day is before the first"))
        found.append(stay)
    return tuple(found)


def _events(value: object, key: str) -> dict[str, Moment]:
    fields = _Fields(value, key)
    if len(fields.obj) > MOST_ENTRIES:
        raise FactsError(
            key, _("a list of at most {most} entries is expected").format(most=MOST_ENTRIES)
        )
    found: dict[str, Moment] = {}
    for name in fields.obj:
        moment = fields.get(str(name), _moment)
        if moment is not None:
            found[str(name)] = moment
    return found
