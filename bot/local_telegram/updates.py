"""The queue of updates: what the bot has not yet confirmed, by polling or by webhook."""

from __future__ import annotations

import asyncio
import copy
from dataclasses import dataclass, field

from telegram.constants import UpdateType

from bot.local_telegram.people import Json
from bot.local_telegram.refusals import Conflict

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""The kinds that are sent only when ``allowed_updates`` names them."""
MOST_REMEMBERED = 10_000
"""How many sent updates are kept: enough for any test, and a demo may run for weeks."""
KINDS = frozenset(kind.value for kind in UpdateType)
CONFLICT_OF_POLLS = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass
class Webhook:
    """What ``setWebhook`` has set; an empty url means polling."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass
class UpdateQueue:
    """Updates in order.  ``sent`` keeps those that were, so that one can come again."""

    waiting: list[Json] = field(default_factory=list)
    sent: dict[int, Json] = field(default_factory=dict)
    allowed: frozenset[str] = KINDS - NOT_BY_DEFAULT
    webhook: Webhook = field(default_factory=Webhook)
    last_id: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _polls: int = 0
    _ended_by: str = CONFLICT_OF_POLLS

    def push(self, content: Json) -> int:
        """Queue an update and return its id.

        A kind that ``allowed_updates`` leaves out takes an id but is not queued, as on the
        real server.
        """
        self.last_id += 1
        update = {"update_id": self.last_id, **copy.deepcopy(content)}
        self._remember(update)
        if not KINDS & content.keys() or self.allowed & content.keys():
            self._queue(update)
        return self.last_id

    def push_raw(self, update: Json) -> int:
        """Queue an update as it is; it gets the next id unless it brings its own."""
        self.last_id += 1
        whole = {"update_id": self.last_id, **copy.deepcopy(update)}
        self.last_id = max(self.last_id, whole["update_id"])
        self._remember(whole)
        self._queue(whole)
        return int(whole["update_id"])

    def redeliver(self, update_id: int) -> None:
        """Send an update again although the bot has confirmed it."""
        self._queue(self.sent[update_id])

    def _remember(self, update: Json) -> None:
        self.sent[update["update_id"]] = update
        if len(self.sent) > MOST_REMEMBERED:
            del self.sent[next(iter(self.sent))]

    def _queue(self, update: Json) -> None:
        self.waiting.append(update)
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def set_webhook(self, webhook: Webhook) -> None:
        """Send updates to a webhook from now on, or, with an empty url, wait for polls."""
        self.webhook = webhook
        self._end_polls("terminated by setWebhook request")

    def _end_polls(self, reason: str) -> int:
        self._ended_by = reason
        self._polls += 1
        self._wake()
        return self._polls

    def confirm(self, offset: int) -> None:
        """Forget what an offset confirms; a negative one keeps that many from the end."""
        if offset < 0:
            self.waiting = self.waiting[offset:]
        elif offset > 0:
            self.waiting = [one for one in self.waiting if one["update_id"] >= offset]

    def drop(self) -> None:
        """Forget all that waits."""
        self.waiting = []

    async def poll(self, offset: int, *, limit: int, patience: float) -> list[Json]:
        """Long polling: confirm, then wait for the first update at most ``patience`` seconds.

        A second poll ends the first one with a conflict, which is raised to the first.
        """
        mine = self._end_polls(CONFLICT_OF_POLLS)
        self.confirm(offset)
        deadline = asyncio.get_running_loop().time() + patience
        while not self.waiting:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                break
            if mine != self._polls:
                raise Conflict(self._ended_by)
        return copy.deepcopy(self.waiting[:limit])

    def delivered(self, update: Json) -> None:
        """The webhook has taken an update."""
        if update in self.waiting:
            self.waiting.remove(update)
        self._wake()

    def undelivered(self, reason: str, *, date: int) -> None:
        """The webhook has not taken an update; ``date`` is in seconds since 1970."""
        self.webhook.last_error_date = date
        self.webhook.last_error_message = reason
        self._wake()

    async def change(self) -> None:
        """Wait until something is queued or delivered, or the webhook is changed."""
        await self._news.wait()
