"""The invented province of practice, and the marks that everything of it carries.

Its codes begin with 99. The official list ends at province 96 and commune 32248; a packaged
list that held one of these codes would be refused (``Units.load``), so a unit of practice can
never be taken for a real one. A desk is one of practice if its unit is; the unit stands in the
header of the vault, under its MAC, and in every request and certificate.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

PROVINCE = "2025/99"
COMMUNE = "2025/99001"
NEIGHBOUR = "2025/99004"

MARK = "LUYỆN TẬP"
"""Across every page of paper; papers are always in Vietnamese."""
SENTENCE = "LUYỆN TẬP – không phải dữ liệu thật"
FILE_MARK = "LUYEN-TAP"
"""Before the name of every file that leaves practice: plain letters, for every file system."""

_RESERVED = "99"
_UNIT = re.compile(r"2025/99(?:\d{3})?", re.ASCII)


def is_practice(unit_id: str) -> bool:
    """Whether a unit belongs to the invented province."""
    return _UNIT.fullmatch(unit_id) is not None


def file_name(name: str) -> str:
    """*name* with the mark before it, once."""
    if name.upper().startswith(FILE_MARK):
        return name
    return f"{FILE_MARK}-{name}"


def file_path(path: Path) -> Path:
    """*path* with the mark before the name of the file, once."""
    return path.with_name(file_name(path.name))


def holds_reserved(data: dict[str, Any]) -> bool:
    """Whether a list of units has a code that is kept for practice."""
    groups = (data["provinces"], data["old_provinces"], *data["communes"].values())
    return any(row[0].startswith(_RESERVED) for rows in groups for row in rows)


def add_units(data: dict[str, Any]) -> None:
    """Put the invented province and its two communes into the content of ``units.json``."""
    code = PROVINCE[5:]
    data["provinces"].append([code, "Ví Dụ", "tinh", None, None])
    data["decisions"][code] = ""
    data["communes"][code] = [
        [COMMUNE[5:], "Suối Mẫu", "xa", None, None],
        [NEIGHBOUR[5:], "Đồi Mẫu", "xa", None, None],
    ]
