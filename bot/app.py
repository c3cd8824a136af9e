"""The composition root: what is used is chosen here, and put together."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.base import focus, outbox
from bot.base.logs import protect_logs
from bot.base.refusal_sentences import new_incident
from bot.base.updates import ALLOWED_UPDATES
from bot.operate.health import Vitals, health, health_of_places
from bot.operate.host_hooks import Operating
from bot.operate.nightly_backup import Nightly
from bot.receive import inbox
from bot.receive.inbox import TROUBLE, Worker
from bot.receive.polling import Polling
from bot.send.command_menus import Menus
from bot.send.delivery import Delivery
from bot.send.document_files import Papers
from bot.send.payment_requests import PayRequests
from bot.send.sender import HandedOver, Sender
from bot.turn.dispatch import Outcome, by_itself
from bot.turn.registry import Context, Registry
from core.files.produced import PaperMaker
from core.papers.samples import make_samples
from core.reports.files import make_exports
from core.storage.clock import Clock
from core.storage.database import Database

if TYPE_CHECKING:
    from bot.receive.webhook import HealthServer, Webhook

LOG = logging.getLogger(__name__)

TELEGRAM: Final = "https://api.telegram.org"
CONNECTIONS: Final = 16
"""The pool of connections; httpx walks all of them for each request, so it is kept small."""
TIME_TO_END: Final = 6
"""Seconds for what is running when the bot is asked to stop; the whole program ends in ten."""
TROUBLE_PAUSE: Final = 2
"""Seconds until a part begins again that the database or the network has ended."""
BEAT: Final = 60
"""Seconds between two looks at what has become due by itself."""
KEPT_FOR: Final = timedelta(days=30)
"""How long what came and went is kept, to be looked at when something went wrong."""
MOST_ROUNDS: Final = 1000


@dataclass(frozen=True)
class BotSettings:
    """What the bot has to be told; see DESIGN.md, section 6.

    Without `webhook_url` the bot polls; with it, it listens on `listen_port`.  With
    `provider_token` customers can pay their invoices in the chat.
    """

    token: str
    api_url: str = TELEGRAM
    webhook_url: str = ""
    webhook_secret: str = ""
    listen_address: str = "127.0.0.1"
    listen_port: int = 8443
    backup_folder: Path | None = None
    provider_token: str = field(default="", repr=False)


class App:
    """The bot: `start` and `stop` it, or let it `settle` in a test."""

    def __init__(self, settings: BotSettings, database: Database, *, parts: Parts) -> None:
        self.settings = settings
        self.database = database
        self.context = parts.context
        self.bot = parts.bot
        self.menus = Menus(self.bot, database, context=self.context)
        papers = None
        if parts.paper_maker is not None:
            others = {
                "report": make_exports(database, self.context.clock),
                "template": make_samples(database, self.context.clock),
            }
            papers = Papers(self.bot, database, maker=parts.paper_maker, others=others)
        pay_requests = PayRequests(
            self.bot, database, context=self.context, provider_token=settings.provider_token
        )
        delivery = Delivery(
            self.bot, database, context=self.context, papers=papers, pay_requests=pay_requests
        )
        self.sender = Sender(database, delivery, context=self.context)
        self.worker = Worker(
            self.bot,
            database,
            context=self.context,
            answered_early=delivery.answered_early,
            on_outcome=self._after_turn,
            answer_after=parts.answer_after,
        )
        self.polling = Polling(
            self.bot, database, context=self.context, on_news=self.worker.hand_over
        )
        self.vitals = parts.vitals
        self.operating = parts.operating
        self._listening: Webhook | HealthServer | None = None
        self._loops: set[asyncio.Task[Any]] = set()
        self._chores: set[asyncio.Task[Any]] = set()
        self._ended = asyncio.Event()
        self._is_ready = False

    # --- Running --------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin to receive, answer and send.  Raises what Telegram says to a wrong token."""
        try:
            await self._begin()
        except BaseException:
            await self.stop()
            raise

    async def _begin(self) -> None:
        await self._get_ready()
        # One program runs on a database, so whoever was sending is gone.
        await self.database.write(outbox.release_abandoned, self.context.clock())
        if self.settings.webhook_url:
            await self._open_webhook()
        else:
            self._answer_health()
            self._loop(self.polling.run())
        self._loop(self._enduring(self.worker.run))
        self._loop(self._enduring(self.sender.run))
        self._loop(self._enduring(self._beat))
        folder, make = self.settings.backup_folder, self.operating.copy_maker
        if folder is not None and make is not None:
            nightly = Nightly(self.database, context=self.context, folder=folder, make=make)
            self._loop(nightly.run())
        LOG.info("started as @%s", self.context.username)

    async def run(self) -> None:
        """Start, and stop at a signal or when a part of the bot has failed, which is raised."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked_to_end)
        await self.start()
        await self._ended.wait()
        failed = [task for task in self._loops if task.done() and not task.cancelled()]
        await self.stop()
        for task in failed:
            task.result()

    async def stop(self, *, seconds: float = TIME_TO_END) -> None:
        """Take nothing more, end what is running within some seconds, close.

        What is late is ended where it is: a turn as a whole, and what was being sent is sent by
        the next process.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        if self._listening is not None:
            await self._listening.close()
        self.worker.stop()
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops.clear()
        turns_ended = await self.worker.finish(deadline - loop.time())
        sending = asyncio.create_task(self.sender.drain())
        await asyncio.wait([sending], timeout=max(deadline - loop.time(), 0))
        chores = [sending, *self._chores]
        for task in chores:
            task.cancel()
        await asyncio.gather(*chores, return_exceptions=True)
        sending_ended = await self.sender.finish(deadline - loop.time())
        if not turns_ended or not sending_ended:
            LOG.warning("stopped before everything had ended; the rest is done at the next start")
        await self.bot.shutdown()

    async def settle(self) -> None:
        """Fetch, answer and send until nothing is left to do now.  For tests: nothing sleeps.

        Raises RuntimeError when the bot runs already, or never comes to rest.
        """
        if self._loops:
            raise RuntimeError("the bot is running: it settles by itself")
        await self._get_ready()
        for _ in range(MOST_ROUNDS):
            await self.tick()
            came = await self.polling.fetch(hold=0)
            answered = await self.worker.drain()
            sent = await self.sender.drain()
            chores = await self._end_chores()
            if not (came or answered or sent or chores):
                return
        raise RuntimeError("the bot does not come to rest")

    async def tick(self) -> None:
        """Do what has become due by itself: questions that end, the jobs of all modules."""
        now = self.context.clock()
        await self.database.write(focus.lose_old, now)
        for forget in (inbox.forget, outbox.forget):
            await self.database.write(forget, now - KEPT_FOR)
        await self._do_jobs()
        # What another process has kept, and died before it answered, is answered here.
        self.worker.wake()

    async def _do_jobs(self) -> None:
        for job in self.context.registry.jobs:
            try:
                await self.database.write(by_itself, self.context, job)
            except Exception:
                LOG.exception("incident %s in a job", new_incident())
        self.sender.wake()

    async def health(self) -> dict[str, Any]:
        """How the bot is, for the route and the command."""
        now = self.context.clock()
        found = await self.database.read(health, now)
        places = health_of_places(self.database.url, self.settings.backup_folder, now=now)
        found.facts |= places.facts | {"database": self.database.describe()["version"]}
        found.problems += places.problems
        return found.answer()

    # --- Inside ---------------------------------------------------------------------------

    async def _get_ready(self) -> None:
        if self._is_ready:
            return
        await self.bot.initialize()
        self.context.username = self.bot.username
        await self.menus.publish()
        self._is_ready = True

    async def _open_webhook(self) -> None:
        # A bot that polls does without the server.
        from bot.receive.webhook import Webhook

        settings = self.settings
        webhook = Webhook(
            self.database,
            context=self.context,
            secret=settings.webhook_secret,
            on_news=self.worker.hand_over,
            health=self.health,
        )
        self._listening = webhook
        webhook.listen(settings.listen_port, settings.listen_address)
        await self.bot.set_webhook(
            settings.webhook_url,
            secret_token=settings.webhook_secret,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
        )

    def _answer_health(self) -> None:
        """Listen for questions about health where a bot that polls is asked to."""
        if self.operating.answers_health:
            from bot.receive.webhook import HealthServer

            self._listening = server = HealthServer(self.health)
            server.listen(self.settings.listen_port, self.settings.listen_address)

    def _asked_to_end(self) -> None:
        self.operating.on_end()
        self._ended.set()

    async def _enduring(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run a part, and again when the database was away: it comes back, and so does the bot."""
        while True:
            try:
                await run()
            except TROUBLE as error:
                LOG.warning("a part of the bot was interrupted: %s", type(error).__name__)
            await asyncio.sleep(TROUBLE_PAUSE)

    async def _beat(self) -> None:
        while True:
            await self.operating.look()
            await self.database.write(self.vitals.beat)
            await self.tick()
            await asyncio.sleep(BEAT)

    def _loop(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._loops.add(task)
        task.add_done_callback(self._loop_ended)

    def _loop_ended(self, task: asyncio.Task[None]) -> None:
        """A loop ends only when it is cancelled; by itself it has failed, and the bot with it."""
        if not task.cancelled():
            LOG.critical("a part of the bot has failed", exc_info=task.exception())
            self._ended.set()

    def _after_turn(self, outcome: Outcome) -> None:
        self.sender.hand_over(HandedOver(outcome.ready, outcome.as_of))
        if outcome.more:
            self.sender.wake()
        for subject in outcome.changed:
            kind, _, number = subject.partition(":")
            if kind == "person":
                self._chore(self.menus.publish_for(int(number)))
            elif kind == "import":
                # A long file waits for a job: at once, not at the next beat.
                self._chore(self._do_jobs())

    def _chore(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _end_chores(self) -> bool:
        chores = list(self._chores)
        await asyncio.gather(*chores)
        return bool(chores)


@dataclass(frozen=True)
class Parts:
    """What an App is made of beside its settings and its database."""

    bot: Bot
    context: Context
    vitals: Vitals
    paper_maker: PaperMaker | None = None
    answer_after: float = 1
    operating: Operating = field(default_factory=Operating)


def build(
    settings: BotSettings,
    database: Database,
    clock: Clock,
    *,
    request: BaseRequest | None = None,
    registry: Registry | None = None,
    paper_maker: PaperMaker | None = None,
    answer_after: float = 1,
    operating: Operating | None = None,
) -> App:
    """Put the bot together; `request` is what carries its calls (None: HTTP).

    `answer_after` is after how many seconds of a turn a tap is answered with nothing; `operating`
    is what the program around the bot does for it.
    """
    protect_logs((settings.token, settings.webhook_secret, settings.provider_token))
    vitals = Vitals(clock, polls=not settings.webhook_url)
    bot = Bot(
        settings.token,
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=request or _over_http(CONNECTIONS, vitals),
        get_updates_request=request or _over_http(1, vitals),
    )
    standard = partial(Registry.standard, takes_payments=bool(settings.provider_token))
    context = Context(registry or standard(), clock)
    parts = Parts(bot, context, vitals, paper_maker, answer_after, operating or Operating())
    return App(settings, database, parts=parts)


def _over_http(connections: int, vitals: Vitals) -> HTTPXRequest:
    """What carries the calls to Telegram, and hears when it answers."""
    hooks = {"event_hooks": {"response": [vitals.heard]}}
    return HTTPXRequest(connection_pool_size=connections, httpx_kwargs=hooks)
