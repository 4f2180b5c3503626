"""The first tables; those of an SQLite file that knew no alembic are there already."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, PrimaryKeyConstraint, Text, text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make what is missing."""
    _make_work()
    _make_memory()


def _make_work() -> None:
    op.create_table(
        "deliveries",
        Column("guid", Text, primary_key=True),
        Column("event", Text, nullable=False),
        Column("received_at", Float, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "looks",
        Column("target", Text, primary_key=True),
        Column("installation", BigInteger, nullable=False),
        Column("wanted", Integer, nullable=False),
        Column("done", Integer, nullable=False),
        Column("due_at", Float),
        Column("lease_until", Float),
        Column("leased_by", Text),
        Column("attempts", Integer, nullable=False),
        Column("watermark", Text),
        if_not_exists=True,
    )
    is_open = text("due_at IS NOT NULL OR wanted > done")
    op.create_index(
        "looks_open", "looks", ["due_at"], sqlite_where=is_open, postgresql_where=is_open, if_not_exists=True
    )


def _make_memory() -> None:
    op.create_table(
        "heads",
        Column("subject", Text, nullable=False),
        Column("target", Text, nullable=False),
        Column("sha", Text, nullable=False),
        Column("shown_at", Float, nullable=False),
        PrimaryKeyConstraint("subject", "sha", "shown_at"),
        if_not_exists=True,
    )
    op.create_index("heads_by_sha", "heads", ["sha"], if_not_exists=True)
    op.create_table("organisations", Column("owner", Text, primary_key=True), if_not_exists=True)
    op.create_table(
        "sources",
        Column("installation", BigInteger, nullable=False),
        Column("source", Text, nullable=False),
        Column("repository", Text, nullable=False),
        PrimaryKeyConstraint("installation", "source", "repository"),
        if_not_exists=True,
    )
    op.create_table(
        "closing_commands",
        Column("subject", Text, nullable=False),
        Column("comment_id", Text, nullable=False),
        Column("verb", Text, nullable=False),
        Column("argument", Text, nullable=False),
        Column("login", Text, nullable=False),
        Column("because", Text, nullable=False),
        Column("at", Float, nullable=False),
        PrimaryKeyConstraint("subject", "comment_id", "verb", "argument", "at"),
        if_not_exists=True,
    )
