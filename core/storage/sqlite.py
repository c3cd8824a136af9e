"""SQLite: one connection that writes, two that read, each on a thread of its own.

A whole transaction is one call on the connection's thread. A hop between threads for each
statement costs five times the work of a turn. Only the writer begins with a lock, commits and
checkpoints: two connections of one file that do so can corrupt it before SQLite 3.51.3.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.pool import NullPool, StaticPool

from core.storage.compiled import share_compiled
from core.storage.errors import DatabaseInUse, DatabaseReadOnly, DatabaseTooOld

OLDEST = (3, 39, 0)
"""The first version that knows IS DISTINCT FROM, which the triggers use."""

READERS = 2
BUSY_SECONDS = 10

SAFETY = {
    "foreign_keys": "ON",
    # Without it INSERT OR REPLACE deletes rows and no trigger hears of it.
    "recursive_triggers": "ON",
    "trusted_schema": "OFF",
    "cell_size_check": "ON",
    "cache_size": "-16000",
}
WRITER = {"journal_mode": "WAL", "synchronous": "FULL", "journal_size_limit": "67108864"} | SAFETY
READER = {"query_only": "ON", "wal_autocheckpoint": "0"} | SAFETY

_T = TypeVar("_T")


class OwnThread:
    """A SQLite connection with its thread, on which whole transactions run synchronously.

    The adapter over aiosqlite: `_execute` hands a function to the thread, in the order of the
    calls, and `_conn` is the connection of the standard library. Both are private, so the
    version is pinned and a test fails when they change.
    """

    def __init__(self, connection: aiosqlite.Connection, *, begin: str) -> None:
        """`begin`: the statement that begins a transaction."""
        self._connection = connection
        # aiosqlite names no public way to its thread and to its connection.
        self.engine = create_engine(
            "sqlite://",
            creator=lambda: connection._conn,  # noqa: SLF001
            poolclass=StaticPool,
            # What people wrote stands in the parameters, and errors go into the log.
            hide_parameters=True,
        )
        self._begin = begin
        share_compiled(self.engine, _dialect())
        self.commits = 0

    async def transaction(self, function: Callable[[Connection], _T]) -> _T:
        """Run `function` in one transaction, and commit; roll back when it raises."""
        run: Callable[..., Any] = self._connection._execute  # noqa: SLF001 - see the class
        # The thread has no context of its own: whose turn it is has to be handed over for the log.
        result: _T = await run(copy_context().run, self._transaction, function)
        return result

    def interrupt(self) -> None:
        """End the statement that is running, and any that would follow, with an error."""
        event.listen(self.engine, "before_cursor_execute", _refuse)
        self._connection._conn.interrupt()  # noqa: SLF001 - as above

    def _transaction(self, function: Callable[[Connection], _T]) -> _T:
        with self.engine.begin() as connection:
            # Not by an event: SQLAlchemy would ask at each statement whether others listen too.
            connection.exec_driver_sql(self._begin)
            result = function(connection)
        self.commits += 1
        return result

    async def close(self) -> None:
        """Close the connection and end its thread."""
        await self._connection.close()


@cache
def _dialect() -> Dialect:
    """How this SQLite is spoken to: it is the same library for all files of a process."""
    engine = create_engine("sqlite://", poolclass=NullPool)
    with engine.connect():
        return engine.dialect


def _refuse(*_event_arguments: Any) -> None:
    """Let a transaction end before its next statement: the program is about to."""
    raise sqlite3.OperationalError("interrupted")


async def open_thread(address: str, *, settings: dict[str, str], begin: str) -> OwnThread:
    """Connect to the URI `address`, make the PRAGMA `settings`.

    Raises:
        sqlite3.OperationalError: a setting was not taken, or the file cannot be opened.
    """
    connection = await aiosqlite.connect(
        address, uri=True, isolation_level=None, timeout=BUSY_SECONDS, cached_statements=512
    )
    try:
        await _configure(connection, settings)
    except BaseException:
        await connection.close()
        raise
    return OwnThread(connection, begin=begin)


async def _configure(connection: aiosqlite.Connection, settings: dict[str, str]) -> None:
    """Make the settings, and see that the log is where it must be."""
    for name, value in settings.items():
        # The answer is fetched: SQLite refuses to add functions while one is waiting.
        await connection.execute_fetchall(f"PRAGMA {name}={value}")
    ((mode,),) = await connection.execute_fetchall("PRAGMA journal_mode")
    if mode != "wal":
        # SQLite tells in an answer only that it could not do what it was told.
        raise sqlite3.OperationalError(f"the file is in journal mode {mode}, not in WAL mode")


class FileLock:
    """The right to be the one process that writes to a SQLite file."""

    def __init__(self, path: Path) -> None:
        """Take the lock of the database at `path`.

        Raises:
            DatabaseInUse: somebody has it.
        """
        self._descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            raise DatabaseInUse(path) from None

    def release(self) -> None:
        """Give the lock back. The file stays, for removing it would race with another start."""
        os.close(self._descriptor)


class SqliteBackend:
    """The connections to one SQLite file."""

    def __init__(
        self, writer: OwnThread | None, readers: Sequence[OwnThread], *, lock: FileLock | None
    ) -> None:
        self._writer = writer
        self._readers = readers
        self._idle: asyncio.Queue[OwnThread] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)
        self._lock = lock
        self.version = f"SQLite {sqlite3.sqlite_version}"

    @property
    def engines(self) -> list[Engine]:
        """The engines whose statements can be watched."""
        return [thread.engine for thread in self._threads()]

    @property
    def commits(self) -> int:
        """How many writes were committed."""
        return self._writer.commits if self._writer else 0

    async def write(self, function: Callable[[Connection], _T]) -> _T:
        """Run `function` on the writing connection, after all that were asked for before."""
        if self._writer is None:
            raise DatabaseReadOnly
        return await self._writer.transaction(function)

    async def read(self, function: Callable[[Connection], _T]) -> _T:
        """Run `function` on a connection that cannot write; it sees one state throughout."""
        reader = await self._idle.get()
        try:
            return await reader.transaction(function)
        finally:
            self._idle.put_nowait(reader)

    def interrupt(self) -> None:
        """End what is running on any of the threads."""
        for thread in self._threads():
            thread.interrupt()

    async def close(self) -> None:
        """Close the readers, then the writer, which empties the log; give the lock back."""
        for thread in reversed(self._threads()):
            await thread.close()
        if self._lock:
            self._lock.release()

    def _threads(self) -> list[OwnThread]:
        writers = [self._writer] if self._writer else []
        return [*writers, *self._readers]


async def open_sqlite(path: Path, *, read_only: bool) -> SqliteBackend:
    """Open the file at `path`, made when it is missing and may be written to.

    Raises:
        DatabaseInUse: another process writes to it, and `read_only` is false.
        DatabaseTooOld: this SQLite is older than the triggers need.
        FileNotFoundError: `read_only`, and there is no such file.
    """
    address, lock = _prepare(path, read_only=read_only)
    opened: list[OwnThread] = []
    try:
        if lock:
            writing = f"{address}?mode=rwc"
            opened.append(await open_thread(writing, settings=WRITER, begin="BEGIN IMMEDIATE"))
        for _ in range(READERS):
            reading = f"{address}?mode=ro"
            opened.append(await open_thread(reading, settings=READER, begin="BEGIN"))
    except BaseException:
        for thread in opened:
            await thread.close()
        if lock:
            lock.release()
        raise
    writer = opened.pop(0) if lock else None
    return SqliteBackend(writer, opened, lock=lock)


def _prepare(path: Path, *, read_only: bool) -> tuple[str, FileLock | None]:
    """The file's address as a URI, and the right to write to it."""
    if sqlite3.sqlite_version_info < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise DatabaseTooOld(f"SQLite {sqlite3.sqlite_version}", needed)
    resolved = path.resolve()
    if read_only and not resolved.exists():
        raise FileNotFoundError(path)
    return resolved.as_uri(), None if read_only else FileLock(resolved)
