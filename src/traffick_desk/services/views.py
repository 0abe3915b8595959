"""What queries answer: plain frozen records for the desk and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from traffick_desk.sync.reports import ExportReport, ImportReport, LinkView

__all__ = [
    "CaseRow",
    "CaseView",
    "Competing",
    "Draft",
    "ExportReport",
    "HistoryItem",
    "ImportReport",
    "LinkView",
    "RecordView",
    "SearchHit",
    "TodayItem",
    "Value",
]

# A value in its JSON form (see ``domain.spine.Kind``).
Value = Any


@dataclass(frozen=True, slots=True)
class Competing:
    """One of two or more values that were written without knowledge of each other (I3)."""

    ref: str
    value: Value
    officer: str
    device: str
    at: str
    shown: bool


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record with its present values.

    Attributes:
        values: field name → value; a field never answered is absent.
        conflicts: field name (or ``"*"`` for a record that merges whole) → all competing values.
        voided: the reason, when the record was voided.
        heads: register → refs of the values shown here; an editor hands them back as the
            ``base`` of its edit, so that nothing that came in meanwhile is overwritten.
    """

    type: str
    id: str
    values: Mapping[str, Value]
    conflicts: Mapping[str, tuple[Competing, ...]] = field(default_factory=dict)
    voided: str | None = None
    heads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, name: str, default: Value = None) -> Value:
        """The value of field *name*."""
        return self.values.get(name, default)


@dataclass(frozen=True, slots=True)
class TipLine:
    """What the list of cases shows of a tip in place of a person; codes of its lists."""

    urgency: str
    place: str
    passed_on: bool
    answered: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list of cases.

    Attributes:
        birth: partial date of the main person, or "".
        status: code of list ``victim_status``, or "".
        due: "YYYY-MM-DD" or moment of the next deadline, or "" ; *due_clock* its clock id.
        sync: ``here`` (saved on this PC only), ``carried`` (in an exported bundle), ``received``.
        tip: of a case that is a tip and has no person.
        grouped: the person was received together with others.
        officer: in charge, or "".
        return_form: code of list ``return_form``, or "".
        hidden: restricted to other officers: only number and commune are shown.
    """

    case_id: str
    file_no: str
    name: str
    sex: str
    birth: str
    status: str
    stage: str
    unit: str
    opened_on: str
    due: str
    due_clock: str
    conflicts: int
    sync: str
    tip: TipLine | None = None
    grouped: bool = False
    officer: str = ""
    return_form: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """One whole case.

    Attributes:
        records: record type name → its records, voided ones last.
        received_on: when the other side confirmed the newest change, or "".
        sent_on: when the hub had the newest change, if it is not confirmed yet, or "".
    """

    row: CaseRow
    records: Mapping[str, tuple[RecordView, ...]]
    received_on: str = ""
    sent_on: str = ""

    @property
    def case(self) -> RecordView:
        """The record of the case itself."""
        return self.records["case"][0]

    def of(self, record_type: str, person: str | None = None) -> tuple[RecordView, ...]:
        """Records of a type that are not voided, of one person if *person* is given."""
        return tuple(
            r
            for r in self.records.get(record_type, ())
            if r.voided is None and (person is None or r.get("person") == person)
        )

    @property
    def persons(self) -> tuple[RecordView, ...]:
        """The persons of the case, the main person first."""
        return tuple(sorted(self.of("person"), key=lambda p: (p.get("role") != "main", p.id)))


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A case found by search; *exact* when the accents agree too."""

    row: CaseRow
    exact: bool


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One line of *Today*.

    Attributes:
        group: ``tip_urgent`` and ``tip`` (not passed on yet), ``late``, ``today``, ``soon``,
            ``draft``, ``conflict``, ``answer`` (of the province), ``request`` (to the province),
            ``came`` (with the last imports), ``directory``, ``unsent``, ``backup``, ``glass``
            (somebody opened a restricted case), ``officers`` (whom the province is to confirm),
            ``data`` (demands about personal data).
        text: what to do, in the language of the desk.
        action: name of the next action: ``letter``, ``step``, ``open``, ``resume``, ``export``,
            ``forward``, ``came``, ``compare``, ``backup``, ``glass``, ``check``, ``service``,
            ``officers``, ``erasure``, ``demand`` (on paper), ``tell`` (consent withdrawn).
        key: draft key, step code, record id or desk id the action needs.
    """

    group: str
    case_id: str
    file_no: str
    text: str
    due: str = ""
    detail: str = ""
    action: str = "open"
    key: str = ""


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One change of a record: who set which fields to what, when, on which PC."""

    ref: str
    at: str
    officer: str
    device: str
    type: str
    record_id: str
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Draft:
    """Typed but not yet saved: kept as JSON under a key chosen by the editor."""

    key: str
    case_id: str
    title: str
    payload: Mapping[str, Any]
    saved_at: str
