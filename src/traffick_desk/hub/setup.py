"""Making a hub, starting it, and what province IT does to it by hand."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from traffick_desk.hub import access, trusted
from traffick_desk.hub.blobs import Blobs, DatabaseBlobs, FolderBlobs
from traffick_desk.hub.database import Database
from traffick_desk.hub.errors import AlreadyMade, NotMade, Refused, UnknownDesk
from traffick_desk.hub.limits import Limits
from traffick_desk.hub.mailbox import Mailbox
from traffick_desk.hub.tables import desk, revoked, setting
from traffick_desk.hub.viewers import Viewers
from traffick_desk.sync.certificate import Certificate
from traffick_desk.sync.enrolment import certificates_in
from traffick_desk.sync.succession import Letter

if TYPE_CHECKING:
    from traffick_desk.hub.calls import Hub

DATABASE = "TRAFFICK_DESK_HUB_DATABASE"
IN_FOLDER, IN_DATABASE = "folder", "database"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hub keeps what it has.

    Attributes:
        data: its folder.
        database: of SQLAlchemy; empty: SQLite in the folder.
        bundles: folder for the bytes of bundles; ``None``: within ``data``.
    """

    data: Path
    database: str = ""
    bundles: Path | None = None
    limits: Limits = field(default_factory=Limits)
    hosts: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        """Of the database."""
        given = self.database or os.environ.get(DATABASE, "")
        return given or f"sqlite:///{(self.data / 'hub.db').as_posix()}"

    @property
    def bundle_folder(self) -> Path:
        """Of the bytes."""
        return self.bundles or self.data / "bundles"


def province_of(data: bytes) -> Certificate:
    """The province's own certificate in a file that the province wrote.

    Raises:
        EnrolmentRefused: it holds none.
    """
    return certificates_in(data)[-1]


def make(place: Place, province: Certificate, bytes_in: str = IN_FOLDER) -> str:
    """Make a hub that trusts *province*; its id.

    Raises:
        AlreadyMade, NotAProvince, HubNewer: nothing was changed.
    """
    place.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(place.url, connections=2)
    try:
        database.bring_up()
        with database.write() as connection:
            if connection.execute(select(setting.c.value)).first() is not None:
                raise AlreadyMade
            trusted.trust(connection, province)
            made = uuid.uuid4().hex
            for name, value in (
                ("hub-id", made),
                ("secret", access.make_secret()),
                ("bytes-in", bytes_in),
            ):
                connection.execute(insert(setting).values(name=name, value=value))
    finally:
        database.close()
    return made


@contextmanager
def opened(place: Place, connections: int = 8) -> Iterator[Hub]:
    """All parts of a hub, its tables brought up to date.

    Raises:
        NotMade, HubNewer: nothing was changed.
    """
    from traffick_desk.hub.calls import Hub

    if not place.database and DATABASE not in os.environ and not (place.data / "hub.db").exists():
        raise NotMade
    database = Database(place.url, connections)
    try:
        database.bring_up()
        with database.read() as connection:
            kept = connection.execute(
                select(setting.c.value).where(setting.c.name == "bytes-in")
            ).scalar()
        if kept is None:
            raise NotMade
        blobs: Blobs = (
            DatabaseBlobs(database)
            if kept == IN_DATABASE
            else FolderBlobs(place.bundle_folder, database)
        )
        yield Hub(
            database,
            access.Access(database, place.hosts),
            Mailbox(database, blobs, place.limits),
            Viewers(database),
            place.limits,
        )
    finally:
        database.close()


def trust(hub: Hub, province: Certificate) -> None:
    """Take the word of another province's desk too.

    Raises:
        NotAProvince: nothing was changed.
    """
    with hub.database.write() as connection:
        trusted.trust(connection, province)


def succeed(hub: Hub, data: bytes) -> str:
    """Follow the letter of a province's new PC; its label.

    Raises:
        EnrolmentRefused, EnrolmentNewer, NotAProvince: nothing was changed.
    """
    letter = Letter.decode(data)
    with hub.database.write() as connection:
        trusted.succeed(connection, letter)
    return letter.desk.label


def add_desk(hub: Hub, certificate: Certificate) -> bool:
    """Add a desk by hand; whether a province that is trusted here certified it."""
    try:
        with hub.database.write() as connection:
            trusted.learn(connection, certificate)
    except Refused:
        return False
    return True


def shut_out(hub: Hub, device: str) -> None:
    """Refuse a desk from now on, for ever.

    Raises:
        UnknownDesk: nothing was changed.
    """
    with hub.database.write() as connection:
        found = connection.execute(
            select(desk.c.device).where(desk.c.device.startswith(device, autoescape=True)).limit(2)
        ).scalars().all()  # fmt: skip
        if len(found) != 1 or not device:
            raise UnknownDesk(device=device)
        trusted.revoke(connection, found[0], "hub")


def figures(hub: Hub) -> dict[str, Any]:
    """How the hub stands."""
    counts = hub.mailbox.counts()
    with hub.database.read() as connection:
        out = connection.execute(select(revoked.c.device)).scalars().all()
    return {
        "hub": hub.access.hub_id,
        "bundles": {state: {"number": n, "bytes": size} for state, (n, size) in counts.items()},
        "shut_out": len(out),
    }


def run(place: Place, host: str, port: int, *, proxy: str = "127.0.0.1") -> None:
    """Serve until told to stop (SIGTERM, Ctrl+C).

    Raises:
        NotMade, HubNewer: nothing was started.
    """
    import uvicorn

    from traffick_desk.hub import logs
    from traffick_desk.hub.web import application

    logs.begin()
    with opened(place) as hub:
        # The port is bound first, so that what is started on port 0 can say where it listens.
        config = uvicorn.Config(
            application(hub), host=host, port=port, log_config=None, access_log=False,
            server_header=False, proxy_headers=True, forwarded_allow_ips=proxy,
            timeout_keep_alive=75, timeout_graceful_shutdown=10, limit_concurrency=500,
            h11_max_incomplete_event_size=16 * 1024, lifespan="on",
        )  # fmt: skip
        sockets = [config.bind_socket()]
        # Who calls before everything is ready waits in the queue.
        sockets[0].listen(config.backlog)
        name = sockets[0].getsockname()
        logs.log.info("", extra={"event": f"listening on {name[0]}:{name[1]}"})
        uvicorn.Server(config).run(sockets)
