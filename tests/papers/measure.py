"""Measuring in pages of pdfplumber."""

from __future__ import annotations

import re
from typing import Any

MM = 72 / 25.4


def find(page: Any, text: str) -> list[dict[str, Any]]:
    """The characters of the first place where *text* stands on one line."""
    for line in rows(page):
        joined = "".join(char["text"] for char in line)
        start = joined.find(text)
        if start >= 0:
            return line[start : start + len(text)]
    raise AssertionError(f"not on the page: {text}")


def rows(page: Any) -> list[list[dict[str, Any]]]:
    """Characters that are not tilted, grouped by drawing order and baseline."""
    lines: list[list[dict[str, Any]]] = []
    for char in page.chars:
        if abs(char["matrix"][1]) > 0.01:
            continue
        if lines and abs(baseline(lines[-1][-1]) - baseline(char)) < 0.01:
            lines[-1].append(char)
        else:
            lines.append([char])
    return lines


def baseline(char: dict[str, Any]) -> float:
    """Height of the baseline above the foot of the page."""
    return float(char["matrix"][5])


def span(chars: list[dict[str, Any]]) -> tuple[float, float]:
    """Left and right end."""
    return chars[0]["x0"], chars[-1]["x1"]


def middle(chars: list[dict[str, Any]]) -> float:
    """Centre between the ends."""
    left, right = span(chars)
    return (left + right) / 2


def size(chars: list[dict[str, Any]]) -> float:
    """The one font size of the characters."""
    (only,) = {round(char["size"], 2) for char in chars}
    return only


def face(chars: list[dict[str, Any]]) -> str:
    """The one face of the characters, without the subset's prefix."""
    (only,) = {char["fontname"].partition("+")[2] for char in chars}
    return only


def rules(page: Any) -> list[dict[str, Any]]:
    """Horizontal rules, from the top."""
    return sorted((r for r in page.lines if abs(r["y0"] - r["y1"]) < 0.01), key=lambda r: r["top"])


def text(page: Any) -> str:
    """The text of the page in drawing order, spaces collapsed."""
    joined = "\n".join("".join(char["text"] for char in line) for line in rows(page))
    return re.sub(r"[ \u00a0]+", " ", joined)


def flat(page: Any) -> str:
    """The text on one line."""
    return re.sub(r"\s+", " ", text(page))
