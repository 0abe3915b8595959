"""Saves records for ever and says after each that it is safe; killed in the middle of it.

Reads lines ``path first`` and forks a process for each, so that a hundred kills cost no
hundred starts. Writes ``pid N``, then a number for each safe record, then ``dead``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from store.desks import OFFICER, key
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Store

AT = "2026-11-21T20:40+07:00"


def say(text: str) -> None:
    # One short write is whole or not there at all.
    os.write(1, f"{text}\n".encode())


def save_for_ever(path: Path, first: int) -> None:
    store = Store(path, key, REGISTRY, "c0")
    store.open()
    number = first
    while True:
        number += 1
        case = f"k{number}"
        with store.work() as work:
            edits = (
                Edit("case", case, {"file_no": f"TD-{number}", "opened_on": "2026-11-21"}),
                Edit("person", f"p{number}", {"case": case, "role": "main", "name": f"N{number}"}),
            )
            for edit in edits:
                work.journal.write(edit, OFFICER, case)
            work.log(AT, OFFICER, "case.new", case)
        say(str(number))


def main() -> None:
    for line in sys.stdin:
        path, first = line.rsplit(" ", 1)
        child = os.fork()
        if child == 0:
            save_for_ever(Path(path), int(first))
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    main()
