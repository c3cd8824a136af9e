"""The first tables and triggers: the statements of `0001_first.*.sql`, as they were then.

They were printed by `core.storage.ddl` for the first release, 0.1.0, and never change any more:
shops have them. What comes later is a migration of its own.
"""

from pathlib import Path

from alembic import op

from core.storage.ddl import split

revision = "0001_first"
down_revision = None


def upgrade() -> None:
    """Make everything."""
    connection = op.get_bind()
    script = Path(__file__).with_suffix(f".{connection.dialect.name}.sql")
    for statement in split(script.read_text(encoding="utf-8")):
        connection.exec_driver_sql(statement)
