"""Search over all cases while typing: folded text in a full-text index inside the file.

Two columns: ``folded`` ignores all accents, ``exact`` keeps them but not the
place of the tone. Both queries stop at the first rows they need, newest first,
so a common name does not cost more than a rare one. Numbers of documents fall, so that
the newest stands first in the index: it reads forward eight times as fast as back.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any

from traffick_desk.domain.spine import Registry
from traffick_desk.domain.text import fold, tone_key
from traffick_desk.store import veil
from traffick_desk.store.among import among
from traffick_desk.store.tables import table_name

# More words than any name has; a pasted page must not become a query of thousands.
_MOST_WORDS = 16
# Number of the document before the first; small enough to be written in four bytes.
_LAST_DOCUMENT = 1 << 28


def tokens(text: str) -> list[str]:
    """The words of *text*, cut exactly where the index cuts them (its ``categories``).

    A word that the index cut in two would be a phrase, which it does not know. Marks
    belong to words: tones moved to their end, vowel signs of Khmer, Lao and Thai.
    """
    return text.translate(_CUT).split()


class _Cut(dict[int, str]):
    """A table for ``str.translate`` that looks each character up once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = kept = character if _in_word(character) else " "
        return kept


def _in_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LNM" or category == "Co"


_CUT = _Cut()


def _match(column: str, text: str) -> str:
    words = dict.fromkeys(tokens(text))
    return " ".join(f'{column}:"{w}"*' for w in list(words)[:_MOST_WORDS])


def find(cursor: Any, text: str, limit: int, offset: int = 0) -> list[tuple[str, bool]]:
    """Cases that hold every word of *text*, as a prefix; those with the same accents first.

    Returns:
        Pairs of case id and whether the accents agree.
    """
    folded, exact = _match("folded", fold(text)), _match("exact", tone_key(text))
    if not folded:
        return []
    wanted = limit + offset
    among = _among(cursor)
    hits: dict[int, bool] = {}
    for query, is_exact in ((exact, True), (folded, False)):
        if len(hits) >= wanted:
            break
        cursor.execute(
            f"SELECT rowid FROM search_fts WHERE search_fts MATCH ? {among}ORDER BY rowid LIMIT ?",
            (query, wanted),
        )
        for (docid,) in cursor.fetchall():
            hits.setdefault(docid, is_exact)
    numbered = _numbered(cursor, text) if among and not offset else []
    found = list(hits.items())[offset:wanted]
    if not found:
        return numbered
    marks = ",".join("?" * len(found))
    cursor.execute(
        f"SELECT docid, case_id FROM search_doc WHERE docid IN ({marks})",
        [docid for docid, _exact in found],
    )
    cases = dict(cursor.fetchall())
    return [*numbered, *((cases[docid], is_exact) for docid, is_exact in found)]


def count(cursor: Any, text: str) -> int:
    """How many cases :func:`find` can return."""
    folded = _match("folded", fold(text))
    if not folded:
        return 0
    cursor.execute(
        f"SELECT count(*) FROM search_fts WHERE search_fts MATCH ? {_among(cursor)}", (folded,)
    )
    return int(cursor.fetchone()[0])


def _among(cursor: Any) -> str:
    """What keeps the content of veiled cases from being found, or counted; else nothing."""
    if not veil.hidden(cursor):
        return ""
    # With the sign before it SQLite does not ask the index once for each number.
    return (
        "AND +rowid NOT IN (SELECT docid FROM main.search_doc "
        f"WHERE case_id IN (SELECT case_id FROM temp.{veil.HIDDEN})) "
    )


def _numbered(cursor: Any, text: str) -> list[tuple[str, bool]]:
    """Veiled cases whose number was typed: that they exist may be known, nothing else."""
    typed = fold(text).strip()
    cursor.execute(
        "SELECT case_id, file_no FROM case_row WHERE case_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(veil.hidden(cursor))),),
    )
    return [
        (case, True)
        for case, number in cursor.fetchall()
        if len(typed) > 3 and typed in fold(number)
    ]


def update(cursor: Any, registry: Registry, cases: Iterable[str]) -> None:
    """Index the searchable fields of the given cases anew."""
    wanted = sorted(set(cases))
    texts: dict[str, list[str]] = {case: [] for case in wanted}
    for start in range(0, len(wanted), 500):
        where, bound = among("id", wanted[start : start + 500])
        cursor.execute(f"SELECT id FROM main.r_case WHERE {where} AND voided IS NULL", bound)
        # A case that the list does not show is not found either.
        part = [row[0] for row in cursor.fetchall()]
        for record_type in registry.of_cases():
            names = [f.name for f in record_type.fields if f.search is not None]
            if not names:
                continue
            key = record_type.case_key
            columns = ", ".join(f'"{n}"' for n in names)
            where, bound = among(f'"{key}"', part)
            cursor.execute(
                f'SELECT "{key}", {columns} FROM main.{table_name(record_type.name)} '
                f"WHERE {where} AND voided IS NULL",
                bound,
            )
            for case, *values in cursor.fetchall():
                texts[case].extend(v for v in values if v)
    docids, known = _docids(cursor, wanted)
    rows = []
    for case in wanted:
        joined = "\n".join(dict.fromkeys(texts[case]))
        folded, exact = tokens(fold(joined)), tokens(tone_key(joined))
        rows.append((docids[case], " ".join(folded), " ".join(exact)))
    cursor.executemany("DELETE FROM search_fts WHERE rowid = ?", [(d,) for d in sorted(known)])
    # Within a transaction the index takes documents in the order of their numbers alone.
    rows.sort()
    cursor.executemany("INSERT INTO search_fts (rowid, folded, exact) VALUES (?, ?, ?)", rows)


def _docids(cursor: Any, cases: list[str]) -> tuple[dict[str, int], list[int]]:
    """Case → number of its document, and the numbers that were given out before."""
    found: dict[str, int] = {}
    for start in range(0, len(cases), 500):
        where, bound = among("case_id", cases[start : start + 500])
        cursor.execute(f"SELECT case_id, docid FROM main.search_doc WHERE {where}", bound)
        found.update(cursor.fetchall())
    known = list(found.values())
    new = [case for case in cases if case not in found]
    cursor.execute("SELECT coalesce(min(docid), ?) FROM main.search_doc", (_LAST_DOCUMENT,))
    lowest = cursor.fetchone()[0]
    found.update(zip(new, range(lowest - 1, lowest - 1 - len(new), -1), strict=True))
    cursor.executemany(
        "INSERT INTO main.search_doc (docid, case_id) VALUES (?, ?)", [(found[c], c) for c in new]
    )
    return found, known
