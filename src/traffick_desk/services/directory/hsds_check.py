"""Whether a file is HSDS 3: what is required, of which type, and out of which list.

The facts are those of the schema files of Open Referral HSDS 3 (service, organization, location,
address, phone, schedule, language, cost_option, required_document, service_at_location, attribute,
taxonomy_term). Properties that the schema does not name are allowed there, and here. Formats
``uri``, ``email`` and ``uuid`` are told apart as the schema's annotations, which validators do not
enforce; only dates and times that we read are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from traffick_desk.i18n import _


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as HSDS says: where (``contents[3].phones[0].number``), and why."""

    path: str
    text: str


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}.*")
_TIME = re.compile(r"\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?")

# Entity → required properties.
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "service": ("id", "name", "status"),
    "organization": ("id", "name", "description"),
    "location": ("id", "location_type"),
    "address": ("id", "address_1", "city", "state_province", "postal_code", "country",
                "address_type"),
    "phone": ("id", "number"),
    "schedule": ("id",),
    "language": ("id",),
    "cost_option": ("id",),
    "required_document": ("id",),
    "service_at_location": ("id",),
    "attribute": ("id",),
    "taxonomy_term": ("id", "name", "description"),
}  # fmt: skip
# Entity → property → what it holds: a type, a tuple of words, another entity, or a list of one.
_HOLDS: Mapping[str, Mapping[str, Any]] = {
    "service": {
        "minimum_age": "number", "maximum_age": "number", "assured_date": "date",
        "status": ("active", "inactive", "defunct", "temporarily closed"),
        "organization": "organization", "phones": ["phone"], "schedules": ["schedule"],
        "languages": ["language"], "cost_options": ["cost_option"], "attributes": ["attribute"],
        "required_documents": ["required_document"],
        "service_at_locations": ["service_at_location"],
    },
    "organization": {"year_incorporated": "number", "phones": ["phone"], "locations": ["location"],
                     "attributes": ["attribute"]},
    "location": {
        "location_type": ("physical", "postal", "virtual"), "latitude": "number",
        "longitude": "number", "addresses": ["address"], "phones": ["phone"],
        "schedules": ["schedule"], "languages": ["language"], "attributes": ["attribute"],
    },
    "address": {"address_type": ("physical", "postal", "virtual")},
    "phone": {"extension": "number", "languages": ["language"]},
    "schedule": {
        "freq": ("WEEKLY", "MONTHLY"), "interval": "number", "timezone": "number",
        "valid_from": "date", "valid_to": "date", "dtstart": "date", "until": "date",
        "opens_at": "time", "closes_at": "time",
    },
    "language": {},
    "cost_option": {"amount": "number", "valid_from": "date", "valid_to": "date"},
    "required_document": {},
    "service_at_location": {"location": "location", "phones": ["phone"], "schedules": ["schedule"],
                            "attributes": ["attribute"]},
    "attribute": {"taxonomy_term": "taxonomy_term"},
    "taxonomy_term": {},
}  # fmt: skip
_MOST = 200


def check(services: list[Any]) -> list[Fault]:
    """What is not as HSDS says, at most 200 things; an empty list for a file that fits."""
    found: list[Fault] = []
    seen: set[str] = set()
    for number, made in enumerate(services):
        path = f"contents[{number}]"
        for fault in _entity("service", made, path):
            found.append(fault)
            if len(found) == _MOST:
                return found
        record = str(made.get("id")) if isinstance(made, Mapping) else ""
        if record and record in seen:
            found.append(Fault(f"{path}.id", _("The same id stands twice.")))
        seen.add(record)
    return found


def _entity(name: str, made: Any, path: str) -> Iterator[Fault]:
    if not isinstance(made, Mapping):
        yield Fault(path, _("This should be an object."))
        return
    for needed in _REQUIRED[name]:
        if not isinstance(made.get(needed), str):
            yield Fault(f"{path}.{needed}", _("This is required and must be a text."))
    for prop, value in made.items():
        holds = _HOLDS[name].get(prop, "text")
        yield from _value(holds, value, f"{path}.{prop}", prop in _HOLDS[name])


def _value(holds: Any, value: Any, path: str, known: bool) -> Iterator[Fault]:
    if value is None or (not known and not isinstance(value, str)):
        # Null stands for absent in files of many programs; strangers' properties are theirs.
        return
    if isinstance(holds, list):
        if not isinstance(value, list):
            yield Fault(path, _("This should be a list."))
            return
        for number, item in enumerate(value):
            yield from _entity(holds[0], item, f"{path}[{number}]")
    elif isinstance(holds, tuple):
        if value not in holds:
            words = _("“{value}” is not one of: {offered}.")
            yield Fault(path, words.format(value=value, offered=", ".join(holds)))
    elif holds == "number":
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield Fault(path, _("This should be a number."))
    elif holds in _HOLDS:
        yield from _entity(holds, value, path)
    elif holds in {"date", "time"}:
        form = _DATE if holds == "date" else _TIME
        if not isinstance(value, str) or not form.fullmatch(value):
            yield Fault(path, _("This should be a date or time as 2026-11-21 or 07:30+07:00."))
