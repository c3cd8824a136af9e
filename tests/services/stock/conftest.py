"""A database with the company founded, nothing in stock."""

from collections.abc import AsyncIterator, Iterator

import pytest

from core.storage.database import Database, open_database
from tests.databases import Databases, Dialect
from tests.services.stock.shop import build, clock


@pytest.fixture
def shop_url(databases: Databases, dialect: Dialect) -> Iterator[str]:
    """The URL of a database of its own."""
    url = databases.copy_of(dialect, "stock", build=build)
    yield url
    databases.remove(url)


@pytest.fixture
async def database(shop_url: str) -> AsyncIterator[Database]:
    """An open database."""
    async with await open_database(shop_url, clock=clock) as opened:
        yield opened
