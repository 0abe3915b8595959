"""Which ways into a vault are in force, kept inside it: an older vault file put back is noticed.

The header's own MAC cannot tell that an older header stands in place of the one in force: it is
genuine. So the encrypted file remembers the newest header it has seen. An older one that lets in
by a way still in force is taken, because refusing it would lose data after a damaged disk; a way
that was changed or closed since is refused, whoever has the old password.
"""

from __future__ import annotations

import json
from typing import Any

from traffick_desk.vault.errors import HeaderRolledBack
from traffick_desk.vault.header import Header, slot_print

_KEY = "header:ways"


def check(cursor: Any, header: Header, slot_id: str) -> int:
    """Whether *header* may let in by its slot *slot_id*; answers with the newest generation seen.

    Raises:
        HeaderRolledBack: the header is older, and that way in is not in force any more.
    """
    cursor.execute("SELECT value FROM meta WHERE key = ?", (_KEY,))
    row = cursor.fetchone()
    if row is None:
        return 0
    kept = json.loads(row[0])
    newest = int(kept["generation"])
    slot = header.slot(slot_id)
    if header.generation < newest and (
        slot is None or kept["slots"].get(slot_id) != slot_print(slot)
    ):
        raise HeaderRolledBack(f"generation {header.generation} of {newest}")
    return newest


def note(cursor: Any, header: Header) -> None:
    """Remember *header*; call it after the header is on the disk, never before."""
    kept = {
        "generation": header.generation,
        "slots": {slot.id: slot_print(slot) for slot in header.slots},
    }
    cursor.execute(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)", (_KEY, json.dumps(kept, sort_keys=True))
    )
