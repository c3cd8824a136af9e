"""Databases with the whole schema, on SQLite and on PostgreSQL, and the fixtures that open them.

A folder's `conftest.py` imports `migrated_url` and `database`; each test gets a copy of a template
that was migrated once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from core.storage.database import Database, open_database
from core.storage.schema import migrate
from tests.databases import Databases, Dialect

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def clock() -> datetime:
    """Return the time of the tests, which stands still."""
    return NOW


def build(url: str, fills: Iterable[Callable[[Connection], object]] = ()) -> None:
    """Migrate the empty database at `url` and fill it, each step in a transaction of its own."""

    async def built() -> None:
        async with await open_database(url, clock=clock) as opened:
            for fill in (migrate, *fills):
                await opened.write(fill)

    asyncio.run(built())


@pytest.fixture
def migrated_url(databases: Databases, dialect: Dialect) -> Iterator[str]:
    """Return the URL of a database with all tables and triggers, and no rows."""
    url = databases.copy_of(dialect, "migrated", build=build)
    yield url
    databases.remove(url)


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    """Open a database with all tables and triggers, and no rows."""
    async with await open_database(migrated_url, clock=clock) as opened:
        yield opened
