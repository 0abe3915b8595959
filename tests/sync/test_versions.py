"""Programs of different versions talk by bundles: what one does not know it keeps and passes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import uuid6

from sync.desks import UNIT_A, Country
from templates import raw_key
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.spine import Registry
from traffick_desk.store.store import Store


def older() -> Registry:
    """The vocabulary of a program that knows neither tips nor how far a person went to school."""
    person = REGISTRY["person"]
    known = replace(person, fields=tuple(f for f in person.fields if f.name != "education"))
    return Registry(tuple(known if t is person else t for t in REGISTRY if t.name != "tip"))


def opened(path: Path, registry: Registry, device: str) -> Store:
    store = Store(path, raw_key, registry, device)
    store.open()
    return store


def test_an_old_province_passes_on_what_it_does_not_know_and_shows_it_after_its_update(
    land: Country,
) -> None:
    second = land.add("a2", UNIT_A)
    province = land.province
    province.store.close()
    province.store = opened(province.path, older(), "p")
    case, person, tip = land.a.open_case(), str(uuid6.uuid7()), str(uuid6.uuid7())
    land.a.edit("person", person, case, case=case, name="Lò Thị Mỷ", education="primary")
    land.a.edit("tip", tip, case, case=case, about="Xe khách", urgency="now")
    report = land.a.send(province)
    assert (report.outcome, report.new_cases) == ("applied", (case,))
    assert province.value("person", person, "name") == "Lò Thị Mỷ"
    # It writes beside what it does not see, and passes all of it on.
    province.edit("person", person, case, name="Lò Thị Mỷ B")
    province.send(second)
    assert second.value("person", person, "education") == "primary"
    assert second.value("person", person, "name") == "Lò Thị Mỷ B"
    assert second.value("tip", tip, "about") == "Xe khách"
    province.store.close()
    province.store = opened(province.path, REGISTRY, "p")
    assert province.value("person", person, "education") == "primary"
    assert province.value("tip", tip, "about") == "Xe khách"


def test_an_old_program_voids_and_what_was_written_meanwhile_is_not_lost(land: Country) -> None:
    """A voiding of an old program does not say what it had seen; the entry stays readable."""
    case, person = land.a.open_case(), str(uuid6.uuid7())
    land.a.edit("person", person, case, case=case, name="Lò Thị Mỷ")
    land.a.send(land.province)
    land.province.store.close()
    land.province.store = opened(land.province.path, older(), "p")
    land.a.edit("person", person, case, education="primary")
    land.province.edit("person", person, case, **{"!void": "trùng"})
    land.province.send(land.a)
    assert land.a.value("person", person, "voided") == "trùng"
    assert land.a.value("person", person, "education") == "primary"
    # This one is of a program that says what it saw: what came meanwhile was not among it.
    assert "!late" in str(land.a.value("person", person, "rivals"))


def test_a_desk_that_was_silent_for_two_years_catches_up(land: Country) -> None:
    """A hundred weekly exports of each side are lost; one of each heals it all."""
    mine = [land.a.open_case(f"Người {n}") for n in range(3)]
    land.a.send(land.province)
    land.province.send(land.a)
    lost = []
    for week in range(100):
        land.a.edit("case", mine[week % 3], mine[week % 3], officer=f"tuần {week}")
        land.province.edit("case", mine[week % 3], mine[week % 3], return_form="rescued")
        if week % 4 == 0:
            lost.append(land.a.bundle(land.province))
            lost.append(land.province.bundle(land.a))
    assert land.a.send(land.province).outcome == "applied"
    assert land.province.send(land.a).outcome == "applied"
    for case in mine:
        assert land.a.value("case", case, "officer") == land.province.value("case", case, "officer")
    # What turns up again after two years is old news.
    before = land.province.dump()["r_case"], land.a.dump()["r_case"]
    for number, data in enumerate(lost):
        desk = land.province if number % 2 == 0 else land.a
        assert desk.take(data).outcome in ("already", "applied")
    assert (land.province.dump()["r_case"], land.a.dump()["r_case"]) == before
