"""What is PostgreSQL's own: real concurrency, and whole functions done again."""

import asyncio

import pytest
from core.storage.errors import DatabaseTooOld, OutcomeUnknown
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.util import await_only

from core.storage import postgresql
from core.storage.database import open_database
from core.storage.locks import lock_documents
from core.storage.models import Setting
from tests.storage.shop import clock, insert_document

setting = Setting.__table__

END_MYSELF = "SELECT pg_terminate_backend(pg_backend_pid())"

# At the end of a transaction that wrote a setting, before it is committed for good.
END_AT_COMMIT = """
CREATE FUNCTION end_at_commit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER end_at_commit AFTER INSERT ON setting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION end_at_commit()
"""


@pytest.fixture
def dialect():
    """These tests are about PostgreSQL only."""
    return "postgresql"


def put(connection, name):
    connection.execute(insert(setting).values(name=name, value=""))


def names(connection):
    return connection.scalars(select(setting.c.name)).all()


async def test_two_who_wait_for_each_other_both_succeed(database, shop):
    """A real deadlock: the server ends one of them, and his whole function runs again."""
    other = await database.write(insert_document, shop.party)
    meeting = asyncio.Barrier(2)
    attempts = []

    def story(connection, first, second):
        attempts.append(first)
        number = len(attempts)
        connection.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        put(connection, f"attempt {number}")
        lock_documents(connection, [first])
        if number <= 2:
            await_only(meeting.wait())
        lock_documents(connection, [second])
        return first

    done = await asyncio.gather(
        database.write(story, shop.draft, other), database.write(story, other, shop.draft)
    )
    assert done == [shop.draft, other]
    assert len(attempts) == 3
    # What the attempt that failed had written is not there.
    assert len(await database.read(names)) == 2


async def test_who_waits_too_long_for_a_lock_begins_again(database, shop):
    attempts = []
    locked, tried = asyncio.Event(), asyncio.Event()

    def holder(connection):
        lock_documents(connection, [shop.draft])
        locked.set()
        await_only(tried.wait())

    def waiter(connection):
        attempts.append(1)
        if len(attempts) == 2:
            tried.set()
        connection.execute(text("SET LOCAL lock_timeout = '20ms'"))
        lock_documents(connection, [shop.draft])
        return len(attempts)

    holding = asyncio.create_task(database.write(holder))
    await locked.wait()
    assert await database.write(waiter) >= 2
    await holding


async def test_a_failed_serialization_is_tried_again(database):
    attempts = []

    def story(connection):
        attempts.append(1)
        if len(attempts) < 3:
            connection.execute(
                text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$")
            )
        put(connection, "a")

    await database.write(story)
    assert (len(attempts), await database.read(names)) == (3, ["a"])


async def test_it_is_not_tried_for_ever(database):
    attempts = []

    def story(connection):
        attempts.append(1)
        connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$"))

    with pytest.raises(DBAPIError):
        await database.write(story)
    assert len(attempts) == postgresql.TRIES


async def test_a_refused_row_is_not_tried_again(database):
    attempts = []

    def story(connection):
        attempts.append(1)
        put(connection, "a")
        put(connection, "a")

    with pytest.raises(IntegrityError):
        await database.write(story)
    assert len(attempts) == 1


async def test_a_connection_lost_before_the_commit_is_replaced(database):
    attempts = []

    def story(connection):
        attempts.append(1)
        put(connection, f"attempt {len(attempts)}")
        if len(attempts) == 1:
            connection.execute(text(END_MYSELF))

    await database.write(story)
    assert await database.read(names) == ["attempt 2"]


async def test_a_connection_lost_in_a_read_is_replaced(database):
    attempts = []

    def story(connection):
        attempts.append(1)
        if len(attempts) == 1:
            connection.execute(text(END_MYSELF))
        return names(connection)

    assert await database.read(story) == []


async def test_a_connection_lost_in_the_commit_is_an_unknown_outcome(database):
    def plant(connection):
        for statement in END_AT_COMMIT.split(";\nCREATE C"):
            start = "" if statement.startswith("\nCREATE F") else "CREATE C"
            connection.exec_driver_sql(f"{start}{statement}")

    await database.write(plant)
    attempts = []

    def story(connection):
        attempts.append(1)
        put(connection, "a")

    with pytest.raises(OutcomeUnknown):
        await database.write(story)
    # Not tried again: it might have been done.
    assert len(attempts) == 1


async def test_an_error_in_the_commit_is_known(database):
    def plant(connection):
        connection.exec_driver_sql(
            "ALTER TABLE product_lock ALTER CONSTRAINT fk_product_lock_product_id"
            " DEFERRABLE INITIALLY DEFERRED"
        )

    await database.write(plant)
    with pytest.raises(IntegrityError):
        await database.write(
            lambda connection: connection.exec_driver_sql("INSERT INTO product_lock VALUES (77)")
        )


async def test_an_idle_connection_that_was_lost_is_replaced(database):
    await database.write(put, "a")

    def end_the_others(connection):
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )

    await asyncio.gather(*(database.read(names) for _ in range(4)))
    await database.write(end_the_others)
    assert await asyncio.gather(*(database.read(names) for _ in range(4))) == [["a"]] * 4
    await asyncio.gather(*(database.read(names) for _ in range(4)))
    await database.write(end_the_others)
    await asyncio.gather(*(database.write(put, str(number)) for number in range(4)))
    assert sorted(await database.read(names)) == ["0", "1", "2", "3", "a"]


async def test_transactions_are_set_up(database):
    def found(connection):
        asked = [
            "transaction_isolation", "transaction_read_only", "lock_timeout",
            "idle_in_transaction_session_timeout", "TimeZone", "application_name",
        ]  # fmt: skip
        return [connection.exec_driver_sql(f"SHOW {each}").scalar() for each in asked]

    same = ["5s", "30s", "UTC", "comptoir"]
    assert await database.write(found) == ["read committed", "off", *same]
    assert await database.read(found) == ["repeatable read", "on", *same]
    # A connection that has read writes again.
    assert await database.write(found) == ["read committed", "off", *same]


async def test_a_server_that_is_not_there_is_an_error(tmp_path):
    url = f"postgresql+asyncpg://postgres@/none?host={tmp_path}"
    with pytest.raises(OSError, match="No such file"):
        await open_database(url, clock=clock)


async def test_an_old_server_is_refused(database_url, monkeypatch):
    monkeypatch.setattr(postgresql, "OLDEST", (99,))
    with pytest.raises(DatabaseTooOld, match="PostgreSQL 99"):
        await open_database(database_url, clock=clock)


@pytest.mark.parametrize(
    ("error", "repeated"),
    [(ConnectionResetError(), True), (DBAPIError("", {}, Exception()), False)],
)
def test_what_is_worth_repeating(error, repeated):
    assert postgresql._is_worth_repeating(error) is repeated
