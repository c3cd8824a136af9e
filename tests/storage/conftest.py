"""Databases with the migrated schema, for the tests of storage."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from core.storage.database import Database, open_database
from core.storage.schema import migrate
from tests.databases import Databases, Dialect
from tests.storage.shop import Shop, clock, found_shop


def build(url: str) -> None:
    """Migrate the empty database at `url`."""

    async def migrated() -> None:
        async with await open_database(url, clock=clock) as database:
            await database.write(migrate)

    asyncio.run(migrated())


@pytest.fixture
def migrated_url(databases: Databases, dialect: Dialect) -> Iterator[str]:
    """The URL of a database with all tables and triggers, and no rows."""
    url = databases.copy_of(dialect, "storage", build=build)
    yield url
    databases.remove(url)


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    """An open database with all tables and triggers, and no rows."""
    async with await open_database(migrated_url, clock=clock) as opened:
        yield opened


@pytest.fixture
async def shop(database: Database) -> Shop:
    """A small shop in `database`, nothing in stock."""
    return await database.write(found_shop)
