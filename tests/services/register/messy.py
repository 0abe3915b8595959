"""A register as one finds it: a workbook of 200 people, made by hand over fifteen years."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path

import openpyxl

FAMILY = ("Đặng", "Vàng", "Giàng", "Lò", "Nguyễn", "Hoàng", "Triệu", "Nông", "Ma", "Thào")
MIDDLE = ("Thị", "Thị Thu", "A", "Văn", "Thị Mai")
GIVEN = ("Hoa", "Dợ", "Mỷ", "Pà", "Hương", "Lan", "Súa", "Máy", "Chi", "Sính", "Hoà")
ADDRESSES = (
    "Bản Lùng, xã Bản Qua, huyện Bát Xát, tỉnh Lào Cai",
    "xã Quang Kim huyện Bát Xát tỉnh Lào Cai",
    "Thôn Séo Lủng, X. Lũng Cú, H. Đồng Văn, T. Hà Giang",
    "TT Thất Khê, Tràng Định, Lạng Sơn",
    "Thất Khê",
    "không rõ",
    "Vân Nam, Trung Quốc",
    "lung cu - dong van - ha giang",
)
BIRTHS = (
    "05/3/1998", datetime(1996, 5, 3), 1990, "khoảng 1990", 35859, "1987", "03-1995", "…/…/1989",
    "15.6.2001", "năm 1992", "31/02/1998", "?",
)  # fmt: skip
RECEIVED = (datetime(2012, 7, 15), "20/11/2015", 42700, "03/2016", "7/1/19", "", "15/8/2025")
STATUS = ("Nạn nhân", "Đang xác minh", "không phải nạn nhân", "", "x", "???")


def person(n: int) -> list[object]:
    """The cells of person *n*."""
    name = f"{FAMILY[n % 10]} {MIDDLE[n % 5]} {GIVEN[n % 11]} {'ABCDEFGHIJKLMNOPQRST'[n // 10]}"
    if n % 7 == 0:
        name = name.upper()
    if n % 5 == 0:
        name = unicodedata.normalize("NFD", name)
    number: object = (None, 40096001234 + n, f"0{12345670 + n}", f"B{1234567 + n}")[n % 4]
    return [
        n + 1, f"  {name} ", None if n % 3 else BIRTHS[n % 12], BIRTHS[n % 12] if n % 3 else None,
        ("Mông", "Dao", "H'Mông", "Kinh", "Tầy", "Hrê")[n % 6], number, ADDRESSES[n % 8],
        RECEIVED[n % 7], ("Đồn BP Lũng Cú", "Công an TQ", "tự về", "CA huyện")[n % 4],
        STATUS[n % 6], f"{n}/GXN-CA" if n % 2 else None, RECEIVED[(n + 1) % 7] if n % 2 else None,
        ("lấy chồng", "mại dâm", "lao động cưỡng bức", "không rõ", "ép làm vợ, đẻ thuê")[n % 5],
        ("Trợ cấp khó khăn ban đầu", "khám bệnh, học nghề", None)[n % 3],
        (1_000_000, "1.500.000đ", None)[n % 3], ("", "=HYPERLINK", "gặp lại 2 lần")[n % 3],
    ]  # fmt: skip


def workbook(path: Path, people: int = 200) -> Path:
    """Write it: a title, headings in two rows, column numbers, headings between, a sum."""
    book = openpyxl.Workbook()
    other = book.active
    other.title = "Bìa"
    other.append(["UBND XÃ", "Năm 2012–2025"])
    sheet = book.create_sheet("Sổ nạn nhân")
    sheet.append(["SỔ THEO DÕI NẠN NHÂN BỊ MUA BÁN TRỞ VỀ"])
    sheet.merge_cells("A1:P1")
    sheet.append([])
    sheet.append(
        ["STT", "Họ và tên", "Năm sinh", None, "Dân tộc", "Số CMND/CCCD", "Nơi thường trú",
         "Ngày tiếp nhận", "Bên giao", "Diện đối tượng", "Giấy xác nhận nạn nhân", None,
         "Hình thức bóc lột", "Hỗ trợ", None, "Ghi chú"]
    )  # fmt: skip
    sheet.append([None, None, "Nữ", "Nam", *[None] * 6, "Số", "Ngày", None, "Nội dung", "Số tiền"])
    for area in ("C3:D3", "K3:L3", "N3:O3", "A3:A4", "B3:B4"):
        sheet.merge_cells(area)
    sheet.append([f"({n})" for n in range(1, 17)])
    for n in range(people):
        if n % 50 == 0:
            sheet.append([f"NĂM {2012 + n // 50}"])
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1,
                              end_column=16)  # fmt: skip
        if n % 40 == 39:
            sheet.append([])
        sheet.append(person(n))
        if n == 60:
            sheet.cell(sheet.max_row, 2).value = None  # the name was forgotten
    sheet.append(["", "Tổng cộng", people])
    for row in sheet.iter_rows(min_col=16, max_col=16):
        for cell in row:
            if cell.value == "=HYPERLINK":
                cell.value = '=HYPERLINK("http://example.com","x")'
    book.save(path)
    return path
