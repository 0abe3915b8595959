"""A tip travels between the commune that took it and the province, and to nobody else."""

from __future__ import annotations

import uuid6

from sync.desks import Country, Desk

SECRET = "Vàng A Páo"


def take(desk: Desk) -> tuple[str, str]:
    """A tip as ``NewTip`` writes it."""
    case, tip = str(uuid6.uuid7()), str(uuid6.uuid7())
    frame = {"file_no": "TBA-0001/2026", "unit": desk.unit, "opened_on": "2026-03-02"}
    desk.edit("case", case, case, stage="tip", **frame)
    told = {"at": "2026-03-02T08:00+07:00", "channel": "phone", "urgency": "now"}
    desk.edit("tip", tip, case, case=case, about="Xe khách", teller=SECRET, outcome="open", **told)
    return case, tip


def knows(desk: Desk) -> bool:
    return SECRET in str(desk.dump()) or any(
        SECRET.encode() in bytes(body) for (body,) in desk.ask("SELECT body FROM journal")
    )


def everywhere(land: Country) -> None:
    """Two rounds of bundles between the province and all communes."""
    for _round in range(2):
        for commune in (land.a, land.b):
            commune.send(land.province)
            land.province.send(commune)


def test_no_other_commune_learns_of_a_tip_and_the_answer_comes_back(land: Country) -> None:
    case, tip = take(land.a)
    land.b.open_case()
    everywhere(land)
    assert knows(land.province)
    assert not knows(land.b)
    assert land.b.value("case", case, "stage") is None
    land.province.edit("tip", tip, case, forwarded_to="police", answer="Đã xác minh")
    everywhere(land)
    assert land.a.value("tip", tip, "answer") == "Đã xác minh"
    assert not knows(land.b)


def test_a_tip_of_the_province_stays_there(land: Country) -> None:
    take(land.province)
    everywhere(land)
    assert not knows(land.a)
    assert not knows(land.b)


def test_a_tip_joined_to_a_case_of_another_commune_does_not_go_there(land: Country) -> None:
    case, tip = take(land.a)
    girl = land.b.open_case()
    everywhere(land)
    land.province.edit("tip", tip, case, outcome="joined", joined=girl)
    everywhere(land)
    assert land.a.value("tip", tip, "joined") == girl
    assert girl not in land.a.cases()
    assert not knows(land.b)


def test_when_the_case_of_a_tip_moves_to_another_commune_who_told_stays_behind(
    land: Country,
) -> None:
    case, tip = take(land.a)
    girl = land.a.open_case("Lò Thị Mỷ")
    land.a.edit("tip", tip, case, outcome="case", joined=girl)
    everywhere(land)
    land.province.edit("case", girl, girl, unit=land.b.unit)
    everywhere(land)
    assert girl in land.b.cases()
    assert case not in land.b.cases()
    assert not knows(land.b)
