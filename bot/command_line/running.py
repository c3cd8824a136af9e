"""`comptoir run` and `comptoir demo` with a token: a bot of Telegram's."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from telegram.error import NetworkError, RetryAfter

from bot.app import App, BotSettings, build
from bot.base.logs import log_to_console
from bot.command_line.console import Deadline, clock, demo_stem, port_taken, say, until_ended
from bot.command_line.control_socket import serving_control
from bot.command_line.databases import bring_up, opened, shop_url
from bot.command_line.invitations import invitation, link
from bot.operate.host_hooks import Operating
from bot.operate.nightly_backup import CopyMaker
from core.config import WEBHOOK_PORT, Settings
from core.domain.people import Role
from core.papers.maker import make_papers
from core.services.people import team
from core.storage.database import Database
from core.storage.instance_lock import running_alone

LOG = logging.getLogger(__name__)

PAUSES: Final = (1, 2, 5, 10, 30)
"""Seconds before Telegram is asked again at the start: a machine may be up before its network."""

Greeting = Callable[[Database, str], Awaitable[None]]
"""Tells the operator what he needs to know first; gets the bot's username."""


@dataclass(frozen=True)
class Start:
    """What a bot is started with."""

    settings: BotSettings
    operating: Operating
    greet: Greeting


def run_shop(settings: Settings, port: int | None) -> None:
    """Run the company's bot until a signal comes.

    Raises:
        Problem, DatabaseInUse, InvalidToken: it cannot start.
    """
    log_to_console(settings.log_level or "INFO")
    until_ended(partial(_run_shop, settings, port))


def run_demo(settings: Settings, port: int | None) -> None:
    """Run the demo company on a bot of Telegram's until a signal comes."""
    log_to_console(settings.log_level or "INFO")
    until_ended(partial(_run_demo, settings, port))


async def _run_shop(settings: Settings, port: int | None, deadline: Deadline) -> None:
    url = shop_url(settings)
    async with opened(url) as database, running_alone(url) as lock:
        await bring_up(database)
        operating = Operating(
            copy_maker=_copies(settings, url),
            on_end=deadline.begin,
            answers_health=port is not None or settings.listen_port is not None,
        )
        if lock is not None:
            operating = replace(operating, look=lock.look)
        start = Start(_bot_settings(settings, port), operating, _greet_owner)
        await _run(database, start)


def _copies(settings: Settings, url: str) -> CopyMaker | None:
    """What makes a copy in BACKUP_FOLDER: the command, in a process of its own."""
    if settings.backup_folder is None:
        return None
    environ = os.environ | {"DATABASE_URL": url, "BACKUP_FOLDER": str(settings.backup_folder)}

    async def make() -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "backup", env=environ,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            told, _ = await process.communicate()
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
        return told.decode().strip() if process.returncode else ""

    return make


async def _run_demo(settings: Settings, port: int | None, deadline: Deadline) -> None:
    # A company's own bot does without the demo, and without the Telegram that comes with it.
    from bot.demo.files import DemoFiles, open_demo
    from bot.demo.local import found_company

    files = DemoFiles(Path.cwd(), demo_stem(settings))
    async with await open_demo(files, clock=clock, say=say) as database:
        await found_company(database)
        operating = Operating(on_end=deadline.begin)
        await _run(database, Start(_bot_settings(settings, port), operating, _greet_guest))


async def _run(database: Database, start: Start) -> None:
    app = build(
        start.settings,
        database,
        clock,
        paper_maker=make_papers(database),
        operating=start.operating,
    )
    await _reach(app)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving_control(database, app.bot.username))
        await start.greet(database, app.bot.username)
        try:
            await app.run()
        except OSError as error:
            raise port_taken(error, start.settings.listen_port) or error from None


def _bot_settings(settings: Settings, port: int | None) -> BotSettings:
    given = settings.listen_port if port is None else port
    return BotSettings(
        settings.token,
        settings.api_url,
        webhook_url=settings.webhook_url,
        webhook_secret=settings.webhook_secret,
        listen_address=settings.listen_address,
        listen_port=WEBHOOK_PORT if given is None else given,
        backup_folder=settings.backup_folder,
        provider_token=settings.provider_token,
    )


async def _reach(app: App) -> None:
    """Wait until Telegram answers.  Raises InvalidToken when it does not know the token."""
    failures = 0
    while True:
        try:
            await app.bot.initialize()
        except (NetworkError, RetryAfter) as error:
            pause = PAUSES[min(failures, len(PAUSES) - 1)]
            failures += 1
            LOG.warning(
                "Telegram does not answer (%s): again in %d s", type(error).__name__, pause
            )
            await asyncio.sleep(pause)
        else:
            return


async def _greet_owner(database: Database, username: str) -> None:
    """Print the link of the first owner, as long as there is none."""
    say(f"Comptoir is @{username}, with {database.url}. Ctrl-C ends it.")
    token = await database.write(_owner_invitation)
    if token is not None:
        say("Nobody owns the company yet. Open this link on your phone within three days:")
        say(link(username, token))


def _owner_invitation(connection: Connection) -> str | None:
    if team.has_owner(connection):
        return None
    return invitation(connection, role=Role.OWNER, contact_id=None, now=clock())


async def _greet_guest(database: Database, username: str) -> None:
    """Print the owner's link, and how to be somebody else."""
    from bot.demo.people import SHOP

    say(f"The demo company {SHOP} is @{username}. Ctrl-C ends it.")
    token = await database.write(_owner_invitation)
    if token is not None:
        say("Open this link to be its owner:")
        say(link(username, token))
    say("To be another person, with another phone: comptoir invite sales --demo")
