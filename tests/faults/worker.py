"""Saves, erases, copies and closes; says after each what is safe. Run under ``recorder.c``."""

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


def main() -> None:
    folder, saves = Path(sys.argv[1]), int(sys.argv[2])
    said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def say(text: str) -> None:
        os.write(said, f"{text}\n".encode())

    def save(store: Store, number: int) -> None:
        case = f"k{number}"
        with store.work() as work:
            for edit in (
                Edit("case", case, {"file_no": f"TD-{number}", "opened_on": "2026-11-21"}),
                Edit("person", f"p{number}", {"case": case, "role": "main", "name": f"N{number}"}),
                Edit("note", f"n{number}", {"case": case, "text": "x" * 6_000}),
            ):
                work.journal.write(edit, OFFICER, case)
            work.log(AT, OFFICER, "case.new", case)
        say(f"saved {number}")

    number = 0
    for turn in range(3):
        store = Store(folder / "vault.db", key, REGISTRY, "p0")
        store.open()
        for _ in range(saves):
            number += 1
            save(store, number)
        if turn == 1:
            with store.work() as work:
                values = {"case": "k1", "unit": "2025/06040", "ground": "person",
                          "ordered_on": "2026-11-21"}  # fmt: skip
                work.journal.write(Edit("erasure", "e1", values), OFFICER, "k1")
            say("erased 1")
        store.close()
    say("end 0")


if __name__ == "__main__":
    main()
