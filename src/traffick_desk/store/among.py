"""Asking for the rows of many ids at once."""

from __future__ import annotations

import json
from collections.abc import Sequence

# With more, the ids go in as one text: what is bound beyond the small fast memory of SQLite is
# locked and wiped by the system one by one, and a question with 500 marks costs more than its
# answer (docs/measurements.md). For one or two the marks give the better plan.
FEW = 8


def among(column: str, ids: Sequence[str]) -> tuple[str, list[str]]:
    """A condition that *column* is one of *ids*, and what to bind for its marks."""
    if len(ids) <= FEW:
        return f"{column} IN ({','.join('?' * len(ids))})", list(ids)
    return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(ids)]
