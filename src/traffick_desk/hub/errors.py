"""What the hub refuses. Desks get the code and say it in the officer's words."""

from __future__ import annotations

from traffick_desk.i18n import N_, _


class Refused(Exception):
    """A request that is not carried out.

    Args:
        status: of the answer.
        code: what the desk goes by; ``docs/hub.md`` lists them all.
        headers: more headers of the answer.
    """

    def __init__(self, status: int, code: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers or {}


class HubError(Exception):
    """The hub cannot be set up or started, in words for province IT."""

    text = ""

    def __init__(self, **values: object) -> None:
        super().__init__()
        self.values = values

    def __str__(self) -> str:
        return _(self.text).format(**self.values)


class NotMade(HubError):
    """There is no hub at that place."""

    text = N_(
        "There is no hub here yet, so nothing was started. Please make one first: traffick-desk "
        "hub init"
    )


class AlreadyMade(HubError):
    """There is a hub at that place."""

    text = N_("There is a hub here already. Nothing was changed.")


class HubNewer(HubError):
    """The tables are of a newer version."""

    text = N_(
        "The hub's tables were written by a newer version of the program. Nothing was changed. "
        "Please install the newer version here as well."
    )


class NotAProvince(HubError):
    """The certificate is not a province's own."""

    text = N_(
        "This is not the certificate of a province's desk. Nothing was changed. Please have the "
        "province write one: traffick-desk enrol root"
    )


class UnknownDesk(HubError):
    """No desk of that id."""

    text = N_("The hub knows no desk {device}. Nothing was changed.")


class WeakPassword(HubError):
    """Too easy to guess."""

    text = N_("This password is too easy to guess. Nothing was changed. Please take a longer one.")


class MissingPart(HubError):
    """The extra packages are not installed."""

    text = N_(
        "The parts that a hub needs are not installed ({name}). Nothing was changed. Please "
        "install them: pip install 'traffick-desk[hub]'"
    )
