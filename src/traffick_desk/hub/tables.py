"""The hub's tables, the same in SQLite and PostgreSQL. Times are seconds since 1970 (UTC)."""

from __future__ import annotations

from time import time

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()


def now() -> int:
    """Seconds since 1970; shown, and the age of the hub's own nonces."""
    return int(time())


setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# The provinces whose word is taken.
root = Table(
    "root",
    metadata,
    Column("device", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("verify_key", LargeBinary, nullable=False),
    # Of the newest list of desks shut out.
    Column("revocations", BigInteger, nullable=False),
)

# Of a certificate only what is needed to know the desk again; its officers are not kept.
desk = Table(
    "desk",
    metadata,
    Column("device", Text, primary_key=True),
    Column("root", Text, ForeignKey("root.device"), nullable=False),
    Column("profile", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("verify_key", LargeBinary, nullable=False),
    Column("serial", BigInteger, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("heard_at", BigInteger),
)

# A desk may be shut out before the hub ever heard of it. Nothing is taken off this list.
revoked = Table(
    "revoked",
    metadata,
    Column("device", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    # ``province`` (signed list) or ``hub`` (by hand).
    Column("source", Text, nullable=False),
)

# By which letter a province's new PC took the place of another; handed on to its desks.
letter = Table(
    "letter",
    metadata,
    Column("old", Text, primary_key=True),
    Column("new", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# The highest count used under each nonce: what makes a request good for one time only.
claim = Table(
    "claim",
    metadata,
    Column("nonce", Text, primary_key=True),
    Column("device", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
)
Index("ix_claim_expires", claim.c.expires)

bundle = Table(
    "bundle",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sender", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("held", BigInteger, nullable=False),
    # open: being uploaded; waiting: complete; taken: the receiver has it and the bytes are gone.
    Column("state", Text, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("touched_at", BigInteger, nullable=False),
    Column("complete_at", BigInteger),
    UniqueConstraint("sender", "receiver", "sha256", name="uq_bundle_content"),
)
Index("ix_bundle_receiver", bundle.c.receiver, bundle.c.state)
Index("ix_bundle_state", bundle.c.state, bundle.c.touched_at)

# Bytes of bundles, where they are kept in the database.
chunk = Table(
    "chunk",
    metadata,
    Column("bundle", Text, ForeignKey("bundle.id", ondelete="CASCADE"), primary_key=True),
    Column("start", BigInteger, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

# People of province IT who may see the status page.
viewer = Table(
    "viewer",
    metadata,
    Column("login", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("memory_kib", Integer, nullable=False),
    Column("iterations", Integer, nullable=False),
    Column("lanes", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)

session = Table(
    "session",
    metadata,
    # SHA-256 of the cookie: who reads the database cannot log in with it.
    Column("token", Text, primary_key=True),
    Column("login", Text, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("expires", BigInteger, nullable=False),
)
