"""What can go wrong with keys: one small class per failure, one text for each that a person sees.

Every cryptographic refusal of a file shows the *same* text, whatever failed inside:
a precise text would tell an attacker how far a forged file got. The class and
``detail`` say it to the log and to the tests.
"""

from __future__ import annotations

from traffick_desk.i18n import N_, _


class VaultError(Exception):
    """A refusal with a text for the officer.

    ``str(error)`` is that text in the language in use; ``detail`` is short English
    for the log and never holds a name, a password or a key.
    """

    text = N_("The encrypted vault could not be used. Your data has not been changed.")

    def __init__(self, detail: str = "", **values: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.values = values

    def __str__(self) -> str:
        return _(self.text).format(**self.values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.detail!r})"


# --- age files -----------------------------------------------------------------------------


class AgeError(VaultError):
    """An age file was refused. One text for all of the family."""

    text = N_(
        "This sealed file cannot be opened here: it is damaged, was changed on the way, or was "
        "sealed for another desk. Nothing was taken from it and your data has not been changed. "
        "Ask the sender to export it again."
    )


class NoMatch(AgeError):
    """No stanza of the header is for one of the identities given."""


class HeaderInvalid(AgeError):
    """The header is not well-formed age v1."""


class MacInvalid(HeaderInvalid):
    """The header's authentication code is wrong."""


class PayloadInvalid(AgeError):
    """A chunk of the payload is wrong, missing, or stands after the last one."""


class ArmorInvalid(AgeError):
    """The text form (ASCII armour) is not strict PEM."""


class TooLarge(AgeError):
    """The plaintext is longer than the caller allows."""

    text = N_(
        "This sealed file is larger than this program accepts. Nothing was taken from it and your "
        "data has not been changed. Ask the sender to export in smaller parts."
    )


class RecipientRefused(VaultError):
    """A recipient or identity text is not valid, or recipients may not stand together."""

    text = N_(
        "The key of the receiving desk is not valid, so nothing was sealed. Your data has not been "
        "changed. Ask the province for that desk's key again."
    )


# --- signatures ----------------------------------------------------------------------------


class BadSignature(VaultError):
    """A signature does not fit its key, label and message."""

    text = N_(
        "The signature does not fit: this did not come unchanged from the desk it names. Nothing "
        "was taken from it and your data has not been changed. Tell the province's desk."
    )


# --- the vault file ------------------------------------------------------------------------


class UnlockRefused(VaultError):
    """Unknown login or wrong password: the same class, text and work for both."""

    text = N_(
        "The name or the password is not right. Your data is safe. Check Caps Lock and the "
        "Vietnamese typing tool, then try again, or use the printed recovery code."
    )


class RecoveryRefused(UnlockRefused):
    """A well-typed recovery code, or a sealed answer, that does not open this vault."""

    text = N_(
        "This recovery code or answer is well formed but does not open this vault; it may be an "
        "older one or belong to another desk. Your data is safe. Look for the newest sheet, or "
        "ask the province's desk."
    )


class RecoveryCodeMistyped(VaultError):
    """The typed code fails its own checksum; ``values["group"]`` is the likely group, from 1."""

    text = N_(
        "The recovery code has a typing error, probably in group {group}. Your data is safe. "
        "Compare it with the printed sheet and type it again."
    )


class RecoveryCodeWrongLength(VaultError):
    """The typed code has too few or too many characters, or one that no code has."""

    text = N_(
        "A recovery code has {groups} groups of {size} letters and digits. Your data is safe. "
        "Type all the groups as they are printed."
    )


class ShareMistyped(VaultError):
    """A typed sheet fails the check of a row; ``values["row"]`` is its number, from 1."""

    text = N_(
        "Row {row} of this sheet has a typing error. Nothing was changed. Compare it with the "
        "printed sheet and type it again."
    )


class ShareWrongLength(VaultError):
    """A typed sheet has too few or too many characters, or one that no sheet has."""

    text = N_(
        "A sheet has {rows} rows of {groups} groups of four letters and digits. Nothing was "
        "changed. Type all of it as it is printed."
    )


class SharesDiffer(VaultError):
    """The sheets are not two different ones of the same making."""

    text = N_(
        "These sheets do not belong together: two different sheets of the same day are needed. "
        "Nothing was changed. Please look at the number and the time on each sheet."
    )


class HeaderMissing(VaultError):
    """There is no vault file where it should be."""

    text = N_(
        "The vault file vault.json is not in its folder. Nothing has been changed. Check that the "
        "right folder or drive is connected, or restore the newest backup."
    )


class HeaderUnreadable(VaultError):
    """The system would not let the vault file be read (environment, not damage)."""

    text = N_(
        "The computer or the drive would not let the vault file be read. Nothing has been changed. "
        "Check the drive and the access rights of the folder, then try again."
    )


class HeaderDamaged(VaultError):
    """The vault file is not one that this program could have written."""

    text = N_(
        "The vault file vault.json is damaged. The cases are in another file and have not been "
        "changed. Use the previous copy vault.json.old or the newest backup."
    )


class HeaderNewer(VaultError):
    """The vault file was written by a newer version of the program."""

    text = N_(
        "This vault was written by a newer version of the program. Nothing has been changed and "
        "your data is safe. Install the newer version on this computer, then open it again."
    )


class HeaderTampered(VaultError):
    """The password was right but the vault file is not as its officers left it."""

    text = N_(
        "The vault file vault.json was changed outside the program, so the vault stays closed. "
        "The cases have not been changed. Do not go on working: restore the newest backup and "
        "tell the province's desk."
    )


class HeaderRolledBack(HeaderTampered):
    """An older vault file stands in place of the one in force, and lets in a way closed since."""

    text = N_(
        "An older vault file vault.json was put in place of the one in force, and this way in was "
        "changed or closed since, so the vault stays closed. The cases have not been changed. Use "
        "the newest password or the printed recovery code, or restore the newest backup, and tell "
        "the province's desk."
    )


class HeaderNotWritten(VaultError):
    """The vault file could not be written; the one before it is still in place."""

    text = N_(
        "The vault file could not be written: the disk may be full or write-protected. The "
        "previous one is still in place and your data is safe. Free some space and try again."
    )


class HeaderFull(VaultError):
    """No room for another slot: the vault file has a fixed greatest size."""

    text = N_(
        "This vault has no room for another officer. Nothing has been changed. Remove officers "
        "who no longer work here, then try again."
    )


class KdfOutOfRange(VaultError):
    """Key derivation weaker than the floor or heavier than the ceiling."""

    text = N_(
        "The vault file asks for a password protection that is too weak or too heavy, which this "
        "program never writes. The vault stays closed and nothing has been changed. Restore the "
        "newest backup and tell the province's desk."
    )


class NotEnoughMemory(VaultError):
    """The system could not give the memory that key derivation needs."""

    text = N_(
        "There is not enough free memory to check the password. Your data is safe. Close other "
        "programs and try again."
    )


class LoginTaken(VaultError):
    """Another slot already has this login or officer."""

    text = N_(
        "This vault already has an officer with that login name. Nothing has been changed. Choose "
        "another login name."
    )


class LastOfficer(VaultError):
    """The only officer slot may not be removed."""

    text = N_(
        "The last officer cannot be removed, or nobody could open the vault. Nothing has been "
        "changed. Add another officer first."
    )


class NoSuchSlot(VaultError):
    """The slot named is not in this vault."""

    text = N_(
        "That officer or recovery code is no longer in this vault. Nothing has been changed. "
        "Look at the list again."
    )


class SealBroken(VaultError):
    """Something sealed under a sub-key of the vault was changed or is of another vault."""

    text = N_(
        "A protected part of this vault is damaged or belongs to another vault. It was not used "
        "and nothing has been changed. Use the newest backup."
    )


class SelfTestFailed(VaultError):
    """A known-answer test of the cryptography gave a wrong answer."""

    text = N_(
        "The program's protection failed its own test on this computer, so no vault is opened. "
        "Your data is safe. Install the program again from the province's stick."
    )
