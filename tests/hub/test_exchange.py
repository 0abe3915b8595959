"""A commune and its province speak over the hub with what the program ships."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from hub.hubs import Running, certificate
from sync.desks import Country
from traffick_desk.hub import setup
from traffick_desk.hub.tables import chunk
from traffick_desk.sync import enrolment, hub_state, links
from traffick_desk.sync import hub_wire as wire
from traffick_desk.sync.hub_client import HubClient
from traffick_desk.sync.hub_errors import (
    HubAddressRefused,
    HubNoReceiver,
    HubShutOut,
    HubUnknownDesk,
)
from traffick_desk.sync.hub_talk import check_address


def view(land: Country) -> links.LinkView:
    with land.a.store.read() as cursor:
        return links.views(cursor, "a")[0]


def test_a_case_reaches_the_province_and_its_receipt_comes_back(
    hub: Running, land: Country
) -> None:
    case = land.a.open_case()
    report = hub.round(land.a)
    assert [r.receiver for r in report.sent] == ["p"]
    assert (view(land).unsent, view(land).received_on) == (0, "")
    taken = hub.round(land.province).taken
    assert [(r.outcome, r.new_cases) for r in taken] == [("applied", (case,))]
    # The province's receipt went out in the same round.
    (receipt,) = hub.round(land.a).taken
    assert (receipt.outcome, receipt.receipts) == ("applied", 1)
    assert (view(land).carried, bool(view(land).received_on)) == (0, True)
    # Everything has come to rest: nobody confirms confirmations.
    for desk in (land.province, land.a, land.province, land.a):
        assert hub.round(desk) == type(report)()
    assert hub.hub.mailbox.counts().keys() == {"taken"}
    assert not list((land.a.path.with_suffix(".hub") / "TD-BUNDLES").iterdir())


def test_both_ways_and_three_desks(hub: Running, land: Country) -> None:
    one, two = land.a.open_case("Lò Thị Mai"), land.b.open_case("Vàng Thị Dợ")
    for desk in (land.a, land.b, land.province, land.a, land.b):
        hub.round(desk)
    assert land.province.cases() == {one, two}
    land.province.edit("case", one, one, stage="support")
    for desk in (land.province, land.a, land.b):
        hub.round(desk)
    assert land.a.value("case", one, "stage") == "support"
    assert land.b.cases() == {two}


def test_what_was_replaced_is_taken_back_and_room_is_given_free(
    hub: Running, land: Country
) -> None:
    for _ in range(4):
        land.a.open_case()
        hub.round(land.a)
    assert hub.hub.mailbox.counts()["waiting"][0] == 1
    (taken,) = hub.round(land.province).taken
    assert len(taken.new_cases) == 4


def test_a_hub_that_lost_everything_is_given_it_again(hub: Running, land: Country) -> None:
    case = land.a.open_case()
    hub.round(land.a)
    from traffick_desk.hub.tables import bundle

    with hub.hub.database.write() as connection:
        connection.execute(bundle.delete())
    assert hub.round(land.province).taken == ()
    (again,) = hub.round(land.a).sent
    assert again.receiver == "p"
    assert hub.round(land.province).taken[0].new_cases == (case,)


def test_bytes_that_the_hub_lost_or_changed_are_never_taken_in(
    hub: Running, land: Country, place, monkeypatch
) -> None:
    # In pieces, so that they lie in a file.
    monkeypatch.setattr(wire, "MAX_WHOLE", 0)
    case = land.a.open_case()
    hub.round(land.a)
    (path,) = place.bundle_folder.rglob("*.age")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    before = land.province.dump()["journal"]
    assert hub.round(land.province).taken == ()
    assert land.province.dump()["journal"] == before
    path.unlink()
    assert hub.round(land.province).taken == ()
    path.write_bytes(whole)
    assert hub.round(land.province).taken[0].new_cases == (case,)


def test_the_same_of_what_came_whole(hub: Running, land: Country, place) -> None:
    case = land.a.open_case()
    hub.round(land.a)
    assert not [path for path in place.bundle_folder.rglob("*") if path.is_file()]
    database = hub.hub.database

    def put(data: bytes) -> None:
        with database.write() as connection:
            assert connection.execute(update(chunk).values(data=data)).rowcount == 1

    with database.read() as connection:
        whole = bytes(connection.execute(select(chunk.c.data)).scalar_one())
    put(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert hub.round(land.province).taken == ()
    put(b"")
    assert hub.round(land.province).taken == ()
    put(whole)
    assert hub.round(land.province).taken[0].new_cases == (case,)
    with database.read() as connection:
        assert whole not in [bytes(d) for d in connection.execute(select(chunk.c.data)).scalars()]


def test_a_file_refused_is_not_fetched_again_and_others_go_on(hub: Running, land: Country) -> None:
    client = hub.client(land.a)
    client.put(b"not a bundle at all", "p")
    case = land.a.open_case()
    hub.round(land.a)
    first = hub.round(land.province).taken
    assert sorted(r.outcome for r in first) == ["applied", "refused"]
    assert first[0].new_cases == (case,) or first[1].new_cases == (case,)
    assert hub.round(land.province).taken == ()
    assert [r.outcome for r in hub.round(land.province, again=True).taken] == ["refused"]
    client.close()


def test_a_withdrawn_desk_is_refused_as_soon_as_the_province_says_so(
    hub: Running, land: Country
) -> None:
    land.a.open_case()
    hub.round(land.a)
    hub.round(land.b)
    with land.province.store.work() as work:
        enrolment.revoke(work.cursor, "a", "2026-03-02")
    hub.round(land.province)
    with pytest.raises(HubShutOut):
        hub.round(land.a)
    hub.round(land.b)
    # Its former bundle still waits at the hub; the province does not take it in.
    assert land.province.cases() == set()


def test_a_desk_of_another_province_is_not_known(hub: Running, land: Country, tmp_path) -> None:
    (tmp_path / "other").mkdir()
    other = Country(tmp_path / "other")
    try:
        for desk in (other.province, other.b):
            with pytest.raises(HubUnknownDesk):
                hub.round(desk)
    finally:
        other.close()
    with hub.hub.database.read() as connection:
        from traffick_desk.hub.tables import desk as table

        assert [row.device for row in connection.execute(table.select())] == ["p"]


def test_communes_do_not_send_to_each_other(hub: Running, land: Country) -> None:
    hub.round(land.b)
    hub.round(land.a)
    client: HubClient = hub.client(land.a)
    with pytest.raises(HubNoReceiver):
        client.put(b"x" * 100, "b")
    client.close()


def test_a_commune_that_never_called_is_made_known_by_its_province(
    hub: Running, land: Country
) -> None:
    case = land.province.open_case(unit=land.a.unit)
    assert [sent.receiver for sent in hub.round(land.province).sent] == ["a"]
    assert hub.round(land.a).taken[0].new_cases == (case,)


def test_a_commune_cannot_make_another_known(hub: Running, land: Country) -> None:
    a = hub.by_hand(land.a).known()
    p = hub.by_hand(land.province).known()
    for hand, proof in ((a, land.b), (a, land.a), (p, land.province)):
        reply = hand.ask("PUT", "/v1/desks", certificate(proof))
        # Its own is nothing new; another's only from who signed it.
        assert reply.status_code == (204 if hand is p else 403)
    assert p.ask("PUT", "/v1/desks", b"{}").json() == {"code": "certificate"}


def test_a_receiver_that_the_hub_refuses_keeps_nobody_waiting(hub: Running, land: Country) -> None:
    hub.round(land.a)
    hub.round(land.b)
    setup.shut_out(hub.hub, "a")
    land.province.open_case(unit=land.a.unit)
    case = land.province.open_case(unit=land.b.unit)
    for _ in range(3):
        hub.round(land.province)
    assert hub.round(land.b).taken[0].new_cases == (case,)
    with land.province.store.read() as cursor:
        assert [o.peer for o in hub_state.outs(cursor) if not o.sent_at] == ["a"]


def test_a_restored_copy_sends_nothing_of_its_former_device(hub: Running, land: Country) -> None:
    land.a.open_case()
    hub.round(land.a)
    with land.a.store.work() as work:
        assert hub_state.outs(work.cursor)
        enrolment.register_own_device(
            work.cursor, "a2", "commune", land.a.unit, "x", "2026-03-02T09:00+07:00"
        )
        assert not hub_state.outs(work.cursor)


@pytest.mark.parametrize(
    "address",
    ["", "hub", "http://hub.gov.vn", "ftp://hub", "https://", "https://a b", "https://u:p@hub",
     "https://hub/?x=1", "https://hub/#x", "https://hub:99999", "https://hub/../x y", "https://[::1"],
)  # fmt: skip
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(HubAddressRefused):
        check_address(address)


def test_addresses() -> None:
    assert check_address(" https://hub.langson.gov.vn/ ") == "https://hub.langson.gov.vn"
    assert check_address("https://hub.gov.vn:8443/td") == "https://hub.gov.vn:8443/td"
    assert check_address("http://127.0.0.1:8470") == "http://127.0.0.1:8470"
