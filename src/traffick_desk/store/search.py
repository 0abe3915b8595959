"""Search over all cases while typing: folded text in a full-text index inside the file.

Two columns: ``folded`` ignores all accents, ``exact`` keeps them but not the
place of the tone. Both queries stop at the first rows they need, newest first,
so a common name does not cost more than a rare one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from traffick_desk.domain.spine import Registry
from traffick_desk.domain.text import fold, tone_key
from traffick_desk.store.tables import table_name


def _tokens(text: str) -> list[str]:
    cleaned = "".join(c if c.isalnum() or _joins(c) else " " for c in text)
    return cleaned.split()


def _joins(character: str) -> bool:
    # Tone marks moved to the end of a word, vowel signs of other scripts.
    return "\u0300" <= character <= "\u036f" or character.isidentifier()


def _match(column: str, text: str) -> str:
    words = _tokens(text)
    return " ".join(f'{column}:"{w}"*' for w in words)


def find(cursor: Any, text: str, limit: int, offset: int = 0) -> list[tuple[str, bool]]:
    """Cases that hold every word of *text*, as a prefix; those with the same accents first.

    Returns:
        Pairs of case id and whether the accents agree.
    """
    folded, exact = _match("folded", fold(text)), _match("exact", tone_key(text))
    if not folded:
        return []
    wanted = limit + offset
    hits: dict[int, bool] = {}
    for query, is_exact in ((exact, True), (folded, False)):
        if len(hits) >= wanted:
            break
        cursor.execute(
            "SELECT rowid FROM search_fts WHERE search_fts MATCH ? ORDER BY rowid DESC LIMIT ?",
            (query, wanted),
        )
        for (docid,) in cursor.fetchall():
            hits.setdefault(docid, is_exact)
    found = list(hits.items())[offset:wanted]
    if not found:
        return []
    marks = ",".join("?" * len(found))
    cursor.execute(
        f"SELECT docid, case_id FROM search_doc WHERE docid IN ({marks})",
        [docid for docid, _exact in found],
    )
    cases = dict(cursor.fetchall())
    return [(cases[docid], is_exact) for docid, is_exact in found]


def count(cursor: Any, text: str) -> int:
    """How many cases :func:`find` can return."""
    folded = _match("folded", fold(text))
    if not folded:
        return 0
    cursor.execute("SELECT count(*) FROM search_fts WHERE search_fts MATCH ?", (folded,))
    return int(cursor.fetchone()[0])


def update(cursor: Any, registry: Registry, cases: Iterable[str]) -> None:
    """Index the searchable fields of the given cases anew."""
    wanted = sorted(set(cases))
    texts: dict[str, list[str]] = {case: [] for case in wanted}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        marks = ",".join("?" * len(part))
        for record_type in registry:
            names = [f.name for f in record_type.fields if f.search is not None]
            if not names:
                continue
            key = "case" if record_type.in_case else "id"
            columns = ", ".join(f'"{n}"' for n in names)
            cursor.execute(
                f'SELECT "{key}", {columns} FROM {table_name(record_type.name)} '
                f'WHERE "{key}" IN ({marks}) AND voided IS NULL',
                part,
            )
            for case, *values in cursor.fetchall():
                texts[case].extend(v for v in values if v)
    docids = _docids(cursor, wanted)
    rows = []
    for case in wanted:
        joined = "\n".join(dict.fromkeys(texts[case]))
        rows.append((docids[case], fold(joined), " ".join(_tokens(tone_key(joined)))))
    cursor.executemany("DELETE FROM search_fts WHERE rowid = ?", [(r[0],) for r in rows])
    cursor.executemany("INSERT INTO search_fts (rowid, folded, exact) VALUES (?, ?, ?)", rows)


def _docids(cursor: Any, cases: list[str]) -> dict[str, int]:
    cursor.executemany(
        "INSERT OR IGNORE INTO search_doc (case_id) VALUES (?)", [(c,) for c in cases]
    )
    found: dict[str, int] = {}
    for start in range(0, len(cases), 500):
        part = cases[start : start + 500]
        cursor.execute(
            f"SELECT case_id, docid FROM search_doc WHERE case_id IN ({','.join('?' * len(part))})",
            part,
        )
        found.update(cursor.fetchall())
    return found
