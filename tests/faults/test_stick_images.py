"""FAT32 and exFAT sticks as images behind their FUSE drivers: full, read-only, cut anywhere."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from traffick_desk.sync.carriers import (
    FOLDER,
    Carrier,
    CarrierError,
    CarrierFull,
    CarrierReadOnly,
    name_of,
)

RECIPIENT = "age1pq1" + "q" * 60
DATA = random.Random(5).randbytes(300_000)
OLD = random.Random(6).randbytes(40_000)
MIB = 1024 * 1024
# kind → (size of the image, how it is made, how it is mounted): the smallest that each kind allows.
KINDS = {
    "fat32": (34 * MIB, ("mkfs.vfat", "-F", "32", "-s", "1"), "fusefat"),
    "exfat": (4 * MIB, ("mkfs.exfat",), "mount.exfat-fuse"),
}


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid")
    or os.geteuid() != 0
    or any(
        shutil.which(tool) is None for _s, make, tool in KINDS.values() for tool in (tool, make[0])
    ),
    reason="needs root and the packages fusefat, dosfstools, exfat-fuse and exfatprogs",
)


class Stick:
    """An image that can be plugged in, pulled out, and cut while it is out."""

    def __init__(self, folder: Path, kind: str) -> None:
        size, make, self.driver = KINDS[kind]
        self.image, self.place = folder / f"{kind}.img", folder / kind
        self.place.mkdir()
        self.loop = ""
        with self.image.open("wb") as stream:
            stream.truncate(size)
        run(*make, str(self.image))

    def plug_in(self, *, read_only: bool = False) -> Path:
        if self.driver == "fusefat":
            options = () if read_only else ("-o", "rw+")
            run(self.driver, *options, str(self.image), str(self.place))
            return self.place
        # This driver wants a block device.
        made = subprocess.run(
            ("losetup", "--find", "--show", str(self.image)), check=True, capture_output=True
        )
        self.loop = made.stdout.decode().strip()
        run(self.driver, *(("-o", "ro") if read_only else ()), self.loop, str(self.place))
        return self.place

    def pull_out(self) -> None:
        if os.path.ismount(self.place):
            run("umount", str(self.place))
        if self.loop:
            run("losetup", "--detach", self.loop)
            self.loop = ""


# fusefat neither says how much room there is nor that there is none, and cannot mount read-only.
only_exfat = pytest.mark.parametrize("stick", ["exfat"], indirect=True)


@pytest.fixture(params=KINDS)
def stick(request, tmp_path: Path) -> Iterator[Stick]:
    made = Stick(tmp_path, request.param)
    try:
        yield made
    finally:
        made.pull_out()


def test_what_was_written_is_there_after_it_was_plugged_in_again(stick: Stick) -> None:
    path = Carrier(stick.plug_in()).put(DATA, RECIPIENT)
    stick.pull_out()
    (found,) = Carrier(stick.plug_in()).bundles(RECIPIENT)
    assert found.name == path.name
    assert Carrier(stick.place).get(found) == DATA
    # The same bundle again is there already, and not twice.
    assert Carrier(stick.place).put(DATA, RECIPIENT).name == path.name
    assert len(Carrier(stick.place).bundles(RECIPIENT)) == 1


@only_exfat
def test_a_full_stick_is_told_and_keeps_what_it_has(stick: Stick) -> None:
    place = stick.plug_in()
    old = Carrier(place).put(OLD, RECIPIENT)
    room = shutil.disk_usage(place).free
    with (place / "film.mp4").open("wb") as stream:
        stream.write(bytes(room - 100_000))
    with pytest.raises(CarrierFull):
        Carrier(place).put(DATA, RECIPIENT)
    assert old.read_bytes() == OLD
    assert [p.name for p in (place / FOLDER).iterdir()] == [old.name]
    (place / "film.mp4").unlink()
    assert Carrier(place).put(DATA, RECIPIENT).read_bytes() == DATA


@only_exfat
def test_a_write_protected_stick_is_told(stick: Stick) -> None:
    place = stick.plug_in()
    old = Carrier(place).put(OLD, RECIPIENT)
    stick.pull_out()
    place = stick.plug_in(read_only=True)
    with pytest.raises(CarrierReadOnly):
        Carrier(place).put(DATA, RECIPIENT)
    assert Carrier(place).get(place / FOLDER / old.name) == OLD


def cuts(stick: Stick, number: int, seed: int) -> tuple[int, int, int]:
    """Cut the image at *number* places after a write; how often whole, absent, told as broken.

    Everything from the cut on is as before the write: what never reached the medium.
    """
    Carrier(stick.plug_in()).put(OLD, RECIPIENT)
    stick.pull_out()
    before = stick.image.read_bytes()
    Carrier(stick.plug_in()).put(DATA, RECIPIENT)
    stick.pull_out()
    after = stick.image.read_bytes()
    differ = [i for i in range(0, len(after), 512) if before[i : i + 512] != after[i : i + 512]]
    pick = random.Random(seed)
    whole = absent = broken = 0
    for _cut in range(number):
        # Sectors reach the medium in no order: a random part of those that changed did.
        image = bytearray(before)
        for start in pick.sample(differ, pick.randint(0, len(differ))):
            image[start : start + 512] = after[start : start + 512]
        stick.image.write_bytes(image)
        try:
            place = stick.plug_in()
        except subprocess.CalledProcessError:
            stick.pull_out()
            broken += 1
            continue
        try:
            names = {}
            for path in Carrier(place).bundles(RECIPIENT):
                names[path.name] = Carrier(place).get(path)
            # A bundle that is not what was written is told by its digest, never taken for it.
            good = [n for n, data in names.items() if name_of(data, RECIPIENT) == n]
            if name_of(DATA, RECIPIENT) in good:
                whole += 1
                assert names[name_of(DATA, RECIPIENT)] == DATA
            else:
                absent += 1
        except (CarrierError, OSError):
            broken += 1
        finally:
            stick.pull_out()
    stick.image.write_bytes(after)
    return whole, absent, broken


def test_pulled_out_at_any_moment_the_bundle_is_whole_or_not_there(stick: Stick) -> None:
    whole, absent, broken = cuts(stick, 8, seed=1)
    assert whole + absent + broken == 8
    assert Carrier(stick.plug_in()).put(DATA, RECIPIENT).read_bytes() == DATA


@pytest.mark.slow
def test_pulled_out_five_hundred_times(stick: Stick) -> None:
    assert sum(cuts(stick, 500, seed=2)) == 500
