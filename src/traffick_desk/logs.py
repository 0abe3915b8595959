"""What is told of a fault: class and place, never a value, for that may be a person's name."""

from __future__ import annotations

import logging
import traceback


def places(error: BaseException) -> list[str]:
    """Where an exception came from: file, line and function of each step, nothing else.

    Values and the text of the exception are left out: they may hold a person's name.
    """
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames]


def _short(filename: str) -> str:
    """The path from the package on: the folders above it may hold the officer's name."""
    parts = filename.replace("\\", "/").split("/")
    for anchor in ("traffick_desk", "site-packages"):
        if anchor in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(anchor) - 1 :])
    return parts[-1]


class PlacesFormatter(logging.Formatter):
    """Log lines without the texts of exceptions, which may hold personal data."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """Class and places only."""
        error = ei[1] if isinstance(ei, tuple) else None
        if not isinstance(error, BaseException):
            return ""
        return "\n".join([type(error).__name__, *(f"  {p}" for p in places(error))])


def log_to_stderr() -> None:
    """Send warnings and worse to standard error, without personal data."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlacesFormatter("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
