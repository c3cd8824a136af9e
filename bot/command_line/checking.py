"""`comptoir check`: the audit, read-only, also while the bot runs."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.command_line.console import Problem, clock, say
from bot.command_line.databases import opened, shown
from core.services import audit


def check_database(url: str) -> int:
    """Print what the audit found; 0 when that is nothing.

    Raises:
        Problem: there is no database, or it has no tables of this version.
    """
    return asyncio.run(_check(url))


async def _check(url: str) -> int:
    async with opened(url, read_only=True) as database:
        try:
            breaches, others = await database.read(_audited)
        except (OperationalError, ProgrammingError) as error:
            raise Problem(
                f"{shown(url)} has not the tables of this version. They come with comptoir migrate"
            ) from error
    for each in breaches:
        say(str(each))
    for each in others:
        say(f"(only a warning) {each}")
    number = len(audit.CHECKS)
    found = f"{len(breaches)} breaches" if breaches else "nothing found"
    say(f"{shown(url)}: {number} checks, {found}")
    return 1 if breaches else 0


def _audited(connection: Connection) -> tuple[list[audit.Breach], list[audit.Breach]]:
    """Breaches, and what is none but should be looked at, of one state of the database."""
    return audit.audit(connection), audit.warnings(connection, clock())
