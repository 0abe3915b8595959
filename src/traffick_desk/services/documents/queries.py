"""What officers ask about documents. A list reads no bytes of them; looking at one is logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk.services import reading
from traffick_desk.services.base import Context, Query
from traffick_desk.services.documents import prepare, sniff
from traffick_desk.services.documents.errors import DocumentRefused
from traffick_desk.services.errors import NotHere
from traffick_desk.services.roles import CASE_READ, OWN
from traffick_desk.services.views import RecordView
from traffick_desk.store import documents
from traffick_desk.store.errors import DocumentDamaged

HERE, PART, ELSEWHERE = "here", "part", "elsewhere"
# From here on the desk says how large the vault has grown: each backup holds all of it.
MANY_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document as lists show it.

    Attributes:
        held: ``here``, ``part`` (some of it has come), ``elsewhere``.
        have: bytes of it that are here.
        asked: the other desk was asked for it.
        newer: ids of the documents that are newer versions of it.
    """

    record: RecordView
    held: str
    have: int
    asked: bool
    newer: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of its record."""
        return self.record.id

    @property
    def size(self) -> int:
        """Bytes of the whole."""
        return int(self.record.get("size") or 0)

    @property
    def digest(self) -> str:
        """Names its bytes."""
        return str(self.record.get("digest") or "")


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a document, and what they are by their content."""

    media: str
    content: bytes = field(repr=False)
    record: RecordView


def content_of(context: Context, cursor: Any, case_id: str, document_id: str) -> Content:
    """The bytes of one document of a case.

    Raises:
        NotHere: there is no such document in the case.
        DocumentElsewhere, DocumentDamaged: in words.
    """
    return read_content(cursor, _record(context, cursor, case_id, document_id))


def _record(context: Context, cursor: Any, case_id: str, document_id: str) -> RecordView:
    found = reading.records_of(cursor, context.store.registry["document"], case_id)
    record = next((r for r in found if r.id == document_id), None)
    if record is None:
        raise NotHere
    return record


def read_content(cursor: Any, record: RecordView) -> Content:
    """The bytes that a record names.

    Raises:
        DocumentElsewhere, DocumentDamaged: in words.
    """
    content = documents.read(cursor, str(record.get("digest") or ""))
    try:
        # The record may have been written by a desk that lies.
        return Content(sniff.media_of(content), content, record)
    except DocumentRefused as error:
        raise DocumentDamaged from error


def views_of(cursor: Any, records: Sequence[RecordView]) -> tuple[DocumentView, ...]:
    """Records that name bytes as lists show them, the newest first, those not valid last."""
    held = documents.states(cursor, [str(r.get("digest") or "") for r in records])
    cursor.execute("SELECT digest FROM document_asked WHERE device = ''")
    asked = {digest for (digest,) in cursor.fetchall()}
    newer: dict[str, list[str]] = {}
    for record in records:
        if record.get("replaces") and record.voided is None:
            newer.setdefault(str(record.get("replaces")), []).append(record.id)
    made = []
    for record in records:
        digest = str(record.get("digest") or "")
        here = held.get(digest)
        state = HERE if here and here.complete else PART if here and here.have else ELSEWHERE
        made.append(
            DocumentView(
                record,
                state,
                here.have if here else 0,
                digest in asked and state != HERE,
                tuple(newer.get(record.id, ())),
            )
        )
    made.sort(key=lambda d: d.id, reverse=True)
    made.sort(key=lambda d: d.record.voided is not None)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Documents(Query[tuple[DocumentView, ...]]):
    """The documents of a case, the newest first, those that are not valid last."""

    permission: ClassVar[str] = CASE_READ

    case_id: str

    def run(self, context: Context, cursor: Any) -> tuple[DocumentView, ...]:
        """See :class:`Query`."""
        records = reading.records_of(cursor, context.store.registry["document"], self.case_id)
        return views_of(cursor, records)


@dataclass(frozen=True, slots=True)
class OpenDocument(Query[Content]):
    """The bytes of one document, to be shown. That the officer looked at it is logged."""

    permission: ClassVar[str] = CASE_READ
    logged: ClassVar[str] = "document.open"

    case_id: str
    document_id: str

    def run(self, context: Context, cursor: Any) -> Content:
        """See :class:`Query`."""
        return content_of(context, cursor, self.case_id, self.document_id)

    def target(self) -> str:
        """See :class:`Query`."""
        return self.document_id


@dataclass(frozen=True, slots=True)
class Thumb:
    """A small picture as JPEG, and whether the vault keeps it."""

    picture: bytes = field(repr=False)
    kept: bool


@dataclass(frozen=True, slots=True)
class DocumentThumb(Query[Thumb]):
    """The small picture of a document that is here: the kept one, or one drawn now."""

    permission: ClassVar[str] = CASE_READ

    case_id: str
    document_id: str

    def run(self, context: Context, cursor: Any) -> Thumb:
        """See :class:`Query`."""
        return thumb_of(cursor, _record(context, cursor, self.case_id, self.document_id))


def thumb_of(cursor: Any, record: RecordView) -> Thumb:
    """The small picture of what a record names.

    Raises:
        DocumentElsewhere, DocumentDamaged: in words.
    """
    digest = str(record.get("digest") or "")
    kept = documents.thumb(cursor, digest)
    if kept:
        return Thumb(kept, kept=True)
    content = documents.read(cursor, digest)
    return Thumb(prepare.thumb(content, sniff.media_of(content)), kept=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """How many documents the vault holds, and their bytes."""

    count: int
    size: int

    @property
    def many(self) -> bool:
        """Whether to warn: every backup holds all of it."""
        return self.size >= MANY_BYTES


@dataclass(frozen=True, slots=True)
class DocumentUsage(Query[Usage]):
    """How large the documents of this vault are together."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> Usage:  # noqa: ARG002
        """See :class:`Query`."""
        return Usage(*documents.usage(cursor))
