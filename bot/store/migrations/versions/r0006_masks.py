"""What the rules of each base heed."""

from alembic import op
from sqlalchemy import Column, Float, PrimaryKeyConstraint, Text

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "masks",
        Column("repository", Text, nullable=False),
        Column("base", Text, nullable=False),
        Column("digest", Text, nullable=False),
        Column("mask", Text, nullable=False),
        Column("seen_at", Float, nullable=False),
        PrimaryKeyConstraint("repository", "base", "digest"),
    )
