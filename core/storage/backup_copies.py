"""Copies of a whole database, made while others write to it; a copy is always a SQLite file.

SQLite copies itself, page by page, of one state: its online backup sees no half transaction, and a
plain copy of a file in use would.  From PostgreSQL all rows are read in one REPEATABLE READ
transaction and written into a SQLite file.  Nothing else has to be installed for it (a `pg_dump`
must be as new as its server), the copy can be opened and audited like a shop, and goes back into
either database: every value is kept alike in both (see `core.storage.columns`).
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, create_engine, event, text
from sqlalchemy.pool import StaticPool
from sqlalchemy.util import await_only

from core.storage.columns import Base, Bytes, Flag, Id
from core.storage.ddl import table_statements, trigger_statements
from core.storage.schema import stamp

ROWS_AT_ONCE: Final = 5000
FILES_AT_ONCE: Final = 100
"""Rows at once of tables that hold files, each of which may be large."""
BUSY_SECONDS: Final = 60


class NotEmpty(Exception):
    """Rows are to be put into a database that has tables already."""


def copy_file(source: Path, target: Path) -> None:
    """Copy the SQLite database at `source`, which may be in use, to a new file.

    Raises:
        sqlite3.Error: `source` is no database, or the disk is full.
    """
    with (
        closing(_opened(source, mode="ro")) as before,
        closing(_opened(target, mode="rwc")) as after,
    ):
        # This process only reads: it must never move the log into the file beside the bot.
        before.execute("PRAGMA query_only = ON")
        before.execute("PRAGMA wal_autocheckpoint = 0")
        before.backup(after)


def copy_out(connection: Connection, target: Path) -> None:
    """Write all rows that `connection` sees into a new SQLite file with the same schema.

    Args:
        connection: of a database at the version of this program, in a transaction that sees one
            state.
        target: the file; one that is there is replaced, for the transaction may be repeated.
    """
    target.unlink(missing_ok=True)
    with _written(target) as copy:
        tables, indexes = _tables_and_indexes("sqlite")
        for statement in tables:
            copy.exec_driver_sql(statement)
        copy_rows(connection, copy)
        for statement in indexes:
            copy.exec_driver_sql(statement)
        # Triggers last: rows are put in as they stand, nothing is to be applied again.
        for statement in trigger_statements("sqlite"):
            copy.exec_driver_sql(statement)
        stamp(copy)


def copy_in(source: Path, connection: Connection) -> None:
    """Write all rows of a copy into an empty PostgreSQL database, with its schema.

    Raises:
        NotEmpty: it has tables.
    """
    if connection.scalar(text(_TABLES)):
        raise NotEmpty
    tables, indexes = _tables_and_indexes("postgresql")
    for statement in tables:
        connection.exec_driver_sql(statement)
    # A row may refer to a later one (a party that was merged into another): they are checked
    # when all are there, and the keys are made again as they were.
    keys = connection.execute(text(_KEYS)).all()
    for table, name, _ in keys:
        connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    with _read(source) as copy:
        copy_rows(copy, connection)
    for statement in indexes:
        connection.exec_driver_sql(statement)
    # Without it the server plans for empty tables, and whatever is asked next takes minutes.
    connection.exec_driver_sql("ANALYZE")
    for table, name, definition in keys:
        connection.exec_driver_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for statement in trigger_statements("postgresql"):
        connection.exec_driver_sql(statement)
    stamp(connection)


def _tables_and_indexes(dialect: str) -> tuple[list[str], list[str]]:
    """What makes the tables, and their indexes, which cost less when the rows are there."""
    tables: list[str] = []
    indexes: list[str] = []
    for statement in table_statements(dialect):
        (tables if statement.startswith("CREATE TABLE") else indexes).append(statement)
    return tables, indexes


_TABLES: Final = """
    SELECT count(*) FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
    """
_KEYS: Final = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname
    """


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy the rows of all tables, and which ids were given out, into empty tables."""
    for table in Base.metadata.sorted_tables:
        _copy_table(source, target, table)
    give_ids_after(target, ids_given(source))


def _copy_table(source: Connection, target: Connection, table: Table) -> None:
    # What one database has as 0 and 1, the other has as a truth.
    flags = [at for at, column in enumerate(table.columns) if isinstance(column.type, Flag)]
    of_files = any(isinstance(column.type, Bytes) for column in table.columns)
    at_once = FILES_AT_ONCE if of_files else ROWS_AT_ONCE
    for part in rows_of(source, table, at_once=at_once):
        _put(target, table, [_as_kept(row, flags, target.dialect.name) for row in part])


def rows_of(
    source: Connection, table: Table, *, at_once: int
) -> Iterator[Sequence[Row[tuple[Any, ...]]]]:
    """All rows of a table in the order of its key, so many at once, never all in memory."""
    quote = source.dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in table.columns)
    order = ", ".join(quote(column.name) for column in table.primary_key)
    reading = text(f"SELECT {names} FROM {table.name} ORDER BY {order}")  # noqa: S608 - our own names
    rows = source.execution_options(yield_per=at_once).execute(reading)
    # Said again: without it each part is a single row, and each row a COPY of its own.
    yield from rows.partitions(at_once)


def _put(target: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    names = [column.name for column in table.columns]
    if target.dialect.name == "sqlite":
        listed = ", ".join(map(target.dialect.identifier_preparer.quote, names))
        values = ", ".join("?" * len(names))
        target.exec_driver_sql(f"INSERT INTO {table.name} ({listed}) VALUES ({values})", rows)  # noqa: S608 - our own names
        return
    # COPY is many times faster than INSERT, and takes ids as they are.
    driver = target.connection.driver_connection
    assert driver is not None
    await_only(driver.copy_records_to_table(table.name, records=rows, columns=names))


def _as_kept(row: Any, flags: list[int], dialect: str) -> tuple[Any, ...]:
    if not flags:
        return tuple(row)
    values = list(row)
    for at in flags:
        if values[at] is not None:
            values[at] = bool(values[at]) if dialect == "postgresql" else int(values[at])
    return tuple(values)


# --- Ids ------------------------------------------------------------------------------------


def ids_given(connection: Connection) -> Mapping[str, int]:
    """The last id that each table has given out, whether its row is still there or not."""
    found: dict[str, int] = {}
    for table in _tables_with_ids():
        highest = connection.scalar(text(f"SELECT max(id) FROM {table}")) or 0  # noqa: S608 - our own names
        found[table] = max(int(highest), _given(connection, table))
    return found


def give_ids_after(connection: Connection, ids: Mapping[str, int]) -> None:
    """Let the next id of each table be one more than these."""
    for table, last in ids.items():
        if connection.dialect.name == "sqlite":
            values = {"table": table, "last": last}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), values)
            connection.execute(
                text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), values
            )
        elif last:
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"),
                {"table": table, "last": last},
            )


def _tables_with_ids() -> list[str]:
    return [
        table.name
        for table in Base.metadata.sorted_tables
        if "id" in table.c and isinstance(table.c.id.type, Id)
    ]


def _given(connection: Connection, table: str) -> int:
    if connection.dialect.name == "sqlite":
        asking = text("SELECT max(seq) FROM sqlite_sequence WHERE name = :table")
        return int(connection.scalar(asking, {"table": table}) or 0)
    asking = text(
        "SELECT coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = current_schema()"
        " AND format('%I.%I', schemaname, sequencename) = pg_get_serial_sequence(:table, 'id')"
    )
    return int(connection.scalar(asking, {"table": table}) or 0)


# --- SQLite files ---------------------------------------------------------------------------


def _opened(path: Path, *, mode: str) -> sqlite3.Connection:
    """A connection to the file.  Raises sqlite3.OperationalError when it cannot be opened."""
    address = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)


@contextmanager
def _written(path: Path) -> Iterator[Connection]:
    """A transaction that writes to a file which nobody else knows of yet."""
    with closing(_opened(path, mode="rwc")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        with _transaction(connection) as opened:
            yield opened


@contextmanager
def _read(path: Path) -> Iterator[Connection]:
    """A transaction that reads."""
    with closing(_opened(path, mode="ro")) as connection, _transaction(connection) as opened:
        yield opened


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[Connection]:
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    event.listen(engine, "begin", lambda opened: opened.exec_driver_sql("BEGIN"))
    with engine.begin() as opened:
        yield opened
