"""The first schema: journal, projections, links, log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all fixed tables."""
    op.create_table(
        "meta",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "journal",
        sa.Column("pos", sa.Integer, primary_key=True),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Text),
        sa.Column("via", sa.Text),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.LargeBinary),
        sa.UniqueConstraint("device", "seq", name="uq_journal_device_seq"),
        sa.CheckConstraint("seq >= 1", name="ck_journal_seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_case", "journal", ["case_id", "pos", "via"])
    op.create_table(
        "replaced_ahead",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("record_id", sa.Text, primary_key=True),
        sa.Column("register", sa.Text, primary_key=True),
    )
    op.create_table(
        "device",
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("verify_key", sa.LargeBinary),
        sa.Column("recipient", sa.Text),
        sa.Column("certificate", sa.LargeBinary),
        sa.Column("revoked_on", sa.Text),
        sa.CheckConstraint("profile IN ('commune', 'province')", name="ck_device_profile"),
    )
    op.create_table(
        "officer",
        sa.Column("officer_id", sa.Text, primary_key=True),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "draft",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("saved_at", sa.Text, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END"
        )
    # INSERT OR REPLACE deletes without the trigger above.
    op.execute(
        "CREATE TRIGGER audit_only_appended BEFORE INSERT ON audit "
        "WHEN NEW.seq <= (SELECT max(seq) FROM audit) "
        "BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END"
    )
    op.create_table(
        "link",
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("sent_number", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sent_digest", sa.LargeBinary),
        sa.Column("sent_pos", sa.Integer, nullable=False, server_default="0"),
        sa.Column("acked_number", sa.Integer, nullable=False, server_default="0"),
        sa.Column("acked_pos", sa.Integer, nullable=False, server_default="0"),
        sa.Column("acked_on", sa.Text),
        sa.Column("received_number", sa.Integer, nullable=False, server_default="0"),
        sa.Column("received_digest", sa.LargeBinary),
        sa.Column("received_on", sa.Text),
        sa.Column("peer_seq", sa.Integer, nullable=False, server_default="0"),
        sa.Column("peer_chain", sa.LargeBinary),
        sa.Column("peer_audit_seq", sa.Integer, nullable=False, server_default="0"),
        sa.Column("peer_audit_chain", sa.LargeBinary),
        sa.Column("peer_reads", sa.Integer, nullable=False, server_default="1"),
    )
    op.create_table(
        "bundle_out",
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("pos", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("carried_at", sa.Text),
        sa.Column("acked_at", sa.Text),
    )
    op.create_table(
        "bundle_in",
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("previous", sa.LargeBinary, nullable=False),
        sa.Column("received_at", sa.Text, nullable=False),
        sa.Column("waiting", sa.LargeBinary),
    )
    op.create_table(
        "link_case",
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("shared", sa.Integer, nullable=False, server_default="0"),
        sa.Column("number", sa.Integer),
        sa.Column("left_pos", sa.Integer),
    )
    op.create_table(
        "case_row",
        sa.Column("case_id", sa.Text, primary_key=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in (
                "file_no", "name", "sex", "birth", "status", "stage", "unit",
                "opened_on", "due", "due_clock",
            )
        ),
        sa.Column("sort_name", sa.LargeBinary, nullable=False),
        sa.Column("conflicts", sa.Integer, nullable=False),
    )  # fmt: skip
    op.create_index("ix_case_row_name", "case_row", ["sort_name", "case_id"])
    op.create_index("ix_case_row_file_no", "case_row", ["file_no"])
    op.create_index("ix_case_row_opened", "case_row", ["opened_on", "case_id"])
    op.create_index("ix_case_row_unit", "case_row", ["unit", "sort_name"])
    op.create_index("ix_case_row_stage", "case_row", ["stage", "sort_name"])
    op.create_index(
        "ix_case_row_conflicts", "case_row", ["conflicts"], sqlite_where=sa.text("conflicts > 0")
    )
    op.create_table(
        "deadline",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("clock", sa.Text, primary_key=True),
        sa.Column("started_at", sa.Text, nullable=False),
        sa.Column("due", sa.Text, nullable=False),
    )
    op.create_index("ix_deadline_due", "deadline", ["due"])
    op.create_table(
        "seen",
        sa.Column("record_id", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "search_doc",
        sa.Column("docid", sa.Integer, primary_key=True),
        sa.Column("case_id", sa.Text, nullable=False, unique=True),
    )
    op.execute(
        "CREATE VIRTUAL TABLE search_fts USING fts5(folded, exact, content='', "
        "contentless_delete=1, detail=column, prefix='1 2 3', "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\")"
    )


def downgrade() -> None:
    """There is nothing before the first version."""
    raise NotImplementedError("there is no version before the first")
