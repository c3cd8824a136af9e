"""Crimson for the screens: what they show does not depend on the database, SQLite is quicker."""

from collections.abc import AsyncIterator, Iterator

import pytest

from core.storage.database import Database, open_database
from tests.chat import Chat
from tests.databases import Databases
from tests.scenarios.stage import (
    HIGH_END,
    LEA,
    OMAR,
    SAMSON,
    VENDOR,
    Clock,
    Opening,
    Openings,
    Stage,
)


@pytest.fixture
def opening(openings: Openings, databases: Databases) -> Iterator[Opening]:
    copied = openings.copy("sqlite", "en")
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


@pytest.fixture
def samson(stage: Stage) -> Chat:
    return stage.chat(SAMSON)


@pytest.fixture
def lea(stage: Stage) -> Chat:
    return stage.chat(LEA)


@pytest.fixture
def omar(stage: Stage) -> Chat:
    return stage.chat(OMAR)


@pytest.fixture
def kim(stage: Stage) -> Chat:
    return stage.chat(HIGH_END)


@pytest.fixture
def wei(stage: Stage) -> Chat:
    return stage.chat(VENDOR)


@pytest.fixture
async def bought(samson: Chat) -> None:
    """200 laptops are ordered, none has come."""
    await samson.says("Shenzhen: 200 LAP-14")
    await samson.taps("Confirm")


@pytest.fixture
async def short(bought: None, omar: Chat) -> None:
    """Of the 200, 190 were accepted and 2 rejected; the receipt is on Omar's card."""
    await omar.says("PO-2026-0001")
    await omar.taps("Receive 200")
    await omar.taps("Laptop Pro 14")
    await omar.taps("200 accepted")
    await omar.says("190")
    await omar.taps("0 rejected")
    await omar.says("2")
    await omar.taps("Done")
    await omar.taps("Receive 192")
