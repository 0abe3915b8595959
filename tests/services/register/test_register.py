"""An old register: found in a file, mapped, looked at, taken in once and never twice."""

from __future__ import annotations

import json
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conftest import Make, take_in
from services.register import messy
from traffick_desk import i18n
from traffick_desk.domain.units import Units
from traffick_desk.services import register
from traffick_desk.services.base import Desk
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.queries import CountCases, OpenCase, SearchCases, Today
from traffick_desk.services.register import errors
from traffick_desk.services.register.cells import Unreadable, _written
from traffick_desk.services.register.places import Parts, Places
from traffick_desk.services.register.table import in_old_font, plain, text_of

TODAY = date(2026, 11, 21)
HEADS = [
    "STT",
    "Họ và tên",
    "Giới tính",
    "Ngày sinh",
    "Số CCCD",
    "Nơi thường trú",
    "Ngày tiếp nhận",
]
LAN = [1, "Nông Thị Lan", "Nữ", "05/3/1998", None, "Thất Khê, Tràng Định, Lạng Sơn", "1/2/2015"]


def book(path: Path, *rows: list[object]) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def looked(desk: Desk, path: Path) -> tuple[register.Table, register.ColumnMap, register.Preview]:
    table = register.read(path)
    mapping = desk.ask(register.ProposeColumns(table))
    return table, mapping, register.look(desk, table, mapping)


@pytest.fixture
def english() -> None:
    i18n.set_language("en")
    yield
    i18n.set_language("vi")


# --- the messy register ---------------------------------------------------------------------


def test_a_messy_register_of_200_is_taken_in_once(desk: Desk, tmp_path: Path) -> None:
    path = messy.workbook(tmp_path / "sổ.xlsx")
    table, mapping, preview = looked(desk, path)
    assert table.sheet == "Sổ nạn nhân"
    assert "Năm sinh / Nữ" in table.headings
    assert preview.counts == {"ready": 199, "no_person": 5, "impossible": 1}
    assert desk.ask(CountCases()) == 0  # nothing is written by looking

    report = register.take_in(desk, table, mapping, preview)
    assert (len(report.taken), report.refused) == (199, {})
    assert desk.ask(CountCases()) == 199
    # No alarm for what is past; so many entries are to be sent and to be backed up.
    assert {item.group for item in desk.ask(Today())} <= {"unsent", "backup"}

    again = register.look(desk, register.read(path), mapping)
    assert again.counts == {"known": 199, "no_person": 5, "impossible": 1}
    wanted = {row.number for row in again.rows}
    assert register.take_in(desk, table, mapping, again, wanted).taken == {}
    # Even somebody who looked before the first time does not double anything.
    late = register.take_in(desk, table, mapping, preview)
    assert (late.taken, late.known) == ({}, 199)
    assert desk.ask(CountCases()) == 199


def test_every_part_of_a_row_finds_its_record(desk: Desk, tmp_path: Path) -> None:
    table, mapping, preview = looked(desk, messy.workbook(tmp_path / "s.xlsx", 12))
    report = register.take_in(desk, table, mapping, preview)
    row = next(r for r in preview.rows if r.name == "Vàng Thị Thu Dợ A")
    case = desk.ask(OpenCase(report.taken[row.number]))
    assert case.case.get("opened_on") == "2015-11-20"
    assert case.row.file_no.endswith("/2015")
    assert case.case.get("stage") == "closed"
    (person,) = case.persons
    assert (person.get("sex"), person.get("birth")) == ("male", "1996-05-03")
    assert case.of("identity_paper")[0].get("number") == "040096001235"  # the lost zero
    (address,) = case.of("address")
    assert address.get("old_unit") == "2004/02734"  # xã Quang Kim, Bát Xát
    assert address.get("unit") == "2025/02683"
    (status,) = case.of("status")
    assert status.get("paper_no") == "1/GXN-CA"
    assert case.of("reception")[0].get("at") == "2015-11-20T00:00+07:00"
    note = case.of("note")[0].get("text")
    assert "dòng 8" in note
    assert "1.500.000đ" in note  # what could not be placed is not lost


def test_what_is_not_readable_is_kept_in_words(desk: Desk, tmp_path: Path) -> None:
    row = [1, "Nông Thị Lan", "?!", "31/02/1998", "#REF!", "Sao Hỏa", "tháng trước"]
    table, mapping, preview = looked(desk, book(tmp_path / "s.xlsx", HEADS, row))
    (seen,) = preview.rows
    assert seen.state == "ready"
    assert {table.headings[p.column] for p in seen.problems if p.level == "empty"} >= {
        "Giới tính", "Ngày sinh", "Ngày tiếp nhận",
    }  # fmt: skip
    case = desk.ask(OpenCase(register.take_in(desk, table, mapping, preview).taken[2]))
    note = case.of("note")[0].get("text")
    for text in ("?!", "31/02/1998", "tháng trước"):
        assert text in note
    assert case.persons[0].get("birth") is None
    assert case.of("address")[0].get("line") == "Sao Hỏa"


def test_the_impossible_is_not_taken_in_until_it_is_corrected(desk: Desk, tmp_path: Path) -> None:
    wrong = [*LAN[:6], "1/2/1990"]  # received before she was born
    path = tmp_path / "s.xlsx"
    table, mapping, preview = looked(desk, book(path, HEADS, wrong))
    assert preview.counts == {"impossible": 1}
    assert register.take_in(desk, table, mapping, preview, {2}).taken == {}
    table, mapping, preview = looked(desk, book(path, HEADS, LAN))
    assert preview.counts == {"ready": 1}
    assert len(register.take_in(desk, table, mapping, preview).taken) == 1


def test_a_corrected_row_is_found_and_not_taken_in_again(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    table, mapping, preview = looked(desk, book(path, HEADS, LAN))
    case = register.take_in(desk, table, mapping, preview).taken[2]
    spelled = [7, "  NÔNG  THỊ LAN ", *LAN[2:]]
    assert looked(desk, book(path, HEADS, spelled))[2].counts == {"changed": 1}
    other = [*LAN[:5], "xã Quang Kim, Bát Xát, Lào Cai", LAN[6]]
    _table, _mapping, preview = looked(desk, book(path, HEADS, other))
    (row,) = preview.rows
    assert row.state == "changed"
    assert row.same is not None
    assert row.same.case_id == case


def test_who_may_have_a_case_already_waits_for_the_officer(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, "E1")
    known = desk.ask(SearchCases(""))
    name = desk.ask(SearchCases("a"))
    hit = (name or known)[0].row
    row = [
        1,
        unicodedata.normalize("NFD", hit.name.upper()),
        "",
        hit.birth[:4],
        None,
        "",
        "1/2/2015",
    ]
    table, mapping, preview = looked(desk, book(tmp_path / "s.xlsx", HEADS, row))
    (seen,) = preview.rows
    assert seen.state == "twin"
    assert seen.same is not None
    assert seen.same.file_no == hit.file_no
    assert register.take_in(desk, table, mapping, preview).taken == {}
    assert len(register.take_in(desk, table, mapping, preview, {2}).taken) == 1


def test_two_rows_of_one_person_wait_but_namesakes_do_not(desk: Desk, tmp_path: Path) -> None:
    other = [3, "Nông Thị Lan", "Nữ", "1/1/1970", None, None, "1/2/2015"]
    rows = (LAN, [2, *LAN[1:6], "5/5/2019"], other)
    preview = looked(desk, book(tmp_path / "s.xlsx", HEADS, *rows))[2]
    assert [row.state for row in preview.rows] == ["ready", "twin", "ready"]
    assert preview.rows[1].same.row == 2


def test_stopping_in_the_middle_leaves_whole_cases_and_the_rest_can_follow(
    desk: Desk, tmp_path: Path
) -> None:
    class Stop(Exception):
        pass

    def progress(done: int, _total: int, _words: str) -> None:
        if done >= 40:
            raise Stop

    table, mapping, preview = looked(desk, messy.workbook(tmp_path / "s.xlsx", 120))
    report = register.Report()
    with pytest.raises(Stop):
        register.take_in(desk, table, mapping, preview, None, progress, report)
    assert len(report.taken) == desk.ask(CountCases()) == 40
    preview = register.look(desk, table, mapping)
    assert preview.counts["known"] == 40
    register.take_in(desk, table, mapping, preview)
    assert desk.ask(CountCases()) == 119


def test_nothing_is_kept_of_a_batch_that_fails(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from traffick_desk.services import numbering

    real, calls = numbering.file_number, []

    def fails(*given: object) -> str:
        calls.append(1)
        if len(calls) == 5:
            raise OSError("the disk went away")
        return real(*given)

    table, mapping, preview = looked(desk, messy.workbook(tmp_path / "s.xlsx", 30))
    monkeypatch.setattr(numbering, "file_number", fails)
    with pytest.raises(OSError, match="disk"):
        register.take_in(desk, table, mapping, preview)
    assert desk.ask(CountCases()) == 0
    assert "known" not in register.look(desk, table, mapping).counts


def test_one_bad_row_does_not_keep_its_batch_from_being_taken_in(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from traffick_desk.services import checks

    real = checks.impossible

    def strict(context: object, work: object, edits: tuple[object, ...]) -> object:
        if any(e.values.get("name") == "Nông Thị Hai" for e in edits):  # type: ignore[attr-defined]
            return (("person", "name", "refused by a stricter rule"),)
        return real(context, work, edits)  # type: ignore[arg-type]

    rows = [[n, f"Nông Thị {name}", "Nữ", 1990 + n] for n, name in enumerate(("Một", "Hai", "Ba"))]
    table, mapping, preview = looked(desk, book(tmp_path / "s.xlsx", HEADS, *rows))
    monkeypatch.setattr(checks, "impossible", strict)
    report = register.take_in(desk, table, mapping, preview)
    assert list(report.taken) == [2, 4]
    assert report.refused == {3: "refused by a stricter rule"}


def test_a_clerk_without_access_sees_and_writes_nothing(make: Make, tmp_path: Path) -> None:
    desk = make()
    table, mapping, preview = looked(desk, book(tmp_path / "s.xlsx", HEADS, LAN))
    object.__setattr__(desk.context.info, "role", "clerk")
    with pytest.raises(NotAllowed):
        register.look(desk, table, mapping)
    with pytest.raises(NotAllowed):
        register.take_in(desk, table, mapping, preview)


# --- the mapping ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("HO VA TEN", "person.name"),
        ("Họ tên nạn nhân", "person.name"),
        (unicodedata.normalize("NFD", "Ngày, tháng, năm sinh"), "person.birth"),
        ("Số CMND/ CCCD", "identity_paper.number"),
        ("Hộ khẩu thường trú", "address.permanent"),
        ("Chỗ ở hiện nay", "address.current"),
        ("Xã/Phường", "address.permanent.commune"),
        ("Ngày tiếp nhận (dd/mm/yyyy)", "reception.at"),
        ("Cơ quan bàn giao", "reception.from_body"),
        ("Giấy xác nhận / Số", "status.paper_no"),
        ("Giấy xác nhận / Ngày", "status.paper_on"),
        ("Trình độ văn hóa", "person.education"),
        ("Full name", "person.name"),
        ("Date of birth", "person.birth"),
    ],
)
def test_headings_are_known_with_and_without_accents(heading: str, key: str) -> None:
    from traffick_desk.services.register.columns import matches

    assert matches(heading)[0][1] == key


def test_every_target_is_a_field_of_the_spine_or_read_by_hand(desk: Desk) -> None:
    registry = desk.context.store.registry
    by_hand = {"case.old_number", "person.age", "note"}
    for key, target in register.columns().targets.items():
        if target.reads or key in by_hand or key.endswith(("_male", "_female")):
            continue
        assert target.field in registry[target.record].by_name, key


def test_codes_that_are_written_in_words_are_codes_of_their_lists() -> None:
    from traffick_desk.domain.lists import code_list

    for name, codes in register.columns().values.items():
        assert set(codes) <= set(code_list(name).codes()), name


def test_a_corrected_mapping_is_proposed_the_next_time(desk: Desk, tmp_path: Path) -> None:
    from dataclasses import replace

    path = book(tmp_path / "s.xlsx", [*HEADS, "Mã X"], [*LAN, "12/HS"])
    table = register.read(path)
    proposed = desk.ask(register.ProposeColumns(table))
    assert proposed.targets[-1] == "note"
    chosen = replace(proposed, targets=(*proposed.targets[:-1], "case.old_number"), status="victim",
                     citizenship="VN", closed_on="2020-12-31")  # fmt: skip
    register.take_in(desk, table, chosen, register.look(desk, table, chosen))
    assert desk.ask(register.ProposeColumns(register.read(path))) == chosen
    case = desk.ask(OpenCase(desk.ask(SearchCases("Nông Thị Lan"))[0].row.case_id))
    assert case.row.status == "victim"
    assert case.case.get("closed_on") == "2020-12-31"
    assert case.persons[0].get("citizenship") == "VN"


def test_a_mapping_that_names_what_there_is_not_is_refused(desk: Desk, tmp_path: Path) -> None:
    table = register.read(book(tmp_path / "s.xlsx", HEADS, LAN))
    good = desk.ask(register.ProposeColumns(table)).to_json(table)
    bad = [{}, [], {**good, "format": 9}, {**good, "stage": "x"}, {**good, "closed_on": "soon"},
           {**good, "columns": [{"heading": "STT", "is": "person.shoe"}]}]  # fmt: skip
    for value in bad:
        file = tmp_path / "map.json"
        file.write_text(json.dumps(value), "utf-8")
        with pytest.raises(errors.MappingUnreadable):
            register.read_file(file, table)


def test_without_a_name_nothing_is_looked_at(desk: Desk, tmp_path: Path) -> None:
    table = register.read(book(tmp_path / "s.xlsx", ["Tuổi", "Dân tộc"], [20, "Mông"]))
    with pytest.raises(errors.NoName):
        register.look(desk, table, desk.ask(register.ProposeColumns(table)))


# --- cells ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("05/3/1998", "1998-03-05"), ("5.3.98", "1998-03-05"), ("03-1995", "1995-03"),
        ("1990", "1990"), ("khoảng 1990", "1990~"), ("k/ng 1990", "1990~"), ("năm 1992", "1992"),
        ("…/…/1989", "1989"), ("00/00/1989", "1989"), ("../3/1989", "1989-03"),
        ("sinh ngày 5/3/1998", "1998-03-05"), ("05/3/1998 14:30", "1998-03-05"), ("1990?", "1990~"),
    ],
)  # fmt: skip
def test_dates_as_registers_have_them(text: str, value: str) -> None:
    assert str(_written(text, TODAY)) == value


@given(st.text(max_size=40))
def test_no_text_in_a_cell_stops_the_reading(text: str) -> None:
    from traffick_desk.domain.records import REGISTRY
    from traffick_desk.services.register import cells

    for record, name in (("person", "birth"), ("reception", "at"), ("person", "sex"),
                         ("payment", "amount"), ("account", "exploitation"), ("person", "note")):  # fmt: skip
        try:
            cells.read(REGISTRY[record][name], text, TODAY)
        except Unreadable as problem:
            words = str(problem)
            assert words
    cells.paper_number(text)


def test_age_counts_from_the_day_of_reception(desk: Desk, tmp_path: Path) -> None:
    rows = [["Họ và tên", "Tuổi", "Ngày tiếp nhận"], ["Lò Thị A", 16, datetime(2015, 6, 1)],
            ["Lò Thị B", "17 tuổi", None]]  # fmt: skip
    preview = looked(desk, book(tmp_path / "s.xlsx", *rows))[2]
    assert [row.birth for row in preview.rows] == ["1999~", ""]


@pytest.mark.parametrize(
    "text", ["NguyÔn ThÞ Hoa", "TrÇn V¨n Nam", "Nguyeãn Thò Hoa", "Traàn Vaên"]
)
def test_old_fonts_are_told_from_names(text: str) -> None:
    assert in_old_font(text)


@pytest.mark.parametrize(
    "text",
    ["Nguyễn Thị Hoa", "Đặng Thị Hoà", "Khoẻ", "Thuý", "Quốc", "H'Mông", "Zoë Müller", "Oanh"],
)
def test_names_in_unicode_are_no_old_font(text: str) -> None:
    assert not in_old_font(text)
    assert not in_old_font(unicodedata.normalize("NFC", text.upper()))


# --- addresses --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(Units.load(), "2025/06040")


@pytest.mark.parametrize(
    ("text", "old", "new", "line"),
    [
        (
            "Bản Lùng, xã Bản Qua, huyện Bát Xát, tỉnh Lào Cai",
            "2004/02716",
            "2025/02683",
            "Bản Lùng",
        ),
        ("xã Quang Kim huyện Bát Xát tỉnh Lào Cai", "2004/02734", "2025/02683", ""),
        ("X. Lũng Cú, H. Đồng Văn, T. Hà Giang", "2004/00715", "2025/00715", ""),
        ("lung cu - dong van - ha giang", "2004/00715", "2025/00715", ""),
        ("TT Thất Khê", "2004/06040", "2025/06040", ""),
        ("không rõ", "", "", ""),
    ],
)
def test_old_addresses_become_units_of_today(
    places: Places, text: str, old: str, new: str, line: str
) -> None:
    found = places.read(text, "2015-01-01")
    assert (found.old_unit, found.unit, found.line) == (old, new, line)


def test_a_divided_commune_stays_old_and_says_so(places: Places) -> None:
    units = Units.load()
    divided = next(
        commune for commune in units.communes("2004/02") if len(units.new_for_old(commune.id)) > 1
    )
    found = places.read(units.full_name(divided.id), "2015-01-01")
    assert (found.old_unit, found.unit) == (divided.id, "")
    assert found.remark


def test_an_address_in_columns_is_one_address(places: Places) -> None:
    found = places.read_parts(Parts("Bản Lùng", "Bản Qua", "Bát Xát", "Lào Cai"), "2015-01-01")
    assert (found.old_unit, found.line) == ("2004/02716", "Bản Lùng")


def test_every_old_commune_is_found_by_its_full_name_or_says_why_not(places: Places) -> None:
    units = Units.load()
    wrong = []
    for province in units.provinces("2004"):
        for commune in units.communes(province.id)[::7]:
            found = places.read(units.full_name(commune.id), "2015-01-01")
            if found.old_unit != commune.id and not found.remark:
                wrong.append((units.full_name(commune.id), found))
    assert wrong == []


# --- files ------------------------------------------------------------------------------------

Write = Callable[[Path], None]
TEXT = "STT;Họ và tên;Năm sinh;Nơi thường trú\n1;Nguyễn Thị Hoà;1990;Thất Khê\n2;Lò Văn Đắc;1988;\n"


def _cp1258(text: str) -> bytes:
    """As Windows writes it: the letter with its mark, the tone behind it."""
    out = []
    for letter in text:
        try:
            out.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(c for c in parts if c in "\u0300\u0309\u0303\u0301\u0323")
            base = unicodedata.normalize("NFC", parts.replace(tone, ""))
            out.append((base + tone).encode("cp1258"))
    return b"".join(out)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.replace(";", ",").encode(),
        TEXT.replace(";", "\t").encode("utf-16"),
        TEXT.replace("\n", "\r\n").replace(";", "|").encode(),
        ("sep=;\n" + TEXT).encode(),
        unicodedata.normalize("NFD", TEXT).encode(),
        _cp1258(TEXT),
        TEXT.replace("Thất Khê", '"Khu 2; Thất\nKhê"').encode(),
    ],
    ids=["utf-8", "bom", "comma", "utf-16 tab", "bar", "sep", "nfd", "windows-1258", "quoted"],
)
def test_texts_of_many_programs_are_read(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(data)
    table = register.read(path)
    assert table.headings == ("STT", "Họ và tên", "Năm sinh", "Nơi thường trú")
    assert [text_of(row.cells[1]) for row in table.rows] == ["Nguyễn Thị Hoà", "Lò Văn Đắc"]


def test_text_in_an_old_font_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    line = "1;NguyÔn ThÞ Hßa;1990;ThÊt Khª, Trµng §Þnh\n"
    for data in (
        ("STT;Hä vµ tªn;N¨m sinh;N¬i ë\n" + line * 9).encode("cp1252"),
        (line * 9).encode(),
    ):
        path.write_bytes(data)
        with pytest.raises(errors.UnreadableText) as refused:
            register.read(path)
        assert "Unicode" in str(refused.value)


def test_a_merged_cell_counts_for_each_of_its_rows(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (["Họ và tên", "Ngày tiếp nhận"], ["Lò Thị A", "1/2/2015"], ["Lò Thị B", None]):
        made.active.append(row)
    made.active.merge_cells("B2:B3")
    made.save(tmp_path / "s.xlsx")
    table = register.read(tmp_path / "s.xlsx")
    assert [text_of(row.cells[1]) for row in table.rows] == ["1/2/2015"] * 2


def _parts(path: Path, **changed: bytes) -> Path:
    """A workbook with some parts replaced."""
    good = book(path.with_name("good.xlsx"), HEADS, LAN)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(
                name, changed.get(name.rpartition("/")[2].partition(".")[0], old.read(name))
            )
    return path


_ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'


@pytest.mark.parametrize(
    "content",
    [
        _ENTITY,
        _ENTITY.decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="cp037"?><worksheet/>',
        b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>",
    ],
    ids=["entity", "entity in utf-16", "strange encoding", "bomb"],
)
def test_a_hostile_workbook_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = _parts(tmp_path / "s.xlsx", sheet1=content)
    with pytest.raises(errors.HostileWorkbook) as refused:
        register.read(path)
    assert str(refused.value)


def test_a_row_far_below_costs_nothing(tmp_path: Path) -> None:
    sheet = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006'
        b'/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
        b'<row r="999999999"><c r="A999999999" t="inlineStr"><is><t>x</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    with pytest.raises(errors.EmptyTable):
        register.read(_parts(tmp_path / "s.xlsx", sheet1=sheet))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), errors.OldWorkbook),
        (b"%PDF-1.7\n", errors.NotATable),
        (b"PK\x03\x04" + bytes(50), errors.NotATable),
        (b"", errors.EmptyTable),
        (b"a;b\n", errors.EmptyTable),
        (b"\0\1\2\3" * 100, errors.NotATable),
        (bytes(range(256)) * 4, errors.NotATable),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, data: bytes, kind: type) -> None:
    path = tmp_path / "s.xlsx"
    path.write_bytes(data)
    with pytest.raises(kind) as refused:
        register.read(path)
    assert str(refused.value)


def test_a_missing_file_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(errors.FileMissing):
        register.read(tmp_path / "none.xlsx")


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for head in (b"", b"PK\x03\x04", b"\xff\xfe"):
            path = Path(folder) / "s.xlsx"
            path.write_bytes(head + data)
            try:
                register.read(path)
            except errors.RegisterError as refused:
                assert str(refused)  # noqa: PT017 - some bytes are a table


def test_comparing_words_ignores_marks_and_signs() -> None:
    assert plain("Số  CMND/CCCD:") == "so cmnd cccd"
