"""Photos of activities, and attendance lists and papers as scans, inside the vault.

They belong to the unit as their activity does; their bytes go to the unit's own desks and to its
province, never to other communes; those of the province to a commune that asks for them. One that
is removed loses its bytes at once and wherever the removal arrives; the record with the reason
stays (I4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk.domain.belonging import unit_of
from traffick_desk.domain.records.document import CONTENT
from traffick_desk.i18n import _
from traffick_desk.services import unit_records
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.documents.commands import ask_for, kept
from traffick_desk.services.documents.prepare import Prepared
from traffick_desk.services.documents.queries import (
    Content,
    DocumentView,
    Thumb,
    read_content,
    thumb_of,
    views_of,
)
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.prevention.commands import FILE
from traffick_desk.services.roles import PREVENTION_READ, PREVENTION_WRITE
from traffick_desk.services.views import RecordView
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

_TYPES = frozenset({FILE})
_CHANGED = frozenset({"prevention", "documents"})


def _record(context: Context, cursor: Any, activity: str, record: str) -> RecordView:
    found = unit_records.record(context, cursor, FILE, record)
    if found.voided or found.get("activity") != activity:
        raise NotHere
    return found


@dataclass(frozen=True, slots=True)
class ActivityFiles(Query[tuple[DocumentView, ...]]):
    """The photos and scans of an activity, the newest first."""

    permission: ClassVar[str] = PREVENTION_READ

    activity: str

    def run(self, context: Context, cursor: Any) -> tuple[DocumentView, ...]:
        """See :class:`Query`."""
        where = "activity = ? AND voided IS NULL"
        return views_of(cursor, unit_records.records(context, cursor, FILE, where, self.activity))


@dataclass(frozen=True, slots=True)
class OpenActivityFile(Query[Content]):
    """The bytes of one of them, to be shown; that the officer looked at it is logged."""

    permission: ClassVar[str] = PREVENTION_READ
    logged: ClassVar[str] = "document.open"

    activity: str
    id: str

    def run(self, context: Context, cursor: Any) -> Content:
        """See :class:`Query`."""
        return read_content(cursor, _record(context, cursor, self.activity, self.id))

    def target(self) -> str:
        """See :class:`Query`."""
        return self.id


@dataclass(frozen=True, slots=True)
class ActivityFileThumb(Query[Thumb]):
    """The small picture of one of them."""

    permission: ClassVar[str] = PREVENTION_READ

    activity: str
    id: str

    def run(self, context: Context, cursor: Any) -> Thumb:
        """See :class:`Query`."""
        return thumb_of(cursor, _record(context, cursor, self.activity, self.id))


@dataclass(frozen=True, slots=True)
class AddActivityFile(Command[str]):
    """Keep a photo or scan of an activity; answers with the id of its record.

    Attributes:
        content: by :func:`traffick_desk.services.documents.prepare.prepare`.
        values: ``kind``; of a photo also ``faces``: nobody can be recognised, or all have agreed.

    Raises:
        InvalidValues: a value is missing or cannot be; nothing was kept.
        NotHere: there is no such activity. NotAllowed: it is another office's.
    """

    permission: ClassVar[str] = PREVENTION_WRITE
    action: ClassVar[str] = "prevention.file"
    changes: ClassVar[frozenset[str]] = _CHANGED

    activity: str
    content: Prepared
    values: Mapping[str, Any] = field(default_factory=dict)

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        activity = work.journal.state("activity", self.activity)
        if activity.empty or activity.voided is not None:
            raise NotHere
        given = {n: v for n, v in self.values.items() if v not in (None, "", [])}
        if any(name in CONTENT for name in given):
            raise NotHere
        if not given.get("kind"):
            raise InvalidValues(((FILE, "kind", _("Please choose what it is.")),))
        if given["kind"] == "photo" and not given.get("faces"):
            text = _(
                "Please say whether somebody can be recognised. A photo of people who have not "
                "agreed must not be kept: choose another one, or make the faces unrecognisable."
            )
            raise InvalidValues(((FILE, "faces", text),))
        record = unit_records.new_record_id(context, unit_of(self.activity))
        values = {
            "added_on": context.today,
            **given,
            "activity": self.activity,
            **kept(work, self.content),
        }
        unit_records.write(context, work, (Edit(FILE, record, values),), _TYPES)
        return record

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return result


@dataclass(frozen=True, slots=True)
class AskForActivityFile(Command[None]):
    """Ask the other desk for a photo or scan that is not here, as for a document of a case.

    Those of the province's own activities come to a commune that asks, and to no other.

    Raises:
        NotHere: there is no such photo or scan of the activity.
    """

    permission: ClassVar[str] = PREVENTION_READ
    action: ClassVar[str] = "document.ask"
    changes: ClassVar[frozenset[str]] = _CHANGED

    activity: str
    id: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        _record(context, work.cursor, self.activity, self.id)
        ask_for(context, work, FILE, self.id, activity=self.activity)

    def target(self, result: None) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return self.id


@dataclass(frozen=True, slots=True)
class RemoveActivityFile(Command[None]):
    """Take a photo or scan away for good; its bytes are gone at once, here and where this arrives.

    Raises:
        NotHere, NotAllowed: nothing was removed.
    """

    permission: ClassVar[str] = PREVENTION_WRITE
    action: ClassVar[str] = "prevention.file_removed"
    changes: ClassVar[frozenset[str]] = _CHANGED

    activity: str
    id: str
    reason: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        known = work.journal.state(FILE, self.id)
        if known.empty or known.values.get("activity") != self.activity:
            raise NotHere
        unit_records.write(context, work, (Edit(FILE, self.id, {VOID: self.reason}),), _TYPES)

    def target(self, result: None) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return self.id


@dataclass(frozen=True, slots=True)
class ExportActivityFile(Command[Content]):
    """Give the bytes out to be written as a file, outside the vault; the log says so first."""

    permission: ClassVar[str] = PREVENTION_WRITE
    action: ClassVar[str] = "document.export"

    activity: str
    id: str

    def run(self, context: Context, work: Work) -> Content:
        """See :class:`Command`."""
        return read_content(work.cursor, _record(context, work.cursor, self.activity, self.id))

    def target(self, result: Content) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return self.id


@dataclass(frozen=True, slots=True)
class PrintActivityFile(ExportActivityFile):
    """Give the bytes out to be printed; the log says so first."""

    action: ClassVar[str] = "document.print"
