"""Looks that nobody waits for, and when each was looked at last."""

from alembic import op
from sqlalchemy import Column, Float, Integer

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns; who knows nothing of them writes looks that somebody waits for."""
    op.add_column("looks", Column("bulk", Integer, nullable=False, server_default="0"))
    op.add_column("looks", Column("looked_at", Float))
