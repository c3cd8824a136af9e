"""`comptoir restore`: a copy takes the place of the database, with the bot stopped.

The copy is checked, migrated, made fit to go on (`bot.operate.after_restore`) and audited in a
folder beside its place; only then it takes that place, and what was there is kept under another
name.  A copy goes into a SQLite file or into an empty PostgreSQL database, wherever it was made.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError

from bot.command_line.backing_up import (
    ROOM,
    checksum_of,
    flush,
    folder_beside,
    no_copy,
    require_room,
)
from bot.command_line.console import Problem, clock, say
from bot.command_line.databases import bring_up, shown
from bot.operate.after_restore import Restored, go_on, go_on_as_moved
from bot.operate.backup_retention import CHECKSUM, WHEN
from core.services import audit
from core.storage.backup_copies import NotEmpty, copy_file, copy_in
from core.storage.clock import Clock
from core.storage.database import open_database
from core.storage.errors import DatabaseInUse
from core.storage.instance_lock import running_alone
from core.storage.schema import version_of
from core.storage.sqlite import FileLock

BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file."""


@dataclass(frozen=True)
class Wish:
    """What is to be put back: a copy, whether it may take a database's place.

    `moved` says that the bot has not run since the copy was made: nothing is lost, nothing asked.
    """

    source: Path
    replace: bool = False
    moved: bool = False
    clock: Clock = clock


class Unsound(Exception):
    """The audit has found breaches in what was put into PostgreSQL; it is undone."""

    def __init__(self, breaches: Sequence[audit.Breach]) -> None:
        super().__init__(f"{len(breaches)} breaches")
        self.breaches = breaches


def restore(url: str, wish: Wish) -> int:
    """Put a copy back and say what that means; 0 when it is in its place.

    Raises:
        Problem: the copy or the place will not do; then nothing was changed.
    """
    _require_copy(wish.source)
    is_file = make_url(url).get_backend_name() == "sqlite"
    try:
        found, breaches = _into_file(url, wish) if is_file else _into_server(url, wish)
    except DatabaseInUse as taken:
        raise Problem(f"{taken}. Stop the bot first; nothing was changed") from None
    if breaches:
        for each in breaches:
            say(str(each))
        say(f"{wish.source} is not sound ({len(breaches)} breaches): nothing was changed.")
        return 1
    _tell(url, wish, found)
    return 0


def _require_copy(source: Path) -> None:
    """Refuse what is no copy, or is not what it was when it was made."""
    if not source.is_file():
        raise Problem(f"there is no file {source}")
    beside = Path(f"{source}{CHECKSUM}")
    if not beside.is_file():
        say(f"{beside.name} is missing: whether the copy is still as it was made is not known.")
        return
    told = beside.read_text(encoding="utf-8").split()
    if told[:1] != [checksum_of(source)]:
        raise Problem(
            f"{source} is not what it was when it was made: its checksum is another one than that "
            f"in {beside.name}. Take another copy"
        )


# --- Into a SQLite file -----------------------------------------------------------------------


def _into_file(url: str, wish: Wish) -> tuple[Restored, Sequence[audit.Breach]]:
    target = Path(str(make_url(url).database)).resolve()
    if not target.parent.is_dir():
        raise Problem(f"there is no folder {target.parent}. Make it first: mkdir -p ...")
    lock = FileLock(target)
    try:
        if target.exists() and not wish.replace:
            raise Problem(
                f"{target} is there already. With --replace the copy takes its place, and it is "
                "kept under another name; or name another one with --database"
            )
        require_room(target.parent, int(wish.source.stat().st_size * ROOM))
        with folder_beside(target) as folder:
            aside = folder / "copy.db"
            found, breaches = _prepared(wish, aside, target)
            if not breaches:
                flush(aside)
                if target.exists():
                    say(f"What was there is kept as {_set_aside(target, wish.clock())}.")
                aside.replace(target)
                flush(target.parent)
    finally:
        lock.release()
    return found, breaches


def _prepared(wish: Wish, aside: Path, target: Path) -> tuple[Restored, Sequence[audit.Breach]]:
    """The copy of the copy, ready to take its place, or what the audit has found in it."""
    try:
        copy_file(wish.source, aside)
        return asyncio.run(_fitted(wish, aside))
    except OSError as error:
        raise no_copy(error, target) from error
    except (sqlite3.Error, DBAPIError) as error:
        reason = getattr(error, "orig", error)
        raise Problem(f"{wish.source} is no copy of a database: {reason}") from error


async def _fitted(wish: Wish, aside: Path) -> tuple[Restored, Sequence[audit.Breach]]:
    """Bring a copy to this version, audit it, let it go on, and audit that too."""

    def fit(connection: Connection) -> Restored:
        go = go_on_as_moved if wish.moved else go_on
        return go(connection, now=wish.clock())

    async with await open_database(f"sqlite+aiosqlite:///{aside}", clock=clock) as copy:
        if await copy.read(version_of) is None:
            raise Problem(f"{wish.source} is no copy of a database: it has no tables of Comptoir")
        await bring_up(copy)
        breaches = await copy.write(audit.audit)
        if breaches:
            return Restored(wish.clock()), breaches
        found = await copy.write(fit)
        return found, await copy.write(audit.audit)


def _set_aside(target: Path, now: datetime) -> Path:
    """Give the old database another name, complete with its log; its own name stays until then.

    The log goes first: beside the new file it would be taken for that one's.
    """
    stem = f"{target.stem}-before-{now.strftime(WHEN)}"
    kept = target.with_name(f"{stem}{target.suffix}")
    files = [(target, kept)]
    files += [(Path(f"{target}{end}"), Path(f"{kept}{end}")) for end in BESIDE]
    there = [(old, new) for old, new in files if old.exists()]
    for old, new in there:
        try:
            os.link(old, new)
        except OSError:
            shutil.copy2(old, new)
    flush(target.parent)
    for old, _ in there[1:]:
        old.unlink()
    return kept


# --- Into a PostgreSQL database ---------------------------------------------------------------


def _into_server(url: str, wish: Wish) -> tuple[Restored, Sequence[audit.Breach]]:
    with _folder() as folder:
        aside = folder / "copy.db"
        require_room(folder, int(wish.source.stat().st_size * ROOM))
        found, breaches = _prepared(wish, aside, folder)
        if not breaches:
            breaches = asyncio.run(_put_in(url, aside))
    return found, breaches


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="comptoir-") as name:
        yield Path(name)


async def _put_in(url: str, aside: Path) -> Sequence[audit.Breach]:
    """Write everything in one transaction, and audit it before it is committed."""

    def work(connection: Connection) -> None:
        copy_in(aside, connection)
        if breaches := audit.audit(connection):
            raise Unsound(breaches)

    async with running_alone(url), await open_database(url, clock=clock) as database:
        try:
            await database.write(work)
        except Unsound as unsound:
            return unsound.breaches
        except NotEmpty:
            raise Problem(
                f"{shown(url)} has tables already. Make an empty database (createdb NAME) and "
                "name that in DATABASE_URL or --database: the old one stays as it is"
            ) from None
    return ()


# --- What is said -----------------------------------------------------------------------------


def _tell(url: str, wish: Wish, found: Restored) -> None:
    made = found.copied_at.strftime("%Y-%m-%d %H:%M UTC")
    say(f"{shown(url)} is the copy of {made} now: {len(audit.CHECKS)} checks, nothing found.")
    if wish.moved:
        say("Start the bot: it goes on where it was.")
        return
    if found.messages or found.updates:
        say(
            f"Not sent again, for it may have been: {found.messages} messages that waited then. "
            f"Not answered: {found.updates} messages that had come."
        )
    say(
        "Everything since then is missing: papers, persons, prices. Invitations that were open "
        "have ended.\nStart the bot: it asks the owner for the last number of each series, and "
        "gives no new ones before."
    )
