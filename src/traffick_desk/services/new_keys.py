"""New keys for this desk; the province answers by itself with the next bundle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.roles import ENROL, OWN
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work
from traffick_desk.sync import rotation


@dataclass(frozen=True, slots=True)
class NewKeysWait(Query[bool]):
    """Whether this desk asked for new keys and has no answer yet."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> bool:
        """See :class:`Query`."""
        return rotation.waits(cursor, context.info.device)


@dataclass(frozen=True, slots=True)
class AskForNewKeys(Command[None]):
    """Make new keys and ask the province to certify them, in the next bundle by any way.

    Nothing changes until the answer is here. Asked again before that, it is the same request.

    Raises:
        NotSetUp: this desk is not linked yet.
        EnrolmentConflict: this is the province's own desk.
    """

    permission: ClassVar[str] = ENROL
    action: ClassVar[str] = "key.renew"
    changes: ClassVar[frozenset[str]] = frozenset({"links"})

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        device = context.info.device
        values = rotation.begin(work.cursor, device)
        if work.journal.state(rotation.RECORD, device).values != values:
            edit = Edit(rotation.RECORD, device, values)
            work.journal.write(edit, context.info.officer_id, None)

    def target(self, result: None) -> str:  # noqa: ARG002
        """The log says that it was done."""
        return ""
