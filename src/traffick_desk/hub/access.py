"""Proof of who asks: requests signed by a desk that is trusted, each good one time only.

A desk signs each request with its key over a nonce of the hub and a number that
rises. The desk's own clock is never asked: that of a PC in the mountains may be
years off (I9).
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from traffick_desk.hub.database import Database
from traffick_desk.hub.errors import NotAProvince, Refused
from traffick_desk.hub.tables import claim, desk, now, revoked, root, setting
from traffick_desk.hub.trusted import learn, letters_from, succeed
from traffick_desk.sync.certificate import Certificate
from traffick_desk.sync.errors import SyncError
from traffick_desk.sync.hub_wire import Call, b64, decode_letters, unb64
from traffick_desk.sync.succession import Letter
from traffick_desk.sync.wire import WireInvalid
from traffick_desk.vault.errors import BadSignature
from traffick_desk.vault.signing import VerifyKey

# How long a nonce is good, by the hub's own clock; a desk just asks for another.
NONCE_SECONDS = 3600
_NONCE = 16 + 8 + 16
_MOST_COUNT = 2**62
_HEARD_EVERY = 60
_MOST_KEYS = 20_000

T = TypeVar("T")

# Put together once: that takes SQLAlchemy longer than the database needs to answer.
_KNOWN = select(
    desk.c.root, desk.c.profile, desk.c.verify_key, desk.c.heard_at,
    select(revoked.c.device)
    .where(revoked.c.device.in_((desk.c.device, desk.c.root)))
    .exists()
    .label("shut_out"),
).where(desk.c.device == bindparam("who"))  # fmt: skip
_HEARD = update(desk).where(desk.c.device == bindparam("who")).values(heard_at=bindparam("at"))


def _claiming(added: Any) -> Any:
    return added.on_conflict_do_update(
        index_elements=[claim.c.nonce],
        set_={"count": added.excluded.count},
        where=(claim.c.device == added.excluded.device) & (claim.c.count < added.excluded.count),
    ).returning(claim.c.count)


# The same words in both, in two places of SQLAlchemy.
_CLAIM = {
    "postgresql": _claiming(postgresql.insert(claim)),
    "sqlite": _claiming(sqlite.insert(claim)),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """A desk that proved itself."""

    device: str
    root: str
    profile: str


def make_secret() -> str:
    """What the hub's nonces are sealed with: shared by all processes of one hub."""
    return os.urandom(32).hex()


class Access:
    """Proof of who asks.

    Args:
        database: with the tables up to date.
        hosts: names by which desks may call this hub; none: any.
    """

    def __init__(self, database: Database, hosts: frozenset[str] = frozenset()) -> None:
        self._database = database
        self._hosts = hosts
        with database.read() as connection:
            rows = connection.execute(select(setting.c.name, setting.c.value)).all()
        found: dict[str, str] = {name: value for name, value in rows}  # noqa: C416 - rows are no pairs
        self.hub_id = found["hub-id"]
        self._secret = bytes.fromhex(found["secret"])
        # Public keys that the database told before; it is asked again in each transaction.
        self._keys: dict[str, bytes] = {}

    # -- nonces ----------------------------------------------------------------------------

    def challenge(self) -> str:
        """A nonce; nothing is kept for it, so that asking for many fills nothing."""
        plain = os.urandom(16) + (now() + NONCE_SECONDS).to_bytes(8, "big")
        return b64(plain + self._seal(plain))

    def _seal(self, plain: bytes) -> bytes:
        return hmac.digest(self._secret, b"hub-nonce\0" + plain, "sha256")[:16]

    def _expires(self, nonce: str) -> int:
        try:
            raw = unb64(nonce, _NONCE)
        except WireInvalid as error:
            raise Refused(401, "nonce") from error
        expires = int.from_bytes(raw[16:24], "big")
        if not hmac.compare_digest(self._seal(raw[:24]), raw[24:]) or expires < now():
            raise Refused(401, "nonce")
        return expires

    # -- requests --------------------------------------------------------------------------

    def once(
        self, call: Call, signature: str, act: Callable[[Connection, Caller], T],
        *, durable: bool = False,
    ) -> T:  # fmt: skip
        """Do *act* for who makes *call*, in the transaction that uses the call up.

        What *act* refuses leaves nothing behind but the count: the call is used up all the same.

        Args:
            call: the request.
            signature: what its header says.
            act: gets the connection and who called.
            durable: what *act* writes must outlive a power cut before this returns. A power cut
                may forget counts alone; their nonces are good for an hour at most.

        Raises:
            Refused: 401 with ``nonce`` (ask for another), ``host``, ``unknown`` (show your
                certificate), ``signature`` or ``replay``; 403 with ``revoked``; what *act* raises.
        """
        expires = self._before(call)
        # The slow part is done before the one writer of SQLite is waited for.
        checked = self._remembered(call, signature)
        acting = False

        def work(connection: Connection) -> T:
            nonlocal acting
            caller, heard_at = self._known(connection, call, signature, checked)
            self._claim(connection, call, expires)
            at = now()
            if heard_at is None or abs(at - heard_at) >= _HEARD_EVERY:
                connection.execute(_HEARD, {"who": call.device, "at": at})
            acting = True
            return act(connection, caller)

        try:
            if durable:
                return self._database.together(work)
            with self._database.write(durable=False) as connection:
                return work(connection)
        except Refused:
            if acting:
                with self._database.write(durable=False) as connection:
                    self._claim(connection, call, expires)
            raise

    def check(self, call: Call, signature: str) -> Caller:
        """Who makes *call*, for this one time; as :meth:`once`."""
        return self.once(call, signature, lambda _connection, caller: caller)

    def who(self, call: Call, signature: str) -> Caller:
        """Who makes *call*; it is not used up by this.

        Raises:
            Refused: as for :meth:`once`.
        """
        self._before(call)
        with self._database.read() as connection:
            return self._known(connection, call, signature, None)[0]

    def _remembered(self, call: Call, signature: str) -> bytes | None:
        """The key by which the signature is good, if it is one that was seen before."""
        key = self._keys.get(call.device)
        try:
            if key is not None:
                self._signed(call, key, signature)
        except Refused:
            # The desk may have another key by now: the database decides.
            return None
        return key

    def _known(
        self, connection: Connection, call: Call, signature: str, checked: bytes | None
    ) -> tuple[Caller, int | None]:
        """The desk of a call; *checked* is the key that its signature was held against before."""
        row = connection.execute(_KNOWN, {"who": call.device}).first()
        if row is None:
            raise Refused(401, "unknown")
        key = bytes(row.verify_key)
        if key != checked:
            self._signed(call, key, signature)
            if len(self._keys) >= _MOST_KEYS:
                self._keys.clear()
            self._keys[call.device] = key
        if row.shut_out:
            raise Refused(403, "revoked")
        return Caller(call.device, row.root, row.profile), row.heard_at

    def register(self, call: Call, signature: str) -> Caller:
        """Take a desk by the certificate that *call* brings.

        Raises:
            Refused: as for :meth:`check`; 403 with ``certificate``.
        """
        expires = self._before(call)
        try:
            certificate = Certificate.decode(call.body)
        except SyncError as error:
            raise Refused(403, "certificate") from error
        if certificate.desk.device != call.device:
            raise Refused(403, "certificate")
        self._signed(call, certificate.desk.verify_key, signature)
        with self._database.write() as connection:
            learn(connection, certificate)
            self._claim(connection, call, expires)
        return Caller(call.device, certificate.issuer, certificate.desk.profile)

    def take_letters(self, call: Call, signature: str) -> int:
        """Follow the letters by which the caller took the place of others; how many are new.

        The caller need not be known: the last letter says who it is.

        Raises:
            Refused: as for :meth:`once`; 403 with ``letter``.
        """
        expires = self._before(call)
        try:
            given = [Letter.decode(data) for data in decode_letters(call.body)]
        except SyncError as error:
            raise Refused(403, "letter") from error
        if given[-1].desk.device != call.device:
            raise Refused(403, "letter")
        self._signed(call, given[-1].desk.verify_key, signature)
        with self._database.write() as connection:
            self._claim(connection, call, expires)
            try:
                new = sum(succeed(connection, one) for one in given if self._reach(connection, one))
            except NotAProvince as error:
                raise Refused(403, "letter") from error
            if not connection.execute(
                select(root.c.device).where(root.c.device == call.device)
            ).first():
                raise Refused(403, "letter")
        return new

    @staticmethod
    def _reach(connection: Connection, given: Letter) -> bool:
        """Whether the hub ever trusted the old desk: one made later knows the newer one only."""
        return (
            connection.execute(
                select(root.c.device).where(root.c.device == given.predecessor)
            ).first()
            is not None
        )

    def _before(self, call: Call) -> int:
        if self._hosts and call.host.lower() not in self._hosts:
            raise Refused(401, "host")
        if not 0 < call.count < _MOST_COUNT:
            raise Refused(401, "replay")
        return self._expires(call.nonce)

    @staticmethod
    def _signed(call: Call, key: bytes, signature: str) -> None:
        try:
            call.verify(VerifyKey(key), signature)
        except BadSignature as error:
            raise Refused(401, "signature") from error

    @staticmethod
    def _claim(connection: Connection, call: Call, expires: int) -> None:
        """Use up the number of a request.

        Two at once: the database lets one of them raise the count.

        Raises:
            Refused: 401 with ``replay``.
        """
        values = {
            "nonce": call.nonce, "device": call.device, "count": call.count, "expires": expires,
        }  # fmt: skip
        taken = connection.execute(_CLAIM[connection.dialect.name], values).first()
        if taken is None:
            raise Refused(401, "replay")

    # -- desks -----------------------------------------------------------------------------

    def letters_from(self, device: str) -> list[bytes]:
        """See :func:`letters_from`."""
        with self._database.read() as connection:
            return letters_from(connection, device)

    def tidy(self) -> None:
        """Forget nonces that are no longer good anyway."""
        with self._database.write() as connection:
            connection.execute(delete(claim).where(claim.c.expires < now() - NONCE_SECONDS))
