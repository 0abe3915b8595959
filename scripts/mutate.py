"""Mutation testing of the law: change its code a little, and see whether a test notices.

``make mutate`` changes all of ``src/traffick_desk/law``, module by module (some hours), and prints
the figures of each. It can be broken off at any moment and goes on where it was. What was tried is
not tried again, unless its code changed: ``--rest`` tries again what survived, as after writing
better tests, and ``--anew`` forgets everything. ``scripts/mutate.py evaluator caps`` changes only
these modules. With ``--quick 40`` at most 40 tests try a change, the most special ones first: what
survives may still be noticed by ``--rest``; with ``--share 3`` only one change in three is tried, a
sample when time is short. Figures go to ``out/mutation.json``, what survived with
its change to ``out/mutation-survivors.diff``. Nothing here fails a build: it shows where tests are
thin.

mutmut (dependency group ``mutation``) is installed into ``.cache/mutation`` and works on a copy
of the sources there, each change tried by the tests that come near to it (``mutate_near.py``).
Tests that draw their cases at random are left out, because a change that only one run in a few
notices is not noticed; so are those that move each date of the rules, which test the completeness
of other tests and take long.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".cache" / "mutation"
NEAR = Path(__file__).with_name("mutate_near.py")
PACKAGE = "traffick_desk.law"
# The modules that apply the rules and those that read them, each with the test files it does
# without: all tests of the law call both, and the other half's would only make a run longer.
APPLYING = (
    "assessment caps changes clocks conditions evaluator facts facts_json levels output pack "
    "standing timeline usage words cost_items costs"
)
ABOUT_PERSONS = (
    "cases clocks conditions days days_complete docs explanation facts sentences timeline totals "
    "words"
)
GROUPS = {
    "apply": (
        APPLYING,
        "amend_read amend_schema check days_complete diff loader pack schema tables",
    ),
    "read": (
        "amend amend_read amend_words check diff draft entries loader reader tables",
        ABOUT_PERSONS,
    ),
}
NEEDED = ("src/traffick_desk", "tests/law", "resources/rules", "translations", "docs")
TEST_TOOLS = ("pytest", "pytest-cov", "hypothesis", "PyYAML")  # in the versions of the lock file
STATES = {
    **dict.fromkeys((1, 3), "killed"),
    **dict.fromkeys((24, -24, 36, 152, 255), "timeout"),
    **dict.fromkeys((5, 33), "no tests"),
    0: "survived",
    34: "skipped",
    None: "not run",
}  # of mutmut.stats

BY_LINE = """
import json
from pathlib import Path
from coverage import CoverageData
data = CoverageData(".coverage")
data.read()
found = {}
for file in data.measured_files():
    lines = data.contexts_by_lineno(file)
    found[str(Path(file).relative_to(Path.cwd()))] = {
        line: sorted({test.rpartition("|")[0] for test in tests if test})
        for line, tests in lines.items()
    }
Path("lines.json").write_text(json.dumps(found))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("modules", nargs="*", help="of traffick_desk.law; all without")
    parser.add_argument("--rest", action="store_true", help="also try again what survived")
    parser.add_argument("--quick", type=int, default=0, metavar="N", help="at most N tests each")
    parser.add_argument("--share", type=int, default=1, metavar="N", help="one change in N")
    parser.add_argument("--anew", action="store_true", help="forget the results of earlier runs")
    parser.add_argument("--report", action="store_true", help="only count what has been run")
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.report:
        return report()
    unknown = set(arguments.modules) - {m for group in GROUPS.values() for m in group[0].split()}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    python = environment()
    for group, (members, _without) in GROUPS.items():
        modules = [m for m in members.split() if m in arguments.modules or not arguments.modules]
        if not modules:
            continue
        if arguments.anew:
            shutil.rmtree(HOME / group, ignore_errors=True)
        copy(group)
        lines(python, group)
        run(python, group, modules, arguments)
    return report()


def run(python: Path, group: str, modules: list[str], arguments: argparse.Namespace) -> None:
    """Let mutmut work on *modules*; what it says goes to a file beside, for it is long."""
    again = [code for code, state in STATES.items() if state in {"survived", "no tests"}]
    log_file, at_work = HOME / f"{group}.log", HOME / group / "at_work"
    at_work.unlink(missing_ok=True)
    with log_file.open("w", encoding="utf-8") as log:
        work = subprocess.Popen(
            [
                *(str(python), str(NEAR), "run", *(f"{PACKAGE}.{name}.*" for name in modules)),
                *("--max-children", str(arguments.processes)),
            ],
            cwd=HOME / group,
            env={
                **_variables(),
                "AT_MOST": str(arguments.quick),
                "SHARE": str(arguments.share),
                "STATES": " ".join(map(str, again)) if arguments.rest else "",
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        module = ""
        while work.returncode is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                work.wait(2)
            now = at_work.read_text("utf-8") if at_work.exists() else ""
            if module and (now != module or work.returncode == 0):
                name = module.rpartition(".")[2]
                print(_line(name, Counter(results(group)[name].values())), flush=True)
            module = now
    if work.returncode:
        raise SystemExit(f"mutmut stopped; what it says is in {log_file}")


def environment() -> Path:
    """The Python of an environment with mutmut and the test tools; made when missing."""
    python = HOME / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    group = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    wanted = [*group["mutation"], *TEST_TOOLS]
    stamp = HOME / "venv" / "wanted.json"
    if not stamp.exists() or json.loads(stamp.read_text()) != wanted:
        locked = re.findall(
            r"^([\w.-]+)(?:\[\w+\])?==([^\s;]+)",
            (ROOT / "requirements-dev.lock").read_text("utf-8"),
            re.MULTILINE,
        )
        HOME.mkdir(parents=True, exist_ok=True)
        limits = HOME / "constraints.txt"
        limits.write_text("".join(f"{name}=={version}\n" for name, version in locked))
        subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(python.parent.parent)], check=True
        )
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", "-c", str(limits), *wanted], check=True
        )
        stamp.write_text(json.dumps(wanted))
    return python


def copy(group: str) -> None:
    """What the tests of the law need, with settings for mutmut."""
    tree = HOME / group
    modules, without = GROUPS[group]
    for name in NEEDED:
        for old in (tree / name, tree / "mutants" / name):
            if name != "src/traffick_desk" or old == tree / name:  # mutmut keeps its sources itself
                shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    options = {k: v for k, v in settings["ini_options"].items() if not k.startswith("qt_")}
    options["addopts"] = [x for x in options["addopts"] if x != "-ra"]
    left_out = " or ".join(f"test_{name}.py" for name in without.split())
    mutmut = {
        "source_paths": ["src"],
        "only_mutate": [f"src/traffick_desk/law/{name}.py" for name in modules.split()],
        "also_copy": ["resources", "translations", "docs"],
        "pytest_add_cli_args_test_selection": ["tests/law"],
        "pytest_add_cli_args": [
            *("-p", "no:cacheprovider"),
            *("-m", "not hypothesis"),
            *("-k", f"not ({left_out})"),
        ],
        "use_git_change_detection": False,
    }
    (tree / "pyproject.toml").write_text(
        "".join(
            f"[{section}]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in values.items())
            for section, values in (("tool.pytest.ini_options", options), ("tool.mutmut", mutmut))
        ),
        "utf-8",
    )


def lines(python: Path, group: str) -> None:
    """Note for ``mutate_near`` which test runs which line; only when code or tests are new."""
    tree = HOME / group
    digest = hashlib.sha256()
    for path in sorted(p for name in NEEDED for p in (tree / name).rglob("*") if p.is_file()):
        digest.update(str(path).encode() + path.read_bytes())
    stamp = tree / "lines.stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    stamp.unlink(missing_ok=True)
    settings = tomllib.loads((tree / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    start = time.monotonic()
    subprocess.run(
        [str(python), "-m", "pytest", "-q", "--cov=src/traffick_desk/law", "--cov-context=test"]
        + ["--cov-report=", *settings["pytest_add_cli_args"]]
        + settings["pytest_add_cli_args_test_selection"],
        cwd=tree,
        env=_variables(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    subprocess.run([str(python), "-c", BY_LINE], cwd=tree, check=True)
    stamp.write_text(digest.hexdigest())
    print(f"{group}: which test runs which line, {time.monotonic() - start:.0f} s", flush=True)


def _variables() -> dict[str, str]:
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""}


def results(group: str) -> dict[str, dict[str, str]]:
    """What became of each mutant, by module."""
    return {
        path.name.removesuffix(".py.meta"): {
            name: _state(code)
            for name, code in json.loads(path.read_text("utf-8"))["exit_code_by_key"].items()
        }
        for path in sorted((HOME / group / "mutants/src/traffick_desk/law").glob("*.py.meta"))
    }


def found(group: str, modules: list[str], *states: str) -> list[str]:
    """The mutants of *modules* that are in one of *states*."""
    return [
        name
        for module, states_of in results(group).items()
        if module in modules
        for name, state in states_of.items()
        if state in states
    ]


def report() -> int:
    """Count the results by module; keep what survived."""
    counted: dict[str, Counter[str]] = {}
    changes = ""
    for group, (members, _without) in GROUPS.items():
        counted |= {m: Counter(of.values()) for m, of in results(group).items() if of}
        names = found(group, members.split(), "survived", "no tests")
        changes += _changes(group, names)
    for module, states in counted.items():
        print(_line(module, states))
    whole = sum(counted.values(), Counter[str]())
    print(_line("all", whole))
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    figures = {"modules": counted, "all": whole, "day": time.strftime("%Y-%m-%d")}
    (out / "mutation.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    (out / "mutation-survivors.diff").write_text(changes, "utf-8")
    print("out/mutation.json, out/mutation-survivors.diff")
    return 0


def _state(code: int | None) -> str:
    return STATES.get(code, "suspicious")


def _line(module: str, states: Counter[str]) -> str:
    run = states.total() - states["not run"] - states["skipped"]
    killed = states["killed"] + states["timeout"]
    share = f"{100 * killed / run:5.1f} %" if run else "      –"
    rest = ", ".join(f"{n} {state}" for state, n in sorted(states.items()) if state != "killed")
    return f"{module:12} {run:5} mutants {killed:5} killed {share}   {rest}"


def _changes(group: str, names: list[str]) -> str:
    if not names:
        return ""
    code = (
        "import json, sys\n"
        "from mutmut.mutation.diff_apply import get_diff_for_mutant\n"
        "for name in json.load(sys.stdin):\n"
        "    print('#', name)\n"
        "    print(get_diff_for_mutant(name))\n"
    )
    done = subprocess.run(
        [str(environment()), "-c", code],
        input=json.dumps(names),
        cwd=HOME / group,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main())
