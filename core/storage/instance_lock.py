"""The right to be the one program that runs the company on a database.

On SQLite it is the lock of the file, which `open_database` takes.  A PostgreSQL database has an
advisory lock on a connection of its own: PostgreSQL gives it back when that connection ends, also
with a program that was killed or a machine that is gone.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from core.storage.errors import DatabaseInUse

LOG = logging.getLogger(__name__)

RUNNING: Final = 20261126
"""The number of PostgreSQL's advisory lock that the running program holds."""

SETTINGS: Final = {
    "application_name": "comptoir (running)",
    # A machine that is gone is noticed after about a minute, not after two hours: another one can
    # take its place.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}

_HOLDER: Final = """
    SELECT backend_start, coalesce(host(client_addr), 'this server') AS address
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND classid = 0 AND objid = :key AND granted
    AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    """


class RunningLock:
    """Held while the program runs; `look` sees that it still is."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine: AsyncEngine | None = None
        self._connection: AsyncConnection | None = None

    async def take(self) -> None:
        """Take the lock.

        Raises:
            DatabaseInUse: another program has it.
        """
        self._engine = create_async_engine(
            self._url,
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
            connect_args={"server_settings": SETTINGS},
        )
        try:
            self._connection = await self._engine.connect()
            await self._take_on(self._connection)
        except BaseException:
            await self.release()
            raise

    async def _take_on(self, connection: AsyncConnection) -> None:
        taking = text("SELECT pg_try_advisory_lock(:key)")
        if not await connection.scalar(taking, {"key": RUNNING}):
            holder = (await connection.execute(text(_HOLDER), {"key": RUNNING})).first()
            raise DatabaseInUse(_told(self._url, holder))

    async def look(self) -> None:
        """Take the lock again when its connection was lost, as with a restart of the server.

        Raises:
            DatabaseInUse: another program was quicker; this one must end.
        """
        try:
            if self._connection is not None:
                await self._connection.execute(text("SELECT 1"))
                return
        except (DBAPIError, OSError) as error:
            LOG.warning("the connection of the running lock was lost: %s", type(error).__name__)
        await self.release()
        try:
            await self.take()
        except (DBAPIError, OSError) as error:
            LOG.warning("the running lock cannot be taken yet: %s", type(error).__name__)

    async def release(self) -> None:
        """Give it back."""
        connection, engine = self._connection, self._engine
        self._connection = self._engine = None
        if connection is not None:
            await connection.close()
        if engine is not None:
            await engine.dispose()


@asynccontextmanager
async def running_alone(url: str) -> AsyncIterator[RunningLock | None]:
    """Be the only program that runs on the database at `url`; on SQLite its file is locked.

    Raises:
        DatabaseInUse: another program runs on it.
    """
    address = make_url(url)
    if address.get_backend_name() != "postgresql":
        yield None
        return
    lock = RunningLock(address)
    await lock.take()
    try:
        yield lock
    finally:
        await lock.release()


def _told(url: URL, holder: Any) -> str:
    """Which database, and since when and from where another program runs on it."""
    name = url.render_as_string(hide_password=True)
    # Who is another user of the server may see that there is one, and not since when.
    if holder is None or holder.backend_start is None:
        return f"another program runs on {name}"
    since: datetime = holder.backend_start
    moment = since.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"another program runs on {name}, since {moment}, from {holder.address}"
