"""The door inside the process: python-telegram-bot without a socket."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from urllib.parse import unquote

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.local_telegram.faults import BrokenConnection, Outcome
from bot.local_telegram.files import StoredFile
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import Refusal
from bot.local_telegram.world import World

METHOD = re.compile(r"/bot([^/]+)/(\w+)$")
FILE = re.compile(r"/file/bot([^/]+)/(.+)$")


class LocalRequest(BaseRequest):
    """Answers every request of a ``telegram.Bot`` from a world.

    Give it as ``request`` and as ``get_updates_request``; the token is ``world.token``.
    """

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def read_timeout(self) -> float | None:
        """Nothing travels, so nothing is waited for."""
        return None

    async def initialize(self) -> None:
        """There is no connection to open."""

    async def shutdown(self) -> None:
        """There is no connection to close."""

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 - the library's signature; GET and POST are one here
        request_data: RequestData | None = None,
        *_timeouts: Any,
        **_named_timeouts: Any,
    ) -> tuple[int, bytes]:
        """Answer one request: the HTTP status and the body.

        Raises TimedOut and NetworkError where a fault asked for it, as the library's own
        request class does.
        """
        # A real request lets others run; code that relies on not being interrupted would
        # work here and break outside.
        await asyncio.sleep(0)
        url = unquote(url)
        if fetched := FILE.search(url):
            return self._file(*fetched.groups())
        called = METHOD.search(url)
        if called is None:
            return _encoded(404, Refusal(404).answer())
        token, name = called.groups()
        parameters = request_data.json_parameters if request_data else {}
        files = _uploads(request_data) if request_data else {}
        try:
            self.world.check_token(token)
            return _encoded(*await self.world.call(name, parameters, files))
        except Refusal as refusal:
            return _encoded(refusal.status, refusal.answer())
        except BrokenConnection as broken:
            if broken.outcome is Outcome.TIMEOUT:
                raise TimedOut from broken
            raise NetworkError("httpx.ReadError: connection reset by peer") from broken

    def _file(self, token: str, path: str) -> tuple[int, bytes]:
        try:
            self.world.check_token(token)
            return 200, self.world.files.at(path).content
        except Refusal as refusal:
            return _encoded(refusal.status, refusal.answer())
        except KeyError:
            return _encoded(404, Refusal(404).answer())


def _encoded(status: int, body: Json) -> tuple[int, bytes]:
    return status, json.dumps(body).encode()


def _uploads(request_data: RequestData) -> dict[str, StoredFile]:
    uploads = {}
    for part, (name, content, mime) in request_data.multipart_data.items():
        data = content if isinstance(content, bytes) else content.read()
        uploads[part] = StoredFile(name, mime, data)
    return uploads
