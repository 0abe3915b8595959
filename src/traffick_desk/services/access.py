"""Ways into an open vault: the officer's own password, and the printed recovery code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from traffick_desk.i18n import _
from traffick_desk.services import recovery_trial, ways
from traffick_desk.services.base import Desk
from traffick_desk.services.vaults import WeakPassword
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import kdf, passwords, slots
from traffick_desk.vault.errors import UnlockRefused


class WrongPassword(Exception):
    """The present password is not right; nothing was changed."""

    def __str__(self) -> str:
        return _("The present password is not right, so nothing was changed. Please try again.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A header and its key, for a change to the ways in; who asked for it wipes the key."""

    file: Path
    header: vault_header.Header
    slot: vault_header.Slot
    unlocked: slots.Unlocked


def with_password(desk: Desk, password: str) -> Opened:
    """The key of the vault, which an open desk does not keep in reach.

    Raises:
        WrongPassword: it is not the password of the officer at this desk.
        VaultError: in words.
    """
    file = desk.info.vault_path / vault_header.FILE_NAME
    header = vault_header.read_header(file)
    slot = header.officer(desk.info.officer_id)
    if slot is None:
        raise WrongPassword
    try:
        unlocked = slots.unlock_with_password(header, slot.login, password)
    except UnlockRefused as error:
        raise WrongPassword from error
    return Opened(file, header, slot, unlocked)


def change_password(desk: Desk, old: str, new: str) -> None:
    """Give the officer at this desk another password; takes about a second.

    Raises:
        WrongPassword: *old* is not her password.
        WeakPassword: *new* is too easy to guess.
        VaultError: in words; the old password stays in force.
    """
    file = desk.info.vault_path / vault_header.FILE_NAME
    header = vault_header.read_header(file)
    slot = header.officer(desk.info.officer_id)
    if slot is None:
        raise WrongPassword
    strength = passwords.strength(new, (slot.login, desk.info.officer_name, desk.info.label))
    if not strength.acceptable:
        raise WeakPassword(" ".join(strength.advice))
    try:
        changed, unlocked = slots.change_password(
            header, slot.login, old, new, slot.kdf or kdf.calibrate()
        )
    except UnlockRefused as error:
        raise WrongPassword from error
    try:
        vault_header.write_header(file, changed, unlocked.dek)
    finally:
        unlocked.wipe()
    _log(desk, "vault.password", changed)


def renew_recovery_code(desk: Desk, password: str) -> str:
    """A new recovery code, shown only now; the one before opens nothing any more.

    Raises:
        WrongPassword: it is not the officer's password.
        VaultError: in words; the old code stays in force.
    """
    opened = with_password(desk, password)
    header, slot, unlocked = opened.header, opened.slot, opened.unlocked
    try:
        before = header.of_kind(vault_header.RECOVERY)
        changed, code = slots.add_recovery_slot(header, unlocked.dek, slot.kdf or kdf.calibrate())
        for old in before:
            changed = slots.remove_slot(changed, unlocked.dek, old.id)
        vault_header.write_header(opened.file, changed, unlocked.dek)
    finally:
        unlocked.wipe()
    _log(desk, "vault.recovery", changed)
    return code


def _log(desk: Desk, action: str, header: vault_header.Header) -> None:
    with desk.context.store.work() as work:
        # What was changed or taken away here does not come back with an older vault file.
        ways.note(work.cursor, header)
        if action == "vault.recovery":
            recovery_trial.note_new(work.cursor, desk.context.moment)
        work.log(desk.context.moment, desk.info.officer_id, action, desk.info.vault_id)
