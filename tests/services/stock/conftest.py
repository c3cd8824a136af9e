"""A database with a founded company and nothing in stock."""

from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest
from sqlalchemy import Connection

from core.storage.database import Database, open_database
from tests.company import Company, found
from tests.databases import Databases, Dialect
from tests.migrated import build, clock


def found_company(connection: Connection) -> None:
    """Found the company in an empty database."""
    found(Company(connection).work)


@pytest.fixture
def stock_url(databases: Databases, dialect: Dialect) -> Iterator[str]:
    """Return the URL of a database with a company."""
    url = databases.copy_of(dialect, "stock", build=partial(build, fills=[found_company]))
    yield url
    databases.remove(url)


@pytest.fixture
async def database(stock_url: str) -> AsyncIterator[Database]:
    """Open a database with a company."""
    async with await open_database(stock_url, clock=clock) as opened:
        yield opened
