"""The table of roles × acts in ``docs/roles.md``: ``update`` writes it, ``check`` compares.

Every command and query, and every act that is a function of its own, has a line. Whoever adds
one runs ``update`` and reads in the difference who may do it now.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
from pathlib import Path

import traffick_desk.services
from traffick_desk.services import roles
from traffick_desk.services.base import Command, Query

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "roles.md"
SHOWN = {
    "officer": "officer",
    "chair": "chair",
    "clerk": "clerk",
    "case_officer": "case officer",
    "lead": "lead",
    "it": "IT",
    "auditor": "auditor",
}
HEAD = """\
# Roles and what they may do

Made by `make roles` from the commands and queries of `services` and from `services/roles.py`; a
test fails while it is not up to date. ● may, · may not. *officer*, *chair* and *clerk* are of a
commune; *case officer*, *lead* and *IT* of the province; *auditor* of both. Who left may do none.
`own` is what everybody may do at a desk: her own password, her own settings.

Some acts look further than the table: where a desk has nobody who may look after its officers or
read its log, whoever writes cases may (`services/officers.may_manage`, `services/log.may_read`); a
case that is restricted is hidden from who is not named (`services/veiling`).
"""


def acts() -> dict[str, type]:
    """Name → class of every command and query."""
    for module in pkgutil.walk_packages(traffick_desk.services.__path__, "traffick_desk.services."):
        importlib.import_module(module.name)
    found: dict[str, type] = {}
    waiting: list[type] = [Command, Query]
    while waiting:
        for cls in waiting.pop().__subclasses__():
            waiting.append(cls)
            if not cls.__module__.startswith("traffick_desk."):
                continue
            # A dataclass with slots replaces the class that it was made from; and what others are
            # made of, each with its own permission, is no act itself.
            shared = cls.__subclasses__() and not hasattr(cls, "permission")
            if "__slots__" in cls.__dict__ and not shared:
                found[f"{cls.__module__.removeprefix('traffick_desk.')}.{cls.__qualname__}"] = cls
    return found


def functions() -> dict[str, str]:
    """Name → permission of every function that asks for one itself."""
    found = {}
    for path in sorted(Path(traffick_desk.services.__file__).parent.rglob("*.py")):
        folder = path.parent.name
        module = f"{'' if folder == 'services' else 'services.'}{folder}.{path.stem}"
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for call in ast.walk(node):
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Attribute)
                    and call.func.attr == "require"
                    and isinstance(call.args[0], ast.Name)
                ):
                    found[f"{module}.{node.name}"] = getattr(roles, call.args[0].id)
    return found


def table() -> str:
    """The whole document."""
    wanted = {name: str(getattr(cls, "permission", "")) for name, cls in acts().items()}
    kinds = {
        name: "command" if issubclass(cls, Command) else "query" for name, cls in acts().items()
    }
    for name, permission in functions().items():
        wanted[name], kinds[name] = permission, "act"
    lines = [HEAD, "## Permissions", "", _head("permission")]
    lines += [_row((f"`{p}`",), p) for p in sorted(roles.PERMISSIONS)]
    lines += ["", "## Commands, queries and other acts", "", _head("act", "kind", "permission")]
    lines += [_row((f"`{n}`", kinds[n], f"`{wanted[n]}`"), wanted[n]) for n in sorted(wanted)]
    return "\n".join(lines) + "\n"


def _head(*first: str) -> str:
    cells = [*first, *SHOWN.values()]
    return f"| {' | '.join(cells)} |\n|{'---|' * len(first)}{':-:|' * len(SHOWN)}"


def _row(first: tuple[str, ...], permission: str) -> str:
    cells = [*first, *("●" if roles.may(role, permission) else "·" for role in SHOWN)]
    return f"| {' | '.join(cells)} |"


def main(arguments: list[str]) -> int:
    made = table()
    if arguments == ["update"]:
        TABLE.write_text(made, encoding="utf-8")
        return 0
    if TABLE.read_text(encoding="utf-8") == made:
        return 0
    print("docs/roles.md is not up to date: run `make roles` and read the difference.")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
