"""What can be counted, and on which day it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from traffick_desk.domain.spine import Kind, RecordType, Registry
from traffick_desk.i18n import N_, _
from traffick_desk.services.statistics import derived, outreach
from traffick_desk.services.statistics.sources import Sources, Unit


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of unit.

    Attributes:
        name: of the record type or of a derived unit.
        label: English source text, plural.
        day: ``received`` for the reception of the case, else the column of its own day.
        amounts: fields that can be added up: name → English label.
        days: fields that medians are of.
    """

    name: str
    label: str
    day: str
    amounts: Mapping[str, str]
    days: tuple[str, ...] = ()

    def shown_label(self) -> str:
        """In the language of the desk."""
        return _(self.label)


DERIVED: Mapping[str, tuple[str, Callable[[Sources], Iterator[Unit]]]] = {
    "regime_use": (N_("Persons by support"), derived.regime_uses),
    "money": (N_("Money"), derived.money),
    "prevention": (N_("Prevention work"), outreach.work),
    "prevention_cost": (N_("Cost of prevention work"), outreach.cost),
    "volunteers": (N_("Members of volunteer teams"), outreach.volunteers),
    "clock": (N_("Time limits"), derived.clock_runs),
    "follow_up": (N_("Persons after some months"), derived.follow_ups),
    "gap": (N_("Gaps in the data"), derived.gaps),
}
_SUMMED = frozenset({"money", "prevention", "prevention_cost"})
_OF_NOBODY = frozenset({"prevention", "prevention_cost", "volunteers"})
# They belong to no case, and yet are persons.
_OF_PERSONS = frozenset({"staff", "attendance"})


def open_subject(name: str, registry: Registry) -> bool:
    """Whether a subject says nothing of anybody: its figures leave as they are."""
    record = registry.get(name)
    if record is None:
        return name in _OF_NOBODY
    return not record.case_key and name not in _OF_PERSONS


# Ties and texts that tell nothing when counted, and tips, whose cases are no cases of a person.
_LEFT_OUT = frozenset(
    """same_person group_member note paper document rule_pack disclosure_rule restriction glass
    erasure_request erasure legal_hold retention_rule directory_rule training_rule standard_item
    service_remark report release activity_file""".split()  # noqa: SIM905 - a list of words, not of quotes
)


def subjects(registry: Registry) -> dict[str, Subject]:
    """Everything that can be counted: name → subject."""
    found = {"person": Subject("person", registry["person"].plural, "received", {})}
    for record in registry:
        if record.name in found or record.name in _LEFT_OUT:
            continue
        amounts = {f.name: f.label for f in record if f.kind in {Kind.MONEY, Kind.INTEGER}}
        day = "received" if record.name == "case" else _day_of(record)
        found[record.name] = Subject(record.name, record.plural, day, amounts)
    for name, (label, _made) in DERIVED.items():
        days = ("days",) if name == "clock" else ()
        sums = {"amount": N_("Amount")} if name in _SUMMED else {}
        found[name] = Subject(name, label, "day", sums, days)
    return found


def _day_of(record: RecordType) -> str:
    """The column of the day on which it counts: the first that must be entered, else the first."""
    dated = [f for f in record if f.kind in {Kind.DATE, Kind.MOMENT, Kind.PARTIAL_DATE}]
    must = [f for f in dated if f.required]
    chosen = must or dated
    return chosen[0].name if chosen else "received"
