"""Databases for the tests of storage, and rows in one."""

import pytest

from core.storage.database import Database
from tests.migrated import database, migrated_url
from tests.storage.rows import Rows, add_rows

__all__ = ["database", "migrated_url", "rows"]


@pytest.fixture
async def rows(database: Database) -> Rows:
    """Add two products and an order to `database`, with nothing in stock."""
    return await database.write(add_rows)
