"""The webhook: an update is committed to the inbox before Telegram hears "200"."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.receive.inbox import TROUBLE, OnNews, keep
from bot.turn.registry import Context
from core.storage.database import Database

LOG = logging.getLogger(__name__)

SIGNED_BY: Final = "X-Telegram-Bot-Api-Secret-Token"
LARGEST_BODY: Final = 1_000_000
"""Bytes: an update holds texts and ids, never a file."""

Health = Callable[[], Awaitable[dict[str, Any]]]
"""Says how the bot is; `ok` in it decides about the status."""


class UpdateHandler(RequestHandler):
    """Takes one update."""

    def initialize(self, webhook: Webhook) -> None:
        """Take what the route was made with."""
        self.webhook = webhook

    async def post(self) -> None:
        """Keep the update and say so; anything else makes Telegram send it again."""
        given = self.request.headers.get(SIGNED_BY, "")
        if not self.webhook.knows(given):
            self.set_status(403)
            return
        try:
            await self.webhook.take(self.request.body)
        except TROUBLE as error:
            LOG.warning("an update cannot be kept: %s", type(error).__name__)
            self.set_status(503)


class HealthHandler(RequestHandler):
    """Says how the bot is: 200 when all is well, else 503."""

    def initialize(self, health: Health) -> None:
        """Take what the route was made with."""
        self.health = health

    async def get(self) -> None:
        """Answer with JSON."""
        try:
            found = await self.health()
        except TROUBLE as error:
            found = {"ok": False, "problem": type(error).__name__}
        self.set_status(200 if found["ok"] else 503)
        self.write(found)


class HealthServer:
    """Listens for questions about the bot's health alone: for a bot that polls."""

    def __init__(self, health: Health) -> None:
        self._server = HTTPServer(Application([health_route(health)], log_function=_log))

    def listen(self, port: int, address: str) -> None:
        """Begin to listen.  Raises OSError when the port is taken."""
        self._server.listen(port, address)

    async def close(self) -> None:
        """Take no further questions."""
        self._server.stop()
        await self._server.close_all_connections()


def health_route(health: Health) -> Any:
    """The route, for whichever server is there."""
    return (r"/health", HealthHandler, {"health": health})


class Webhook:
    """Listens for updates and for questions about the bot's health."""

    def __init__(
        self,
        database: Database,
        *,
        context: Context,
        secret: str,
        on_news: OnNews,
        health: Health,
    ) -> None:
        if not secret:
            raise ValueError("a webhook needs a secret, or anybody could send updates")
        self._database = database
        self._context = context
        self._secret = secret.encode()
        self._on_news = on_news
        routes: list[Any] = [
            health_route(health),
            # Whatever path the company's own address has; the secret decides, not the path.
            (r"/.*", UpdateHandler, {"webhook": self}),
        ]
        self._server = HTTPServer(
            Application(routes, log_function=_log), max_body_size=LARGEST_BODY
        )

    def knows(self, given: str) -> bool:
        """Whether the header carries the secret, compared in constant time."""
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret)

    async def take(self, body: bytes) -> None:
        """Commit an update to the inbox.  What is no JSON is kept as it is, for the log."""
        text = body.decode("utf-8", "replace")
        try:
            given = json.loads(text)
        except ValueError:
            given = text
        self._on_news(await self._database.write(keep, [given], now=self._context.clock()))

    def listen(self, port: int, address: str) -> None:
        """Begin to listen.  Raises OSError when the port is taken."""
        self._server.listen(port, address)

    async def close(self) -> None:
        """Take no further updates."""
        self._server.stop()
        await self._server.close_all_connections()


def _log(handler: RequestHandler) -> None:
    LOG.debug("%s %s", handler.get_status(), handler.request.path)
