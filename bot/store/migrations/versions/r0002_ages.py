"""Deliveries by age, so that old ones are found without reading all."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the index."""
    op.create_index("deliveries_by_age", "deliveries", ["received_at"], if_not_exists=True)
