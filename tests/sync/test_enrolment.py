"""A desk asks, the province compares words and signs, the desk installs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sync.desks import AT, PROVINCE, UNIT_A, UNIT_B, Country, Desk, enrol
from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync import enrolment, links
from traffick_desk.sync.certificate import Certificate, Officer
from traffick_desk.sync.errors import (
    EnrolmentConflict,
    EnrolmentNewer,
    EnrolmentRefused,
    NotSetUp,
    OnlyProvince,
)
from traffick_desk.sync.keys import DeviceKeys


def request_of(desk: Desk) -> bytes:
    with desk.store.read() as cursor:
        return enrolment.request_file(cursor, desk.device, AT)


def own(desk: Desk):
    with desk.store.read() as cursor:
        return enrolment.own_desk(cursor, desk.device)


def certify(province: Desk, request: bytes, **options: object) -> bytes:
    with province.store.work() as work:
        read = enrolment.read_request(request)
        return enrolment.certify(work.cursor, province.device, read, AT, **options)


@pytest.fixture
def fresh(land: Country) -> Desk:
    desk = Desk(land.folder, "new", "commune", UNIT_A)
    land.desks.append(desk)
    return desk


def test_both_sides_see_the_same_words(land: Country, fresh: Desk) -> None:
    read = enrolment.read_request(request_of(fresh))
    assert read.desk.words() == own(fresh).words()
    assert len(read.desk.words()) == 10
    answer = enrolment.read_answer(certify(land.province, request_of(fresh)), own(fresh))
    assert answer.province.desk.words() == own(land.province).words()
    assert answer.province.desk.words() != read.desk.words()


def test_any_other_key_gives_other_words(land: Country, fresh: Desk) -> None:
    from dataclasses import replace

    desk = own(fresh)
    for other in (
        replace(desk, verify_key=bytes(32)),
        replace(desk, recipient=own(land.a).recipient),
        replace(desk, unit=UNIT_B),
        replace(desk, profile="province"),
    ):
        assert other.words() != desk.words()
    assert replace(desk, label="Another").words() == desk.words()


def test_after_enrolment_both_sides_have_each_other(land: Country, fresh: Desk) -> None:
    enrol(land.province, fresh)
    with fresh.store.read() as cursor:
        assert links.peers(cursor) == ["p"]
    with land.province.store.read() as cursor:
        assert set(links.peers(cursor)) == {"a", "b", "new"}
    fresh.open_case()
    assert fresh.send(land.province).outcome == "applied"


def test_officers_and_roles_travel_in_the_certificate(land: Country, fresh: Desk) -> None:
    officers = (Officer("o1", ("officer", "leader")), Officer("o2", ()))
    data = certify(land.province, request_of(fresh), officers=officers)
    answer = enrolment.read_answer(data, own(fresh))
    assert answer.certificate.officers == officers


def test_enrolling_twice_keeps_the_link_and_the_newer_certificate(
    land: Country, fresh: Desk
) -> None:
    enrol(land.province, fresh)
    fresh.open_case()
    fresh.send(land.province)
    enrol(land.province, fresh)
    assert fresh.send(land.province).number == 2
    (row,) = fresh.ask("SELECT certificate FROM device WHERE device = 'new'")
    assert Certificate.decode(bytes(row[0])).serial == 5


@pytest.mark.parametrize("size", [0, 1, 40, 500])
def test_a_cut_off_or_altered_request_is_refused(land: Country, fresh: Desk, size: int) -> None:
    request = request_of(fresh)
    with pytest.raises(EnrolmentRefused):
        enrolment.read_request(request[:size])
    with pytest.raises(EnrolmentRefused):
        enrolment.read_request(request.replace(b"Desk new", b"Desk xxx"))


def test_every_altered_byte_of_request_and_answer_is_refused(land: Country, fresh: Desk) -> None:
    request = request_of(fresh)
    answer = certify(land.province, request)
    me = own(fresh)
    for at in range(0, len(request), 7):
        with pytest.raises(EnrolmentRefused):
            enrolment.read_request(request[:at] + bytes([request[at] ^ 1]) + request[at + 1 :])
    for at in range(0, len(answer), 29):
        with pytest.raises(EnrolmentRefused):
            enrolment.read_answer(answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :], me)


def test_the_answer_for_another_desk_is_refused(land: Country, fresh: Desk) -> None:
    with pytest.raises(EnrolmentRefused):
        enrolment.read_answer(certify(land.province, request_of(fresh)), own(land.a))


def test_a_newer_request_is_refused_with_the_advice_to_update(fresh: Desk) -> None:
    members = json.loads(request_of(fresh))
    with pytest.raises(EnrolmentNewer):
        enrolment.read_request(dump_canonical({**members, "version": 2}))


def test_known_desks_never_change_their_keys(land: Country) -> None:
    twin = Desk(land.folder / "..", "a", "commune", UNIT_A)
    try:
        with pytest.raises(EnrolmentConflict):
            certify(land.province, request_of(twin))
    finally:
        twin.close()
        twin.path.unlink()


def test_a_revoked_desk_is_not_enrolled_again(land: Country) -> None:
    with land.province.store.work() as work:
        enrolment.revoke(work.cursor, "a", AT)
    with pytest.raises(EnrolmentConflict):
        certify(land.province, request_of(land.a))


def test_only_the_province_enrols(land: Country, fresh: Desk) -> None:
    with pytest.raises(OnlyProvince):
        certify(land.a, request_of(fresh))


def test_a_second_province_does_not_slip_in(land: Country, tmp_path: Path) -> None:
    other = Desk(tmp_path, "q", "province", PROVINCE)
    try:
        with other.store.work() as work:
            request = enrolment.read_request(request_of(land.a))
            data = enrolment.certify(work.cursor, "q", request, AT)
        answer = enrolment.read_answer(data, own(land.a))
        with pytest.raises(EnrolmentConflict), land.a.store.work() as work:
            enrolment.install(work.cursor, "a", answer)
    finally:
        other.close()


def test_another_unit_brings_the_cases_of_that_unit(land: Country) -> None:
    case = land.b.open_case()
    land.b.send(land.province)
    land.a.send(land.province)
    land.province.send(land.a)
    land.a.send(land.province)
    with land.a.store.work() as work:
        work.cursor.execute("UPDATE device SET unit = ? WHERE device = 'a'", (UNIT_B,))
    land.a.unit = UNIT_B
    enrol(land.province, land.a)
    assert land.province.send(land.a).new_cases == (case,)


def test_a_vault_without_keys_says_so(land: Country) -> None:
    with land.a.store.work() as work:
        work.cursor.execute("DELETE FROM secret")
    with pytest.raises(NotSetUp), land.a.store.read() as cursor:
        DeviceKeys.load(cursor, "a")
    with pytest.raises(NotSetUp):
        land.a.make(land.province)
