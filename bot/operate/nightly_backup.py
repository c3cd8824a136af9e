"""Every night the bot has a copy of the books made; the owners hear when it was not.

The copy is made by another process (`comptoir backup`), so that neither the copying nor the audit
holds up a conversation, and one that fails or hangs harms nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.operate.backup_retention import copies_in, stem_of
from bot.receive.inbox import TROUBLE
from bot.turn.dispatch import by_itself
from bot.turn.registry import Context
from core.services.work import Work
from core.storage.database import Database
from core.storage.tables import company

LOG = logging.getLogger(__name__)

HOUR: Final = time(2)
"""When the copy is due, in the company's zone: the day's work is in it."""
AGAIN_AFTER: Final = timedelta(hours=1)
TOLD_AGAIN_AFTER: Final = timedelta(hours=20)
LOOK_EVERY: Final = 60
"""Seconds between two looks at whether a copy is due."""

CopyMaker = Callable[[], Awaitable[str]]
"""Makes a copy in the folder; what went wrong, in a sentence for the operator, or nothing."""


class Nightly:
    """Has copies made into a folder, from `make`."""

    def __init__(
        self, database: Database, *, context: Context, folder: Path, make: CopyMaker
    ) -> None:
        self._database = database
        self._context = context
        self._folder = folder
        self._make = make
        self._tried_at: datetime | None = None
        self._told_at: datetime | None = None

    async def run(self) -> None:
        """Look every minute, until cancelled."""
        while True:
            try:
                await self.look()
            except TROUBLE as error:
                LOG.warning("whether a copy is due cannot be seen: %s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> bool:
        """Have a copy made if one is due, and say whether one was tried."""
        now = self._context.clock()
        zone = ZoneInfo(await self._database.read(_zone))
        newest = max(copies_in(self._folder, stem_of(self._database.url)), default=None)
        if newest is not None and newest >= last_due(now, zone):
            return False
        if self._tried_at is not None and now - self._tried_at < AGAIN_AFTER:
            return False
        self._tried_at = now
        problem = await self._make()
        if problem:
            LOG.error("the nightly copy was not made: %s", problem)
            await self._tell_failure(problem)
        else:
            LOG.info("the nightly copy is made")
            await self._tell_end_of_failure()
        return True

    async def _tell_failure(self, problem: str) -> None:
        now = self._context.clock()
        if self._told_at is None or now - self._told_at >= TOLD_AGAIN_AFTER:
            self._told_at = now
            await self._tell("copy_failed", problem=problem)

    async def _tell_end_of_failure(self) -> None:
        if self._told_at is not None:
            self._told_at = None
            await self._tell("copy_made_again")

    async def _tell(self, name: str, **facts: Any) -> None:
        def work(its_work: Work) -> None:
            its_work.tell(name, **facts)

        await self._database.write(by_itself, self._context, work)


def last_due(now: datetime, zone: ZoneInfo) -> datetime:
    """The last moment at which a copy was due."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), HOUR, zone)
    due = today if today <= local else today - timedelta(days=1)
    # An hour that a night leaves out is equal to nothing, until it is told in UTC.
    return due.astimezone(UTC)


def _zone(connection: Connection) -> str:
    """The company's zone; before it is set up, the machine's own is as good as any."""
    return connection.execute(select(company.c.zone)).scalar() or "UTC"
