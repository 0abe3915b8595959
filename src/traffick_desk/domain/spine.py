"""The spine: every record type and field is described once, here and in ``records``.

Tables, editors, validation, the journal and bundle codec, search and redaction
all follow from these descriptions. To add a field, describe it in ``records``
and translate its label; everything else follows (a test walks the faces).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from traffick_desk.i18n import _


class Privacy(StrEnum):
    """Who may see a value once it leaves the case (architecture §3)."""

    IDENTIFYING = "identifying"
    SENSITIVE = "sensitive"
    OPERATIONAL = "operational"
    PUBLIC = "public"


class Kind(StrEnum):
    """What a value is. The comment is its JSON form, which is also its column form."""

    TEXT = "text"  # str, one line, NFC
    LONG_TEXT = "long_text"  # str, several lines, NFC
    CODE = "code"  # str, a code of the field's list
    CODES = "codes"  # list[str], sorted, no duplicates; a JSON text in its column
    ANSWER = "answer"  # str: yes, no, unknown, not_asked, refused
    DATE = "date"  # "YYYY-MM-DD"
    PARTIAL_DATE = "partial_date"  # "YYYY[-MM[-DD]][~]", ~ = estimated (EDTF level 1)
    MOMENT = "moment"  # "YYYY-MM-DDTHH:MM+07:00"
    INTEGER = "integer"  # int
    MONEY = "money"  # int, đồng
    UNIT = "unit"  # administrative unit id, "2025/00004"
    REF = "ref"  # id of another record


ANY = "*"
"""Target of a REF that may point to any record of the same case."""


class Search(StrEnum):
    """How a field takes part in the search over all cases."""

    NAME = "name"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record type.

    Attributes:
        name: snake case, stable for ever: it is written into journals.
        kind: what a value is.
        label: English source text; shown through :meth:`shown_label`.
        privacy: class that redaction follows.
        help: why it is asked and how to answer, English source text.
        codes: name of the code list of a CODE or CODES field.
        target: name of the record type a REF points to, or :data:`ANY`.
        required: needed by the law or by the next step; all else may stay unknown.
        search: how the value is searched, or ``None``.
        source: law or standard the field comes from.
        limit: longest text, in characters.
        lowest, highest: bounds of a number.
        ahead: a date that may lie in the future without being a slip.
    """

    name: str
    kind: Kind
    label: str
    privacy: Privacy = Privacy.SENSITIVE
    help: str = ""
    codes: str = ""
    target: str = ""
    required: bool = False
    search: Search | None = None
    source: str = ""
    limit: int = 0
    lowest: int | None = None
    highest: int | None = None
    ahead: bool = False

    @property
    def max_length(self) -> int:
        """Longest text allowed, in characters."""
        return self.limit or (20_000 if self.kind is Kind.LONG_TEXT else 500)

    def shown_label(self) -> str:
        """The label in the language of the desk."""
        return _(self.label)

    def shown_help(self) -> str:
        """The help in the language of the desk; empty if there is none."""
        return _(self.help)


@dataclass(frozen=True, slots=True)
class RecordType:
    """One type of record.

    Attributes:
        name: snake case, stable for ever.
        label, plural: English source texts.
        fields: in the order in which an editor shows them.
        in_case: the record belongs to a case (it has a ``case`` field).
        office: it belongs to no case but to the office, and goes to every desk below it.
        of_unit: it belongs to no case but to the unit that its field ``unit`` names and its id
            begins with (:mod:`traffick_desk.domain.belonging`).
        of_desk: a desk writes it of itself alone (I7); its id begins with the desk's.
        whole: the record merges as one value (I3): decisions, status, consent.
        writers: profiles whose desks may write it (I7).
    """

    name: str
    label: str
    plural: str
    fields: tuple[Field, ...]
    in_case: bool = True
    office: bool = False
    of_unit: bool = False
    of_desk: bool = False
    whole: bool = False
    writers: frozenset[str] = frozenset({"commune", "province"})
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", MappingProxyType({f.name: f for f in self.fields}))
        unit = self.by_name.get("unit")
        if self.of_unit and (self.in_case or unit is None or unit.kind is not Kind.UNIT):
            raise ValueError(f"{self.name} does not name its unit")

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __getitem__(self, name: str) -> Field:
        return self.by_name[name]

    @property
    def case_key(self) -> str:
        """The column that names the case; empty for what belongs to none."""
        if self.office or self.of_unit:
            return ""
        return "case" if self.in_case else "id"

    def shown_label(self) -> str:
        """The label in the language of the desk."""
        return _(self.label)


class Registry:
    """All record types of the program, by name and in dependency order."""

    def __init__(self, types: tuple[RecordType, ...]) -> None:
        self._types = {t.name: t for t in types}
        if len(self._types) != len(types):
            raise ValueError("two record types share a name")

    def __getitem__(self, name: str) -> RecordType:
        return self._types[name]

    def __contains__(self, name: object) -> bool:
        return name in self._types

    def __iter__(self) -> Iterator[RecordType]:
        return iter(self._types.values())

    def of_cases(self) -> tuple[RecordType, ...]:
        """The types whose records belong to a case."""
        return tuple(t for t in self if t.case_key)

    def of_units(self) -> tuple[RecordType, ...]:
        """The types whose records belong to a unit."""
        return tuple(t for t in self if t.of_unit)

    def get(self, name: str) -> RecordType | None:
        """The type called *name*, or ``None`` when this version does not know it."""
        return self._types.get(name)
