"""Transactions around plain functions, on both databases."""

import asyncio
import logging
import random

import pytest
from core.storage.errors import DatabaseReadOnly
from sqlalchemy import event, func, insert, literal, select, text
from sqlalchemy.engine.interfaces import CacheStats
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.util import await_only

from core.storage.database import open_database, savepoint
from core.storage.models import Setting
from tests.storage.shop import buy_the_last, clock, hold, insert_person, levels, receive

setting = Setting.__table__

LONG_WORK = """
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 200000)
    SELECT max(n) FROM number
    """


class Refused(Exception):
    """Stands for what a service raises."""


def put(connection, *names):
    """A row for each name."""
    for name in names:
        connection.execute(insert(setting).values(name=name, value=""))


def refuse(connection):
    """A service that does something, and then refuses."""
    put(connection, "service")
    raise Refused


def names(connection):
    return connection.scalars(select(setting.c.name).order_by(setting.c.name)).all()


async def test_a_write_is_committed_and_gives_its_result(database):
    def story(connection, first, *, second):
        put(connection, first, second)
        return first + second

    assert await database.write(story, "a", second="b") == "ab"
    assert await database.read(names) == ["a", "b"]


async def test_a_statement_is_compiled_once_for_a_process(database_url):
    statement = select(literal(7).label("compiled_once"))
    told = []

    def ask(connection):
        event.listen(connection, "before_cursor_execute", hear)
        connection.execute(statement)

    def hear(_connection, _cursor, _statement, _parameters, context, _many):
        told.append(context.cache_hit)

    for _ in range(2):
        async with await open_database(database_url, clock=clock) as database:
            await database.write(ask)
            await database.read(ask)
    assert told[1:] == [CacheStats.CACHE_HIT] * 3


@pytest.mark.parametrize("error", [Refused, asyncio.CancelledError, KeyError])
async def test_what_raises_leaves_nothing(database, error):
    def story(connection):
        put(connection, "a")
        raise error

    with pytest.raises(error):
        await database.write(story)
    assert await database.read(names) == []
    await database.write(put, "b")
    assert await database.read(names) == ["b"]


async def test_a_refused_service_is_undone_and_its_answer_is_kept(database):
    def turn(connection):
        put(connection, "inbox")
        with pytest.raises(Refused), savepoint(connection):
            refuse(connection)
        put(connection, "outbox")

    await database.write(turn)
    assert await database.read(names) == ["inbox", "outbox"]


async def test_an_error_of_the_database_is_undone_to_the_savepoint_too(database):
    def turn(connection):
        put(connection, "inbox")
        with pytest.raises(IntegrityError), savepoint(connection):
            put(connection, "service", "inbox")
        put(connection, "outbox")

    await database.write(turn)
    assert await database.read(names) == ["inbox", "outbox"]


async def test_a_savepoint_that_ends_well_is_kept(database):
    def turn(connection):
        with savepoint(connection):
            put(connection, "service")

    await database.write(turn)
    assert await database.read(names) == ["service"]


async def test_tables_made_in_a_refused_transaction_are_not_there(database):
    def story(connection):
        connection.exec_driver_sql("CREATE TABLE made (number INTEGER)")
        raise Refused

    with pytest.raises(Refused):
        await database.write(story)
    with pytest.raises(DBAPIError):
        await database.read(lambda connection: connection.exec_driver_sql("SELECT * FROM made"))


async def test_a_read_cannot_write(database):
    with pytest.raises(DBAPIError):
        await database.read(put, "a")
    assert await database.read(names) == []
    await database.write(put, "b")


async def test_a_read_sees_one_state(database):
    """What is written between two statements of a read is not seen by the second."""
    loop = asyncio.get_running_loop()
    await database.write(put, "a")
    counted = select(func.count()).select_from(setting)

    def story(connection):
        first = connection.execute(counted).scalar_one()
        written = asyncio.run_coroutine_threadsafe(database.write(put, f"b{first}"), loop)
        _wait(connection, written)
        return first, connection.execute(counted).scalar_one()

    assert await database.read(story) == (1, 1)
    assert await database.read(names) == ["a", "b1"]


def _wait(connection, future):
    """Wait inside a function that runs on a thread (SQLite) or on the loop (PostgreSQL)."""
    if connection.dialect.name == "sqlite":
        return future.result()
    return await_only(asyncio.wrap_future(future))


async def test_a_database_opened_for_reading_does_not_write(database, migrated_url):
    await database.write(put, "a")
    async with await open_database(migrated_url, clock=clock, read_only=True) as looking:
        assert await looking.read(names) == ["a"]
        with pytest.raises(DatabaseReadOnly):
            await looking.write(put, "b")


async def test_statements_are_counted(database):
    with database.count_statements() as statements:
        await database.write(put, "a", "b")
        await database.read(names)
    await database.read(names)
    assert statements.count == 3
    assert [text.split()[0] for text in statements.texts] == ["INSERT", "INSERT", "SELECT"]


async def test_rows_of_one_statement_count_once(database):
    def story(connection):
        connection.execute(
            insert(setting), [{"name": f"{number}", "value": ""} for number in range(200)]
        )

    with database.count_statements() as statements:
        await database.write(story)
    assert statements.count == 1


async def test_a_database_says_what_it_is(database, dialect):
    found = database.describe()
    assert found["version"].lower().startswith(dialect)
    assert found["url"].startswith(dialect)
    assert database.clock is clock


async def test_the_password_is_not_told():
    url = "postgresql+asyncpg://u:secret@127.0.0.1:1/d"
    with pytest.raises(OSError, match="127"):
        await open_database(url, clock=clock)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///shop.db",
        "postgresql://localhost/shop",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "sqlite+aiosqlite:///shop.db?mode=memory",
    ],
)
async def test_other_databases_are_refused(url):
    with pytest.raises(ValueError, match=r"SQLite needs|use sqlite"):
        await open_database(url, clock=clock)


async def test_the_last_piece_is_sold_once(database, shop):
    await database.write(receive, shop, 1)
    sold = await asyncio.gather(*(database.write(buy_the_last, shop) for _ in range(12)))
    assert sorted(sold) == [False] * 11 + [True]
    assert await database.read(levels, shop) == [(shop.warehouse, 1, 1, 0)]


async def test_who_forgets_the_lock_cannot_sell_twice_either(database, shop):
    await database.write(receive, shop, 5)
    done = await asyncio.gather(
        *(database.write(hold, shop, 1) for _ in range(12)), return_exceptions=True
    )
    held = [each for each in done if isinstance(each, int)]
    assert all(isinstance(each, IntegrityError) for each in done if each not in held)
    assert 1 <= len(held) <= 5
    assert await database.read(levels, shop) == [(shop.warehouse, 5, len(held), 0)]


async def test_a_cancelled_write_is_whole(database):
    """Whenever its caller is cancelled, a write is there as a whole, and nobody waits for it."""
    chance = random.Random(20261124)
    for number in range(60):
        task = asyncio.create_task(database.write(put, f"{number} first", f"{number} second"))
        for _ in range(chance.randrange(12)):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    await database.write(put, "last")
    assert not await pending(database)
    found = await database.read(names)
    both = [f"{number} {half}" for number in range(60) for half in ("first", "second")]
    # A task that was cancelled before its first step has begun nothing.
    begun = [name for name in both if name in found]
    assert [*found] == sorted([*begun, "last"])
    assert {name.split()[0] for name in begun if "first" in name} == {
        name.split()[0] for name in begun if "second" in name
    }
    assert len(begun) > 60


async def pending(database):
    """What still runs, after it had the time to end."""
    await asyncio.gather(*database._running, return_exceptions=True)
    return {task for task in database._running if not task.done()}


async def test_a_failure_after_a_cancellation_is_logged(database, caplog):
    def story(connection):
        put(connection, "a")
        raise Refused

    task = asyncio.create_task(database.write(story))
    await asyncio.sleep(0)
    task.cancel()
    with caplog.at_level(logging.WARNING), pytest.raises(asyncio.CancelledError):
        await task
    await pending(database)
    await asyncio.sleep(0)
    assert [record.exc_info[0] for record in caplog.records] == [Refused]


async def test_closing_waits_for_what_runs(migrated_url):
    database = await open_database(migrated_url, clock=clock)
    task = asyncio.create_task(database.write(put, "a"))
    await asyncio.sleep(0)
    await database.close()
    await task
    async with await open_database(migrated_url, clock=clock) as again:
        assert await again.read(names) == ["a"]


async def test_an_observer_can_make_a_statement_fail(database):
    def observe(text):
        raise Refused

    with database.watch_statements(observe), pytest.raises(Refused):
        await database.write(put, "a")
    assert await database.read(names) == []


async def test_the_end_does_not_wait_for_a_long_transaction(migrated_url):
    """It is interrupted, and nothing of it stays; a short one is waited for."""
    begun, told = asyncio.Event(), asyncio.get_running_loop()

    def long(connection):
        insert_person(connection, 1)
        while True:
            told.call_soon_threadsafe(begun.set)
            connection.scalar(text(LONG_WORK))

    database = await open_database(migrated_url, clock=clock)
    writing = asyncio.create_task(database.write(long))
    await asyncio.wait_for(begun.wait(), 20)
    await asyncio.wait_for(database.close(seconds=0), 20)
    with pytest.raises((DBAPIError, asyncio.CancelledError)):
        await writing
    database = await open_database(migrated_url, clock=clock)
    short = asyncio.create_task(database.write(insert_person, 2))
    await asyncio.sleep(0)
    await database.close(seconds=20)
    assert await short
    async with await open_database(migrated_url, clock=clock) as database:
        ids = await database.read(
            lambda c: c.scalars(text("SELECT telegram_id FROM person")).all()
        )
    assert ids == [2]
