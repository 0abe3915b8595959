"""Durable save of one edit against a bare commit of the rows that it writes."""

from __future__ import annotations

import random
import time

from benchmarks import filled, recording
from benchmarks.measure import Row, Settings, median, p95
from traffick_desk.services import vaults
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import SaveRecords
from traffick_desk.store.journal import Edit

_WARM = 20


def run(settings: Settings) -> list[Row]:
    """An officer's edits, one at a time: the mix of a day's work."""
    size = settings.sizes[1] if len(settings.sizes) > 2 else settings.sizes[-1]
    vault = filled.filled(settings, size)
    ours_at, bare_at = vault.working_copy("save"), vault.working_copy("bare")
    desk = filled.open_desk(ours_at)
    # Unlocking writes a line into the log; the copy must be where ours is.
    filled.open_desk(bare_at).close()
    _header, unlocked = filled.keys(bare_at)
    bare = recording.Bare(bare_at / vaults.DATABASE, vaults.key_source(unlocked.dek))
    edits = _edits(desk, 60 if settings.quick else 400)
    ours: dict[str, list[float]] = {}
    peers: dict[str, list[float]] = {}
    try:
        with recording.recorded() as written:
            for turn, (kind, edit) in enumerate(edits):
                written.clear()
                start = time.perf_counter()
                desk.do(SaveRecords((edit,)))
                took = time.perf_counter() - start
                bare_took = bare.write(written)
                if turn >= _WARM:
                    ours.setdefault(kind, []).append(took * 1000)
                    peers.setdefault(kind, []).append(bare_took * 1000)
    finally:
        bare.close()
        desk.close()
    all_ours = [t for times in ours.values() for t in times]
    all_peers = [t for times in peers.values() for t in times]
    middle, bare_middle = median(all_ours), median(all_peers)
    detail = {
        "cases": size,
        "saves": len(all_ours),
        "p95_ms": p95(all_ours),
        "peer_p95_ms": p95(all_peers),
        "by_kind_ms": {k: [median(ours[k]), median(peers[k])] for k in ours},
    }
    return [
        Row(
            f"durable save of one edit, median ({size:,} cases)",
            "ms",
            middle,
            bare_middle,
            "bare SQLCipher, same rows",
            "≤ 3×",
            middle <= 3 * bare_middle,
            detail,
        ),
        Row(
            "durable save of one edit, p95",
            "ms",
            p95(all_ours),
            p95(all_peers),
            "bare SQLCipher, same rows",
            "≤ 20 ms",
            p95(all_ours) <= 20,
        ),
    ]


def _edits(desk: Desk, number: int) -> list[tuple[str, Edit]]:
    """One in four each: a telephone number, a condition, an address line, a new step."""
    chance = random.Random(7)
    with desk.context.store.read() as cursor:
        found = {}
        for table in ("person", "reception", "address"):
            # By rowid steps, so that the cases lie all over the file.
            cursor.execute(f'SELECT id, "case" FROM r_{table} ORDER BY id')
            rows = cursor.fetchall()
            found[table] = chance.sample(rows, number // 4)
    edits: list[tuple[str, Edit]] = []
    for turn in range(number // 4):
        person, case = found["person"][turn]
        number_text = f"09{chance.randrange(10**7, 10**8)}"
        edits.append(("telephone", Edit("person", person, {"phone": number_text})))
        reception, _case = found["reception"][turn]
        text = f"Đã khám tại trạm y tế lần {turn + 2}; sức khỏe ổn định hơn."
        edits.append(("condition", Edit("reception", reception, {"condition": text})))
        address, _case = found["address"][turn]
        edits.append(("address", Edit("address", address, {"line": f"Thôn Nà Pàn {turn}"})))
        values = {"case": case, "kind": "other", "at": desk.context.moment, "body": "Trạm Y tế xã"}
        edits.append(("step", Edit("step", new_id(), values)))
    return edits
