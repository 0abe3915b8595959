"""Work that is killed in the middle, again and again, without a new interpreter for each round.

:class:`Forked` starts one process that has everything imported. For each round it forks a child,
which does a task of :mod:`faults.tasks` and is killed (SIGKILL) just before a chosen step: a write,
sync, cut, new or removed name below the folder, counted by ``recorder.c`` for Python and SQLite
alike.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

Task = Callable[[Path, Callable[[str], None]], None]
"""Does something in a folder; what it says is acknowledged, as to an officer."""


@dataclass(frozen=True)
class Round:
    """What came of a round.

    Attributes:
        steps: a letter for each step of the whole task: ``w`` something was written, ``n`` a name
            came or went, ``s`` something was synced or cut. Empty if it was killed.
        said: what it had said until then.
    """

    steps: str
    said: tuple[str, ...]


class Forked:
    """The process that forks the ones to be killed.

    Args:
        library: of ``recorder.c``.
        module: has ``TASKS``, by name, and ``warm``, called with *folder* before the first fork.
        folder: to warm up in.
    """

    def __init__(self, library: Path, module: str, folder: Path) -> None:
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "faults.forked", module, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths, "LD_PRELOAD": str(library),
                 "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip

    def run(self, task: str, folder: Path, at: int = 0) -> Round:
        """Do *task* in *folder*, killed just before its step *at*; 0: it comes to its end.

        Raises:
            AssertionError: it failed by itself.
        """
        self._process.stdin.write(json.dumps([task, str(folder), at]) + "\n")
        self._process.stdin.flush()
        said: list[str] = []
        for answer in self._process.stdout:
            word, _blank, rest = answer.rstrip("\n").partition(" ")
            if word == "said":
                said.append(rest)
            elif word == "failed":
                raise AssertionError(json.loads(rest))
            elif word == "steps":
                return Round(rest, tuple(said))
            else:
                assert word == "killed", answer
                return Round("", tuple(said))
        raise AssertionError("the process that forks has ended")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def _tell(text: str) -> None:
    # One short write is whole or not there at all.
    os.write(1, f"{text}\n".encode())


def _child(task: Task, folder: Path, at: int, shim: ctypes.CDLL) -> None:
    code = 1
    try:
        shim.td_watch(os.fsencode(folder), at)
        task(folder, lambda text: _tell(f"said {text}"))
        _tell(f"steps {shim.td_steps().decode()}")
        code = 0
    except BaseException:
        _tell(f"failed {json.dumps(traceback.format_exc())}")
    finally:
        os._exit(code)


def main(tasks: Mapping[str, Task]) -> None:
    shim = ctypes.CDLL(None)
    shim.td_steps.restype = ctypes.c_char_p
    # The collector would touch, and so copy, all that the children have in common.
    gc.freeze()
    gc.disable()
    for line in sys.stdin:
        task, folder, at = json.loads(line)
        child = os.fork()
        if child == 0:
            _child(tasks[task], Path(folder), at, shim)
        if os.WIFSIGNALED(os.waitpid(child, 0)[1]):
            _tell("killed")


if __name__ == "__main__":
    import importlib

    module = importlib.import_module(sys.argv[1])
    module.warm(Path(sys.argv[2]))
    main(module.TASKS)
