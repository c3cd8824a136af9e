"""Counting the statements of a connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event


def only_locks(statement: str) -> bool:
    """Return whether SQLite, with its one writer, does without a statement.

    A counter is locked and read in one statement, so SQLite needs that too.
    """
    if "pg_advisory_xact_lock" in statement:
        return True
    return "FOR NO KEY UPDATE" in statement and "FROM counter" not in statement


@contextmanager
def statements_of(connection: Connection) -> Iterator[list[str]]:
    """Collect the texts of the statements that run meanwhile."""
    texts: list[str] = []

    def collect(*event_arguments: Any) -> None:
        texts.append(event_arguments[2])

    event.listen(connection, "before_cursor_execute", collect)
    try:
        yield texts
    finally:
        event.remove(connection, "before_cursor_execute", collect)
