"""The command line: everything the window does that needs no window."""

from __future__ import annotations

from traffick_desk.cli.main import main

__all__ = ["main"]
