"""A line that is cut again and again still carries 5 MB, both ways, and little twice."""

from __future__ import annotations

import os

import pytest

from hub.hubs import Running, certificate
from hub.lines import BadLine
from sync.desks import Country
from traffick_desk.sync.hub_client import HubClient
from traffick_desk.sync.hub_errors import HubUnreachable

SIZE = 5_000_000


@pytest.mark.parametrize("cut_after", [pytest.param(60_000, marks=pytest.mark.slow), 400_000])
def test_five_megabytes_arrive_over_a_line_that_is_cut(
    hub: Running, land: Country, tmp_path, cut_after: int, record_property
) -> None:
    data = os.urandom(SIZE)
    line = BadLine(int(hub.address.rsplit(":", 1)[1]), cut_after)
    pauses: list[float] = []
    sender = HubClient(
        line.address, land.a.keys, certificate(land.a), pause=pauses.append, patience=30
    )
    receiver = HubClient(
        line.address,
        land.province.keys,
        certificate(land.province),
        pause=pauses.append,
        patience=30,
    )
    try:
        sender.put(data, "p")
        up, cuts = line.carried, line.cuts
        sender.close()
        (item,) = receiver.waiting()
        assert receiver.get(item, tmp_path / "part")
        receiver.done(item.id)
    finally:
        sender.close()
        receiver.close()
        line.close()
    assert (tmp_path / "part").read_bytes() == data
    assert cuts >= 5
    assert line.cuts > cuts
    # Each cut costs at most one piece, and pieces grow small on a bad line.
    record_property("sent_twice", (up - SIZE) / SIZE)
    print(
        f"cut after {cut_after}: {cuts} cuts, {up / SIZE - 1:.0%} sent twice, {len(pauses)} waits"
    )
    assert up < 1.6 * SIZE


def test_a_line_that_gives_nothing_ends_the_try_in_words(hub: Running, land: Country) -> None:
    pauses: list[float] = []
    client = HubClient("http://127.0.0.1:9", land.a.keys, certificate(land.a), pause=pauses.append)
    with pytest.raises(HubUnreachable) as told:
        client.waiting()
    client.close()
    assert "data is safe" in str(told.value)
    assert len(pauses) == 6
    # Ever longer, never twice the same, never beyond a minute.
    assert pauses[-1] > 4 * pauses[0]
    assert len(set(pauses)) == 6
    assert max(pauses) <= 60


def test_who_waits_for_the_network_is_let_go_at_once(land: Country) -> None:
    import contextlib
    import socket
    import time

    class Locked(Exception):
        pass

    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        heard: list[socket.socket] = []
        begun = 0.0

        def alive() -> None:
            nonlocal begun
            with contextlib.suppress(BlockingIOError):
                heard.append(silent.accept()[0])
                begun = time.monotonic()
            if heard:
                raise Locked

        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = HubClient(address, land.a.keys, certificate(land.a), alive=alive)
        with pytest.raises(Locked):
            client.meet()
        assert time.monotonic() - begun < 2
        # What is under way is cut off: nobody is left behind.
        heard[0].close()
        client.close()
