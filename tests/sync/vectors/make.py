"""Made the vectors of format 1, once. Run it only to add the vectors of another format."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from traffick_desk.store.audit import Head
from traffick_desk.store.changes import CHAIN_START, Change, Stamp, dump_canonical, link_chain
from traffick_desk.sync.bundle import plain_bytes, seal
from traffick_desk.sync.certificate import Certificate, Officer, Public
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.manifest import NO_DIGEST, Heads, Manifest, Receipt
from traffick_desk.sync.parts import pack
from traffick_desk.vault.age import HybridIdentity
from traffick_desk.vault.signing import SigningKey

AT = "2026-03-02T09:00+07:00"
HERE = Path(__file__).parent


def fixed_keys(device: str, byte: int) -> DeviceKeys:
    return DeviceKeys(
        device, SigningKey(bytes([byte]) * 32), HybridIdentity(bytes([byte + 1]) * 32)
    )


def public(keys: DeviceKeys, profile: str, unit: str, label: str) -> Public:
    return Public(keys.device, profile, unit, label, keys.signing.verify_key.raw, keys.recipient)


def main() -> None:
    province, commune = fixed_keys("0" * 32, 0x10), fixed_keys("a" * 32, 0x20)
    desk = public(commune, "commune", "2025/06001", "Xã Đồng Đăng")
    root = public(province, "province", "2025/20", "Tỉnh Lạng Sơn")
    officers = (Officer("0f" * 8, ("officer",)),)
    certificate = Certificate.sign(desk, 2, AT, province.device, officers, province.signing)
    own = Certificate.sign(root, 1, AT, province.device, (), province.signing)
    case = "01953d2b-8f00-7000-8000-000000000001"
    person = "01953d2b-8f00-7000-8000-000000000002"
    stamp = 1_772_416_800_000
    changes = [
        Change(commune.device, 1, Stamp(stamp, 0), "0f" * 8, "case", case, case,
               {"file_no": "DD-2026-001", "stage": "reception", "unit": "2025/06001"}, {}),
        Change(commune.device, 2, Stamp(stamp, 1), "0f" * 8, "person", person, case,
               {"birth": "2009~", "case": case, "name": "Nguyễn Thị Ánh", "role": "main"}, {}),
        Change(commune.device, 3, Stamp(stamp, 2), "0f" * 8, "case", case, case,
               {"stage": "verification"}, {"stage": (f"{commune.device}.1",)}),
    ]  # fmt: skip
    chain = CHAIN_START
    for change in changes:
        chain = link_chain(chain, change.encode())
    first, packed_first = pack("certificates", [certificate.encode()])
    second, packed_second = pack("changes", [change.encode() for change in changes])
    manifest = Manifest(
        sender=commune.device, receiver=province.device, number=3, after=1,
        previous=hashlib.sha256(b"the manifest before").digest(), made_at=AT, program="0.1.0",
        schema="spine", heads=Heads(Head(3, chain), Head(7, hashlib.sha256(b"log").digest())),
        seen=Heads(Head(0, NO_DIGEST), Head(0, NO_DIGEST)),
        receipts=(Receipt(2, hashlib.sha256(b"theirs").digest(), AT),), parts=(first, second),
    )  # fmt: skip
    plain = plain_bytes(manifest, (packed_first, packed_second), commune)
    (HERE / "bundle-1.age").write_bytes(seal(plain, province.recipient))
    about = {
        "certificate": certificate.encode().decode(),
        "changes": [change.encode().decode() for change in changes],
        "digest": hashlib.sha256(manifest.encode()).hexdigest(),
        "manifest": manifest.encode().decode(),
        "plain_sha256": hashlib.sha256(plain).hexdigest(),
        "plain_size": len(plain),
        "province_certificate": own.encode().decode(),
        "receiver_exchange_seed": province.identity.seed.hex(),
        "receiver_identity": str(province.identity),
        "sender_signing_seed": commune.signing.raw.hex(),
        "sender_verify_key": commune.signing.verify_key.raw.hex(),
        "province_verify_key": province.signing.verify_key.raw.hex(),
        "sender_words": " ".join(desk.words()),
    }
    text = json.dumps(about, ensure_ascii=False, indent=2, sort_keys=True)
    (HERE / "bundle-1.json").write_text(text + "\n", encoding="utf-8")
    assert dump_canonical(json.loads(manifest.encode())) == manifest.encode()


if __name__ == "__main__":
    main()
