"""`comptoir demo` without a token: the company Crimson in a browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

from bot.app import BotSettings, build
from bot.base.logs import log_to_console
from bot.command_line.console import (
    Deadline,
    Problem,
    clock,
    demo_stem,
    port_taken,
    say,
    until_ended,
)
from bot.command_line.control_socket import serving_control
from bot.demo.files import DemoFiles, open_local_demo
from bot.demo.local import bring_in, found_company, serving_page
from bot.demo.people import SHOP
from bot.local_telegram import keeping
from bot.local_telegram.page_guard import is_loopback
from bot.local_telegram.request import LocalRequest
from bot.operate.host_hooks import Operating
from core.config import PAGE_PORT, Settings
from core.papers.maker import make_papers
from core.storage.errors import DatabaseInUse

WELCOME: Final = """\
Comptoir's demo is at {url}
Open it in a browser and be each person of the company {shop}. Ctrl-C ends it.
Everything is kept in {file} and goes on at the next start."""


PRETEND_PROVIDER: Final = "284685063:TEST:pretend"
"""The demo's own payment provider: the local Telegram plays it, and no money moves."""


class Questions:
    """Questions about the health of a bot that listens before it is there."""

    answer: Callable[[], Awaitable[dict[str, Any]]] | None = None

    async def health(self) -> dict[str, Any]:
        """How the bot is."""
        if self.answer is None:
            return {"ok": False, "problems": ["the bot is starting"]}
        return await self.answer()


def show_local(settings: Settings, port: int | None) -> None:
    """Serve the chat page with the demo company until a signal comes.

    Raises:
        Problem: the demo runs already, or its port is taken.
    """
    if not is_loopback(settings.listen_address):
        raise Problem(
            "the demo's page has no password, so it answers this machine alone. "
            "Leave LISTEN_ADDRESS out, or set it to 127.0.0.1"
        )
    log_to_console(settings.log_level or "WARNING")
    given = settings.listen_port if port is None else port
    until_ended(partial(_show, settings, PAGE_PORT if given is None else given))


async def _show(settings: Settings, port: int, deadline: Deadline) -> None:
    files = DemoFiles(Path.cwd(), demo_stem(settings))
    async with AsyncExitStack() as opened:
        try:
            database, world = await open_local_demo(files, clock=clock, say=say)
        except DatabaseInUse:
            raise Problem(
                f"the demo of this folder runs already ({files.database.name} is open). Look for "
                f"it at http://{settings.listen_address}:{port}, or start in another folder"
            ) from None
        opened.push_async_exit(database)
        await opened.enter_async_context(keeping.keeping(world, files.world))
        questions = Questions()
        page = serving_page(
            world, port=port, address=settings.listen_address, health=questions.health
        )
        try:
            address = await opened.enter_async_context(page)
        except OSError as error:
            raise port_taken(error, port) or error from None
        await opened.enter_async_context(serving_control(database, world.bot_username))
        await found_company(database)
        app = build(
            BotSettings(world.token, provider_token=settings.provider_token or PRETEND_PROVIDER),
            database,
            clock,
            request=LocalRequest(world),
            paper_maker=make_papers(database),
            operating=Operating(on_end=deadline.begin),
        )
        questions.answer = app.health
        await bring_in(app, world)
        say(WELCOME.format(url=address, shop=SHOP, file=files.database.name))
        await app.run()
