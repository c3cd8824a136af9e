"""What is SQLite's own: its thread, its file, its one writer."""

import asyncio
import inspect
import shutil
import sqlite3
import subprocess
import sys
import threading
from importlib.metadata import version
from pathlib import Path

import aiosqlite
import pytest
from core.storage.errors import DatabaseInUse, DatabaseTooOld
from sqlalchemy import insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from core.storage import sqlite
from core.storage.database import open_database
from core.storage.models import Setting
from tests.storage.shop import clock

setting = Setting.__table__

HOLD_OPEN = """
import asyncio, datetime, sys
from core.storage.database import open_database

async def main():
    async with await open_database(sys.argv[1], clock=lambda: datetime.datetime.now()):
        print("open", flush=True)
        sys.stdin.read()

asyncio.run(main())
"""


@pytest.fixture
def dialect():
    """These tests are about SQLite only."""
    return "sqlite"


@pytest.fixture
def path(migrated_url):
    return Path(make_url(migrated_url).database)


@pytest.fixture
def log_size(path):
    """How many bytes the log has, None when there is none."""
    log = Path(f"{path}-wal")
    return lambda: log.stat().st_size if log.exists() else None


def put(connection, name):
    connection.execute(insert(setting).values(name=name, value=""))


def left_running(before):
    """The threads that were not there before, and do not end."""
    new = [thread for thread in threading.enumerate() if thread not in before]
    for thread in new:
        thread.join(timeout=5)
    return [thread for thread in new if thread.is_alive()]


def names(connection):
    return connection.scalars(select(setting.c.name)).all()


def pragma(connection, name):
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


async def test_the_private_calls_of_aiosqlite_are_what_the_adapter_needs(tmp_path):
    """When this fails, read `core.storage.sqlite.OwnThread` beside the new aiosqlite."""
    assert version("aiosqlite") == "0.22.1"
    connection = await aiosqlite.connect(tmp_path / "pinned.db", isolation_level=None)
    assert inspect.iscoroutinefunction(connection._execute)
    assert isinstance(connection._conn, sqlite3.Connection)
    assert await connection._execute(lambda first, second: first + second, 1, second=2) == 3
    here, there = threading.get_ident(), await connection._execute(threading.get_ident)
    assert here != there == await connection._execute(threading.get_ident)
    with pytest.raises(ZeroDivisionError):
        await connection._execute(lambda: 1 / 0)
    # One after the other, in the order of the calls.
    order = []
    await asyncio.gather(*(connection._execute(order.append, number) for number in range(9)))
    assert order == list(range(9))
    await connection.close()
    with pytest.raises(ValueError, match="closed"):
        await connection._execute(threading.get_ident)


async def test_a_transaction_runs_whole_on_the_writers_thread(database):
    def story(connection):
        first = threading.get_ident()
        put(connection, "a")
        return first, threading.get_ident()

    first, second = await database.write(story)
    assert first == second != threading.get_ident()
    assert first != await database.read(lambda connection: threading.get_ident())


async def test_writes_come_in_the_order_in_which_they_were_asked_for(database):
    order = []

    def story(connection, number):
        order.append(number)
        put(connection, str(number))

    await asyncio.gather(*(database.write(story, number) for number in range(30)))
    assert order == list(range(30))


async def test_a_reader_does_not_wait_for_another(database):
    """A long report holds up neither a search nor a write."""
    reading, done = threading.Event(), threading.Event()

    def report(connection):
        names(connection)
        reading.set()
        return done.wait(timeout=20)

    long = asyncio.create_task(database.read(report))
    await asyncio.to_thread(reading.wait)
    await database.write(put, "a")
    assert await database.read(names) == ["a"]
    done.set()
    assert await long


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("busy_timeout", 10_000),
        ("query_only", 0),
        ("wal_autocheckpoint", 1000),
    ],
)
async def test_the_writer_is_set_up(database, name, value):
    assert await database.write(pragma, name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [("query_only", 1), ("wal_autocheckpoint", 0), ("foreign_keys", 1), ("trusted_schema", 0)],
)
async def test_the_readers_are_set_up(database, name, value):
    assert await database.read(pragma, name) == value


async def test_a_write_has_the_lock_from_its_beginning(database, path):
    """BEGIN IMMEDIATE: it can never fail in the middle because another wrote meanwhile."""

    def story(connection):
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return str(error)
        finally:
            other.close()

    assert await database.write(story) == "database is locked"


async def test_a_file_has_one_writing_opener(database, migrated_url, path):
    with pytest.raises(DatabaseInUse) as caught:
        await open_database(migrated_url, clock=clock)
    assert caught.value.where == path.resolve()
    assert str(path.name) in str(caught.value)
    link = path.with_name("link.db")
    link.symlink_to(path)
    with pytest.raises(DatabaseInUse):
        await open_database(f"sqlite+aiosqlite:///{link}", clock=clock)


async def test_the_lock_is_given_back(migrated_url):
    for _ in range(2):
        async with await open_database(migrated_url, clock=clock):
            pass


async def test_another_process_is_kept_out_until_the_first_dies(migrated_url):
    pipe = subprocess.PIPE
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD_OPEN, migrated_url, stdin=pipe, stdout=pipe
    )
    try:
        assert await other.stdout.readline() == b"open\n"
        with pytest.raises(DatabaseInUse):
            await open_database(migrated_url, clock=clock)
        async with await open_database(migrated_url, clock=clock, read_only=True) as looking:
            assert await looking.read(names) == []
    finally:
        other.kill()
        await other.communicate()
    async with await open_database(migrated_url, clock=clock) as database:
        await database.write(put, "a")


async def test_looking_at_a_file_whose_writer_crashed(database, path, tmp_path):
    """The log is there and the writer is not; what was committed is seen."""
    await database.write(put, "a")
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{path}{suffix}", tmp_path / f"crashed.db{suffix}")
    url = f"sqlite+aiosqlite:///{tmp_path}/crashed.db"
    async with await open_database(url, clock=clock, read_only=True) as looking:
        assert await looking.read(names) == ["a"]
    async with await open_database(url, clock=clock) as again:
        assert await again.read(names) == ["a"]


async def test_closing_empties_the_log(migrated_url, log_size):
    async with await open_database(migrated_url, clock=clock) as database:
        await database.write(put, "a")
        assert log_size()
    assert log_size() is None


async def test_looking_does_not_make_a_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        await open_database(f"sqlite+aiosqlite:///{tmp_path}/none.db", clock=clock, read_only=True)
    assert list(tmp_path.iterdir()) == []


async def test_a_file_without_a_log_is_refused(tmp_path):
    sqlite3.connect(tmp_path / "old.db").execute("CREATE TABLE a (b)").connection.close()
    with pytest.raises(sqlite3.OperationalError, match="journal mode delete"):
        await open_database(f"sqlite+aiosqlite:///{tmp_path}/old.db", clock=clock, read_only=True)


async def test_what_cannot_be_opened_is_not_left_locked(tmp_path):
    (tmp_path / "letter.db").write_text("Dear customer, " * 1000)
    for _ in range(2):
        with pytest.raises(sqlite3.DatabaseError, match="not a database"):
            await open_database(f"sqlite+aiosqlite:///{tmp_path}/letter.db", clock=clock)
    with pytest.raises(FileNotFoundError):
        await open_database(f"sqlite+aiosqlite:///{tmp_path}/none/shop.db", clock=clock)


async def test_a_reader_that_cannot_be_opened_takes_the_writer_along(migrated_url, monkeypatch):
    before = set(threading.enumerate())
    monkeypatch.setitem(sqlite.READER, "no setting", "at all")
    with pytest.raises(sqlite3.OperationalError, match="syntax"):
        await open_database(migrated_url, clock=clock)
    assert left_running(before) == []
    monkeypatch.undo()
    async with await open_database(migrated_url, clock=clock) as database:
        await database.write(put, "a")


async def test_an_old_sqlite_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "OLDEST", (99, 1, 0))
    with pytest.raises(DatabaseTooOld, match=r"99\.1\.0"):
        await open_database(f"sqlite+aiosqlite:///{tmp_path}/shop.db", clock=clock)
    assert list(tmp_path.iterdir()) == []


async def test_the_end_refuses_the_next_statement_of_who_is_thinking(migrated_url):
    """Nothing runs that could be interrupted, and nothing of it stays all the same."""
    begun, ended = threading.Event(), threading.Event()

    def thoughtful(connection):
        put(connection, "a")
        begun.set()
        ended.wait(20)
        put(connection, "b")

    database = await open_database(migrated_url, clock=clock)
    writing = asyncio.create_task(database.write(thoughtful))
    writing.add_done_callback(lambda _: ended.set())
    assert await asyncio.to_thread(begun.wait, 20)
    await asyncio.wait_for(database.close(seconds=0), 20)
    await asyncio.gather(writing, return_exceptions=True)
    async with await open_database(migrated_url, clock=clock) as database:
        assert await database.read(names) == []


async def test_a_transaction_that_sqlite_ended_by_itself_is_an_error(database):
    """Some errors end the whole transaction: a savepoint in it cannot be gone back to."""

    def story(connection):
        put(connection, "a")
        connection.exec_driver_sql("ROLLBACK")
        with connection.begin_nested():
            put(connection, "a")
            put(connection, "a")

    with pytest.raises(DatabaseError):
        await database.write(story)
    assert await database.read(names) == []
    await database.write(put, "b")


async def test_whoever_gives_up_opening_leaves_nothing_open(migrated_url):
    """However far it came, its threads end and the file is free."""
    before = set(threading.enumerate())
    for steps in range(0, 1200, 25):
        opening = asyncio.create_task(open_database(migrated_url, clock=clock))
        for _ in range(steps):
            await asyncio.sleep(0)
        opening.cancel()
        done = await asyncio.gather(opening, return_exceptions=True)
        if not isinstance(done[0], BaseException):
            await done[0].close()
        async with await open_database(migrated_url, clock=clock) as database:
            await database.write(put, str(steps))
    assert left_running(before) == []
