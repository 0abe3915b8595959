"""Vaults filled with invented cases, made once by the real journal and kept in the cache folder.

A filled vault is what a desk looks like in its daily work: a commune's desk linked
with its province, everything but the newest twenty cases sent and confirmed, the
province's answers taken in and read but for the newest few. (Everything unsent, or
one province's desk with all communes, are measured apart where it matters.)
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import sqlcipher3.dbapi2 as sqlcipher

from benchmarks.measure import ROOT, Settings, child
from benchmarks.people import Made, People
from traffick_desk.domain.units import Units
from traffick_desk.domain.values import ICT
from traffick_desk.services import vault_opening, vaults
from traffick_desk.services.base import Context, Desk
from traffick_desk.store import engine
from traffick_desk.store.changes import Change, Stamp
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Store
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import kdf, slots

LOGIN, PASSWORD = "cuong", "bốn con trâu đen qua suối"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ICT)
PROVINCE = "b0000000000000f1"
UNSENT = 20
_BATCH = 1_000

T = TypeVar("T")


@dataclass(frozen=True)
class Filled:
    """One filled vault in the cache."""

    path: Path
    cases: int

    def working_copy(self, name: str) -> Path:
        """A copy to write to; the cached vault stays as it is."""
        target = self.path.with_name(f"{self.path.name}-{name}")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.path, target)
        return target


def now() -> datetime:
    """The day for which the invented cases were made."""
    return NOW


def open_desk(path: Path) -> Desk:
    """Unlock a filled vault; the key derivation is within."""
    return vaults.unlock(path, LOGIN, PASSWORD, now)


def keys(path: Path) -> tuple[vault_header.Header, slots.Unlocked]:
    """Everything that comes before the file is opened: header read, key derived."""
    header = vault_header.read_header(path / vault_header.FILE_NAME)
    return header, slots.unlock_with_password(header, LOGIN, PASSWORD)


def desk_with_keys(path: Path, header: vault_header.Header, unlocked: slots.Unlocked) -> Desk:
    """What unlocking does once the key is there."""
    return vault_opening.open_desk(path, header, unlocked, now)


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most *size*."""
    iterator = iter(things)
    while batch := list(islice(iterator, size)):
        yield batch


def fingerprint() -> str:
    """Changes when a cached vault would be filled otherwise."""
    from traffick_desk.domain.records import REGISTRY
    from traffick_desk.store.tables import fingerprint as spine

    digest = hashlib.sha256(spine(REGISTRY).encode())
    here = Path(__file__).parent
    for name in (here / "people.py", here / "filled.py"):
        digest.update(name.read_bytes())
    for path in sorted((ROOT / "src/traffick_desk/store").rglob("*.py")):
        if path.name in ("tables.py", "v0001_first.py", "schema.py", "search.py"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def filled(settings: Settings, cases: int) -> Filled:
    """The vault with this many cases, from the cache or made now."""
    path = settings.cache / f"{cases}-{fingerprint()}"
    if not (path / vault_header.FILE_NAME).exists():
        for old in settings.cache.glob(f"{cases}-*"):
            shutil.rmtree(old)
        start = time.perf_counter()
        making = path.with_name(path.name + ".new")
        shutil.rmtree(making, ignore_errors=True)
        changes = int(child(_FILL, str(making), str(cases)))
        making.replace(path)
        took = time.perf_counter() - start
        settings.say(f"  made a vault of {cases:,} cases, {changes:,} changes, in {took:.0f} s")
    return Filled(path, cases)


_FILL = """
import sys
from pathlib import Path
from benchmarks import filled
print(filled.make(Path(sys.argv[1]), int(sys.argv[2])))
"""


def _without_guarded_memory(path: Path, raw: bytearray, *, read_only: bool) -> Any:
    """A connection that writes the same file, without locking and wiping memory."""
    connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
    connection.set_key(raw)
    for setting in ("journal_mode = WAL", "temp_store = MEMORY", f"query_only = {int(read_only)}"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def make(path: Path, cases: int) -> int:
    """Fill a vault in a process of its own, where guarded memory does not slow it down.

    The data are invented and the file is the same; every figure is taken with all settings.
    """
    engine._connect = _without_guarded_memory  # noqa: SLF001 - this process only
    units = Units.load()
    unit = units.search("Đồng Đăng, Lạng Sơn", dataset="2025", limit=1)[0].id
    created = vaults.create(
        path,
        vaults.NewVault("commune", unit, "Nguyễn Văn Cường", LOGIN, PASSWORD, kdf=kdf.KdfParams()),
        now,
    )
    desk = created.desk
    province = Province(units.province_of(unit).id)
    try:
        people = iter(People(cases, units, unit, cases))
        for batch in batches(islice(people, cases - UNSENT), _BATCH):
            write(desk.context, batch)
            province.answer(desk.context, [e for made in batch for e in made.decided])
        settle(desk.context.store, province)
        write(desk.context, list(people))
        with desk.context.store.read() as cursor:
            cursor.execute("SELECT count(*) FROM journal")
            return int(cursor.fetchone()[0])
    finally:
        desk.close()


def write(context: Context, batch: Iterable[Made]) -> None:
    """Enter cases in one transaction, as an officer's commands do, many at a time."""
    officer = context.info.officer_id
    with context.store.work() as work:
        for made in batch:
            for edit in (*made.intake, *made.later):
                work.journal.write(edit, officer, made.id)
        work.log(context.moment, officer, "bench.fill", "")


class Province:
    """The other side: its changes are made here, byte for byte as its journal makes them."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self._seq = 0

    def bodies(self, edits: Iterable[Edit], device: str = PROVINCE) -> list[bytes]:
        """Canonical bytes of changes that make new records."""
        made = []
        for edit in edits:
            self._seq += 1
            stamp = Stamp(1_767_225_600_000 + self._seq, 0)
            case = edit.id if edit.type == "case" else edit.values["case"]
            values = {n: v for n, v in edit.values.items() if v is not None}
            made.append(
                Change(
                    device, self._seq, stamp, "0f" * 8, edit.type, edit.id, case, values, {}
                ).encode()
            )
        return made

    def answer(self, context: Context, edits: list[Edit]) -> None:
        """Take in the province's decisions and mark all but the newest few as read."""
        bodies = self.bodies(edits)
        with context.store.work() as work:
            register(work.cursor, PROVINCE, "province", self.unit)
            work.journal.reload_devices()
            work.journal.take_in(bodies, PROVINCE)
            work.touched.update(e.values["case"] for e in edits)
            work.cursor.executemany(
                "INSERT INTO seen VALUES (?, ?)", [(e.id, context.moment) for e in edits[:-3]]
            )


def register(cursor: object, device: str, profile: str, unit: str) -> None:
    """Make another desk known, with keys of its own, as enrolment does."""
    from traffick_desk.sync.keys import DeviceKeys

    cursor.execute("SELECT 1 FROM device WHERE device = ?", (device,))  # type: ignore[attr-defined]
    if cursor.fetchone() is None:  # type: ignore[attr-defined]
        made = DeviceKeys.generate(device)
        cursor.execute(  # type: ignore[attr-defined]
            "INSERT INTO device (device, profile, unit, label, verify_key, recipient) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (device, profile, unit, device, made.signing.verify_key.raw, made.recipient),
        )


def settle(store: Store, province: Province) -> None:
    """Link with the province, which confirmed everything so far in its fifth bundle."""
    with store.work() as work:
        register(work.cursor, PROVINCE, "province", province.unit)
        work.cursor.execute(
            "INSERT INTO link (device, sent_number, sent_digest, sent_pos, acked_number, "
            "acked_pos, acked_on) SELECT ?, 5, ?, max(pos), 5, max(pos), '2026-11-20' FROM journal",
            (PROVINCE, os.urandom(32)),
        )
