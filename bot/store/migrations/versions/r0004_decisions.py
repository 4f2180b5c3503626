"""Decisions, each with the digest of the one before."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, PrimaryKeyConstraint, Text, text

revision = "0004"
down_revision = "0003"

_TEXTS_BEFORE = ("target", "repository")
_TEXTS_AFTER = (
    "commit",
    "outcome",
    "title",
    "program",
    "gist",
    "facts",
    "rules",
    "verdict",
    "previous",
    "digest",
)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "decisions",
        Column("subject", Text, nullable=False),
        Column("number", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("at", BigInteger, nullable=False),
        *(Column(name, Text, nullable=False) for name in _TEXTS_BEFORE),
        Column("pull", BigInteger, nullable=False),
        *(Column(name, Text, nullable=False) for name in _TEXTS_AFTER),
        Column("body", LargeBinary),
        PrimaryKeyConstraint("subject", "number"),
    )
    op.create_index("decisions_by_digest", "decisions", ["digest"])
    op.create_index("decisions_by_pull", "decisions", ["pull"])
    has_body = text("body IS NOT NULL")
    op.create_index("decisions_by_age", "decisions", ["at"], sqlite_where=has_body, postgresql_where=has_body)
