"""Run mutmut so that each change is tried by the tests that run the changed statement.

Called by ``scripts/mutate.py`` in an environment with mutmut. mutmut itself knows which tests call
a function; a test that calls the function without coming to the changed statement cannot notice the
change and only costs time, most of all in long functions that read files. ``lines.json`` beside
the sources says which test runs which line. What no test runs is tried by all that mutmut names.

A change that never comes to an end is stopped after a time that fits these tests, and results are
written beside and moved, so a run can be broken off at any moment.
"""

from __future__ import annotations

import ast
import difflib
import json
import resource
import sys
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mutmut.__main__ import cli
from mutmut.mutation.data import MutantLineSpans, SourceFileMutationData
from mutmut.mutation.diff_apply import generated_function_names
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.format_utils import (
    get_module_from_key,
    orig_function_and_class_names_from_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

LINES = Path("lines.json").resolve()
# Several times what the tests need by themselves, on a machine that does other work too.
PATIENCE, LEAST_SECONDS = 5, 10

_run_tests, _save = PytestRunner.run_tests, SourceFileMutationData.save


@cache
def tests_by_line() -> dict[str, dict[str, list[str]]]:
    """File → line → tests that run it."""
    found: dict[str, dict[str, list[str]]] = json.loads(LINES.read_text("utf-8"))
    return found


def changed_lines(mutant: str) -> tuple[str, set[int]]:
    """The file of *mutant*, and the lines of each statement that it changes (head of a block)."""
    module = get_module_from_key(mutant)
    path = Path("src", *module.split(".")).with_suffix(".py")
    spans = MutantLineSpans.load(path)
    if spans is None:
        return str(path), {0}
    before, after = (
        source.splitlines()
        for source in spans.read_function_sources([*generated_function_names(mutant)])
    )
    function, owner = orig_function_and_class_names_from_key(mutant)
    node = _named(ast.parse(path.read_text("utf-8")), owner, function)
    head = next(n for n, line in enumerate(before) if "__mutmut_orig(" in line)
    before[head] = before[head].replace("__mutmut_orig", "")
    after[head] = after[head].replace("__" + mutant.rpartition("__")[2], "")
    found: set[int] = set()
    changes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for tag, start, end, _start, _end in changes:
        if tag != "equal":
            for line in range(start, max(end, start + 1)):
                found |= _statement(node, line - head + node.lineno)
    return str(path), found


def _named(tree: ast.Module, owner: str | None, name: str) -> ast.FunctionDef:
    places = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == owner]
    return next(
        node
        for place in (places if owner else [tree])
        for node in place.body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )


def _statement(node: ast.FunctionDef, line: int) -> set[int]:
    """The lines of the innermost statement at *line*; of one with a block, those of its head."""
    inner = [
        part
        for part in ast.walk(node)
        if isinstance(part, ast.stmt | ast.ExceptHandler | ast.match_case)
        and part is not node
        and _first(part) <= line <= _last(part)
    ]
    if not inner:
        return {0}  # the head of the function: every test of it
    part = max(inner, key=_first)
    body = getattr(part, "body", None)
    last = _first(body[0]) - 1 if body and line < _first(body[0]) else _last(part)
    return set(range(_first(part), max(last, _first(part)) + 1))


def _first(part: ast.stmt | ast.ExceptHandler | ast.match_case) -> int:
    return part.pattern.lineno if isinstance(part, ast.match_case) else part.lineno


def _last(part: ast.stmt | ast.ExceptHandler | ast.match_case) -> int:
    end = part.body[-1].end_lineno if isinstance(part, ast.match_case) else part.end_lineno
    return end or _first(part)


def near(mutant: str, tests: Iterable[str]) -> list[str]:
    """Those of *tests* that run the changed statement, the quickest first."""
    path, lines = changed_lines(mutant)
    known = tests_by_line()[path]
    found: set[str] = set()
    for line in lines:
        found.update(known.get(str(line), ()))
    if 0 in lines or not found:
        found |= set(tests)
    durations = state().duration_by_test
    return sorted(found & set(durations), key=lambda test: (durations[test], test)) or list(tests)


def run_tests(self: PytestRunner, *, mutant_name: str | None, tests: Iterable[str]) -> int:
    """As mutmut does, with the tests that are near the change."""
    if mutant_name is None or "__mutmut_" not in mutant_name:
        return int(_run_tests(self, mutant_name=mutant_name, tests=tests))
    chosen = near(mutant_name, tests)
    needed = sum(state().duration_by_test[test] for test in chosen)
    limit = int(time.process_time() + needed * PATIENCE) + LEAST_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    return int(_run_tests(self, mutant_name=mutant_name, tests=chosen))


def save(self: SourceFileMutationData) -> None:
    """As mutmut does, but the file is always a whole one."""
    final = self.meta_path
    self.meta_path = final.with_suffix(".new")
    try:
        _save(self)
        self.meta_path.replace(final)
    finally:
        self.meta_path = final


if __name__ == "__main__":
    PytestRunner.run_tests = run_tests
    SourceFileMutationData.save = save
    sys.exit(cli())
