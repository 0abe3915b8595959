"""The publisher's signing key at rest: a PKCS #8 file under a password.

Only who makes releases has one (``installer/publish.py``); a desk never does. Any tool that reads
PKCS #8 (OpenSSL, say) opens it with the password, should this program be gone.
"""

from __future__ import annotations

import os
from pathlib import Path

from traffick_desk.vault.errors import VaultError
from traffick_desk.vault.signing import SigningKey


class PublisherKeyRefused(VaultError):
    """Wrong password, or not such a file; which of them cannot be told."""


def save(path: Path, key: SigningKey, password: str) -> None:
    """Write a new file, readable by its owner alone.

    Raises:
        FileExistsError: there is a file; a key is never written over.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
    )

    if len(password) < 12:
        raise ValueError("the publisher's password has at least 12 characters")
    private = Ed25519PrivateKey.from_private_bytes(key.raw)
    data = private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode())
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def load(path: Path, password: str) -> SigningKey:
    """The key in the file at *path*.

    Raises:
        PublisherKeyRefused: see the class.
        OSError: it cannot be read.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(path.read_bytes(), password.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise PublisherKeyRefused from error
    if not isinstance(private, Ed25519PrivateKey):
        raise PublisherKeyRefused
    return SigningKey(private.private_bytes_raw())
