"""One vault for the whole session: each key derivation at the floor costs a tenth of a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from traffick_desk.vault import slots
from traffick_desk.vault.age import HybridIdentity

if TYPE_CHECKING:
    from traffick_desk.vault.header import Header

OFFICERS = {
    "officer-1": ("hoa", "diều giấy ếch xanh một"),
    "officer-2": ("tuấn", "diều giấy ếch xanh hai"),
    "officer-3": ("lan", "diều giấy ếch xanh ba"),
    "officer-4": ("minh anh", "diều giấy ếch xanh bốn"),
    "officer-5": ("quý", "diều giấy ếch xanh năm"),
}


@dataclass(frozen=True)
class Vault:
    header: Header
    dek: bytes
    code: str
    province: HybridIdentity

    def key(self) -> bytearray:
        return bytearray(self.dek)


def new_header():
    return slots.create_header(
        profile="commune",
        unit="2025/00754",
        desk_label="Xã Đồng Văn",
        device_id="device-1",
        schema_min=1,
    )


@pytest.fixture(scope="session")
def vault() -> Vault:
    header, dek = new_header()
    for officer_id, (login, password) in OFFICERS.items():
        header = slots.add_officer_slot(header, dek, officer_id, login, password)
    header, code = slots.add_recovery_slot(header, dek)
    province = HybridIdentity.generate()
    header = slots.add_province_slot(header, dek, province.to_recipient())
    return Vault(header, bytes(dek), code, province)


@pytest.fixture(scope="session")
def small() -> tuple[Header, bytes]:
    """A header with one officer."""
    header, dek = new_header()
    header = slots.add_officer_slot(header, dek, "officer-1", "hoa", OFFICERS["officer-1"][1])
    return header, bytes(dek)


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Every test of this suite reads English."""
