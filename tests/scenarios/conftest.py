"""The stage of the stories: Crimson on both databases, played in English and in French."""

from collections.abc import AsyncIterator, Iterator

import pytest

from core.storage.database import Database, open_database
from tests.databases import Databases, Dialect
from tests.scenarios.stage import Clock, Opening, Openings, Stage


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    """The language of the people of Crimson; their parties have their own."""
    return str(request.param)


@pytest.fixture
def opening(
    openings: Openings, databases: Databases, dialect: Dialect, language: str
) -> Iterator[Opening]:
    copied = openings.copy(dialect, language)
    yield copied
    databases.remove(copied.url)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(opening: Opening, clock: Clock) -> AsyncIterator[Database]:
    async with await open_database(opening.url, clock=clock) as opened:
        yield opened


@pytest.fixture
def stage(opening: Opening, database: Database, clock: Clock) -> Stage:
    return opening.stage(database, clock)
