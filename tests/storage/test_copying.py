"""A copy is the whole database, of one state, and can go back into either database."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from core.storage.backup_copies import (
    NotEmpty,
    copy_file,
    copy_in,
    copy_out,
    give_ids_after,
    ids_given,
    rows_of,
)
from sqlalchemy import text
from sqlalchemy.engine import make_url

from core.storage.columns import Base
from core.storage.database import open_database
from core.storage.schema import is_current, migrate, schema_text
from tests.storage.conftest import build
from tests.storage.shop import clock, hold, insert_document, insert_person, receive
from tests.storage.test_tamper import everything, fill, goes_through, statements


def url_of(path):
    return f"sqlite+aiosqlite:///{path}"


async def copied(database, target):
    """A copy of an open database, made in the way of its kind."""
    if database.url.startswith("sqlite"):
        copy_file(path_of(database), target)
    else:
        await database.read(copy_out, target)


def path_of(database):
    return Path(make_url(database.url).database)


async def test_a_copy_has_every_row_and_the_same_schema(database, shop, databases, tmp_path):
    await database.write(fill, shop)
    before = await database.read(everything)
    assert sum(map(len, before.values())) > 40
    await copied(database, tmp_path / "copy.db")
    empty = databases.empty("sqlite")
    async with (
        await open_database(url_of(tmp_path / "copy.db"), clock=clock) as copy,
        await open_database(empty, clock=clock) as fresh,
    ):
        await fresh.write(migrate)
        assert await copy.read(everything) == before
        assert await copy.read(schema_text) == await fresh.read(schema_text)
        assert await copy.read(is_current)
        assert await copy.read(ids_given) == await database.read(ids_given)
        # The triggers are there and at work.
        await copy.write(hold, shop, 1)
    databases.remove(empty)


async def test_a_copy_goes_into_an_empty_postgresql(database, shop, databases, tmp_path):
    await database.write(fill, shop)
    await database.write(lambda c: c.execute(text("DELETE FROM setting")))
    before, ids = await database.read(everything), await database.read(ids_given)
    await copied(database, tmp_path / "copy.db")
    empty = databases.empty("postgresql")
    fresh = databases.empty("postgresql")
    async with (
        await open_database(empty, clock=clock) as target,
        await open_database(fresh, clock=clock) as migrated,
    ):
        await migrated.write(migrate)
        await target.write(lambda connection: copy_in(tmp_path / "copy.db", connection))
        assert await target.read(everything) == before
        assert await target.read(schema_text) == await migrated.read(schema_text)
        assert await target.read(is_current)
        assert await target.read(ids_given) == ids
        following = await target.write(insert_person, 99)
        assert following == ids["person"] + 1
        # Keys, indexes and triggers came after the rows: they refuse what they must.
        assert await target.write(let_through) == []
        with pytest.raises(NotEmpty):
            await target.write(lambda connection: copy_in(tmp_path / "copy.db", connection))
    for url in (empty, fresh):
        databases.remove(url)


def let_through(connection):
    """Hostile statements that are not refused."""
    hostile = statements("hostile.sql") + statements("hostile_postgresql.sql")
    return [each for each in hostile if goes_through(connection, each)]


async def test_rows_are_copied_many_at_once(database, shop):
    """Once each row was a COPY of its own, and a restore took minutes instead of seconds."""

    def sizes(connection):
        parts = list(rows_of(connection, Base.metadata.tables["person"], at_once=3))
        found = [row.id for part in parts for row in part]
        everybody = text("SELECT id FROM person ORDER BY id")
        assert found == connection.scalars(everybody).all()
        return [len(part) for part in parts]

    present = await database.read(lambda c: c.scalar(text("SELECT count(*) FROM person")))
    for number in range(100, 107 - present):
        await database.write(insert_person, number)
    assert await database.read(sizes) == [3, 3, 1]


async def test_ids_that_were_given_are_not_given_again(database, shop):
    def gone(connection):
        document = insert_document(connection, shop.party)
        connection.execute(text("DELETE FROM document WHERE id = :id"), {"id": document})
        assert ids_given(connection)["document"] == document
        give_ids_after(connection, {"document": document + 100, "person": 0, "search_change": 7})
        return document, insert_document(connection, shop.party)

    gone_id, following = await database.write(gone)
    assert following == gone_id + 101


async def test_a_database_that_is_not_migrated_is_not_current(databases, dialect):
    url = databases.empty(dialect)
    async with await open_database(url, clock=clock) as empty:
        assert not await empty.read(is_current)
    databases.remove(url)


async def test_copies_under_writes_are_whole(database, shop, dialect, tmp_path):
    """Moves and claims are written without a pause; in every copy they agree with the levels."""
    ended = asyncio.Event()
    # These rows are written bare, without the lock of their level that the services take.
    level_lock = asyncio.Lock()

    async def trade():
        while not ended.is_set():
            async with level_lock:
                await database.write(receive, shop, 2, 20)
                await database.write(hold, shop, 1)

    trading = asyncio.create_task(trade())
    numbers = []
    try:
        for at in range(8):
            target = tmp_path / f"{at}.db"
            if dialect == "sqlite":
                await asyncio.to_thread(copy_file, path_of(database), target)
            else:
                await database.read(copy_out, target)
            with closing(sqlite3.connect(target)) as copy:
                (moved,) = copy.execute("SELECT count(*) FROM move").fetchone()
                level = copy.execute("SELECT on_hand, claimed, value_minor FROM level").fetchall()
                (claims,) = copy.execute("SELECT count(*) FROM claim").fetchone()
                assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                if moved:
                    assert level == [(moved * 2_000_000, claims * 1_000_000, moved * 20)]
            numbers.append(moved)
            async with level_lock:
                await database.write(receive, shop, 2, 20)
    finally:
        ended.set()
        await trading
    assert numbers == sorted(numbers)
    assert numbers[-1] > numbers[0]


async def test_a_copied_file_of_a_live_database_would_not_do(databases, tmp_path):
    """Why the backup of SQLite is used: what is in the log is not in the file."""
    url = databases.copy_of("sqlite", "storage", build=build)
    async with await open_database(url, clock=clock) as database:
        await database.write(insert_person, 1)
        shutil.copyfile(path_of(database), tmp_path / "plain.db")
        copy_file(path_of(database), tmp_path / "copy.db")
    for name, found in (("plain.db", 0), ("copy.db", 1)):
        with closing(sqlite3.connect(tmp_path / name)) as copy:
            assert copy.execute("SELECT count(*) FROM person").fetchall() == [(found,)]
    databases.remove(url)


def test_what_is_no_database_is_not_copied(tmp_path):
    (tmp_path / "no.db").write_text("this is a letter, and long enough to look at" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        copy_file(tmp_path / "no.db", tmp_path / "copy.db")
    with pytest.raises(sqlite3.OperationalError):
        copy_file(tmp_path / "missing.db", tmp_path / "copy.db")
