"""The door for HTTP: Tornado handlers for methods and files, and the sender of webhooks.

python-telegram-bot reaches them with ``base_url="http://127.0.0.1:PORT/bot"`` and
``base_file_url="http://127.0.0.1:PORT/file/bot"``.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from bot.local_telegram.faults import BrokenConnection, Outcome
from bot.local_telegram.files import StoredFile
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest, Refusal
from bot.local_telegram.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, no secret
LONGEST_SILENCE = 60.0
"""Seconds for which a call that times out is left without an answer."""
WEBHOOK_TIMEOUT = 10.0
"""Seconds in which a webhook has to answer."""

logger = logging.getLogger(__name__)


class WorldHandler(RequestHandler):
    """A handler that knows its world and answers refusals as the Bot API does."""

    world: World

    def initialize(self, world: World) -> None:
        """Called by Tornado with the route's arguments."""
        self.world = world

    def answer(self, status: int, body: Json) -> None:
        """Send a body in JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))

    def refuse(self, refusal: Refusal) -> None:
        """Send a refusal."""
        self.answer(refusal.status, refusal.answer())


class MethodHandler(WorldHandler):
    """``/bot<token>/<method>`` by GET or POST, in a query, a form, multipart or JSON."""

    def initialize(self, world: World) -> None:
        """Called by Tornado for each request."""
        super().initialize(world)
        self._closed = asyncio.Event()

    def on_connection_close(self) -> None:
        """Called by Tornado when the client has gone."""
        self._closed.set()

    async def get(self, token: str, method: str) -> None:
        """Answer a call by GET."""
        await self._call(token, method)

    async def post(self, token: str, method: str) -> None:
        """Answer a call by POST."""
        await self._call(token, method)

    async def _call(self, token: str, method: str) -> None:
        try:
            self.world.check_token(token)
            status, body = await self.world.call(method, self._parameters(), self._uploads())
        except Refusal as refusal:
            self.refuse(refusal)
        except BrokenConnection as broken:
            await self._break(broken)
        else:
            self.answer(status, body)

    async def _break(self, broken: BrokenConnection) -> None:
        """Say nothing until the client gives up, or at once cut the connection."""
        if broken.outcome is Outcome.TIMEOUT:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), LONGEST_SILENCE)
        self.detach().close()

    def _parameters(self) -> dict[str, Any]:
        parameters: dict[str, Any] = {
            name: values[-1].decode("utf-8", "replace")
            for name, values in self.request.arguments.items()
        }
        if self.request.headers.get("Content-Type", "").startswith("application/json"):
            try:
                body = json.loads(self.request.body or b"{}")
            except ValueError as error:
                raise BadRequest("can't parse request body JSON object") from error
            if not isinstance(body, dict):
                raise BadRequest("object expected as request body")
            parameters |= body
        return parameters

    def _uploads(self) -> dict[str, StoredFile]:
        return {
            name: StoredFile(files[-1].filename, files[-1].content_type, files[-1].body)
            for name, files in self.request.files.items()
        }


class FileHandler(WorldHandler):
    """``/file/bot<token>/<file_path>``."""

    def get(self, token: str, path: str) -> None:
        """Send the bytes of a file."""
        try:
            self.world.check_token(token)
            content = self.world.files.at(path).content
        except Refusal as refusal:
            self.refuse(refusal)
        except KeyError:
            self.refuse(Refusal(404))
        else:
            self.set_header("Content-Type", "application/octet-stream")
            self.finish(content)


def make_handlers(world: World) -> list[Any]:
    """The routes of the Bot API, for a ``tornado.web.Application``."""
    shared = {"world": world}
    return [
        (r"/bot([^/]+)/(\w+)", MethodHandler, shared),
        (r"/file/bot([^/]+)/(.+)", FileHandler, shared),
    ]


class WebhookSender:
    """Brings waiting updates to the webhook, one after the other, until each has its 2xx.

    ``run`` ends only when it is cancelled.  ``pause`` is the time in seconds before an update
    is sent again; it doubles up to ``longest_pause``.
    """

    def __init__(self, world: World, *, pause: float = 1.0, longest_pause: float = 60.0) -> None:
        self.world = world
        self.pause = pause
        self.longest_pause = longest_pause
        self._client = AsyncHTTPClient(force_instance=True)

    async def run(self) -> None:
        """Send whatever is queued while a webhook is set."""
        try:
            await self._send_all()
        finally:
            self._client.close()

    async def _send_all(self) -> None:
        pause = self.pause
        updates = self.world.updates
        while True:
            if not (updates.webhook.url and updates.waiting):
                await updates.change()
                continue
            update = updates.waiting[0]
            if await self._delivers(update):
                pause = self.pause
                updates.delivered(update)
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, self.longest_pause)

    async def _delivers(self, update: Json) -> bool:
        webhook = self.world.updates.webhook
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers[SECRET_HEADER] = webhook.secret_token
        request = HTTPRequest(
            webhook.url,
            method="POST",
            headers=headers,
            body=json.dumps(update),
            request_timeout=WEBHOOK_TIMEOUT,
            follow_redirects=False,
        )
        try:
            await self._client.fetch(request)
        except HTTPClientError as error:
            message = f"Wrong response from the webhook: {error.code} {error.message}"
        except OSError as error:
            message = str(error)
        else:
            return True
        self.world.updates.undelivered(message, date=self.world.timestamp())
        logger.info("update %s was not taken: %s", update["update_id"], message)
        return False


@asynccontextmanager
async def serving(
    world: World, *, routes: Iterable[Any] = (), port: int = 0, address: str = "127.0.0.1"
) -> AsyncIterator[str]:
    """Serve the Bot API and other routes, and bring updates to the webhook.

    Gives the address, such as ``http://127.0.0.1:8765``; port 0 takes a free one.
    """
    sockets = bind_sockets(port, address)
    server = HTTPServer(Application([*make_handlers(world), *routes]))
    server.add_sockets(sockets)
    sender = asyncio.create_task(WebhookSender(world).run())
    try:
        yield f"http://{address}:{sockets[0].getsockname()[1]}"
    finally:
        sender.cancel()
        with suppress(asyncio.CancelledError):
            await sender
        server.stop()
        await server.close_all_connections()
