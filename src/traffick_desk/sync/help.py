"""A desk that lost password and code asks the province: the two files that go by stick.

The request cannot be signed, for the desk is locked; it is public data. What protects it is that
the two officers compare ten words over the telephone before the province answers: somebody who
stole a copy of the vault and wants the province to open it gives other words. The answer is an
age file to the key of that one request.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync.errors import HelpRefused
from traffick_desk.sync.keys import exchange_identities
from traffick_desk.sync.wire import DEVICE, MOMENT, UNIT, Shape, WireInvalid
from traffick_desk.vault.age import HybridRecipient, parse_recipient
from traffick_desk.vault.errors import RecipientRefused, RecoveryRefused
from traffick_desk.vault.primitives import wipe
from traffick_desk.vault.signing import fingerprint_words
from traffick_desk.vault.slot_keys import open_key, seal_key

VERSION = 1
MAX_REQUEST = 32 * 1024
_KIND = "traffick-desk/help-request"
_KEYS = (
    "device", "epoch", "kind", "label", "login", "made_at", "recipient", "sealed", "slot_id",
    "unit", "vault_id", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """What a locked desk asks.

    Attributes:
        sealed: the province's slot of its vault, as it stands there.
        recipient: age recipient of this one request.
    """

    device: str
    unit: str
    label: str
    login: str
    vault_id: str
    slot_id: str
    epoch: int
    sealed: bytes
    recipient: str
    made_at: str

    def encode(self) -> bytes:
        """The bytes of the file."""
        return dump_canonical(
            {
                "device": self.device,
                "epoch": self.epoch,
                "kind": _KIND,
                "label": self.label,
                "login": self.login,
                "made_at": self.made_at,
                "recipient": self.recipient,
                "sealed": base64.b64encode(self.sealed).decode("ascii"),
                "slot_id": self.slot_id,
                "unit": self.unit,
                "vault_id": self.vault_id,
                "version": VERSION,
            }
        )

    def words(self) -> tuple[str, ...]:
        """Ten words over all of it, to compare over the telephone."""
        return tuple(fingerprint_words(self.encode()))


def read_request(data: bytes) -> HelpRequest:
    """Read a request; nothing is opened yet.

    Raises:
        HelpRefused: damaged, or not such a file.
    """
    try:
        shape = Shape.read(data, _KEYS, MAX_REQUEST)
        shape.fixed("kind", _KIND)
        shape.fixed("version", VERSION)
        found = HelpRequest(
            shape.match("device", DEVICE),
            shape.match("unit", UNIT),
            shape.text("label", 200),
            shape.text("login", 200),
            shape.octets("vault_id", 16).hex(),
            shape.octets("slot_id", 8).hex(),
            shape.number("epoch", 1),
            base64.b64decode(shape.text("sealed", MAX_REQUEST), validate=True),
            shape.text("recipient", 4000),
            shape.match("made_at", MOMENT),
        )
        if not isinstance(parse_recipient(found.recipient), HybridRecipient):
            raise WireInvalid("recipient")
    except (WireInvalid, RecipientRefused, ValueError) as error:
        raise HelpRefused("request") from error
    return found


def answer(cursor: Any, request: HelpRequest) -> bytes:
    """Province: the key of the desk, sealed to its request; call after comparing the words.

    Raises:
        HelpRefused: the desk is not one of ours, was withdrawn, or its slot is not for us.
    """
    cursor.execute("SELECT unit, revoked_on FROM device WHERE device = ?", (request.device,))
    row = cursor.fetchone()
    if row is None or row[0] != request.unit or row[1] is not None:
        raise HelpRefused("device")
    try:
        key = open_key(request.sealed, exchange_identities(cursor))
    except RecoveryRefused as error:
        raise HelpRefused("sealed") from error
    try:
        if (key.vault_id, key.slot_id, key.epoch) != (
            request.vault_id, request.slot_id, request.epoch,
        ):  # fmt: skip
            raise HelpRefused("another vault")
        recipient = parse_recipient(request.recipient)
        if not isinstance(recipient, HybridRecipient):
            raise HelpRefused("recipient")
        return seal_key(key, recipient)
    finally:
        wipe(key.dek)


def province_recipient(cursor: Any) -> HybridRecipient | None:
    """The key of the linked province's desk, whose words were compared at the linking."""
    cursor.execute(
        "SELECT recipient FROM device WHERE profile = 'province' AND certificate IS NOT NULL "
        "AND revoked_on IS NULL AND recipient IS NOT NULL"
    )
    row = cursor.fetchone()
    found = parse_recipient(row[0]) if row else None
    return found if isinstance(found, HybridRecipient) else None
