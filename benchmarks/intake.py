"""Taking in 10,000 changes against a bare insert of the rows that it writes."""

from __future__ import annotations

import random
import time
from itertools import islice
from typing import Any

from benchmarks import filled, recording
from benchmarks.measure import Row, Settings, median
from benchmarks.people import People
from traffick_desk.services import vaults
from traffick_desk.services.base import Context
from traffick_desk.store.changes import Change, Stamp

PEER = "c0000000000000a2"


def run(settings: Settings) -> list[Row]:
    """Another PC of the commune brings new cases (3 of 5 changes) and edits of known ones."""
    size = settings.sizes[1] if len(settings.sizes) > 2 else settings.sizes[-1]
    wanted = 2_000 if settings.quick else 10_000
    vault = filled.filled(settings, size)
    ours, peers, parts = [], [], []
    rows = 0
    for turn in range(2 if settings.quick else 3):
        took, bare, bare_parts, rows = _once(vault, wanted, turn)
        ours.append(wanted / took)
        peers.append(wanted / bare)
        parts.append(wanted / bare_parts)
    speed, bare_speed = median(ours), median(peers)
    detail = {"cases": size, "rows_written": rows, "speeds": ours, "peer_speeds": peers}
    return [
        Row(
            f"taking in {wanted:,} changes ({size:,} cases)",
            "changes/s",
            speed,
            bare_speed,
            "bare SQLCipher, same rows",
            "≥ ¼ of its speed",
            speed >= bare_speed / 4,
            detail,
            better="higher",
        ),
        Row(
            "the same, speed itself",
            "changes/s",
            speed,
            None,
            "",
            "≥ 5,000/s",
            speed >= 5_000,
            better="higher",
        ),
        Row(
            "the same, peer without search index and list",
            "changes/s",
            speed,
            median(parts),
            "bare SQLCipher, journal and record rows only",
            better="higher",
        ),
    ]


def _once(vault: filled.Filled, wanted: int, turn: int) -> tuple[float, float, float, int]:
    ours_at, bare_at = vault.working_copy("take"), vault.working_copy("bare")
    desk = filled.open_desk(ours_at)
    try:
        with desk.context.store.work() as work:
            filled.register(work.cursor, PEER, "commune", desk.info.unit)
        bodies = _bodies(desk.context, wanted, turn)
        with recording.recorded() as written:
            start = time.perf_counter()
            with desk.context.store.work() as work:
                taken = work.journal.take_in(bodies, PEER)
            took = time.perf_counter() - start
        if taken.new != wanted or taken.refused or taken.unknown:
            raise RuntimeError(taken)
    finally:
        desk.close()
    bare_took = []
    for only_records in (True, False):
        bare_at = vault.working_copy("bare")
        _header, unlocked = filled.keys(bare_at)
        bare = recording.Bare(bare_at / vaults.DATABASE, vaults.key_source(unlocked.dek))
        part = [w for w in written if not only_records or _of_records(w[0])]
        bare_took.append(bare.write(part))
        bare.close()
    return took, bare_took[1], bare_took[0], recording.rows_in(written)


def _of_records(statement: str) -> bool:
    return "INTO journal" in statement or " r_" in statement


def _bodies(context: Context, wanted: int, turn: int) -> list[bytes]:
    """Canonical changes of the other PC, in the order in which it made them."""
    chance = random.Random(turn)
    made: list[bytes] = []
    seq = 0

    def change(type_name: str, record: str, case: str, fields: Any, replaces: Any) -> None:
        nonlocal seq
        seq += 1
        stamp = Stamp(1_799_000_000_000 + seq, 0)
        made.append(
            Change(PEER, seq, stamp, "0c" * 8, type_name, record, case, fields, replaces).encode()
        )

    people = iter(People(90 + turn, context.units, context.info.unit, wanted))
    edits = iter(_edits(context, wanted * 2 // 5, chance))
    while len(made) < wanted:
        case = next(people)
        new = (*case.intake, *case.later)
        for edit in new:
            change(edit.type, edit.id, case.id, dict(edit.values), {})
        for values in islice(edits, len(new) * 2 // 3):
            change(*values)
    return made[:wanted]


def _edits(context: Context, number: int, chance: random.Random) -> list[Any]:
    """Edits of records that this desk has: each replaces the value that both have seen."""
    import json

    found = []
    with context.store.read() as cursor:
        for table, field in (("person", "note"), ("reception", "condition"), ("address", "line")):
            cursor.execute(f'SELECT id, "case", heads FROM r_{table} ORDER BY id')
            rows = cursor.fetchall()
            for record, case, heads in chance.sample(rows, min(number // 3, len(rows))):
                refs = [ref for ref, names in json.loads(heads).items() if field in names]
                text = f"Cập nhật {chance.randrange(10**6)}: đã gọi điện cho gia đình."
                replaced = {field: tuple(refs)} if refs else {}
                found.append((table, record, case, {field: text}, replaced))
    chance.shuffle(found)
    return found
