"""The province's PC is lost: a new one takes its place with two of three sheets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sync.desks import AT, PROVINCE, UNIT_A, UNIT_B, Country, Desk, enrol
from traffick_desk.sync import enrolment, lineage, links, succession
from traffick_desk.sync.errors import (
    EnrolmentConflict,
    EnrolmentNewer,
    EnrolmentRefused,
    OnlyProvince,
    PracticeMixed,
)
from traffick_desk.sync.succession import Letter
from traffick_desk.vault import shares

OLD, NEW, THIRD = "00000000000000aa", "00000000000000bb", "00000000000000cc"


class Land(Country):
    """As :class:`Country`, with the id of a real desk for the province."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.province = Desk(folder, OLD, "province", PROVINCE)
        self.a = Desk(folder, "a", "commune", UNIT_A)
        self.b = Desk(folder, "b", "commune", UNIT_B)
        self.desks = [self.province, self.a, self.b]
        for commune in (self.a, self.b):
            enrol(self.province, commune)

    def secret(self) -> bytes:
        """What two of the three sheets give, typed in."""
        with self.province.store.read() as cursor:
            made = shares.split(succession.secret_of(cursor, OLD))
        typed = [" ".join(share.text()) for share in made]
        return shares.combine([shares.parse(typed[2]), shares.parse(typed[0])])

    def backup(self, name: str = "copy") -> Path:
        path = self.folder / f"{name}.bak"
        self.province.store.backup(path)
        return path

    def restored(self, copy: Path, device: str = NEW) -> Desk:
        """A desk over a copy of the province's file: a new device (I6)."""
        desk = Desk(self.folder, device, "province", PROVINCE)
        desk.store.close()
        shutil.copyfile(copy, desk.path)
        desk.store = type(desk.store)(
            desk.path, self.province.store._key, desk.store.registry, device
        )
        with desk.store.work() as work:
            work.cursor.execute("INSERT OR REPLACE INTO meta VALUES ('device', ?)", (device,))
            enrolment.register_own_device(work.cursor, device, "province", PROVINCE, "Mới", AT)
        self.desks.append(desk)
        return desk

    def empty(self, device: str = NEW) -> Desk:
        desk = Desk(self.folder, device, "province", PROVINCE)
        self.desks.append(desk)
        return desk


@pytest.fixture
def land(tmp_path):
    made = Land(tmp_path)
    yield made
    made.close()


def take_over(desk: Desk, secret: bytes) -> Letter:
    with desk.store.work() as work:
        return succession.take_over(work.cursor, desk.device, secret, AT)


def follow(desk: Desk, letter: Letter) -> bool:
    with desk.store.work() as work:
        return succession.apply(work.cursor, desk.device, letter, "2026-03-02")


def ask_to_go_on(desk: Desk) -> bytes:
    with desk.store.read() as cursor:
        return succession.adoption_file(cursor, desk.device)


def peers(desk: Desk) -> set[str]:
    with desk.store.read() as cursor:
        return set(links.peers(cursor))


def decide(desk: Desk, case: str, amount: int) -> None:
    desk.edit("entitlement_decision", f"d{amount}", case, case=case, decision="approved",
              amount=amount)  # fmt: skip


def both_ways(province: Desk, *communes: Desk) -> None:
    for _round in range(2):
        for commune in communes:
            assert commune.send(province).outcome == "applied"
            assert province.send(commune).outcome == "applied"


def test_with_a_backup_all_links_go_on_and_what_it_lacks_comes_back(land: Land) -> None:
    first, moved = land.a.open_case(), land.a.open_case("Lò Thị Mỷ")
    both_ways(land.province, land.a, land.b)
    land.province.edit("case", moved, moved, unit=UNIT_B)
    both_ways(land.province, land.a, land.b)
    copy, secret = land.backup(), land.secret()
    later = land.b.open_case("Sau bản sao lưu")
    decide(land.province, first, 700_000)
    both_ways(land.province, land.a, land.b)
    land.a.edit("case", first, first, group_name="viết trước khi biết")

    new = land.restored(copy)
    assert later not in new.cases()
    letter = Letter.decode(take_over(new, secret).encode())
    assert peers(new) == {"a", "b"}
    for commune in (land.a, land.b):
        assert follow(commune, letter) is True
        assert follow(commune, letter) is False
        assert peers(commune) == {NEW}
    report = land.a.send(new)
    assert (report.outcome, report.handed_back) == ("applied", 1)
    both_ways(new, land.a, land.b)
    assert {first, moved, later} <= new.cases()
    assert new.value("entitlement_decision", "d700000", "amount") == 700_000
    assert new.value("case", first, "group_name") == "viết trước khi biết"
    decide(new, later, 900_000)
    both_ways(new, land.a, land.b)
    assert land.b.value("entitlement_decision", "d900000", "amount") == 900_000


def test_the_old_desk_is_out_from_then_on(land: Land) -> None:
    case = land.a.open_case()
    both_ways(land.province, land.a)
    copy, secret = land.backup(), land.secret()
    new = land.restored(copy)
    letter = take_over(new, secret)
    follow(land.a, letter)
    land.province.edit("case", case, case, stage="closed")
    report = land.a.take(land.province.bundle(land.a))
    assert (report.outcome, report.code) == ("refused", "revoked")
    assert land.a.value("case", case, "stage") == "reception"


def test_without_any_backup_the_communes_bring_everything_back(land: Land) -> None:
    first, moved = land.a.open_case(), land.a.open_case("Lò Thị Mỷ")
    both_ways(land.province, land.a, land.b)
    decide(land.province, first, 500_000)
    land.province.edit("case", moved, moved, unit=UNIT_B)
    both_ways(land.province, land.a, land.b)
    new = land.empty()
    letter = take_over(new, land.secret())
    assert peers(new) == set()
    for commune in (land.b, land.a):
        follow(commune, letter)
        assert commune.send(new).code == "signer" or new.cases() == set()
        with new.store.work() as work:
            desk = succession.adopt(work.cursor, NEW, ask_to_go_on(commune), AT)
        assert desk.device == commune.device
    assert land.b.send(new).outcome == "applied"
    assert land.a.send(new).outcome == "applied"
    both_ways(new, land.a, land.b)
    assert new.cases() == {first, moved}
    assert new.value("entitlement_decision", "d500000", "amount") == 500_000
    assert new.value("case", moved, "unit") == UNIT_B
    # A commune that comes later learns who wrote what before it came.
    third = Desk(land.folder, "c", "commune", UNIT_A)
    land.desks.append(third)
    enrol(new, third)
    assert new.send(third).outcome == "applied"
    assert third.value("entitlement_decision", "d500000", "amount") == 500_000


def test_one_after_the_other(land: Land) -> None:
    case = land.a.open_case()
    both_ways(land.province, land.a, land.b)
    secret, copy = land.secret(), land.backup()
    second = land.restored(copy)
    take_over(second, secret)
    with second.store.read() as cursor:
        secret = succession.secret_of(cursor, NEW)
    second.store.backup(land.folder / "second.bak")
    third = land.restored(land.folder / "second.bak", THIRD)
    take_over(third, secret)
    with third.store.read() as cursor:
        sent = [Letter.decode(data) for data in succession.letters(cursor)]
        assert lineage.predecessors(cursor, THIRD) == [NEW, OLD]
    # A commune that missed the first letter follows both.
    assert [follow(land.a, letter) for letter in sent] == [True, True]
    both_ways(third, land.a)
    decide(third, case, 1)
    both_ways(third, land.a)
    assert land.a.value("entitlement_decision", "d1", "amount") == 1


def test_two_desks_cannot_both_take_the_place(land: Land) -> None:
    secret, copy = land.secret(), land.backup()
    second, third = land.restored(copy), land.restored(copy, THIRD)
    first, other = take_over(second, secret), take_over(third, secret)
    assert follow(land.a, first)
    before = land.a.dump()
    with pytest.raises(EnrolmentConflict):
        follow(land.a, other)
    assert land.a.dump() == before
    with pytest.raises(EnrolmentConflict):
        take_over(second, secret)


def test_a_second_desk_of_the_province_follows_too(land: Land) -> None:
    other = Desk(land.folder, "q", "province", PROVINCE)
    land.desks.append(other)
    enrol(land.province, other)
    case = land.a.open_case()
    both_ways(land.province, land.a, other)
    new = land.restored(land.backup())
    letter = take_over(new, land.secret())
    for desk in (land.a, other):
        follow(desk, letter)
    both_ways(new, land.a, other)
    decide(other, case, 3)
    both_ways(new, other, land.a)
    both_ways(new, land.a)
    assert land.a.value("entitlement_decision", "d3", "amount") == 3


def test_who_has_no_right_to_it(land: Land) -> None:
    secret = land.secret()
    new = land.empty()
    with land.a.store.work() as work, pytest.raises(OnlyProvince):
        succession.take_over(work.cursor, "a", secret, AT)
    with land.a.store.read() as cursor, pytest.raises(OnlyProvince):
        succession.secret_of(cursor, "a")
    with pytest.raises(EnrolmentConflict):
        take_over(land.province, secret)
    with pytest.raises(EnrolmentConflict):
        take_over(land.restored(land.backup(), THIRD), bytes(32) + bytes.fromhex(OLD))
    practice = Desk(land.folder, "00000000000000dd", "province", "2025/99")
    land.desks.append(practice)
    letter = take_over(new, secret)
    with practice.store.work() as work, pytest.raises(PracticeMixed):
        succession.apply(work.cursor, practice.device, letter, "2026-03-02")
    stranger = Desk(land.folder, "z", "commune", UNIT_A)
    land.desks.append(stranger)
    with pytest.raises(EnrolmentRefused):
        follow(stranger, letter)
    with land.a.store.work() as work:
        enrolment.revoke(work.cursor, OLD, "2026-03-01")
    with pytest.raises(EnrolmentConflict):
        follow(land.a, letter)


def test_a_letter_with_any_part_exchanged_is_refused(land: Land) -> None:
    secret = land.secret()
    good = take_over(land.empty(), secret)
    other = take_over(land.restored(land.backup(), THIRD), secret)
    data = good.encode()
    wrong = [
        Letter(good.predecessor, good.made_at, good.certificate, good.root, other.signature),
        Letter(good.predecessor, good.made_at, other.certificate, good.root, good.signature),
        Letter(good.predecessor, good.made_at, good.certificate, other.root, good.signature),
        Letter("a", good.made_at, good.certificate, good.root, good.signature),
        Letter(good.predecessor, "2020-01-01T00:00+07:00", good.certificate, good.root,
               good.signature),
    ]  # fmt: skip
    before = land.a.dump()
    for letter in wrong:
        with pytest.raises(EnrolmentRefused):
            follow(land.a, letter)
    for place in range(0, len(data), 7):
        broken = bytearray(data)
        broken[place] ^= 1
        with pytest.raises((EnrolmentRefused, EnrolmentNewer)):
            follow(land.a, Letter.decode(bytes(broken)))
    assert land.a.dump() == before


def test_only_desks_of_the_old_one_go_on(land: Land) -> None:
    new = land.empty()
    with new.store.read() as cursor, pytest.raises(EnrolmentRefused):
        succession.read_adoption(cursor, NEW, ask_to_go_on(land.a))
    take_over(new, land.secret())
    other = Desk(land.folder, "00000000000000ee", "province", PROVINCE)
    stranger = Desk(land.folder, "s", "commune", UNIT_A)
    land.desks += [other, stranger]
    enrol(other, stranger)
    with new.store.read() as cursor, pytest.raises(EnrolmentRefused):
        succession.read_adoption(cursor, NEW, ask_to_go_on(stranger))
    with new.store.work() as work:
        succession.adopt(work.cursor, NEW, ask_to_go_on(land.a), AT)
        enrolment.revoke(work.cursor, "a", "2026-03-02")
    with new.store.work() as work, pytest.raises(EnrolmentConflict):
        succession.adopt(work.cursor, NEW, ask_to_go_on(land.a), AT)
    with land.a.store.read() as cursor, pytest.raises(OnlyProvince):
        succession.read_adoption(cursor, "a", ask_to_go_on(land.a))


def test_a_restored_commune_sends_again_what_moved_away(land: Land) -> None:
    """Its new device never had the case; the desk before it did."""
    moved = land.a.open_case()
    both_ways(land.province, land.a, land.b)
    land.province.edit("case", moved, moved, unit=UNIT_B)
    copy = land.folder / "a.bak"
    land.a.store.backup(copy)
    both_ways(land.province, land.a, land.b)
    again = Desk(land.folder, "a2", "commune", UNIT_A)
    again.store.close()
    shutil.copyfile(copy, again.path)
    again.store = type(again.store)(again.path, land.a.store._key, again.store.registry, "a2")
    with again.store.work() as work:
        work.cursor.execute("INSERT OR REPLACE INTO meta VALUES ('device', 'a2')")
        enrolment.register_own_device(work.cursor, "a2", "commune", UNIT_A, "a2", AT)
    land.desks.append(again)
    enrol(land.province, again)
    both_ways(land.province, again)
