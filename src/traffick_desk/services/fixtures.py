"""Reading people from a file that a person can write: demonstration, tests, first import.

The file says fields and codes by the names of the spine; administrative units
are written as people say them and looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from traffick_desk.domain.lists import code_list
from traffick_desk.domain.spine import Kind, Registry
from traffick_desk.domain.units import Units
from traffick_desk.i18n import _
from traffick_desk.services.base import new_id
from traffick_desk.store.journal import Edit

_LISTS = {
    "address": "address",
    "papers": "identity_paper",
    "names": "person_name",
    "status": "status",
    "whereabouts": "whereabouts",
    "consent": "consent",
    "account": "account",
    "stay": "stay",
    "journey": "journey_home",
    "given": "given_item",
    "steps": "step",
    "screening": "screening",
    "inquiries": "inquiry",
    "evidence": "evidence",
    "risks": "risk",
    "protection": "protection",
    "contacts": "contact",
    "needs": "need",
    "plan": "plan_item",
    "payments": "payment",
    "referrals": "referral",
    "visits": "visit",
    "programmes": "enrolment",
    "tasks": "task",
}
_FROM_TODAY = re.compile(r"@(?:([+-]?\d+)(?:T(\d\d:\d\d))?|(\d+)y)", re.ASCII)
_OF_CASE = {"given_item", "step"}


class FixtureError(ValueError):
    """The file cannot be read; says where and why. Nothing was taken in."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where, self.problem = where, problem

    def __str__(self) -> str:
        return _("{where}: {problem} Nothing was taken in.").format(
            where=self.where, problem=self.problem
        )


@dataclass(frozen=True, slots=True)
class Arrival:
    """One case to be made: its edits in order, the case first."""

    id: str
    unit: str
    edits: tuple[Edit, ...]
    case_id: str
    person_id: str


def read(
    path: Path, registry: Registry, units: Units, today: date | None = None
) -> dict[str, tuple[Arrival, ...]]:
    """Read a file of people: group name → arrivals.

    Args:
        path: the file.
        registry: the record types.
        units: where the names of units are looked up.
        today: the day that ``@-3`` (three days ago), ``@-3T09:00`` (the same with an hour) and
            ``@16y`` (the year of who turns sixteen) count from; without it they are not known.

    Raises:
        FixtureError: the file is not of this form.
    """
    try:
        groups = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FixtureError(path.name, str(error).split("\n", 1)[0] + ".") from error
    if not isinstance(groups, dict):
        raise FixtureError(path.name, _("Groups of people are expected."))
    return {
        str(name): tuple(
            _arrival(f"{name}[{i}]", _dated(entry, today), registry, units)
            for i, entry in enumerate(people or ())
        )
        for name, people in groups.items()
    }


def _dated(value: Any, today: date | None) -> Any:
    """*value* with every day that is told from today written out."""
    if isinstance(value, dict):
        return {key: _dated(inner, today) for key, inner in value.items()}
    if isinstance(value, list):
        return [_dated(inner, today) for inner in value]
    found = _FROM_TODAY.fullmatch(value) if today and isinstance(value, str) else None
    if found is None or today is None:
        return value
    days, hour, years = found.groups()
    if years:
        return str(today.year - int(years))
    day = (today + timedelta(days=int(days))).isoformat()
    return f"{day}T{hour}+07:00" if hour else day


def _arrival(where: str, entry: Any, registry: Registry, units: Units) -> Arrival:
    if not isinstance(entry, dict) or "person" not in entry:
        raise FixtureError(where, _("A person is missing."))
    where = f"{where} {entry.get('id', '')}".strip()
    case_id, person_id = new_id(), new_id()
    made = _Maker(where, registry, units, case_id)
    frame = dict(entry.get("case") or {})
    unit = units_id(units, entry["unit"], where) if "unit" in entry else ""
    if unit:
        frame["unit"] = unit
    made.add("case", case_id, frame)
    made.add("person", person_id, {"role": "main", **entry["person"]})
    for minor in entry.get("minors") or ():
        made.add("person", new_id(), {"role": "accompanying", "accompanies": person_id, **minor})
    if "reception" in entry:
        made.add("reception", new_id(), entry["reception"])
    for key, record_type in _LISTS.items():
        given = entry.get(key) or ()
        for values in [given] if isinstance(given, dict) else given:
            about = {} if record_type in _OF_CASE else {"person": person_id}
            made.add(record_type, new_id(), {**about, **values})
    known = {"id", "unit", "case", "person", "minors", "reception", *_LISTS}
    for key in entry:
        if key not in known:
            raise FixtureError(where, _("“{key}” is not known.").format(key=key))
    return Arrival(str(entry.get("id", "")), unit, tuple(made.edits), case_id, person_id)


class _Maker:
    def __init__(self, where: str, registry: Registry, units: Units, case_id: str) -> None:
        self.where, self.registry, self.units, self.case_id = where, registry, units, case_id
        self.edits: list[Edit] = []

    def add(self, type_name: str, record_id: str, values: Mapping[str, Any]) -> None:
        record_type = self.registry[type_name]
        out: dict[str, Any] = {"case": self.case_id} if record_type.in_case else {}
        for name, value in values.items():
            if name not in record_type.by_name:
                text = _("“{key}” is not known.").format(key=f"{type_name}.{name}")
                raise FixtureError(self.where, text)
            out[name] = self._value(type_name, name, value)
        self.edits.append(Edit(type_name, record_id, out))

    def _value(self, type_name: str, name: str, value: Any) -> Any:
        known = self.registry[type_name][name]
        if isinstance(value, date):
            value = value.isoformat()
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if known.kind is Kind.UNIT:
            return units_id(self.units, value, self.where, old=name.startswith("old_"))
        if known.kind in (Kind.CODE, Kind.ANSWER):
            return self._code(known.codes, value)
        if known.kind is Kind.CODES:
            return sorted(self._code(known.codes, v) for v in value)
        return value

    def _code(self, name: str, value: Any) -> str:
        codes = code_list(name)
        if value in codes.codes():
            return str(value)
        exact = [c for c in codes.search(str(value), 5) if codes.label(c) == value]
        if exact:
            return exact[0]
        text = _("“{value}” is no code of the list “{name}”.").format(value=value, name=name)
        raise FixtureError(self.where, text)


def units_id(units: Units, text: str, where: str, *, old: bool = False) -> str:
    """The id of the unit that *text* names; an id is taken as it is.

    Raises:
        FixtureError: no unit, or more than one, is called so.
    """
    if "/" in text and text in units:
        return text
    for dataset in ("2004", "2025") if old else ("2025", "2004"):
        found = units.search(text, dataset=dataset, limit=1)
        if found:
            return found[0].id
    raise FixtureError(where, _("No administrative unit is called “{text}”.").format(text=text))
