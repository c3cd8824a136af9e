"""Names of copies in a folder, and which of them are not needed any more."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

WHEN: Final = "%Y%m%dT%H%M%SZ"
CHECKSUM: Final = ".sha256"
"""What stands beside a copy; `sha256sum -c` reads it."""


@dataclass(frozen=True)
class Keep:
    """How many copies are kept: the newest of each of the last days, weeks and months."""

    daily: int = 7
    weekly: int = 5
    monthly: int = 12


def stem_of(url: str) -> str:
    """The beginning of the names of a database's copies."""
    address = make_url(url)
    name = str(address.database)
    return Path(name).stem if address.get_backend_name() == "sqlite" else name


def name_of(stem: str, at: datetime) -> str:
    """The name of a copy that was begun at a moment: "shop-20261124T020000Z.db"."""
    return f"{stem}-{at.astimezone(UTC).strftime(WHEN)}.db"


def copies_in(folder: Path, stem: str) -> dict[datetime, Path]:
    """The copies of a database in a folder, the oldest first, by when they were begun."""
    pattern = re.compile(re.escape(stem) + r"-(\d{8}T\d{6}Z)\.db")
    found = {
        datetime.strptime(match[1], WHEN).replace(tzinfo=UTC): path
        for path in folder.iterdir()
        if (match := pattern.fullmatch(path.name))
    }
    return dict(sorted(found.items()))


def needless(moments: Collection[datetime], keep: Keep | int) -> set[datetime]:
    """Which copies can go; a number keeps the newest ones.  The newest of all always stays."""
    newest = sorted(moments, reverse=True)
    if isinstance(keep, int):
        return set(newest[max(keep, 1) :])
    kept = set(newest[:1])
    kept |= _newest_of_each(newest, lambda at: at.date(), keep.daily)
    kept |= _newest_of_each(newest, lambda at: at.isocalendar()[:2], keep.weekly)
    kept |= _newest_of_each(newest, lambda at: (at.year, at.month), keep.monthly)
    return set(newest) - kept


def _newest_of_each(
    newest: Iterable[datetime], span: Callable[[datetime], object], number: int
) -> set[datetime]:
    """The newest copy of each of the last spans of time in which there is one."""
    found: dict[object, datetime] = {}
    for at in newest:
        if len(found) < number:
            found.setdefault(span(at), at)
    return set(found.values())


def forget_needless(folder: Path, stem: str, keep: Keep | int) -> list[Path]:
    """Delete the copies in a folder that are not needed any more; returns them."""
    there = copies_in(folder, stem)
    gone = [there[at] for at in sorted(needless(there.keys(), keep))]
    for path in gone:
        path.unlink()
        # Whoever has looked into a copy may have left the empty files of SQLite's log.
        for beside in (CHECKSUM, "-wal", "-shm"):
            Path(f"{path}{beside}").unlink(missing_ok=True)
    return gone
