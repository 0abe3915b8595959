"""Drafts of activities and materials: kept and shown also to who sees no case."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.services.base import Context, Query
from traffick_desk.services.commands import DropDraft, SaveDraft
from traffick_desk.services.roles import PREVENTION_READ, PREVENTION_WRITE
from traffick_desk.services.views import Draft

# Keys of these drafts begin with it.
DRAFT = "outreach:"


@dataclass(frozen=True, slots=True)
class SaveOutreachDraft(SaveDraft):
    """Keep what is being typed about an activity or a material."""

    permission: ClassVar[str] = PREVENTION_WRITE


@dataclass(frozen=True, slots=True)
class DropOutreachDraft(DropDraft):
    """Throw such a draft away."""

    permission: ClassVar[str] = PREVENTION_WRITE


@dataclass(frozen=True, slots=True)
class OutreachDrafts(Query[tuple[Draft, ...]]):
    """What was typed about activities and materials and not saved, newest first."""

    permission: ClassVar[str] = PREVENTION_READ

    def run(self, context: Context, cursor: Any) -> tuple[Draft, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute(
            "SELECT key, case_id, title, payload, saved_at FROM draft "
            "WHERE substr(key, 1, ?) = ? ORDER BY saved_at DESC",
            (len(DRAFT), DRAFT),
        )
        return tuple(
            Draft(key, case, title, json.loads(payload), saved_at)
            for key, case, title, payload, saved_at in cursor.fetchall()
        )
