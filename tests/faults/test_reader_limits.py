"""No bytes of a stranger crash a reader, take it a second, or 200 MB: changed, nested or blown up."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from faults.forked import Forker
from faults.readers import table_of, within_workbook

EXAMPLES = 150
MANY = int(os.environ.get("FUZZ_EXAMPLES", "1500"))
NAMES = sorted(table_of())


@pytest.fixture(scope="module")
def forker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker]:
    made = Forker(tmp_path_factory.mktemp("forked"), "faults.fuzzer", longest=3_600)
    yield made
    made.close()


@pytest.mark.parametrize("name", NAMES)
def test_changed_bytes_are_read_or_refused(forker: Forker, name: str) -> None:
    forker.run("faults.fuzzer:fuzz", name, 20261128, EXAMPLES)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_many_changed_bytes_are_read_or_refused(forker: Forker, name: str) -> None:
    forker.run("faults.fuzzer:fuzz", name, 20261129, MANY)


# --- files that blow up ------------------------------------------------------------------

SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b"]><worksheet>&m;</worksheet>"
)
DEEP = b"[" * 100_000


def png(width: int, height: int) -> bytes:
    """A picture that says it is so large, with few bytes to show for it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pixels = zlib.compress(bytes(4_000_000))
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    )


def aliases() -> bytes:
    """YAML that grows fourfold with each line."""
    line = b"%c: &%c [*%c, *%c, *%c, *%c]\n"
    return b"a: &a [x]\n" + b"".join(line % (98 + n, 98 + n, *[97 + n] * 4) for n in range(20))


# Reader → small files that would fill the memory of a PC, or its stack.
BLOWN = {
    "workbook": lambda: [
        within_workbook(SHEET, bytes(400_000_000)),
        within_workbook(SHEET, b"<worksheet>" + b"<a>" * 300_000),
        within_workbook(SHEET, LAUGHS),
        within_workbook("xl/styles.xml", LAUGHS),
    ],
    "rows of HTCDS (.xlsx)": lambda: [within_workbook(SHEET, bytes(400_000_000))],
    "packed part": lambda: [
        zstandard.ZstdCompressor(level=3).compress(bytes(48 * 1024 * 1024)),
        zstandard.ZstdCompressor(level=3).compress(bytes(400_000_000)),
    ],
    "photo": lambda: [png(60_000, 60_000), png(20_000, 9_000), png(4_000, 3_000)],
    "scan": lambda: [b"%PDF-1.7\n" + b"1 0 obj<</Kids[" * 50_000],
    "text with columns": lambda: [b";" * 3_000_000, b"a;b\n" * 500_000, b'"' * 2_000_000],
    "directory in HSDS": lambda: [
        DEEP, b'{"a":' * 50_000, b'{"contents":[' + b"{}," * 50_000 + b"0]}",
    ],
    "rows of HTCDS (.json)": lambda: [DEEP, b'{"rows":[' + b"9" * 100_000 + b"]}"],
    "draft of rules": lambda: [DEEP, aliases()],
    "amendments": lambda: [b"- " * 90_000, b"{a: " * 40_000, aliases()],
    "form of a province": lambda: [b"- " * 90_000, DEEP, aliases()],
    "header of a vault": lambda: [DEEP, b'{"slots":' + b"[" * 5_000],
    "change": lambda: [DEEP, b'{"a":' * 50_000, b'{"n":' + b"9" * 500_000 + b"}"],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BLOWN))
def test_what_blows_up_is_refused_in_time_and_memory(
    forker: Forker, name: str, tmp_path: Path
) -> None:
    files = []
    for number, data in enumerate(BLOWN[name]()):
        file = tmp_path / f"{number}"
        file.write_bytes(data)
        files.append(file)
    forker.run("faults.fuzzer:bombs", name, *files)
