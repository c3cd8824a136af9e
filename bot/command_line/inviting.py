"""`comptoir invite`: a one-time link, made by the running bot or in its place."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.base.logs import protect_logs
from bot.base.qr import as_letters
from bot.command_line import control_socket
from bot.command_line.console import Problem, clock, say
from bot.command_line.databases import bring_up, opened
from core.config import Settings
from core.domain.people import MACHINE, Role
from core.services.people import team
from core.services.work import Work
from core.storage.database import Database
from core.storage.errors import DatabaseInUse
from core.storage.tables import contact, party

SOURCE = "command line"
OF_PARTIES = {Role.CUSTOMER: party.c.is_customer, Role.VENDOR: party.c.is_vendor}


def link(username: str, token: str) -> str:
    """The address that opens the bot with a token."""
    return f"https://t.me/{username}?start={token}"


def invitation(
    connection: Connection, *, role: Role, contact_id: int | None, now: datetime
) -> str:
    """The token of a new invitation.

    Raises:
        Problem: the role needs a contact and this is none of that role.
    """
    allowed = {each.id for each in _contacts(connection, role)} if role in OF_PARTIES else {None}
    if contact_id not in allowed:
        raise Problem(_which_contact(connection, role, contact_id))
    return team.invite(Work(connection, MACHINE, now, SOURCE), role, contact_id=contact_id)


def _contacts(connection: Connection, role: Role) -> Sequence[Any]:
    """The contacts of parties of this role's side."""
    return connection.execute(
        select(contact.c.id, contact.c.name, party.c.name.label("party"))
        .join(party, party.c.id == contact.c.party_id)
        .where(contact.c.ended_at.is_(None), OF_PARTIES[role])
        .order_by(party.c.name, contact.c.id)
    ).all()


def _which_contact(connection: Connection, role: Role, contact_id: int | None) -> str:
    if role not in OF_PARTIES:
        return f"--contact is for customers and vendors; {role} works for the company"
    found = _contacts(connection, role)
    if not found:
        return f"no {role} has a contact yet. Add one in the chat first"
    begin = (
        f"a {role} needs --contact N"
        if contact_id is None
        else f"contact {contact_id} is none of a {role}"
    )
    names = "\n".join(f"  {each.id:>4}  {each.name}, {each.party}" for each in found)
    example = f"comptoir invite {role} --contact {found[0].id}"
    return f"{begin}. There are:\n{names}\nFor example: {example}"


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
