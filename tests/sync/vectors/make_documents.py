"""Made the vector of format 2 (documents), once."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

from sync.vectors.make import AT, fixed_keys
from traffick_desk.store.audit import Head
from traffick_desk.sync.bundle import plain_bytes, seal
from traffick_desk.sync.manifest import NO_DIGEST, Heads, Manifest
from traffick_desk.sync.parts import pack

HERE = Path(__file__).parent
PIECE = 262_144


def main() -> None:
    province, commune = fixed_keys("0" * 32, 0x10), fixed_keys("a" * 32, 0x20)
    content = bytes(n % 251 for n in range(300_000))
    digest = hashlib.sha256(content).digest()
    items = [
        b"\x02" + hashlib.sha256(b"asked for").digest(),
        *(
            struct.pack(">B32sQI", 1, digest, len(content), number)
            + content[number * PIECE : (number + 1) * PIECE]
            for number in range(2)
        ),
    ]
    packed = [pack("certificates", ()), pack("changes", ()), pack("documents", items)]
    manifest = Manifest(
        sender=commune.device, receiver=province.device, number=4, after=3,
        previous=hashlib.sha256(b"the manifest before").digest(), made_at=AT, program="0.1.0",
        schema="spine", heads=Heads(Head(0, NO_DIGEST), Head(8, hashlib.sha256(b"log").digest())),
        seen=Heads(Head(0, NO_DIGEST), Head(0, NO_DIGEST)), receipts=(),
        parts=tuple(info for info, _data in packed), format=2,
    )  # fmt: skip
    plain = plain_bytes(manifest, (data for _info, data in packed), commune)
    (HERE / "bundle-2.age").write_bytes(seal(plain, province.recipient))
    about = {
        "digest": hashlib.sha256(manifest.encode()).hexdigest(),
        "document": "byte n is n modulo 251, 300000 bytes",
        "document_sha256": digest.hex(),
        "item_heads": [item[:45].hex() if item[0] == 1 else item.hex() for item in items],
        "item_sha256": [hashlib.sha256(item).hexdigest() for item in items],
        "manifest": manifest.encode().decode(),
        "plain_sha256": hashlib.sha256(plain).hexdigest(),
        "receiver_identity": str(province.identity),
        "sender_verify_key": commune.signing.verify_key.raw.hex(),
    }
    text = json.dumps(about, ensure_ascii=False, indent=2, sort_keys=True)
    (HERE / "bundle-2.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
