"""Names, order and the one stick for many desks."""

from __future__ import annotations

import re
from pathlib import Path

import psutil
import pytest

from sync.desks import AT, Country
from traffick_desk.sync import sticks as sticks_module
from traffick_desk.sync.bundle import SMALLEST, padded
from traffick_desk.sync.carriers import FOLDER, Carrier, name_of, prefix
from traffick_desk.sync.collect import import_from
from traffick_desk.sync.errors import BundleRefused
from traffick_desk.sync.export import export_to
from traffick_desk.sync.sticks import sticks


def put(land: Country, sender, receiver, place: Path):
    return export_to(sender.store, receiver.device, Carrier(place), at=AT, officer="o")


def collect(desk, place: Path):
    return import_from(desk.store, Carrier(place), at=AT, officer="o")


def test_names_say_nothing_and_fit_every_file_system(land: Country, tmp_path: Path) -> None:
    (report,) = put(land, land.a, land.province, tmp_path)
    name = Path(report.path).name
    assert re.fullmatch(r"td-[0-9a-f]{8}-[0-9a-f]{24}\.age", name)
    assert Path(report.path).parent.name == FOLDER
    assert name == name_of(Path(report.path).read_bytes(), land.province.keys.recipient)
    data = Path(report.path).read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n-> mlkem768x25519 ")
    for word in (b"commune", b"Desk", b"traffick", b"TDBUNDLE"):
        assert word not in data


def test_one_stick_carries_bundles_for_many_desks(land: Country, tmp_path: Path) -> None:
    case_a, case_b = land.a.open_case(), land.b.open_case()
    put(land, land.a, land.province, tmp_path)
    put(land, land.b, land.province, tmp_path)
    reports = collect(land.province, tmp_path)
    assert [r.outcome for r in reports] == ["applied", "applied"]
    assert {c for r in reports for c in r.new_cases} == {case_a, case_b}
    put(land, land.province, land.a, tmp_path)
    put(land, land.province, land.b, tmp_path)
    (report,) = collect(land.a, tmp_path)
    assert (report.sender, report.receipts) == ("p", 1)


def test_old_files_on_a_stick_are_known_and_cost_nothing(
    land: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        land.a.open_case()
        put(land, land.a, land.province, tmp_path)
    assert {r.outcome for r in collect(land.province, tmp_path)} == {"applied"}
    monkeypatch.setattr(Carrier, "get", lambda *_: pytest.fail("read again"))
    reports = collect(land.province, tmp_path)
    assert [r.outcome for r in reports] == ["already"] * 4
    assert all(r.message and r.sender_label == "Desk a" for r in reports)


def test_files_are_taken_in_the_order_of_their_numbers(land: Country, tmp_path: Path) -> None:
    for _ in range(6):
        land.a.open_case()
    carrier = Carrier(tmp_path)
    for made in reversed(land.a.make(land.province, most_raw=300)):
        carrier.put(made.data, made.recipient)
    reports = collect(land.province, tmp_path)
    assert [r.number for r in reports] == list(range(1, len(reports) + 1))
    assert {r.outcome for r in reports} == {"applied"}


def test_one_bad_file_does_not_keep_the_others_out(land: Country, tmp_path: Path) -> None:
    (first,) = put(land, land.a, land.province, tmp_path)
    path = Path(first.path)
    path.write_bytes(path.read_bytes()[:-5])
    prefix_ = prefix(land.province.keys.recipient)
    (path.parent / f"{prefix_}-{'0' * 24}.age").write_bytes(b"not a bundle")
    (path.parent / f"{prefix_}-{'1' * 24}.age").mkdir()
    case = land.b.open_case()
    put(land, land.b, land.province, tmp_path)
    reports = collect(land.province, tmp_path)
    assert sorted(r.outcome for r in reports) == ["applied", "refused", "refused", "refused"]
    assert str(BundleRefused()) in {r.message for r in reports}
    assert land.province.cases() == {case}


def test_the_folder_itself_may_be_chosen(land: Country, tmp_path: Path) -> None:
    put(land, land.a, land.province, tmp_path)
    assert len(collect(land.province, tmp_path / FOLDER)) == 1


def test_an_empty_stick_brings_nothing(land: Country, tmp_path: Path) -> None:
    assert collect(land.province, tmp_path) == ()


def test_sizes_tell_little(land: Country) -> None:
    sizes = {len(land.a.bundle(land.province))}
    for _ in range(5):
        land.a.open_case()
        sizes.add(len(land.a.bundle(land.province)))
    assert len(sizes) == 1
    assert padded(1) == SMALLEST
    for size in (16_385, 100_000, 1_000_001, 33_000_000):
        assert size <= padded(size) <= size * 1.12
        assert padded(padded(size)) == padded(size)


def test_progress_reaches_its_end(land: Country, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    Carrier(tmp_path).put(
        bytes(600_000), land.a.keys.recipient, lambda done, total, _t: seen.append((done, total))
    )
    assert seen[-1] == (600_000, 600_000)
    assert all(0 <= done <= total for done, total in seen)


class Partition:
    def __init__(self, device: str, mount: Path, fstype: str, opts: str) -> None:
        self.device, self.mountpoint, self.fstype, self.opts = device, str(mount), fstype, opts


def test_sticks_are_found_by_what_the_system_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = tmp_path / "block"
    for name, removable in (("sdb", "1"), ("sda", "0")):
        (block / name / f"{name}1").mkdir(parents=True)
        (block / name / "removable").write_text(removable + "\n")
        (block / f"{name}1").symlink_to(block / name / f"{name}1")
    usb, inner, gone = tmp_path / "USB", tmp_path / "inner", tmp_path / "gone"
    usb.mkdir()
    inner.mkdir()
    parts = [
        Partition("/dev/sdb1", usb, "vfat", "rw,nosuid"),
        Partition("/dev/sdb1", usb, "vfat", "ro,nosuid"),
        Partition("/dev/sda1", inner, "ext4", "rw"),
        Partition("/dev/sdb1", gone, "exfat", "rw"),
        Partition("/dev/sdb1", usb, "iso9660", "ro,cdrom"),
    ]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: parts)
    found = sticks(block)
    assert [(s.label, s.filesystem, s.writable) for s in found] == [
        ("USB", "vfat", True),
        ("USB", "vfat", False),
    ]
    assert found[0].free > 0


def test_on_windows_the_drive_type_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sticks_module.sys, "platform", "win32")
    assert sticks_module._removable("E:\\", "E:\\", ["rw", "removable"], tmp_path)
    assert not sticks_module._removable("C:\\", "C:\\", ["rw", "fixed"], tmp_path)
    assert not sticks_module._removable("D:\\", "D:\\", ["ro", "cdrom"], tmp_path)
