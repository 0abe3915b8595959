"""What the hub does: takes sealed bundles piece by piece, keeps them, hands them out, forgets them.

Everything here is safe to repeat. The same bytes from the same sender to the same
receiver are one bundle, however often their upload is begun.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from traffick_desk.hub import blobs as blob_store
from traffick_desk.hub.access import Caller
from traffick_desk.hub.blobs import Blobs
from traffick_desk.hub.database import Database
from traffick_desk.hub.errors import Refused
from traffick_desk.hub.limits import Limits
from traffick_desk.hub.tables import bundle, desk, now, revoked
from traffick_desk.sync.hub_wire import MAX_LIST

OPEN, WAITING, TAKEN = "open", "waiting", "taken"
_HERE = (OPEN, WAITING)
# An upload that nobody went on with, and the memory of what was taken. What waits is never
# removed by its age: the hub's clock decides nothing about a case.
_ABANDONED = 60 * 86400
_REMEMBERED = 400 * 86400

# Put together once: that takes SQLAlchemy longer than the database needs to answer.
_RECEIVER = select(
    desk.c.root, desk.c.profile,
    select(revoked.c.at).where(revoked.c.device == desk.c.device).exists().label("shut_out"),
).where(desk.c.device == bindparam("who"))  # fmt: skip
_ROOM = select(func.count(), func.coalesce(func.sum(bundle.c.size), 0)).where(
    bundle.c.sender == bindparam("who"),
    bundle.c.receiver == bindparam("receiver"),
    bundle.c.state.in_(_HERE),
)
_CONTENT = [bundle.c.sender, bundle.c.receiver, bundle.c.sha256]
_BEGIN = {
    "postgresql": postgresql.insert(bundle)
    .on_conflict_do_nothing(index_elements=_CONTENT)
    .returning(bundle.c.id),
    "sqlite": sqlite.insert(bundle)
    .on_conflict_do_nothing(index_elements=_CONTENT)
    .returning(bundle.c.id),
}
_INBOX = (
    select(bundle.c.id, bundle.c.sender, bundle.c.size, bundle.c.sha256)
    .where(bundle.c.receiver == bindparam("who"), bundle.c.state == WAITING)
    .order_by(bundle.c.complete_at, bundle.c.begun_at, bundle.c.id)
    .limit(MAX_LIST)
)
_SIZE = select(bundle.c.size).where(
    bundle.c.id == bindparam("name"),
    bundle.c.receiver == bindparam("who"),
    bundle.c.state == WAITING,
)


@dataclass(frozen=True, slots=True)
class Upload:
    """How far the upload of a bundle is."""

    id: str
    size: int
    held: int
    state: str

    @property
    def offset(self) -> int:
        """Where to go on: the end if it need not be sent any more."""
        return self.size if self.state != OPEN else self.held


@dataclass(frozen=True, slots=True)
class Added:
    """A piece that lies on the medium, and how far the upload is with it.

    Attributes:
        note: whether that is news.
    """

    offset: int
    data: bytes
    upload: Upload
    note: bool


class Mailbox:
    """Bundles between desks."""

    def __init__(self, database: Database, blobs: Blobs, limits: Limits) -> None:
        self._database = database
        self._blobs = blobs
        self._limits = limits

    # -- sending ---------------------------------------------------------------------------

    def begin(
        self, connection: Connection, caller: Caller, receiver: str, size: int, sha256: str,
        whole: bytes = b"",
    ) -> Upload:  # fmt: skip
        """Begin the upload of a bundle, or find the one that was begun before.

        Args:
            connection: of the transaction.
            caller: its sender.
            receiver: device id.
            size: of all its bytes.
            sha256: of all its bytes, hex.
            whole: all its bytes, if they came along; they are held once the transaction is.

        Raises:
            Refused: 403 ``receiver``, 413 ``size``, 460 ``digest``, 507 ``quota`` or ``full``.
        """
        if not 0 < size <= self._limits.bundle or len(whole) not in (0, size):
            raise Refused(413, "size")
        if whole and hashlib.sha256(whole).hexdigest() != sha256:
            raise Refused(460, "digest")
        self._check_receiver(connection, caller, receiver)
        at = now()
        upload = Upload(os.urandom(16).hex(), size, len(whole), WAITING if whole else OPEN)
        values = {
            "id": upload.id, "sender": caller.device, "receiver": receiver, "size": size,
            "sha256": sha256, "held": upload.held, "state": upload.state, "begun_at": at,
            "touched_at": at, "complete_at": at if whole else None,
        }  # fmt: skip
        # Begun before, or by another request at this very moment: that one counts.
        new = connection.execute(_BEGIN[connection.dialect.name], values).first()
        if new is None:
            return self._same(connection, values)
        self._check_room(connection, caller, receiver)
        if whole:
            blob_store.keep_whole(connection, upload.id, whole)
        return upload

    @staticmethod
    def _same(connection: Connection, values: dict[str, Any]) -> Upload:
        row = connection.execute(
            select(bundle).where(
                bundle.c.sender == values["sender"],
                bundle.c.receiver == values["receiver"],
                bundle.c.sha256 == values["sha256"],
            )
        ).one()
        if row.size != values["size"]:
            raise Refused(409, "size")
        return Upload(row.id, row.size, row.held, row.state)

    def _check_receiver(self, connection: Connection, caller: Caller, receiver: str) -> None:
        """Bundles go between a commune and its province, never elsewhere."""
        row = connection.execute(_RECEIVER, {"who": receiver}).first()
        known = row is not None and row.root == caller.root and receiver != caller.device
        if not known or "province" not in (caller.profile, row.profile if row else ""):
            raise Refused(403, "receiver")
        if row is not None and row.shut_out:
            raise Refused(403, "receiver")

    def _check_room(self, connection: Connection, caller: Caller, receiver: str) -> None:
        """A desk has so much room for each receiver: a province has hundreds of them.

        What was begun last is among what is counted.
        """
        number, total = connection.execute(
            _ROOM, {"who": caller.device, "receiver": receiver}
        ).one()
        if number > self._limits.bundles or total > self._limits.quota:
            raise Refused(507, "quota")
        free = self._blobs.free()
        if free is not None and free < self._limits.bundle + self._limits.reserve:
            raise Refused(507, "full")

    def state(self, connection: Connection, caller: Caller, name: str) -> Upload:
        """How far an upload is.

        Raises:
            Refused: 404, also for the upload of another desk.
        """
        row = self._mine(connection, caller.device, name)
        return Upload(row.id, row.size, row.held, row.state)

    def look(self, sender: str, name: str) -> Upload:
        """As :meth:`state`, for a sender who proved itself before."""
        with self._database.read() as connection:
            row = self._mine(connection, sender, name)
        return Upload(row.id, row.size, row.held, row.state)

    @staticmethod
    def _mine(connection: Connection, sender: str, name: str) -> Any:
        row = connection.execute(
            select(bundle).where(bundle.c.id == name, bundle.c.sender == sender)
        ).first()
        if row is None:
            raise Refused(404, "bundle")
        return row

    def prepare(self, caller: Caller, name: str, offset: int, data: bytes) -> Added:
        """Write a piece to the medium, where nothing counts before :meth:`add` notes it.

        Raises:
            Refused: 404 ``bundle``; 409 ``offset`` (ask where to go on); 413 ``size``;
                460 ``digest`` when the whole is not what was announced: begin at 0 again.
        """
        with self._database.read() as connection:
            row = self._mine(connection, caller.device, name)
        end = offset + len(data)
        if row.state != OPEN:
            return Added(offset, b"", Upload(row.id, row.size, row.held, row.state), note=False)
        if offset != row.held:
            raise Refused(409, "offset")
        if end > row.size:
            raise Refused(413, "size")
        last = end == row.size
        try:
            if last and blob_store.digest(self._blobs, name, offset, data) != row.sha256:
                raise self._anew(name, offset)
            if data:
                self._blobs.append(name, offset, data, last=last)
            if last:
                self._blobs.seal(name)
        except FileNotFoundError:
            # The medium lost what was there before: the desk has it and sends it again.
            raise self._anew(name, offset) from None
        upload = Upload(name, row.size, end, WAITING if last else OPEN)
        return Added(offset, data, upload, note=last or bool(data))

    def add(self, connection: Connection, added: Added) -> Upload:
        """Note a piece that was prepared; it is held once the transaction is.

        Raises:
            Refused: 409 ``offset``, another request was quicker.
        """
        upload = added.upload
        if added.note:
            done = {"state": WAITING, "complete_at": now()} if upload.state == WAITING else {}
            self._move(connection, upload.id, added.offset, held=upload.held, **done)
            if added.data:
                self._blobs.record(connection, upload.id, added.offset, added.data)
        return upload

    def put(self, caller: Caller, name: str, offset: int, data: bytes) -> Upload:
        """Prepare a piece and note it at once; durable when this returns.

        Raises:
            Refused: as :meth:`prepare` and :meth:`add`.
        """
        added = self.prepare(caller, name, offset, data)
        return self._database.together(lambda connection: self.add(connection, added))

    def _anew(self, name: str, offset: int) -> Refused:
        with self._database.write() as connection:
            self._move(connection, name, offset, held=0)
            self._blobs.forget(connection, name)
        return Refused(460, "digest")

    @staticmethod
    def _move(connection: Connection, name: str, offset: int, **values: Any) -> None:
        """Note how far an upload is, if it still is where we thought.

        Raises:
            Refused: 409, another request was quicker.
        """
        moved = connection.execute(
            update(bundle)
            .where(bundle.c.id == name, bundle.c.held == offset, bundle.c.state == OPEN)
            .values(touched_at=now(), **values)
        )
        if moved.rowcount != 1:
            raise Refused(409, "offset")

    def sent(self, connection: Connection, caller: Caller, after: str = "") -> list[dict[str, Any]]:
        """What a desk sent, in the order of ids, from the one behind *after*."""
        rows = connection.execute(
            select(bundle.c.id, bundle.c.receiver, bundle.c.size, bundle.c.sha256, bundle.c.state)
            .where(bundle.c.sender == caller.device, bundle.c.id > after)
            .order_by(bundle.c.id)
            .limit(MAX_LIST)
        ).all()
        return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name

    # -- receiving -------------------------------------------------------------------------

    def inbox(self, connection: Connection, caller: Caller) -> list[dict[str, Any]]:
        """What waits for a desk, the oldest first."""
        rows = connection.execute(_INBOX, {"who": caller.device}).all()
        return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name

    def size(self, connection: Connection, caller: Caller, name: str) -> int:
        """Bytes of a bundle that waits for the caller.

        Raises:
            Refused: 404.
        """
        found = connection.execute(_SIZE, {"name": name, "who": caller.device}).scalar()
        if found is None:
            raise Refused(404, "bundle")
        return int(found)

    def parts(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Bytes of a bundle whose receiver was checked."""
        return self._blobs.parts(name, start, end)

    # -- the end ---------------------------------------------------------------------------

    def remove(self, connection: Connection, caller: Caller, name: str) -> None:
        """The receiver has it, or the sender takes it back. Repeating it is a success.

        :meth:`drop` follows once the transaction is done.

        Raises:
            Refused: 404, also for what is between other desks.
        """
        row = connection.execute(
            select(bundle.c.receiver, bundle.c.state)
            .where(
                bundle.c.id == name,
                or_(bundle.c.receiver == caller.device, bundle.c.sender == caller.device),
            )
            .with_for_update()
        ).first()
        by_receiver = row is not None and row.receiver == caller.device
        if row is None or (by_receiver and row.state == OPEN):
            raise Refused(404, "bundle")
        if row.state not in _HERE:
            return
        self._blobs.forget(connection, name)
        if by_receiver:
            values = {"state": TAKEN, "held": 0, "touched_at": now()}
            connection.execute(update(bundle).where(bundle.c.id == name).values(values))
        else:
            # Sent again later it must be held again, not thought to be here.
            connection.execute(delete(bundle).where(bundle.c.id == name))

    def drop(self, name: str) -> None:
        """Remove the bytes of a bundle that was removed."""
        self._blobs.remove(name)

    def tidy(self) -> None:
        """Forget abandoned uploads and what was taken long ago."""
        at = now()
        with self._database.write() as connection:
            old = connection.execute(
                select(bundle.c.id).where(
                    bundle.c.state == OPEN, bundle.c.touched_at < at - _ABANDONED
                )
            ).scalars().all()  # fmt: skip
            for name in old:
                self._blobs.forget(connection, name)
            connection.execute(delete(bundle).where(bundle.c.id.in_(old)))
            connection.execute(
                delete(bundle).where(
                    bundle.c.state == TAKEN, bundle.c.touched_at < at - _REMEMBERED
                )
            )
        for name in old:
            self._blobs.remove(name)

    def counts(self) -> dict[str, tuple[int, int]]:
        """Number and bytes of bundles in each state, for the metrics."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(
                    bundle.c.state, func.count(), func.coalesce(func.sum(bundle.c.held), 0)
                ).group_by(bundle.c.state)
            ).all()
        return {state: (int(number), int(size)) for state, number, size in rows}
