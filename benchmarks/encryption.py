"""What encryption costs: the desk's own operations on SQLCipher and on plain SQLite, in one run.

The same library, code and rows; in the plain vault the key is never set and memory is not
guarded. Each side works in a process of its own, turn by turn, because guarded memory cannot be
switched off again in a process. A third goes between them: encrypted, memory not guarded; it
tells what of the cost is which. Processor time stands beside, for the disk waits the same for
all. The plain vault exists here only: the store refuses one.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    found: dict[str, dict[str, list[list[float]]]] = {}
    for number in range(settings.repeats // 2 + 1):
        for side in SIDES if number % 2 else SIDES[::-1]:
            took = json.loads(child(_TURN, str(paths[side]), side, str(number)))
            if number:  # the first warms the caches of the disk
                for name, both in took.items():
                    found.setdefault(name, {}).setdefault(side, []).append(both)
    rows = []
    # Wall, then processor.
    totals = {side: [0.0, 0.0] for side in SIDES}
    for name, of in found.items():
        middle = {side: [median([both[n] for both in of[side]]) for n in (0, 1)] for side in SIDES}
        for side in SIDES:
            totals[side] = [sum(pair) for pair in zip(totals[side], middle[side], strict=True)]
        detail = {f"{side}, processor ms": middle[side][1] * 1000 for side in SIDES}
        what = f"encryption: {name} ({size:,} cases)"
        rows.append(_row(what, middle["sealed"][0], middle["plain"][0], detail=detail))
    sealed, unguarded, plain = (totals[side] for side in SIDES)
    rows[:0] = [
        _row(
            f"cost of encryption: one morning's work ({size:,} cases)", sealed[0], plain[0],
            target="≤ 1.15×", met=sealed[0] <= TARGET * plain[0],
        ),
        _row("the same, processor time", sealed[1], plain[1]),
        _row("the same, processor time, memory not guarded: the cipher", unguarded[1], plain[1]),
    ]  # fmt: skip
    tests = [float(child(_SELF_TEST)) for _turn in range(settings.repeats)]
    self_test = Row(
        "known answers at the start, fresh process", "ms", median(tests) * 1000,
        target="≤ 50 ms", met=median(tests) <= 0.05, detail={"worst_ms": max(tests) * 1000},
    )  # fmt: skip
    for path in paths.values():
        shutil.rmtree(path)
    return [*rows, self_test]


def _row(what: str, ours: float, peer: float, **more: Any) -> Row:
    return Row(what, "ms", ours * 1000, peer * 1000, "plain SQLite, same code", **more)


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


def _keyless(path: Path, raw: bytearray, *, read_only: bool) -> Any:
    """``engine._connect`` without a key; all other settings."""
    connection = sqlcipher.connect(
        str(path),
        isolation_level=None,
        check_same_thread=False,
        cached_statements=engine.KEPT_STATEMENTS,
    )
    raw[:] = bytes(len(raw))
    for name, value, _expected in engine._SETTINGS:  # noqa: SLF001 - the same, one by one
        connection.execute(f"PRAGMA {name} = {value}")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    return connection


def turn(path: Path, side: str, number: int) -> None:
    """One morning in this process; writes wall and processor seconds of each part."""
    from benchmarks import save
    from benchmarks.unlock import unlock_and_list
    from traffick_desk.services.commands import SaveRecords
    from traffick_desk.services.queries import ListCases, OpenCase, SearchCases

    if side != "sealed":
        engine._guard = lambda _connection: None  # noqa: SLF001 - here only
    if side == "plain":
        engine._connect = _keyless  # noqa: SLF001 - here only
        store.SQLITE_MAGIC = b"never a header of a file"
    header, unlocked = filled.keys(path)
    # Modules are loaded before anything is timed.
    filled.desk_with_keys(path, header, unlocked).close()
    header, unlocked = filled.keys(path)
    took: dict[str, tuple[float, float]] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        wall, processor = time.perf_counter(), time.process_time()
        yield
        took[name] = time.perf_counter() - wall, time.process_time() - processor

    with timed("unlock and first lists"):
        desk, _parts = unlock_and_list(path, header, unlocked)
    chance = random.Random(number)
    cases = [row.case_id for row in desk.ask(ListCases(limit=200))]
    chosen = chance.sample(cases, 20)
    with timed("20 cases opened"):
        for case in chosen:
            desk.ask(OpenCase(case))
    with timed("8 searches"):
        for text in ("hoa", "nguyen thi", "lan", "dong dang", "09", "tran van", "mai", "thu"):
            desk.ask(SearchCases(text, 8))
    edits = save._edits(desk, 60)  # noqa: SLF001 - the mix of a day's work
    with timed("60 saves"):
        for _kind, edit in edits:
            desk.do(SaveRecords((edit,)))
    with timed("lock"):
        desk.close()
    sys.stdout.write(json.dumps(took) + "\n")
