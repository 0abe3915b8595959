"""Everything that is wrong with a folder of rules, not only the first thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from traffick_desk.law.loader import build
from traffick_desk.law.reader import PackError, Reader, decode, parse

if TYPE_CHECKING:
    from pathlib import Path

    from traffick_desk.law.pack import Pack


@dataclass(frozen=True, slots=True)
class Check:
    """The rules when nothing is wrong with them, or else what is."""

    pack: Pack | None
    problems: tuple[PackError, ...]


def check_folder(folder: Path) -> Check:
    """Load the rules in *folder* and collect every problem.

    After a problem its entry is set aside and the rest is read again. A problem that only comes
    from an entry set aside is not reported, so correcting what is reported may show new ones.

    Raises:
        OSError: the folder or a file cannot be read.
    """
    problems: list[PackError] = []
    roots: dict[str, Reader] = {}
    for path in sorted(entry for entry in folder.iterdir() if entry.suffix == ".yaml"):
        try:
            roots[path.name] = parse(decode(path.read_bytes(), path.name), path.name)
        except PackError as error:
            problems.append(error)
    if problems:
        return Check(None, tuple(problems))
    aside: set[str] = set()
    damaged = False
    pack: Pack | None = None
    while pack is None:
        try:
            pack = build({name: Reader(root.node, name) for name, root in roots.items()})
        except PackError as error:
            follows = any(f"“{name}”" in error.problem for name in aside)
            found = _set_aside(roots.get(error.file), error.line, aside)
            if not follows and (found or not damaged):
                problems.append(error)
            if not found:
                break  # what is wrong is in no entry, or only follows from the entries set aside
            damaged = True
    problems.sort(key=lambda error: (error.file, error.line))
    return Check(None if problems else pack, tuple(problems))


# What stands in for an entry with a problem, so that others may go on naming it.
_STANDS_IN = {
    "instruments": (
        "{id: x, name: {vi: x, en: x}, title: {vi: x, en: x}, valid: {}, status: current, "
        "mark: T, sources: [x]}"
    ),
    "questions": "{id: x, vi: x, en: x}",
}


def _set_aside(root: Reader | None, line: int, aside: set[str]) -> bool:
    """Take the entry at *line* out of its list, its id into *aside*; false if there is none."""
    fields = root.node.value if root is not None and isinstance(root.node, yaml.MappingNode) else []
    above = [(key.value, value) for key, value in fields if value.start_mark.line < line]
    name, value = above[-1] if above else ("", None)
    items = value.value if isinstance(value, yaml.SequenceNode) else []
    entry = next((item for item in reversed(items) if item.start_mark.line < line), None)
    if not isinstance(entry, yaml.MappingNode):
        return False
    at = items.index(entry)
    own = next((part for key, part in entry.value if key.value == "id"), None)
    if isinstance(own, yaml.ScalarNode) and own.value not in aside and name in _STANDS_IN:
        items[at] = parse(_STANDS_IN[name], "").node
        items[at].value[0] = (items[at].value[0][0], own)
        items[at].start_mark = entry.start_mark
    else:
        del items[at]
    if isinstance(own, yaml.ScalarNode):
        aside.add(own.value)
    return True
