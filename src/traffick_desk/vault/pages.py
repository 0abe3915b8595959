"""The decrypted pages of a SQLCipher 4 file, free ones too: to prove that something is gone.

Reading through SQLite shows only what tables and indexes still name. What was deleted may lie in
free pages or between the cells of others; to say that it does not, every page is looked at. The
pages stay in memory.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
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
        number = 0
        while len(page := stream.read(PAGE)) == PAGE:
            number += 1
            yield _clear(page, key, number)


def misfits(file: Path, key: bytes, start: int, count: int) -> tuple[list[int], int]:
    """Look at *count* pages from page *start* (from 0) on: does each carry its own code?

    Args:
        file: a SQLCipher 4 database.
        key: the raw key of 32 bytes.
        start: how many pages were looked at before.
        count: how many at most.

    Returns:
        Numbers (from 1) of pages that do not fit, and how many were looked at.
    """
    wrong = []
    with file.open("rb") as stream:
        salt = stream.read(_SALT)
        mac_key = _mac_key(key, salt)
        stream.seek(start * PAGE)
        looked = 0
        while looked < count and (page := stream.read(PAGE)):
            number = start + looked + 1
            if len(page) < PAGE or not _fits(mac_key, page, number):
                wrong.append(number)
            looked += 1
    return wrong, looked


def _mac_key(key: bytes, salt: bytes) -> bytes:
    # As SQLCipher 4 derives it, for a raw key too.
    mixed = bytes(byte ^ 0x3A for byte in salt)
    return hashlib.pbkdf2_hmac("sha512", key, mixed, 2, 32)


def _fits(mac_key: bytes, page: bytes, number: int) -> bool:
    body = page[_SALT if number == 1 else 0 : PAGE - 64]
    code = hmac.new(mac_key, body + struct.pack("<I", number), hashlib.sha512).digest()
    # A page that was never used is all zeroes and carries no code.
    return hmac.compare_digest(code, page[PAGE - 64 :]) or not any(page)


def sound(file: Path, key: bytes) -> dict[int, bytes]:
    """All pages that carry their own code, in clear: number (from 1) → content.

    They are held in memory, as large as the file; for rescuing alone.
    """
    found = {}
    with file.open("rb") as stream:
        mac_key = _mac_key(key, stream.read(_SALT))
        stream.seek(0)
        number = 0
        while len(page := stream.read(PAGE)) == PAGE:
            number += 1
            if not any(page) or not _fits(mac_key, page, number):
                continue
            found[number] = _clear(page, key, number)
    return found


def _clear(page: bytes, key: bytes, number: int) -> bytes:
    vector = page[PAGE - _RESERVED : PAGE - _RESERVED + 16]
    cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    start = _SALT if number == 1 else 0
    return cipher.update(page[start : PAGE - _RESERVED]) + cipher.finalize()
