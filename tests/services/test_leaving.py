"""A leaving officer's cases go to the next one: both confirm, and everything goes along."""

from __future__ import annotations

from typing import Any

import pytest

from traffick_desk.services import officers, vaults
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.leaving import (
    HandOverSummary,
    NobodyToConfirm,
    NotConfirmed,
    hand_over,
)
from traffick_desk.services.need_to_know import AccessOf, RestrictCase
from traffick_desk.services.officers import NewOfficer
from traffick_desk.services.queries import OpenCase
from traffick_desk.store.journal import Edit

from .conftest import PASSWORD, take_in

OTHER = "một đàn cò trắng bay ngang"
MINE = "Nguyễn Thị Hương"


def prepared(desk: Desk) -> tuple[dict[str, str], str, str]:
    """Three open cases and a closed one, with tasks; who takes over; and an auditor."""
    ids = {n: case for n, (case, _p) in take_in(desk, "E2", "E3", "E9", "LS9").items()}
    tasks: list[Edit] = []
    for who in (MINE, "Công an xã"):
        values: dict[str, Any] = {"case": ids["E3"], "what": f"Gọi {who}", "due": "2026-11-10"}
        tasks.append(Edit("task", new_id(), {**values, "who": who}))
    desk.do(SaveRecords(tuple(tasks)))
    desk.do(RestrictCase(ids["E2"], ()))
    lan = officers.add(desk, PASSWORD, NewOfficer("Trần Thị Lan", "lan", OTHER, "officer"))
    ina = officers.add(desk, PASSWORD, NewOfficer("Lò Văn In", "ina", OTHER, "auditor"))
    return ids, lan, ina


def test_what_goes_along_is_shown_before(desk: Desk) -> None:
    ids, _lan, _ina = prepared(desk)
    found = desk.ask(HandOverSummary(MINE))
    assert {case.case_id for case in found.cases} == {ids["E2"], ids["E3"], ids["E9"]}
    assert found.tasks == 2
    assert found.clocks > 2
    assert found.late >= 2
    line = next(c for c in found.cases if c.case_id == ids["E3"])
    assert [t.due for t in line.tasks] == ["2026-11-10", "2026-11-10"]
    assert not desk.ask(HandOverSummary("Ai đó")).cases


def test_both_confirm_and_everything_goes_along(desk: Desk) -> None:
    ids, lan, _ina = prepared(desk)
    with pytest.raises(NotConfirmed, match="Trần Thị Lan"):
        hand_over(desk, MINE, lan, PASSWORD, "sai rồi")
    with pytest.raises(NotConfirmed, match=MINE):
        hand_over(desk, MINE, lan, OTHER, OTHER)
    assert desk.ask(OpenCase(ids["E3"])).row.officer == MINE
    given = hand_over(desk, MINE, lan, PASSWORD, OTHER)
    assert set(given) == {ids["E2"], ids["E3"], ids["E9"]}
    case = desk.ask(OpenCase(ids["E3"]))
    assert case.row.officer == "Trần Thị Lan"
    assert sorted(t.get("who") for t in case.of("task")) == ["Công an xã", "Trần Thị Lan"]
    (note,) = case.of("handover")
    assert (note.get("giver"), note.get("taker"), note.get("confirmed")) == (
        MINE, "Trần Thị Lan", "both",
    )  # fmt: skip
    assert desk.ask(OpenCase(ids["LS9"])).row.officer == MINE
    # The restricted one is the next officer's to see now; who left it needs a reason.
    path = desk.info.vault_path
    assert desk.ask(AccessOf(ids["E2"])).hidden
    desk.close()
    other = vaults.unlock(path, "lan", OTHER)
    try:
        assert other.ask(OpenCase(ids["E2"])).row.officer == "Trần Thị Lan"
        with other.context.store.read() as cursor:
            cursor.execute("SELECT count(*) FROM audit WHERE action = 'case.hand_over'")
            assert cursor.fetchone()[0] == 1
    finally:
        other.close()


def test_who_is_gone_is_stood_in_for_and_that_is_written_down(desk: Desk) -> None:
    ids, lan, ina = prepared(desk)
    for wrong in (ina, "nobody", desk.info.officer_id):
        with pytest.raises(NobodyToConfirm):
            hand_over(desk, MINE, wrong, PASSWORD, OTHER)
    minh = officers.add(desk, PASSWORD, NewOfficer("Hoàng Minh", "minh", OTHER, "chair"))
    # From now on that is the chair's.
    with pytest.raises(NotAllowed):
        hand_over(desk, MINE, lan, PASSWORD, OTHER, in_place=True)
    path = desk.info.vault_path
    desk.close()
    chair = vaults.unlock(path, "minh", OTHER)
    try:
        with pytest.raises(NotConfirmed, match="Hoàng Minh"):
            hand_over(chair, MINE, lan, PASSWORD, OTHER, in_place=True)
        hand_over(chair, MINE, lan, OTHER, OTHER, in_place=True)
        (note,) = chair.ask(OpenCase(ids["E9"])).of("handover")
        assert (note.get("confirmed"), note.get("in_place")) == ("in_place", "Hoàng Minh")
        # A case of nobody, and one of somebody without a way in, need nobody else's word.
        chair.do(SaveRecords((Edit("case", ids["E9"], {"officer": "Người cũ"}),)))
        assert hand_over(chair, "Người cũ", minh, OTHER, OTHER) == (ids["E9"],)
    finally:
        chair.close()
