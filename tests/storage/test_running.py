"""One program at a time runs on a database."""

import re

import pytest
from core.storage.errors import DatabaseInUse
from core.storage.instance_lock import RUNNING, RunningLock, running_alone
from sqlalchemy import text
from sqlalchemy.engine import make_url

from core.storage.database import open_database
from tests.storage.shop import clock

HOLDERS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND granted"


@pytest.fixture
def url(databases):
    made = databases.empty("postgresql")
    yield made
    databases.remove(made)


async def cut(url):
    """The server ends the connection of whoever holds the lock, as a restart of it does."""

    def end(connection):
        for pid in connection.scalars(text(HOLDERS), {"key": RUNNING}).all():
            connection.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    async with await open_database(url, clock=clock) as database:
        await database.write(end)


async def test_a_second_program_is_told_since_when_another_runs(url):
    async with running_alone(url) as lock:
        await lock.look()
        with pytest.raises(DatabaseInUse) as refused:
            async with running_alone(url):
                pass
        told = str(refused.value)
        assert re.search(r"another program runs on postgresql.*, since \d{4}-\d\d-\d\d", told)
        assert make_url(url).password is None or make_url(url).password not in told
        # Reading and writing need no such right: an invitation is made beside the bot.
        async with await open_database(url, clock=clock) as database:
            assert await database.read(lambda connection: connection.scalar(text("SELECT 1"))) == 1
    async with running_alone(url):
        pass


async def test_another_user_of_the_server_is_told_less(url):
    async with await open_database(url, clock=clock) as database:
        await database.write(
            lambda connection: connection.execute(text("CREATE ROLE guest LOGIN"))
        )
        async with running_alone(url):
            guest = make_url(url).set(username="guest")
            with pytest.raises(DatabaseInUse, match=r"^another program runs on postgresql\S+$"):
                await RunningLock(guest).take()
        await database.write(lambda each: each.execute(text("DROP ROLE guest")))


async def test_two_databases_of_one_server_do_not_disturb_each_other(url, databases):
    other = databases.empty("postgresql")
    async with running_alone(url), running_alone(other):
        pass
    databases.remove(other)


async def test_a_lock_whose_connection_was_lost_is_taken_again(url):
    async with running_alone(url) as lock:
        await cut(url)
        await lock.look()
        with pytest.raises(DatabaseInUse):
            await RunningLock(make_url(url)).take()


async def test_who_was_slower_to_take_it_again_has_to_end(url):
    async with running_alone(url) as lock:
        await cut(url)
        async with running_alone(url):
            with pytest.raises(DatabaseInUse):
                await lock.look()


async def test_a_server_that_is_away_is_waited_for(url):
    lock = RunningLock(make_url(url))
    await lock.take()
    lock._url = make_url("postgresql+asyncpg://nobody@/nothing?host=/nowhere")
    await cut(url)
    await lock.look()
    lock._url = make_url(url)
    await lock.look()
    with pytest.raises(DatabaseInUse):
        await RunningLock(make_url(url)).take()
    await lock.release()
    await lock.release()


async def test_on_sqlite_the_file_is_locked_already(databases):
    url = databases.empty("sqlite")
    async with running_alone(url) as lock:
        assert lock is None


async def test_a_lock_that_was_lost_is_given_back_in_silence(url):
    async with running_alone(url):
        await cut(url)
    async with running_alone(url):
        pass
