"""What encryption costs: the desk's own operations on SQLCipher and on plain SQLite, in one run.

The same library, code and rows; in the plain vault the key is never set and memory is not
guarded. Each side works in a process of its own, turn by turn, because guarded memory cannot be
switched off again in a process. The plain vault exists here only: the store refuses one.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from benchmarks import filled
from benchmarks.measure import Row, Settings, child, median
from traffick_desk.services import vaults
from traffick_desk.store import engine, store

_TURN = """
import sys
from pathlib import Path
from benchmarks import encryption
encryption.turn(Path(sys.argv[1]), plain=sys.argv[2] == "plain", number=int(sys.argv[3]))
"""
_SELF_TEST = """
import time
from traffick_desk.vault import selftest
import cryptography.hazmat.primitives.kdf.argon2, cryptography.hazmat.primitives.hashes
import cryptography.hazmat.primitives.kdf.hkdf, cryptography.hazmat.primitives.ciphers.aead
import traffick_desk.vault.age_keys
start = time.perf_counter()
selftest.run()
print(time.perf_counter() - start)
"""
TARGET = 1.15


def run(settings: Settings) -> list[Row]:
    """Turn by turn; each turn is one morning's work."""
    size = settings.sizes[1] if len(settings.sizes) > 2 else settings.sizes[-1]
    kept = filled.filled(settings, size)
    sealed, plain = kept.working_copy("sealed"), kept.working_copy("plain")
    _make_plain(plain)
    found: dict[str, dict[str, list[float]]] = {}
    for number in range(settings.repeats // 2 + 1):
        sides = [("sealed", sealed), ("plain", plain)]
        for side, path in sides if number % 2 else sides[::-1]:
            took = json.loads(child(_TURN, str(path), side, str(number)))
            if number:  # the first warms the caches of the disk
                for name, seconds in took.items():
                    found.setdefault(name, {}).setdefault(side, []).append(seconds)
    rows = []
    totals = {"sealed": 0.0, "plain": 0.0}
    for name, sides_of in found.items():
        ours, peer = median(sides_of["sealed"]), median(sides_of["plain"])
        totals["sealed"] += ours
        totals["plain"] += peer
        what = f"encryption: {name} ({size:,} cases)"
        rows.append(Row(what, "ms", ours * 1000, peer * 1000, "plain SQLite, same code"))
    whole = Row(
        f"cost of encryption: one morning's work ({size:,} cases)",
        "ms",
        totals["sealed"] * 1000,
        totals["plain"] * 1000,
        "plain SQLite, same code",
        "≤ 1.15×",
        totals["sealed"] <= TARGET * totals["plain"],
    )
    tests = [float(child(_SELF_TEST)) for _turn in range(settings.repeats)]
    self_test = Row(
        "known answers at the start, fresh process", "ms", median(tests) * 1000,
        target="≤ 50 ms", met=median(tests) <= 0.05, detail={"worst_ms": max(tests) * 1000},
    )  # fmt: skip
    for path in (sealed, plain):
        shutil.rmtree(path)
    return [whole, *rows, self_test]


def _make_plain(path: Path) -> None:
    _header, unlocked = filled.keys(path)
    database = path / vaults.DATABASE
    source = sqlcipher.connect(str(database), isolation_level=None)
    source.set_key(vaults.key_source(unlocked.dek)())
    target = path / "plain.db"
    source.execute("ATTACH DATABASE ? AS plain KEY ''", (str(target),))
    source.execute("SELECT sqlcipher_export('plain')")
    source.execute("DETACH DATABASE plain")
    source.close()
    for left in path.glob(f"{vaults.DATABASE}*"):
        left.unlink()
    target.rename(database)


def _connect_plain(path: Path, raw: bytearray, *, read_only: bool) -> Any:
    """``engine._connect`` without its key and its guarded memory; all other settings."""
    raw[:] = bytes(len(raw))
    connection = sqlcipher.connect(
        str(path),
        isolation_level=None,
        check_same_thread=False,
        cached_statements=engine.KEPT_STATEMENTS,
    )
    for name, value, _expected in engine._SETTINGS:  # noqa: SLF001 - the same, one by one
        connection.execute(f"PRAGMA {name} = {value}")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    return connection


def turn(path: Path, *, plain: bool, number: int) -> None:
    """One morning in this process: unlock, lists, search, cases, saves; seconds of each."""
    from benchmarks import save
    from benchmarks.unlock import unlock_and_list
    from traffick_desk.services.commands import SaveRecords
    from traffick_desk.services.queries import ListCases, OpenCase, SearchCases

    if plain:
        engine._connect = _connect_plain  # noqa: SLF001 - this process only
        store.SQLITE_MAGIC = b"never a header of a file"
    header, unlocked = filled.keys(path)
    # Modules are loaded before anything is timed.
    filled.desk_with_keys(path, header, unlocked).close()
    header, unlocked = filled.keys(path)
    took = {}
    start = time.perf_counter()
    desk, _parts = unlock_and_list(path, header, unlocked)
    took["unlock and first lists"] = time.perf_counter() - start
    chance = random.Random(number)
    cases = [row.case_id for row in desk.ask(ListCases(limit=200))]
    chosen = chance.sample(cases, 20)
    start = time.perf_counter()
    for case in chosen:
        desk.ask(OpenCase(case))
    took["20 cases opened"] = time.perf_counter() - start
    start = time.perf_counter()
    for text in ("hoa", "nguyen thi", "lan", "dong dang", "09", "tran van", "mai", "thu"):
        desk.ask(SearchCases(text, 8))
    took["8 searches"] = time.perf_counter() - start
    edits = save._edits(desk, 60)  # noqa: SLF001 - the mix of a day's work
    start = time.perf_counter()
    for _kind, edit in edits:
        desk.do(SaveRecords((edit,)))
    took["60 saves"] = time.perf_counter() - start
    start = time.perf_counter()
    desk.close()
    took["lock"] = time.perf_counter() - start
    sys.stdout.write(json.dumps(took) + "\n")
