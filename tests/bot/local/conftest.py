"""A world with a clock of its own, a person who has written to the bot, and a real Bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.local_telegram.request import LocalRequest
from bot.local_telegram.world import World
from tests.clock import Clock
from tests.people import LEA


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    """A world in which Lea has said /start; the bot has confirmed that."""
    made = World(now=clock)
    made.add_person(LEA, "Lea")
    made.says(LEA, "/start")
    made.updates.confirm(2)
    return made


@pytest.fixture
async def bot(world: World) -> AsyncIterator[Bot]:
    """python-telegram-bot's own Bot, through the door inside the process."""
    request = LocalRequest(world)
    async with Bot(world.token, request=request, get_updates_request=request) as made:
        yield made
