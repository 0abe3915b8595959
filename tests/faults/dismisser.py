"""Closes the way for an officer again and again, and is killed in the middle of it.

Reads lines ``path login officer at``: forks a process that dismisses the officer and kills itself
at its *at*-th step on the disk (0: it is left alone). Writes ``pid N``, ``steps N`` when it came to
the end, then ``dead``.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from traffick_desk.services import officers

# What Python changes on the disk; what SQLite does by itself lies between, hit by the clock.
STEPS = frozenset({"os.rename", "os.remove", "os.truncate"})
WRITING = os.O_WRONLY | os.O_RDWR


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def dismiss(folder: Path, login: str, password: str, officer: str, at: int) -> None:
    done = 0

    def step(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        writes = event in STEPS or (event == "open" and int(str(arguments[2])) & WRITING)
        if writes and str(folder) in str(arguments[0]):
            done += 1
            if done == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(step)
    officers.dismiss(folder, login, password, officer)
    say(f"steps {done}")


def main() -> None:
    for line in sys.stdin:
        folder, login, password, officer, at = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            dismiss(Path(folder), login, password, officer, int(at))
            os._exit(0)
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    main()
