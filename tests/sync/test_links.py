"""Two communes and a province that exchange real bundles."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sync.desks import AT, PROVINCE, UNIT_A, UNIT_B, Country, Desk, enrol
from traffick_desk.sync import enrolment, links, scope
from traffick_desk.sync.errors import NoSuchPeer, PeerRevoked, VaultRestored


def decide(province: Desk, case: str, entitlement: str = "e1") -> None:
    province.edit(
        "entitlement_decision", "d1", case,
        case=case, entitlement=entitlement, decision="approved", decided_on="2026-03-03",
    )  # fmt: skip


def test_a_case_reaches_the_province_and_the_decision_comes_back(land: Country) -> None:
    case = land.a.open_case("Đặng Thị Hoà")
    report = land.a.send(land.province)
    assert (report.outcome, report.new_cases, report.new_changes) == ("applied", (case,), 2)
    assert report.sender_label == "Desk a"
    assert land.province.ask("SELECT name FROM case_row") == [("Đặng Thị Hoà",)]

    decide(land.province, case)
    report = land.province.send(land.a)
    assert (report.outcome, report.decisions, report.changed_cases) == ("applied", 1, (case,))
    assert report.receipts == 1
    assert land.a.value("entitlement_decision", "d1", "decision") == "approved"


def test_the_officer_sees_here_then_carried_then_received(land: Country) -> None:
    case = land.a.open_case()

    def state() -> str:
        with land.a.store.read() as cursor:
            return links.case_states(cursor, [case])[case]

    assert state() == "here"
    data = land.a.bundle(land.province)
    assert state() == "carried"
    land.province.take(data)
    land.province.send(land.a)
    assert state() == "received"
    with land.a.store.read() as cursor:
        (view,) = links.views(cursor, "a")
    assert (view.unsent, view.carried, view.received_on) == (0, 0, AT)


def test_a_bundle_that_never_left_does_not_count_as_carried(land: Country) -> None:
    land.a.open_case()
    land.a.make(land.province)
    with land.a.store.read() as cursor:
        (view,) = links.views(cursor, "a")
    assert (view.unsent, view.carried) == (2, 0)


def test_a_lost_bundle_is_healed_by_the_next(land: Country) -> None:
    first = land.a.open_case()
    land.a.bundle(land.province)
    second = land.a.open_case()
    report = land.a.send(land.province)
    assert (report.number, report.outcome) == (2, "applied")
    assert land.province.cases() == {first, second}


def test_the_same_bundle_twice_is_already_here(land: Country) -> None:
    land.a.open_case()
    data = land.a.bundle(land.province)
    land.province.take(data)
    before = land.province.dump()
    assert land.province.take(data).outcome == "already"
    assert land.province.dump() == before


def test_an_older_bundle_after_a_newer_one_is_harmless(land: Country) -> None:
    land.a.open_case()
    old = land.a.bundle(land.province)
    land.a.open_case()
    new = land.a.bundle(land.province)
    assert land.province.take(new).new_changes == 4
    assert land.province.take(old).code == "older"
    assert land.province.take(new).outcome == "already"


def test_a_long_silence_makes_several_bundles_that_may_come_in_any_order(land: Country) -> None:
    cases = {land.a.open_case() for _ in range(6)}
    made = land.a.make(land.province, most_raw=500)
    assert len(made) > 3
    reports = [land.province.take(m.data) for m in reversed(made)]
    assert [r.outcome for r in reports] == ["waiting"] * (len(made) - 1) + ["applied"]
    assert reports[-1].released == len(made) - 1
    assert set(reports[-1].new_cases) == cases == land.province.cases()
    assert land.province.ask("SELECT count(*) FROM bundle_in WHERE waiting IS NOT NULL") == [(0,)]
    assert land.a.send(land.province).new_changes == 0
    assert land.province.send(land.a).receipts == len(made) + 1


def test_what_went_whole_may_be_cut_into_several_the_next_time(land: Country) -> None:
    """The first of them then covers less than what the receiver has already."""
    for number in range(3):
        land.a.open_case(f"Người {number}")
    (whole,) = land.a.make(land.province)
    land.a.open_case()
    parts = land.a.make(land.province, most_raw=400)
    assert len(parts) > 2
    for data in (whole.data, *(part.data for part in parts)):
        assert land.province.take(data).outcome in ("applied", "already")
    assert len(land.province.cases()) == 4
    land.province.send(land.a)
    land.a.open_case()
    assert land.a.send(land.province).outcome == "applied"


def test_the_same_with_the_whole_one_last(land: Country) -> None:
    for number in range(3):
        land.a.open_case(f"Người {number}")
    (whole,) = land.a.make(land.province)
    parts = land.a.make(land.province, most_raw=400)
    for data in (parts[0].data, whole.data, *(part.data for part in parts[1:])):
        assert land.province.take(data).outcome in ("applied", "already")
    assert len(land.province.cases()) == 3
    land.province.send(land.a)
    land.a.open_case()
    assert land.a.send(land.province).outcome == "applied"


def test_a_waiting_bundle_keeps_waiting_when_it_comes_again(land: Country) -> None:
    land.a.open_case()
    land.a.open_case()
    made = land.a.make(land.province, most_raw=300)
    land.province.take(made[1].data)
    before = land.province.dump()
    assert land.province.take(made[1].data).outcome == "waiting"
    assert land.province.dump() == before


def test_a_later_bundle_stands_in_for_the_one_that_others_wait_for(land: Country) -> None:
    land.a.open_case()
    land.a.open_case()
    made = land.a.make(land.province, most_raw=300)
    assert land.province.take(made[-1].data).outcome == "waiting"
    report = land.a.send(land.province)
    assert report.outcome == "applied"
    assert land.province.ask("SELECT count(*) FROM bundle_in WHERE waiting IS NOT NULL") == [(0,)]


def test_what_was_confirmed_is_not_sent_again(land: Country) -> None:
    land.a.open_case()
    land.a.send(land.province)
    land.province.send(land.a)
    (made,) = land.a.make(land.province)
    assert made.changes == 0


def test_changes_do_not_go_back_to_the_desk_that_made_them(land: Country) -> None:
    land.a.open_case()
    land.a.send(land.province)
    (made,) = land.province.make(land.a)
    assert made.changes == 0


def test_a_commune_never_gets_another_communes_case(land: Country) -> None:
    case_a = land.a.open_case()
    case_b = land.b.open_case()
    land.a.send(land.province)
    land.b.send(land.province)
    decide(land.province, case_a)
    land.province.send(land.a)
    land.province.send(land.b)
    assert land.a.cases() == {case_a}
    assert land.b.cases() == {case_b}
    assert land.b.ask("SELECT count(*) FROM journal WHERE case_id = ?", case_a) == [(0,)]


def test_a_second_desk_of_the_commune_gets_the_cases_of_its_unit(land: Country) -> None:
    case = land.a.open_case()
    land.a.send(land.province)
    second = land.add("a2", UNIT_A)
    report = land.province.send(second)
    assert (report.outcome, report.new_cases) == ("applied", (case,))
    second.edit("case", case, case, stage="verification")
    report = second.send(land.province)
    assert report.new_changes == 1
    land.province.send(land.a)
    assert land.a.value("case", case, "stage") == "verification"


def test_what_belongs_to_no_case_goes_to_the_province_and_not_to_other_communes(
    land: Country,
) -> None:
    land.a.edit("note", "na", None, at=AT, text="commune a")
    land.province.edit("note", "np", None, at=AT, text="for all")
    land.a.send(land.province)
    land.province.send(land.b)
    assert land.province.value("note", "na", "text") == "commune a"
    assert land.b.value("note", "np", "text") == "for all"
    assert land.b.value("note", "na", "text") is None


def test_a_case_that_moves_takes_its_whole_history_along(land: Country) -> None:
    case = land.a.open_case()
    land.a.send(land.province)
    for desk in (land.a, land.b):
        land.province.send(desk)
        desk.send(land.province)
    land.province.edit("case", case, case, unit=UNIT_B)
    report = land.province.send(land.b)
    assert (report.new_cases, report.new_changes) == ((case,), 3)
    assert land.b.ask("SELECT name FROM case_row") == [("Nguyễn Thị Ánh",)]
    land.b.edit("case", case, case, stage="support")
    assert land.b.send(land.province).outcome == "applied"


def test_the_commune_it_left_learns_of_the_move_and_of_nothing_after(land: Country) -> None:
    case = land.a.open_case()
    land.a.send(land.province)
    land.province.edit("case", case, case, unit=UNIT_B)
    land.province.edit("note", "n1", case, case=case, at=AT, text="after the move")
    land.province.edit("case", case, case, unit="2025/07000")
    report = land.province.send(land.a)
    assert report.new_changes == 1
    assert land.a.value("case", case, "unit") == UNIT_B
    land.a.send(land.province)
    assert land.province.send(land.a).new_changes == 0
    # What the commune wrote before it knew is not lost.
    land.a.edit("note", "n2", case, case=case, at=AT, text="late")
    assert land.a.send(land.province).outcome == "applied"


def test_a_case_that_comes_back_brings_what_happened_meanwhile(land: Country) -> None:
    case = land.a.open_case()
    land.a.send(land.province)
    land.province.edit("case", case, case, unit=UNIT_B)
    land.province.send(land.a)
    land.a.send(land.province)
    land.province.send(land.b)
    land.b.edit("note", "n1", case, case=case, at=AT, text="meanwhile")
    land.b.send(land.province)
    land.province.send(land.a)
    assert land.a.value("note", "n1", "text") is None
    land.province.edit("case", case, case, unit=UNIT_A)
    land.province.send(land.a)
    assert land.a.value("note", "n1", "text") == "meanwhile"
    assert land.a.value("case", case, "unit") == UNIT_A


def test_a_referred_case_is_shared_until_the_referral_ends(land: Country) -> None:
    case = land.a.open_case()
    land.a.send(land.province)
    with land.province.store.work() as work:
        scope.share_case(work.cursor, "b", case)
    assert land.province.send(land.b).new_cases == (case,)
    land.b.send(land.province)
    with land.province.store.work() as work:
        scope.unshare_case(work.cursor, "b", case)
    land.province.edit("note", "n1", case, case=case, at=AT, text="later")
    assert land.province.send(land.b).new_changes == 0


def test_edits_of_one_field_on_both_sides_keep_both(land: Country) -> None:
    case = land.a.open_case()
    land.a.send(land.province)
    land.province.send(land.a)
    land.a.edit("case", case, case, officer="An")
    land.province.edit("case", case, case, officer="Bình")
    assert land.a.send(land.province).conflicts == 1
    assert land.province.send(land.a).conflicts == 1
    question = "SELECT officer, rivals FROM r_case"
    assert land.a.ask(question) == land.province.ask(question)


def test_export_to_a_stranger_or_a_revoked_desk_is_refused(land: Country) -> None:
    with pytest.raises(NoSuchPeer):
        land.a.make(land.b)
    with land.province.store.work() as work:
        enrolment.revoke(work.cursor, "a", AT)
    with pytest.raises(PeerRevoked):
        land.province.make(land.a)


def test_two_province_desks_share_everything(land: Country, tmp_path: Path) -> None:
    case = land.a.open_case()
    land.a.send(land.province)
    second = Desk(tmp_path, "p2", "province", PROVINCE)
    land.desks.append(second)
    with second.store.read() as cursor:
        request = enrolment.read_request(enrolment.request_file(cursor, "p2", AT))
        own = enrolment.own_desk(cursor, "p2")
    with land.province.store.work() as work:
        answer = enrolment.certify(work.cursor, "p", request, AT)
    with second.store.work() as work:
        enrolment.install(work.cursor, "p2", enrolment.read_answer(answer, own))
    assert land.province.send(second).new_cases == (case,)
    decide(second, case)
    assert second.send(land.province).decisions == 1
    assert land.province.send(land.a).decisions == 1


def restored(land: Country, copy: Path, device: str) -> Desk:
    """Commune A's desk after an old copy was put back."""
    from sync.desks import raw_key
    from traffick_desk.domain.records import REGISTRY
    from traffick_desk.store.store import Store

    land.a.close()
    shutil.copyfile(copy, land.a.path)
    land.a.device = device
    land.a.store = Store(land.a.path, raw_key, REGISTRY, device)
    return land.a


def old_copy(land: Country) -> Path:
    copy = land.folder / "copy.db"
    land.a.store.backup(copy)
    return copy


def test_a_vault_put_back_from_an_old_copy_notices_and_sends_nothing(land: Country) -> None:
    land.a.open_case()
    copy = old_copy(land)
    land.a.open_case()
    land.a.send(land.province)
    answer = land.province.bundle(land.a)
    desk = restored(land, copy, "a")
    report = desk.take(answer)
    assert (report.outcome, report.code) == ("refused", "heads")
    assert "older copy" in report.message
    with pytest.raises(VaultRestored):
        desk.make(land.province)


def test_the_province_notices_a_desk_that_was_put_back(land: Country) -> None:
    land.a.open_case()
    land.a.send(land.province)
    copy = old_copy(land)
    land.a.open_case()
    land.a.send(land.province)
    desk = restored(land, copy, "a")
    desk.open_case()
    before = land.province.dump()
    assert desk.send(land.province).code == "bundle"
    assert desk.send(land.province).code in {"bundle", "head"}
    assert land.province.dump() == before


def test_a_restored_vault_enrolled_anew_gets_back_what_the_copy_lacks(land: Country) -> None:
    first = land.a.open_case()
    land.a.send(land.province)
    unsent = land.a.open_case()
    copy = old_copy(land)
    lost = land.a.open_case()
    # Only this bundle, and not the one with the unsent case, reached the province before.
    data = land.a.bundle(land.province)
    land.province.take(data)
    desk = restored(land, copy, "a9")
    with desk.store.work() as work:
        enrolment.register_own_device(work.cursor, "a9", "commune", UNIT_A, "Desk a9", AT)
    with land.province.store.work() as work:
        enrolment.revoke(work.cursor, "a", AT)
    enrol(land.province, desk)
    assert desk.send(land.province).outcome == "applied"
    assert land.province.send(desk).outcome == "applied"
    assert desk.cases() == {first, unsent, lost} == land.province.cases()
    desk.edit("case", lost, lost, stage="support")
    assert desk.send(land.province).new_changes == 1


OWED = {"unit": scope._OF_UNIT, "all": scope._ALL, "scope": scope._OF_SCOPE}


@pytest.mark.parametrize("question", OWED)
def test_what_is_owed_is_read_from_the_end_of_the_journal(land: Country, question: str) -> None:
    # By the index of devices it is all that a desk ever wrote: 1.5 s at 100,000 cases.
    land.a.open_case()
    names = ("peer", "own", "unit", "own_unit", "device", "pos", "acked_number")
    with land.a.store.read() as cursor:
        cursor.execute(
            f"EXPLAIN QUERY PLAN {OWED[question]}", dict.fromkeys(names, 0) | {"before": "[]"}
        )
        plan = [row[3] for row in cursor.fetchall()]
    steps = [step for step in plan if step.split()[1:2] in (["journal"], ["j"])]
    assert steps
    for step in steps:
        assert step.endswith(("INTEGER PRIMARY KEY (rowid>?)", "(case_id=? AND pos>?)")), steps
