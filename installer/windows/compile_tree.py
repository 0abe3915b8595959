"""Compiles a folder of Python ahead; run by the CPython whose bytecode it is.

``compile_tree.py FOLDER keep``      each ``.py`` gets its ``__pycache__``
``compile_tree.py FOLDER instead``   each ``.py`` is replaced by its ``.pyc``, without docstrings

A library's docstrings are for who programs with it: they are a tenth of what is shipped and are
read by nobody on an officer's PC. Unlike with ``-OO`` its assertions stay, so that it behaves as it
was tested. The code is bound to nothing outside its file, so it is the same each time.
"""

from __future__ import annotations

import ast
import importlib._bootstrap_external as machinery
import importlib.util
import sys
from pathlib import Path

_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def without_docstrings(tree: ast.Module) -> ast.Module:
    """Take the docstrings out; a body that was nothing else does nothing."""
    for node in ast.walk(tree):
        # A second text would become the docstring; it says nothing to the program either.
        while (
            isinstance(node, _WITH_DOCSTRING) and ast.get_docstring(node, clean=False) is not None
        ):
            first = node.body.pop(0)
            if not node.body and not isinstance(node, ast.Module):
                node.body.append(ast.copy_location(ast.Pass(), first))
    return tree


def main() -> int:
    folder, how = Path(sys.argv[1]), sys.argv[2]
    for path in sorted(folder.rglob("*.py")):
        source = path.read_bytes()
        shown = (Path(folder.name) / path.relative_to(folder)).as_posix()
        try:
            tree = ast.parse(source, shown)
        except SyntaxError:
            # A library's template or a file for another Python; it is not imported here either.
            print(f"  note: {shown} is not compiled")
            continue
        if how == "instead":
            tree = without_docstrings(tree)
        code = compile(tree, shown, "exec", dont_inherit=True, optimize=0)
        # What ``compileall`` itself uses; it takes no tree without docstrings.
        digest = importlib.util.source_hash(source)
        data = machinery._code_to_hash_pyc(code, digest, checked=False)  # noqa: SLF001
        if how == "instead":
            path.with_suffix(".pyc").write_bytes(data)
            path.unlink()
        else:
            target = Path(importlib.util.cache_from_source(str(path), optimization=""))
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
