"""The stage of the stories: Crimson on both databases, played in English and in French."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from core.storage.database import Database, open_database
from core.storage.schema import migrate
from tests.databases import Databases, Dialect
from tests.scenarios.stage import Clock, Stage, open_stage


def build(url: str) -> None:
    async def migrated() -> None:
        async with await open_database(url, clock=Clock()) as database:
            await database.write(migrate)

    asyncio.run(migrated())


@pytest.fixture
def story_url(databases: Databases, dialect: Dialect) -> Iterator[str]:
    url = databases.copy_of(dialect, "scenarios", build=build)
    yield url
    databases.remove(url)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(story_url: str, clock: Clock) -> AsyncIterator[Database]:
    async with await open_database(story_url, clock=clock) as opened:
        yield opened


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    """The language of the people of Crimson; their parties have their own."""
    return str(request.param)


@pytest.fixture
async def stage(database: Database, clock: Clock, language: str) -> Stage:
    return await open_stage(database, clock, language=language)
