"""A bundle with anything changed, cut off or added is refused, and nothing is touched."""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.craft import craft, manifest
from sync.desks import Country
from traffick_desk.sync.bundle import KeyOf, open_bundle, peek, plain_bytes, read_plain, seal
from traffick_desk.sync.errors import BundleRefused, SyncError
from traffick_desk.sync.intake import known_keys
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.parts import pack


class Target:
    """A bundle from commune A as it lies on a stick, and the province that would read it."""

    def __init__(self, land: Country) -> None:
        land.a.open_case()
        self.land = land
        self.data = land.a.bundle(land.province)
        self.keys: DeviceKeys = land.province.keys
        with land.province.store.read() as cursor:
            self.known: KeyOf = known_keys(cursor, "p")
        self.header = self.data.index(b"\n--- ") + 49

    def opens(self, data: bytes) -> bool:
        try:
            open_bundle(data, self.keys.identities, self.known)
        except BundleRefused:
            return False
        return True


@pytest.fixture
def target(land: Country) -> Target:
    found = Target(land)
    assert found.opens(found.data)
    return found


def flipped(data: bytes, bits: Iterator[int] | range | list[int]) -> Iterator[bytes]:
    changed = bytearray(data)
    for bit in bits:
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)
        changed[bit // 8] ^= 1 << bit % 8


def test_a_flipped_bit_anywhere_is_refused(target: Target) -> None:
    size = len(target.data) * 8
    sample = random.Random(5).sample(range(target.header * 8, size), 3_000)
    head = range(0, target.header * 8, 3)
    assert not any(target.opens(data) for data in flipped(target.data, [*head, *sample]))


@pytest.mark.slow
def test_every_flipped_bit_is_refused(target: Target) -> None:
    assert not any(target.opens(data) for data in flipped(target.data, range(len(target.data) * 8)))


def test_a_cut_off_bundle_is_refused(target: Target) -> None:
    lengths = [*range(target.header + 64), *range(target.header, len(target.data), 97)]
    lengths += range(len(target.data) - 64, len(target.data))
    assert not any(target.opens(target.data[:length]) for length in lengths)


@pytest.mark.slow
def test_every_cut_off_bundle_is_refused(target: Target) -> None:
    assert not any(target.opens(target.data[:length]) for length in range(len(target.data)))


def test_a_bundle_with_something_behind_or_before_it_is_refused(target: Target) -> None:
    for size in range(1, 65):
        assert not target.opens(target.data + bytes(size))
        assert not target.opens(target.data + target.data[-size:])
    assert not target.opens(b"\n" + target.data)
    assert not target.opens(target.data + target.data)


def test_parts_of_two_bundles_put_together_are_refused(target: Target) -> None:
    target.land.a.open_case()
    other = target.land.a.bundle(target.land.province)
    for at in (target.header, target.header + 16, 2_000, 8_000, len(other) - 16):
        assert not target.opens(target.data[:at] + other[at:])
        assert not target.opens(other[:at] + target.data[at:])


def test_text_armour_is_refused(target: Target) -> None:
    from traffick_desk.vault.age import armor

    assert not target.opens(armor(target.data))


def test_an_import_that_is_refused_changes_nothing_and_leaves_no_file(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    before = target.land.province.dump()
    files = sorted(p.name for p in tmp_path.rglob("*"))
    picks = random.Random(7).sample(range(len(target.data) * 8), 40)
    texts = {
        (report.outcome, report.message)
        for data in [*flipped(target.data, picks), target.data[:-1], target.data + b"x", b"", b"a"]
        if (report := target.land.province.take(data))
    }
    assert texts == {("refused", str(BundleRefused()))}
    assert target.land.province.dump() == before
    assert sorted(p.name for p in tmp_path.rglob("*")) == files
    assert target.land.province.take(target.data).outcome == "applied"


def test_no_name_of_a_case_is_ever_on_the_disk_in_the_clear(land: Country) -> None:
    land.a.open_case("MARKERNAME")
    made = land.a.make(land.province, most_raw=200)
    for one in reversed(made):
        land.province.take(one.data)
    for path in land.folder.rglob("*"):
        assert b"MARKERNAME" not in path.read_bytes()
    assert all(b"MARKERNAME" not in one.data for one in made)


# --- what is well sealed but wrong inside: anyone can seal to a public key -----------------


def resealed(target: Target, plain: bytes) -> bytes:
    return seal(plain, target.keys.recipient)


@pytest.fixture
def plain(target: Target) -> bytes:
    return open_bundle(target.data, target.keys.identities, target.known).plain


def read_all(plain: bytes, known: KeyOf) -> None:
    inside = read_plain(plain, known)
    # Only a bit of a part comes this far: the manifest's digests catch it.
    for kind in ("certificates", "changes"):
        inside.part(kind)


def test_a_flipped_bit_inside_the_seal_is_refused(target: Target, plain: bytes) -> None:
    head = range(0, 1_200 * 8, 2)
    sample = random.Random(3).sample(range(1_200 * 8, len(plain) * 8), 1_500)
    for data in flipped(plain, [*head, *sample]):
        with pytest.raises(SyncError):
            read_all(data, target.known)


def test_wrong_padding_is_refused(target: Target, plain: bytes) -> None:
    assert target.opens(resealed(target, plain))
    for data in (plain[:-1], plain + b"\0", plain + bytes(4096), plain[:-1] + b"\1"):
        assert not target.opens(resealed(target, data))


@pytest.mark.parametrize("size", [0, 1, 63, 64, 127, 128, 129, 500])
def test_an_inside_that_ends_early_is_refused(target: Target, plain: bytes, size: int) -> None:
    assert not target.opens(resealed(target, plain[:size]))


def test_a_stranger_who_seals_well_is_refused(target: Target) -> None:
    stranger = DeviceKeys.generate("a")
    report = target.land.province.take(craft(stranger, target.land.province))
    assert (report.outcome, report.code) == ("refused", "unknown-sender")
    assert report.message == str(BundleRefused())


def test_a_part_that_unpacks_to_more_than_it_says_is_refused(target: Target) -> None:
    from dataclasses import replace

    keys = target.land.a.keys
    info, packed = pack("changes", [b"x" * 1_000_000] * 40)
    empty, packed_empty = pack("certificates", [])
    assert len(packed) < 10_000
    for raw in (0, 1_000, info.raw - 1, info.raw + 1):
        made = manifest("a", "p", parts=(empty, replace(info, raw=raw)))
        data = seal(plain_bytes(made, (packed_empty, packed), keys), target.keys.recipient)
        report = target.land.province.take(data)
        assert (report.outcome, report.message) == ("refused", str(BundleRefused()))


def test_a_part_declared_larger_than_the_limit_is_refused_before_it_is_unpacked(
    target: Target,
) -> None:
    from dataclasses import replace

    empty, packed = pack("certificates", [])
    info = replace(pack("changes", [])[0], raw=1 << 40)
    made = manifest("a", "p", parts=(empty, info))
    data = seal(plain_bytes(made, (packed, b""), target.land.a.keys), target.keys.recipient)
    assert target.land.province.take(data).code == "manifest: part size"


def test_peeking_refuses_what_opening_refuses(target: Target) -> None:
    manifest_, _digest = peek(io.BytesIO(target.data), target.keys.identities, target.known)
    assert manifest_.sender == "a"
    for data in flipped(target.data, range(0, target.header * 8, 11)):
        with pytest.raises(BundleRefused):
            peek(io.BytesIO(data), target.keys.identities, target.known)
