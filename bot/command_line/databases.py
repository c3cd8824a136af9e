"""Which database a command is about, and how it is opened and migrated."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from alembic.util import CommandError
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.command_line.console import Problem, clock, demo_stem, say
from core.config import SHOP_DATABASE, Settings, database_url
from core.services.company import CompanyMissing
from core.storage.database import Database, open_database
from core.storage.errors import DatabaseInUse
from core.storage.instance_lock import running_alone
from core.storage.schema import migrate, other_tables

LEAST_ROOM: Final = 16_000_000
"""Bytes without which nothing is begun: the log of SQLite alone grows to some of them."""


def shop_url(settings: Settings) -> str:
    """The database of the shop: that of DATABASE_URL, else a file in the working directory."""
    return settings.database_url or SHOP_DATABASE


def chosen_url(settings: Settings, *, database: str | None, demo: bool) -> str:
    """The database that was named, else the one that `comptoir run` would use.

    Raises:
        SettingRefused: what was named is no database.
    """
    if database:
        return database_url(database, name="--database")
    if demo or not (settings.token or settings.database_url):
        return f"sqlite+aiosqlite:///{Path.cwd() / demo_stem(settings)}.db"
    return shop_url(settings)


def shown(url: str) -> str:
    """A database as it is named to people: without the password."""
    return make_url(url).render_as_string(hide_password=True)


@asynccontextmanager
async def opened(url: str, *, read_only: bool = False) -> AsyncIterator[Database]:
    """The database at `url`.

    Raises:
        Problem: there is none, or none can be kept there.
        DatabaseInUse: another process writes to it.
    """
    if not read_only:
        _require_place(url)
    try:
        database = await open_database(url, clock=clock, read_only=read_only)
    except FileNotFoundError:
        raise Problem(
            f"there is no database at {shown(url)}. Name another one with --database, take the "
            "demo's with --demo, or start the bot first: it makes it"
        ) from None
    async with database:
        yield database


def _require_place(url: str) -> None:
    """Refuse a place in which SQLite cannot keep a file, and say what to do.

    Raises:
        Problem: there is no such folder, this user may not write there, or the disk is full.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return
    path = Path(str(address.database)).absolute()
    if not path.parent.is_dir():
        raise Problem(f"there is no folder {path.parent} for the database. Make it: mkdir -p ...")
    writable = os.access(path.parent, os.W_OK | os.X_OK)
    if not writable or (path.exists() and not os.access(path, os.W_OK)):
        raise Problem(
            f"this user may not write to {path if writable else path.parent}. Give it to the user "
            "of the bot (chown), or name another one in DATABASE_URL"
        )
    free = shutil.disk_usage(path.parent).free
    if free < LEAST_ROOM:
        raise Problem(
            f"the disk of {path.parent} is full ({free:,} bytes are left): make room there first"
        )


async def bring_up(database: Database) -> None:
    """Migrate a database.

    Raises:
        Problem: it is from a newer version, or from one before the first release.
    """
    try:
        await database.write(migrate)
    except CommandError:
        raise Problem(
            f"{database.url} is from another version of Comptoir. Install that version or a "
            "newer one; nothing was changed"
        ) from None
    others = await database.read(other_tables)
    if others:
        raise Problem(
            f"{shown(database.url)} was made by a version of Comptoir before its first release, "
            f"which had other tables ({', '.join(others)}). Go on with that version, or export "
            "what you need with it and begin a new database; nothing was changed"
        )


def migrate_database(url: str) -> None:
    """`comptoir migrate`."""

    async def work() -> None:
        async with opened(url) as database:
            async with running_alone(url):
                await bring_up(database)
            say(f"{database.url} is at this version ({database.describe()['version']}).")

    try:
        asyncio.run(work())
    except DatabaseInUse as taken:
        raise Problem(f"{taken}. Stop the bot first; it migrates at its start") from None


@contextmanager
def company_needed() -> Iterator[None]:
    """Say in words that there is no company yet, or not even its tables.  Raises Problem."""
    try:
        yield
    except CompanyMissing:
        raise Problem("there is no company yet. Start the bot and answer its questions") from None
    except (OperationalError, ProgrammingError) as error:
        raise Problem(
            "the database has not the tables of this version. They come with comptoir migrate"
        ) from error
