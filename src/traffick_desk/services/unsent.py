"""What was written here and is in no bundle yet.

A commune's desk has its province alone to send to. A province owes each commune what concerns
it: that a bundle went to one says nothing of the others.
"""

from __future__ import annotations

from typing import Any

# From so many changes on, the index of cases tells more cheaply than their contents.
_MANY = 20_000
_UP = "SELECT coalesce(max(sent_pos), 0) FROM link"
# Unit of a commune → what it was sent; of two desks the one that was sent less.
_DOWN = """
    SELECT d.unit, min(l.sent_pos) AS sent FROM link l JOIN device d ON d.device = l.device
    WHERE d.profile = 'commune' AND d.revoked_on IS NULL GROUP BY d.unit
"""
# Case and unit, of cases whose commune lacks what this province wrote.
_OWED = """
    SELECT c.id, c.unit FROM (
        SELECT case_id, max(pos) AS pos FROM {journal} {way}
        WHERE pos > (SELECT min(sent) FROM ({down})) AND via IS NULL AND case_id IS NOT NULL
        GROUP BY case_id
    ) n JOIN {cases} c ON c.id = n.case_id JOIN ({down}) s ON s.unit = c.unit WHERE n.pos > s.sent
"""


def condition(profile: str) -> str:
    """SQL for ids of cases that hold something unsent, as the officer may see them."""
    if profile == "province":
        owed = _OWED.format(journal="journal", cases="r_case", way="", down=_DOWN)
        return f"SELECT id FROM ({owed})"
    return f"SELECT case_id FROM journal WHERE pos > ({_UP}) AND via IS NULL"


def cases(cursor: Any) -> int:
    """Commune: cases, tips and veiled ones too, with changes that are in no bundle yet."""
    cursor.execute(
        f"SELECT count(DISTINCT case_id) FROM main.journal {_way(cursor, _UP)} "
        f"WHERE pos > ({_UP}) AND via IS NULL AND case_id IS NOT NULL AND instr(case_id, '/') = 0"
    )
    return int(cursor.fetchone()[0])


def by_commune(cursor: Any) -> list[tuple[str, int]]:
    """Province: unit of each commune that lacks something, and in how many cases; most first."""
    way = _way(cursor, f"SELECT min(sent) FROM ({_DOWN})")
    owed = _OWED.format(journal="main.journal", cases="main.r_case", way=way, down=_DOWN)
    cursor.execute(f"SELECT unit, count(*) FROM ({owed}) GROUP BY unit ORDER BY 2 DESC, 1")
    return [(unit, int(number)) for unit, number in cursor.fetchall()]


def _way(cursor: Any, since: str) -> str:
    # A few new changes are read where they stand.
    cursor.execute(f"SELECT (SELECT coalesce(max(pos), 0) FROM main.journal) - ({since})")
    number = cursor.fetchone()[0]
    return "INDEXED BY ix_journal_case" if number and number >= _MANY else "NOT INDEXED"
