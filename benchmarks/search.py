"""Search while typing against the same FTS5 query on a plain SQLite file with the same tables."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import filled
from benchmarks.measure import Row, Settings, median, p95
from traffick_desk.services import vaults
from traffick_desk.services.queries import SearchCases
from traffick_desk.store import engine, search

QUERIES = (
    "dang thi", "nguyen thi h", "Đặng Thị Hoà", "hoàng văn", "le thi thu huong", "vàng seo",
    "tran thi kim", "na pan", "huu nghi", "TD-00123", "0987", "sok chenda", "pham ngoc lan",
    "giàng a", "thon 12", "zzz",
)  # fmt: skip
_LIMIT = 20


def prefixes() -> list[str]:
    """What is asked while these are typed, key by key."""
    return [q[:n] for q in QUERIES for n in range(1, len(q) + 1) if q[:n].strip()]


def run(settings: Settings) -> list[Row]:
    """Each key typed is one question."""
    vault = filled.filled(settings, settings.sizes[-1])
    plain_file = settings.cache / "plain.db"
    desk = filled.open_desk(vault.path)
    _plain_copy(vault.path, plain_file)
    plain = _Peer(plain_file)
    ours, peers, by_text = [], [], {}
    try:
        for turn in range(2 if settings.quick else 5):
            for text in prefixes():
                start = time.perf_counter()
                desk.ask(SearchCases(text, _LIMIT))
                took = (time.perf_counter() - start) * 1000
                peer_took = plain.ask(text)
                if turn:  # the first turn warms both page caches
                    ours.append(took)
                    peers.append(peer_took)
                    by_text.setdefault(text, []).append(took)
    finally:
        plain.close()
        desk.close()
        plain_file.unlink()
    slowest = sorted(((median(v), k) for k, v in by_text.items()), reverse=True)[:5]
    middle, bare = median(ours), median(peers)
    detail = {
        "questions": len(ours),
        "mean_ms": sum(ours) / len(ours),
        "peer_mean_ms": sum(peers) / len(peers),
        "slowest": {text: took for took, text in slowest},
    }
    return [
        Row(
            f"search while typing, median of {len(prefixes())} prefixes ({vault.cases:,} cases)",
            "ms",
            middle,
            bare,
            "plain SQLite FTS5",
            "≤ 1.5×",
            middle <= 1.5 * bare,
            detail,
        ),
        Row(
            "search while typing, p95",
            "ms",
            p95(ours),
            p95(peers),
            "plain SQLite FTS5",
            "≤ 20 ms",
            p95(ours) <= 20,
        ),
    ]


class _Peer:
    """Plain SQLite in a process of its own: memory that SQLCipher guards is guarded for all."""

    def __init__(self, file: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PEER, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, text: str) -> float:
        """Milliseconds for the lines of the same cases, with nothing but SQL."""
        exact = search._match("exact", search.tone_key(text))  # noqa: SLF001 - the same query
        folded = search._match("folded", search.fold(text))  # noqa: SLF001
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise RuntimeError(self._process)
        print(json.dumps([exact, folded, _LIMIT]), file=to, flush=True)
        return float(back.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


_PEER = """
import json, sys, time
import sqlcipher3.dbapi2 as sqlite
cursor = sqlite.connect(sys.argv[1], isolation_level=None).cursor()
FTS = "SELECT rowid FROM search_fts WHERE search_fts MATCH ? ORDER BY rowid LIMIT ?"
ROWS = ("SELECT c.* FROM search_doc d JOIN case_row c USING (case_id) "
        "WHERE d.docid IN (SELECT value FROM json_each(?))")
for line in sys.stdin:
    exact, folded, limit = json.loads(line)
    start = time.perf_counter()
    hits = {}
    if folded:
        for query in (exact, folded):
            if len(hits) < limit:
                cursor.execute(FTS, (query, limit))
                hits.update(dict.fromkeys(row[0] for row in cursor.fetchall()))
        cursor.execute(ROWS, (json.dumps(list(hits)[:limit]),))
        cursor.fetchall()
    print((time.perf_counter() - start) * 1000, flush=True)
"""


def _plain_copy(path: Path, target: Path) -> None:
    """A plain SQLite file with the search tables and lines of the list of a vault."""
    target.unlink(missing_ok=True)
    _header, unlocked = filled.keys(path)
    source = engine.connect(path / vaults.DATABASE, vaults.key_source(unlocked.dek))
    source.execute(f"ATTACH '{target}' AS plain KEY ''")
    made = source.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND "
        "(tbl_name IN ('search_fts', 'search_doc', 'case_row')) ORDER BY type DESC"
    ).fetchall()
    for name, sql in made:
        for word in ("CREATE TABLE ", "CREATE INDEX ", "CREATE VIRTUAL TABLE "):
            if sql.startswith(word):
                source.execute(word + "plain." + sql.removeprefix(word))
        del name
    for table in ("search_doc", "case_row"):
        source.execute(f"INSERT INTO plain.{table} SELECT * FROM main.{table}")
    for shadow in ("data", "idx", "docsize", "config"):
        source.execute(f"DELETE FROM plain.search_fts_{shadow}")
        source.execute(
            f"INSERT INTO plain.search_fts_{shadow} SELECT * FROM main.search_fts_{shadow}"
        )
    source.execute("DETACH plain")
    source.close()
    with target.open("rb") as stream:
        if stream.read(15) != b"SQLite format 3":
            raise RuntimeError(target)
