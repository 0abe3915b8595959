"""The hub follows the letter of a province's new PC."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sync.desks import AT, PROVINCE, Country, Desk
from sync.test_succession import NEW, OLD, Land
from traffick_desk.hub import setup
from traffick_desk.hub.errors import NotAProvince
from traffick_desk.hub.tables import desk, revoked, root
from traffick_desk.sync import enrolment, succession
from traffick_desk.sync.certificate import Certificate


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
