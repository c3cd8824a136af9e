"""Every person of the demo company taps every button he can reach: no dead end, no defect."""

import logging
from collections import deque

import pytest
from bot.base.callbacks import decode
from bot.local_telegram.request import LocalRequest
from bot.local_telegram.world import World
from core.papers.maker import make_papers

from bot.app import BotSettings, build
from bot.demo.company import build as build_company
from bot.demo.company import invite
from bot.demo.people import PEOPLE, populate
from core.domain.people import MACHINE
from core.services.work import Work
from tests.chat import Chat

# Taps enough to see every screen of a person; more would only repeat them.
MOST_TAPS = 150


@pytest.fixture
def dialect():
    """What a button leads to does not depend on the database, and SQLite is quicker."""
    return "sqlite"


@pytest.fixture
async def crawled(database, clock):
    world = World(now=clock)
    populate(world)

    def fill(connection):
        work = Work(connection, MACHINE, clock())
        build_company(work)
        return [invite(work, person) for person in PEOPLE]

    tokens = await database.write(fill)
    request = LocalRequest(world)
    settings = BotSettings(world.token)
    app = build(settings, database, clock, request=request, paper_maker=make_papers(database))
    for person, token in zip(PEOPLE, tokens, strict=True):
        world.starts(person.user_id, token)
    await app.settle()
    return app, world


def kind_of(data):
    """Buttons of one kind lead to one kind of screen: one of each is tapped on each screen."""
    tap = decode(data)
    assert tap is not None, data
    return tap.action, tap.argument.split(":")[0]


def taps_of(message):
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [each["callback_data"] for row in rows for each in row if "callback_data" in each]


async def crawl(app, world, user_id):
    """Tap what is new, wherever it is; gives the kinds of buttons that were tapped."""
    chat = Chat(world, user_id, app.settle)
    await chat.says("/start")
    seen = set()
    waiting = deque()
    taps = 0
    while taps < MOST_TAPS:
        for message in chat.messages[-4:]:
            for data in taps_of(message):
                if kind_of(data) not in seen:
                    seen.add(kind_of(data))
                    waiting.append((message["message_id"], data))
        if not waiting:
            return seen
        message_id, data = waiting.popleft()
        world.taps(user_id, message_id, data, forged=True)
        await app.settle()
        taps += 1
        assert any(taps_of(each) for each in chat.messages[-8:]), chat.transcript()
    return seen


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.first_name)
async def test_every_button_leads_somewhere(crawled, person, caplog):
    app, world = crawled
    caplog.set_level(logging.WARNING)
    seen = await crawl(app, world, person.user_id)
    assert len(seen) > 3
    errors = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert not errors, caplog.text
    refused = [call for call in world.calls if call.description]
    unexpected = [call for call in refused if "not modified" not in call.description]
    assert not unexpected, unexpected
    assert all(query.answered for query in world.queries.values())
