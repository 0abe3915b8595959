"""The cabinet of the .msi: packed better, the same files, the same bytes each time."""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "installer" / "windows"))

import cabinet  # noqa: E402
import msi_package  # noqa: E402

BLOCK = 32768
AT = 1795800000


def as_wixl_makes_it(files: dict[str, bytes]) -> bytes:
    """A cabinet whose blocks know nothing of each other."""
    whole = b"".join(files.values())
    blocks = [whole[i : i + BLOCK] for i in range(0, len(whole), BLOCK)]
    data = b""
    for block in blocks:
        packed = cabinet.pack(block, b"")
        sizes = struct.pack("<2H", len(packed), len(block))
        data += struct.pack("<I", 0) + sizes + packed
    entries, offset = b"", 0
    for name, content in files.items():
        entries += struct.pack("<2I4H", len(content), offset, 0, 0x5D7C, 0xBD80, 0x20)
        entries += name.encode("ascii") + b"\0"
        offset += len(content)
    start = 36 + 8 + len(entries)
    head = struct.pack(
        "<4s5I2B5H", b"MSCF", 0, start + len(data), 0, 44, 0, 3, 1, 1, len(files), 0, 0, 0
    )
    return head + struct.pack("<I2H", start, len(blocks), 1) + entries + data


def sample() -> dict[str, bytes]:
    dice = random.Random(7)
    noise = dice.randbytes(3 * BLOCK + 5)
    return {
        # Comes again within 32 KiB, but often not within its block.
        "fone": dice.randbytes(20_000) * 5,
        "fnoise": noise,
        "fagain": noise[BLOCK // 2 :],
        "fempty": b"",
        "flast": b"x",
    }


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_a_block_comes_back_whatever_was_before(block: bytes, before: bytes) -> None:
    assert cabinet.unpack(cabinet.pack(block, before), before) == block


def test_what_cannot_be_made_smaller_still_fits_a_block() -> None:
    noise = random.Random(1).randbytes(BLOCK)
    packed = cabinet.pack(noise, b"")
    assert len(packed) <= BLOCK + 12
    assert cabinet.unpack(packed, b"") == noise


@given(st.binary(max_size=70), st.integers(0, 2**32 - 1))
def test_the_checksum_is_that_of_the_specification(data: bytes, seed: int) -> None:
    slow = seed
    whole = len(data) // 4 * 4
    for (word,) in struct.iter_unpack("<I", data[:whole]):
        slow ^= word
    rest = 0
    for byte in data[whole:]:
        rest = rest << 8 | byte
    assert cabinet.checksum(data, seed) == slow ^ rest


def test_it_is_smaller_of_one_time_and_gives_the_same_files(tmp_path: Path) -> None:
    files = sample()
    before = as_wixl_makes_it(files)
    after = cabinet.repack(before, AT)
    assert len(after) < len(before) - BLOCK // 4
    assert after == cabinet.repack(before.replace(b"\x7c\x5d\x80\xbd", b"\x01\x5d\x00\x08"), AT)
    assert cabinet.repack(after, AT) == after
    if shutil.which("cabextract") is None:
        pytest.skip("cabextract is not here: only our own unpacking was asked")
    (tmp_path / "one.cab").write_bytes(after)
    subprocess.run(["cabextract", "-q", "-d", tmp_path / "out", tmp_path / "one.cab"], check=True)
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == files


def test_a_damaged_block_or_another_kind_of_file_ends_the_build() -> None:
    good = as_wixl_makes_it(sample())
    with pytest.raises((SystemExit, zlib.error)):
        cabinet.repack(good[:-40], AT)
    with pytest.raises(SystemExit):
        cabinet.repack(b"MSCX" + good[4:], AT)


@pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("wixl", "msibuild", "msiinfo")),
    reason="wixl and msitools are not here",
)
def test_a_package_made_twice_is_the_same_and_holds_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(AT))
    made = []
    for turn in ("một", "hai"):
        work = tmp_path / turn
        stage = work / "files"
        (stage / "versions" / "1" / "site").mkdir(parents=True)
        (stage / "traffick-desk.exe").write_bytes(b"MZ" + bytes(5000))
        for name, content in sample().items():
            (stage / "versions" / "1" / "site" / name).write_bytes(content)
        (stage / "versions" / "1" / "files.json").write_text("{}")
        if turn == "hai":
            for path in stage.rglob("*"):
                os.utime(path, (1, 1))
        made.append(msi_package.package(work, stage, work / "desk.msi").read_bytes())
    assert made[0] == made[1]
    assert b"traffick-desk.bundle" in made[0]
    subprocess.run(
        ["msiextract", "-C", tmp_path / "out", tmp_path / "một" / "desk.msi"],
        check=True, capture_output=True,
    )  # fmt: skip
    (found,) = (tmp_path / "out").rglob("site")
    assert {p.name: p.read_bytes() for p in found.iterdir()} == sample()
