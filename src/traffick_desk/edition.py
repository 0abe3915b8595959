"""Which edition of the program this is: what an update is compared with.

Light on purpose: the start-up, the launchers' tests and the installer all read it.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from traffick_desk import __version__

PRODUCT = "traffick-desk"
NUMBER = 1
"""Grows by one with each release and never falls; updates go by it, not by the version's text."""

HOME = "TRAFFICK_DESK_HOME"
"""Set by the launcher: the folder that holds ``versions`` and the pointer ``current``."""

BASE = "TRAFFICK_DESK_BASE"
"""Set by the launcher: where a package put the program; often the same folder."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the program for one kind of PC."""

    number: int
    version: str
    platform: str


def platform() -> str:
    """The kind of PC: ``windows-x64`` or ``linux-x64``."""
    return "windows-x64" if sys.platform == "win32" else "linux-x64"


def this() -> Edition:
    """The edition that is running."""
    return Edition(NUMBER, __version__, platform())


def base() -> Path | None:
    """Where a package put the program; ``None`` if the program was not started by its launcher."""
    given = os.environ.get(BASE)
    return Path(given) if given else None


def home() -> Path | None:
    """Where versions lie side by side; ``None`` if the program was not started by its launcher."""
    given = os.environ.get(HOME)
    return Path(given) if given else None


def publishers() -> tuple[bytes, ...]:
    """The public keys (raw Ed25519) pinned when this copy was built; none in the source tree.

    They come from ``publishers.json`` in the package's data, which only the installer's build
    writes, from the key that the publisher gives it.
    """
    from traffick_desk import resources

    try:
        text = resources.path("publishers.json").read_text("ascii")
    except FileNotFoundError:
        return ()
    return tuple(bytes.fromhex(key) for key in json.loads(text))
