"""The stage of the stories: Crimson on both databases, played in English and in French."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import pytest

from core.i18n import translator
from core.storage.database import Database, open_database
from tests.databases import Databases, Dialect
from tests.scenarios.stage import Clock, Opening, Openings, Stage

LANGUAGES: Mapping[Dialect, str] = {"sqlite": "en", "postgresql": "fr"}
"""Each story is played in both languages and on both databases, in two plays instead of four; the
day that must always work (`test_trading_day.py`) is played in all four."""


@pytest.fixture
def language(dialect: Dialect) -> str:
    """The language of the people of Crimson; their parties have their own."""
    return LANGUAGES[dialect]


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


Say = Callable[..., str]


@pytest.fixture
def say(language: str) -> Say:
    """A text as the people of Crimson read it, of its English source and its facts."""
    return translator(language).text


@pytest.fixture
def laptop(language: str) -> str:
    """What the laptop is called."""
    return {"en": "Laptop Pro 14", "fr": "Portable Pro 14"}[language]


def money(language: str, amount: str) -> str:
    """An amount as the language writes it, of one that is written as in English."""
    if language == "en":
        return amount
    return amount.replace(",", "\u202f").replace(".", ",")
