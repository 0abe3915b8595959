"""Photos and scans of activities: kept with their faces asked about, travelling, and gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from services import documents_world as files
from services.conftest import Make
from services.land import Land
from traffick_desk.services import exchange
from traffick_desk.services.base import Desk
from traffick_desk.services.documents.prepare import Prepared, look_at, prepare
from traffick_desk.services.documents.queries import ELSEWHERE, HERE
from traffick_desk.services.errors import InvalidValues, NotAllowed, NotHere
from traffick_desk.services.prevention.commands import SavePrevention, VoidPrevention
from traffick_desk.services.prevention.files import (
    ActivityFiles,
    ActivityFileThumb,
    AddActivityFile,
    AskForActivityFile,
    ExportActivityFile,
    OpenActivityFile,
    RemoveActivityFile,
)
from traffick_desk.services.unit_records import new_record_id
from traffick_desk.store import documents
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit

PHOTO = {"kind": "photo", "faces": "nobody"}


def ready(content: bytes) -> Prepared:
    return prepare(look_at(content, "a.jpg"), clean=True, shrink=False)


def talk(desk: Desk) -> str:
    activity = new_record_id(desk.context)
    values = {"kind": "talk", "title": "Nói chuyện ở nhà văn hóa", "since": "2026-07-30",
              "state": "done"}  # fmt: skip
    desk.do(SavePrevention((Edit("activity", activity, values),)))
    return activity


def held(desk: Desk) -> int:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT count(*) FROM document_piece")
        pieces = cursor.fetchone()[0]
        assert (pieces == 0) == (documents.usage(cursor) == (0, 0))
        cursor.execute("SELECT count(*) FROM document_thumb")
        assert cursor.fetchone()[0] <= pieces
    return int(pieces)


def test_a_photo_is_kept_without_what_the_telephone_tells_and_shown(desk: Desk) -> None:
    activity = talk(desk)
    record = desk.do(AddActivityFile(activity, ready(files.jpeg()), PHOTO))
    (view,) = desk.ask(ActivityFiles(activity))
    assert (view.id, view.held, view.record.get("faces")) == (record, HERE, "nobody")
    assert desk.ask(ActivityFileThumb(activity, record)).picture.startswith(b"\xff\xd8")
    found = desk.ask(OpenActivityFile(activity, record))
    assert found.media == "jpeg"
    assert b"MARKER" not in found.content
    assert desk.do(ExportActivityFile(activity, record)).content == found.content
    scan = desk.do(AddActivityFile(activity, ready(files.png()), {"kind": "attendance"}))
    assert [v.id for v in desk.ask(ActivityFiles(activity))] == [scan, record]


def test_nobody_keeps_a_photo_without_saying_whether_faces_are_in_it(desk: Desk) -> None:
    activity = talk(desk)
    for values in ({"kind": "photo"}, {}, {"kind": "photo", "faces": "perhaps"}):
        with pytest.raises(InvalidValues):
            desk.do(AddActivityFile(activity, ready(files.jpeg()), values))
    with pytest.raises(NotHere):
        desk.do(AddActivityFile("2025/06040/none", ready(files.jpeg()), PHOTO))
    with pytest.raises(NotHere):
        desk.do(AddActivityFile(activity, ready(files.jpeg()), {**PHOTO, "digest": "0" * 64}))
    assert held(desk) == 0


def test_what_is_removed_is_gone_at_once_and_the_reason_stays(desk: Desk) -> None:
    activity, other = talk(desk), talk(desk)
    record = desk.do(AddActivityFile(activity, ready(files.jpeg()), PHOTO))
    twin = desk.do(AddActivityFile(other, ready(files.jpeg()), PHOTO))
    with pytest.raises(NotHere):
        desk.do(RemoveActivityFile(other, record, "Người trong ảnh không đồng ý"))
    desk.do(RemoveActivityFile(activity, record, "Người trong ảnh không đồng ý"))
    assert desk.ask(ActivityFiles(activity)) == ()
    # The same picture belongs to another activity, too.
    assert held(desk) > 0
    assert desk.ask(OpenActivityFile(other, twin)).media == "jpeg"
    desk.do(RemoveActivityFile(other, twin, "Người trong ảnh không đồng ý"))
    assert held(desk) == 0
    with pytest.raises(NotHere):
        desk.ask(OpenActivityFile(activity, record))
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT voided FROM r_activity_file WHERE id = ?", (record,))
        assert cursor.fetchone() == ("Người trong ảnh không đồng ý",)


def test_with_its_activity_it_goes_at_the_next_opening_and_can_be_taken_back_until_then(
    desk: Desk,
) -> None:
    activity = talk(desk)
    record = desk.do(AddActivityFile(activity, ready(files.jpeg()), PHOTO))
    desk.do(VoidPrevention("activity", activity, "Ghi nhầm"))
    desk.do(SavePrevention((Edit("activity", activity, {VOID: None}),)))
    assert desk.ask(OpenActivityFile(activity, record)).media == "jpeg"
    desk.do(VoidPrevention("activity", activity, "Ghi nhầm"))
    desk.context.store.open()
    assert held(desk) == 0


def test_photos_travel_to_the_province_and_to_no_other_commune_and_go_everywhere(
    land: Land,
) -> None:
    activity = talk(land.commune)
    record = land.commune.do(AddActivityFile(activity, ready(files.jpeg()), PHOTO))
    for _round in range(2):
        land.send(land.commune, land.province, land.other)
        land.send(land.province, land.commune, land.other)
    found = land.province.ask(OpenActivityFile(activity, record))
    assert found.content == land.commune.ask(OpenActivityFile(activity, record)).content
    assert land.other.ask(ActivityFiles(activity)) == ()
    assert held(land.other) == 0
    land.commune.do(RemoveActivityFile(activity, record, "Người trong ảnh không đồng ý"))
    land.send(land.commune, land.province, land.other)
    assert held(land.province) == 0
    # It does not come back with a later bundle either.
    for _round in range(2):
        land.send(land.province, land.commune, land.other)
        land.send(land.commune, land.province, land.other)
    assert (held(land.commune), held(land.province)) == (0, 0)


def test_what_the_province_photographs_is_listed_in_its_communes_and_stays_there(
    land: Land,
) -> None:
    activity = talk(land.province)
    record = land.province.do(AddActivityFile(activity, ready(files.jpeg()), PHOTO))
    for _round in range(2):
        land.send(land.province, land.commune, land.other)
        land.send(land.commune, land.province)
    (view,) = land.commune.ask(ActivityFiles(activity))
    assert (view.id, view.held) == (record, ELSEWHERE)
    assert held(land.commune) == 0
    with pytest.raises(NotAllowed):
        land.commune.do(RemoveActivityFile(activity, record, "x"))
    with pytest.raises(NotAllowed):
        land.commune.do(AddActivityFile(activity, ready(files.png()), PHOTO))
    assert held(land.commune) == 0


def test_a_commune_that_asks_gets_the_photo_of_the_province_and_no_other_one_does(
    land: Land,
) -> None:
    activity = talk(land.province)
    record = land.province.do(AddActivityFile(activity, ready(files.jpeg()), PHOTO))
    unwanted = land.province.do(AddActivityFile(activity, ready(files.png()), PHOTO))
    land.send(land.province, land.commune, land.other)
    with pytest.raises(NotHere):
        land.commune.do(AskForActivityFile(activity, "2025/20/none"))
    land.commune.do(AskForActivityFile(activity, record))
    assert {v.id for v in land.commune.ask(ActivityFiles(activity)) if v.asked} == {record}
    land.send(land.commune, land.province)
    land.send(land.province, land.commune, land.other)
    by_id = {v.id: v for v in land.commune.ask(ActivityFiles(activity))}
    assert (by_id[record].held, by_id[record].asked) == (HERE, False)
    assert by_id[unwanted].held == ELSEWHERE
    there = land.province.ask(OpenActivityFile(activity, record)).content
    assert land.commune.ask(OpenActivityFile(activity, record)).content == there
    assert held(land.other) == 0
    # Asked for once, sent once; and what is removed at the province goes there, too.
    land.send(land.commune, land.province)
    assert [r.documents for r in exchange.export_bundles(land.province, land.stick)] == [0, 0]
    land.province.do(RemoveActivityFile(activity, record, "Người trong ảnh không đồng ý"))
    land.send(land.province, land.commune)
    assert held(land.commune) == 0


@pytest.fixture
def land(make: Make, tmp_path: Path) -> Land:
    return Land(make, tmp_path)
