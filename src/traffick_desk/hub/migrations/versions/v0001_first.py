"""The hub's first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "setting",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "root",
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("verify_key", sa.LargeBinary, nullable=False),
        sa.Column("revocations", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "desk",
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("root", sa.Text, sa.ForeignKey("root.device"), nullable=False),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("verify_key", sa.LargeBinary, nullable=False),
        sa.Column("serial", sa.BigInteger, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.Column("heard_at", sa.BigInteger),
    )
    op.create_table(
        "revoked",
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )
    op.create_table(
        "claim",
        sa.Column("nonce", sa.Text, primary_key=True),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_claim_expires", "claim", ["expires"])
    op.create_table(
        "bundle",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("receiver", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("held", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("touched_at", sa.BigInteger, nullable=False),
        sa.Column("complete_at", sa.BigInteger),
        sa.UniqueConstraint("sender", "receiver", "sha256", name="uq_bundle_content"),
    )
    op.create_index("ix_bundle_receiver", "bundle", ["receiver", "state"])
    op.create_index("ix_bundle_state", "bundle", ["state", "touched_at"])
    op.create_table(
        "chunk",
        sa.Column(
            "bundle",
            sa.Text,
            sa.ForeignKey("bundle.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("start", sa.BigInteger, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "viewer",
        sa.Column("login", sa.Text, primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("memory_kib", sa.Integer, nullable=False),
        sa.Column("iterations", sa.Integer, nullable=False),
        sa.Column("lanes", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
