"""`comptoir invite`: a one-time link, made by the running bot or in its place."""

from __future__ import annotations

import asyncio
import sys

from bot.base.logs import protect_logs
from bot.command_line import control_socket
from bot.command_line.console import Problem, clock, say
from bot.command_line.databases import bring_up, opened
from bot.command_line.invitations import invitation, link
from bot.send.qr import as_letters
from core.config import Settings
from core.domain.people import Role
from core.storage.database import Database
from core.storage.errors import DatabaseInUse


def print_link(settings: Settings, url: str, *, role: Role, contact_id: int | None) -> None:
    """Print a link, on a terminal also as a QR code; the bot may be running or not.

    Raises:
        Problem: there is no such contact, no database, or no way to know the bot's name.
    """
    protect_logs((settings.token,))
    found = asyncio.run(_link(settings, url, role=role, contact_id=contact_id))
    say(found)
    if sys.stdout.isatty():
        say(as_letters(found))


async def _link(settings: Settings, url: str, *, role: Role, contact_id: int | None) -> str:
    asked = {"command": "invite", "role": str(role), "contact": contact_id}
    try:
        # Nothing is made here: a database that is not there is a mistake.
        async with opened(url, read_only=True):
            pass
        async with opened(url) as database:
            return await _made_here(settings, database, role=role, contact_id=contact_id)
    except DatabaseInUse:
        answer = await control_socket.ask(url, asked)
        return link(answer["username"], answer["token"])


async def _made_here(
    settings: Settings, database: Database, *, role: Role, contact_id: int | None
) -> str:
    if not settings.token:
        raise Problem("TELEGRAM_TOKEN is needed to know the bot's name: set it as for `run`")
    await bring_up(database)
    # It takes longer to load than all the rest, and a bot that runs is asked without it.
    from telegram import Bot

    async with Bot(settings.token, base_url=f"{settings.api_url}/bot") as bot:
        username = bot.username
    token = await database.write(invitation, role=role, contact_id=contact_id, now=clock())
    return link(username, token)
