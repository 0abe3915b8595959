"""Real desks for tests of the pages: encrypted vaults, the rules, people of the demonstration."""

from __future__ import annotations

from datetime import datetime

from traffick_desk import resources
from traffick_desk.desk.editors import Context, default_context
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.units import Units
from traffick_desk.domain.values import ICT
from traffick_desk.services import fixtures, vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.commands import NewCase
from traffick_desk.vault.kdf import FLOOR

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=ICT)
PASSWORD = "mười hai con mèo ngủ trưa"
UNITS = Units.load()
DONG_VAN = UNITS.search("Đồng Văn, Tuyên Quang", dataset="2025", limit=1)[0].id


def now() -> datetime:
    return NOW


def make_desk(folder, profile="commune") -> Desk:
    """A desk with an empty vault in *folder*, at 14:05 on 21 November 2026."""
    unit = DONG_VAN if profile == "commune" else UNITS.province_of(DONG_VAN).id
    new = vaults.NewVault(profile, unit, "Lò Thị Hoa", "hoa", PASSWORD, kdf=FLOOR)
    return vaults.create(folder / profile, new, now=now).desk


def editors() -> Context:
    """Choices out of the real lists, and the same clock."""
    own = default_context(UNITS)
    return Context(own.source, now)


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
        cursor.execute("SELECT device, profile, unit, label FROM device")
        devices = cursor.fetchall()
    with receiver.context.store.work() as work:
        work.cursor.executemany(
            "INSERT OR IGNORE INTO device (device, profile, unit, label) VALUES (?, ?, ?, ?)",
            devices,
        )
    with receiver.context.store.work() as work:
        taken = work.journal.take_in(bodies)
        work.touched |= taken.cases
    for listener in tuple(receiver.listeners):
        listener(frozenset({"cases"}))
