"""Sends what the outbox holds: in order within a chat, side by side between chats.

What an error of the network means decides what follows.  "Not sent" is tried again.  After
"unknown" an edit is repeated, since it can be; a new card or notice is sent again, since losing
it is worse than showing it twice; a paper has its own way (`bot/send/document_files.py`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.base import outbox
from bot.base.keyed_tasks import KeyedTasks
from bot.base.logs import about
from bot.base.outbox import Outgoing
from bot.base.outbox_buffer import Ready, RenderedCard
from bot.send.delivery import Delivered, Delivery
from bot.send.delivery_results import ask_whether_arrived, blocked
from bot.send.document_files import Unsure
from bot.turn.registry import Context
from bot.turn.rendering import Withheld
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


@dataclass(frozen=True)
class HandedOver:
    """What a turn has left to be sent at once.

    `as_of` is how many writes had been committed with it: when there are more, what was rendered
    may not be the latest any more.
    """

    rows: tuple[Ready, ...]
    as_of: int

    @property
    def cards(self) -> list[Ready]:
        """The cards and notices, in their order."""
        return [each for each in self.rows if each.outgoing.form != "answer"]

    @property
    def answers(self) -> list[Ready]:
        """The answers to taps, which wait for nothing."""
        return [each for each in self.rows if each.outgoing.form == "answer"]

    @property
    def lane(self) -> Hashable:
        """The lane of its chat, or one of its own when there are answers only."""
        first = self.rows[0].outgoing
        return self.cards[0].outgoing.chat_id if self.cards else ("answer", first.id)


class Sender:
    """The only one who sends.  `wake` tells it that there are new rows."""

    def __init__(self, database: Database, delivery: Delivery, *, context: Context) -> None:
        self._database = database
        self._delivery = delivery
        self._context = context
        self._woken = asyncio.Event()
        self._lanes = KeyedTasks(AT_ONCE, on_end=self.wake)
        self._floods: dict[int, datetime] = {}
        self._handed: list[HandedOver] = []
        self._has_news = True

    def hand_over(self, handed: HandedOver) -> None:
        """Rows that are taken already, to be sent at once."""
        if handed.rows:
            self._handed.append(handed)
            self._woken.set()

    def wake(self) -> None:
        """There may be something to send."""
        self._has_news = True
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled."""
        moment: datetime | None = None
        while True:
            self._woken.clear()
            has_news = self._has_news
            await self._start()
            if has_news:
                moment = await self._database.read(outbox.next_moment)
            await self._wait(moment)

    async def drain(self) -> bool:
        """Send until nothing is due, and say whether anything was sent."""
        did_something = False
        while await self._start() or self._lanes.busy or self._has_news:
            did_something = did_something or self._lanes.busy
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
        done, _ = await asyncio.wait([waiting], timeout=min(seconds, LONGEST_WAIT))
        waiting.cancel()
        self._has_news = self._has_news or not done

    async def _start(self) -> int:
        """Start what is handed over and, when there is news, what is due in the outbox."""
        started = self._start_handed_over()
        if self._has_news:
            self._has_news = False
            started += await self._start_what_is_due()
        return started

    def _start_handed_over(self) -> int:
        now = self._context.clock()
        waiting: list[HandedOver] = []
        for handed in self._handed:
            if not self._lanes.is_free(handed.lane):
                waiting.append(handed)
            elif handed.cards and self._is_flooded("card", now):
                self._lanes.start(handed.lane, self._send_only_answers(handed))
            else:
                self._lanes.start(handed.lane, self._send_handed_over(handed))
        started = len(self._handed) - len(waiting)
        self._handed = waiting
        return started

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

    # --- What a turn has handed over ----------------------------------------------------------

    async def _send_handed_over(self, handed: HandedOver) -> None:
        """Send what a turn has rendered; render it anew if something was written since."""
        is_fresh = self._database.commits == handed.as_of
        cards = self._send_in_order(handed.cards, is_fresh=is_fresh)
        answers = self._send_answers(handed.answers)
        shown, answered = await asyncio.gather(cards, answers)
        await self._end_all([*shown, *answered])

    async def _send_in_order(self, cards: Sequence[Ready], *, is_fresh: bool) -> list[Delivered]:
        """Where one card does not arrive, those behind it wait like all others."""
        delivered = []
        for number, each in enumerate(cards):
            found = await self._attempt(each.outgoing, each.rendered if is_fresh else None)
            if found is None:
                await self._give_back(cards[number + 1 :])
                break
            delivered.append(found)
        return delivered

    async def _send_only_answers(self, handed: HandedOver) -> None:
        """Telegram wants quiet from the whole bot: the cards wait in the outbox."""
        await self._give_back(handed.cards)
        await self._end_all(await self._send_answers(handed.answers))

    async def _send_answers(self, answers: Sequence[Ready]) -> list[Delivered]:
        found = [await self._attempt(each.outgoing) for each in answers]
        return [each for each in found if each]

    async def _give_back(self, rows: Sequence[Ready]) -> None:
        if rows:
            ids = [each.outgoing.id for each in rows]
            await self._database.write(outbox.give_back, ids)

    # --- One row --------------------------------------------------------------------------

    async def _send(self, row_id: int) -> None:
        outgoing = await self._database.write(outbox.claim, row_id, self._context.clock())
        if outgoing is not None:
            delivered = await self._attempt(outgoing)
            await self._end_all([delivered] if delivered else [])

    async def _end_all(self, delivered: Sequence[Delivered]) -> None:
        if not delivered:
            return
        try:
            await self._delivery.end(delivered)
        except Exception as error:  # noqa: BLE001 - one bad row must not stop those behind it
            for each in delivered:
                await self._bury(each.outgoing, error)

    async def _attempt(
        self, outgoing: Outgoing, rendered: RenderedCard | None = None
    ) -> Delivered | None:
        """Deliver a row; None when it did not arrive, which is written down already."""
        with about(message=outgoing.id, chat=outgoing.chat_id):
            return await self._delivered(outgoing, rendered)

    async def _delivered(
        self, outgoing: Outgoing, rendered: RenderedCard | None
    ) -> Delivered | None:
        try:
            return await self._delivery.deliver(outgoing, rendered)
        except Withheld as withheld:
            LOG.info("outbox row %d is %s: %s", outgoing.id, withheld.state, withheld)
            await self._end(outgoing, withheld.state, str(withheld))
        except Unsure as unsure:
            LOG.warning("nobody knows whether outbox row %d has arrived", outgoing.id)
            await self._database.write(
                ask_whether_arrived, self._context, outgoing, caption=unsure.caption
            )
        except RetryAfter as error:
            await self._obey(outgoing, error)
        except Forbidden as error:
            LOG.info("outbox row %d is dead: %s", outgoing.id, error.message)
            await self._database.write(blocked, outgoing, self._context.clock())
        except BadRequest as error:
            await self._bury(outgoing, error)
        except NetworkError as error:
            await self._try_again(outgoing, error)
        except Exception as error:  # noqa: BLE001 - one bad row must not stop those behind it
            await self._bury(outgoing, error)
        return None

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
