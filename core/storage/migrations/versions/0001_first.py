"""The first tables and triggers."""

from alembic import op

from core.storage.schema import create_all

revision = "0001_first"
down_revision = None


def upgrade() -> None:
    """Make everything."""
    create_all(op.get_bind())
