"""Facts of an invented person, and eyes for PDFs."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any

import pdfplumber
import pytest


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Every test of this suite reads English."""


@pytest.fixture
def facts() -> dict[str, Any]:
    address = "thôn Lô Lô Chải, xã Đồng Văn, tỉnh Tuyên Quang"
    return {
        "unit": {
            "name": "Ủy ban nhân dân xã Đồng Văn",
            "province": "tỉnh Tuyên Quang",
            "short": "UBND",
            "place": "Đồng Văn",
            "phone": "0219 3856 111",
        },
        "officer": {"name": "Nguyễn Thị Hồng Nhung", "title": "công chức Văn hóa - Xã hội"},
        "signer": {
            "lines": ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
            "name": "Vàng Mí Sính",
        },
        "case": {"file_no": "TD-0007/2026"},
        "person": {
            "name": "Lý Thị Mẩy",
            "sex": "nữ",
            "birth": date(2010, 3, 5),
            "age": 16,
            "citizenship": "Việt Nam",
            "ethnicity": "Dao",
            "papers": ["CCCD số 002310001234"],
            "address": address,
            "phone": None,
            "languages": ["Dao", "Việt"],
        },
        "minors": [{"name": "Lý A Pháo", "sex": "nam", "birth": 2024, "relation": "con"}],
        "reception": {
            "at": datetime.fromisoformat("2026-02-05T20:40"),
            "place": "Đồn Biên phòng Lũng Cú",
            "self_reported": False,
            "handed_over_by": "Đồn Biên phòng Lũng Cú",
            "handover_officer": "Hoàng Văn Thái",
            "handover_title": "Phó Đồn trưởng",
            "condition": "Mệt, bầm tím ở cẳng tay trái.",
            "urgent_needs": ["khám sức khỏe", "chỗ ngủ an toàn"],
            "given": [{"item": "Quần áo nữ", "quantity": "02 bộ"}],
            "paper_no": 3,
            "rights_told": True,
            "ended_at": datetime.fromisoformat("2026-02-05T21:35"),
            "copies": 2,
            "handed_items": ["01 điện thoại"],
        },
        "letter": {
            "number": 5,
            "symbol": "UBND-VHXH",
            "date": date(2026, 2, 5),
            "phone": "0207 3822 345",
            "phoned_at": datetime.fromisoformat("2026-02-05T21:00"),
        },
        "application": {
            "applicant": {
                "name": "Lý Văn Sình",
                "birth": date(1980, 11, 20),
                "papers": ["CCCD số 002080001111"],
                "address": address,
                "phone": "0912 345 678",
                "relation": "cha",
            },
            "confirmation": "Giấy xác nhận số 12/XN",
            "purposes": ["schooling", "allowance"],
            "school": "Trường THCS Lũng Cú, lớp 9",
            "attachments": ["bản sao giấy xác nhận nạn nhân"],
            "place": "Đồng Văn",
            "date": date(2026, 3, 16),
        },
        "erasure": {
            "file_no": "TDK7Q-0007/2026",
            "commune": "Xã Đồng Văn, tỉnh Tuyên Quang",
            "ground": "Yêu cầu của người đó",
            "paper_no": "12/YC",
            "ordered_on": date(2026, 2, 6),
            "asked_by": "Lý Thị Mỷ",
            "ordered_by": "Trần Văn An",
            "entries": 120,
            "documents": 3,
            "printed_on": date(2026, 2, 6),
            "copies": 4,
            "fresh": "E:\\",
            "missing": "F:\\",
            "searched": 5,
            "left": 0,
        },
        "recovery": {
            "code": "4K7Q-M2ZT-9XWD-HR3V-PC8J-6NFB-YT5E-2GQM",
            "vault": "Xã Đồng Văn",
            "made_at": datetime.fromisoformat("2026-01-02T08:05"),
            "place": "E:\\",
        },
        "assessment": {
            "date": date(2026, 2, 6),
            "law": "Luật Phòng, chống mua bán người số 53/2024/QH15",
            "status": "người đang trong quá trình xác định là nạn nhân",
        },
        "entitlements": [
            {
                "letter": letter,
                "label": "Nhu cầu thiết yếu",
                "outcome": "được hưởng",
                "amount": amount,
                "citation": ["Luật 53/2024, Đ.37 k.3"],
                "reason": "Đang trong quá trình xác định, ở trong nước",
            }
            for letter, amount in [("a", 1234567), *((c, "chưa có mức chi") for c in "bcdđeghik")]
        ],
    }


@pytest.fixture
def look() -> Iterator[Callable[[bytes], list[Any]]]:
    """Open a PDF; gives its pages with characters and rules in points from the top left."""
    with ExitStack() as stack:

        def pages(pdf: bytes) -> list[Any]:
            return list(stack.enter_context(pdfplumber.open(io.BytesIO(pdf))).pages)

        yield pages
