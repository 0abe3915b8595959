"""What is killed in ``test_bundle_kill``: one desk takes bundles in, or writes them to a carrier."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sync.desks import AT
from templates import raw_key
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store import audit
from traffick_desk.store.chain import verify_chain
from traffick_desk.store.store import Store
from traffick_desk.sync.carriers import Carrier
from traffick_desk.sync.export import export_to
from traffick_desk.sync.intake import import_bundle

from .forked import Life


def open_store(path: Path, device: str) -> Store:
    store = Store(path, raw_key, REGISTRY, device)
    store.open()
    return store


def digest(store: Store) -> str:
    """Of everything in the file but the planner's notes and how the search index lies."""
    found = hashlib.sha256()
    with store.read() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND name NOT LIKE 'sqlite_stat%' AND name NOT LIKE 'search_fts_%' ORDER BY name"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{name}"')
            found.update(f"{name} {sorted(cursor.fetchall(), key=repr)!r}".encode())
    return found.hexdigest()


def look(store: Store, *, thoroughly: bool) -> None:
    """What the life before left is sound."""
    with store.read() as cursor:
        assert audit.first_mismatch(cursor) is None
        assert verify_chain(cursor, store.device) is None
    if thoroughly:
        store.check()
        assert store.unlike_journal() == []


def take(life: Life, path: str, device: str, thoroughly: bool, *files: str) -> None:
    """Say what is there, then take *files* in, one by one; each that is in is said."""
    store = open_store(Path(path), device)
    look(store, thoroughly=thoroughly)
    life.say(f"found {digest(store)}")
    life.arm()
    for number, file in enumerate(files, 1):
        report = import_bundle(store, Path(file).read_bytes(), at=AT, officer="o")
        if report.outcome not in ("applied", "already"):
            raise RuntimeError(report)
        life.say(f"taken {number}")
    store.close()


def give(life: Life, path: str, device: str, peer: str, place: str, thoroughly: bool) -> None:
    """Say which bundles there are, then write what *peer* is owed; what counts as written is said."""
    store = open_store(Path(path), device)
    look(store, thoroughly=thoroughly)
    with store.read() as cursor:
        cursor.execute(
            "SELECT number, digest, carried_at FROM bundle_out WHERE device = ?", (peer,)
        )
        for number, made, carried in cursor.fetchall():
            life.say(f"made {number} {bytes(made).hex()} {carried or '-'}")
    life.arm()
    for report in export_to(store, peer, Carrier(Path(place)), at=AT, officer="o"):
        life.say(f"written {Path(report.path).name}")
    store.close()
