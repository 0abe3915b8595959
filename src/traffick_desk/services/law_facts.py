"""From the records of a case to the facts that the law asks about one person.

The result is the documented JSON of ``docs/facts-json.md``, so that the window,
the command line and the tests ask the same question in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from traffick_desk.domain.values import PartialDate

Values = Mapping[str, Any]
Records = Mapping[str, Sequence[tuple[str, Values]]]
"""Record type → (id, values) of the records of one case that are not voided."""

NEEDED: Mapping[str, frozenset[str]] = {
    "case": frozenset({"closed_on", "stage"}),
    "person": frozenset(
        {
            *("case", "role", "accompanies", "birth", "citizenship", "permanent_resident"),
            *("poor_household", "insured"),
        }
    ),
    "status": frozenset({"case", "person", "status", "since", "trafficked_in", "old_province"}),
    "whereabouts": frozenset({"case", "person", "place", "since"}),
    "reception": frozenset({"case", "at", "support_from"}),
    "stay": frozenset({"case", "person", "kind", "facility", "since", "until", "extended_until"}),
    "journey_home": frozenset({"case", "person", "days"}),
    "step": frozenset({"case", "person", "kind", "at"}),
    "group_member": frozenset({"case", "code", "toward", "accompanies"}),
}
"""Record type → the fields that the functions below read; no others need be fetched."""

ACCOMPANIED = "accompanied"
"""Beside the record types: (id, records) of the case of whom the main person accompanies."""

# Step of the procedure → the events of both laws that it is; the governing law picks its own.
_EVENTS = {
    "report_elsewhere": ("report_received_by_other_body",),
    "brought_to_commune": ("commune_received",),
    "health_notified": ("health_notified",),
    "health_received": ("health_received",),
    "initially_verified": ("initial_verification_done",),
    "application_received": ("application_07_received", "old_application_received"),
    "application_decided": ("application_07_decided",),
    "support_ended": ("essential_needs_end",),
    "archived": ("file_archived",),
}
STEP_OF_EVENT = {event: step for step, events in _EVENTS.items() for event in events}
_STAYS = {
    "social": "social_assistance",
    "victim": "victim_support",
    "shelter": "shelter",
    "foster": "foster",
    "commune": "other",
}
_TRAFFICKED = {"viet_nam": "VN", "both": "VN", "abroad": "elsewhere"}


def facts_json(
    records: Records, person_id: str, as_of: date | datetime, old_province: str = ""
) -> dict[str, Any]:
    """What is known about *person_id* as of a day or moment.

    Args:
        records: of the case.
        person_id: one of its persons.
        as_of: day or moment of the answer.
        old_province: where levels of support are taken when no decision names a province.
    """
    persons = dict(records.get("person", ()))
    person = persons.get(person_id, {})
    main_id = person.get("accompanies")
    facts = _person(records, person_id, person, old_province)
    if isinstance(as_of, datetime):
        facts["as_of"] = as_of.replace(tzinfo=None).isoformat(timespec="minutes")
    else:
        facts["as_of"] = as_of.isoformat()
    facts["events"] = _events(records, person_id)
    main = None
    if main_id in persons:
        main = _person(records, main_id, persons[main_id], old_province)
    elif person.get("role") == "main":
        # A child with a case of its own: whom it accompanies has another.
        main = _main_of_other(records, old_province)
    if main is not None:
        facts["accompanies"] = main
        for shared in ("location", "essential_needs_start", "province"):
            if shared not in facts and shared in main:
                facts[shared] = main[shared]
    return facts


def _main_of_other(records: Records, old_province: str) -> dict[str, Any] | None:
    for _case, other in records.get(ACCOMPANIED, ()):
        for person_id, person in other.get("person", ()):
            if person.get("role") == "main":
                return _person(other, person_id, person, old_province)
    return None


def _of(records: Records, record_type: str, person_id: str) -> list[Values]:
    return [v for _id, v in records.get(record_type, ()) if v.get("person") == person_id]


def _person(records: Records, person_id: str, person: Values, old_province: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"ref": person_id}
    _add(facts, "citizenship", person.get("citizenship"))
    for name, field in (
        ("permanent_resident", "permanent_resident"),
        ("poor_household", "poor_household"),
        ("health_insurance", "insured"),
    ):
        if person.get(field) in ("yes", "no"):
            facts[name] = person[field]
    if person.get("birth"):
        facts["birth"] = _birth(person["birth"])
    statuses = sorted(_of(records, "status", person_id), key=lambda s: s.get("since", ""))
    if statuses:
        facts["status"] = [
            {"status": s["status"], "from": s["since"]}
            for s in statuses
            if "status" in s and "since" in s
        ]
        known = [s["trafficked_in"] for s in statuses if s.get("trafficked_in") in _TRAFFICKED]
        if known:
            facts["trafficked_in"] = _TRAFFICKED[known[-1]]
        units = [s["old_province"] for s in statuses if s.get("old_province")]
        _add(facts, "province", units[-1] if units else old_province)
    else:
        _add(facts, "province", old_province)
    facts |= _places(records, person_id, person)
    days = [j["days"] for j in _of(records, "journey_home", person_id) if "days" in j]
    if days:
        facts["travel_days"] = sum(days)
    return facts


def _places(records: Records, person_id: str, person: Values) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    receptions = [v for _id, v in records.get("reception", ())]
    places = sorted(_of(records, "whereabouts", person_id), key=lambda w: w.get("since", ""))
    if places:
        facts["location"] = [
            {"where": w["place"], "from": w["since"]}
            for w in places
            if "place" in w and "since" in w
        ]
    elif receptions and person.get("role") == "main":
        # Who was received by the commune is in the country from that day.
        first = min((r["at"][:10] for r in receptions if r.get("at")), default=None)
        facts["location"] = [{"where": "in_country"} | ({"from": first} if first else {})]
    stays = []
    for stay in sorted(_of(records, "stay", person_id), key=lambda s: s.get("since", "")):
        if not stay.get("since"):
            continue
        entry = {"from": stay["since"], "kind": _STAYS.get(stay.get("kind", ""), "other")}
        _add(entry, "to", stay.get("until"))
        _add(entry, "extended_until", stay.get("extended_until"))
        _add(entry, "facility", stay.get("facility"))
        stays.append(entry)
    if stays:
        facts["stays"] = stays
    starts = [r["support_from"] for r in receptions if r.get("support_from")]
    if starts:
        facts["essential_needs_start"] = min(starts)
    return facts


def _birth(text: str) -> Any:
    born = PartialDate.parse(text)
    if born.estimated:
        # An estimated year may be off by one: the law's age line must not rest on a guess.
        first, last = date(max(born.year - 1, 1), 1, 1), date(min(born.year + 1, 9999), 12, 31)
        return {"from": first.isoformat(), "to": last.isoformat()}
    return text


def _events(records: Records, person_id: str) -> dict[str, str]:
    events: dict[str, str] = {}
    for _id, reception in records.get("reception", ()):
        if reception.get("at"):
            _earliest(events, "commune_received", reception["at"])
    for _id, step in records.get("step", ()):
        if step.get("at") and step.get("person") in (None, person_id):
            for name in _EVENTS.get(step.get("kind", ""), ()):
                _earliest(events, name, step["at"])
    for _id, case in records.get("case", ()):
        # The day of closing that stayed behind in a case which goes on again ends nothing.
        if case.get("stage") == "closed" and case.get("closed_on"):
            events["case_closed"] = case["closed_on"]
    if "essential_needs_end" not in events:
        # A negative result and the closing of the case end the support of Chapter V as well.
        ends = [
            s["since"]
            for s in _of(records, "status", person_id)
            if s.get("status") == "not_victim" and s.get("since")
        ]
        ends += [v["closed_on"] for _id, v in records.get("case", ()) if v.get("closed_on")]
        if ends:
            events["essential_needs_end"] = min(ends)
    return events


def _earliest(events: dict[str, str], name: str, moment: str) -> None:
    events[name] = min(events.get(name, moment), moment)


def _add(target: dict[str, Any], name: str, value: Any) -> None:
    if value not in (None, "", "unknown", "not_asked", "refused"):
        target[name] = value
