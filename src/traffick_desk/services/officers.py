"""The officers of a desk: who they are, letting one in, changing a role, closing the way for one.

Whoever had a vault open may have kept its key. An officer who leaves is therefore shut out by a
new key: the data are encrypted anew on a copy, the copy is proven, and only then takes the place
of the other. Until the header with the new key is written, nothing has changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services import reading, roster, vaults
from traffick_desk.services.access import with_password
from traffick_desk.services.base import Command, Context, Desk, Query
from traffick_desk.services.errors import NotAllowed, ServiceError
from traffick_desk.services.roles import CASE_WRITE, LEFT, OF_PROFILE, OFFICERS, OWN, may
from traffick_desk.services.vaults import WeakPassword
from traffick_desk.store.audit import Head
from traffick_desk.store.copies import take_place
from traffick_desk.store.store import Store, Work
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import kdf, passwords, slots
from traffick_desk.vault.primitives import wipe


class OfficerUnknown(ServiceError):
    """There is no such officer at this desk."""

    text = N_("There is no such officer at this desk. Nothing was changed.")


class OfficerKnown(ServiceError):
    """Another officer of the desk has this name."""

    text = N_(
        "An officer of this desk has this full name or this name for unlocking already, or one of "
        "them is empty. Nothing was changed. Add something that tells them apart, such as the year "
        "of birth."
    )


class RoleUnknown(ServiceError):
    """A desk of this profile has no such role."""

    text = N_("This desk has no such role. Nothing was changed.")


class NotOneself(ServiceError):
    """Nobody shuts herself out or changes her own role."""

    text = N_(
        "You cannot do this to yourself. Nothing was changed. Another officer who may look after "
        "the officers of this desk can do it."
    )


@dataclass(frozen=True, slots=True)
class Officer:
    """One officer of a desk.

    Attributes:
        role: as in the list of codes “role”; :data:`LEFT` when the way in is closed.
        open_cases: how many open cases she is in charge of.
        own: whether it is the officer before the desk.
    """

    officer_id: str
    login: str
    name: str
    title: str
    role: str
    open_cases: int
    own: bool


@dataclass(frozen=True, slots=True)
class OfficersOfDesk(Query[tuple[Officer, ...]]):
    """Everybody who has or had a way in, those who left at the end."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> tuple[Officer, ...]:
        """See :class:`Query`."""
        cursor.execute(
            "SELECT officer, count(*) FROM case_row "
            f"WHERE stage <> 'closed' AND {reading.cases_only()} GROUP BY officer"
        )
        cases = dict(cursor.fetchall())
        cursor.execute(
            "SELECT officer_id, login, name, title, role FROM officer ORDER BY role = ?, name",
            (LEFT,),
        )
        own = context.info.officer_id
        return tuple(
            Officer(officer_id, login, name, title, role, cases.get(name, 0), officer_id == own)
            for officer_id, login, name, title, role in cursor.fetchall()
        )


def by_login(desk: Desk, login: str) -> Officer:
    """The officer who unlocks as *login*.

    Raises:
        OfficerUnknown: nobody does.
    """
    name = slots.normal_login(login)
    for officer in desk.ask(OfficersOfDesk()):
        if slots.normal_login(officer.login) == name and officer.role != LEFT:
            return officer
    raise OfficerUnknown


def shown_role(role: str) -> str:
    """A role in words."""
    return _("Left the office") if role == LEFT else SMALL_LISTS["role"].label(role)


def dismissed_words(officer: Officer) -> str:
    """What to say when the way is closed for *officer*, and what is left to do."""
    text = _(
        "{name} cannot open this vault any more; it has a new key. Backups made before still open "
        "with the old password: make a new backup now and lock the old ones away."
    ).format(name=officer.name)
    if officer.open_cases:
        cases = ngettext(
            "{n} open case is still in her charge: please hand it over.",
            "{n} open cases are still in her charge: please hand them over.",
            officer.open_cases,
        ).format(n=officer.open_cases)
        text = f"{text} {cases}"
    return text


def may_manage(officers: tuple[Officer, ...], role: str) -> bool:
    """Whether an officer of *role* may look after the officers of the desk.

    Where nobody has that task yet, whoever writes cases has it: most communes have one officer.
    """
    if may(role, OFFICERS):
        return True
    return may(role, CASE_WRITE) and not any(may(o.role, OFFICERS) for o in officers)


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """Who is let in.

    Attributes:
        name: full name, as papers print it.
        login: what she types to unlock.
        password: her first one; she changes it herself in Settings.
    """

    name: str
    login: str
    password: str
    role: str
    title: str = ""


def add(desk: Desk, password: str, new: NewOfficer) -> str:
    """Let another officer in; takes about two seconds. Answers with her id.

    Args:
        desk: of the officer who lets her in.
        password: that officer's own; the key of the vault is not kept in reach.
        new: whom.

    Raises:
        NotAllowed, WrongPassword, WeakPassword, OfficerKnown, RoleUnknown: nothing was changed.
        VaultError, StoreError: in words; nothing was changed.
    """
    _manager(desk)
    name, login = " ".join(new.name.split()), new.login.strip()
    if new.role not in OF_PROFILE[desk.info.profile]:
        raise RoleUnknown
    known = [o for o in desk.ask(OfficersOfDesk()) if o.role != LEFT]
    if not name or not login or any(o.name == name or o.login == login for o in known):
        raise OfficerKnown
    strength = passwords.strength(new.password, (login, name, desk.info.label))
    if not strength.acceptable:
        raise WeakPassword(" ".join(strength.advice))
    opened = with_password(desk, password)
    dek = opened.unlocked.dek
    officer_id = os.urandom(8).hex()
    try:
        params = opened.slot.kdf or kdf.calibrate()
        header = slots.add_officer_slot(opened.header, dek, officer_id, login, new.password, params)
        with desk.context.store.work() as work:
            work.cursor.execute(
                "INSERT INTO officer VALUES (?, ?, ?, ?, ?)",
                (officer_id, login, name, new.title.strip(), new.role),
            )
            roster.bring_up(work, desk.context)
            work.log(desk.context.moment, desk.info.officer_id, "officer.add", officer_id)
            # Within the transaction: a slot without its officer would let in somebody with no
            # role, which is harmless; an officer without a slot would be a riddle.
            vault_header.write_header(opened.file, header, dek)
    finally:
        opened.unlocked.wipe()
    desk.tell(SetRole.changes)
    return officer_id


@dataclass(frozen=True, slots=True)
class SetRole(Command[None]):
    """Give an officer another role; it holds from her next unlocking on."""

    permission: ClassVar[str] = OWN
    action: ClassVar[str] = "officer.role"
    changes: ClassVar[frozenset[str]] = frozenset({"officers"})

    officer_id: str
    role: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        officers = OfficersOfDesk().run(context, work.cursor)
        if not may_manage(officers, context.info.role):
            raise NotAllowed
        if self.role not in OF_PROFILE[context.info.profile]:
            raise RoleUnknown
        _other(officers, self.officer_id)
        work.cursor.execute(
            "UPDATE officer SET role = ? WHERE officer_id = ?", (self.role, self.officer_id)
        )
        roster.bring_up(work, context)

    def target(self, _result: None) -> str:
        """The officer."""
        return self.officer_id


def dismiss(
    path: Path,
    login: str,
    password: str,
    officer_id: str,
    now: Callable[[], datetime] | None = None,
) -> Officer:
    """Close every way into the vault for an officer, by a new key. The vault must be locked.

    Her name stays on what she did. Backups made before still open with her old password; make a
    new one and put the old ones away. Needs as much free room as the vault is large, twice.

    Args:
        path: folder of the vault.
        login: of the officer who does it.
        password: hers.
        officer_id: who leaves.
        now: the clock.

    Raises:
        UnlockRefused, NotAllowed, OfficerUnknown, NotOneself: nothing was changed.
        VaultError, StoreError: in words; all data are there, and the same command can be given
            again.
    """
    desk = vaults.unlock(path, login, password, now)
    fresh: bytearray | None = None
    target = path / vaults.REENCRYPTED
    try:
        gone = _manager(desk, officer_id)
        opened = with_password(desk, password)
        dek = opened.unlocked.dek
        try:
            slot = opened.header.officer(officer_id)
            if slot is None:
                raise OfficerUnknown
            changed, fresh = slots.rotate_key(opened.header, dek, remove=frozenset({slot.id}))
            desk.context.store.reencrypt(target, vaults.key_source(fresh))
            head = _as_left(desk, target, fresh, officer_id)
            # Closing writes where log and journal stand, under the key that still holds.
            desk.close()
            closed = vault_header.read_header(opened.file)
            vault_header.verify_header(closed, dek)
            changed = slots.with_heads(
                changed, fresh, journal_head=closed.journal_head, audit_head=vaults.kept(head)
            )
            vault_header.write_header(opened.file, changed, fresh)
            take_place(target, path / vaults.DATABASE)
        finally:
            opened.unlocked.wipe()
        return gone
    finally:
        desk.close()
        if fresh is not None:
            wipe(fresh)


def _as_left(desk: Desk, copy: Path, key: bytearray, officer_id: str) -> Head | None:
    """Write into the copy alone that an officer left; where its log stands then."""
    context = desk.context
    store = Store(copy, vaults.key_source(key), context.store.registry, desk.info.device)
    store.open()
    try:
        with store.work() as work:
            work.cursor.execute(
                "UPDATE officer SET role = ? WHERE officer_id = ?", (LEFT, officer_id)
            )
            work.log(context.moment, desk.info.officer_id, "officer.dismiss", officer_id)
            return work.audit_head
    finally:
        store.close()


def _manager(desk: Desk, officer_id: str = "") -> Officer:
    officers = desk.ask(OfficersOfDesk())
    if not may_manage(officers, desk.info.role):
        raise NotAllowed
    return _other(officers, officer_id) if officer_id else officers[0]


def _other(officers: tuple[Officer, ...], officer_id: str) -> Officer:
    found = next((o for o in officers if o.officer_id == officer_id), None)
    if found is None:
        raise OfficerUnknown
    if found.own:
        raise NotOneself
    return found
