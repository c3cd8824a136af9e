"""What the program around the bot gives to it: none of it is needed to talk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.operate.nightly_backup import CopyMaker


async def _alone() -> None:
    """Nobody else can have this database: there is nothing to look at."""


def _whenever() -> None:
    """Nobody minds how long the end takes."""


@dataclass(frozen=True)
class Operating:
    """How the bot is operated.

    Attributes:
        copy_maker: makes a copy in the settings' folder, once every night; None: no copies.
        look: sees, once a minute, that this is still the only program that runs on the database;
            what it raises ends the bot.
        on_end: called when a signal asks the bot to end.
        answers_health: whether a bot that polls listens for questions about its health.
    """

    copy_maker: CopyMaker | None = None
    look: Callable[[], Awaitable[None]] = _alone
    on_end: Callable[[], None] = _whenever
    answers_health: bool = False
