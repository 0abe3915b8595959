"""The decrypted pages of a SQLCipher 4 file, free ones too: to prove that something is gone.

Reading through SQLite shows only what tables and indexes still name. What was deleted may lie in
free pages or between the cells of others; to say that it does not, every page is looked at. The
pages stay in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
_RESERVED = 80  # initialisation vector 16, HMAC-SHA512 64
_SALT = 16


def decrypted(file: Path, key: bytes) -> Iterator[bytes]:
    """Each page of the file in clear; whether it is authentic, ``Store.check`` tells.

    Args:
        file: the database, or its write-ahead log: any file of whole frames is refused by size.
        key: the raw key of 32 bytes.
    """
    with file.open("rb") as stream:
        first = True
        while page := stream.read(PAGE):
            if len(page) < PAGE:
                return
            start = _SALT if first else 0
            vector = page[PAGE - _RESERVED : PAGE - _RESERVED + 16]
            cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
            yield cipher.update(page[start : PAGE - _RESERVED]) + cipher.finalize()
            first = False
