"""Databases for the tests of services, and a shop that several transactions share."""

import pytest

from core.storage.database import Database
from tests.builders import Shop
from tests.company import OpenCompany
from tests.migrated import database, migrated_url

__all__ = ["database", "migrated_url", "open_shop"]


@pytest.fixture
async def open_shop(database: Database) -> OpenCompany:
    """Found a shop and commit it."""
    return OpenCompany(database, await database.write(Shop))
