"""The one stylesheet, ``desk.qss``, filled with the tokens of a theme."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traffick_desk.desk.theme import Theme


def build(theme: Theme) -> str:
    """The stylesheet of *theme*."""
    colours = theme.colours
    values: dict[str, object] = {
        name: getattr(colours, name) for name in type(colours).__slots__ if name != "name"
    }
    values |= {f"p{n}": theme.px(n) for n in (2, 3, 4, 6, 7, 8, 10, 11, 12, 16, 18, 24)}
    values |= {f"t{n}": f"{n * theme.percent / 100:g}" for n in (11, 13, 16, 20)}
    values |= {
        "control": theme.control_height,
        # What is inside border and padding of a control of full height.
        "inner": theme.control_height - 2 * theme.px(4) - 2,
        "bare": theme.control_height - 2,
        "scheme": colours.name,
    }
    sheet = Path(__file__).with_name("desk.qss").read_text("utf-8")
    return Template(sheet).substitute(values)
