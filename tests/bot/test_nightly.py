"""The copy of every night, and who hears of it when there is none."""

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.operate.backup_retention import name_of
from bot.operate.nightly_backup import Nightly, last_due
from bot.screens.settings import backup_notices
from core.storage.tables import company
from tests.people import SAMSON

PARIS = ZoneInfo("Europe/Paris")


class Maker:
    """Makes an empty file as a copy, or says what is wrong."""

    def __init__(self, folder, clock):
        self.folder = folder
        self.clock = clock
        self.problem = ""
        self.made = 0

    async def __call__(self):
        if not self.problem:
            self.made += 1
            (self.folder / name_of("books", self.clock())).touch()
        return self.problem


@pytest.fixture
def maker(tmp_path, clock):
    return Maker(tmp_path, clock)


@pytest.fixture
def nightly(stage, tmp_path, maker, clock, monkeypatch):
    monkeypatch.setattr("bot.operate.nightly_backup.stem_of", lambda url: "books")
    stage.app.context.registry.add(vars(backup_notices))
    return Nightly(stage.database, context=stage.app.context, folder=tmp_path, make=maker)


async def found_in_paris(database):
    row = {"id": 1, "name": "Crimson", "country": "FR", "currency": "EUR",
           "zone": "Europe/Paris", "language": "en"}  # fmt: skip
    await database.write(lambda connection: connection.execute(company.insert().values(**row)))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 1, tzinfo=UTC)),
        (datetime(2026, 11, 24, 0, 59, tzinfo=UTC), datetime(2026, 11, 23, 1, tzinfo=UTC)),
        (datetime(2026, 11, 24, 1, tzinfo=UTC), datetime(2026, 11, 24, 1, tzinfo=UTC)),
        # On the night when summer time begins there is no two o'clock.
        (datetime(2026, 3, 29, 9, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ],
)
def test_it_is_due_at_two_in_the_companys_zone(now, due):
    assert last_due(now, PARIS) == due


async def test_one_copy_is_made_in_a_night(stage, nightly, maker, clock):
    await found_in_paris(stage.database)
    assert await nightly.look()
    assert not await nightly.look()
    clock.passes(hours=15, minutes=59)
    assert not await nightly.look()
    clock.passes(minutes=1)
    assert await nightly.look()
    assert maker.made == 2


async def test_without_a_company_it_is_made_as_well(nightly, maker):
    assert await nightly.look()
    assert maker.made == 1


async def test_the_owner_hears_once_a_day_why_there_is_none(stage, lea, nightly, maker, clock):
    samson = stage.chat(SAMSON)
    others_heard = len(lea.messages)
    maker.problem = "there is no room"
    assert await nightly.look()
    await stage.settle()
    samson.sees("there is no room")
    heard = len(samson.messages)
    for minutes in (30, 29):
        clock.passes(minutes=minutes)
        assert not await nightly.look()
    for _ in range(18):
        clock.passes(hours=1)
        assert await nightly.look()
    await stage.settle()
    assert len(samson.messages) == heard
    clock.passes(hours=2)
    assert await nightly.look()
    await stage.settle()
    assert len(samson.messages) == heard + 1
    assert len(lea.messages) == others_heard
    maker.problem = ""
    clock.passes(hours=1)
    assert await nightly.look()
    await stage.settle()
    assert len(samson.messages) == heard + 2
    assert "there is no room" not in samson.text
    clock.passes(days=1)
    assert await nightly.look()
    await stage.settle()
    assert len(samson.messages) == heard + 2


async def test_a_database_that_is_away_is_waited_for(nightly, monkeypatch, caplog):
    async def away(*_arguments):
        raise OSError("away")

    pauses = []

    async def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 2:
            raise asyncio.CancelledError

    monkeypatch.setattr(nightly._database, "read", away)
    monkeypatch.setattr("bot.operate.nightly_backup.asyncio.sleep", pause)
    with pytest.raises(asyncio.CancelledError):
        await nightly.run()
    assert caplog.text.count("whether a copy is due cannot be seen: OSError") == 2
