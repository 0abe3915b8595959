"""Over the hub in the windows of a commune and its province: nobody is asked anything."""

from __future__ import annotations

import pytest

from desk.pages2 import world
from hub.hubs import Running, serving
from traffick_desk.desk import hub_line
from traffick_desk.desk.pages import sync_words
from traffick_desk.hub import setup
from traffick_desk.services import exchange
from traffick_desk.services.exchange import LinkView
from traffick_desk.services.hub import SetHub
from traffick_desk.services.hub import exchange as exchange_by_hub
from traffick_desk.services.queries import ListCases


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def desks(vault, stick):
    commune, province = world.unlock(vault("worked")), world.unlock(vault("province"))
    world.link(commune, province, stick)
    yield commune, province
    for desk in (commune, province):
        desk.close()


@pytest.fixture
def hub(desks, stick, tmp_path):
    path, _words = exchange.write_root(desks[1], stick)
    place = setup.Place(tmp_path / "hub")
    setup.make(place, setup.province_of(path.read_bytes()))
    with setup.opened(place) as made, serving(made) as address:
        yield Running(address, made)


def idle(shown):
    line = shown.window.host.line
    shown.qtbot.waitUntil(lambda: not line.busy and line.view is not None, timeout=30_000)
    shown.settle()


def test_an_address_is_kept_and_the_rest_goes_by_itself(show, desks, hub, qtbot):
    commune, province = show(desks[0]), show(desks[1])
    page = commune.go("sync")
    line = commune.window.host.line
    line.begin()
    idle(commune)
    assert (
        commune.find("hub_said").text() == "No hub is set up; sticks and folders carry everything."
    )
    assert not page.hub.now_button.isVisible()
    page.hub.edit_button.click()
    page.hub.address.setText("hub")
    page.hub.save_button.click()
    commune.settle()
    assert any("https://" in text for text in commune.messages())
    page.hub.address.setText(hub.address)
    page.hub.save_button.click()
    # From here on nobody presses anything.
    qtbot.waitUntil(lambda: line.view is not None and bool(line.view.met_at), timeout=30_000)
    idle(commune)
    assert commune.find("hub_said").text() == "Last sent and fetched on 21/11/2026 21:00."
    assert not page.hub.form.isVisible()
    assert line.waits_s > 100

    desks[1].do(SetHub(hub.address))
    other = province.window.host.line
    other.begin()
    qtbot.waitUntil(lambda: other.view is not None and bool(other.view.met_at), timeout=30_000)
    idle(province)
    assert len(desks[1].ask(ListCases())) == 9
    # Sent, and not confirmed yet: both pages say so.
    shown = [text for _icon, _tone, text in sync_words.state(page._links[0])]
    assert any("sent to the hub (21/11/2026 21:00)" in text for text in shown)
    page.hub.now_button.click()
    qtbot.waitUntil(lambda: line.busy)
    idle(commune)
    commune.settle()
    page = commune.go("sync")
    assert "has received everything" in sync_words.state(page._links[0])[0][2]


def test_while_the_hub_is_away_the_desk_works_on_and_waits_longer(show, desks, monkeypatch, qtbot):
    from traffick_desk.sync import hub_talk

    monkeypatch.setattr(hub_talk, "LONGEST_PAUSE", 0.01)
    desks[0].do(SetHub("http://127.0.0.1:9"))
    commune = show(desks[0])
    page = commune.go("sync")
    line = commune.window.host.line
    line.begin()
    qtbot.waitUntil(lambda: line.view is not None, timeout=20_000)
    waits = []
    for _ in range(3):
        line.go()
        qtbot.waitUntil(lambda: not line.busy and line.problem is not None, timeout=20_000)
        qtbot.waitUntil(lambda: line.waits_s > 1, timeout=20_000)
        waits.append(line.waits_s)
    assert waits[0] < waits[1] < waits[2] <= hub_line.LONGEST_RETRY_S
    # No message is thrown at the officer; the page says it to who looks.
    assert commune.messages() == []
    assert commune.find("hub_said").text() == "The hub cannot be reached now."
    assert "1 file waits on this PC" not in page.hub.more.text()
    assert "data is safe" in page.hub.more.text()


def test_locking_waits_for_no_network(show, desks, qtbot):
    import contextlib
    import socket
    import time

    with socket.create_server(("127.0.0.1", 0)) as silent:
        desks[0].do(SetHub(f"http://127.0.0.1:{silent.getsockname()[1]}"))
        commune = show(desks[0])
        line = commune.window.host.line
        line.begin()
        qtbot.waitUntil(lambda: line.view is not None, timeout=20_000)
        line.go()
        # It has called, and nobody answers.
        silent.setblocking(False)
        heard = []

        def called() -> bool:
            with contextlib.suppress(BlockingIOError):
                heard.append(silent.accept()[0])
            return bool(heard)

        qtbot.waitUntil(called, timeout=20_000)
        assert line.busy
        assert commune.window.host.jobs.running == 0
        begun = time.monotonic()
        commune.window.shut()
        assert time.monotonic() - begun < 2
        assert desks[0].closed
        for connection in heard:
            connection.close()


@pytest.mark.usefixtures("english")
def test_a_case_says_when_the_hub_had_it(desks, hub):
    from traffick_desk.desk.pages.case_head import CaseHead
    from traffick_desk.services import hub as hubs
    from traffick_desk.services.queries import OpenCase

    commune, province = desks
    case = commune.ask(ListCases())[0].case_id
    assert CaseHead._carried(commune.ask(OpenCase(case))) == "not sent yet"
    hubs.exchange(commune, address=hub.address)
    assert CaseHead._carried(commune.ask(OpenCase(case))) == "sent to the hub on 21/11/2026 21:00"
    hubs.exchange(province, address=hub.address)
    hubs.exchange(commune)
    told = CaseHead._carried(commune.ask(OpenCase(case)))
    assert told == "received by the province on 21/11/2026"


@pytest.mark.usefixtures("english")
def test_words_of_a_link_that_was_sent_over_the_hub():
    given = LinkView("d", "PC 1", "2025/20", 0, 2, "", "", 0, hub_at="2026-11-21T21:00+07:00")
    assert "2 changes were sent to the hub (21/11/2026 21:00)" in sync_words.state(given)[0][2]


def test_new_keys_are_asked_for_with_one_button_and_come_by_themselves(show, desks, hub, qtbot):
    from traffick_desk.services.new_keys import NewKeysWait
    from traffick_desk.sync.keys import DeviceKeys

    def key() -> bytes:
        with desks[0].context.store.read() as cursor:
            return DeviceKeys.load(cursor, desks[0].info.device).signing.verify_key.raw

    for desk in desks:
        desk.do(SetHub(hub.address))
    before = key()
    commune = show(desks[0], None, True)
    page = commune.go("sync")
    commune.settle()
    assert page.keys.isVisible()
    assert not page.keys.wait.isVisible()
    page.keys.renew.click()
    commune.settle()
    assert not desks[0].ask(NewKeysWait())
    page.keys.renew.click()
    commune.settle()
    assert page.keys.wait.isVisible()
    assert not page.keys.renew.isVisible()
    for desk in (desks[0], desks[1], desks[0]):
        exchange_by_hub(desk)
    assert key() != before
    page.refresh(frozenset({"links"}))
    commune.settle()
    assert page.keys.renew.isVisible()
    assert not page.keys.wait.isVisible()
