"""A scan or photo: what it is. Its bytes lie beside the journal, found by their digest."""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF
from traffick_desk.domain.spine import ANY, Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL

# What says which bytes belong to a record; written once, with the record.
CONTENT = ("media", "size", "pages", "digest", "done", "replaces")

CONTENT_FIELDS = (
    Field("added_on", Kind.DATE, N_("Taken in on"), _OPEN),
    Field("media", Kind.CODE, N_("Kind of file"), _OPEN, codes="document_media"),
    Field("size", Kind.INTEGER, N_("Size in bytes"), _OPEN, lowest=1),
    Field("pages", Kind.INTEGER, N_("Pages"), _OPEN, lowest=1),
    Field("digest", Kind.TEXT, N_("SHA-256 of the content"), limit=64),
    Field("done", Kind.CODES, N_("Done when taking it in"), _OPEN, codes="document_change"),
)
"""What the program says itself of every document it keeps."""

DOCUMENT = RecordType(
    "document",
    N_("Document"),
    N_("Documents"),
    (
        CASE_REF,
        Field("person", Kind.REF, N_("Person"), _OPEN, target="person"),
        Field("kind", Kind.CODE, N_("Kind of document"), codes="document_kind", required=True),
        Field(
            "title",
            Kind.TEXT,
            N_("Title"),
            Privacy.IDENTIFYING,
            help=N_("A few words by which it is found again."),
            search=Search.TEXT,
            limit=200,
        ),
        Field("dated", Kind.DATE, N_("Date of the document"), _OPEN),
        Field("maker", Kind.TEXT, N_("Who made it"), limit=200),
        Field(
            "belongs_to",
            Kind.REF,
            N_("Belongs to the entry"),
            _OPEN,
            target=ANY,
            help=N_("The entry of the case that it proves or goes with."),
        ),
        Field(
            "secrecy",
            Kind.CODE,
            N_("Who may see it in passing"),
            codes="document_secrecy",
            help=N_("Hidden: the list shows no small picture of it, as for a photo of an injury."),
        ),
        Field("note", Kind.LONG_TEXT, N_("Note")),
        *CONTENT_FIELDS,
        Field("replaces", Kind.REF, N_("Newer version of"), _OPEN, target="document"),
    ),
)
