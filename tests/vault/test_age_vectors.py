"""Every vector of the published age test kit that the project holds."""

from __future__ import annotations

import hashlib
import io
import zlib
from pathlib import Path

import pytest

from traffick_desk.vault import age

VECTORS = sorted(
    p
    for p in (Path(__file__).parent / "vectors" / "age").iterdir()
    if p.suffix != ".md" and not p.name.startswith(".")
)
EXPECTED = {
    "no match": age.NoMatch,
    "HMAC failure": age.MacInvalid,
    "header failure": age.HeaderInvalid,
    "armor failure": age.ArmorInvalid,
    "payload failure": age.PayloadInvalid,
}


def load(path: Path) -> tuple[dict[str, list[str]], bytes]:
    head, _, body = path.read_bytes().partition(b"\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.decode().splitlines():
        key, _, value = line.partition(": ")
        fields.setdefault(key, []).append(value)
    return fields, zlib.decompress(body) if "compressed" in fields else body


def identities(fields: dict[str, list[str]]) -> list[age.Identity]:
    found: list[age.Identity] = [age.parse_identity(text) for text in fields.get("identity", [])]
    return found + [age.ScryptIdentity(text) for text in fields.get("passphrase", [])]


def test_no_vector_is_missing():
    assert len(VECTORS) == 92


@pytest.mark.parametrize("path", VECTORS, ids=lambda p: p.name)
def test_the_vector_gives_exactly_what_the_kit_expects(path):
    fields, body = load(path)
    out = io.BytesIO()
    expect = fields["expect"][0]
    failure: age.AgeError | None = None
    try:
        data = age.dearmor(body) if "armored" in fields else body
        age.decrypt_stream(io.BytesIO(data), out, identities(fields))
    except age.AgeError as error:
        failure = error
    if expect == "success":
        assert failure is None
    elif expect == "header failure":
        assert type(failure) is age.HeaderInvalid
    else:
        assert type(failure) is EXPECTED[expect]
    if "payload" in fields:
        assert hashlib.sha256(out.getvalue()).hexdigest() == fields["payload"][0]
    else:
        assert out.getvalue() == b""


@pytest.mark.parametrize("path", [p for p in VECTORS if "armor" in p.name], ids=lambda p: p.name)
def test_armour_is_recognised_without_being_told(path):
    fields, body = load(path)
    if fields["expect"][0] == "success":
        plain = age.decrypt(body, identities(fields))
        assert hashlib.sha256(plain).hexdigest() == fields["payload"][0]
    else:
        with pytest.raises(age.AgeError):
            age.decrypt(body, identities(fields))
