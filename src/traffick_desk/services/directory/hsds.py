"""The directory in the terms of Open Referral HSDS 3, written and read again.

An entry becomes a *service* with its *organization*, one *service_at_location* with a *location*
and an *address*, *phones*, a *schedule*, *languages*, *cost_options* and *required_documents*.
What HSDS has no place for stands in *attributes* whose label begins with ``traffick-desk:``, so
that a file of our own comes back as it was; other programs pass over them. ``docs/directory.md``
has the whole table.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from traffick_desk.domain import geo
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_directory import ACTIVE, ENDED, PAUSED
from traffick_desk.domain.lists import code_list
from traffick_desk.domain.text import fold
from traffick_desk.domain.units import NEW, Units
from traffick_desk.services.views import RecordView

TAXONOMY = "traffick-desk directory_service"
LABEL = "traffick-desk:"
# Ours for ever: ids of parts follow from the service, so that two exports are the same.
_SPACE = uuid.UUID("5b0f5f6e-6c1d-5a52-9d0e-0d7a1f4e2c11")

_STATUS = {ACTIVE: "active", PAUSED: "temporarily closed", ENDED: "defunct"}
_STATUS_BACK = {**{v: k for k, v in _STATUS.items()}, "inactive": PAUSED}
_DAYS = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}
_OFFSET = "+07:00"
# Field → property of the service that says exactly the same.
_PLAIN = {
    "name": "name",
    "about": "description",
    "email": "email",
    "website": "url",
    "status_reason": "alert",
    "interpreter": "interpretation_services",
    "cost_note": "fees_description",
    "access": "application_process",
    "for_whom": "eligibility_description",
    "verified_on": "assured_date",
}
_NUMBERS = {"age_from": "minimum_age", "age_to": "maximum_age"}
# What HSDS has no property for; values are texts.
_ATTRIBUTES = (
    "provider", "contact", "always", "for_sex", "with_child", "cost", "listing", "verified_by",
    "agreement_no", "agreement_on", "agreement_by", "agreement_until", "note", "place_unit",
)  # fmt: skip


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_SPACE, "/".join(parts)))


def service_id(record_id: str) -> str:
    """The HSDS id of an entry: the last part of its id here, which is a UUID."""
    return record_id.rpartition("/")[2]


def document(units: Units, records: list[RecordView]) -> dict[str, Any]:
    """A page of services, as an HSDS API answers; the whole directory is one page."""
    contents = [service(units, record) for record in records]
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }


def encode(found: Mapping[str, Any]) -> bytes:
    """As a file: UTF-8, the same bytes for the same entries."""
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def service(units: Units, record: RecordView) -> dict[str, Any]:
    """One entry as an HSDS service with everything below it."""
    v, sid = record.values, service_id(record.id)
    organization = str(v.get("organization") or "")
    made: dict[str, Any] = {"id": sid}
    made |= {prop: v[name] for name, prop in _PLAIN.items() if v.get(name)}
    made |= {prop: v[name] for name, prop in _NUMBERS.items() if v.get(name) is not None}
    made["name"] = str(v.get("name") or "")
    made["status"] = _STATUS.get(str(v.get("status")), "inactive")
    made["organization"] = {
        "id": _id("organization", " ".join(fold(organization).split())),
        "name": organization,
        "description": SMALL_LISTS["provider_kind"].label(str(v.get("provider") or "other")),
    }
    phones = [v.get("phone"), v.get("phone_other")]
    if any(phones):
        made["phones"] = [
            {"id": _id(sid, "phone", str(n)), "number": number, "type": "voice"}
            for n, number in enumerate(phones)
            if number
        ]
    if schedule := _schedule(v, sid):
        made["schedules"] = [schedule]
    if spoken := v.get("languages"):
        made["languages"] = [
            {"id": _id(sid, "language", code), "name": code_list("language").label(code),
             "code": code}
            for code in spoken
        ]  # fmt: skip
    if v.get("cost") == "free":
        cost = {"id": _id(sid, "cost"), "option": "free", "currency": "VND", "amount": 0}
        made["cost_options"] = [cost]
    if papers := v.get("papers"):
        made["required_documents"] = [{"id": _id(sid, "document"), "document": papers}]
    if located := _at_location(units, v, sid):
        made["service_at_locations"] = [located]
    made["attributes"] = [*_terms(v, sid), *_attributes(record, sid)]
    return made


def _schedule(v: Mapping[str, Any], sid: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if days := v.get("days"):
        made["byday"] = ",".join(code for day, code in _DAYS.items() if day in days)
    for name, prop in (("opens", "opens_at"), ("closes", "closes_at")):
        if v.get(name):
            made[prop] = f"{v[name]}{_OFFSET}"
    if note := v.get("hours_note"):
        made["description"] = note
    return {"id": _id(sid, "schedule"), "freq": "WEEKLY", "timezone": 7, **made} if made else {}


def _at_location(units: Units, v: Mapping[str, Any], sid: str) -> dict[str, Any]:
    place, unit = geo.read(v.get("position")), str(v.get("place_unit") or "")
    address, transport = v.get("address"), v.get("transport")
    if not (place or unit or address or transport):
        return {}
    location: dict[str, Any] = {"id": _id(sid, "location"), "location_type": "physical"}
    if place:
        location |= {"latitude": place.lat, "longitude": place.lon}
    if transport:
        location["transportation"] = transport
    if unit or address:
        city = province = ""
        if unit in units:
            known, above = units.get(unit), units.province_of(unit)
            province = units.title(above)
            city = units.title(known) if known.id != above.id else ""
        location["addresses"] = [
            {
                "id": _id(sid, "address"),
                "address_1": address or "",
                "city": city,
                "state_province": province,
                "postal_code": "",
                "country": "VN",
                "address_type": "physical",
            }
        ]
    return {"id": _id(sid, "at"), "location": location}


def _terms(v: Mapping[str, Any], sid: str) -> list[dict[str, Any]]:
    labels = SMALL_LISTS["directory_service"]
    return [
        {
            "id": _id(sid, "term", code),
            "link_id": sid,
            "link_entity": "service",
            "link_type": "service_type",
            "taxonomy_term": {
                "id": _id("term", code),
                "code": code,
                "name": labels.label(code),
                "description": labels.label(code),
                "taxonomy": TAXONOMY,
            },
        }
        for code in v.get("kinds") or ()
    ]


def _attributes(record: RecordView, sid: str) -> list[dict[str, Any]]:
    own = {"unit": record.id.rpartition("/")[0]}
    own |= {name: str(record.get(name)) for name in _ATTRIBUTES if record.get(name)}
    return [
        {
            "id": _id(sid, "attribute", name),
            "link_id": sid,
            "link_entity": "service",
            "label": f"{LABEL}{name}",
            "value": value,
        }
        for name, value in own.items()
    ]


# --- reading ----------------------------------------------------------------------------


def services_of(found: Any) -> list[Any]:
    """The services of a file: a page, a list, one service, or organisations with services.

    Raises:
        ValueError: it is none of these.
    """
    if isinstance(found, Mapping):
        if isinstance(found.get("contents"), list):
            return list(found["contents"])
        if isinstance(found.get("services"), list):
            without = {n: v for n, v in found.items() if n != "services"}
            return [
                {"organization": without, **s} if isinstance(s, Mapping) else s
                for s in found["services"]
            ]
        if "name" in found:
            return [found]
    if isinstance(found, list):
        inside: list[Any] = []
        for item in found:
            whole = isinstance(item, Mapping) and "services" in item
            inside += services_of(item) if whole else [item]
        return inside
    raise ValueError


def values(units: Units, made: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Unit and id of a service of HSDS, and its values as an entry; what is unknown is left out."""
    own = {
        str(a["label"]).removeprefix(LABEL): a.get("value")
        for a in _all(made, "attributes")
        if str(a.get("label") or "").startswith(LABEL)
    }
    v: dict[str, Any] = {name: _text(made.get(prop)) for name, prop in _PLAIN.items()}
    for name, prop in _NUMBERS.items():
        number = made.get(prop)
        if isinstance(number, int | float) and not isinstance(number, bool):
            v[name] = int(number)
    v["status"] = _STATUS_BACK.get(str(made.get("status")))
    if assured := v.get("verified_on"):
        v["verified_on"] = str(assured)[:10]
    organization = made.get("organization")
    if isinstance(organization, Mapping):
        v["organization"] = _text(organization.get("name"))
    located = _first(made, "service_at_locations")
    location = located.get("location") if isinstance(located.get("location"), Mapping) else {}
    _take_phones(v, made, located)
    _take_schedule(v, _first(made, "schedules") or _first(located, "schedules"))
    v["languages"] = _languages(made) or None
    v["papers"] = _text(_first(made, "required_documents").get("document"))
    v["cost"] = _cost(made)
    v["kinds"] = _kinds(made) or None
    _take_location(units, v, location if isinstance(location, Mapping) else {})
    v |= {name: _text(own[name]) for name in _ATTRIBUTES if _text(own.get(name))}
    return str(own.get("unit") or ""), str(made.get("id") or ""), v


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _all(made: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = made.get(name)
    return [m for m in found if isinstance(m, Mapping)] if isinstance(found, list) else []


def _first(made: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next(iter(_all(made, name)), {})


def _take_phones(v: dict[str, Any], made: Mapping[str, Any], located: Mapping[str, Any]) -> None:
    organization = made.get("organization")
    places: list[Mapping[str, Any]] = [made, located]
    if isinstance(organization, Mapping):
        places.append(organization)
    numbers = [_text(p.get("number")) for place in places for p in _all(place, "phones")]
    unique = list(dict.fromkeys(n for n in numbers if n))
    ids = {str(p.get("id")): _text(p.get("number")) for p in _all(made, "phones")}
    second = ids.get(_id(str(made.get("id")), "phone", "1"))
    if second and len(unique) == 1:
        v["phone_other"] = second
    else:
        v |= dict(zip(("phone", "phone_other"), unique, strict=False))


def _take_schedule(v: dict[str, Any], schedule: Mapping[str, Any]) -> None:
    back = {code: day for day, code in _DAYS.items()}
    days = [back[d[-2:]] for d in str(schedule.get("byday") or "").split(",") if d[-2:] in back]
    v["days"] = sorted(days) or None
    for name, prop in (("opens", "opens_at"), ("closes", "closes_at")):
        v[name] = (str(schedule.get(prop) or "")[:5]) or None
    v["hours_note"] = _text(schedule.get("description"))


def _languages(made: Mapping[str, Any]) -> list[str]:
    codes = code_list("language")
    known = set(codes.codes())
    found = set()
    for spoken in _all(made, "languages"):
        code = str(spoken.get("code") or "")
        if code in known:
            found.add(code)
        elif name := _text(spoken.get("name")):
            found.update(codes.search(name, 1))
    return sorted(found)


def _cost(made: Mapping[str, Any]) -> str | None:
    amounts = [c.get("amount") for c in _all(made, "cost_options")]
    numbers = [a for a in amounts if isinstance(a, int | float) and not isinstance(a, bool)]
    if not numbers:
        return None
    return "free" if max(numbers) == 0 else "part" if min(numbers) == 0 else "paid"


def _kinds(made: Mapping[str, Any]) -> list[str]:
    labels = SMALL_LISTS["directory_service"]
    found, others = set(), False
    for attribute in _all(made, "attributes"):
        term = attribute.get("taxonomy_term")
        if not isinstance(term, Mapping):
            continue
        code = str(term.get("code") or "")
        if code in labels.codes():
            found.add(code)
        else:
            others = True
    return sorted(found) or (["other"] if others or made.get("name") else [])


def _take_location(units: Units, v: dict[str, Any], location: Mapping[str, Any]) -> None:
    lat, lon = location.get("latitude"), location.get("longitude")
    if isinstance(lat, int | float) and isinstance(lon, int | float):
        v["position"] = f"{lat}, {lon}"
    v["transport"] = _text(location.get("transportation"))
    # Files of the first drafts of HSDS 3 spell the plural so.
    address = _first(location, "addresses") or _first(location, "addresss")
    v["address"] = _text(address.get("address_1"))
    names = [_text(address.get(n)) for n in ("city", "state_province")]
    if any(names):
        found = units.search(" ".join(n for n in names if n), dataset=NEW, limit=1)
        v["place_unit"] = found[0].id if found else None
