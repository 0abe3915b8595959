"""Copies, restores, erases and salvages again and again, and is killed in the middle of it.

Reads lines ``task folder at``: forks a process that does the task in that folder and kills itself
at its *at*-th step on the disk (0: it is left alone). Writes ``pid N``, ``steps N`` when it came to
the end, then ``dead``.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from desk.pages2 import world
from traffick_desk.services import backup, erasing, restore, salvage, vaults
from traffick_desk.services.erasure import ErasureRequests

STEPS = frozenset({"os.rename", "os.remove", "os.truncate", "os.mkdir", "os.rmdir"})
WRITING = os.O_WRONLY | os.O_RDWR


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def work(task: str, folder: Path) -> None:
    vault, place = folder / "vault", folder / "place"
    if task == "backup":
        desk = vaults.unlock(vault, world.LOGIN, world.PASSWORD, world.now)
        backup.backup(desk, place)
    elif task == "restore":
        copy = restore.newest_in(place)
        desk = restore.restore(copy, vault, world.LOGIN, world.PASSWORD, replacing=True)
    elif task == "erase":
        desk = vaults.unlock(vault, world.LOGIN, world.PASSWORD, world.now)
        erasing.erase(desk, desk.ask(ErasureRequests())[0].id)
    else:
        desk, _report = salvage.salvage(vault, world.LOGIN, world.PASSWORD, [place])
    desk.close()


def run(task: str, folder: Path, at: int) -> None:
    done = 0

    def step(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        writes = event in STEPS or (event == "open" and int(str(arguments[2])) & WRITING)
        if writes and str(folder) in str(arguments[0]):
            done += 1
            if done == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(step)
    work(task, folder)
    say(f"steps {done}")


def main() -> None:
    for line in sys.stdin:
        task, folder, at = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            run(task, Path(folder), int(at))
            os._exit(0)
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    main()
