"""The journal as it was before a transaction: bodies, changes, where numbers and time stand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from traffick_desk.store.changes import CHAIN_START, Change, ChangeInvalid, Stamp


@dataclass(frozen=True, slots=True)
class Past:
    """What the journal holds, asked through one cursor."""

    cursor: Any

    def body_of(self, device: str, seq: int) -> bytes | None:
        """The body of a change; ``None`` if it is not here."""
        self.cursor.execute(
            "SELECT body FROM main.journal WHERE device = ? AND seq = ?", (device, seq)
        )
        row = self.cursor.fetchone()
        return None if row is None else bytes(row[0])

    def bodies_of(self, changes: Iterable[Change]) -> dict[str, bytes]:
        """Ref → the body that is here under the number of each of *changes*, in few questions."""
        numbers: dict[str, list[int]] = {}
        for change in changes:
            numbers.setdefault(change.device, []).append(change.seq)
        found: dict[str, bytes] = {}
        for name, seqs in numbers.items():
            self.cursor.execute(
                "SELECT seq, body FROM main.journal WHERE device = ? "
                "AND seq IN (SELECT value FROM json_each(?))",
                (name, json.dumps(seqs)),
            )
            found.update((f"{name}.{seq}", bytes(body)) for seq, body in self.cursor.fetchall())
        return found

    def has(self, ref: str) -> bool:
        """Whether the change called *ref* is here."""
        device, _dot, seq = ref.rpartition(".")
        return self.body_of(device, int(seq)) is not None

    def fetch(self, ref: str) -> Change:
        """The change called *ref*.

        Raises:
            ChangeInvalid: it is not here, or cannot be read.
        """
        device, _dot, seq = ref.rpartition(".")
        body = self.body_of(device, int(seq))
        if body is None:
            raise ChangeInvalid
        return Change.decode(body)

    def head(self, device: str) -> tuple[int, bytes]:
        """The last number of a desk and its link of the chain; 0 before the first."""
        self.cursor.execute(
            "SELECT seq, chain FROM main.journal WHERE device = ? ORDER BY seq DESC LIMIT 1",
            (device,),
        )
        row = self.cursor.fetchone()
        return (row[0], bytes(row[1])) if row else (0, CHAIN_START)

    def stamp(self) -> Stamp:
        """The latest time that was given or seen."""
        self.cursor.execute("SELECT value FROM meta WHERE key = 'stamp'")
        row = self.cursor.fetchone()
        if row is None:
            return Stamp(0, 0)
        millis, counter = row[0].split(".")
        return Stamp(int(millis), int(counter))


def journal_top(cursor: Any) -> int:
    """The last place in the journal; 0 if it is empty."""
    cursor.execute("SELECT coalesce(max(pos), 0) FROM main.journal")
    return int(cursor.fetchone()[0])
