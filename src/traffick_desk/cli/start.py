"""How long the start takes; apart from the other commands, which load for longer than a window."""

from __future__ import annotations

from pathlib import Path

from traffick_desk.i18n import _


def tell_start(vault: Path) -> int:
    """Open the first window, close it, and tell how long it took."""
    from traffick_desk import app

    # Before the window comes, which speaks as the officer likes.
    text = _("The first window stood after {wall} s; the processor worked {processor} s of it.")
    told = app.measure_start(vault)
    print(text.format(wall=f"{told.wall:.3f}", processor=f"{told.processor:.3f}"))
    return 0
