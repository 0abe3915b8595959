"""Where the data files are: inside the installed package, or in the source tree beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def _base() -> Path:
    installed = _PACKAGE / "_data"
    return installed if installed.is_dir() else _PACKAGE.parent.parent


def path(*parts: str) -> Path:
    """The path of a resource, e.g. ``path("rules", "l53.yaml")``."""
    return _base().joinpath("resources", *parts)


def translations() -> Path:
    """The folder of the gettext catalogues."""
    return _base() / "translations"
