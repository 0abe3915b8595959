"""Bytes of documents, what was sent of them and what was asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; nothing that is there is touched."""
    op.create_table(
        "document_bytes",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("complete", sa.Integer, nullable=False, server_default="0"),
        sa.CheckConstraint("size >= 1", name="ck_document_bytes_size"),
    )
    op.create_table(
        "document_piece",
        sa.Column("pos", sa.Integer, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("packed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("digest", "number", name="uq_document_piece"),
    )
    op.create_table(
        "document_thumb",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("picture", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "document_sent",
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("piece", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("there", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "document_asked",
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """An older program opens no file of a newer one."""
    raise NotImplementedError("files are never moved back")
