"""The vault file: one spelling, no byte of it changeable, whole after any interruption."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traffick_desk.vault import header as h
from traffick_desk.vault import slots
from traffick_desk.vault.errors import (
    HeaderDamaged,
    HeaderMissing,
    HeaderNewer,
    HeaderNotWritten,
    HeaderTampered,
    HeaderUnreadable,
    VaultError,
)
from traffick_desk.vault.strict_json import canonical
from vault.conftest import OFFICERS, new_header


def test_a_header_comes_back_from_its_bytes(vault):
    assert h.decode(h.encode(vault.header)) == vault.header


def test_every_flipped_bit_is_refused(small):
    header, dek = small
    data = bytearray(h.encode(header))
    parsed = 0
    for at in range(len(data)):
        for bit in range(8):
            data[at] ^= 1 << bit
            try:
                changed = h.decode(bytes(data))
            except (HeaderDamaged, HeaderNewer):
                pass
            else:
                parsed += 1
                with pytest.raises(HeaderTampered):
                    h.verify_header(changed, dek)
            data[at] ^= 1 << bit
    assert parsed > 1000  # the MAC was really asked


def test_every_truncation_and_appendix_is_refused(small):
    data = h.encode(small[0])
    for length in range(len(data)):
        with pytest.raises(HeaderDamaged):
            h.decode(data[:length])
    for extra in (b" ", b"\n", b"{}", b"\0", data):
        with pytest.raises(HeaderDamaged):
            h.decode(data + extra)


def test_every_field_is_needed_and_none_may_be_added(small):
    value = json.loads(h.encode(small[0]))
    places = [(), ("slots", 0), ("slots", 0, "kdf")]
    for place in places:
        for name in [*_at(value, place), None]:
            changed = json.loads(h.encode(small[0]))
            if name is None:
                _at(changed, place)["extra"] = 1
            else:
                del _at(changed, place)[name]
            with pytest.raises(HeaderDamaged):
                h.decode(canonical(changed))


def _at(value, place):
    for step in place:
        value = value[step]
    return value


@pytest.mark.parametrize(
    ("place", "name", "bad"),
    [
        ((), "format", 0),
        ((), "format", True),
        ((), "format", "1"),
        ((), "format", None),
        ((), "profile", "ward"),
        ((), "unit", "../x"),
        ((), "unit", ""),
        ((), "schema_min", -1),
        ((), "desk_label", "a\u202eb"),
        ((), "desk_label", "a\nb"),
        ((), "desk_label", "x" * 201),
        ((), "journal_head", []),
        ((), "journal_head", "x"),
        ((), "cipher", "sqlcipher-3"),
        ((), "slots", {}),
        ((), "epoch", 0),
        ((), "mac", ""),
        ((), "mac", "A" * 64),
        ((), "vault_id", "x"),
        (("slots", 0), "kind", "guest"),
        (("slots", 0), "id", "A" * 16),
        (("slots", 0), "wrapped", "AAAA"),
        (("slots", 0), "recipient", "AAAA"),
        (("slots", 0), "login", ""),
        (("slots", 0), "sealed", "A"),
        (("slots", 0, "kdf"), "memory_kib", 65535),
        (("slots", 0, "kdf"), "memory_kib", 2**40),
        (("slots", 0, "kdf"), "iterations", 1),
        (("slots", 0, "kdf"), "iterations", 11),
        (("slots", 0, "kdf"), "lanes", 1),
        (("slots", 0, "kdf"), "lanes", 99),
        (("slots", 0, "kdf"), "name", "pbkdf2"),
        (("slots", 0, "kdf"), "salt", "AAAA"),
    ],
)
def test_a_value_that_the_program_never_writes_is_refused(small, place, name, bad):
    value = json.loads(h.encode(small[0]))
    _at(value, place)[name] = bad
    with pytest.raises(HeaderDamaged):
        h.decode(canonical(value))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null\n",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"\xff\xfe",
        b'{"format":NaN}',
        b'{"format":1e400}',
        b'{"format":' + b"9" * 5000 + b"}",
        b'{"a":1,"a":1}',
        b'{"a":"\\ud800"}\n',
        b"\0" * 100,
        b"x" * (64 * 1024 + 1),
    ],
)
def test_a_hostile_file_is_refused_and_never_crashes(data):
    with pytest.raises(HeaderDamaged):
        h.decode(data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(data):
    with pytest.raises((HeaderDamaged, HeaderNewer)):
        h.decode(data)


def test_a_duplicate_key_is_refused(small):
    data = h.encode(small[0])
    with pytest.raises(HeaderDamaged):
        h.decode(data.replace(b'{"anchor"', b'{"epoch":1,"anchor"', 1))


def test_two_slots_with_one_login_are_refused(vault):
    first, second, *rest = vault.header.slots
    header = replace(vault.header, slots=(first, replace(second, login=first.login), *rest))
    with pytest.raises(HeaderDamaged):
        h.seal_header(header, vault.key())


def test_a_newer_format_is_named_as_such_even_with_fields_unknown_here(small):
    value = json.loads(h.encode(small[0]))
    value |= {"format": 2, "something": "new"}
    with pytest.raises(HeaderNewer) as caught:
        h.decode(canonical(value))
    assert "newer version" in str(caught.value)


def test_a_program_older_than_the_schema_is_refused(vault):
    h.check_schema(vault.header, 1)
    h.check_schema(vault.header, 5)
    with pytest.raises(HeaderNewer):
        h.check_schema(vault.header, 0)


heads = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=8), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text("abc", max_size=5), heads, max_size=3))
def test_any_head_of_plain_json_comes_back(head):
    header, dek = new_header()
    header = slots.with_heads(header, dek, journal_head=head, audit_head=None)
    again = h.decode(h.encode(header))
    assert again.journal_head == head
    h.verify_header(again, dek)


@pytest.mark.parametrize(
    "head",
    [
        {"a": 0.5},
        {"a": 2**63},
        {"a": float("inf")},
        {1: 2},
        {"a": "\ud800"},
        {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": 1}}}}}}}}},
    ],
)
def test_a_head_that_the_file_cannot_hold_is_refused(head):
    header, dek = new_header()
    with pytest.raises((VaultError, ValueError)):
        slots.with_heads(header, dek, journal_head=head, audit_head=None)


# --- the file ------------------------------------------------------------------------------


def test_a_file_comes_back_and_keeps_the_one_before(tmp_path, vault):
    path = tmp_path / h.FILE_NAME
    h.write_header(path, vault.header, vault.dek)
    assert not h.previous_path(path).exists()
    later = slots.with_heads(vault.header, vault.key(), journal_head={"n": 2}, audit_head=None)
    h.write_header(path, later, vault.dek)
    assert h.read_header(path) == later
    assert h.read_header(h.previous_path(path)) == vault.header
    assert sorted(p.name for p in tmp_path.iterdir()) == ["vault.json", "vault.json.old"]


@pytest.mark.skipif(os.name != "posix", reason="access bits exist on POSIX only")
def test_only_the_owner_may_read_the_file(tmp_path, vault):
    path = tmp_path / h.FILE_NAME
    h.write_header(path, vault.header, vault.dek)
    assert path.stat().st_mode & 0o077 == 0


def test_a_removed_slot_does_not_live_on_in_the_copy(tmp_path, vault):
    path = tmp_path / h.FILE_NAME
    h.write_header(path, vault.header, vault.dek)
    h.write_header(path, slots.with_desk(vault.header, vault.key(), unit="2025/02"), vault.dek)
    assert h.previous_path(path).exists()
    less = slots.remove_slot(vault.header, vault.key(), vault.header.slots[0].id)
    h.write_header(path, less, vault.dek)
    assert h.read_header(h.previous_path(path)) == less


def test_a_header_of_another_key_or_without_slots_is_not_written(tmp_path, vault):
    path = tmp_path / h.FILE_NAME
    with pytest.raises(HeaderTampered):
        h.write_header(path, vault.header, bytes(32))
    with pytest.raises(ValueError):
        h.write_header(path, *new_header())
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_replaced_but_never_kept_as_the_copy(tmp_path, vault):
    path = tmp_path / h.FILE_NAME
    path.write_bytes(b"garbage")
    h.write_header(path, vault.header, vault.dek)
    assert h.read_header(path) == vault.header
    assert not h.previous_path(path).exists()


def test_missing_unreadable_damaged_and_newer_are_told_apart(tmp_path, vault, monkeypatch):
    path = tmp_path / h.FILE_NAME
    with pytest.raises(HeaderMissing):
        h.read_header(path)
    path.write_bytes(b"{}")
    with pytest.raises(HeaderDamaged):
        h.read_header(path)
    path.write_bytes(b"x" * (h.MAX_SIZE + 1))
    with pytest.raises(HeaderDamaged):
        h.read_header(path)
    with pytest.raises(HeaderUnreadable):
        h.read_header(tmp_path)

    def refuse(*_args, **_kwargs):
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(HeaderUnreadable):
        h.read_header(path)


def test_a_file_of_a_newer_program_is_not_overwritten(tmp_path, vault):
    path = tmp_path / h.FILE_NAME
    newer = canonical(json.loads(h.encode(vault.header)) | {"format": 2})
    path.write_bytes(newer)
    with pytest.raises(HeaderNewer):
        h.write_header(path, vault.header, vault.dek)
    assert path.read_bytes() == newer


class _Stop(Exception):
    """A power cut."""


@pytest.mark.parametrize(
    "failure",
    [OSError(errno.ENOSPC, "full"), OSError(errno.EIO, "io"), _Stop()],
    ids=["full", "io", "cut"],
)
@pytest.mark.parametrize("where", ["open", "fsync", "replace"])
@pytest.mark.parametrize("removal", [False, True], ids=["same slots", "slot removed"])
def test_interrupted_anywhere_there_is_the_old_file_or_the_new_one(
    tmp_path, vault, monkeypatch, failure, where, removal
):
    path = tmp_path / h.FILE_NAME
    old = vault.header
    new = (
        slots.remove_slot(old, vault.key(), old.slots[0].id)
        if removal
        else slots.with_desk(old, vault.key(), unit="2025/02")
    )
    targets = {"open": (h.os, "open"), "fsync": (h.os, "fsync"), "replace": (Path, "replace")}
    owner, name = targets[where]
    real = getattr(owner, name)
    for at in range(1, 12):
        for leftover in tmp_path.iterdir():
            leftover.unlink()
        h.write_header(path, old, vault.dek)
        h.write_header(path, old, vault.dek)
        calls = 0

        def failing(*args, at=at, **kwargs):
            nonlocal calls
            calls += 1
            if calls == at:
                raise failure
            return real(*args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, failing)
            try:
                h.write_header(path, new, vault.dek)
            except (HeaderNotWritten, _Stop):
                done = False
            else:
                done = True
        assert h.read_header(path) in ((new,) if done else (old, new))
        assert h.read_header(h.previous_path(path)) in (old, new)
        assert not path.with_name("vault.json.tmp").exists()
        if calls < at:
            break
    else:
        pytest.fail("the write never came to its end")


def test_a_file_that_reads_back_otherwise_is_not_put_in_place(tmp_path, vault, monkeypatch):
    path = tmp_path / h.FILE_NAME
    h.write_header(path, vault.header, vault.dek)
    monkeypatch.setattr(Path, "read_bytes", lambda _self: b"other")
    later = slots.with_desk(vault.header, vault.key(), unit="2025/02")
    with pytest.raises(HeaderNotWritten):
        h.write_header(path, later, vault.dek)
    assert h.read_header(path) == vault.header


def test_the_file_shows_no_password_key_or_code(vault):
    data = h.encode(vault.header)
    secrets = [
        vault.dek,
        vault.dek.hex().encode(),
        vault.code.encode(),
        vault.code.replace("-", "").encode(),
    ]
    secrets += [password.encode() for _, password in OFFICERS.values()]
    assert not any(secret in data for secret in secrets)
