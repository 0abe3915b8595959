"""What encryption costs: the desk's own operations on SQLCipher and on plain SQLite, in one run.

The same library, code and rows; in the plain vault the key is never set and memory is not
guarded. Each side works in a process of its own, turn by turn, because guarded memory cannot be
switched off again in a process. A third goes between them: encrypted, memory not guarded; it
tells what of the cost is which. Processor time is compared, since the disk waits the same for
all. The plain vault exists here only: the store refuses one.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from functools import partial
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
encryption.turn(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
"""
_SELF_TEST = """
import time
from traffick_desk.vault import selftest
import cryptography.hazmat.primitives.kdf.argon2, cryptography.hazmat.primitives.hashes
import cryptography.hazmat.primitives.kdf.hkdf, cryptography.hazmat.primitives.ciphers.aead
import traffick_desk.vault.age_keys
start = time.process_time()
selftest.run()
print(time.process_time() - start)
"""
TARGET = 1.15
SIDES = ("sealed", "unguarded", "plain")


def run(settings: Settings) -> list[Row]:
    """Turn by turn; each turn is one morning's work."""
    size = settings.sizes[1] if len(settings.sizes) > 2 else settings.sizes[-1]
    kept = filled.filled(settings, size)
    paths = {side: kept.working_copy(side) for side in SIDES}
    _make_plain(paths["plain"])
    found: dict[str, dict[str, list[float]]] = {}
    for number in range(settings.repeats // 2 + 1):
        for side in SIDES if number % 2 else SIDES[::-1]:
            took = json.loads(child(_TURN, str(paths[side]), side, str(number)))
            if number:  # the first warms the caches of the disk
                for name, seconds in took.items():
                    found.setdefault(name, {}).setdefault(side, []).append(seconds)
    rows = []
    totals = dict.fromkeys(SIDES, 0.0)
    for name, of in found.items():
        middle = {side: median(of[side]) for side in SIDES}
        for side in SIDES:
            totals[side] += middle[side]
        what = f"encryption: {name} ({size:,} cases)"
        unguarded = {"memory not guarded, ms": middle["unguarded"] * 1000}
        rows.append(
            Row(what, "ms", middle["sealed"] * 1000, middle["plain"] * 1000,
                "plain SQLite, same code", detail=unguarded)
        )  # fmt: skip
    whole = Row(
        f"cost of encryption: one morning's work, processor time ({size:,} cases)",
        "ms",
        totals["sealed"] * 1000,
        totals["plain"] * 1000,
        "plain SQLite, same code",
        "≤ 1.15×",
        totals["sealed"] <= TARGET * totals["plain"],
    )
    cipher = Row(
        "the same, memory not guarded: what the cipher alone costs", "ms",
        totals["unguarded"] * 1000, totals["plain"] * 1000, "plain SQLite, same code",
    )  # fmt: skip
    tests = [float(child(_SELF_TEST)) for _turn in range(settings.repeats)]
    self_test = Row(
        "known answers at the start, fresh process", "ms", median(tests) * 1000,
        target="≤ 50 ms", met=median(tests) <= 0.05, detail={"worst_ms": max(tests) * 1000},
    )  # fmt: skip
    for path in paths.values():
        shutil.rmtree(path)
    return [whole, cipher, *rows, self_test]


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


def _connect(path: Path, raw: bytearray, *, read_only: bool, plain: bool) -> Any:
    """``engine._connect`` without guarded memory, and without its key; all other settings."""
    connection = sqlcipher.connect(
        str(path),
        isolation_level=None,
        check_same_thread=False,
        cached_statements=engine.KEPT_STATEMENTS,
    )
    if not plain:
        connection.set_key(raw)
    raw[:] = bytes(len(raw))
    for name, value, _expected in engine._SETTINGS:  # noqa: SLF001 - the same, one by one
        connection.execute(f"PRAGMA {name} = {value}")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    return connection


def turn(path: Path, side: str, number: int) -> None:
    """One morning in this process; processor seconds of unlock, lists, cases, search, saves."""
    from benchmarks import save
    from benchmarks.unlock import unlock_and_list
    from traffick_desk.services.commands import SaveRecords
    from traffick_desk.services.queries import ListCases, OpenCase, SearchCases

    if side != "sealed":
        engine._connect = partial(_connect, plain=side == "plain")  # noqa: SLF001 - here only
        store.SQLITE_MAGIC = b"never a header of a file"
    header, unlocked = filled.keys(path)
    # Modules are loaded before anything is timed.
    filled.desk_with_keys(path, header, unlocked).close()
    header, unlocked = filled.keys(path)
    took = {}
    start = time.process_time()
    desk, _parts = unlock_and_list(path, header, unlocked)
    took["unlock and first lists"] = time.process_time() - start
    chance = random.Random(number)
    cases = [row.case_id for row in desk.ask(ListCases(limit=200))]
    chosen = chance.sample(cases, 20)
    start = time.process_time()
    for case in chosen:
        desk.ask(OpenCase(case))
    took["20 cases opened"] = time.process_time() - start
    start = time.process_time()
    for text in ("hoa", "nguyen thi", "lan", "dong dang", "09", "tran van", "mai", "thu"):
        desk.ask(SearchCases(text, 8))
    took["8 searches"] = time.process_time() - start
    edits = save._edits(desk, 60)  # noqa: SLF001 - the mix of a day's work
    start = time.process_time()
    for _kind, edit in edits:
        desk.do(SaveRecords((edit,)))
    took["60 saves"] = time.process_time() - start
    start = time.process_time()
    desk.close()
    took["lock"] = time.process_time() - start
    sys.stdout.write(json.dumps(took) + "\n")
