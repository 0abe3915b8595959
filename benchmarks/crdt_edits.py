"""Run with the Python of a peer: takes the same edits in as one update of a CRDT; prints seconds.

    python crdt_edits.py pycrdt|loro changes.jsonl

Each record is a map of fields in one document, as an application built on the library would keep
it. The document is in memory: nothing is encrypted, checked, listed, searched or written to a disk.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def _changes(path: str) -> list[tuple[str, dict[str, object]]]:
    found = []
    for line in Path(path).read_text("utf-8").splitlines():
        change = json.loads(line)
        found.append((f"{change['t']}/{change['i']}", change["f"]))
    return found


def with_pycrdt(changes: list[tuple[str, dict[str, object]]]) -> tuple[float, int]:
    from pycrdt import Doc, Map

    here, there = Doc(), Doc()
    records = here.get("records", type=Map)
    there.get("records", type=Map)
    for name, fields in changes:
        with here.transaction():
            if name not in records:
                records[name] = Map({})
            for field, value in fields.items():
                records[name][field] = value
    update = here.get_update()
    start = time.perf_counter()
    there.apply_update(update)
    return time.perf_counter() - start, len(update)


def with_loro(changes: list[tuple[str, dict[str, object]]]) -> tuple[float, int]:
    from loro import ExportMode, LoroDoc, LoroMap

    here, there = LoroDoc(), LoroDoc()
    records = here.get_map("records")
    made: dict[str, LoroMap] = {}
    for name, fields in changes:
        if name not in made:
            made[name] = records.insert_container(name, LoroMap())
        for field, value in fields.items():
            made[name].insert(field, value)
        here.commit()
    update = here.export(ExportMode.Updates(there.state_vv))
    start = time.perf_counter()
    there.import_(update)
    return time.perf_counter() - start, len(update)


if __name__ == "__main__":
    run = with_pycrdt if sys.argv[1] == "pycrdt" else with_loro
    seconds, size = run(_changes(sys.argv[2]))
    print(json.dumps({"seconds": seconds, "bytes": size}))
