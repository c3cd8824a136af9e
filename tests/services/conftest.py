"""Databases with the whole schema for the tests of services, and a shop in one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from core.storage.database import Database, open_database
from core.storage.schema import migrate
from tests.builders import NOW, Shop, Tells
from tests.databases import Databases, Dialect


def clock() -> datetime:
    return NOW


def build(url: str) -> None:
    async def migrated() -> None:
        async with await open_database(url, clock=clock) as database:
            await database.write(migrate)

    asyncio.run(migrated())


@pytest.fixture
def services_url(databases: Databases, dialect: Dialect) -> Iterator[str]:
    url = databases.copy_of(dialect, "services", build=build)
    yield url
    databases.remove(url)


@pytest.fixture
async def database(services_url: str) -> AsyncIterator[Database]:
    async with await open_database(services_url, clock=clock) as opened:
        yield opened


@pytest.fixture
def tells(database: Database) -> Tells:
    """Plays a function over a new shop in one transaction, and gives what it returns."""

    async def play(story: Callable[[Shop], Any]) -> Any:
        return await database.write(lambda connection: story(Shop(connection)))

    return play
