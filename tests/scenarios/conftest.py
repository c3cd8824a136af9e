"""The stage of the stories: Crimson on both databases, played in English and in French."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import pytest

from core.services.audit import audit
from core.storage.database import Database, open_database
from tests.clock import Clock
from tests.databases import Databases, Dialect
from tests.people import KIM, LEA, OMAR, PAUL, SAMSON, WEI, Person
from tests.scenarios.stage import Opening, Openings, Stage

LANGUAGES: Mapping[Dialect, str] = {"sqlite": "en", "postgresql": "fr"}
"""Each story is played in both languages and on both databases, in two plays instead of four; the
day that must always work (`test_trading_day.py`) is played in all four."""


@pytest.fixture
def language(dialect: Dialect) -> str:
    """The language of the people of Crimson; their parties have their own."""
    return LANGUAGES[dialect]


@pytest.fixture
def provider_token() -> str:
    """Of the company's payment provider; it has none, unless a story gives it one."""
    return ""


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
async def stage(
    opening: Opening, database: Database, clock: Clock, provider_token: str
) -> AsyncIterator[Stage]:
    """Crimson with everybody there; when the story is over, its books are looked through."""
    stage = opening.stage(database, clock, provider_token=provider_token)
    yield stage
    assert await stage.asks(audit) == []


@pytest.fixture
def samson(stage: Stage) -> Person:
    return stage.chat(SAMSON)


@pytest.fixture
def lea(stage: Stage) -> Person:
    return stage.chat(LEA)


@pytest.fixture
def omar(stage: Stage) -> Person:
    return stage.chat(OMAR)


@pytest.fixture
def kim(stage: Stage) -> Person:
    return stage.chat(KIM)


@pytest.fixture
def paul(stage: Stage) -> Person:
    return stage.chat(PAUL)


@pytest.fixture
def wei(stage: Stage) -> Person:
    return stage.chat(WEI)


Say = Callable[..., str]
