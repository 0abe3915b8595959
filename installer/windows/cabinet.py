"""Makes a ``.msi`` of wixl smaller, and the same each time.

wixl 0.101 packs each 32 KiB of a cabinet by itself, though MSZIP lets a block refer back to the one
before it ([MS-MCI], 2.1); and it writes the time of day and a fresh package code. Here the blocks
are packed anew with what went before as their dictionary, and times and code follow from the build.
"""

from __future__ import annotations

import datetime as dt
import struct
import subprocess
import tempfile
import uuid
import zlib
from pathlib import Path

_HEADER = struct.Struct("<4s5I2B5H")
_FOLDER = struct.Struct("<I2H")
_FILE = struct.Struct("<2I4H")
_BLOCK = struct.Struct("<I2H")
_MSZIP, _STORED_MOST = 1, 32 * 1024 + 12
_STREAM = "desk.cab"
# The property set of a package's summary ([MS-OLEPS]): its name, and the properties that change.
_SUMMARY = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
_CODE, _CREATED, _SAVED = 9, 12, 13
_TEXT, _TIME = 30, 64


def checksum(data: bytes, seed: int = 0) -> int:
    """That of cabinets: the words of four bytes, one over the other; the rest backwards."""
    whole = len(data) & ~3
    folded = int.from_bytes(data[:whole], "little")
    words = whole // 4
    while words > 1:
        half = (words + 1) // 2
        folded = (folded & ((1 << (32 * half)) - 1)) ^ (folded >> (32 * half))
        words = half
    return seed ^ folded ^ int.from_bytes(data[whole:], "big")


def pack(block: bytes, before: bytes) -> bytes:
    """One block of MSZIP; *before* is the block before it, unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=before) if before else None
    packer = packer or zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    packed = packer.compress(block) + packer.flush()
    if len(packed) > _STORED_MOST - 2:
        packed = b"\x01" + struct.pack("<2H", len(block), len(block) ^ 0xFFFF) + block
    return b"CK" + packed


def unpack(packed: bytes, before: bytes) -> bytes:
    """The other way round."""
    reader = zlib.decompressobj(-15, zdict=before) if before else zlib.decompressobj(-15)
    return reader.decompress(packed[2:]) + reader.flush()


def repack(cabinet: bytes, at: int) -> bytes:
    """The same files, better packed, all of the time *at* (seconds since 1970).

    Raises:
        SystemExit: it is no cabinet as wixl makes them.
    """
    header = list(_HEADER.unpack_from(cabinet))
    folders, files, flags = header[8], header[9], header[10]
    if header[0] != b"MSCF" or flags or folders < 1:
        raise SystemExit("this is no cabinet as wixl makes them")
    moment = dt.datetime.fromtimestamp(at, dt.UTC)
    day = (moment.year - 1980) << 9 | moment.month << 5 | moment.day
    clock = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    entries = bytearray()
    place = header[4]
    for _n in range(files):
        size, offset, folder, _day, _clock, attributes = _FILE.unpack_from(cabinet, place)
        end = cabinet.index(b"\0", place + _FILE.size) + 1
        entries += _FILE.pack(size, offset, folder, day, clock, attributes)
        entries += cabinet[place + _FILE.size : end]
        place = end
    table, data = bytearray(), bytearray()
    begin = _HEADER.size + folders * _FOLDER.size + len(entries)
    for n in range(folders):
        start, blocks, kind = _FOLDER.unpack_from(cabinet, _HEADER.size + n * _FOLDER.size)
        if kind != _MSZIP:
            raise SystemExit("a folder of this cabinet is not packed by MSZIP")
        table += _FOLDER.pack(begin + len(data), blocks, kind)
        data += _repacked(cabinet, start, blocks)
    header[2] = begin + len(data)
    header[4] = _HEADER.size + len(table)
    return _HEADER.pack(*header) + bytes(table) + bytes(entries) + bytes(data)


def _repacked(cabinet: bytes, place: int, blocks: int) -> bytes:
    out = bytearray()
    before_there = before_here = b""
    for _n in range(blocks):
        _sum, packed, plain = _BLOCK.unpack_from(cabinet, place)
        place += _BLOCK.size
        block = unpack(cabinet[place : place + packed], before_there)
        place += packed
        if len(block) != plain:
            raise SystemExit("a block of this cabinet does not unpack")
        better = pack(block, before_here)
        if unpack(better, before_here) != block:
            raise SystemExit("a block was not packed well")
        before_there = before_here = block
        sizes = struct.pack("<2H", len(better), plain)
        out += struct.pack("<I", checksum(sizes, checksum(better))) + sizes + better
    return bytes(out)


def steady(package: bytes, at: int, code: uuid.UUID) -> bytes:
    """*package* with a fixed time and package code in its summary."""
    found = package.find(_SUMMARY)
    if found < 0 or package.find(_SUMMARY, found + 1) >= 0:
        raise SystemExit("the summary of the package was not found")
    out = bytearray(package)
    # The set's place follows its name, counted from the stream's beginning 28 bytes earlier.
    base = found - 28 + struct.unpack_from("<I", package, found + 16)[0]
    _size, count = struct.unpack_from("<2I", package, base)
    # Windows counts tenths of microseconds from 1601.
    time = struct.pack("<Q", (at + 11_644_473_600) * 10_000_000)
    text = f"{{{code}}}".upper().encode("ascii")
    changed = 0
    for n in range(count):
        identity, offset = struct.unpack_from("<2I", package, base + 8 + 8 * n)
        here = base + offset
        (kind,) = struct.unpack_from("<I", package, here)
        if identity == _CODE and kind == _TEXT:
            out[here + 8 : here + 8 + len(text)] = text
            changed += 1
        elif identity in (_CREATED, _SAVED) and kind == _TIME:
            out[here + 4 : here + 12] = time
            changed += 1
    if changed != 3:
        raise SystemExit("the summary of the package has another form than expected")
    return bytes(out)


def finish(package: Path, at: int, code: uuid.UUID) -> None:
    """Pack the cabinet in *package* anew and make its summary steady."""
    command = ["msiinfo", "extract", str(package), _STREAM]
    cabinet = subprocess.run(command, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        better = Path(folder) / _STREAM
        better.write_bytes(repack(cabinet, at))
        subprocess.run(["msibuild", str(package), "-a", _STREAM, str(better)], check=True)
    package.write_bytes(steady(package.read_bytes(), at, code))
