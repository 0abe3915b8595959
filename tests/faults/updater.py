"""Takes a new version, or migrates a vault, again and again, and is killed in the middle of it.

Reads lines ``take home update at`` or ``migrate file at``: forks a process that does it and kills
itself at its *at*-th step (0: it is left alone). A step is a change of a name or file on the disk, or
a statement of SQL. Writes ``steps N`` when it came to the end, then ``dead``; or
``failed``, when it ended by a fault of its own.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from store.desks import NEWER, key
from traffick_desk.services.program_home import ProgramHome
from traffick_desk.services.updates import Program, _bring
from traffick_desk.store.following import Following
from traffick_desk.store.store import Store
from traffick_desk.sync import update_file
from traffick_desk.sync.disk import Disk

STEPS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"})
WRITING = os.O_WRONLY | os.O_RDWR


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


class Counter:
    def __init__(self, at: int) -> None:
        self.at, self.done = at, 0

    def step(self) -> None:
        self.done += 1
        if self.done == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def take(home: Path, update: Path, publisher: str, counter: Counter) -> None:
    def step(name: str, arguments: tuple[object, ...]) -> None:
        writes = name in STEPS or (name == "open" and int(str(arguments[2])) & WRITING)
        if writes and str(home) in str(arguments[0]):
            counter.step()

    sys.addaudithook(step)
    key_ = bytes.fromhex(publisher)
    place = ProgramHome(home, platform="linux-x64", try_out=lambda _folder: True)
    program = Program(home=place, publishers=(key_,), number=5, version="1.5", platform="linux-x64")
    found = update_file.read(update, program.publishers)
    place.clear(5)
    _bring(place, found, found.manifest.size + found.manifest.unpacked, lambda *_: None, Disk())
    place.use(found.manifest.number)


def migrate(file: Path, counter: Counter) -> None:
    def step(*_arguments: object) -> None:
        counter.step()

    event.listen(Engine, "before_cursor_execute", step)
    event.listen(Engine, "commit", step)
    rebuild = Following.rebuild

    def slowly(self: Following, cursor: object) -> None:
        counter.step()
        rebuild(self, cursor)
        counter.step()

    Following.rebuild = slowly  # type: ignore[method-assign]
    store = Store(file, key, NEWER, "c0")
    store.open()
    store.close()


def main() -> None:
    for line in sys.stdin:
        what, *rest = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            counter = Counter(int(rest[-1]))
            if what == "take":
                take(Path(rest[0]), Path(rest[1]), rest[2], counter)
            else:
                migrate(Path(rest[0]), counter)
            say(f"steps {counter.done}")
            os._exit(0)
        _child, status = os.waitpid(child, 0)
        done = os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        say("dead" if done or killed else "failed")


if __name__ == "__main__":
    main()
