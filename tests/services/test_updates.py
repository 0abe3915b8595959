"""Updates from a stick: what is taken, what is refused in which words, and that the old one stays."""

from __future__ import annotations

import dataclasses
import errno
import json
import shutil
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from services.conftest import NOW, Make, take_in
from services.test_backup import _link
from services.updates_world import World, tree
from traffick_desk.services import backup, program_tree, updates
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.program_home import (
    DoesNotRun,
    EarlierDamaged,
    Held,
    NoRights,
    NoRoom,
    NothingBefore,
    NotInstalled,
    ProgramHome,
)
from traffick_desk.services.queries import CountCases
from traffick_desk.services.updates import FOLDER, NotForThisDesk, Standing, VaultMovedOn
from traffick_desk.sync import update_file, update_release
from traffick_desk.sync.carriers import NoCarrier
from traffick_desk.sync.disk import Disk
from traffick_desk.sync.update_file import (
    MAGIC,
    NoPublisher,
    NotAnUpdate,
    NotFromPublisher,
    UpdateUnreadable,
)
from traffick_desk.vault.signing import SigningKey


@pytest.fixture
def make(make: Make) -> Make:
    """Desks whose clock goes on: two backups of one second would have one name."""

    def one(*names: str, **more: object):
        desk = make(*names, **more)
        moments = (NOW + timedelta(seconds=n) for n in count())
        desk.context.now = lambda: next(moments)
        return desk

    return one


@pytest.fixture
def world(tmp_path: Path) -> World:
    found = World(tmp_path)
    found.install()
    return found


def one(desk, world: World, **more):
    (offer,) = updates.look(desk, world.stick, world.program(**more))
    return offer


def test_an_update_is_told_applied_and_gone_back_from(
    make: Make, world: World, tmp_path: Path
) -> None:
    place = tmp_path / "nơi sao lưu"
    place.mkdir()
    desk = make(backup_folder=place)
    take_in(desk, "E5")
    world.update()
    offer = one(desk, world)
    assert offer.standing is Standing.READY
    assert "1.6" in offer.words
    assert offer.notes == "Có báo cáo tháng."
    told: list[tuple[int, int, str]] = []
    done = updates.apply(desk, offer, lambda *p: told.append(p), world.program())
    assert (world.home / "current").read_text() == "6\n"
    assert (world.home / "previous").read_text() == "5\n"
    assert world.names() == {"5", "6"}, "side by side, and nothing half"
    assert updates.damaged(world.program(6)) == []
    assert all(d <= t for d, t, _w in told)
    assert told[-1][0] == told[-1][1]
    # The vault was backed up first, and the copy opens.
    assert done.copy.parent.parent == place
    restored = backup.restore(done.copy, tmp_path / "mới", "huong", "mười hai con mèo ngủ trưa")
    assert restored.ask(CountCases()) == 1
    restored.close()
    state = updates.installed(world.program())
    assert state.next is not None
    assert state.next.number == 6
    assert one(desk, world).standing is Standing.NEXT
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT action, object FROM audit ORDER BY seq DESC LIMIT 1")
        assert cursor.fetchone() == ("program.update", "6 1.6")
    back = updates.go_back(desk, world.program(6))
    assert back.number == 5
    assert (world.home / "current").read_text() == "5\n"
    # The newer one, still here, may be taken again; the stick's number is not too low for that.
    again = one(desk, world)
    assert again.standing is Standing.KEPT
    updates.apply(desk, again, program=world.program())
    assert (world.home / "current").read_text() == "6\n"


def test_without_a_place_for_backups_the_copy_lies_beside_the_vault(
    make: Make, world: World
) -> None:
    desk = make()
    world.update()
    done = updates.apply(desk, one(desk, world), program=world.program())
    assert updates.BACKUPS in done.copy.parts


def refusals() -> list:
    def cut(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:-1000])

    def longer(path: Path) -> None:
        path.write_bytes(path.read_bytes() + b"x")

    def inside(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[-5000] ^= 1
        path.write_bytes(data)

    return [
        pytest.param(cut, id="half an update"),
        pytest.param(longer, id="something behind it"),
        pytest.param(inside, id="one byte of it changed"),
    ]


@pytest.mark.parametrize("spoil", refusals())
def test_a_payload_that_is_not_what_was_signed_changes_nothing(
    make: Make, world: World, spoil
) -> None:
    desk = make()
    spoil(world.update())
    offer = one(desk, world)
    with pytest.raises(NotAnUpdate) as told:
        updates.apply(desk, offer, program=world.program())
    assert "an toàn" in str(told.value)
    assert (world.home / "current").read_text() == "5\n"
    assert world.names() == {"5"}


def test_the_payload_of_another_update_under_this_manifest_is_refused(
    make: Make, world: World
) -> None:
    desk = make()
    low, high = world.update(6, name="a.tdupdate"), world.update(7, name="b.tdupdate")
    key = (world.publisher.verify_key.raw,)
    one_, other = update_file.read(low, key), update_file.read(high, key)
    mixed = low.read_bytes()[: one_.offset] + high.read_bytes()[other.offset :]
    low.write_bytes(mixed)
    high.unlink()
    with pytest.raises(NotAnUpdate):
        updates.apply(desk, one(desk, world), program=world.program())
    assert world.names() == {"5"}


def test_every_changed_byte_before_the_payload_is_noticed(world: World) -> None:
    path = world.update()
    keys = (world.publisher.verify_key.raw,)
    offset = update_file.read(path, keys).offset
    whole = path.read_bytes()
    for place in range(offset):
        data = bytearray(whole[: offset + 10])
        data[place] ^= 0x40
        path.write_bytes(data)
        with pytest.raises((NotFromPublisher, NotAnUpdate)):
            update_file.read(path, keys)
    for size in range(0, offset, 7):
        path.write_bytes(whole[:size])
        with pytest.raises(NotAnUpdate):
            update_file.read(path, keys)


def test_who_signs_counts(make: Make, world: World) -> None:
    desk = make()
    world.update(key=SigningKey.generate())
    offer = one(desk, world)
    assert offer.standing is Standing.REFUSED
    assert "nhà phát hành" in offer.words
    with pytest.raises(NotFromPublisher):
        updates.apply(desk, offer, program=world.program())
    # A signature that the publisher made for another purpose fits nothing here.
    path = world.update()
    body = update_file.read(path, (world.publisher.verify_key.raw,)).manifest.encode()
    wrong = world.publisher.sign("rules", body)
    path.write_bytes(MAGIC + len(body).to_bytes(4, "big") + body + wrong)
    with pytest.raises(NotFromPublisher):
        update_file.read(path, (world.publisher.verify_key.raw,))
    # A copy that pins nobody takes nothing: an absent check fails as a wrong one (I10).
    with pytest.raises(NoPublisher):
        update_file.read(path, ())


def test_older_other_and_expired_updates_are_told_as_such(make: Make, world: World) -> None:
    desk = make()
    world.update(4, name="cũ.tdupdate")
    world.update(5, name="như thế.tdupdate")
    world.update(7, name="hết hạn.tdupdate", expires="2026-11-20")
    world.update(7, name="windows.tdupdate", platform="windows-x64")
    world.update(7, name="khác.tdupdate", product="other-desk")
    offers = {o.path.stem: o for o in updates.look(desk, world.stick, world.program())}
    assert {name: o.standing for name, o in offers.items()} == {
        "cũ": Standing.OLDER,
        "như thế": Standing.SAME,
        "hết hạn": Standing.EXPIRED,
        "windows": Standing.OTHER_PC,
        "khác": Standing.OTHER_PRODUCT,
    }
    for offer in offers.values():
        with pytest.raises(NotForThisDesk) as told:
            updates.apply(desk, offer, program=world.program())
        assert offer.words in str(told.value)
    assert world.names() == {"5"}


def test_a_version_that_was_in_use_once_is_the_floor_for_ever(make: Make, world: World) -> None:
    desk = make()
    world.update(9)
    updates.apply(desk, one(desk, world), program=world.program())
    updates.go_back(desk, world.program(9))
    shutil.rmtree(world.home / "versions" / "9")
    (world.stick / FOLDER / "v9.tdupdate").unlink()
    world.update(7)
    assert one(desk, world).standing is Standing.OLDER


def test_a_clock_that_was_set_back_does_not_make_an_expired_update_good(
    make: Make, world: World
) -> None:
    desk = make()
    world.update(expires="2026-11-22")
    with desk.context.store.work() as work:
        work.log("2026-12-05T08:00+07:00", desk.info.officer_id, "case.open", "x")
    assert desk.context.today == "2026-11-21"
    assert one(desk, world).standing is Standing.EXPIRED


def test_a_linked_commune_takes_only_what_its_province_gave(
    make: Make, world: World, tmp_path: Path
) -> None:
    commune, province, stranger = make(), make("province"), make("province-2", "2025/22")
    wire = tmp_path / "dây"
    wire.mkdir()
    _link(commune, province, wire)
    world.update()
    offer = one(commune, world)
    assert offer.standing is Standing.NOT_RELEASED
    with pytest.raises(NotForThisDesk):
        updates.apply(commune, offer, program=world.program())
    # Another province's word does not count here.
    other = tmp_path / "thẻ khác"
    other.mkdir()
    updates.release(stranger, one(stranger, world), other, program=world.program())
    (found,) = updates.look(commune, other, world.program())
    assert found.standing is Standing.NOT_RELEASED
    # The own province's does; the province itself needs nobody's.
    seen = one(province, world)
    assert seen.standing is Standing.READY
    updates.release(province, seen, other, program=world.program())
    (found,) = updates.look(commune, other, world.program())
    assert found.standing is Standing.READY
    assert "tất cả" in found.words
    # Its word about one update fits no other with the same name and number.
    target = found.path
    shutil.copyfile(world.update(6, name="khác.tdupdate"), target)
    (found,) = updates.look(commune, other, world.program())
    assert found.standing is Standing.NOT_RELEASED


def test_the_province_can_give_it_to_some_communes_first(
    make: Make, world: World, tmp_path: Path
) -> None:
    commune, province = make(), make("province")
    wire = tmp_path / "dây"
    wire.mkdir()
    _link(commune, province, wire)
    world.update()
    seen = one(province, world)
    updates.release(province, seen, world.stick, program=world.program(), units=("2025/06184",))
    offers = updates.look(commune, world.stick, world.program())
    assert {o.standing for o in offers} == {Standing.NOT_RELEASED}
    updates.release(
        province, seen, world.stick, program=world.program(), units=(commune.info.unit,)
    )
    offers = updates.look(commune, world.stick, world.program())
    assert Standing.READY in {o.standing for o in offers}
    (word,) = (w for w in update_release.all_beside(next(o.path for o in offers if o.usable)))
    assert word.units == (commune.info.unit,)


def test_a_commune_releases_nothing_and_a_clerk_applies_nothing(make: Make, world: World) -> None:
    desk = make()
    world.update()
    with pytest.raises(updates.OnlyProvinceReleases):
        updates.release(desk, one(desk, world), world.stick, program=world.program())
    clerk = make("xa-2", role="clerk")
    with pytest.raises(NotAllowed):
        updates.apply(clerk, one(clerk, world), program=world.program())


class Full(Disk):
    def free(self, path: Path) -> int:
        return 1_000_000


class BrokenStick(Disk):
    """Gives the head of a file and then fails, as a worn stick does."""

    def read(self, stream, size):
        if stream.tell() > 100_000:
            raise OSError(errno.EIO, "broken")
        return super().read(stream, size)


def test_disk_full_broken_stick_and_no_stick(make: Make, world: World) -> None:
    desk = make()
    world.update()
    offer = one(desk, world)
    with pytest.raises(NoRoom):
        updates.apply(desk, offer, program=world.program(disk=Full()))
    with pytest.raises(UpdateUnreadable):
        updates.apply(desk, offer, program=world.program(disk=BrokenStick()))
    with pytest.raises(NoCarrier):
        updates.look(desk, world.stick / "không có", world.program())
    assert world.names() == {"5"}
    assert (world.home / "current").read_text() == "5\n"


def test_a_disk_that_fills_up_in_the_middle_leaves_nothing_behind(
    make: Make, world: World, monkeypatch
) -> None:
    desk = make()
    world.update()
    offer = one(desk, world)

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("traffick_desk.services.program_tree.shutil.copyfileobj", full)
    with pytest.raises(NoRoom):
        updates.apply(desk, offer, program=world.program())
    assert world.names() == {"5"}


def test_a_program_of_an_administrator_is_not_changed(
    make: Make, world: World, monkeypatch
) -> None:
    desk = make()
    world.update()
    offer = one(desk, world)
    real = Path.write_bytes

    def refuse(path: Path, data: bytes) -> int:
        if path.parent == world.home:
            raise PermissionError(errno.EACCES, "no", str(path))
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(NoRights):
        updates.apply(desk, offer, program=world.program())
    with pytest.raises(NotInstalled):
        updates.apply(desk, offer, program=updates.Program(home=None, publishers=(world.publisher.verify_key.raw,), number=5, platform="linux-x64"))  # fmt: skip


class Patient(Disk):
    """Counts how long was waited, instead of waiting."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def pause(self, seconds: float) -> None:
        self.waited.append(seconds)


@pytest.mark.parametrize("times", [3, 99])
def test_a_virus_scanner_that_holds_a_file(
    make: Make, world: World, monkeypatch, times: int
) -> None:
    desk = make()
    world.update()
    disk = Patient()
    offer = one(desk, world)
    left = [times]
    real = Path.replace

    def held(path: Path, target: Path) -> Path:
        if path.name == ".6.new" and left[0]:
            left[0] -= 1
            raise PermissionError(errno.EACCES, "held")
        return real(path, target)

    monkeypatch.setattr(Path, "replace", held)
    if times == 3:
        updates.apply(desk, offer, program=world.program(disk=disk))
        assert len(disk.waited) == 3
        assert (world.home / "current").read_text() == "6\n"
        return
    with pytest.raises(Held):
        updates.apply(desk, offer, program=world.program(disk=disk))
    assert sum(disk.waited) > 5, "some seconds are waited for"
    assert world.names() == {"5"}


@pytest.mark.parametrize("times", [3, 99])
def test_a_virus_scanner_that_reads_what_was_just_unpacked(
    make: Make, world: World, monkeypatch, times: int
) -> None:
    desk = make()
    world.update()
    disk = Patient()
    offer = one(desk, world)
    left = [times]
    real = program_tree._digest

    def held(path: Path) -> bytes:
        if path.name == "lớn" and left[0]:
            left[0] -= 1
            raise PermissionError(errno.EACCES, "held")
        return real(path)

    monkeypatch.setattr(program_tree, "_digest", held)
    if times == 3:
        updates.apply(desk, offer, program=world.program(disk=disk))
        assert len(disk.waited) == 3
        assert (world.home / "current").read_text() == "6\n"
        return
    with pytest.raises(Held):
        updates.apply(desk, offer, program=world.program(disk=disk))
    assert sum(disk.waited) > 5
    assert world.names() == {"5"}


def test_a_download_that_cannot_be_removed_yet_goes_with_the_next_update(
    make: Make, world: World, monkeypatch
) -> None:
    desk = make()
    world.update()
    part = world.program().home.download(6)

    def held(path: Path, missing_ok: bool = False) -> None:
        if path == part:
            raise PermissionError(errno.EACCES, "held")
        real(path, missing_ok)

    real = Path.unlink
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        updates.apply(desk, one(desk, world), program=world.program())
    assert (world.home / "current").read_text() == "6\n"
    assert world.names() == {"5", "6", part.name}
    world.update(7, name="b.tdupdate")
    newest = updates.look(desk, world.stick, world.program(number=6))[0]
    updates.apply(desk, newest, program=world.program(number=6))
    assert part.name not in world.names()


def test_a_version_that_does_not_run_here_is_taken_away_again(make: Make, world: World) -> None:
    desk = make()
    world.update()
    with pytest.raises(DoesNotRun):
        updates.apply(desk, one(desk, world), program=world.program(try_out=lambda _folder: False))
    assert world.names() == {"5"}
    assert (world.home / "current").read_text() == "5\n"


def test_an_earlier_version_with_a_changed_file_is_not_used_again(make: Make, world: World) -> None:
    desk = make()
    world.update()
    updates.apply(desk, one(desk, world), program=world.program())
    file = world.home / "versions" / "5" / "thư mục" / "lớn"
    delivered = file.read_bytes()
    file.write_bytes(delivered + b"#")
    with pytest.raises(EarlierDamaged):
        updates.go_back(desk, world.program(6))
    assert (world.home / "current").read_text() == "6\n"
    file.write_bytes(delivered)
    assert updates.go_back(desk, world.program(6)).number == 5


def test_going_back_is_refused_when_the_vault_has_moved_on_or_there_is_nothing(
    make: Make, world: World
) -> None:
    desk = make()
    with pytest.raises(NothingBefore):
        updates.go_back(desk, world.program())
    shutil.rmtree(world.home)
    tree(world.home / "versions" / "5", 5, schema_at="0001")
    (world.home / "current").write_text("5\n")
    world.update()
    updates.apply(desk, one(desk, world), program=world.program())
    with pytest.raises(VaultMovedOn) as told:
        updates.go_back(desk, world.program(6))
    assert "bản sao" in str(told.value)
    assert (world.home / "current").read_text() == "6\n"


@pytest.mark.parametrize(
    "name", ["../ra ngoài", "/etc/x", "a\\b", "con:x", "a/../b", "a/./b", "x. ", "", "a//b"]
)
def test_no_file_is_written_outside_its_folder(world: World, name: str) -> None:
    from traffick_desk.services.program_tree import inside

    with pytest.raises(NotAnUpdate):
        inside(name)


def test_an_update_whose_inside_is_another_version_is_refused(make: Make, world: World) -> None:
    """The manifest is signed, but the build that was packed lies about itself."""
    desk = make()
    built = world.base / "built"
    about = tree(built, 6)
    update_file.made(
        built, world.stick / FOLDER / "x.tdupdate", world.publisher, {**about, "number": 7},
        made_on="2026-11-01", expires="2027-01-01", level=1,
    )  # fmt: skip
    with pytest.raises(NotAnUpdate):
        updates.apply(desk, one(desk, world), program=world.program())
    assert world.names() == {"5"}


def test_a_file_the_scanner_took_is_named(world: World) -> None:
    (world.home / "versions" / "5" / "thư mục" / "lớn").unlink()
    assert updates.damaged(world.program()) == ["thư mục/lớn"]
    (world.home / "versions" / "5" / "files.json").write_text("{")
    with pytest.raises(NotAnUpdate):
        updates.damaged(world.program())


def test_the_same_tree_packs_to_the_same_bytes(world: World, tmp_path: Path) -> None:
    built = tmp_path / "cây"
    tree(built, 6)
    out = []
    for name in ("a", "b"):
        with (tmp_path / name).open("w+b") as target:
            out.append((update_file.pack(built, target, level=3), target.tell()))
        out[-1] = (*out[-1], (tmp_path / name).read_bytes())
        for path in built.rglob("*"):
            path.touch()
    assert out[0] == out[1]


@pytest.mark.parametrize("text", ["", "x", "-1", "1234567890", "1 2", "٣", "5\n5\n"])
def test_a_pointer_that_is_no_number_is_no_version(world: World, text: str) -> None:
    (world.home / "current").write_text(text)
    assert ProgramHome(world.home).current() == 0


def test_a_program_that_a_package_brought_is_gone_back_to_and_wins_when_newer(
    make: Make, world: World
) -> None:
    desk = make()
    world.update()
    own = world.base / "của cán bộ"
    program = world.program()
    packaged = dataclasses.replace(
        program, home=ProgramHome(own, base=world.home, platform="linux-x64")
    )
    (offer,) = updates.look(desk, world.stick, packaged)
    updates.apply(desk, offer, program=packaged)
    assert (own / "current").read_text() == "6\n"
    assert (world.home / "current").read_text() == "5\n", "what belongs to root stays as it is"
    back = updates.go_back(desk, dataclasses.replace(packaged, number=6))
    assert back.number == 5
    assert packaged.home.current() == 5
    # The package is upgraded by its system to a newer one: that is used from then on.
    tree(world.home / "versions" / "8", 8)
    (world.home / "current").write_text("8\n")
    assert packaged.home.current() == 8
    assert packaged.home.highest() == 8


def test_the_number_grows_and_the_source_tree_pins_nobody() -> None:
    from traffick_desk import edition

    assert edition.NUMBER >= 1
    assert edition.publishers() == ()
    assert json.dumps(edition.this().version)
