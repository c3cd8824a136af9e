"""What the tests of the chat page share: a bot, the served page, visitors."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from bot.local_telegram.files import StoredFile
from bot.local_telegram.page import About, ChatPage
from bot.local_telegram.people import Json
from bot.local_telegram.world import World

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
CLAIRE = 107
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)
NOTED = "Laptop Pro 14\nMouse M2\nKeyboard K1\nCable, two metres\nBag"

PATIENCE = 5_000
"""Milliseconds that the browser may take for anything."""


class Bot:
    """The bot's side of the world, without a product behind it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.offset = 0

    async def call(self, method: str, /, **parameters: Any) -> Any:
        """One call of the Bot API; what is refused fails the test."""
        files = {
            name: parameters.pop(name)
            for name in list(parameters)
            if isinstance(parameters[name], StoredFile)
        }
        status, body = await self.world.call(method, parameters, files)
        assert status == 200, body
        return body["result"]

    async def sends(self, chat_id: int, text: str, *rows: list[Json], **more: Any) -> int:
        """Send a text with rows of inline buttons; returns the message's id."""
        if rows:
            more["reply_markup"] = {"inline_keyboard": list(rows)}
        message = await self.call("sendMessage", chat_id=chat_id, text=text, **more)
        return int(message["message_id"])

    async def hears(self, kind: str) -> Json:
        """Wait for the next update of a kind, as a bot does that polls."""
        while True:
            for update in await self.call("getUpdates", offset=self.offset, timeout=5):
                self.offset = update["update_id"] + 1
                if kind in update:
                    return dict(update[kind])

    async def answers(self, query: Json, text: str = "", *, show_alert: bool = False) -> None:
        """Answer a tap."""
        await self.call(
            "answerCallbackQuery",
            callback_query_id=query["id"],
            text=text,
            show_alert=show_alert,
        )


class Site:
    """The served page.  ``down`` and ``up`` are the network's failure and return."""

    def __init__(self, world: World, about: About) -> None:
        self.world = world
        self.page = ChatPage(world, about)
        self.port = 0
        self.up()

    def up(self) -> None:
        """Listen, on the same port as before."""
        self.server = HTTPServer(Application(self.page.routes()))
        sockets = bind_sockets(self.port, "127.0.0.1", family=socket.AF_INET)
        self.port = sockets[0].getsockname()[1]
        self.server.add_sockets(sockets)

    async def down(self) -> None:
        """Listen no more and close all connections."""
        self.server.stop()
        self.page.drop_sockets()
        await self.server.close_all_connections()

    def address(self, path: str = "") -> str:
        """The address of a path of the page."""
        return f"http://127.0.0.1:{self.port}/{path}"


class Visitor:
    """One browser of a newcomer: opens pages and notes what the console complains about."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context = context
        self.site = site
        self.complaints: list[str] = []

    async def opens(self, path: str) -> Page:
        """Open the page in a new tab."""
        tab = await self.context.new_page()
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("console", lambda line: self._notes(line.type, line.text))
        await tab.goto(self.site.address(path))
        return tab

    def _notes(self, kind: str, text: str) -> None:
        # A refused connection is what a test of lost connections is about.
        if kind in {"error", "warning"} and "ERR_CONNECTION" not in text:
            self.complaints.append(text)


def button(text: str, data: str = "", **more: Any) -> dict[str, Any]:
    """An inline button."""
    if not {"url", "copy_text"} & more.keys():
        more["callback_data"] = data or text
    return {"text": text, **more}


def texts_of(world: World, user_id: int) -> list[str]:
    """The texts of a chat, in order."""
    return [message.get("text", "") for message in world.history(user_id)]


def message(tab: Page, text: str) -> Locator:
    """The bubble that holds a text."""
    return tab.locator(".message", has_text=text)


async def attribute(tab: Page, script: str) -> Any:
    """What a script finds in the page."""
    return await tab.evaluate(script)


async def height_of(element: Locator) -> float:
    """How high something is drawn, in pixels."""
    box = await element.bounding_box()
    assert box is not None, "it is not drawn"
    return box["height"]
