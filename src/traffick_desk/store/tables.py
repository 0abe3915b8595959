"""The tables of the encrypted file.

Fixed tables are made by migrations; record tables follow from the spine. All
record tables and projections can be thrown away and rebuilt from the journal (I1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.schema import CreateIndex, CreateTable

from traffick_desk.domain.spine import Field, Kind, RecordType, Registry

fixed = MetaData()
# Lines of lists and what is looked up by them: like the record tables they follow from the
# journal, so a new shape needs no migration.
derived = MetaData()

meta = Table(
    "meta",
    fixed,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

journal = Table(
    "journal",
    fixed,
    # Order of arrival on this desk; never reused, so "everything after pos" is exact.
    Column("pos", Integer, primary_key=True),
    Column("device", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("case_id", Text),
    # The peer that brought it, so that it is not carried back; empty for what was written here.
    Column("via", Text),
    Column("body", LargeBinary, nullable=False),
    Column("chain", LargeBinary),
    UniqueConstraint("device", "seq", name="uq_journal_device_seq"),
    CheckConstraint("seq >= 1", name="ck_journal_seq"),
    sqlite_autoincrement=True,
)
# ``via`` within, so that "the newest change made here" is answered by the index alone.
Index("ix_journal_case", journal.c.case_id, journal.c.pos, journal.c.via)

# A change that replaced a value this desk has not seen yet: when the value arrives it is old news.
# ``record_id`` holds type and id, ``person/0197…``.
replaced_ahead = Table(
    "replaced_ahead",
    fixed,
    Column("ref", Text, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("register", Text, primary_key=True),
)

device = Table(
    "device",
    fixed,
    Column("device", Text, primary_key=True),
    Column("profile", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("verify_key", LargeBinary),
    Column("recipient", Text),
    Column("certificate", LargeBinary),
    Column("revoked_on", Text),
    CheckConstraint("profile IN ('commune', 'province')", name="ck_device_profile"),
)

officer = Table(
    "officer",
    fixed,
    Column("officer_id", Text, primary_key=True),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("role", Text, nullable=False),
)

secret = Table(
    "secret",
    fixed,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

draft = Table(
    "draft",
    fixed,
    Column("key", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
)

audit = Table(
    "audit",
    fixed,
    Column("seq", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

# One row a peer; numbers and digests are those of ``docs/bundle-format.md``.
link = Table(
    "link",
    fixed,
    Column("device", Text, primary_key=True),
    Column("sent_number", Integer, nullable=False, server_default="0"),
    Column("sent_digest", LargeBinary),
    Column("sent_pos", Integer, nullable=False, server_default="0"),
    Column("acked_number", Integer, nullable=False, server_default="0"),
    Column("acked_pos", Integer, nullable=False, server_default="0"),
    Column("acked_on", Text),
    Column("received_number", Integer, nullable=False, server_default="0"),
    Column("received_digest", LargeBinary),
    Column("received_on", Text),
    # Heads of the peer's journal and log as last seen: what catches a restored old copy.
    Column("peer_seq", Integer, nullable=False, server_default="0"),
    Column("peer_chain", LargeBinary),
    Column("peer_audit_seq", Integer, nullable=False, server_default="0"),
    Column("peer_audit_chain", LargeBinary),
    Column("peer_reads", Integer, nullable=False, server_default="1"),
)

bundle_out = Table(
    "bundle_out",
    fixed,
    Column("device", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("pos", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("changes", Integer, nullable=False),
    # When a carrier had it, written and verified; empty if it never left this PC.
    Column("carried_at", Text),
    Column("acked_at", Text),
)

bundle_in = Table(
    "bundle_in",
    fixed,
    Column("device", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("received_at", Text, nullable=False),
    # The verified inside of a bundle that waits for an earlier one; empty once applied.
    Column("waiting", LargeBinary),
)

# What a commune's desk has of a case. ``number``: the bundle that first carries its whole history,
# empty while that is still owed. ``left_pos``: the change that moved the case to another commune.
# ``shared``: referred to the desk although the case is another commune's.
link_case = Table(
    "link_case",
    fixed,
    Column("device", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("shared", Integer, nullable=False, server_default="0"),
    Column("number", Integer),
    Column("left_pos", Integer),
)

# One line of the list of cases, kept beside the records so that the list opens at once.
case_row = Table(
    "case_row",
    derived,
    Column("case_id", Text, primary_key=True),
    Column("file_no", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sort_name", LargeBinary, nullable=False),
    Column("sex", Text, nullable=False),
    Column("birth", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("opened_on", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("due_clock", Text, nullable=False),
    Column("conflicts", Integer, nullable=False),
    Column("officer", Text, nullable=False),
    Column("sort_officer", LargeBinary, nullable=False),
    Column("return_form", Text, nullable=False),
)
# One for each order of the list. SQLite sorts by hand what no index holds, and with memory
# that is locked and wiped that takes a second at 50,000 lines. ``stage`` stands at the end so
# that leaving tips out needs no look at the line itself.
Index("ix_case_row_name", case_row.c.sort_name, case_row.c.case_id, case_row.c.stage)
Index("ix_case_row_file_no", case_row.c.file_no, case_row.c.case_id, case_row.c.stage)
Index("ix_case_row_opened", case_row.c.opened_on, case_row.c.case_id, case_row.c.stage)
Index("ix_case_row_birth", case_row.c.birth, case_row.c.case_id, case_row.c.stage)
Index("ix_case_row_due", text("due = ''"), case_row.c.due, case_row.c.case_id, case_row.c.stage)
Index("ix_case_row_due_down", text("due = ''"), case_row.c.due.desc(), case_row.c.case_id.desc(),
      case_row.c.stage)  # fmt: skip
Index("ix_case_row_unit", case_row.c.unit, case_row.c.sort_name, case_row.c.case_id,
      case_row.c.stage)  # fmt: skip
Index("ix_case_row_status", case_row.c.status, case_row.c.sort_name, case_row.c.case_id,
      case_row.c.stage)  # fmt: skip
Index("ix_case_row_officer", case_row.c.sort_officer, case_row.c.sort_name, case_row.c.case_id,
      case_row.c.stage, case_row.c.officer)  # fmt: skip
Index("ix_case_row_stage", case_row.c.stage, case_row.c.sort_name, case_row.c.case_id)
Index("ix_case_row_conflicts", case_row.c.conflicts, sqlite_where=case_row.c.conflicts > 0)

# What tells one person from another, one row a person, for finding her again. ``docid`` is a
# digest of the person's id, so a rebuild gives the same; ``facts`` is what is compared.
person_row = Table(
    "person_row",
    derived,
    Column("docid", Integer, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("facts", Text, nullable=False),
)
Index("ix_person_row_case", person_row.c.case_id)

# Digest of something that two entries of one person have in common (``domain.likeness``).
person_key = Table(
    "person_key",
    derived,
    Column("key", Integer, primary_key=True),
    Column("docid", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

# Persons that were compared with all others, and the pairs that may be one person.
person_looked = Table(
    "person_looked",
    derived,
    Column("docid", Integer, primary_key=True),
)
person_pair = Table(
    "person_pair",
    derived,
    Column("one", Integer, primary_key=True),
    Column("other", Integer, primary_key=True),
    Column("score", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_person_pair_other", person_pair.c.other)
Index("ix_person_pair_score", person_pair.c.score)

# Changes that wait for the province to say that their officer may make them (``store.rights``).
held = Table(
    "held",
    derived,
    Column("device", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("officer", Text, nullable=False),
    sqlite_with_rowid=False,
)

# What is searched of the records that belong to a unit: words between single spaces, one at the
# start, folded and with their accents. There are thousands, not tens of thousands, so they are
# looked through and need no full-text index.
unit_text = Table(
    "unit_text",
    derived,
    Column("record_id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("exact", Text, nullable=False),
)

# Deadlines that run, one row each: what *Today* and the lists ask.
deadline = Table(
    "deadline",
    fixed,
    Column("case_id", Text, primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("clock", Text, primary_key=True),
    Column("started_at", Text, nullable=False),
    Column("due", Text, nullable=False),
)
Index("ix_deadline_due", deadline.c.due)

# Answers of the other side that an officer has looked at; on this PC only.
seen = Table(
    "seen",
    fixed,
    Column("record_id", Text, primary_key=True),
    Column("at", Text, nullable=False),
)

# Bytes of documents, beside the journal: the record names them by the digest of all of them.
# A row here says how much there must be; they are complete once ``complete`` is set, which is done
# only after the digest was found right.
document_bytes = Table(
    "document_bytes",
    fixed,
    Column("digest", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("complete", Integer, nullable=False, server_default="0"),
    CheckConstraint("size >= 1", name="ck_document_bytes_size"),
)

# ``packed``: compressed with zstd, because it helped.
document_piece = Table(
    "document_piece",
    fixed,
    Column("pos", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("packed", Integer, nullable=False, server_default="0"),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("digest", "number", name="uq_document_piece"),
)

# Small pictures for lists; thrown away and made anew at will.
document_thumb = Table(
    "document_thumb",
    fixed,
    Column("digest", Text, primary_key=True),
    Column("picture", LargeBinary, nullable=False),
)

# Pieces that a peer has or that are on their way to it: ``number`` is the bundle that carries
# the piece, 0 when the peer brought it; ``there`` once the peer has confirmed.
document_sent = Table(
    "document_sent",
    fixed,
    Column("device", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("piece", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("there", Integer, nullable=False, server_default="0"),
)

# Documents that were asked for: by this desk (``device`` empty) or by a peer.
document_asked = Table(
    "document_asked",
    fixed,
    Column("device", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("at", Text, nullable=False),
)

search_doc = Table(
    "search_doc",
    fixed,
    Column("docid", Integer, primary_key=True),
    Column("case_id", Text, nullable=False, unique=True),
)

# The full-text table ``search_fts`` and the triggers that guard ``audit`` come with migration 0001.

# Derived tables, emptied before a rebuild.
DERIVED = (replaced_ahead, deadline, search_doc, *derived.sorted_tables)


# By what else records are looked up: *Today* asks which requests have a decision and which tips
# are open, a case which tips were joined to it, who was received together and which other case is
# of the same person, an import which record names the bytes that came, the directory what was found
# about a service and who is in a room.
_ASKED_BY = {
    "entitlement_decision": ("entitlement",),
    "tip": ("outcome", "joined"),
    "group_member": ("code", "toward"),
    "document": ("digest",),
    "same_person": ("tie",),
    "consent": ("withdrawn_on",),
    "officer_right": ("device",),
    "service_remark": ("service",),
    "stay": ("room",),
    "room": ("facility",),
    "place_hold": ("room",),
    "place_count": ("room",),
    "facility_item": ("facility",),
    "place_wait": ("outcome",),
    "attendance": ("activity", "staff"),
    "activity_file": ("activity", "digest"),
    "plan_task": ("plan",),
    "finding": ("inspection",),
}


def column_type(field: Field) -> type[Text | Integer]:
    """The SQL type of a field's column; lists are JSON texts."""
    return Integer if field.kind in (Kind.INTEGER, Kind.MONEY) else Text


def table_name(type_name: str) -> str:
    """Name of the table of a record type."""
    return f"r_{type_name}"


def record_table(record_type: RecordType, metadata: MetaData) -> Table:
    """The table that follows from a record type.

    ``heads`` maps the refs of the changes whose values are current to their
    registers; ``rivals`` is set only where one register has several current values.
    """
    table = Table(
        table_name(record_type.name),
        metadata,
        Column("id", Text, primary_key=True),
        *(Column(f.name, column_type(f)) for f in record_type.fields),
        Column("heads", Text, nullable=False),
        Column("rivals", Text),
        Column("voided", Text),
    )
    for name in ("case", "person", "unit", *_ASKED_BY.get(record_type.name, ())):
        if name in record_type.by_name:
            Index(f"ix_{table.name}_{name}", table.c[name])
    # Nearly always empty, so that asking for rival values costs nothing.
    key = table.c[record_type.case_key or "id"]
    Index(f"ix_{table.name}_rivals", key, sqlite_where=table.c.rivals.is_not(None))
    return table


def record_tables(registry: Registry) -> MetaData:
    """Tables of all record types."""
    metadata = MetaData()
    for record_type in registry:
        record_table(record_type, metadata)
    return metadata


# Raised when search text, sort keys or the list of cases are computed in a new way.
DERIVED_VERSION = 3


def derived_sql() -> dict[str, str]:
    """Name of each derived table → the statements that make it and its indexes."""
    return {
        table.name: ";".join(
            " ".join(str(made).split())
            for made in (
                CreateTable(table),
                *map(CreateIndex, sorted(table.indexes, key=lambda i: str(i.name))),
            )
        )
        for table in derived.sorted_tables
    }


def fingerprint(registry: Iterable[RecordType]) -> str:
    """Changes when anything that is made from the journal would come out differently."""
    described = f"{DERIVED_VERSION};{sorted(derived_sql().items())};" + ";".join(
        f"{t.name}:{t.whole}:{t.case_key}:{','.join(sorted(t.writers))}:"
        + ",".join(f"{f.name}={f.kind}/{f.search}" for f in t.fields)
        for t in sorted(registry, key=lambda t: t.name)
    )
    return hashlib.sha256(described.encode()).hexdigest()
