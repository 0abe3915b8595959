"""What is said after unlocking about the ways into the vault."""

from __future__ import annotations

from traffick_desk.desk.host import Host
from traffick_desk.i18n import _, ngettext
from traffick_desk.services import recovery_trial

# One or two wrong passwords are everybody's; more may be somebody else's.
MANY = 3


def warn_of_tries(host: Host) -> None:
    """Tell of wrong passwords since the last unlocking, and of a record that was tampered with."""
    desk = host.desk
    refused = getattr(desk, "refused_before", 0)
    if refused >= MANY:
        host.messages.warn(
            ngettext(
                "A wrong password was given {n} time since the vault was last open.",
                "A wrong password was given {n} times since the vault was last open.",
                refused,
            ).format(n=refused),
            _("Your data is safe."),
            _("If it was not you, tell the chair and the province's IT desk."),
        )
    if not getattr(desk, "tries_whole", True):
        host.messages.warn(
            _("The record of wrong passwords on this PC was changed or removed."),
            _("Your data is safe."),
            _("Somebody may have tried to open the vault. Tell the province's IT desk."),
        )


def remind_of_code(host: Host, state: str) -> None:
    """Ask for the printed code to be tried, or made anew."""
    if state == recovery_trial.USED:
        what = _("The vault was opened without a password. Please make a new recovery code.")
    else:
        what = _("Please try the printed recovery code: it is due once a quarter.")
    host.messages.tell(
        what, actions=((_("Go to Settings"), lambda: host.go("settings", part="keys")),)
    )
