"""Known answers for each primitive, asked at every start before a vault is opened.

A wheel for another processor, a broken memory module or a replaced library
shows here, not in a case that can no longer be read.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from traffick_desk.vault.errors import SelfTestFailed

if TYPE_CHECKING:
    from collections.abc import Callable

_HEX = bytes.fromhex


def _sha256() -> bool:  # FIPS 180-4
    want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    return hashlib.sha256(b"abc").hexdigest() == want


def _hkdf() -> bool:  # RFC 5869, A.1
    from traffick_desk.vault.primitives import hkdf

    out = hkdf(b"\x0b" * 22, salt=bytes(range(13)), info=bytes(range(0xF0, 0xFA)), length=42)
    return out == _HEX(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def _chacha20_poly1305() -> bool:  # RFC 8439, 2.8.2
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
        b"future, sunscreen would be it."
    )
    cipher = ChaCha20Poly1305(bytes(range(0x80, 0xA0)))
    nonce, aad = _HEX("070000004041424344454647"), _HEX("50515253c0c1c2c3c4c5c6c7")
    sealed = cipher.encrypt(nonce, text, aad)
    if sealed[:16] != _HEX("d31a8d34648e60db7b86afbc53ef7ec2"):
        return False
    if sealed[-16:] != _HEX("1ae10b594f09e26a7e902ecbd0600691"):
        return False
    try:
        cipher.decrypt(nonce, sealed[:-1] + bytes([sealed[-1] ^ 1]), aad)
    except InvalidTag:
        return cipher.decrypt(nonce, sealed, aad) == text
    return False


def _ed25519() -> bool:  # RFC 8032, 7.1, test 2
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(
        _HEX("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    )
    signature = _HEX(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    if key.sign(b"\x72") != signature:
        return False
    key.public_key().verify(signature, b"\x72")
    try:
        key.public_key().verify(signature, b"\x73")
    except InvalidSignature:
        return True
    return False


def _x25519() -> bool:  # RFC 7748, 6.1
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    alice = X25519PrivateKey.from_private_bytes(
        _HEX("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    )
    bob = _HEX("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
    want = _HEX("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
    return alice.exchange(X25519PublicKey.from_public_bytes(bob)) == want


def _argon2id() -> bool:  # RFC 9106, 5.3
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=b"\x02" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        ad=b"\x04" * 12,
        secret=b"\x03" * 8,
    )
    want = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    return kdf.derive(b"\x01" * 32) == _HEX(want)


def _hybrid() -> bool:  # the example key pair of c2sp.org/age, and one file key there and back
    from traffick_desk.vault.age_keys import HybridIdentity

    identity = HybridIdentity.from_string(
        "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
    )
    recipient = identity.to_recipient()
    want = "a091dd7e0ee9d62b75173dcc98441a0424baa941e66a8776e570a4ae60ff61ea"
    if hashlib.sha256(str(recipient).encode()).hexdigest() != want:
        return False
    stanza = recipient.wrap(b"YELLOW SUBMARINE")
    return identity.unwrap(stanza) == b"YELLOW SUBMARINE"


TESTS: dict[str, Callable[[], bool]] = {
    "sha256": _sha256,
    "hkdf": _hkdf,
    "chacha20poly1305": _chacha20_poly1305,
    "ed25519": _ed25519,
    "x25519": _x25519,
    "argon2id": _argon2id,
    "mlkem768x25519": _hybrid,
}


def run() -> None:
    """Ask every primitive for its known answer.

    Raises:
        SelfTestFailed: one gave another answer or failed; ``detail`` names it.
    """
    for name, test in TESTS.items():
        try:
            passed = test()
        except Exception as error:
            raise SelfTestFailed(name) from error
        if not passed:
            raise SelfTestFailed(name)


_passed = False


def once() -> None:
    """Ask for the known answers unless this process has them already; before any key is used.

    Raises:
        SelfTestFailed: see :func:`run`.
    """
    global _passed
    if not _passed:
        run()
        _passed = True
