"""A file that was double-clicked: is it a bundle, and if not, what to do with it instead."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from traffick_desk.i18n import N_
from traffick_desk.services.errors import ServiceError

# What every file begins with that is sealed to a desk; the rest is checked as it is taken in.
_SEALED = b"age-encryption.org/v1\n"
_LINKING = (".tdrequest", ".tdcert", ".tdroot")


class NotABundle(ServiceError):
    """The file that was opened is of another kind."""

    text = N_(
        "The file that was opened is not a bundle of this program, so it is not taken in. Nothing "
        "was changed. Bundles come from another desk and their names begin with td-."
    )


class IsAnUpdate(NotABundle):
    """A new version of the program."""

    text = N_(
        "The file that was opened is a new version of the program. Nothing was changed. Please "
        "unlock the desk and take it on the page Sync, under New version of the program."
    )


class IsForLinking(NotABundle):
    """A request, a certificate or a root."""

    text = N_(
        "The file that was opened is for linking two desks. Nothing was changed. Please unlock the "
        "desk and use it on the page Sync, under linking: there its words are compared."
    )


class NotReadable(NotABundle):
    """It is gone, or cannot be read."""

    text = N_(
        "The file that was opened cannot be read any more. Nothing was changed. If it lies on a "
        "USB stick, please plug the stick in and open it again."
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that begins as a bundle does; from whom and for whom is known when it is taken in.

    Attributes:
        size: in bytes.
    """

    path: Path
    size: int


def judge(path: Path) -> Opened:
    """Whether *path* may be a bundle; reads its first bytes only.

    Raises:
        NotABundle: in words, with what to do instead.
    """
    suffix = path.suffix.casefold()
    if suffix == ".tdupdate":
        raise IsAnUpdate
    if suffix in _LINKING:
        raise IsForLinking
    try:
        found = path.stat()
        # A pipe or a device would be waited for, for ever.
        if not stat.S_ISREG(found.st_mode):
            raise NotABundle
        with path.open("rb") as stream:
            if stream.read(len(_SEALED)) != _SEALED:
                raise NotABundle
    except (OSError, ValueError) as error:
        raise NotReadable from error
    return Opened(path, found.st_size)
