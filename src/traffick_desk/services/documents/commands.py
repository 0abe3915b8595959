"""What officers do with documents. The bytes and their record are one transaction (I4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk.domain.records.document import CONTENT, DOCUMENT
from traffick_desk.i18n import _
from traffick_desk.services.base import Command, Context, new_id
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.documents.prepare import Prepared
from traffick_desk.services.documents.queries import Content, content_of
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.roles import CASE_WRITE, OWN
from traffick_desk.store import documents
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work
from traffick_desk.store.tables import table_name

DOCUMENTS = frozenset({"cases", "documents"})


@dataclass(frozen=True, slots=True)
class AddDocument(Command[str]):
    """Keep a document in a case; answers with the id of its record.

    Attributes:
        content: by :func:`traffick_desk.services.documents.prepare.prepare`.
        values: what the officer says of it; ``kind`` is needed.
        replaces: id of the document that this is a newer version of; that one stays.
        draft: key of the draft that the save makes superfluous.

    Raises:
        InvalidValues: a value cannot be, or nothing says what it is; nothing was kept.
        NotHere: there is no such case, or what it replaces or belongs to is not of the case.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "document.add"
    changes: ClassVar[frozenset[str]] = DOCUMENTS

    case_id: str
    content: Prepared
    values: Mapping[str, Any] = field(default_factory=dict)
    replaces: str = ""
    draft: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        work.cursor.execute("SELECT 1 FROM case_row WHERE case_id = ?", (self.case_id,))
        if work.cursor.fetchone() is None:
            raise NotHere
        given = {n: v for n, v in self.values.items() if v not in (None, "", [])}
        if any(name in CONTENT for name in given):
            raise NotHere
        if not given.get("kind"):
            text = _("Please choose what the document is; it is found by that.")
            raise InvalidValues((("document", "kind", text),))
        if belongs := given.get("belongs_to"):
            _must_be_of(context, work, self.case_id, belongs)
        if self.replaces:
            known = work.journal.state("document", self.replaces)
            if known.empty or known.voided or known.values.get("case") != self.case_id:
                raise NotHere
        record_id = new_id()
        values = {
            "added_on": context.today,
            **given,
            "case": self.case_id,
            **kept(work, self.content),
        }
        if self.replaces:
            values["replaces"] = self.replaces
        SaveRecords((Edit("document", record_id, values),), self.draft).run(context, work)
        return record_id

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return result


def kept(work: Work, content: Prepared) -> dict[str, Any]:
    """Keep bytes in the transaction; answers with what their record says of them."""
    documents.keep(work.cursor, content.content)
    documents.keep_thumb(work.cursor, content.digest, content.thumb)
    values: dict[str, Any] = {
        "media": content.media,
        "size": content.size,
        "pages": content.pages,
        "digest": content.digest,
    }
    return {**values, "done": list(content.done)} if content.done else values


def _must_be_of(context: Context, work: Work, case_id: str, record_id: str) -> None:
    for record_type in context.store.registry:
        if record_type.in_case:
            work.cursor.execute(
                f'SELECT 1 FROM {table_name(record_type.name)} WHERE id = ? AND "case" = ?',
                (record_id, case_id),
            )
            if work.cursor.fetchone() is not None:
                return
    raise NotHere


@dataclass(frozen=True, slots=True)
class DescribeDocument(Command[None]):
    """Change what is said of a document; what it holds never changes.

    Raises:
        InvalidValues: a value cannot be; nothing was saved.
        NotHere: there is no such document, or what it belongs to is not of its case.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "document.describe"
    changes: ClassVar[frozenset[str]] = DOCUMENTS

    id: str
    values: Mapping[str, Any]
    base: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    draft: str = ""

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        known = work.journal.state("document", self.id)
        if known.empty or any(n in CONTENT or n not in DOCUMENT.by_name for n in self.values):
            raise NotHere
        if belongs := self.values.get("belongs_to"):
            _must_be_of(context, work, str(known.values.get("case")), belongs)
        edit = Edit("document", self.id, self.values, self.base)
        SaveRecords((edit,), self.draft).run(context, work)


@dataclass(frozen=True, slots=True)
class ExportDocument(Command[Content]):
    """Give the bytes out to be written as a file, outside the vault; the log says so first.

    Raises:
        NotHere, DocumentElsewhere, DocumentDamaged: in words.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "document.export"

    case_id: str
    document_id: str

    def run(self, context: Context, work: Work) -> Content:
        """See :class:`Command`."""
        return content_of(context, work.cursor, self.case_id, self.document_id)

    def target(self, result: Content) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return self.document_id


@dataclass(frozen=True, slots=True)
class PrintDocument(ExportDocument):
    """Give the bytes out to be printed; the log says so first."""

    action: ClassVar[str] = "document.print"


@dataclass(frozen=True, slots=True)
class AskForDocument(Command[None]):
    """Ask the other desk for a document that is not here; the question goes with the next bundle.

    Raises:
        NotHere: there is no such document in the case.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "document.ask"
    changes: ClassVar[frozenset[str]] = DOCUMENTS

    case_id: str
    document_id: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        ask_for(context, work, "document", self.document_id, case=self.case_id)

    def target(self, result: None) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return self.document_id


def ask_for(context: Context, work: Work, name: str, record: str, **owner: str) -> None:
    """Note that the bytes are asked for which a *record* of type *name* names.

    Args:
        context: of the command.
        work: the transaction.
        name: of the record type.
        record: its id.
        owner: the field that names what it belongs to, and that.

    Raises:
        NotHere: there is no such record of that owner.
    """
    values = work.journal.state(name, record).values
    digest = values.get("digest")
    if not digest or any(values.get(field) != of for field, of in owner.items()):
        raise NotHere
    work.cursor.execute(
        "INSERT OR REPLACE INTO document_asked VALUES ('', ?, ?)", (digest, context.moment)
    )


@dataclass(frozen=True, slots=True)
class KeepThumb(Command[None]):
    """Keep a small picture that was drawn of a document that came from elsewhere."""

    permission: ClassVar[str] = OWN
    action: ClassVar[str] = ""

    digest: str
    picture: bytes = field(repr=False)

    def run(self, context: Context, work: Work) -> None:  # noqa: ARG002
        """See :class:`Command`."""
        if documents.states(work.cursor, [self.digest]):
            documents.keep_thumb(work.cursor, self.digest, self.picture)
