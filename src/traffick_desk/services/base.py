"""Commands, queries, and the unlocked desk that carries them out.

Every write goes through a command: one object with its permission, its audit
line and what it changes; every read through a query. The window and the command
line call only these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import uuid6

from traffick_desk.domain.practice import is_practice
from traffick_desk.domain.values import ICT, moment
from traffick_desk.services import veiling
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.roles import may
from traffick_desk.store import audit
from traffick_desk.store.audit import Head
from traffick_desk.store.chain import chain_head
from traffick_desk.store.errors import StoreError
from traffick_desk.store.store import Store, Work

if TYPE_CHECKING:
    from traffick_desk.domain.units import Units
    from traffick_desk.law import Pack
    from traffick_desk.services.rules import Rules

R = TypeVar("R")


def new_id() -> str:
    """A new record id (UUIDv7, RFC 9562): unique without a network, sorted by creation."""
    return str(uuid6.uuid7())


def clock() -> datetime:
    """The wall clock, in Viet Nam's time zone. It is shown; it decides nothing (I9)."""
    return datetime.now(ICT)


@dataclass(frozen=True, slots=True)
class DeskInfo:
    """Who sits at which desk."""

    vault_path: Path
    vault_id: str
    profile: str
    unit: str
    unit_name: str
    label: str
    device: str
    officer_id: str
    officer_name: str
    role: str

    @property
    def practice(self) -> bool:
        """Whether this desk belongs to the invented province: everything from it is marked."""
        return is_practice(self.unit)


@dataclass
class Context:
    """What a command or query needs besides its own fields."""

    info: DeskInfo
    store: Store
    units: Units
    rules: Rules
    now: Callable[[], datetime] = clock
    # Restricted cases that were opened with a reason; until the desk is locked.
    opened: set[str] = field(default_factory=set)
    # What names something in the cases that were hidden last.
    known: veiling.Known | None = None

    def hidden(self, cursor: Any) -> frozenset[str]:
        """The cases that the officer may not look into."""
        return veiling.hidden(self, cursor)

    @property
    def pack(self) -> Pack:
        """The rules in force: the national ones with what the province says."""
        return self.rules.pack

    @property
    def moment(self) -> str:
        """Now, as it is stored."""
        return moment(self.now())

    @property
    def today(self) -> str:
        """Today, as it is stored."""
        return self.now().astimezone(ICT).date().isoformat()


class Command(Generic[R]):
    """One thing a person can do. Subclasses are frozen dataclasses.

    Attributes:
        permission: what the officer's role must include.
        action: name in the log.
        changes: kinds of thing that views refresh afterwards.
        through: it may name a case that is hidden from the officer, and sees it.
    """

    permission: ClassVar[str]
    action: ClassVar[str]
    changes: ClassVar[frozenset[str]] = frozenset()
    through: ClassVar[bool] = False

    def run(self, context: Context, work: Work) -> R:
        """Do it within one transaction; raising undoes all of it."""
        raise NotImplementedError

    def target(self, result: R) -> str:  # noqa: ARG002 - subclasses use it
        """Id of what it was done to, for the log."""
        return str(getattr(self, "case_id", "") or getattr(self, "id", "") or "")

    def done(self, context: Context) -> None:
        """What holds in memory alone, once all of it is on the disk."""


class Query(Generic[R]):
    """One question. Subclasses are frozen dataclasses.

    Attributes:
        permission: what the officer's role must include.
        logged: name in the log when the answer shows a case, else "".
        through: it may name a case that is hidden from the officer, and sees it.
    """

    permission: ClassVar[str]
    logged: ClassVar[str] = ""
    through: ClassVar[bool] = False

    def run(self, context: Context, cursor: Any) -> R:
        """Answer from one consistent state."""
        raise NotImplementedError

    def target(self) -> str:
        """Id of what was looked at, for the log."""
        return str(getattr(self, "case_id", ""))


@dataclass(frozen=True, slots=True)
class Heads:
    """Where log and journal stand when a vault is closed; ``None`` if that is not known.

    *tables* is a digest of the small tables that follow from nothing else.
    """

    audit: Head | None
    journal: Head | None
    tables: bytes | None = None


@dataclass
class Desk:
    """An unlocked vault with an officer before it.

    Attributes:
        listeners: called after each command with the kinds of thing that changed.
        on_close: called with the heads of log and journal when the vault is closed.
    """

    context: Context
    on_close: Callable[[Heads], None] = lambda _heads: None
    listeners: list[Callable[[frozenset[str]], None]] = field(default_factory=list)
    _head: Head | None = None
    closed: bool = False
    # What the look at opening found, in words; "" if all fitted.
    trouble: str = ""
    # What the file of wrong passwords said at the opening; see ``services.tries``.
    refused_before: int = 0
    tries_whole: bool = True

    @property
    def info(self) -> DeskInfo:
        """Who sits at which desk."""
        return self.context.info

    def do(self, command: Command[R]) -> R:
        """Carry out *command*: all of it and its line in the log, or nothing.

        Raises:
            ServiceError, StoreError: in words; nothing was changed.
        """
        try:
            result = self._do(command)
        except (NotAllowed, veiling.Restricted) as error:
            self._refused(command.action or type(command).__name__, error)
            raise
        command.done(self.context)
        self.tell(command.changes)
        return result

    def _do(self, command: Command[R]) -> R:
        self.require(command.permission)
        context = self.context
        hidden = None if command.through else context.hidden
        with self._papers(), context.store.work(hidden) as work:
            with veiling.within(context, work, command) as known:
                result = command.run(context, work)
            if command.action:
                work.log(
                    self.context.moment,
                    self.info.officer_id,
                    command.action,
                    command.target(result),
                    _digest(command),
                )
        veiling.done(context, work, known)
        self._head = work.audit_head or self._head
        return result

    def _refused(self, what: str, error: Exception) -> None:
        """Somebody tried what she may not: that stands in the log too."""
        case = getattr(error, "case_id", "")
        with self.context.store.work() as work:
            work.log(self.context.moment, self.info.officer_id, "refused", f"{what} {case}".strip())
        self._head = work.audit_head

    @contextmanager
    def _papers(self) -> Iterator[None]:
        """Papers know the forms of the province meanwhile, and carry the mark of practice."""
        with ExitStack() as stack:
            stack.enter_context(self.context.rules.forms_in_use())
            if self.info.practice:
                from traffick_desk.papers.render import practising

                stack.enter_context(practising())
            yield

    def tell(self, changes: frozenset[str]) -> None:
        """Let every listener know what kinds of thing changed."""
        for listener in tuple(self.listeners):
            listener(changes)

    def ask(self, query: Query[R]) -> R:
        """Answer *query*; safe from any thread.

        Raises:
            ServiceError, StoreError: in words.
        """
        self.require(query.permission)
        try:
            answer = self._ask(query)
        except veiling.Restricted as error:
            if query.logged:
                self._refused(query.logged, error)
            raise
        # Of a damaged file what can be read is shown although the log cannot take it any more.
        if query.logged and not self.context.store.damaged:
            with self.context.store.work() as work:
                work.log(self.context.moment, self.info.officer_id, query.logged, query.target())
            self._head = work.audit_head
        return answer

    def _ask(self, query: Query[R]) -> R:
        context = self.context
        with self._papers():
            with context.store.read() as cursor:
                if query.through or not context.hidden(cursor):
                    return query.run(context, cursor)
            with context.store.read_veiled(context.hidden) as cursor:
                veiling.refuse(context, cursor, query, context.hidden(cursor))
                return query.run(context, cursor)

    def close(self) -> None:
        """Close the file and drop the keys; the desk cannot be used afterwards."""
        if not self.closed:
            self.closed = True
            heads = Heads(self._audit_head(), self._journal_head(), self._small_tables())
            self.context.store.close()
            self.on_close(heads)

    def _journal_head(self) -> Head | None:
        try:
            with self.context.store.read() as cursor:
                return chain_head(cursor, self.info.device)
        except StoreError:
            # A disk that cannot be read must not keep the keys from being dropped.
            return None

    def _audit_head(self) -> Head | None:
        """Where the log stands; never before what was written last here."""
        try:
            with self.context.store.read() as cursor:
                now = audit.head(cursor)
        except StoreError:
            return self._head
        return self._head if self._head is not None and self._head.seq > now.seq else now

    def _small_tables(self) -> bytes | None:
        try:
            return self.context.store.small_tables()
        except StoreError:
            return None

    def require(self, permission: str) -> None:
        """Refuse unless the officer's role includes *permission*.

        Raises:
            NotAllowed: it does not.
        """
        if not may(self.info.role, permission):
            raise NotAllowed


def _digest(command: Command[Any]) -> bytes:
    """Binds the log to what was done without repeating it (values stay out of the log)."""
    # Every command is a frozen dataclass, and so has a repr that names all its fields.
    return hashlib.sha256(repr(command).encode("utf-8", "surrogatepass")).digest()
