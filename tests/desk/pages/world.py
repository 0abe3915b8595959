"""Real desks for tests of the pages: encrypted vaults, the rules, people of the demonstration."""

from __future__ import annotations

import shutil
from datetime import datetime

from templates import empty_store, raw_key
from traffick_desk import law, resources
from traffick_desk.desk.editors import Context as EditorContext
from traffick_desk.desk.editors import default_context
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.units import Units
from traffick_desk.domain.values import ICT
from traffick_desk.services import assess, fixtures
from traffick_desk.services.base import Context, Desk, DeskInfo
from traffick_desk.services.commands import NewCase
from traffick_desk.services.rules import Rules
from traffick_desk.store.store import Store

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=ICT)
PACK = law.load_pack()
UNITS = Units.load()
DONG_VAN = UNITS.search("Đồng Văn, Tuyên Quang", dataset="2025", limit=1)[0].id


def now() -> datetime:
    return NOW


def make_desk(folder, profile="commune") -> Desk:
    """A desk over an empty encrypted file in *folder*, at 14:05 on 21 November 2026.

    It is put together as ``vaults`` does, without the key derivation that tests of
    the vault prove: a test of a page shall not wait for Argon2id.
    """
    device = {"commune": "a1", "province": "b2"}[profile]
    units = {"commune": DONG_VAN, "province": UNITS.province_of(DONG_VAN).id}
    unit = units[profile]
    rules = Rules(PACK)
    shutil.copyfile(empty_store(), folder / f"{profile}.db")
    store = Store(
        folder / f"{profile}.db",
        raw_key,
        REGISTRY,
        device,
        assess.deadline_rows(rules, REGISTRY),
    )
    store.open()
    role = "officer" if profile == "commune" else "lead"
    with store.work() as work:
        for name, kind in (("a1", "commune"), ("b2", "province")):
            work.cursor.execute(
                "INSERT INTO device (device, profile, unit, label) VALUES (?, ?, ?, ?)",
                (name, kind, units[kind], name),
            )
        work.cursor.execute("INSERT OR REPLACE INTO meta VALUES ('device', ?)", (device,))
        work.cursor.execute(
            "INSERT INTO officer VALUES (?, 'hoa', 'Lò Thị Hoa', 'Công chức', ?)",
            (f"officer-{device}", role),
        )
    info = DeskInfo(
        vault_path=folder,
        vault_id=device,
        profile=profile,
        unit=unit,
        unit_name=UNITS.full_name(unit),
        label="",
        device=device,
        officer_id=f"officer-{device}",
        officer_name="Lò Thị Hoa",
        role=role,
    )
    return Desk(Context(info, store, UNITS, rules, now))


def editors() -> EditorContext:
    """Choices out of the real lists, and the same clock."""
    own = default_context(UNITS)
    return EditorContext(own.source, now)


def people(desk: Desk, *ids: str) -> dict[str, str]:
    """Open the cases of the demonstration with these ids; id → case id."""
    path = resources.path("demo", "people.yaml")
    groups = fixtures.read(path, REGISTRY, UNITS)
    arrivals = [a for group in groups.values() for a in group]
    return {a.id: desk.do(NewCase(a.edits)) for a in arrivals if a.id in ids}


def carry(sender: Desk, receiver: Desk) -> None:
    """Give *receiver* everything that *sender* wrote, as an import of a bundle does."""
    with sender.context.store.read() as cursor:
        cursor.execute("SELECT body FROM journal ORDER BY pos")
        bodies = [bytes(body) for (body,) in cursor.fetchall()]
    with receiver.context.store.work() as work:
        taken = work.journal.take_in(bodies)
        work.touched |= taken.cases
    for listener in tuple(receiver.listeners):
        listener(frozenset({"cases"}))
