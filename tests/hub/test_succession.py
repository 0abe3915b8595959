"""The hub follows the letter of a province's new PC."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import select, update

from hub.hubs import Running, running
from sync.desks import AT, PROVINCE, Country, Desk
from sync.test_succession import NEW, OLD, THIRD, Land
from traffick_desk.hub import access, setup, trusted
from traffick_desk.hub.errors import NotAProvince
from traffick_desk.hub.tables import desk, revoked, root
from traffick_desk.sync import enrolment, links, succession
from traffick_desk.sync import hub_wire as wire
from traffick_desk.sync.certificate import Certificate
from traffick_desk.sync.hub_errors import HubShutOut, HubUnknownDesk
from traffick_desk.sync.succession import Letter


@pytest.fixture
def country(tmp_path):
    folder = tmp_path / "desks"
    folder.mkdir()
    made = Land(folder)
    yield made
    made.close()


def certificate(of: Desk) -> Certificate:
    with of.store.read() as cursor:
        return Certificate.decode(enrolment.own_certificate(cursor, of.device))


def letter(country: Land) -> bytes:
    new = country.restored(country.backup())
    with new.store.work() as work:
        return succession.take_over(work.cursor, NEW, country.secret(), AT).encode()


def test_the_desks_go_on_under_the_new_pc_and_the_old_one_is_refused(country, tmp_path) -> None:
    place = setup.Place(tmp_path / "hub")
    setup.make(place, certificate(country.province))
    data = letter(country)
    with setup.opened(place, connections=2) as hub:
        assert setup.add_desk(hub, certificate(country.a))
        assert setup.succeed(hub, data) == "Mới"
        assert setup.succeed(hub, data) == "Mới", "again is no harm"
        with hub.database.read() as connection:
            roots = dict(connection.execute(select(desk.c.device, desk.c.root)).all())
            assert roots["a"] == NEW
            assert NEW in roots
            assert connection.execute(select(revoked.c.device)).scalars().all() == [OLD]
            assert set(connection.execute(select(root.c.device)).scalars()) == {OLD, NEW}
        # A certificate of the old one counts no more, one of the new one does.
        assert not setup.add_desk(hub, certificate(country.b))
        new = next(d for d in country.desks if d.device == NEW)
        with new.store.read() as cursor:
            anew = Certificate.decode(enrolment.own_certificate(cursor, "b"))
        assert anew.issuer == NEW
        assert setup.add_desk(hub, anew)


def test_a_letter_of_a_stranger_is_refused(country, tmp_path, land: Country) -> None:
    place = setup.Place(tmp_path / "hub")
    setup.make(place, certificate(land.province))
    with setup.opened(place, connections=2) as hub, pytest.raises(NotAProvince):
        setup.succeed(hub, letter(country))
    assert land.province.unit == PROVINCE


@pytest.fixture
def hub(country: Land, tmp_path):
    """A hub that trusts the old PC."""
    with running(setup.Place(tmp_path / "hub"), country) as one:
        yield one


def test_a_commune_that_has_the_hub_alone_follows_the_new_pc(country: Land, hub: Running) -> None:
    one = country.a.open_case()
    hub.round(country.a)
    hub.round(country.province)
    new = country.restored(country.backup())
    with new.store.work() as work:
        succession.take_over(work.cursor, NEW, country.secret(), AT)
    lost = country.a.open_case()
    hub.round(country.a)
    # The new PC shows its letter; until then the hub knows nothing of it.
    hub.round(new)
    report = hub.round(country.a)
    assert [r.code for r in report.taken if r.code] == ["succession"]
    assert "new PC" in report.taken[0].message
    assert [sent.receiver for sent in report.sent] == [NEW]
    hub.round(new)
    assert new.cases() >= {one, lost}
    # And back: what the new one decides reaches the commune; nothing is followed twice.
    new.edit("case", one, one, stage="support")
    hub.round(new)
    assert [r.code for r in hub.round(country.a).taken] == [""]
    assert country.a.value("case", one, "stage") == "support"
    with pytest.raises(HubShutOut):
        hub.round(country.province)


def test_one_that_never_called_before_follows_too_and_is_made_known(
    country: Land, hub: Running
) -> None:
    new = country.restored(country.backup())
    with new.store.work() as work:
        succession.take_over(work.cursor, NEW, country.secret(), AT)
    case = country.b.open_case()
    client = hub.client(new)
    with new.store.read() as cursor:
        assert client.hand_letters(succession.letters(cursor))
    client.close()
    # What the old PC signed does not let it in any more, but it hears why.
    with pytest.raises(HubUnknownDesk):
        hub.round(country.b)
    with country.b.store.read() as cursor:
        assert links.peers(cursor) == [NEW]
    new.open_case(unit=country.b.unit)
    assert {sent.receiver for sent in hub.round(new).sent} >= {"b"}
    hub.round(country.b)
    hub.round(new)
    assert case in new.cases()


def test_letters_that_the_hub_does_not_follow(country: Land, hub: Running) -> None:
    new = country.restored(country.backup())
    hand = hub.by_hand(new)
    with new.store.work() as work:
        real = succession.take_over(work.cursor, NEW, country.secret(), AT)
    # Signed with the lost PC's own key by whoever found it, after the first letter: too late.
    other = country.restored(country.backup("second"), THIRD)
    with other.store.work() as work:
        later = succession.take_over(work.cursor, THIRD, country.secret(), AT)

    def put(hand, *letters: bytes) -> int:
        return hand.ask("PUT", "/v1/letters", wire.encode_letters(letters)).status_code

    assert hand.ask("PUT", "/v1/letters", b"{}").json() == {"code": "letter"}
    assert put(hand, later.encode()) == 403, "of another desk than the caller"
    forged = dataclasses.replace(real, made_at="2027-01-01T00:00+07:00")
    assert put(hand, forged.encode()) == 403
    assert hub.by_hand(new).http.get(f"/v1/letters/{OLD}").status_code == 404
    assert put(hand, real.encode()) == 200
    assert put(hand, real.encode()) == 200, "again is no harm"
    assert put(hub.by_hand(other), later.encode()) == 403
    given = hand.http.get(f"/v1/letters/{OLD}")
    assert wire.decode_letters(given.content) == (real.encode(),)


def test_a_hub_that_lies_about_the_province_moves_nobody(
    country: Land, hub: Running, monkeypatch
) -> None:
    strange = country.empty(THIRD)
    with strange.store.read() as cursor:
        root = Certificate.decode(enrolment.own_certificate(cursor, THIRD))
    key = strange.keys.signing
    made = Certificate.sign(root.desk, 9, AT, OLD, (), key)
    lie = Letter.sign(OLD, AT, made, root, key)
    hub.round(country.a)
    with hub.hub.database.write() as connection:
        trusted.trust(connection, root)
        connection.execute(update(desk).where(desk.c.device == "a").values(root=THIRD))
    monkeypatch.setattr(access, "letters_from", lambda *_a: [lie.encode()])
    report = hub.round(country.a)
    assert [(r.outcome, r.code) for r in report.taken] == [("refused", "succession-signature")]
    with country.a.store.read() as cursor:
        assert links.peers(cursor) == [OLD]
