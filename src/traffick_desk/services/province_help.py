"""The province helps a desk whose passwords and printed code are all lost.

While the desk is open an officer lets the province help: the key of the vault is sealed to the
province's desk, whose words were compared at the linking. When everything is lost, the locked desk
writes a request to a stick and shows ten words; the province compares them over the telephone,
opens its slot and writes the key, sealed to that one request; with the answer and the new password
that was chosen with the request the desk opens. Both desks log it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.domain.practice import is_practice
from traffick_desk.domain.values import moment
from traffick_desk.i18n import N_
from traffick_desk.services import access, exchange, vaults, ways
from traffick_desk.services.base import Context, Desk, Query, clock
from traffick_desk.services.errors import NoPeer, NotAllowed, ServiceError
from traffick_desk.services.roles import ENROL, OWN
from traffick_desk.services.vaults import WeakPassword
from traffick_desk.sync import carriers
from traffick_desk.sync import help as wire
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import pending as waiting

REQUEST_SUFFIX = ".tdhelp"
ANSWER_SUFFIX = ".tdhelped"
OFF, ON, OTHER = "off", "on", "other"


class NoHelp(ServiceError):
    """Nobody let the province help while the vault was open."""

    text = N_(
        "The province cannot open this vault: nobody allowed it while the vault was open. Your "
        "data is safe, and nothing was changed. Look for the printed recovery code, or ask another "
        "officer of this desk to unlock."
    )


class NoHelpPending(ServiceError):
    """There is no request that this answer could belong to."""

    text = N_(
        "There is no request of this PC that waits for an answer. Nothing was changed. Please "
        "write a new request first."
    )


class HelpPasswordWrong(ServiceError):
    """Not the password that was chosen with the request."""

    text = N_(
        "This is not the new password that was chosen when the request was written. Nothing was "
        "changed. Please try again; if it is forgotten too, write a new request."
    )


class AnswerRefused(ServiceError):
    """The answer does not open this vault."""

    text = N_(
        "This answer does not open this vault: it is damaged, or belongs to another request or an "
        "earlier key. Your data is safe, and nothing was changed. Please ask the province again, "
        "with a new request if need be."
    )


@dataclass(frozen=True, slots=True)
class HelpAllowed(Query[str]):
    """Whether the province can open this vault: :data:`ON`, :data:`OFF`, or :data:`OTHER`.

    ``OTHER`` is a slot for a province's desk that this desk is not linked to any more.
    """

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> str:
        """See :class:`Query`."""
        header = vault_header.read_header(context.info.vault_path / vault_header.FILE_NAME)
        found = header.of_kind(vault_header.PROVINCE)
        if not found:
            return OFF
        now = wire.province_recipient(cursor)
        return ON if now is not None and found[0].recipient == now.raw else OTHER


@dataclass(frozen=True, slots=True)
class CanBeAllowed(Query[bool]):
    """Whether there is a province to let help: a real commune's desk that is linked."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> bool:
        """See :class:`Query`."""
        if context.info.practice or context.info.profile != "commune":
            return False
        return wire.province_recipient(cursor) is not None


def allow(desk: Desk, password: str) -> None:
    """Commune: seal the key to the linked province, in place of any before.

    Raises:
        NoPeer: not linked yet.
        WrongPassword: it is not the officer's own.
        VaultError: in words; nothing was changed.
    """
    from traffick_desk.vault import slots

    with desk.context.store.read() as cursor:
        recipient = wire.province_recipient(cursor)
    if recipient is None:
        raise NoPeer
    _change(
        desk,
        password,
        lambda header, dek: slots.add_province_slot(_none(header, dek), dek, recipient),
        "vault.help-on",
    )


def forbid(desk: Desk, password: str) -> None:
    """Commune: the province cannot open this vault any more.

    Raises:
        WrongPassword, VaultError: in words; nothing was changed.
    """
    _change(desk, password, _none, "vault.help-off")


def _none(header: vault_header.Header, dek: bytearray) -> vault_header.Header:
    from traffick_desk.vault import slots

    for slot in header.of_kind(vault_header.PROVINCE):
        header = slots.remove_slot(header, dek, slot.id)
    return header


def _change(
    desk: Desk,
    password: str,
    change: Callable[[vault_header.Header, bytearray], vault_header.Header],
    action: str,
) -> None:
    opened = access.with_password(desk, password)
    try:
        header = change(opened.header, opened.unlocked.dek)
        vault_header.write_header(opened.file, header, opened.unlocked.dek)
    finally:
        opened.unlocked.wipe()
    with desk.context.store.work() as work:
        ways.note(work.cursor, header)
        work.log(desk.context.moment, desk.info.officer_id, action, desk.info.vault_id)
    desk.tell(frozenset({"ways"}))


# --- the locked desk ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits; *words* are to be read to the province over the telephone."""

    login: str
    made_at: str
    words: str
    path: Path | None = None


def can_ask(vault: Path) -> bool:
    """Whether the locked vault has a slot of the province."""
    header = vault_header.read_header(vault / vault_header.FILE_NAME)
    return bool(header.of_kind(vault_header.PROVINCE)) and not is_practice(header.unit)


def ask(
    vault: Path,
    login: str,
    new_password: str,
    folder: Path,
    now: Callable[[], datetime] | None = None,
) -> Asked:
    """Write a request to a stick; a request before it does not count any more.

    Args:
        vault: the locked vault.
        login: of the officer who gets the new password.
        new_password: which she will unlock with once the answer is here.
        folder: of the stick.
        now: the clock.

    Raises:
        NoHelp: the province has no slot.
        UnlockRefused: there is no such officer.
        WeakPassword: the new password is too easy to guess.
        CarrierError: the stick does not take the file.
    """
    from traffick_desk.vault import kdf, passwords, slots
    from traffick_desk.vault.errors import UnlockRefused

    header = vaults.read_checked(vault)
    if not can_ask(vault):
        raise NoHelp
    province = header.of_kind(vault_header.PROVINCE)[0]
    name = slots.normal_login(login)
    officer = next((s for s in header.of_kind(vault_header.OFFICER) if s.login == name), None)
    if officer is None:
        raise UnlockRefused("login")
    strength = passwords.strength(new_password, (login, header.desk_label))
    if not strength.acceptable:
        raise WeakPassword(" ".join(strength.advice))
    place = carriers.Carrier(folder, tag=header.device_id[:8], practice=False)
    place.check()
    made = waiting.begin(
        header.vault_id,
        province.id,
        name,
        moment((now or clock)()),
        new_password,
        officer.kdf or kdf.calibrate(),
    )
    request = _request(header, made)
    path = exchange.put(
        place.folder, f"td-{header.device_id[:8]}{REQUEST_SUFFIX}", request.encode()
    )
    _keep(vault, waiting.encode(made))
    return Asked(name, made.made_at, exchange.shown(request.words()), path)


def _request(header: vault_header.Header, made: waiting.Pending) -> wire.HelpRequest:
    slot = header.slot(made.slot_id)
    if slot is None:
        raise NoHelpPending
    return wire.HelpRequest(
        header.device_id, header.unit, header.desk_label, made.login, header.vault_id, slot.id,
        header.epoch, slot.sealed, made.recipient, made.made_at,
    )  # fmt: skip


def asked(vault: Path) -> Asked | None:
    """The request that waits for an answer, if there is one that still fits the vault."""
    made = waiting.read(vault)
    if made is None:
        return None
    header = vault_header.read_header(vault / vault_header.FILE_NAME)
    if made.vault_id != header.vault_id:
        return None
    try:
        request = _request(header, made)
    except NoHelpPending:
        return None
    return Asked(made.login, made.made_at, exchange.shown(request.words()))


def finish(
    vault: Path, answer: Path, password: str, now: Callable[[], datetime] | None = None
) -> Desk:
    """Open the vault with the province's answer; the officer who asked has the new password.

    Raises:
        NoHelpPending, HelpPasswordWrong, AnswerRefused: nothing was changed.
        CarrierError: the file cannot be read.
    """
    from traffick_desk.vault import slots
    from traffick_desk.vault.errors import AgeError, RecoveryRefused

    header = vaults.read_checked(vault)
    made = waiting.read(vault)
    if made is None or made.vault_id != header.vault_id:
        raise NoHelpPending
    sealed = carriers.read_file(answer)
    identity = waiting.identity_of(made, password)
    if identity is None:
        raise HelpPasswordWrong
    try:
        unlocked = slots.unlock_with_sealed(header, sealed, [identity])
    except (RecoveryRefused, AgeError) as error:
        raise AnswerRefused from error
    desk = vaults.open_with_new_password(vault, header, unlocked, made.login, password, now)
    with suppress(OSError):
        (vault / waiting.FILE_NAME).unlink(missing_ok=True)
    with desk.context.store.work() as work:
        work.log(desk.context.moment, desk.info.officer_id, "vault.helped", desk.info.vault_id)
    return desk


def give_up(vault: Path) -> None:
    """Forget the request: an answer to it opens nothing any more."""
    with suppress(OSError):
        (vault / waiting.FILE_NAME).unlink(missing_ok=True)


def answers_at(vault: Path, folder: Path) -> list[Path]:
    """Answers on a stick, the newest first; ours is the one that opens."""
    header = vault_header.read_header(vault / vault_header.FILE_NAME)
    place = carriers.Carrier(folder, tag=header.device_id[:8], practice=False)
    return exchange.files_below((place.folder, folder), ANSWER_SUFFIX)


def _keep(vault: Path, data: bytes) -> None:
    temporary = vault / f"{waiting.FILE_NAME}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(vault / waiting.FILE_NAME)


# --- the province ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A locked desk that asks; *words* are compared over the telephone."""

    unit_name: str
    label: str
    login: str
    made_at: str
    words: str
    inside: wire.HelpRequest


def read_request(desk: Desk, path: Path) -> HelpRequest:
    """Province: read a request and show its words; opens nothing yet.

    Raises:
        NotAllowed, HelpRefused, CarrierError: in words.
    """
    _province(desk)
    found = wire.read_request(carriers.read_file(path))
    units = desk.context.units
    name = units.full_name(found.unit) if found.unit in units else found.unit
    words = exchange.shown(found.words())
    return HelpRequest(name, found.label, found.login, found.made_at, words, found)


def answer(desk: Desk, request: HelpRequest, folder: Path) -> Path:
    """Province: after comparing the words, write the key of the desk, sealed to its request.

    Raises:
        NotAllowed, HelpRefused, CarrierError: in words.
    """
    _province(desk)
    place = carriers.Carrier(folder, tag=desk.info.device[:8], practice=False)
    place.check()
    device = request.inside.device
    with desk.context.store.work() as work:
        data = wire.answer(work.cursor, request.inside)
        path = exchange.put(place.folder, f"td-{device[:8]}{ANSWER_SUFFIX}", data)
        work.log(desk.context.moment, desk.info.officer_id, "vault.help-given", device)
    return path


def requests_at(desk: Desk, folder: Path) -> list[Path]:
    """Province: requests on a stick, the newest first."""
    return exchange.files_at(desk, folder, REQUEST_SUFFIX)


def _province(desk: Desk) -> None:
    desk.require(ENROL)
    if desk.info.profile != "province" or desk.info.practice:
        raise NotAllowed
