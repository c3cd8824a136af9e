"""What the commands share: how they speak, fail and wait for their end."""

from __future__ import annotations

import asyncio
import errno
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from core.config import Settings


class Problem(Exception):
    """The command cannot do its work; the text says why and what to do."""


def say(text: str) -> None:
    """A line on standard output, at once: others may read it from a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def clock() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def demo_stem(settings: Settings) -> str:
    """The name of the demo's files: each bot of Telegram's has its own, by its public number."""
    number = settings.token.partition(":")[0]
    return f"demo-{number}" if number else "demo"


def until_ended(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, or until SIGTERM or SIGINT: both are a wish, not a failure."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(work)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())


def port_taken(error: OSError, port: int) -> Problem | None:
    """What to say of a port on which nothing can listen; None for any other error."""
    reasons = {
        errno.EADDRINUSE: "another program listens there",
        errno.EACCES: "this user may not listen there",
        errno.EADDRNOTAVAIL: "the address is not this machine's",
    }
    reason = reasons.get(error.errno or 0)
    if reason is None:
        return None
    return Problem(
        f"port {port} cannot be used: {reason}. Take another one, such as --port {port + 1}"
    )


def explained(error: Exception) -> str | None:
    """The sentence for what an operator can mend; None for a defect, whose traceback counts."""
    # Only a command that has failed needs these, and then they are loaded already.
    from sqlalchemy.exc import OperationalError
    from telegram.error import InvalidToken

    from core.storage.failures import DatabaseInUse, DatabaseTooOld

    if isinstance(error, InvalidToken):
        return "Telegram does not know this TELEGRAM_TOKEN. @BotFather shows the right one"
    if isinstance(error, DatabaseInUse | DatabaseTooOld):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name == "asyncpg":
        return "PostgreSQL needs one more package: pip install 'comptoir[postgres]'"
    if isinstance(error, OperationalError):
        return f"the database does not answer: {error.orig}"
    if isinstance(error, OSError):
        return f"this machine refuses: {error}"
    return None
