"""Crimson for the screens: what they show does not depend on the database, SQLite is quicker."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from core.storage.database import Database, open_database
from core.storage.schema import migrate
from tests.chat import Chat
from tests.databases import Databases
from tests.scenarios.stage import HIGH_END, LEA, OMAR, SAMSON, VENDOR, Clock, Stage, open_stage


def build(url: str) -> None:
    async def migrated() -> None:
        async with await open_database(url, clock=Clock()) as database:
            await database.write(migrate)

    asyncio.run(migrated())


@pytest.fixture
def screens_url(databases: Databases) -> Iterator[str]:
    url = databases.copy_of("sqlite", "screens", build=build)
    yield url
    databases.remove(url)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(screens_url: str, clock: Clock) -> AsyncIterator[Database]:
    async with await open_database(screens_url, clock=clock) as opened:
        yield opened


@pytest.fixture
async def stage(database: Database, clock: Clock) -> Stage:
    return await open_stage(database, clock)


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
