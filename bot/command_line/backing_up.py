"""`comptoir backup`: a copy of the whole database, audited before it gets its name.

It is made while the bot runs, by another process that only reads
(see `core.storage.backup_copies`).
Everything is written in a folder beside its place; what has a name is complete, on the disk, and
has its checksum.  A copy in which the audit finds a breach is kept too, under a name that says so:
it may be all there is.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError

from bot.base.bot_state import write_setting
from bot.command_line.arguments import program_version
from bot.command_line.console import Problem, clock, say
from bot.command_line.databases import opened, shown
from bot.operate.after_restore import COPY
from bot.operate.backup_retention import CHECKSUM, Keep, forget_needless, name_of, stem_of
from core.services import audit
from core.storage.backup_copies import copy_file, copy_out
from core.storage.clock import Clock
from core.storage.database import Database, open_database
from core.storage.schema import is_current

UNSOUND: Final = ".unsound"
"""What the name of a copy ends with in which the audit has found a breach."""
ASIDE: Final = ".comptoir-"
"""The beginning of the name of a folder in which a copy is made."""
ROOM: Final = 1.2
"""How much more room than the database a copy needs: its log, the checksum."""


@dataclass(frozen=True)
class Copy:
    """A copy that was made: its file, size in bytes, checksum, and what the audit found."""

    path: Path
    size: int
    checksum: str
    breaches: Sequence[audit.Breach]


@dataclass(frozen=True)
class Wanted:
    """What copy is wanted: a file or a folder, whether a file may be replaced, what is kept."""

    place: Path
    replace: bool = False
    keep: Keep | int | None = None
    clock: Clock = clock


def back_up(url: str, wanted: Wanted) -> int:
    """Make a copy and say so; 0 when it is sound.

    Raises:
        Problem: it cannot be made, or not there.
    """
    place = wanted.place
    stem = stem_of(url)
    in_folder = place.is_dir()
    if wanted.keep is not None and not in_folder:
        raise Problem("--keep needs a folder, in which the copies have names with their time")
    target = place / name_of(stem, wanted.clock()) if in_folder else place
    made = make_copy(url, replace(wanted, place=target))
    for each in made.breaches:
        say(str(each))
    found = f"{len(made.breaches)} breaches" if made.breaches else "nothing found"
    say(f"{made.path}: {made.size:,} bytes, {len(audit.CHECKS)} checks, {found}")
    if made.breaches:
        say("It was kept under this name because something is wrong in the books themselves.")
        return 1
    if wanted.keep is not None:
        for gone in forget_needless(place, stem, wanted.keep):
            say(f"{gone}: deleted, there are newer ones")
    return 0


def make_copy(url: str, wanted: Wanted) -> Copy:
    """Make, audit and name a copy of the database at `url` in a file.

    Raises:
        Problem: there is no such database, its tables are of another version, or the place
            will not do.
    """
    target = wanted.place.absolute()
    if not target.parent.is_dir():
        raise Problem(f"there is no folder {target.parent}. Make it first: mkdir -p ...")
    if target.exists() and not wanted.replace:
        raise Problem(
            f"{target} is there already. Give another name, or name a folder: each copy gets a "
            "name with its time there. --replace takes its place"
        )
    try:
        with folder_beside(target) as aside:
            return _made_in(aside / "copy.db", url, replace(wanted, place=target))
    except (sqlite3.Error, OSError) as error:
        raise no_copy(error, target) from error


def no_copy(error: Exception, target: Path) -> Problem:
    """What to say when a copy cannot be written to its place."""
    full = "full" in str(error) or getattr(error, "errno", 0) == errno.ENOSPC
    cure = "Make room there, or name a place with more" if full else "Nothing was left behind"
    return Problem(f"the copy cannot be written to {target.parent}: {error}. {cure}")


@contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """A folder of our own on the same disk, which is gone in the end.

    What a process has left that was killed is taken away when it is a day old.
    """
    long_ago = clock().timestamp() - timedelta(days=1).total_seconds()
    for left in target.parent.glob(f"{ASIDE}*"):
        if left.stat().st_mtime < long_ago:
            shutil.rmtree(left)
    aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=target.parent))
    try:
        yield aside
    finally:
        shutil.rmtree(aside)


def _made_in(aside: Path, url: str, wanted: Wanted) -> Copy:
    target, may_replace = wanted.place, wanted.replace
    breaches = asyncio.run(_copied_and_audited(aside, url, wanted))
    if breaches:
        target, may_replace = target.with_name(f"{target.name}{UNSOUND}"), True
    aside.chmod(0o600)
    flush(aside)
    size, checksum = aside.stat().st_size, checksum_of(aside)
    give_name(aside, target, checksum, may_replace=may_replace)
    return Copy(target, size, checksum, breaches)


async def _copied_and_audited(aside: Path, url: str, wanted: Wanted) -> list[audit.Breach]:
    begun = wanted.clock()
    async with opened(url, read_only=True) as database:
        if not await database.read(is_current):
            raise Problem(
                f"{shown(url)} has not the tables of this version: bring it there with comptoir "
                "migrate, or copy it with the version that wrote it"
            )
        require_room(wanted.place.parent, int(await database.read(_size, url) * ROOM))
        await _copy(database, url, aside)
    return await _audited(aside, begun, url)


async def _copy(database: Database, url: str, aside: Path) -> None:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        await asyncio.to_thread(copy_file, Path(str(address.database)), aside)
    else:
        await database.read(copy_out, aside)


async def _audited(aside: Path, begun: datetime, url: str) -> list[audit.Breach]:
    """What the audit finds in a copy, in which it also notes when it was made.

    It may write: only then SQLite looks at the CHECKs too.
    """
    note = {
        "made_at": begun.isoformat(),
        "version": program_version(),
        "of": make_url(url).get_backend_name(),
    }

    def work(connection: Connection) -> list[audit.Breach]:
        write_setting(connection, COPY, json.dumps(note, sort_keys=True))
        return audit.audit(connection)

    async with await open_database(f"sqlite+aiosqlite:///{aside}", clock=clock) as copy:
        try:
            return await copy.write(work)
        except DBAPIError as error:
            return [audit.Breach("integrity", "database", {"found": str(error.orig)})]


def _size(connection: Connection, url: str) -> int:
    """The bytes of a database."""
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    path = Path(str(make_url(url).database))
    return sum(each.stat().st_size for each in (path, Path(f"{path}-wal")) if each.exists())


def require_room(folder: Path, needed: int) -> None:
    """Refuse before a disk is filled.

    Raises:
        Problem: the folder's disk has not so many bytes left.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Problem(
            f"{folder} has room for {free:,} bytes, and about {needed:,} are needed. Make room "
            "there, or name a place with more"
        )


def checksum_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before anything else is done."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def give_name(aside: Path, target: Path, checksum: str, *, may_replace: bool) -> None:
    """Give a finished copy its name; a file that is there is replaced only where that was asked.

    Raises:
        Problem: somebody else has made a file of that name meanwhile.
    """
    beside = Path(f"{target}{CHECKSUM}")
    written = aside.with_name("checksum")
    written.write_text(f"{checksum}  {target.name}\n", encoding="utf-8")
    flush(written)
    if may_replace:
        # Never the checksum of one copy beside another one.
        beside.unlink(missing_ok=True)
        aside.replace(target)
    else:
        _link(aside, target)
    written.replace(beside)
    flush(target.parent)


def _link(aside: Path, target: Path) -> None:
    """Give a file a second name, which nobody has had before."""
    try:
        os.link(aside, target)
    except FileExistsError:
        raise Problem(f"{target} is there already: nothing was changed") from None
    except OSError:
        # Some disks (FAT, shares) know one name for a file only; it was free a moment ago.
        aside.replace(target)
