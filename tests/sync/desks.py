"""Real desks for the tests: encrypted files, keys, enrolment; only the officers are missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uuid6

from templates import empty_store, raw_key
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Store
from traffick_desk.sync import enrolment
from traffick_desk.sync.export import Made, make_bundles, mark_carried
from traffick_desk.sync.intake import import_bundle
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.reports import ImportReport

AT = "2026-03-02T09:00+07:00"
UNIT_A = "2025/05977"
UNIT_B = "2025/06001"
PROVINCE = "2025/20"


class Desk:
    def __init__(self, folder: Path, device: str, profile: str, unit: str) -> None:
        self.device, self.profile, self.unit = device, profile, unit
        self.path = folder / f"{device}.db"
        shutil.copyfile(empty_store(), self.path)
        self.store = Store(self.path, raw_key, REGISTRY, device)
        with self.store.work() as work:
            work.cursor.execute("INSERT OR REPLACE INTO meta VALUES ('device', ?)", (device,))
            enrolment.register_own_device(work.cursor, device, profile, unit, f"Desk {device}", AT)

    @property
    def keys(self) -> DeviceKeys:
        with self.store.read() as cursor:
            return DeviceKeys.load(cursor, self.device)

    def edit(self, type_name: str, record: str, of: str | None, /, **values: object) -> None:
        with self.store.work() as work:
            work.journal.write(Edit(type_name, record, values), f"officer-{self.device}", of)

    def open_case(self, name: str = "Nguyễn Thị Ánh", unit: str | None = None) -> str:
        case, person = str(uuid6.uuid7()), str(uuid6.uuid7())
        with self.store.work() as work:
            for edit in (
                Edit("case", case, {"file_no": case[-6:], "unit": unit or self.unit,
                                    "opened_on": "2026-03-02", "stage": "reception"}),
                Edit("person", person, {"case": case, "name": name, "role": "main"}),
            ):  # fmt: skip
                work.journal.write(edit, f"officer-{self.device}", case)
        return case

    def value(self, type_name: str, record: str, field: str) -> object:
        with self.store.read() as cursor:
            cursor.execute(f'SELECT "{field}" FROM r_{type_name} WHERE id = ?', (record,))
            row = cursor.fetchone()
        return None if row is None else row[0]

    def ask(self, question: str, *values: object) -> list[tuple]:
        with self.store.read() as cursor:
            cursor.execute(question, values)
            return [tuple(row) for row in cursor.fetchall()]

    def cases(self) -> set[str]:
        return {case for (case,) in self.ask("SELECT id FROM r_case")}

    def make(self, peer: Desk, **options: object) -> tuple[Made, ...]:
        return make_bundles(self.store, peer.device, at=AT, officer="o", **options)

    def bundle(self, peer: Desk) -> bytes:
        (made,) = self.make(peer)
        mark_carried(self.store, made, at=AT)
        return made.data

    def take(self, data: bytes) -> ImportReport:
        return import_bundle(self.store, data, at=AT, officer="o", file="f.age")

    def send(self, peer: Desk) -> ImportReport:
        return peer.take(self.bundle(peer))

    def dump(self) -> dict[str, list[tuple]]:
        """Everything in the file, to see that nothing changed."""
        tables = [t for (t,) in self.ask("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {t: sorted(self.ask(f'SELECT * FROM "{t}"'), key=repr) for t in tables}

    def close(self) -> None:
        self.store.close()


def enrol(province: Desk, desk: Desk) -> None:
    with desk.store.read() as cursor:
        request = enrolment.request_file(cursor, desk.device, AT)
        own = enrolment.own_desk(cursor, desk.device)
    with province.store.work() as work:
        answer = enrolment.certify(
            work.cursor, province.device, enrolment.read_request(request), AT
        )
    with desk.store.work() as work:
        enrolment.install(work.cursor, desk.device, enrolment.read_answer(answer, own))


class Country:
    """A province and two communes that are enrolled with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.province = Desk(folder, "p", "province", PROVINCE)
        self.a = Desk(folder, "a", "commune", UNIT_A)
        self.b = Desk(folder, "b", "commune", UNIT_B)
        self.desks = [self.province, self.a, self.b]
        for commune in (self.a, self.b):
            enrol(self.province, commune)

    def add(self, device: str, unit: str) -> Desk:
        desk = Desk(self.folder, device, "commune", unit)
        enrol(self.province, desk)
        self.desks.append(desk)
        return desk

    def close(self) -> None:
        for desk in self.desks:
            desk.close()


@contextmanager
def country(folder: Path) -> Iterator[Country]:
    made = Country(folder)
    try:
        yield made
    finally:
        made.close()
