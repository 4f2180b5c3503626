"""Closing commands with the account that gave them: logins are given up and taken by others."""

from alembic import op
from sqlalchemy import BigInteger, Column

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; what is kept already has none."""
    op.add_column("closing_commands", Column("login_id", BigInteger))
