"""What somebody could do to the books who holds the database."""

from sqlalchemy import Connection, text

from core.storage.schema import expected_triggers


def disarm(connection: Connection) -> None:
    """Remove every trigger and CHECK."""
    sqlite = connection.dialect.name == "sqlite"
    for name in expected_triggers(connection):
        statement = f"DROP TRIGGER {name}" if sqlite else f"DROP FUNCTION {name}() CASCADE"
        connection.exec_driver_sql(statement)
    if sqlite:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        return
    checks = connection.execute(
        text("SELECT conrelid::regclass AS held, conname FROM pg_constraint WHERE contype = 'c'"
             " AND connamespace = current_schema()::regnamespace")
    )  # fmt: skip
    for held, name in checks.all():
        connection.exec_driver_sql(f'ALTER TABLE {held} DROP CONSTRAINT "{name}"')
