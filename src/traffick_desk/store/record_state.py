"""One record while changes are applied to it, and its row in the table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from traffick_desk.domain.spine import Kind, RecordType
from traffick_desk.store.changes import VOID, WHOLE, Change
from traffick_desk.store.tables import table_name

Heads = dict[str, tuple[str, ...]]


@dataclass(slots=True)
class RecordState:
    """One record while changes are applied to it."""

    type: RecordType
    id: str
    values: dict[str, Any] = field(default_factory=dict)
    heads: Heads = field(default_factory=dict)
    rivals: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    voided: str | None = None

    @property
    def empty(self) -> bool:
        """Whether no change took effect on the record."""
        return not self.heads

    def shown_ref(self, register: str) -> str | None:
        """The ref of the change whose value is shown."""
        heads = self.heads.get(register, ())
        if len(heads) < 2:
            return heads[0] if heads else None
        return max(self.rivals[register], key=lambda ref: rival_order(ref, self.rivals[register]))

    def register_value(self, register: str) -> Any:
        """The shown value of a register, in the form in which a change carries it."""
        if register == WHOLE:
            return dict(self.values)
        return self.voided if register == VOID else self.values.get(register)


def rival_order(ref: str, rivals: Mapping[str, list[Any]]) -> tuple[int, int, str, int]:
    """By which one of rival values is shown: the same at every desk."""
    device, _dot, seq = ref.rpartition(".")
    millis, counter = rivals[ref][:2]
    return (millis, counter, device, int(seq))


def registers(record_type: RecordType, change: Change) -> dict[str, Any]:
    """What a change writes: register → value, without fields this version does not know (I5)."""
    written: dict[str, Any] = {}
    if VOID in change.fields:
        written[VOID] = change.fields[VOID]
    rest = {name: v for name, v in change.fields.items() if name != VOID}
    if record_type.whole:
        if rest:
            written[WHOLE] = rest
    else:
        written.update((n, v) for n, v in rest.items() if n in record_type.by_name)
    return written


def shape_fits(record_type: RecordType, fields: Mapping[str, Any]) -> bool:
    """Whether arriving values have the JSON type of their fields.

    Codes and ranges are left to the desk that wrote: a newer one may know more.
    """
    for name, value in fields.items():
        if value is None:
            continue
        if name == VOID:
            fits = type(value) is str
        else:
            known = record_type.by_name.get(name)
            if known is None:
                continue
            if known.kind in (Kind.INTEGER, Kind.MONEY):
                fits = type(value) is int and abs(value) < 2**53
            elif known.kind is Kind.CODES:
                fits = type(value) is list and all(type(v) is str for v in value)
            else:
                fits = type(value) is str
        if not fits:
            return False
    return True


def upsert_sql(record_type: RecordType) -> str:
    """Puts a row in; one that is there keeps its place, and indexes of unchanged columns too."""
    names = _columns(record_type)
    changes = ", ".join(f'"{n}" = excluded."{n}"' for n in names[1:])
    return (
        f"INSERT INTO main.{table_name(record_type.name)} VALUES ({','.join('?' * len(names))}) "
        f"ON CONFLICT (id) DO UPDATE SET {changes}"
    )


def row_of(state: RecordState) -> tuple[Any, ...]:
    """The row of a record, all columns in their order."""
    columns = [
        _compact(v) if f.kind is Kind.CODES and (v := state.values.get(f.name)) is not None
        else state.values.get(f.name)
        for f in state.type.fields
    ]  # fmt: skip
    by_heads: dict[str, list[str]] = {}
    for register, refs in state.heads.items():
        for ref in refs:
            by_heads.setdefault(ref, []).append(register)
    heads = _compact({ref: sorted(names) for ref, names in by_heads.items()})
    rivals = _compact(state.rivals) if state.rivals else None
    return (state.id, *columns, heads, rivals, state.voided)


_COMPACT = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _compact(value: Any) -> str:
    return _COMPACT.encode(value)


def state_from_row(record_type: RecordType, row: Iterable[Any]) -> RecordState:
    """Read a row of a record table (all columns, in their order)."""
    record_id, *columns, heads_text, rivals_text, voided = row
    values: dict[str, Any] = {}
    for known, value in zip(record_type.fields, columns, strict=True):
        if value is not None:
            values[known.name] = json.loads(value) if known.kind is Kind.CODES else value
    heads: dict[str, list[str]] = {}
    for ref, names in json.loads(heads_text).items():
        for name in names:
            heads.setdefault(name, []).append(ref)
    return RecordState(
        record_type,
        record_id,
        values,
        {register: tuple(sorted(refs)) for register, refs in heads.items()},
        json.loads(rivals_text) if rivals_text else {},
        voided,
    )


def load_state(cursor: Any, record_type: RecordType, record_id: str) -> RecordState:
    """The present state of a record; an empty one if there is none."""
    cursor.execute(
        f"SELECT {columns_sql(record_type)} FROM {table_name(record_type.name)} WHERE id = ?",
        (record_id,),
    )
    row = cursor.fetchone()
    return RecordState(record_type, record_id) if row is None else state_from_row(record_type, row)


def columns_sql(record_type: RecordType) -> str:
    """All columns of a record table in the order of :func:`state_from_row`."""
    return ", ".join(f'"{n}"' for n in _columns(record_type))


def _columns(record_type: RecordType) -> tuple[str, ...]:
    return ("id", *(f.name for f in record_type.fields), "heads", "rivals", "voided")
