"""Sends what the outbox holds: in order within a chat, side by side between chats.

What an error of the network means decides what follows.  "Not sent" is tried again.  After
"unknown" an edit is repeated, since it can be; a new card or notice is sent again, since losing
it is worse than showing it twice; a paper has its own way (`bot/papers.py`).
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot import outbox
from bot.context import Context
from bot.delivery import Delivery
from bot.drawing import Withheld
from bot.endings import ask_whether_arrived, blocked
from bot.lanes import Lanes
from bot.outbox import Outgoing
from bot.papers import Unsure
from core.storage.database import Database

LOG = logging.getLogger(__name__)

AT_ONCE: Final = 16
"""How many requests are under way at the same time; Telegram takes about 30 in a second."""
PAUSES: Final = (0, 1, 2, 5, 10, 30, 60)
"""Seconds before the next try, by the number of tries before; then the last one again."""
GIVE_UP_AFTER: Final = {"answer": timedelta(seconds=20)}
"""How long a form is tried; for the others a day, as long as Telegram keeps updates."""
A_DAY: Final = timedelta(hours=24)
LONGEST_WAIT: Final = 60
"""Seconds after which the outbox is looked at again, whatever is known of it."""


class Sender:
    """The only one who sends.  `wake` tells it that there are new rows."""

    def __init__(self, database: Database, delivery: Delivery, *, context: Context) -> None:
        self._database = database
        self._delivery = delivery
        self._context = context
        self._woken = asyncio.Event()
        self._lanes = Lanes(AT_ONCE, on_end=self.wake)
        self._floods: dict[int, datetime] = {}

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            self._woken.clear()
            await self._start_what_is_due()
            await self._wait(await self._database.read(outbox.next_moment))

    async def drain(self) -> bool:
        """Send until nothing is due, and say whether anything was sent."""
        did_something = False
        while await self._start_what_is_due() or self._lanes.busy:
            did_something = True
            await self._lanes.wait_for_one()
        return did_something

    async def finish(self, seconds: float) -> bool:
        """Wait for what is being sent, then end what is late; whether all had ended by then."""
        in_time = await self._lanes.wait_for_all(seconds)
        await self._lanes.cancel()
        return in_time

    async def _wait(self, moment: datetime | None) -> None:
        seconds: float = LONGEST_WAIT
        if moment is not None:
            seconds = max((moment - self._context.clock()).total_seconds(), 0)
        waiting = asyncio.create_task(self._woken.wait())
        await asyncio.wait([waiting], timeout=min(seconds, LONGEST_WAIT))
        waiting.cancel()

    async def _start_what_is_due(self) -> int:
        now = self._context.clock()
        started = 0
        for row in await self._database.read(outbox.due, now):
            lane = ("answer", row.id) if row.form == "answer" else row.chat_id
            if self._lanes.is_free(lane) and not self._is_flooded(row.form, now):
                self._lanes.start(lane, self._send(row.id))
                started += 1
        return started

    def _is_flooded(self, form: str, now: datetime) -> bool:
        """Whether Telegram wants quiet from the whole bot: two chats have been told to wait."""
        self._floods = {chat: until for chat, until in self._floods.items() if until > now}
        return form != "answer" and len(self._floods) > 1

    # --- One row --------------------------------------------------------------------------

    async def _send(self, row_id: int) -> None:
        outgoing = await self._database.write(outbox.claim, row_id, self._context.clock())
        if outgoing is None:
            return
        try:
            await self._delivery.deliver(outgoing)
        except Withheld as withheld:
            LOG.info("outbox row %d is %s: %s", row_id, withheld.state, withheld)
            await self._end(outgoing, withheld.state, str(withheld))
        except Unsure as unsure:
            LOG.warning("nobody knows whether outbox row %d has arrived", row_id)
            await self._database.write(
                ask_whether_arrived, self._context, outgoing, caption=unsure.caption
            )
        except RetryAfter as error:
            await self._obey(outgoing, error)
        except Forbidden as error:
            LOG.info("outbox row %d is dead: %s", row_id, error.message)
            await self._database.write(blocked, outgoing, self._context.clock())
        except BadRequest as error:
            await self._bury(outgoing, error)
        except NetworkError as error:
            await self._try_again(outgoing, error)
        except Exception as error:  # noqa: BLE001 - one bad row must not stop those behind it
            await self._bury(outgoing, error)

    async def _obey(self, outgoing: Outgoing, error: RetryAfter) -> None:
        seconds = error.retry_after
        wait = seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
        until = self._context.clock() + wait
        self._floods[outgoing.chat_id] = until
        LOG.info("chat %d is to be left alone until %s", outgoing.chat_id, until)
        await self._postpone(outgoing, until, "flood")

    async def _try_again(self, outgoing: Outgoing, error: NetworkError) -> None:
        now = self._context.clock()
        if now - outgoing.queued_at > GIVE_UP_AFTER.get(outgoing.form, A_DAY):
            await self._end(outgoing, "dead", "gave up")
            return
        pause = PAUSES[min(outgoing.tries, len(PAUSES)) - 1]
        LOG.info("outbox row %d failed: %s", outgoing.id, type(error).__name__)
        await self._postpone(outgoing, now + timedelta(seconds=pause), type(error).__name__)

    async def _bury(self, outgoing: Outgoing, error: Exception) -> None:
        """A defect: the row is dead, and the person gets the id under which it is logged."""
        try:
            incident = await self._delivery.apologise(outgoing, error)
        except TelegramError as trouble:
            LOG.warning("no apology for outbox row %d: %s", outgoing.id, trouble.message)
            incident = "not told"
        await self._end(outgoing, "dead", incident)

    async def _end(self, outgoing: Outgoing, state: str, problem: str) -> None:
        await self._database.write(outbox.end, outgoing.id, state, problem=problem)

    async def _postpone(self, outgoing: Outgoing, until: datetime, problem: str) -> None:
        await self._database.write(outbox.postpone, outgoing.id, until=until, problem=problem)
