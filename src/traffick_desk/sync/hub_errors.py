"""What can go wrong between a desk and the hub, in words for the officer."""

from __future__ import annotations

from traffick_desk.i18n import N_
from traffick_desk.sync.errors import SyncError


class HubError(SyncError):
    """The hub did not do its work; the vault is untouched and trying again is safe."""


class HubAddressRefused(HubError):
    """Not an address of a hub that may be used."""

    text = N_(
        "This is not an address of a hub: it must begin with https:// and hold nothing but the "
        "name. Nothing was changed. Please copy it from what the province's IT desk gave you."
    )


class HubUnreachable(HubError):
    """No network, no hub, or a line that is cut again and again."""

    text = N_(
        "The hub cannot be reached now. Your data is safe on this PC, and what was sent in part "
        "goes on from there. The program tries again by itself; a USB stick works as well."
    )


class HubNotTrusted(HubError):
    """The line is encrypted by somebody whom this PC does not know."""

    text = N_(
        "This PC cannot make sure that it speaks with the hub, so nothing was sent. Your data is "
        "safe. Please tell the province's IT desk: the hub's TLS certificate is not trusted here, "
        "or the clock of this PC is wrong."
    )


class HubUnknownDesk(HubError):
    """The hub does not trust the province that certified this desk."""

    text = N_(
        "The hub does not know this desk, so nothing was sent. Your data is safe. Please tell the "
        "province's IT desk, and use a USB stick until it is mended."
    )


class HubNoReceiver(HubError):
    """The receiver has not called at the hub yet, or was withdrawn."""

    text = N_(
        "The hub does not know the receiving desk yet, so its file waits on this PC. Your data is "
        "safe. It is sent as soon as that desk has called at the hub; a USB stick works as well."
    )


class HubShutOut(HubError):
    """The province withdrew this desk."""

    text = N_(
        "The province has withdrawn the access of this desk, so the hub takes nothing from it. "
        "Your data is safe on this PC. Please call the province."
    )


class HubFull(HubError):
    """No room at the hub, or for this desk."""

    text = N_(
        "The hub has no room for more files now, so nothing more was sent. Your data is safe on "
        "this PC. Please tell the province's IT desk; a USB stick works as well."
    )


class HubNewerProtocol(HubError):
    """The hub speaks a protocol that this version does not know."""

    text = N_(
        "The hub needs a newer version of the program. Nothing was sent, your data is safe. Please "
        "install the newer version on this PC; a USB stick works as well."
    )


class HubStrange(HubError):
    """An answer that no hub gives."""

    text = N_(
        "What answered is not a hub as this program knows it. Nothing was changed, your data is "
        "safe. Please check the address, or tell the province's IT desk."
    )
