"""Long polling of our own: an offset moves only after its updates are committed.

python-telegram-bot's Updater parses updates before anybody has kept them, and stops for ever at
one that it cannot parse; it also forgets those in its memory when the process dies.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter

from bot.base.bot_state import OFFSET, read_setting, write_setting
from bot.base.updates import ALLOWED_UPDATES
from bot.receive.inbox import SAME_FOR, TROUBLE, OnNews, Waiting, id_of, keep, last_received
from bot.turn.registry import Context
from core.storage.database import Database

LOG = logging.getLogger(__name__)

HOLD: Final = 50
"""Seconds for which Telegram holds a request when there is nothing."""
MARGIN: Final = 10
"""Seconds more until an answer is given up."""
AT_ONCE: Final = 100
PAUSES: Final = (1, 2, 5, 10, 30)


class Polling:
    """Fetches updates into the inbox; `on_news` is told the new rows."""

    def __init__(self, bot: Bot, database: Database, *, context: Context, on_news: OnNews) -> None:
        self._bot = bot
        self._database = database
        self._context = context
        self._on_news = on_news
        self._offset: int | None = None
        self._heard_at: datetime | None = None

    async def run(self) -> None:
        """Fetch until cancelled.  Raises InvalidToken when Telegram does not know the token."""
        await self._bot.delete_webhook(drop_pending_updates=False)
        failures = 0
        while True:
            try:
                await self.fetch(hold=HOLD)
                failures = 0
            except InvalidToken:
                raise
            except Conflict as error:
                failures += 1
                LOG.warning("another program asks Telegram for this bot's news: stop one of them")
                await asyncio.sleep(_pause(error, failures))
            except TROUBLE as error:
                failures += 1
                LOG.warning("polling failed: %s", type(error).__name__)
                await asyncio.sleep(_pause(error, failures))

    async def fetch(self, *, hold: int) -> int:
        """Fetch once and keep what came; returns how many updates are new.

        `hold` is for how many seconds Telegram may wait for the first one.
        """
        if self._offset is None:
            self._offset = int(await self._database.read(read_setting, OFFSET) or 0)
            self._heard_at = await self._database.read(last_received)
        if self._offset and self._is_quiet():
            self._offset = 0
        updates = await self._get_updates(self._offset, hold)
        if not updates:
            return 0
        self._heard_at = self._context.clock()
        new, self._offset = await self._database.write(self._keep, updates, self._offset)
        self._on_news(new)
        return len(new)

    def _is_quiet(self) -> bool:
        """Whether nothing came for so long that Telegram may go on with smaller ids.

        An offset would pass them over.  The source: https://core.telegram.org/bots/api#update, on
        `update_id`.
        """
        return self._heard_at is None or self._context.clock() - self._heard_at > SAME_FOR

    async def _get_updates(self, offset: int, hold: int) -> Sequence[Any]:
        data = {
            "offset": offset,
            "limit": AT_ONCE,
            "timeout": hold,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        # The public way to an unparsed answer, do_api_request, warns for every known method.
        result = await self._bot._post(  # noqa: SLF001 - see above; the version is pinned
            "getUpdates", data, read_timeout=hold + MARGIN
        )
        return result if isinstance(result, list) else []

    def _keep(
        self, connection: Connection, updates: Sequence[Any], offset: int
    ) -> tuple[list[Waiting], int]:
        """Keep updates and the next offset with them; both come back."""
        new = keep(connection, updates, now=self._context.clock())
        ids = [update_id for each in updates if (update_id := id_of(each)) is not None]
        if ids:
            offset = max(ids) + 1
            write_setting(connection, OFFSET, str(offset))
        return new, offset


def _pause(error: Exception, failures: int) -> float:
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return wait.total_seconds() if isinstance(wait, timedelta) else wait
    return PAUSES[min(failures, len(PAUSES)) - 1]
