"""PostgreSQL through asyncpg: a pool, and whole functions repeated when the server asks for it."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.storage.compiled import share_compiled
from core.storage.errors import DatabaseReadOnly, DatabaseTooOld, OutcomeUnknown

OLDEST: tuple[int | str, ...] = (14,)
"""The oldest version that is still looked after."""

TRIES = 8
FIRST_PAUSE_MILLISECONDS = 10
LAST_PAUSE_MILLISECONDS = FIRST_PAUSE_MILLISECONDS * 2 ** (TRIES - 1)

SETTINGS = {
    "application_name": "comptoir",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
}

REPEATABLE = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock not available: nothing was done, doing it again helps."""

SHUT_DOWN = frozenset({"57P01", "57P02", "57P03"})
"""The server ends the connection, or is not up yet."""

_DIALECTS: dict[str, Dialect] = {}
"""How servers of a version are spoken to."""
_CHANCE = random.SystemRandom()
_T = TypeVar("_T")


class PostgresqlBackend:
    """A pool of connections to one PostgreSQL database."""

    def __init__(self, engine: AsyncEngine, *, version: str, read_only: bool) -> None:
        self._engine = engine
        self._read_only = read_only
        self.version = version
        self.commits = 0

    @property
    def engines(self) -> list[Engine]:
        """The engine whose statements can be watched."""
        return [self._engine.sync_engine]

    async def write(self, function: Callable[[Connection], _T]) -> _T:
        """Run `function` in a READ COMMITTED transaction, and again when another was in its way.

        Raises:
            OutcomeUnknown: the connection was lost while committing.
        """
        if self._read_only:
            raise DatabaseReadOnly
        return await _repeated(lambda: self._write_once(function))

    async def read(self, function: Callable[[Connection], _T]) -> _T:
        """Run `function` in a READ ONLY transaction, which sees one state throughout."""
        return await _repeated(lambda: self._read_once(function))

    def interrupt(self) -> None:
        """Nothing to do: whoever cancels a task ends its statement, and the server rolls back."""

    async def close(self) -> None:
        """Close the connections."""
        await self._engine.dispose()

    async def _write_once(self, function: Callable[[Connection], _T]) -> _T:
        committing = False
        try:
            async with self._engine.begin() as connection:
                result = await connection.run_sync(function)
                committing = True
        except DBAPIError as error:
            if committing and _is_lost(error):
                raise OutcomeUnknown from error
            raise
        self.commits += 1
        return result

    async def _read_once(self, function: Callable[[Connection], _T]) -> _T:
        async with self._engine.connect() as connection:
            await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            async with connection.begin():
                return await connection.run_sync(function)


async def open_postgresql(url: URL, *, read_only: bool) -> PostgresqlBackend:
    """Connect to the server of `url`.

    Raises:
        DatabaseTooOld: the server is older than the triggers need.
    """
    engine = create_async_engine(
        url,
        isolation_level="READ COMMITTED",
        # What people wrote stands in the parameters, and errors go into the log.
        hide_parameters=True,
        pool_size=2 * (os.cpu_count() or 1),
        max_overflow=0,
        # No ping before each use: a lost connection is found out by its first statement, all of
        # the pool is renewed, and the whole function is run again.
        pool_use_lifo=True,
        connect_args={"server_settings": SETTINGS},
    )
    try:
        async with engine.connect() as connection:
            numbers = connection.dialect.server_version_info or ()
    except BaseException:
        await engine.dispose()
        raise
    version = f"PostgreSQL {'.'.join(map(str, numbers))}"
    if tuple(numbers) < OLDEST:
        await engine.dispose()
        raise DatabaseTooOld(version, f"PostgreSQL {OLDEST[0]}")
    share_compiled(engine.sync_engine, _DIALECTS.setdefault(version, engine.dialect))
    return PostgresqlBackend(engine, version=version, read_only=read_only)


async def _repeated(attempt: Callable[[], Awaitable[_T]]) -> _T:
    """The result of the first of several attempts that nothing came in the way of.

    Between two of them there is a pause of random length, twice as long each time: those who
    were in each other's way do not meet again.
    """
    longest = FIRST_PAUSE_MILLISECONDS
    while True:
        try:
            return await attempt()
        except (DBAPIError, ConnectionError) as error:
            if longest >= LAST_PAUSE_MILLISECONDS or not _is_worth_repeating(error):
                raise
        await asyncio.sleep(_CHANCE.randrange(longest) / 1000)
        longest *= 2


def _is_worth_repeating(error: DBAPIError | ConnectionError) -> bool:
    """Whether nothing was done, and the same may work a moment later."""
    return isinstance(error, ConnectionError) or _state(error) in REPEATABLE or _is_lost(error)


def _is_lost(error: DBAPIError) -> bool:
    """Whether the connection is gone."""
    state = _state(error)
    return error.connection_invalidated or state in SHUT_DOWN or state.startswith("08")


def _state(error: DBAPIError) -> str:
    """PostgreSQL's code of what went wrong (SQLSTATE), empty when the server sent none."""
    return getattr(error.orig, "sqlstate", None) or ""
