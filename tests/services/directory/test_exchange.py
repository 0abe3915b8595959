"""The directory leaves and comes back: tables and HSDS JSON, nothing doubled, faults by cell."""

from __future__ import annotations

import json
import uuid

import pytest
from openpyxl import Workbook, load_workbook

from traffick_desk.i18n import speaking
from traffick_desk.services.directory import exchange, hsds, hsds_check, table
from traffick_desk.services.directory.entries import DropService, OpenService, SaveService
from traffick_desk.services.directory.find import ListServices
from traffick_desk.services.directory.prepared import NothingToTake, TakeServices
from traffick_desk.services.register.errors import RegisterError

from .conftest import HEALTH, LEGAL

CLOSED = {**HEALTH, "name": "Nhà tạm lánh cũ", "kinds": ["shelter"], "listing": "secret",
          "status": "ended", "status_reason": "Đã chuyển đi", "always": "yes", "age_to": 17}  # fmt: skip


def entries(desk):
    rows = desk.ask(ListServices()).rows
    found = [desk.ask(OpenService(r.id)).record for r in rows if not r.shipped]
    closed = [r for r in _all(desk) if r.get("status") != "active"]
    return {r.id: dict(r.values) for r in (*found, *closed)}


def _all(desk):
    from traffick_desk.services.directory.entries import all_entries

    with desk.context.store.read() as cursor:
        return all_entries(desk.context, cursor)


@pytest.fixture
def full(desk):
    for values in (LEGAL, HEALTH, CLOSED):
        desk.do(SaveService(values))
    return desk


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_exported_comes_back_the_same_and_a_second_time_nothing_happens(
    full, make_empty, tmp_path, ending, language
):
    path = tmp_path / f"danh-ba.{ending}"
    with speaking(language):
        assert exchange.save(full, path) == 3
        again = exchange.read(full, path)
        assert (again.count("same"), again.problems, again.ignored) == (3, (), ())
        assert full.do(TakeServices(again.entries)) == (0, 0)
        other = make_empty()
        prepared = exchange.read(other, path)
        assert prepared.problems == ()
        assert other.do(TakeServices(prepared.entries)) == (3, 0)
        assert entries(other) == entries(full)
        back = tmp_path / f"lan-hai.{ending}"
        exchange.save(other, back)
    if ending != "xlsx":  # a workbook holds the time at which it was made
        assert back.read_bytes() == path.read_bytes()


def test_only_what_may_hang_on_the_wall_leaves_when_asked_so(full, tmp_path):
    path = tmp_path / "cong-khai.json"
    assert exchange.save(full, path, public=True) == 1
    text = path.read_text("utf-8")
    for hidden in (LEGAL["contact"], LEGAL["note"], LEGAL["agreement_no"], CLOSED["name"]):
        assert hidden not in text


def test_an_emptied_cell_empties_the_field_of_its_entry(full, tmp_path):
    path = tmp_path / "danh-ba.xlsx"
    exchange.save(full, path)
    book = load_workbook(path)
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    row = next(r for r in sheet.iter_rows(min_row=2) if r[1].value == LEGAL["name"])
    row[
        heads.index(next(h for h in heads if h in {"Điện thoại khác", "Other telephone"}))
    ].value = None
    book.save(path)
    prepared = exchange.read(full, path)
    assert (prepared.count("changed"), prepared.count("same")) == (1, 2)
    full.do(TakeServices(prepared.entries))
    legal = next(r for r in _all(full) if r.get("name") == LEGAL["name"])
    assert legal.get("phone_other") is None
    assert legal.get("phone") == LEGAL["phone"]


def table_of(tmp_path, *rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / "bang.xlsx"
    book.save(path)
    return path


@pytest.fixture
def heads():
    with speaking("vi"):
        named = {f.name: f.shown_label() for f in table.FIELDS}
    names = ("name", "organization", "kinds", "phone", "place_unit", "position", "opens", "age_to")
    return [*(named[n] for n in names), "Màu tường"]


def test_a_table_made_by_hand_is_read_and_each_wrong_cell_is_named(desk, tmp_path, heads):
    good = ["Phòng khám", "Bệnh viện huyện", "Khám, chữa bệnh; Hỗ trợ tâm lý", "0205 1",
            "Thất Khê, Lạng Sơn", "22.25, 106.46", "7h30", 99, "xanh"]  # fmt: skip
    path = table_of(
        tmp_path,
        heads,
        good,
        ["Bên B", "B", "việc gì đó", "", "Xã Không Có", "ở đâu", "sáng", "già", None],
        ["Bên C", "", "Vay vốn"],
        good,
    )
    prepared = exchange.read(desk, path)
    assert prepared.ignored == ("Màu tường",)
    wrong = {(p.row, p.column) for p in prepared.problems}
    assert {(3, heads[n]) for n in (2, 4, 5, 6, 7)} <= wrong
    assert (4, heads[1]) in wrong
    assert (5, heads[0]) in wrong  # the same service stands twice
    assert prepared.count("wrong") == 3
    assert desk.do(TakeServices(prepared.entries)) == (1, 0)
    [row] = [r for r in desk.ask(ListServices()).rows if not r.shipped]
    entry = desk.ask(OpenService(row.id))
    assert entry.get("kinds") == ["medical", "psychological"]
    assert entry.get("opens") == "07:30"
    assert entry.get("place_unit") == "2025/06040"
    # Without a number the entry is known again by its words.
    once_more = exchange.read(desk, table_of(tmp_path, heads, [*good[:3], "0205 2", *good[4:]]))
    assert desk.do(TakeServices(once_more.entries)) == (0, 1)
    assert desk.ask(OpenService(row.id)).get("phone") == "0205 2"


def test_a_file_without_anything_to_take_in_changes_nothing(desk, tmp_path, heads):
    with pytest.raises(RegisterError):
        exchange.read(desk, table_of(tmp_path, ["Họ tên", "Tuổi"], ["Hoa", 3]))
    prepared = exchange.read(desk, table_of(tmp_path, heads, ["", "", "x"]))
    with pytest.raises(NothingToTake):
        desk.do(TakeServices(prepared.entries))
    with pytest.raises(exchange.UnknownFormat):
        exchange.save(desk, tmp_path / "danh-ba.pdf")


def test_an_entry_that_was_taken_out_does_not_come_back_unseen(full, tmp_path):
    path = tmp_path / "danh-ba.csv"
    exchange.save(full, path)
    dropped = next(r for r in _all(full) if r.get("name") == HEALTH["name"])
    full.do(DropService(dropped.id, "Ghi nhầm"))
    prepared = exchange.read(full, path)
    assert (prepared.count("same"), prepared.count("wrong")) == (2, 1)


# --- HSDS -------------------------------------------------------------------------------


def test_what_is_exported_is_valid_hsds_with_uuids(full):
    found = full.ask(exchange.HsdsDocument())
    assert hsds_check.check(found["contents"]) == []
    assert found["total_items"] == 3
    for made in found["contents"]:
        assert str(uuid.UUID(made["id"])) == made["id"]
        for part in (made["organization"], *made.get("phones", ()), *made["attributes"]):
            assert uuid.UUID(part["id"])
    legal = next(s for s in found["contents"] if s["name"] == LEGAL["name"])
    assert legal["schedules"][0]["byday"] == "MO,TU,WE,TH,FR"
    assert legal["schedules"][0]["opens_at"] == "07:30+07:00"
    location = legal["service_at_locations"][0]["location"]
    assert (location["latitude"], location["longitude"]) == (22.2547, 106.4648)
    assert location["addresses"][0]["country"] == "VN"
    closed = next(s for s in found["contents"] if s["name"] == CLOSED["name"])
    assert closed["status"] == "defunct"


FOREIGN = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Community Counselling",
    "description": "Counselling for adults and children.",
    "status": "active",
    "minimum_age": 5,
    "organization": {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Example Aid",
                     "description": "An NGO", "phones": [{"id": "1", "number": "+84 24 1"}]},
    "schedules": [{"id": "s", "freq": "WEEKLY", "byday": "MO,WE", "opens_at": "10:00+07:00"}],
    "languages": [{"id": "l", "name": "Vietnamese", "code": "vie"}],
    "cost_options": [{"id": "c", "amount": 0}, {"id": "d", "amount": 20000}],
    "service_at_locations": [{"id": "x", "location": {
        "id": "y", "location_type": "physical", "latitude": 21.03, "longitude": 105.85,
        "addresses": [{"id": "z", "address_1": "1 Example St", "city": "Phường Hoàn Kiếm",
                       "state_province": "Hà Nội", "postal_code": "", "country": "VN",
                       "address_type": "physical"}]}}],
    "attributes": [{"id": "t", "taxonomy_term": {"id": "u", "name": "Counselling",
                                                 "description": "", "code": "BH-1"}}],
}  # fmt: skip


@pytest.mark.parametrize(
    "shape",
    [
        lambda s: s,
        lambda s: [s],
        lambda s: {"contents": [s], "total_items": 1},
        lambda s: {**s["organization"], "services": [
            {n: v for n, v in s.items() if n != "organization"}]},
    ],
)  # fmt: skip
def test_services_of_other_programs_are_understood_in_every_shape(desk, tmp_path, shape):
    path = tmp_path / "hsds.json"
    path.write_text(json.dumps(shape(FOREIGN)), "utf-8")
    assert desk.do(TakeServices(exchange.read(desk, path).entries)) == (1, 0)
    [row] = [r for r in desk.ask(ListServices()).rows if not r.shipped]
    get = desk.ask(OpenService(row.id)).get
    assert row.id == f"{desk.info.unit}/{FOREIGN['id']}"
    assert (get("organization"), get("phone")) == ("Example Aid", "+84 24 1")
    assert (get("days"), get("opens"), get("age_from")) == (["mon", "wed"], "10:00", 5)
    assert (get("languages"), get("cost"), get("kinds")) == (["vie"], "part", ["other"])
    assert get("position") == "21.03000, 105.85000"
    assert desk.context.units.province_of(get("place_unit")).name == "Hà Nội"
    assert exchange.read(desk, path).count("same") == 1


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"status": "open"}, ".status"),
        ({"name": None}, ".name"),
        ({"minimum_age": "five"}, ".minimum_age"),
        ({"phones": [{"id": "1"}]}, ".phones[0].number"),
        ({"phones": "0205"}, ".phones"),
        ({"schedules": [{"id": "1", "freq": "DAILY"}]}, ".schedules[0].freq"),
        ({"schedules": [{"id": "1", "opens_at": "ten"}]}, ".schedules[0].opens_at"),
        ({"organization": []}, ".organization"),
        ({"service_at_locations": [{"id": "1", "location": {"id": "2"}}]},
         ".service_at_locations[0].location.location_type"),
    ],
)  # fmt: skip
def test_what_is_no_hsds_is_refused_with_the_place_of_each_fault(desk, tmp_path, change, where):
    path = tmp_path / "hsds.json"
    path.write_text(json.dumps([FOREIGN, {**FOREIGN, "id": "b", **change}]), "utf-8")
    with pytest.raises(exchange.NotHsds) as refused:
        exchange.read(desk, path)
    assert [f.path for f in refused.value.faults] == [f"contents[1]{where}"]


@pytest.mark.parametrize("text", ["", "[", "3", '"x"', '{"a": 1}', "[" * 100_000])
def test_what_is_no_json_of_services_is_refused(desk, tmp_path, text):
    path = tmp_path / "hsds.json"
    path.write_text(text, "utf-8")
    with pytest.raises(exchange.NotHsds):
        exchange.read(desk, path)


def test_ids_of_parts_follow_from_the_service_so_that_two_exports_are_one(full):
    first = hsds.encode(full.ask(exchange.HsdsDocument()))
    with speaking("en"):
        assert hsds.encode(full.ask(exchange.HsdsDocument())) == first
