"""A real desk for tests of the pages: an encrypted file, the rules, the demonstration."""

from __future__ import annotations

from datetime import datetime

from traffick_desk import law, resources
from traffick_desk.desk.editors import Context as EditorContext
from traffick_desk.desk.editors.base import Choice, FixedSource, ListSource
from traffick_desk.domain.lists import code_list
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.spine import Kind
from traffick_desk.domain.units import Units
from traffick_desk.domain.values import ICT
from traffick_desk.services import assess, fixtures
from traffick_desk.services.base import Context, Desk, DeskInfo
from traffick_desk.services.commands import NewCase
from traffick_desk.store.store import Store

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=ICT)
PACK = law.load_pack()
UNITS = Units.load()
DONG_VAN = UNITS.search("Đồng Văn, Tuyên Quang", dataset="2025", limit=1)[0].id


def now() -> datetime:
    return NOW


def make_desk(folder, *, profile="commune", device="a1", role="") -> Desk:
    """A desk with an empty vault in *folder*, at 14:05 on 21 November 2026."""
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(
        folder / "vault.db",
        lambda: bytearray(b"x'" + b"5a" * 32 + b"'"),
        REGISTRY,
        device,
        assess.deadline_rows(PACK, REGISTRY),
    )
    store.open()
    unit = DONG_VAN if profile == "commune" else UNITS.province_of(DONG_VAN).id
    with store.work() as work:
        for name, kind in (("a1", "commune"), ("b2", "province")):
            work.cursor.execute(
                "INSERT INTO device (device, profile, unit, label) VALUES (?, ?, ?, ?)",
                (name, kind, unit, f"Máy {name}"),
            )
        work.cursor.execute("INSERT INTO meta VALUES ('device', ?)", (device,))
        work.cursor.execute(
            "INSERT INTO officer VALUES ('o1', 'hoa', 'Lò Thị Hoa', 'Công chức xã', 'officer')"
        )
    info = DeskInfo(
        folder,
        "v1",
        profile,
        unit,
        UNITS.full_name(unit),
        "Bàn tiếp nhận",
        device,
        "o1",
        "Lò Thị Hoa",
        role or ("officer" if profile == "commune" else "lead"),
    )
    return Desk(Context(info, store, UNITS, PACK, now))


class _Units:
    def __init__(self, *, old: bool) -> None:
        self._set = "2004" if old else "2025"

    def all(self):
        return None

    def search(self, text, limit=20):
        found = UNITS.search(text, dataset=self._set, limit=limit)
        return [Choice(u.id, UNITS.full_name(u.id)) for u in found]

    def label(self, value):
        return UNITS.full_name(value)


def editors() -> EditorContext:
    """Choices out of the real lists."""

    def source(field):
        if field.kind is Kind.UNIT:
            return _Units(old=field.name.startswith("old_"))
        if field.kind is Kind.REF:
            return FixedSource(())
        return ListSource(code_list(field.codes))

    return EditorContext(source, now)


def people(desk: Desk, *ids: str) -> dict[str, str]:
    """Open the cases of the demonstration with these ids; id → case id."""
    path = resources.path("demo", "people.yaml")
    groups = fixtures.read(path, REGISTRY, UNITS)
    wanted = [a for arrivals in groups.values() for a in arrivals if not ids or a.id in ids]
    return {a.id: desk.do(NewCase(a.edits)) for a in wanted}
