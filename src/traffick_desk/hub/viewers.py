"""People of province IT who may see the status page: passwords under Argon2id, sessions."""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from traffick_desk.hub.database import Database
from traffick_desk.hub.errors import WeakPassword
from traffick_desk.hub.tables import now, session, viewer
from traffick_desk.sync.hub_wire import b64
from traffick_desk.vault.kdf import FLOOR, SALT_SIZE, KdfParams, derive
from traffick_desk.vault.passwords import normalise, strength

SESSION_SECONDS = 8 * 3600
_NOBODY = KdfParams()


@dataclass(frozen=True, slots=True)
class Session:
    """Who is logged in; *csrf* must come back with everything that changes anything."""

    token: str
    login: str
    csrf: str


class Viewers:
    """Logins of the status page."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # A guess costs 64 MiB for a moment: never many at once.
        self._one = threading.Semaphore(2)

    def put(self, login: str, password: str) -> None:
        """Make a login, or give it a new password; its sessions end.

        Raises:
            WeakPassword: nothing was changed.
        """
        if not strength(password, [login]).acceptable:
            raise WeakPassword
        salt = os.urandom(SALT_SIZE)
        digest = bytes(derive(FLOOR, salt, normalise(password).encode()))
        with self._database.write() as connection:
            self._drop(connection, login)
            connection.execute(
                insert(viewer).values(
                    login=login, salt=salt, memory_kib=FLOOR.memory_kib,
                    iterations=FLOOR.iterations, lanes=FLOOR.lanes, digest=digest,
                )
            )  # fmt: skip

    def drop(self, login: str) -> None:
        """End a login and its sessions."""
        with self._database.write() as connection:
            self._drop(connection, login)

    @staticmethod
    def _drop(connection: object, login: str) -> None:
        for table in (viewer, session):
            connection.execute(delete(table).where(table.c.login == login))  # type: ignore[attr-defined]

    def log_in(self, login: str, password: str) -> Session | None:
        """A session, or ``None``; a wrong login takes as long as a wrong password."""
        with self._database.read() as connection:
            row = connection.execute(select(viewer).where(viewer.c.login == login)).first()
        salt, params, expected = bytes(SALT_SIZE), _NOBODY, bytes(32)
        if row is not None:
            salt, expected = bytes(row.salt), bytes(row.digest)
            params = KdfParams(row.memory_kib, row.iterations, row.lanes)
        with self._one:
            found = bytes(derive(params, salt, normalise(password).encode()))
        if row is None or not hmac.compare_digest(found, expected):
            return None
        made = Session(b64(os.urandom(32)), login, b64(os.urandom(24)))
        with self._database.write() as connection:
            connection.execute(
                insert(session).values(
                    token=_hash(made.token), login=login, csrf=made.csrf,
                    expires=now() + SESSION_SECONDS,
                )
            )  # fmt: skip
        return made

    def session(self, token: str) -> Session | None:
        """The session of a cookie, if it is still good."""
        if not token:
            return None
        with self._database.read() as connection:
            row = connection.execute(
                select(session.c.login, session.c.csrf).where(
                    session.c.token == _hash(token), session.c.expires > now()
                )
            ).first()
        return None if row is None else Session(token, row.login, row.csrf)

    def log_out(self, token: str) -> None:
        """End a session."""
        with self._database.write() as connection:
            connection.execute(delete(session).where(session.c.token == _hash(token)))

    def tidy(self) -> None:
        """Forget sessions that are over."""
        with self._database.write() as connection:
            connection.execute(delete(session).where(session.c.expires <= now()))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
