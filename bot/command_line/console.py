"""What the commands share: how they speak, fail and wait for their end."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from core.config import Settings

LONGEST_END: Final = 9.5
"""Seconds after which a program that was asked to end is gone; whoever asked waits for ten."""
FORCED: Final = 1
"""The exit status of a program that did not end by itself."""


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


class Deadline:
    """Has the program gone in time once it was asked to end, whatever still runs in it.

    Nothing is lost by that: it is what a crash would do, and a crash leaves no half turn.
    """

    def __init__(self, seconds: float = LONGEST_END) -> None:
        self._timer = threading.Timer(seconds, _end_by_force)
        self._timer.daemon = True
        self._begun = False

    def begin(self) -> None:
        """The program was asked to end."""
        if not self._begun:
            self._begun = True
            self._timer.start()

    def over(self) -> None:
        """It has ended by itself."""
        self._timer.cancel()


def _end_by_force() -> None:
    os.write(2, b"comptoir: what was running took too long, and was ended where it was.\n")
    os._exit(FORCED)


def until_ended(work: Callable[[Deadline], Coroutine[Any, Any, None]]) -> None:
    """Run to the end, or until SIGTERM or SIGINT: both are a wish, not a failure.

    `work` gets the deadline that it has to begin where it takes the signals over.
    """
    deadline = Deadline()

    async def run() -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(work(deadline))

        def asked_to_end() -> None:
            deadline.begin()
            task.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, asked_to_end)
        with suppress(asyncio.CancelledError):
            await task

    try:
        asyncio.run(run())
    finally:
        deadline.over()


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

    from core.storage.errors import DatabaseInUse, DatabaseTooOld

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
