"""Desks for tests: real encrypted files that exchange journals."""

from __future__ import annotations

import functools
import itertools
import shutil
import tempfile
from pathlib import Path

from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.spine import Field, Kind, RecordType, Registry, Search
from traffick_desk.store import search
from traffick_desk.store.changes import VOID, Change, Stamp
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Store
from traffick_desk.store.tables import table_name

RAW = b"x'" + b"5a" * 32 + b"'"
OTHER_RAW = b"x'" + b"5b" * 32 + b"'"
OFFICER = "0f" * 8

# Two communes, two provinces that have files; one of each that exists only as bytes.
PROFILES = {
    "c0": "commune",
    "c1": "commune",
    "p0": "province",
    "p1": "province",
    "c9": "commune",
    "p9": "province",
}
# The two communes of the provinces; ``c9`` is another desk of the first.
UNITS = {"c0": "x/0", "c1": "x/1", "p0": "x/p", "p1": "x/p", "c9": "x/0", "p9": "x/p"}


def key() -> bytearray:
    return bytearray(RAW)


def other_key() -> bytearray:
    return bytearray(OTHER_RAW)


def no_deadlines(_cursor, _cases):
    return []


def make(path: Path, registry: Registry = REGISTRY, device: str = "c0") -> Store:
    store = Store(path, key, registry, device)
    store.open(create=True)
    with store.work() as work:
        for name, profile in PROFILES.items():
            work.cursor.execute(
                "INSERT INTO device (device, profile, unit, label) VALUES (?, ?, ?, '')",
                (name, profile, UNITS[name]),
            )
    return store


@functools.cache
def template() -> Path:
    """A file with all tables and devices, made once: migrating takes most of the time."""
    path = Path(tempfile.mkdtemp(prefix="desks-")) / "template.db"
    make(path).close()
    return path


class Desk:
    """One desk with its own file."""

    def __init__(self, folder: Path, device: str, registry: Registry = REGISTRY) -> None:
        self.device = device
        self.path = folder / f"{device}.db"
        shutil.copyfile(template(), self.path)
        self.open(registry)

    def open(self, registry: Registry = REGISTRY) -> None:
        self.registry = registry
        self.store = Store(self.path, key, registry, self.device)
        self.store.open()

    def reopen(self, registry: Registry | None = None) -> None:
        self.store.close()
        self.open(registry or self.registry)

    def close(self) -> None:
        self.store.close()

    def write(self, type_name, record_id, values, case="k0", base=None) -> Change | None:
        with self.store.work() as work:
            return work.journal.write(Edit(type_name, record_id, values, base or {}), OFFICER, case)

    def state(self, type_name, record_id):
        with self.store.work() as work:
            return work.journal.state(type_name, record_id)

    def heads(self, type_name, record_id):
        return dict(self.state(type_name, record_id).heads)

    def take(self, bodies):
        with self.store.work() as work:
            return work.journal.take_in(bodies)

    def bodies(self, *, device: str | None = None) -> list[bytes]:
        with self.store.read() as cursor:
            cursor.execute("SELECT device, body FROM journal ORDER BY pos")
            return [bytes(b) for d, b in cursor.fetchall() if device in (None, d)]

    def rows(self, sql, parameters=()):
        with self.store.read() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    def tables(self) -> dict[str, list[tuple]]:
        """All columns of all record tables, and the list of cases."""
        found = {}
        with self.store.read() as cursor:
            for name in (*(table_name(t.name) for t in self.registry), "case_row", "unit_text"):
                cursor.execute(f"SELECT * FROM {name} ORDER BY 1")
                found[name] = cursor.fetchall()
        return found

    def found(self, *texts: str) -> dict[str, list]:
        with self.store.read() as cursor:
            return {text: sorted(search.find(cursor, text, 50)) for text in texts}


def exchange(*desks: Desk) -> None:
    """Everybody gets everything."""
    for one, other in itertools.permutations(desks, 2):
        other.take(one.bodies())


def change(
    device, seq, type_name, record_id, fields, replaces=None, case="k0", at=(1, 0)
) -> Change:
    """A change as another desk would send it, made by hand."""
    return Change(
        device, seq, Stamp(*at), OFFICER, type_name, record_id, case, fields, replaces or {}
    )


# --- a newer version of the program ---------------------------------------------


def _newer(record_type: RecordType) -> RecordType:
    if record_type.name == "person":
        extra = (
            Field("nickname", Kind.TEXT, "Nickname", search=Search.TEXT),
            Field("shoe_size", Kind.INTEGER, "Shoe size"),
        )
    elif record_type.name == "status":
        extra = (Field("appeal", Kind.TEXT, "Appeal"),)
    else:
        return record_type
    return RecordType(
        record_type.name,
        record_type.label,
        record_type.plural,
        (*record_type.fields, *extra),
        in_case=record_type.in_case,
        office=record_type.office,
        of_unit=record_type.of_unit,
        whole=record_type.whole,
        writers=record_type.writers,
    )


SIGHTING = RecordType(
    "sighting",
    "Visit",
    "Visits",
    (
        REGISTRY["note"]["case"],
        Field("on", Kind.DATE, "On"),
        Field("where", Kind.TEXT, "Where", search=Search.TEXT),
    ),
)
NEWER = Registry((*(_newer(t) for t in REGISTRY), SIGHTING))


# --- the rule of merging, stated a second time -------------------------------------


def _of_its_unit(record_type, one, profiles):
    if not record_type.of_unit:
        return "/" not in (one.case or "")
    unit = one.id[: one.id.rfind("/")]
    if one.case != unit or ("unit" in one.fields and one.fields["unit"] != unit):
        return False
    return profiles[one.device] == "province" or UNITS[one.device] == unit


def expected(bodies, registry=REGISTRY, profiles=PROFILES):
    """What must be shown, from the set of changes alone.

    A value is current when no change that takes effect replaced it; of several the one
    latest in the common order is shown.

    Returns:
        (type, id) → register → (shown value, refs of all current values).
    """
    writes: dict[tuple[str, str], dict[str, dict[str, tuple]]] = {}
    gone: set[tuple[str, str, str, str]] = set()
    for body in set(bodies):
        one = Change.decode(body)
        record_type = registry.get(one.type)
        if record_type is None or profiles.get(one.device) not in record_type.writers:
            continue
        if not _of_its_unit(record_type, one, profiles):
            continue
        rest = {n: v for n, v in one.fields.items() if n != VOID}
        registers = {VOID: one.fields[VOID]} if VOID in one.fields else {}
        if record_type.whole:
            registers |= {"*": rest} if rest else {}
        else:
            registers |= {n: v for n, v in rest.items() if n in record_type.by_name}
        for register, value in registers.items():
            record = writes.setdefault((one.type, one.id), {})
            record.setdefault(register, {})[one.ref] = (one.order, value)
            gone |= {(one.type, one.id, register, r) for r in one.replaces.get(register, ())}
    result: dict = {}
    for (type_name, record_id), record in writes.items():
        for register, values in record.items():
            current = {
                ref: found
                for ref, found in values.items()
                if (type_name, record_id, register, ref) not in gone
            }
            shown = max(current.values(), key=lambda found: found[0])[1] if current else None
            result.setdefault((type_name, record_id), {})[register] = (shown, set(current))
    return result
