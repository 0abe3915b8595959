"""Every reader of foreign bytes either understands them or refuses them, whatever they are."""

from __future__ import annotations

import contextlib
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync.certificate import Certificate
from traffick_desk.sync.enrolment import Public, read_answer, read_request
from traffick_desk.sync.errors import SyncError
from traffick_desk.sync.manifest import FORMAT, Manifest, PartInfo
from traffick_desk.sync.parts import pack, unpack
from traffick_desk.sync.wire import WireInvalid

OWN = Public("a", "commune", "2025/00001", "x", bytes(32), "age1")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20)
    | st.sampled_from(["0" * 64, "a", "commune", "2026-03-02T09:00+07:00", "age1" + "q" * 58]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["seq", "chain", "journal", "audit", "kind", "x"]), inner),
    max_leaves=8,
)  # fmt: skip
MANIFEST = (
    "after", "format", "heads", "made_at", "number", "parts", "previous", "program", "reads",
    "receipts", "receiver", "schema", "seen", "sender",
)  # fmt: skip
CERTIFICATE = (
    "kind", "version", "serial", "issued_at", "issuer", "officers", "signature", "device",
    "label", "profile", "recipient", "unit", "verify_key", "made_at", "certificate", "province",
)  # fmt: skip


def read_all(data: bytes) -> None:
    with contextlib.suppress(WireInvalid):
        Manifest.decode(data)
    for read in (Certificate.decode, read_request, lambda d: read_answer(d, OWN)):
        with contextlib.suppress(SyncError):
            read(data)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    read_all(data)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(MANIFEST), VALUES) | st.dictionaries(
    st.sampled_from(CERTIFICATE), VALUES))  # fmt: skip
def test_any_members(value: dict) -> None:
    read_all(json.dumps(value).encode())
    with contextlib.suppress(UnicodeEncodeError):
        read_all(dump_canonical(value))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries(dict.fromkeys(MANIFEST, VALUES)))
def test_all_members_with_any_values(value: dict) -> None:
    with contextlib.suppress(UnicodeEncodeError):
        read_all(dump_canonical({**value, "format": FORMAT}))


def test_deep_nesting_and_long_numbers_are_refused_at_once() -> None:
    for data in (b"[" * 60_000, b'{"a":' * 10_000, b'{"number":' + b"9" * 60_000 + b"}"):
        read_all(data)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.binary(min_size=1, max_size=50), max_size=20))
def test_parts_come_back_as_they_were(items: list[bytes]) -> None:
    info, packed = pack("changes", items)
    assert unpack(info, packed) == items


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200), st.integers(0, 1_000), st.integers(0, 5))
def test_any_bytes_as_a_part(data: bytes, raw: int, items: int) -> None:
    import hashlib

    info = PartInfo("changes", items, raw, len(data), hashlib.sha256(data).digest())
    with contextlib.suppress(WireInvalid):
        unpack(info, data)
