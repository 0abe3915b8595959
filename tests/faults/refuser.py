"""Saves while the disk refuses one write after another; prints what came of each as JSON.

Run under ``recorder.c``, which has the k-th write of a save fail.
"""

from __future__ import annotations

import ctypes
import errno
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from faults import quick
from store.desks import OFFICER, key
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store.errors import StoreError
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Store

AT = "2026-11-21T20:40+07:00"


def save(store: Store, number: int, *, erase: bool) -> None:
    case = f"k{number}"
    with store.work() as work:
        if erase:
            values = {"case": f"k{number - 1}", "unit": "2025/06040", "ground": "person",
                      "ordered_on": "2026-11-21"}  # fmt: skip
            work.journal.write(Edit("erasure", f"e{number}", values), OFFICER, f"k{number - 1}")
        for edit in (
            Edit("case", case, {"file_no": f"TD-{number}", "opened_on": "2026-11-21"}),
            Edit("person", f"p{number}", {"case": case, "role": "main", "name": f"N{number}"}),
            Edit("note", f"n{number}", {"case": case, "text": "x" * 9_000}),
        ):
            work.journal.write(edit, OFFICER, case)
        work.log(AT, OFFICER, "case.new", case)


def main() -> None:
    shim = ctypes.CDLL(None)
    quick.begin()
    store = Store(Path(sys.argv[1]) / "vault.db", key, REGISTRY, "p0")
    store.open()
    saved, refused = [0], []
    save(store, 0, erase=False)
    number = 0
    for erase in (False, True):
        for code in (errno.ENOSPC, errno.EIO, errno.EROFS):
            k = 0
            while True:
                k += 1
                number += 1
                shim.td_fail(k, code)
                try:
                    save(store, number, erase=erase and number - 1 in saved)
                except StoreError as error:
                    refused.append([number, errno.errorcode[code], k, type(error).__name__,
                                    str(error)])  # fmt: skip
                else:
                    saved.append(number)
                left = shim.td_left()
                shim.td_fail(0, 0)
                with store.read() as cursor:
                    cursor.execute("SELECT count(*) FROM r_note WHERE id = ?", (f"n{number}",))
                    assert cursor.fetchone()[0] == (number in saved), "nothing half done"
                if left or k > 200:
                    break
    store.close()
    print(json.dumps({"saved": saved, "refused": refused}))


if __name__ == "__main__":
    main()
