"""How a command speaks with the bot that runs: a socket beside the SQLite file.

One file has one writing process, so another one cannot write an invitation while the bot runs:
it asks the bot.  The socket is a file that only its user may open.  PostgreSQL needs none of this.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import make_url

from bot.command_line.console import Problem
from bot.command_line.invitations import invitation
from core.domain.people import Role
from core.storage.database import Database

LOG = logging.getLogger(__name__)

LONGEST: Final = 100
"""Bytes of a socket's path that every system takes."""
PATIENCE: Final = 10
"""Seconds in which the other side has to speak."""


def socket_of(url: str) -> Path | None:
    """The socket of a SQLite database; None where there can be none."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    path = Path(f"{Path(address.database).resolve()}.control")
    # From the working directory the way may be shorter.
    shortest = min((path, Path(os.path.relpath(path))), key=lambda each: len(os.fsencode(each)))
    return shortest if len(os.fsencode(shortest)) <= LONGEST else None


@asynccontextmanager
async def serving_control(database: Database, username: str) -> AsyncIterator[None]:
    """Answer commands while the bot runs.  `username` is the bot's own."""
    path = socket_of(database.url)
    if path is None:
        yield
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await asyncio.wait_for(reader.readline(), PATIENCE)
            answered = await _answer(database, username, line)
            writer.write(json.dumps(answered).encode() + b"\n")
            await writer.drain()
        except (OSError, ValueError, KeyError, TimeoutError) as error:
            LOG.warning("a command was not understood: %s", type(error).__name__)
        finally:
            writer.close()

    # Whoever holds the database's lock is alone: an old socket is of a process that died.
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(answer, path)
    finally:
        os.umask(before)
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)


async def _answer(database: Database, username: str, line: bytes) -> dict[str, Any]:
    """Do what a line of JSON asks for.  Raises ValueError when it makes no sense."""
    asked = json.loads(line)
    if not isinstance(asked, dict) or asked.get("command") != "invite":
        raise ValueError("no command")
    try:
        token = await database.write(
            invitation,
            role=Role(asked["role"]),
            contact_id=asked["contact"],
            now=database.clock(),
        )
    except Problem as problem:
        return {"problem": str(problem)}
    return {"token": token, "username": username}


async def ask(url: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Ask the bot that has the database at `url` open.

    Raises:
        Problem: it refuses, or cannot be reached.
    """
    path = socket_of(url)
    try:
        if path is None:
            raise FileNotFoundError(url)
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(json.dumps(asked).encode() + b"\n")
            await writer.drain()
            answer: dict[str, Any] = json.loads(await reader.readline())
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
    except (OSError, ValueError, TimeoutError):
        raise Problem(
            "the bot that has this database open does not answer. Wait until it has started, or "
            "stop it and try again"
        ) from None
    if "problem" in answer:
        raise Problem(answer["problem"])
    return answer
