"""`comptoir check` and `comptoir health`: read-only, also while the bot runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.command_line.console import Problem, clock, say
from bot.command_line.databases import opened, shown
from bot.operate.health import Health, health, health_of_places
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
            # Pages are read on one core, rows on another.
            broken, (wrong, others) = await asyncio.gather(
                database.read(audit.of_the_file), database.read(_audited)
            )
        except (OperationalError, ProgrammingError) as error:
            raise Problem(
                f"{shown(url)} has not the tables of this version. They come with comptoir migrate"
            ) from error
    breaches = [*broken, *wrong]
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
    return audit.of_the_rows(connection), audit.warnings(connection, clock())


def check_health(url: str, *, backup_folder: Path | None) -> int:
    """Print how the bot is; 0 when nothing is wrong.

    Raises:
        Problem: there is no database, or it has no tables of this version.
    """
    found = asyncio.run(_health(url))
    places = health_of_places(url, backup_folder, now=clock())
    for name, fact in (found.facts | places.facts).items():
        counted = ", ".join(f"{number} {state}" for state, number in fact.items()) if isinstance(
            fact, dict
        ) else fact  # fmt: skip
        say(f"{name.replace('_', ' ')}: {'-' if counted is None else counted}")
    problems = [*found.problems, *places.problems]
    for problem in problems:
        say(f"NOT WELL: {problem}")
    say(f"{shown(url)}: {'not well' if problems else 'well'}")
    return 1 if problems else 0


async def _health(url: str) -> Health:
    async with opened(url, read_only=True) as database:
        try:
            found = await database.read(health, clock())
        except (OperationalError, ProgrammingError) as error:
            raise Problem(
                f"{shown(url)} has not the tables of this version. They come with comptoir migrate"
            ) from error
        found.facts["database"] = database.describe()["version"]
        return found
