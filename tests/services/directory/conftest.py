from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from traffick_desk import law
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.units import Units
from traffick_desk.domain.values import ICT
from traffick_desk.services import assess
from traffick_desk.services.base import Context, Desk, DeskInfo
from traffick_desk.services.rules import Rules
from traffick_desk.store.store import Store

COMMUNE, PROVINCE = "2025/06040", "2025/20"  # Thất Khê, Lạng Sơn
NOW = datetime(2026, 11, 21, 21, 0, tzinfo=ICT)
DEVICES = {"commune": COMMUNE, "province": PROVINCE}


@pytest.fixture(scope="session")
def pack() -> law.Pack:
    return law.load_pack()


@pytest.fixture(scope="session")
def units() -> Units:
    return Units.load()


@pytest.fixture
def make(tmp_path: Path, pack: law.Pack, units: Units) -> Iterator[Callable[..., Desk]]:
    """Real desks over encrypted files that know each other; only Argon2id is left out."""
    made: list[Desk] = []

    def one(name: str = "commune", file: str = "") -> Desk:
        rules = Rules(pack)
        key = lambda: bytearray(b"x'" + b"5a" * 32 + b"'")  # noqa: E731
        store = Store(
            tmp_path / f"{file or name}.db", key, REGISTRY, name,
            assess.deadline_rows(rules, REGISTRY),
        )  # fmt: skip
        store.open(create=True)
        with store.work() as work:
            for device, unit in DEVICES.items():
                work.cursor.execute(
                    "INSERT INTO device (device, profile, unit, label) VALUES (?, ?, ?, '')",
                    (device, device, unit),
                )
            work.cursor.execute("INSERT INTO meta VALUES ('device', ?)", (name,))
        info = DeskInfo(
            tmp_path, name, name, DEVICES[name], units.full_name(DEVICES[name]), "", name, "o",
            "Nguyễn Thị Hương", "officer" if name == "commune" else "lead",
        )  # fmt: skip
        desk = Desk(Context(info, store, units, rules, lambda: NOW))
        made.append(desk)
        return desk

    yield one
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make: Callable[..., Desk]) -> Desk:
    return make()


@pytest.fixture
def make_empty(make: Callable[..., Desk]) -> Callable[[], Desk]:
    return lambda: make("commune", "other")


def carry(sender: Desk, receiver: Desk) -> None:
    """Give *receiver* everything that *sender* has, as an import of a bundle does."""
    with sender.context.store.read() as cursor:
        cursor.execute("SELECT body FROM journal ORDER BY pos")
        bodies = [bytes(body) for (body,) in cursor.fetchall()]
    with receiver.context.store.work() as work:
        work.touched |= work.journal.take_in(bodies).cases


LEGAL: dict[str, Any] = {
    "name": "Trung tâm Trợ giúp pháp lý nhà nước tỉnh Lạng Sơn",
    "organization": "Sở Tư pháp tỉnh Lạng Sơn",
    "provider": "justice",
    "kinds": ["legal_aid"],
    "about": "Tư vấn, tham gia tố tụng,\nđại diện ngoài tố tụng.",
    "phone": "0205 3810 666",
    "phone_other": "0205 3810 667",
    "email": "tgpl@langson.example",
    "website": "https://tgpl.langson.example",
    "contact": "Hoàng Văn Nam, trợ giúp viên",
    "place_unit": "2025/06040",
    "address": "Số 6 đường Hùng Vương",
    "position": "22.25470, 106.46480",
    "transport": "Xe buýt số 3",
    "days": ["fri", "mon", "thu", "tue", "wed"],
    "opens": "07:30",
    "closes": "17:00",
    "hours_note": "nghỉ trưa 11:30 đến 13:30",
    "languages": ["tyz", "vie"],
    "interpreter": "Gọi trước một ngày",
    "for_sex": "any",
    "age_from": 0,
    "age_to": 99,
    "with_child": "yes",
    "for_whom": "Người thuộc diện được trợ giúp pháp lý",
    "cost": "free",
    "cost_note": "không thu phí",
    "access": "Đến trực tiếp hoặc cán bộ gọi trước",
    "papers": "Giấy tờ tùy thân nếu có",
    "agreement_no": "12/QCPH",
    "agreement_on": "2026-03-01",
    "agreement_by": "Giám đốc hai bên",
    "agreement_until": "2028-03-01",
    "listing": "public",
    "status": "active",
    "note": "Cô Hạnh trực thứ Ba",
}
HEALTH: dict[str, Any] = {
    "name": "Trạm Y tế xã Thất Khê",
    "organization": "Trung tâm Y tế khu vực",
    "provider": "health",
    "kinds": ["medical", "psychological"],
    "phone": "0205 3883 115",
    "place_unit": "2025/06040",
    "status": "active",
}
