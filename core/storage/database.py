"""A database, opened: transactions around plain functions, the same on SQLite and PostgreSQL.

    database = await open_database("sqlite+aiosqlite:///shop.db", clock=clock)
    number = await database.write(confirm_order, order_id)

`confirm_order(connection, order_id)` is an ordinary function over one SQLAlchemy Core
connection. It never commits: its transaction ends well when it returns, and leaves nothing when
it raises. On PostgreSQL it may be run again from its beginning, so it does nothing else than
statements.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

from core.storage.clock import Clock
from core.storage.postgresql import open_postgresql
from core.storage.sqlite import open_sqlite

LOG = logging.getLogger(__name__)

PATIENCE = 2
"""Seconds for which the end waits for a transaction that is running."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Backend(Protocol):
    """What a kind of database has to offer."""

    version: str

    @property
    def commits(self) -> int:
        """How many writes of this process were committed."""
        ...

    @property
    def engines(self) -> list[Engine]:
        """The engines whose statements can be watched."""
        ...

    async def write(self, function: Callable[[Connection], _T]) -> _T:
        """Run `function` in one transaction that may write."""
        ...

    async def read(self, function: Callable[[Connection], _T]) -> _T:
        """Run `function` in one transaction that cannot write and sees one state."""
        ...

    def interrupt(self) -> None:
        """Let no further statement begin, and end those that are running with an error."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


class Statements:
    """The statements that ran while `count_statements` was open; BEGIN and COMMIT are none."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.texts)


class Database:
    """One open database. `open_database` makes it; `async with` closes it."""

    def __init__(self, backend: Backend, *, url: str, clock: Clock) -> None:
        self._backend = backend
        self._running: set[asyncio.Task[Any]] = set()
        self.url = url
        self.clock = clock

    @property
    def commits(self) -> int:
        """How many writes of this process were committed: whether another one has been since."""
        return self._backend.commits

    async def write(
        self,
        function: Callable[Concatenate[Connection, _P], _T],
        /,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> _T:
        """Run `function(connection, *args, **kwargs)` in one transaction and return its result.

        Cancelling the caller does not cancel the write: it ends as a whole, and its result is
        dropped. So a cancelled caller cannot conclude that nothing was written.

        Raises:
            DatabaseReadOnly: the database was opened for reading only.
            OutcomeUnknown: PostgreSQL's connection was lost during the commit.
        """
        return await self._shielded(
            self._backend.write(lambda connection: function(connection, *args, **kwargs))
        )

    async def read(
        self,
        function: Callable[Concatenate[Connection, _P], _T],
        /,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> _T:
        """Run `function(connection, *args, **kwargs)`; the database refuses that it writes.

        All its statements see the same state, whatever is written meanwhile.
        """
        return await self._shielded(
            self._backend.read(lambda connection: function(connection, *args, **kwargs))
        )

    @contextmanager
    def watch_statements(self, observe: Callable[[str], None]) -> Iterator[None]:
        """Call `observe` with the text of each statement before it runs, in any transaction.

        What `observe` raises, the statement raises. It is called on the thread of the
        connection.
        """

        def told(*event_arguments: Any) -> None:
            text: str = event_arguments[2]
            if not text.startswith("BEGIN"):
                observe(text)

        with ExitStack() as stack:
            for engine in self._backend.engines:
                event.listen(engine, "before_cursor_execute", told)
                stack.callback(event.remove, engine, "before_cursor_execute", told)
            yield

    @contextmanager
    def count_statements(self) -> Iterator[Statements]:
        """Collect the statements that run meanwhile; one for many rows counts once."""
        statements = Statements()
        with self.watch_statements(statements.texts.append):
            yield statements

    def describe(self) -> dict[str, str]:
        """What this database is, for the start's message and for health: no secret in it."""
        return {"version": self._backend.version, "url": self.url}

    async def close(self, *, seconds: float = PATIENCE) -> None:
        """Wait some seconds for what is running, then close all connections.

        A transaction that is not over by then is interrupted: nothing of it stays, as if the
        process had died.
        """
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            if late:
                LOG.warning("interrupting %d transactions that take too long", len(late))
                self._backend.interrupt()
                for task in late:
                    task.cancel()
                await asyncio.gather(*late, return_exceptions=True)
        await self._backend.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def _shielded(self, work: Coroutine[Any, Any, _T]) -> _T:
        """The result of `work`, which goes on when its caller is cancelled."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_report)
            raise


def _report(task: asyncio.Task[Any]) -> None:
    """Log how a transaction failed that nobody waits for any more."""
    error = None if task.cancelled() else task.exception()
    if error:
        LOG.warning("a transaction failed after its caller had been cancelled", exc_info=error)


async def open_database(url: str, *, clock: Clock, read_only: bool = False) -> Database:
    """Open the database at `url`, in SQLAlchemy's form with an asynchronous driver.

    `sqlite+aiosqlite:///path` makes the file when it is missing. `read_only` needs no lock:
    a check may look while another process works.

    Raises:
        DatabaseInUse: another process has the SQLite file open for writing.
        DatabaseTooOld: the database lacks what the tables need.
        FileNotFoundError: `read_only`, and there is no such SQLite file.
        ValueError: `url` names another driver, or SQLite without a file.
    """
    parts = make_url(url)
    backend: Backend
    if parts.drivername == "sqlite+aiosqlite":
        if not parts.database or parts.database == ":memory:" or parts.query:
            raise ValueError("SQLite needs a file, and nothing behind its path")
        backend = await open_sqlite(Path(parts.database), read_only=read_only)
    elif parts.drivername == "postgresql+asyncpg":
        backend = await open_postgresql(parts, read_only=read_only)
    else:
        raise ValueError(f"{parts.drivername}: use sqlite+aiosqlite or postgresql+asyncpg")
    return Database(backend, url=parts.render_as_string(hide_password=True), clock=clock)


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """A part of a transaction: what it did is undone when it raises, the rest stays.

    A turn runs a service inside one, so that a refusal undoes the service and the answer
    still goes out in the same transaction.
    """
    with connection.begin_nested():
        yield
