"""How the bot is: every sign of trouble is told, and nothing else."""

import json
import shutil
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
from bot.base.bot_state import write_setting
from bot.operate import health as health_module
from bot.operate.backup_retention import name_of
from bot.operate.health import LEAST_ROOM, PULSE, Vitals, health, health_of_places
from core.storage.chat_tables import inbox, outbox


@pytest.fixture
def vitals(clock):
    return Vitals(clock, polls=True)


def answered(moment):
    return httpx.Response(200, headers={"date": format_datetime(moment)} if moment else {})


async def found(database, clock):
    return await database.read(health, clock())


async def test_a_bot_that_works_is_well(database, clock, vitals):
    await vitals.heard(answered(clock()))
    await database.write(vitals.beat)
    told = await found(database, clock)
    assert told.problems == []
    assert told.answer()["ok"] is True
    assert told.facts["at_work"] == told.facts["telegram"] == "2026-11-24T09:00:00+00:00"
    assert told.facts["skew_seconds"] == 0


async def test_a_database_without_a_bot_is_told(database, clock):
    assert (await found(database, clock)).problems == ["the bot has not run on this database yet"]


async def test_a_bot_that_has_died_is_told(database, clock, vitals):
    await database.write(vitals.beat)
    clock.passes(minutes=4)
    (problem,) = (await found(database, clock)).problems
    assert problem == "the bot is not at work: its last sign is of 2026-11-24T09:00:00+00:00"


@pytest.mark.parametrize("polls", [True, False])
async def test_only_a_bot_that_polls_hears_telegram_all_the_time(database, clock, polls):
    vitals = Vitals(clock, polls=polls)
    await vitals.heard(answered(clock()))
    clock.passes(minutes=5)
    await database.write(vitals.beat)
    problems = (await found(database, clock)).problems
    assert bool(problems) is polls
    assert all(each.startswith("Telegram does not answer since") for each in problems)


@pytest.mark.parametrize(("seconds", "side"), [(90, "behind"), (-90, "ahead of")])
async def test_a_wrong_clock_is_told(database, clock, vitals, seconds, side):
    await vitals.heard(answered(clock() + timedelta(seconds=seconds)))
    await database.write(vitals.beat)
    (problem,) = (await found(database, clock)).problems
    assert problem.startswith(f"the clock of this machine is 90 seconds {side} Telegram's")


async def test_a_second_bot_with_the_same_token_is_told(database, clock, vitals):
    await vitals.heard(httpx.Response(409))
    await database.write(vitals.beat)
    (problem,) = (await found(database, clock)).problems
    assert problem.startswith("another program asks Telegram for this bot's news")
    clock.passes(minutes=3, seconds=1)
    await vitals.heard(answered(clock()))
    await database.write(vitals.beat)
    assert (await found(database, clock)).problems == []


async def test_a_server_that_tells_no_time_is_believed(database, clock, vitals):
    await vitals.heard(answered(None))
    await vitals.heard(httpx.Response(200, headers={"date": "yesterday"}))
    await database.write(vitals.beat)
    assert (await found(database, clock)).problems == []


async def test_a_clock_that_went_back_is_seen_by_what_has_come(database, clock, vitals):
    def came(connection):
        row = {"update_id": 1, "received_day": "d", "chat_id": 1, "raw": "{}", "state": "done",
               "received_at": clock() + timedelta(hours=1)}  # fmt: skip
        connection.execute(inbox.insert().values(**row))
        vitals.beat(connection)

    await database.write(came)
    told = await found(database, clock)
    assert told.problems[0].startswith("the clock of this machine went back")
    assert told.facts["last_update"] == "2026-11-24T10:00:00+00:00"


async def test_what_waits_too_long_is_told(database, clock, vitals):
    def waits(connection):
        update = {"update_id": 1, "received_day": "d", "chat_id": 1, "raw": "{}", "state": "new",
                  "received_at": clock()}  # fmt: skip
        connection.execute(inbox.insert().values(**update))
        message = {"chat_id": 1, "form": "notice", "payload": "{}", "queued_at": clock()}
        connection.execute(outbox.insert().values(**message))
        connection.execute(outbox.insert().values(**message, state="dead"))

    await database.write(waits)
    await database.write(vitals.beat)
    assert (await found(database, clock)).problems == []
    clock.passes(minutes=2, seconds=1)
    told = await found(database, clock)
    assert [each.split(" since")[0] for each in told.problems] == [
        "a message waits for its answer",
        "an answer waits to be sent",
    ]
    assert told.facts["inbox"] == {"new": 1, "unreadable": 0, "failed": 0}
    assert told.facts["outbox"] == {"queued": 1, "unsure": 0, "dead": 1}


async def test_the_pulse_holds_no_secret(database, clock, vitals):
    await database.write(vitals.beat)
    await database.write(write_setting, PULSE, json.dumps({"at": clock().isoformat(), "polls": 0}))
    assert (await found(database, clock)).problems == []


# --- Disks --------------------------------------------------------------------------------


def places(tmp_path, clock, folder=None):
    return health_of_places(f"sqlite+aiosqlite:///{tmp_path}/shop.db", folder, now=clock())


def test_the_room_of_the_disks_is_told(tmp_path, clock, monkeypatch):
    assert places(tmp_path, clock).problems == []
    assert places(tmp_path, clock).facts["room_for_database"] > 0
    few = shutil._ntuple_diskusage(10, 5, LEAST_ROOM - 1)
    monkeypatch.setattr(health_module.shutil, "disk_usage", lambda folder: few)
    (problem,) = places(tmp_path, clock).problems
    assert problem == "the disk of the database is nearly full: 199,999,999 bytes left"
    url = "postgresql+asyncpg://user:secret@host/books"
    assert health_of_places(url, None, now=clock()).problems == []


def test_the_age_of_the_newest_copy_is_told(tmp_path, clock):
    folder = tmp_path / "copies"
    assert places(tmp_path, clock, folder).problems == ["the folder of the copies is gone"]
    folder.mkdir()
    assert places(tmp_path, clock, folder).problems == ["no copy has been made yet"]
    (folder / name_of("shop", clock())).touch()
    clock.passes(hours=25)
    assert places(tmp_path, clock, folder).problems == []
    assert places(tmp_path, clock, folder).facts["last_copy"] == "2026-11-24T09:00:00+00:00"
    clock.passes(hours=2)
    (problem,) = places(tmp_path, clock, folder).problems
    assert problem == "the newest copy is of 2026-11-24T09:00:00+00:00"
