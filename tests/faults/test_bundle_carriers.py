"""Sticks that are full, write-protected, pulled out, broken or lying; real file systems where possible."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.desks import AT, Country
from traffick_desk.sync.carriers import (
    FOLDER,
    Carrier,
    CarrierBusy,
    CarrierError,
    CarrierFaulty,
    CarrierFull,
    CarrierPulledOut,
    CarrierReadOnly,
    FileTooLarge,
    FileUnreadable,
    NoCarrier,
    State,
    name_of,
    prefix,
)
from traffick_desk.sync.disk import Disk
from traffick_desk.sync.export import export_to

RECIPIENT = "age1pq1test"
DATA = os.urandom(700_000)


class Failing(Disk):
    """Fails at the k-th call of one operation."""

    def __init__(self, operation: str, at: int, error: OSError, times: int = 1) -> None:
        self.calls = 0
        self.operation, self.at, self.error, self.times = operation, at, error, times
        self.pauses: list[float] = []
        real = getattr(Disk, operation)

        def act(*args: object) -> object:
            self.calls += 1
            if self.at <= self.calls < self.at + self.times:
                raise self.error
            return real(self, *args)

        setattr(self, operation, act)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


OPERATIONS = (
    "create", "open", "write", "read", "sync", "rename", "sync_folder", "make_folder", "names",
    "free",
)  # fmt: skip


def calls_of(operation: str, place: Path) -> int:
    disk = Failing(operation, 0, OSError())
    Carrier(place, disk=disk).put(DATA, RECIPIENT)
    return disk.calls


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES])
def test_a_failure_at_any_step_is_told_and_the_next_try_succeeds(
    tmp_path: Path, operation: str, code: int
) -> None:
    counting = tmp_path / "counting"
    counting.mkdir()
    total = calls_of(operation, counting)
    assert total
    for at in range(1, total + 1):
        place = tmp_path / f"stick{at}"
        place.mkdir()
        disk = Failing(operation, at, OSError(code, "injected"))
        if (operation, code) == ("rename", errno.EACCES):
            # One refused rename is tried again, as virus scanners make it necessary.
            assert Carrier(place, disk=disk).put(DATA, RECIPIENT).exists()
        else:
            with pytest.raises(CarrierError) as caught:
                Carrier(place, disk=disk).put(DATA, RECIPIENT)
            assert str(caught.value)
            assert caught.value.state is not State.WRITTEN
        assert not list(place.rglob("*.tmp"))
        path = Carrier(place).put(DATA, RECIPIENT)
        assert path.read_bytes() == DATA
        assert [p.name for p in place.rglob("*.age")] == [path.name]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (errno.ENOSPC, CarrierFull),
        (errno.EROFS, CarrierReadOnly),
        (errno.EACCES, CarrierReadOnly),
        (errno.EIO, CarrierPulledOut),
        (errno.ENODEV, CarrierPulledOut),
    ],
)
def test_each_failure_of_writing_has_its_own_words(
    tmp_path: Path, code: int, wanted: type[CarrierError]
) -> None:
    with pytest.raises(wanted):
        Carrier(tmp_path, disk=Failing("write", 2, OSError(code, ""))).put(DATA, RECIPIENT)


def test_a_scanner_that_lets_go_in_time_is_no_failure(tmp_path: Path) -> None:
    disk = Failing("rename", 1, PermissionError(errno.EACCES, ""), times=3)
    assert Carrier(tmp_path, disk=disk).put(DATA, RECIPIENT).exists()
    assert disk.pauses == [0.01, 0.02, 0.04]


def test_a_scanner_that_does_not_let_go_is_told_and_not_waited_for_without_end(
    tmp_path: Path,
) -> None:
    disk = Failing("rename", 1, PermissionError(errno.EACCES, ""), times=99)
    with pytest.raises(CarrierBusy):
        Carrier(tmp_path, disk=disk).put(DATA, RECIPIENT)
    assert disk.calls == 5
    assert not list(tmp_path.rglob("td-*"))


class Lying(Disk):
    """A stick that says it is larger than it is: what lies beyond comes back as zeros."""

    def __init__(self, real_size: int, *, after_rename: bool = False) -> None:
        self.real_size, self.after_rename, self.renamed = real_size, after_rename, False

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        self.renamed = True

    def read(self, stream, size):
        at = stream.tell()
        data = super().read(stream, size)
        if self.after_rename and not self.renamed:
            return data
        good = max(0, self.real_size - at)
        return data[:good] + bytes(len(data[good:]))


@pytest.mark.parametrize("after_rename", [False, True])
def test_a_stick_of_false_capacity_is_noticed(tmp_path: Path, after_rename: bool) -> None:
    disk = Lying(300_000, after_rename=after_rename)
    with pytest.raises(CarrierFaulty):
        Carrier(tmp_path, disk=disk).put(DATA, RECIPIENT)


def test_a_stick_that_writes_only_part_of_what_it_is_given_is_written_on(tmp_path: Path) -> None:
    class Slow(Disk):
        def write(self, stream, data):
            return super().write(stream, data[: max(1, len(data) // 3)])

    assert Carrier(tmp_path, disk=Slow()).put(DATA, RECIPIENT).read_bytes() == DATA


def test_a_stick_that_is_gone_is_told_before_anything_is_numbered(land: Country) -> None:
    with pytest.raises(NoCarrier):
        export_to(land.a.store, "p", Carrier(land.folder / "none"), at=AT, officer="o")
    assert land.a.ask("SELECT count(*) FROM bundle_out") == [(0,)]


def test_an_export_that_fails_is_not_shown_as_carried_and_the_next_one_heals(
    land: Country,
) -> None:
    case = land.a.open_case()
    stick = land.folder / "stick"
    stick.mkdir()
    broken = Carrier(stick, disk=Failing("write", 1, OSError(errno.EIO, "")))
    with pytest.raises(CarrierPulledOut):
        export_to(land.a.store, "p", broken, at=AT, officer="o")
    assert land.a.ask("SELECT sent_pos FROM link") == [(0,)]
    (report,) = export_to(land.a.store, "p", Carrier(stick), at=AT, officer="o")
    assert report.number == 2
    assert land.a.ask("SELECT sent_pos FROM link") == [(2,)]
    assert land.province.take(Path(report.path).read_bytes()).new_cases == (case,)


def test_a_cancelled_write_leaves_nothing_behind(tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, _total: int, _text: str) -> None:
        if done:
            raise Stop

    with pytest.raises(Stop):
        Carrier(tmp_path).put(DATA, RECIPIENT, stop)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_what_an_earlier_try_left_is_cleaned_and_others_files_are_left_alone(
    tmp_path: Path,
) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    mine = folder / f"{prefix(RECIPIENT)}-{'0' * 24}-aaaaaaaa.tmp"
    other = folder / f"{prefix(RECIPIENT)}-{'0' * 24}-bbbbbbbb.tmp"
    holiday = folder / "holiday-aaaaaaaa.tmp"
    for path in (mine, other, holiday):
        path.write_bytes(b"x")
    Carrier(tmp_path, tag="aaaaaaaa").put(DATA, RECIPIENT)
    assert not mine.exists()
    assert other.exists()
    assert holiday.exists()


def test_a_file_of_the_same_name_is_never_overwritten(tmp_path: Path) -> None:
    carrier = Carrier(tmp_path)
    path = carrier.put(DATA, RECIPIENT)
    before = path.stat()
    assert carrier.put(DATA, RECIPIENT) == path
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    path.write_bytes(b"damaged")
    with pytest.raises(CarrierFaulty):
        carrier.put(DATA, RECIPIENT)
    assert path.read_bytes() == b"damaged"


def test_a_huge_file_with_a_bundles_name_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / name_of(b"", RECIPIENT)
    with path.open("wb") as stream:
        stream.truncate(5 << 30)
    with pytest.raises(FileTooLarge):
        Carrier(tmp_path).get(path)
    with pytest.raises(FileUnreadable):
        Carrier(tmp_path).get(tmp_path / "none.age")
    with pytest.raises(FileUnreadable):
        Carrier(tmp_path).get(tmp_path)


# --- real file systems ---------------------------------------------------------------------


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root"
)
needs_fat = pytest.mark.skipif(
    shutil.which("fusefat") is None or shutil.which("mkfs.vfat") is None,
    reason="needs the packages fusefat and dosfstools",
)


@pytest.fixture
def small_stick(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "stick"
    place.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place))
    try:
        yield place
    finally:
        run("umount", str(place))


class FatStick:
    """A FAT12 image behind the FUSE driver: a stick that can be plugged in and pulled out."""

    def __init__(self, folder: Path, kib: int) -> None:
        self.image, self.place = folder / "stick.img", folder / "fat"
        self.place.mkdir()
        self.image.write_bytes(bytes(kib * 1024))
        run("mkfs.vfat", str(self.image))

    def plug_in(self, *options: str) -> Path:
        run("fusefat", "-o", ",".join(("rw+", *options)), str(self.image), str(self.place))
        return self.place

    def pull_out(self) -> None:
        run("umount", "-l", str(self.place))


@pytest.fixture
def fat(tmp_path: Path) -> Iterator[FatStick]:
    stick = FatStick(tmp_path, 2048)
    try:
        yield stick
    finally:
        if os.path.ismount(stick.place):
            stick.pull_out()


@needs_root
def test_a_stick_without_room_is_told_before_writing(small_stick: Path) -> None:
    with pytest.raises(CarrierFull):
        Carrier(small_stick).put(DATA, RECIPIENT)
    assert not [p for p in small_stick.rglob("*") if p.is_file()]


@needs_root
def test_a_stick_that_fills_up_while_writing_keeps_what_was_on_it(small_stick: Path) -> None:
    class Optimist(Disk):
        def free(self, path):
            return 1 << 40

    old = Carrier(small_stick).put(DATA[:50_000], RECIPIENT)
    for _ in range(10):
        with pytest.raises(CarrierFull):
            Carrier(small_stick, disk=Optimist()).put(DATA, RECIPIENT)
    assert old.read_bytes() == DATA[:50_000]
    assert [p.name for p in small_stick.rglob("*") if p.is_file()] == [old.name]


@needs_root
def test_a_write_protected_stick_is_told(small_stick: Path) -> None:
    run("mount", "-o", "remount,ro", str(small_stick))
    with pytest.raises(CarrierReadOnly):
        Carrier(small_stick).put(DATA[:1000], RECIPIENT)


@needs_root
@needs_fat
def test_a_fat_stick_gives_back_what_was_written_after_it_was_plugged_in_again(
    fat: FatStick, land: Country
) -> None:
    case = land.a.open_case()
    (report,) = export_to(land.a.store, "p", Carrier(fat.plug_in()), at=AT, officer="o")
    fat.pull_out()
    place = fat.plug_in()
    (path,) = Carrier(place).bundles(land.province.keys.recipient)
    assert path.name == Path(report.path).name
    assert land.province.take(Carrier(place).get(path)).new_cases == (case,)


@needs_root
@needs_fat
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_fat_stick_pulled_out_while_writing_is_never_called_done(fat: FatStick, at: int) -> None:
    place = fat.plug_in()
    old = Carrier(place).put(DATA[:30_000], RECIPIENT)
    stick = fat

    class Pulled(Disk):
        writes = 0

        def write(self, stream, data):
            self.writes += 1
            if self.writes == at:
                run("fusermount3", "-u", "-z", str(stick.place))
                raise OSError(errno.EIO, "the driver says so when the device is gone")
            return super().write(stream, data)

    with pytest.raises(CarrierError):
        Carrier(place, disk=Pulled()).put(DATA, RECIPIENT)
    place = fat.plug_in()
    assert (place / FOLDER / old.name).read_bytes() == DATA[:30_000]
    path = Carrier(place).put(DATA, RECIPIENT)
    assert path.read_bytes() == DATA


@needs_root
@needs_fat
def test_an_image_cut_at_any_place_gives_the_bundle_whole_or_not_at_all(
    fat: FatStick, tmp_path: Path
) -> None:
    import random

    place = fat.plug_in()
    path = Carrier(place).put(DATA, RECIPIENT)
    fat.pull_out()
    whole = fat.image.read_bytes()
    pick = random.Random(11)
    for _ in range(12):
        cut = pick.randrange(20_000, len(whole))
        fat.image.write_bytes(whole[:cut] + bytes(len(whole) - cut))
        place = fat.plug_in()
        try:
            found = Carrier(place).bundles(RECIPIENT)
            for one in found:
                data = Carrier(place).get(one)
                assert (data == DATA) == (name_of(data, RECIPIENT) == path.name)
        except CarrierError:
            continue
        finally:
            fat.pull_out()
