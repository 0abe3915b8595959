"""Records of a unit: a commune and its province see them, and no other commune ever does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import uuid6

from faults.test_bundle_meaning import heads, refused
from sync.craft import change, craft
from sync.desks import PROVINCE, UNIT_A, UNIT_B, Country, Desk, country
from traffick_desk.domain.belonging import unit_record_id
from traffick_desk.store import unit_text
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal_errors import NotWriter
from traffick_desk.store.tables import table_name


@pytest.fixture
def land(tmp_path: Path) -> Iterator[Country]:
    with country(tmp_path) as made:
        yield made


def team(desk: Desk, name: str, unit: str | None = None) -> str:
    record = unit_record_id(unit or desk.unit, str(uuid6.uuid7()))
    desk.edit("volunteer_team", record, None, name=name)
    return record


def name(desk: Desk, record: str) -> object:
    return desk.value("volunteer_team", record, "name")


def rounds(land: Country, number: int = 2) -> None:
    for _ in range(number):
        for commune in land.desks[1:]:
            assert commune.send(land.province).outcome != "refused"
        for commune in land.desks[1:]:
            assert land.province.send(commune).outcome != "refused"


def test_a_communes_record_reaches_its_province_and_no_other_commune(land: Country) -> None:
    record = team(land.a, "Đội A")
    assert land.a.value("volunteer_team", record, "unit") == UNIT_A
    rounds(land)
    assert name(land.province, record) == "Đội A"
    assert land.b.ask("SELECT count(*) FROM journal") == [(0,)]


def test_what_the_province_corrects_goes_back_to_that_commune_alone(land: Country) -> None:
    record = team(land.a, "Đội A")
    rounds(land)
    land.province.edit("volunteer_team", record, None, name="Đội của xã A")
    rounds(land)
    assert name(land.a, record) == "Đội của xã A"
    assert name(land.b, record) is None
    assert land.b.ask("SELECT count(*) FROM journal") == [(0,)]


def test_what_the_province_writes_for_itself_goes_to_all_and_is_written_by_it_alone(
    land: Country,
) -> None:
    record = team(land.province, "Đội tỉnh")
    for_b = team(land.province, "Đội B", UNIT_B)
    rounds(land)
    assert [name(d, record) for d in land.desks] == ["Đội tỉnh"] * 3
    assert [name(d, for_b) for d in land.desks] == ["Đội B", None, "Đội B"]
    with pytest.raises(NotWriter):
        land.a.edit("volunteer_team", record, None, name="mine")
    with pytest.raises(NotWriter):
        team(land.a, "Đội B2", UNIT_B)
    with pytest.raises(NotWriter):
        land.province.edit("volunteer_team", record, None, unit=UNIT_A)
    assert PROVINCE in record


def test_two_desks_of_one_commune_share_their_records_and_keep_both_values(land: Country) -> None:
    second = land.add("a2", UNIT_A)
    record = team(land.a, "Đội A")
    rounds(land)
    assert name(second, record) == "Đội A"
    land.a.edit("volunteer_team", record, None, name="một")
    second.edit("volunteer_team", record, None, name="hai")
    rounds(land)
    shown = {name(d, record) for d in (land.a, second, land.province)}
    assert len(shown) == 1
    rivals = [d.value("volunteer_team", record, "rivals") for d in (land.a, second, land.province)]
    assert rivals[0]
    assert len(set(rivals)) == 1


def test_a_later_bundle_holds_only_what_is_new(land: Country) -> None:
    record = team(land.province, "Đội tỉnh")
    rounds(land)
    assert [made.changes for made in land.province.make(land.a)] == [0]
    land.province.edit("volunteer_team", record, None, note="mới")
    assert [made.changes for made in land.province.make(land.a)] == [1]
    assert [made.cases for made in land.province.make(land.a)] == [0]


def test_the_tables_and_the_search_follow_from_the_journal(land: Country) -> None:
    first, second = team(land.a, "Đội Đồng Văn"), team(land.a, "Đội Lũng Cú")
    land.a.edit("volunteer_team", second, None, **{VOID: "nhập nhầm"})

    def found(text: str) -> list[tuple[str, str]]:
        with land.a.store.read() as cursor:
            return unit_text.find(cursor, text, ["volunteer_team"], 9)

    def everything() -> list[list[tuple]]:
        tables = (table_name("volunteer_team"), "unit_text")
        return [land.a.ask(f"SELECT * FROM {t} ORDER BY 1") for t in tables]

    assert found("dong v") == [("volunteer_team", first)]
    assert found("Đồng văn đội") == [("volunteer_team", first)]
    assert found("lung cu") == []
    assert found("văn'") == [("volunteer_team", first)]
    assert found("%") == []
    before = everything()
    land.a.store.rebuild()
    assert everything() == before
    land.a.edit("volunteer_team", second, None, **{VOID: None})
    assert found("lung cu") == [("volunteer_team", second)]


# --- what no honest desk sends --------------------------------------------------------


def forged(device: str, record: str, of: str | None, **fields: object):
    return change(device, 1, of, type="volunteer_team", id=record, fields=fields)


def test_a_commune_cannot_write_what_belongs_to_another(land: Country) -> None:
    record = team(land.b, "Đội B")
    land.b.send(land.province)
    before = land.province.dump()
    one = forged("a", record, UNIT_B, name="x")
    data = craft(land.a.keys, land.province, [one.encode()], heads=heads(one))
    refused(land.province.take(data), "unit")
    assert land.province.dump() == before


@pytest.mark.parametrize("of", [UNIT_A, None], ids=["under the own name", "under no name"])
def test_nor_by_naming_another_owner(land: Country, of: str | None) -> None:
    record = team(land.b, "Đội B")
    land.b.send(land.province)
    one = forged("a", record, of, name="x")
    data = craft(land.a.keys, land.province, [one.encode()], heads=heads(one))
    assert land.province.take(data).outcome == "applied"
    assert name(land.province, record) == "Đội B"
    land.province.store.rebuild()
    assert name(land.province, record) == "Đội B"


def test_nor_put_a_record_of_a_case_in_under_its_unit(land: Country) -> None:
    case = land.b.open_case()
    land.b.send(land.province)
    (person,) = (p for (p,) in land.province.ask("SELECT id FROM r_person"))
    one = change("a", 1, UNIT_A, type="person", id=person, fields={"name": "x"})
    data = craft(land.a.keys, land.province, [one.encode()], heads=heads(one))
    assert land.province.take(data).outcome == "applied"
    assert land.province.value("person", person, "name") == "Nguyễn Thị Ánh"
    assert land.province.cases() == {case}


def test_a_commune_refuses_what_belongs_to_another_even_from_the_province(land: Country) -> None:
    record = team(land.b, "Đội B")
    land.b.send(land.province)
    body = land.b.ask("SELECT body FROM journal")[0][0]
    with land.b.store.read() as cursor:
        cursor.execute("SELECT certificate FROM device WHERE device = 'b'")
        certificate = bytes(cursor.fetchone()[0])
    data = craft(land.province.keys, land.a, [bytes(body)], [certificate])
    refused(land.a.take(data), "unit")
    assert name(land.a, record) is None
