"""age v1 files (c2sp.org/age): seal to recipients, open with identities.

Sealing says nothing about *who* sealed: anyone can seal to a public key. A
signature inside (:mod:`traffick_desk.vault.signing`) says that.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, BinaryIO

from traffick_desk.vault.age_armor import BEGIN, ArmorReader, armor, dearmor
from traffick_desk.vault.age_format import (
    FILE_KEY_SIZE,
    Header,
    Source,
    read_header,
    write_header,
)
from traffick_desk.vault.age_keys import (
    HybridIdentity,
    HybridRecipient,
    Identity,
    Recipient,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    X25519Recipient,
)
from traffick_desk.vault.age_stream import CHUNK, PayloadReader, PayloadWriter, Sink, read_full
from traffick_desk.vault.errors import (
    AgeError,
    ArmorInvalid,
    HeaderInvalid,
    MacInvalid,
    NoMatch,
    PayloadInvalid,
    RecipientRefused,
    TooLarge,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "AgeError",
    "ArmorInvalid",
    "HeaderInvalid",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "MacInvalid",
    "NoMatch",
    "PayloadInvalid",
    "Recipient",
    "RecipientRefused",
    "ScryptIdentity",
    "ScryptRecipient",
    "TooLarge",
    "X25519Identity",
    "X25519Recipient",
    "armor",
    "dearmor",
    "decrypt",
    "decrypt_stream",
    "encrypt",
    "encrypt_stream",
    "open_reader",
    "open_writer",
    "parse_identity",
    "parse_recipient",
]


def parse_recipient(text: str) -> HybridRecipient | X25519Recipient:
    """A recipient of either public-key type; :class:`RecipientRefused` on anything else."""
    if text.strip().lower().startswith("age1pq1"):
        return HybridRecipient.from_string(text)
    return X25519Recipient.from_string(text)


def parse_identity(text: str) -> HybridIdentity | X25519Identity:
    """An identity of either public-key type; :class:`RecipientRefused` on anything else."""
    if text.strip().upper().startswith("AGE-SECRET-KEY-PQ-1"):
        return HybridIdentity.from_string(text)
    return X25519Identity.from_string(text)


def open_writer(sink: Sink, recipients: Iterable[Recipient]) -> PayloadWriter:
    """Write the header to *sink* and return what seals the payload; call its ``finish``.

    Raises:
        RecipientRefused: no recipient, or kinds that may not share one file: a hybrid file
            opened by a classical key as well would be no stronger than that key.
    """
    everyone = list(recipients)
    labels = {recipient.label for recipient in everyone}
    if len(labels) != 1 or (ScryptRecipient.label in labels and len(everyone) != 1):
        raise RecipientRefused("no recipients, or kinds that may not be mixed")
    file_key = os.urandom(FILE_KEY_SIZE)
    sink.write(write_header([r.wrap(file_key) for r in everyone], file_key))
    return PayloadWriter(sink, file_key)


def open_reader(
    source: BinaryIO | Source, identities: Sequence[Identity], *, limit: int | None = None
) -> PayloadReader:
    """Check the header of *source* and return a stream of the plaintext.

    Armoured text is recognised if *source* can seek. The stream gives authentic bytes, but
    only its end proves that nothing is missing.

    Raises:
        AgeError: the header is refused; the stream raises it later for the payload.
    """
    plain = _without_armor(source)
    header = read_header(plain)
    return PayloadReader(plain, _file_key(header, identities), limit=limit)


def _without_armor(source: BinaryIO | Source) -> Source:
    if not (isinstance(source, io.IOBase) and source.seekable()):
        return source
    start = source.tell()
    head = read_full(source, 1024 + len(BEGIN)).lstrip()
    source.seek(start)
    return io.BufferedReader(ArmorReader(source), CHUNK) if head.startswith(BEGIN) else source


def _file_key(header: Header, identities: Sequence[Identity]) -> bytes:
    for identity in identities:
        for stanza in header.stanzas:
            file_key = identity.unwrap(stanza)
            if file_key is not None:
                header.check(file_key)
                return file_key
    raise NoMatch("no stanza for these identities")


def encrypt_stream(source: Source, sink: Sink, recipients: Iterable[Recipient]) -> int:
    """Seal all of *source* into *sink*; the number of plaintext bytes. Memory stays constant."""
    writer = open_writer(sink, recipients)
    total = 0
    while chunk := source.read(CHUNK):
        total += writer.write(chunk)
    writer.finish()
    return total


def decrypt_stream(
    source: BinaryIO | Source,
    sink: Sink,
    identities: Sequence[Identity],
    *,
    limit: int | None = None,
) -> int:
    """Open *source* into *sink*; the number of plaintext bytes. Memory stays constant.

    Raises:
        AgeError: refused. What *sink* has got by then is authentic but incomplete: throw it away.
    """
    reader = open_reader(source, identities, limit=limit)
    total = 0
    while chunk := reader.read(CHUNK):
        sink.write(chunk)
        total += len(chunk)
    return total


def encrypt(plaintext: bytes | bytearray | BinaryIO, recipients: Iterable[Recipient]) -> bytes:
    """*plaintext* as one age file."""
    source = io.BytesIO(plaintext) if isinstance(plaintext, bytes | bytearray) else plaintext
    out = io.BytesIO()
    encrypt_stream(source, out, recipients)
    return out.getvalue()


def decrypt(data: bytes, identities: Sequence[Identity], *, limit: int | None = None) -> bytes:
    """The plaintext of one age file, binary or armoured: all of it, or an error.

    Raises:
        NoMatch, HeaderInvalid, MacInvalid, PayloadInvalid, ArmorInvalid, TooLarge: one family,
            :class:`AgeError`, with one text for the officer.
    """
    out = io.BytesIO()
    decrypt_stream(io.BytesIO(data), out, identities, limit=limit)
    return out.getvalue()
