"""Work that is killed on its way, cheaply: a process with everything imported forks one a round.

A round is a function of an importable module; it is given a :class:`Life` and its arguments, says
what is safe, and is killed at its n-th call that changes a disk, in the middle of such a write, or
at some moment. Neither the process that forks nor the one that dies has threads or Qt, unless the
function itself brings them.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
_LONGEST = 120.0


@dataclass(frozen=True)
class Kill:
    """When a round dies: at call *at* (with half of a write done, if *torn*), or *after* seconds."""

    at: int = 0
    torn: bool = False
    after: float = 0.0


@dataclass(frozen=True)
class Death:
    """How a round ended; *calls* and *seconds*, from its arming on, are known if it lived."""

    killed: bool
    calls: int
    seconds: float
    said: tuple[str, ...]


class Life:
    """What a round is given."""

    def __init__(self, out: int, kill: Kill) -> None:
        self._out = out
        self._kill = kill

    def arm(self) -> None:
        """From here on it may be killed; what came before, as opening a file, is not tried."""
        self.say("!armed")
        if _counted():
            ctypes.CDLL(None).td_kill_at(ctypes.c_long(self._kill.at), int(self._kill.torn))

    def say(self, text: str) -> None:
        """Acknowledge; whoever reads it may rely on it."""
        os.write(self._out, f"{text}\n".encode())

    def end(self) -> None:
        calls = ctypes.CDLL(None).td_calls() if _counted() else 0
        self.say(f"!calls {calls}")


def _counted() -> bool:
    return "killer" in os.environ.get("LD_PRELOAD", "")


def compiled(folder: Path) -> Path | None:
    """The library that counts calls, or ``None`` where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    made = folder / "killer.so"
    subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", made, HERE / "killer.c", "-ldl"], check=True
    )
    return made


class Forker:
    """The process that forks the ones to be killed.

    Args:
        folder: for the library.
        modules: imported once, before the first round.
    """

    def __init__(self, folder: Path, *modules: str) -> None:
        library = compiled(folder)
        self.counts = library is not None
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
        environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
        if library is not None:
            environment["LD_PRELOAD"] = str(library)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "faults.forked", *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, work: str, *arguments: object, kill: Kill | None = None) -> Death:
        """Do *work* (``module:function``) in a process of its own.

        Raises:
            AssertionError: it failed by itself; the text has its traceback.
        """
        asked = {"work": work, "arguments": arguments, "kill": asdict(kill or Kill())}
        self._process.stdin.write(json.dumps(asked, default=str) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert not answer["error"], answer["error"]
        return Death(answer["killed"], answer["calls"], answer["seconds"], tuple(answer["said"]))

    def kills(self, whole: Death, number: int, chance: random.Random) -> Iterator[Kill]:
        """*number* ways to die in a round that lived as *whole* did: calls and moments in turn."""
        for turn in range(number):
            if self.counts and turn % 2 == 0:
                yield Kill(at=chance.randint(1, whole.calls), torn=chance.random() < 0.3)
            else:
                yield Kill(after=chance.random() * whole.seconds)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


# --- the process that forks --------------------------------------------------------------


def _round(asked: dict[str, Any], out: int) -> None:
    """One life; never returns."""
    code = 1
    try:
        module, _colon, name = asked["work"].partition(":")
        life = Life(out, Kill(**asked["kill"]))
        getattr(importlib.import_module(module), name)(life, *asked["arguments"])
        life.end()
        code = 0
    except BaseException:
        os.write(out, b"!error " + json.dumps(traceback.format_exc()).encode() + b"\n")
    finally:
        os._exit(code)


def _watch(child: int, pipe: int, after: float) -> tuple[list[str], float]:
    """What a child says until it is dead, and the seconds from its arming on."""
    held, begun, armed = b"", time.monotonic(), 0.0
    until = begun + _LONGEST
    while True:
        ready, _w, _x = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            if not (armed and after):
                held += b'!error "it did not come to an end"\n'
            os.kill(child, signal.SIGKILL)
            until = time.monotonic() + _LONGEST
            continue
        part = os.read(pipe, 65_536)
        if not part:
            break
        held += part
        if not armed and b"!armed\n" in held:
            armed = time.monotonic()
            until = armed + (after or _LONGEST)
    # A line that is cut off was not said.
    return held.decode().split("\n")[:-1], time.monotonic() - (armed or begun)


def _one(asked: dict[str, Any]) -> dict[str, Any]:
    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(inlet)
        _round(asked, outlet)
    os.close(outlet)
    lines, seconds = _watch(child, inlet, asked["kill"]["after"])
    os.close(inlet)
    _child, status = os.waitpid(child, 0)
    calls = [int(line.split()[1]) for line in lines if line.startswith("!calls")]
    error = [json.loads(line.split(" ", 1)[1]) for line in lines if line.startswith("!error")]
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not error and not killed and status:
        error = [f"ended with status {status}"]
    return {
        # Killed when all was done, it still came to its end.
        "killed": killed and not calls,
        "calls": calls[0] if calls else 0,
        "seconds": seconds,
        "said": [line for line in lines if not line.startswith("!")],
        "error": "\n".join(error),
    }


def main() -> None:
    for name in sys.argv[1:]:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(_one(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
