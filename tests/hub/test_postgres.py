"""Two hubs beside each other before one PostgreSQL."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from hub.hubs import ByHand, Process, certificate, exchange, make
from hub.postgres import binaries, cluster
from hub.test_uploads import begin, piece
from sync.desks import Country
from traffick_desk.hub import setup
from traffick_desk.hub.database import Database
from traffick_desk.hub.errors import AlreadyMade, HubNewer
from traffick_desk.hub.tables import metadata
from traffick_desk.sync.hub_client import HubClient

pytestmark = pytest.mark.skipif(
    binaries() is None,
    reason="NO POSTGRESQL HERE: hubs beside each other were not tested (apt-get install postgresql)",
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with cluster() as url:
        yield url


@pytest.fixture
def url(server: str) -> Iterator[str]:
    yield server
    database = Database(server, 1)
    with database.write() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.close()


@pytest.fixture(params=[setup.IN_DATABASE, setup.IN_FOLDER])
def place(request, url: str, tmp_path: Path, land: Country) -> setup.Place:
    made = setup.Place(tmp_path / "hub", url)
    make(made, land, request.param)
    return made


@pytest.fixture
def two(place: setup.Place) -> Iterator[tuple[Process, Process]]:
    one, other = Process(place), Process(place)
    yield one, other
    for process in (one, other):
        process.stop()
    assert not [line for line in one.lines + other.lines if line["level"] == "error"]


def test_what_one_takes_the_other_hands_out(two, land: Country) -> None:
    one, other = two
    case = land.a.open_case()
    exchange(land.a, one.address)
    assert exchange(land.province, other.address).taken[0].new_cases == (case,)
    assert exchange(land.a, other.address).taken[0].receipts == 1
    assert exchange(land.a, one.address).taken == ()


def test_an_upload_begun_at_one_goes_on_at_the_other(two, land: Country, tmp_path) -> None:
    one, other = two
    data = os.urandom(300_000)
    a = ByHand(one.address, land.a).known()
    place = begin(a, data).headers["location"]
    piece(a, place, 0, data[:100_000])
    a.http.close()
    client = HubClient(other.address, land.a.keys, certificate(land.a))
    client.put(data, "p")
    # Its first piece was not sent again.
    assert client.sent_bytes == 200_000
    client.close()
    province = HubClient(one.address, land.province.keys, certificate(land.province))
    (item,) = province.waiting()
    assert province.get(item, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == data
    province.close()


def test_a_request_heard_by_one_is_not_good_at_the_other(two, land: Country) -> None:
    hands = [ByHand(process.address, land.a) for process in two]
    hands[0].known()
    call = hands[0].call("GET", "/v1/inbox")
    signature = call.sign(land.a.keys.signing)
    found: list[int] = []

    def send(hand: ByHand) -> None:
        # The host is part of what is signed: the same name is kept, as behind one proxy.
        found.append(hand.send(call, signature, host=call.host).status_code)

    threads = [threading.Thread(target=send, args=(hands[n % 2],)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, *[401] * 15]
    for hand in hands:
        hand.http.close()


def test_one_is_killed_and_the_other_goes_on(place: setup.Place, land: Country) -> None:
    one, other = Process(place), Process(place)
    case = land.a.open_case()
    one.kill()
    exchange(land.a, other.address)
    assert exchange(land.province, other.address).taken[0].new_cases == (case,)
    other.stop()


def test_tables_are_those_of_the_program_and_never_older(url: str, tmp_path, land: Country) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    for address in (url, f"sqlite:///{tmp_path / 'x.db'}"):
        database = Database(address, 3)
        # Several hubs start at the same moment.
        threads = [threading.Thread(target=database.bring_up) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert database.is_up()
        with database.write() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
            assert set(inspect(connection).get_table_names()) == {
                *metadata.tables,
                "alembic_version",
            }
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(HubNewer):
            database.bring_up()
        database.close()


def test_a_hub_is_made_once(place: setup.Place, land: Country) -> None:
    from traffick_desk.sync import enrolment

    with land.province.store.read() as cursor:
        root = setup.province_of(enrolment.root_file(cursor, "p"))
    with pytest.raises(AlreadyMade):
        setup.make(place, root)
