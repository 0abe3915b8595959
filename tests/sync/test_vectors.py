"""Bundles of every released format are read for ever; the bytes in the documents are these."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from traffick_desk.store.changes import Change
from traffick_desk.sync.bundle import LABEL, open_bundle, padded
from traffick_desk.sync.certificate import Certificate
from traffick_desk.sync.keys import key_id
from traffick_desk.sync.manifest import Manifest
from traffick_desk.vault.age import HybridIdentity, parse_identity
from traffick_desk.vault.signing import SigningKey, VerifyKey

VECTORS = Path(__file__).parent / "vectors"


@pytest.fixture
def about() -> dict:
    return json.loads((VECTORS / "bundle-1.json").read_text(encoding="utf-8"))


@pytest.fixture
def inside(about: dict):
    key = VerifyKey(bytes.fromhex(about["sender_verify_key"]))
    data = (VECTORS / "bundle-1.age").read_bytes()
    known = {key_id(key.raw): key}
    return open_bundle(data, [parse_identity(about["receiver_identity"])], known.get)


def test_the_frozen_bundle_opens_to_what_is_written_beside_it(about: dict, inside) -> None:
    assert inside.manifest == Manifest.decode(about["manifest"].encode())
    assert inside.manifest.encode() == about["manifest"].encode()
    assert inside.digest.hex() == about["digest"]
    assert [body.decode() for body in inside.part("changes")] == about["changes"]
    assert [body.decode() for body in inside.part("certificates")] == [about["certificate"]]
    for body in inside.part("changes"):
        assert Change.decode(body).encode() == body
    assert hashlib.sha256(inside.plain).hexdigest() == about["plain_sha256"]


def test_the_block_stands_where_the_document_says(about: dict, inside) -> None:
    plain, manifest = inside.plain, about["manifest"].encode()
    assert plain[0:8] == b"TDBUNDLE"
    assert plain[8:12] == b"\x00\x01\x01\x00"
    assert int.from_bytes(plain[12:16], "big") == len(manifest)
    assert plain[16:32] == bytes(16)
    assert plain[32:64] == hashlib.sha256(bytes.fromhex(about["sender_verify_key"])).digest()
    assert plain[128 : 128 + len(manifest)] == manifest
    signed = plain[:64] + manifest
    seed = bytes.fromhex(about["sender_signing_seed"])
    assert SigningKey(seed).sign(LABEL, signed) == plain[64:128]
    used = 128 + len(manifest) + sum(p.size for p in inside.manifest.parts)
    assert len(plain) == padded(used) == about["plain_size"]


def test_the_frozen_certificates_still_verify(about: dict) -> None:
    province = VerifyKey(bytes.fromhex(about["province_verify_key"]))
    for name in ("certificate", "province_certificate"):
        certificate = Certificate.decode(about[name].encode())
        certificate.verify(province)
        assert certificate.encode().decode() == about[name]
    words = Certificate.decode(about["certificate"].encode()).desk.words()
    assert " ".join(words) == about["sender_words"]


def test_the_identity_is_the_seed(about: dict) -> None:
    identity = HybridIdentity(bytes.fromhex(about["receiver_exchange_seed"]))
    assert str(identity) == about["receiver_identity"]


def test_the_frozen_bundle_of_documents_opens_to_what_is_written_beside_it() -> None:
    about = json.loads((VECTORS / "bundle-2.json").read_text(encoding="utf-8"))
    key = VerifyKey(bytes.fromhex(about["sender_verify_key"]))
    data = (VECTORS / "bundle-2.age").read_bytes()
    inside = open_bundle(
        data, [parse_identity(about["receiver_identity"])], {key_id(key.raw): key}.get
    )
    assert inside.plain[8:10] == b"\x00\x02"
    assert inside.manifest.format == 2
    assert inside.manifest.encode() == about["manifest"].encode()
    assert inside.digest.hex() == about["digest"]
    assert hashlib.sha256(inside.plain).hexdigest() == about["plain_sha256"]
    assert inside.part("changes") == inside.part("certificates") == []
    items = inside.part("documents")
    assert [hashlib.sha256(i).hexdigest() for i in items] == about["item_sha256"]
    for item, head in zip(items, about["item_heads"], strict=True):
        assert item.startswith(bytes.fromhex(head))
    whole = b"".join(item[45:] for item in items[1:])
    assert whole == bytes(n % 251 for n in range(300_000))
    assert hashlib.sha256(whole).hexdigest() == about["document_sha256"]
