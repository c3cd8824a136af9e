"""The files of a demo: its database, and its Telegram beside it.

A pair that does not fit is kept aside and begun anew: whoever tries the bot must never be stopped
by yesterday's demo.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DatabaseError

from bot.demo.people import BOT_USERNAME, SHOP, populate
from bot.local_telegram import keeping
from bot.local_telegram.world import World
from core.services import company
from core.storage.clock import Clock
from core.storage.database import Database, open_database
from core.storage.schema import create_all, migrate, schema_text

Say = Callable[[str], None]
"""Tells whoever started the program something, in a line."""

BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file."""


class Unfit(Exception):
    """These files cannot be gone on with; the text says why, as a part of a sentence."""


@dataclass(frozen=True)
class DemoFiles:
    """Where a demo is kept; `stem` is the beginning of all its files' names."""

    folder: Path
    stem: str = "demo"

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.folder / f"{self.stem}.db"

    @property
    def world(self) -> Path:
        """The file of the local Telegram."""
        return self.folder / f"{self.stem}.chat.json"

    @property
    def url(self) -> str:
        """The database in SQLAlchemy's form."""
        return f"sqlite+aiosqlite:///{self.database}"

    def set_aside(self) -> Path:
        """Give the files other names, under which nothing is; returns that of the database."""
        for number in count(1):
            other = DemoFiles(self.folder, f"{self.stem}-old-{number}")
            if not other.database.exists() and not other.world.exists():
                break
        pairs = [(self.database, other.database), (self.world, other.world)]
        pairs += [
            (Path(f"{self.database}{end}"), Path(f"{other.database}{end}")) for end in BESIDE
        ]
        for old, new in pairs:
            if old.exists():
                old.rename(new)
        return other.database


async def open_demo(files: DemoFiles, *, clock: Clock, say: Say) -> Database:
    """The database of a demo, migrated; a new one beside the old one when that does not fit.

    Raises:
        DatabaseInUse: another process has it open.
    """
    try:
        return await _open(files, clock)
    except Unfit as reason:
        kept = files.set_aside()
        say(f"The demo in {files.database.name} {reason}. {_kept(kept)}")
    return await _open(files, clock)


async def open_local_demo(files: DemoFiles, *, clock: Clock, say: Say) -> tuple[Database, World]:
    """A demo's database together with the local Telegram that it talks in.

    Raises:
        DatabaseInUse: another process has it open.
    """
    while True:
        database = await open_demo(files, clock=clock, say=say)
        try:
            return database, _world(files, clock, known=await database.read(company.is_set_up))
        except Unfit as reason:
            await database.close()
            kept = files.set_aside()
            say(f"The demo's chats {reason}. {_kept(kept)}")


def _kept(path: Path) -> str:
    return f"The old demo is kept as {path.name}, and a new one begins."


async def _open(files: DemoFiles, clock: Clock) -> Database:
    """Raises Unfit: the file is no database, or one of another version."""
    try:
        database = await open_database(files.url, clock=clock)
    except sqlite3.DatabaseError as error:
        raise Unfit("cannot be read") from error
    try:
        await database.write(_make_fit)
    except BaseException:
        await database.close()
        raise
    return database


def _make_fit(connection: Connection) -> None:
    try:
        if connection.execute(text("PRAGMA quick_check(1)")).scalar() != "ok":
            raise Unfit("is damaged")
        migrate(connection)
        found = schema_text(connection)
    except CommandError as error:
        raise Unfit("is from another version") from error
    except DatabaseError as error:
        raise Unfit("cannot be read") from error
    if found != _wanted_schema():
        raise Unfit("is from another version")


def _wanted_schema() -> str:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        create_all(connection)
        wanted = schema_text(connection)
    engine.dispose()
    return wanted


def new_world(clock: Clock) -> World:
    """A Telegram in which nobody exists."""
    return World(SHOP, BOT_USERNAME, now=clock)


def _world(files: DemoFiles, clock: Clock, *, known: bool) -> World:
    """The world as it was kept, or a new one, which is kept before anything happens in it.

    Raises:
        Unfit: it cannot be read, or it and the database (`known`: which has its company) are
            not of one demo.
    """
    world = new_world(clock)
    try:
        found = keeping.load(world, files.world)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unfit("cannot be read") from error
    spoken = any(record.messages for record in world.chats())
    if known and not found:
        raise Unfit("are missing")
    if spoken and not known:
        raise Unfit("belong to another database")
    populate(world)
    keeping.save(world, files.world)
    return world
