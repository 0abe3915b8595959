"""Run mutmut so that each change is tried first, and only, by the tests that come near to it.

Called by ``scripts/mutate.py`` in an environment with mutmut. mutmut itself knows which tests call
a function, and tries a change with all of them. That is much too long here, where nearly every test
reads the rules. So:

- a test that does not come to the changed statement cannot notice the change and is left out
  (``lines.json`` says which test runs which line; what none runs is tried by all);
- after the quickest test come those that run lines of the function which few others run, for they
  test something special about it; among equals one of each test file in turn, and those that run
  most of the changed file;
- with ``AT_MOST`` in the environment only the first so many are tried. What they do not notice
  counts as survived until a go without a limit tries it with all;
- a test that takes much longer than without the change is stopped: the change is noticed, as mutmut
  has it;
- with ``SHARE`` = 3 only every third that was not run is tried, always the same ones;
- ``STATES`` names the results (as numbers of mutmut) that are tried again; without any, only what
  was not run is;
- pytest is started and collects the tests once; each change is tried in a copy (fork) of that
  process, which the first failure ends at once;
- the rules of the fixture ``pack`` are read once too, by code without a change: a change in what
  reads them is noticed by the tests that read rules themselves, or not at all;
- results are written beside and moved, so that a run can be broken off at any moment.
"""

from __future__ import annotations

import ast
import difflib
import json
import os
import signal
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zlib import crc32

import pytest
from _pytest.config import _prepareconfig
from mutmut import __main__ as mutmut
from mutmut.mutation.data import MutantLineSpans, SourceFileMutationData
from mutmut.mutation.diff_apply import generated_function_names
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd
from mutmut.utils.format_utils import (
    get_module_from_key,
    orig_function_and_class_names_from_key,
)
from mutmut.workers.isolation import ForkRunner

if TYPE_CHECKING:
    from collections.abc import Iterable

TREE = Path.cwd()
AT_MOST = int(os.environ.get("AT_MOST", "0"))
SHARE = int(os.environ.get("SHARE", "1"))
STATES: tuple[int | None, ...] = (None, *map(int, os.environ.get("STATES", "").split()))
# What a test may take, by what it takes without a change; a loop without end stops early so.
PATIENCE, LEAST_SECONDS = 10, 3
TIMEOUT, NO_TESTS = 36, 33  # as mutmut has them
HEAD = 0  # stands for the head of a function: every test that calls it

_run_tests, _save, _submit = PytestRunner.run_tests, SourceFileMutationData.save, ForkRunner.submit
_collect, _startup = mutmut.collect_source_file_mutation_data, ForkRunner.startup
_worst = mutmut.estimated_worst_case_time
_items: dict[str, pytest.Item] = {}
_chosen: dict[str, list[str]] = {}


@cache
def tests_by_line(path: str) -> dict[int, set[str]]:
    """Line of the file → tests that run it."""
    found = _lines().get(path, {})
    return {int(line): set(tests) for line, tests in found.items() if tests}


@cache
def _lines() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads((TREE / "lines.json").read_text("utf-8"))
    return found


@cache
def _changed_file(path: str) -> tuple[list[str], dict[str, tuple[int, int]]]:
    """The lines of the file with all changes, and where each changed function stands in it."""
    index = MutantLineSpans.load(path)
    spans = index.span_by_function_name if index else {}
    text = (TREE / "mutants" / path).read_text("utf-8")
    return text.splitlines(), {name: (at.start - 1, at.end) for name, at in spans.items()}


@cache
def _function(path: str, owner: str | None, name: str) -> ast.FunctionDef:
    tree = _tree(path)
    places = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == owner]
    return next(
        node
        for place in (places if owner else [tree])
        for node in place.body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )


@cache
def _tree(path: str) -> ast.Module:
    return ast.parse((TREE / path).read_text("utf-8"))


def changed(mutant: str) -> tuple[str, ast.FunctionDef, set[int]]:
    """File and function of *mutant*, and the lines of each statement that it changes."""
    path = str(Path("src", *get_module_from_key(mutant).split(".")).with_suffix(".py"))
    name, owner = orig_function_and_class_names_from_key(mutant)
    node = _function(path, owner, name)
    lines, spans = _changed_file(path)
    original, copy = generated_function_names(mutant)
    if original not in spans or copy not in spans:
        return path, node, {HEAD}
    before, after = (lines[slice(*spans[part])] for part in (original, copy))
    head = next(n for n, line in enumerate(before) if f"{original}(" in line)
    before = [line.replace(f"{original}(", f"{name}(") for line in before]
    after = [line.replace(f"{copy}(", f"{name}(") for line in after]
    found: set[int] = set()
    changes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for tag, start, end, _start, _end in changes:
        if tag != "equal":
            for line in range(start, max(end, start + 1)):
                found |= _statement(node, line - head + node.lineno)
    return path, node, found


def _statement(node: ast.FunctionDef, line: int) -> set[int]:
    """The lines of the innermost statement at *line*; of one with a block, those of its head."""
    inner = [
        part
        for part in ast.walk(node)
        if isinstance(part, ast.stmt | ast.ExceptHandler)
        and part is not node
        and part.lineno <= line <= (part.end_lineno or 0)
    ]
    if not inner:
        return {HEAD}
    part = max(inner, key=lambda one: one.lineno)
    body: list[ast.stmt] = getattr(part, "body", [])
    last = part.end_lineno or part.lineno
    if body and line < body[0].lineno:
        last = max(body[0].lineno - 1, part.lineno)
    return set(range(part.lineno, last + 1))


@cache
def _breadth(path: str) -> Counter[str]:
    """How many lines of the file each test runs."""
    return Counter(test for tests in tests_by_line(path).values() for test in tests)


def near(mutant: str, tests: Iterable[str]) -> list[str]:
    """The tests that run what *mutant* changes, in the order in which they are tried."""
    path, node, lines = changed(mutant)
    by_line = tests_by_line(path)
    durations = state().duration_by_test
    found = set().union(*(by_line.get(line, set()) for line in lines)) & _items.keys()
    if HEAD in lines or not found:
        found |= set(tests) & _items.keys()
    rare: dict[str, int] = {}
    for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
        running = by_line.get(line, set())
        for test in running & found:
            rare[test] = min(rare.get(test, len(running)), len(running))
    quick = sorted(found, key=lambda test: (durations.get(test, 0), test))
    broad = _breadth(path)
    special = sorted(quick[1:], key=lambda test: (rare.get(test, len(found)), -broad[test]))
    turns: Counter[tuple[int | None, str]] = Counter()
    turn: dict[str, int] = {}
    for test in special:
        at = rare.get(test), test.partition("::")[0]
        turn[test] = turns[at]
        turns[at] += 1
    special.sort(key=lambda test: (rare.get(test, len(found)), turn[test]))
    return (quick[:1] + special)[: AT_MOST or None]


class OneFailure:
    """Ends the process with the first failure, and when a test takes much longer than usual."""

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Set the alarm, in seconds of the processor, for the test and its fixtures."""
        usual = state().duration_by_test.get(item.nodeid, 0)
        signal.setitimer(signal.ITIMER_PROF, LEAST_SECONDS + usual * PATIENCE)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Without the long farewell of pytest."""
        if report.failed:
            os._exit(1)


def startup(self: ForkRunner) -> None:
    """As mutmut does, with all tests collected."""
    settings = mutmut.config()
    with change_cwd("mutants"):
        config = _prepareconfig(
            [
                *("-qq", "--tb=no", "--rootdir=.", "-p", "no:randomly", "-p", "no:pytest_cov"),
                # It would blame the first test for what mutmut leaves open in the copy.
                *("-p", "no:unraisableexception"),
                *settings.pytest_add_cli_args_test_selection,
                *settings.pytest_add_cli_args,
            ],
            [OneFailure()],
        )
        config._do_configure()  # noqa: SLF001 -- what pytest.main does, in steps
        session = pytest.Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        config.hook.pytest_collection(session=session)
    config.pluginmanager.getplugin("capturemanager").suspend_global_capture(in_=True)
    _items.update({item.nodeid: item for item in session.items})
    _read_the_rules(session.items)
    _startup(self)
    _without_a_change(self)


def _read_the_rules(items: list[pytest.Item]) -> None:
    """Run a test with the rules, followed by one of another file: they are there for all copies."""
    first = next(item for item in items if "pack" in getattr(item, "fixturenames", ()))
    other = next(item for item in items if item.path != first.path)
    signal.signal(signal.SIGPROF, signal.SIG_IGN)
    with change_cwd("mutants"):
        first.config.hook.pytest_runtest_protocol(item=first, nextitem=other)
    signal.setitimer(signal.ITIMER_PROF, 0)


def _without_a_change(runner: ForkRunner) -> None:
    """Run all tests in this way too before their failures are believed; once for the same files."""
    stamp, known = TREE / "clean.stamp", (TREE / "lines.stamp").read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == known:
        return
    _chosen[""] = [*_items]
    _submit(runner, "", _chosen[""], 3600, 3600.0)
    if runner.wait_for_result().exit_code != 0:
        sys.exit("the tests fail without a change")
    stamp.write_text(known, "utf-8")


def collect(*, mutant_names: list[str]) -> tuple[list[Any], dict[str, SourceFileMutationData]]:
    """As mutmut does, but only what is to be tried."""
    found, data = _collect(mutant_names=mutant_names)
    wanted = [
        entry
        for entry in found
        if entry[2] in STATES and (entry[2] is not None or crc32(entry[1].encode()) % SHARE == 0)
    ]
    return wanted, data


def order(mutant: str) -> tuple[str, float]:
    """Module by module, what takes least first."""
    return get_module_from_key(mutant), _worst(mutant)


def submit(
    self: ForkRunner, mutant_name: str, tests: list[str], cpu_time_limit: int, estimated_time: float
) -> None:
    """As mutmut does; the tests are chosen here, where what was read for it is kept."""
    (TREE / "at_work").write_text(get_module_from_key(mutant_name), "utf-8")
    _chosen.clear()
    _chosen[mutant_name] = near(mutant_name, tests)
    _submit(self, mutant_name, tests, cpu_time_limit, estimated_time)


def run_tests(self: PytestRunner, *, mutant_name: str | None, tests: Iterable[str]) -> int:
    """As mutmut does, with the chosen tests of those collected."""
    chosen = _chosen.get(mutant_name or "")
    if chosen is None:
        return int(_run_tests(self, mutant_name=mutant_name, tests=tests))
    return _try(chosen)


def _try(tests: list[str]) -> NoReturn:
    """Run *tests* in this process and end it."""
    signal.signal(signal.SIGPROF, lambda *_: os._exit(TIMEOUT))
    items = [_items[test] for test in tests]
    with change_cwd("mutants"):
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    os._exit(0 if items else NO_TESTS)


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
    ForkRunner.submit = submit
    ForkRunner.startup = startup
    SourceFileMutationData.save = save
    ForkRunner.run_clean_tests = lambda _self, **_: 0
    mutmut.collect_source_file_mutation_data = collect
    mutmut.estimated_worst_case_time = order
    mutmut.print_stats = lambda *_, **__: None
    sys.exit(mutmut.cli())
