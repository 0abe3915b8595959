"""What papers print about the office: telephone, signer. Kept on this PC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.domain.text import clean
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.roles import CASE_WRITE, OWN
from traffick_desk.store.store import Work

KEYS = ("phone", "signer_name", "signer_lines", "backup_folder")


def read(cursor: Any) -> dict[str, str]:
    """All settings of the office that were given."""
    cursor.execute("SELECT key, value FROM meta WHERE key LIKE 'office:%'")
    return {key.removeprefix("office:"): value for key, value in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class OfficeSettings(Query[Mapping[str, str]]):
    """The settings of the office: keys of :data:`KEYS` that were given."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> Mapping[str, str]:  # noqa: ARG002
        """See :class:`Query`."""
        return read(cursor)


@dataclass(frozen=True, slots=True)
class SetOffice(Command[None]):
    """Change settings of the office; an empty text clears one.

    Raises:
        KeyError: a key that is not one of :data:`KEYS`.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "office.set"
    changes: ClassVar[frozenset[str]] = frozenset({"office"})

    values: Mapping[str, str]

    def run(self, context: Context, work: Work) -> None:  # noqa: ARG002
        """See :class:`Command`."""
        for key, value in self.values.items():
            if key not in KEYS:
                raise KeyError(key)
            text = clean(value, multiline=key == "signer_lines", limit=500)
            work.cursor.execute("DELETE FROM meta WHERE key = ?", (f"office:{key}",))
            if text:
                work.cursor.execute("INSERT INTO meta VALUES (?, ?)", (f"office:{key}", text))
