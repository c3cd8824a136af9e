"""The bot as a whole: over HTTP, by polling and by webhook, its start, its end, its logs."""

import asyncio
import json
import logging
import os
import signal
import socket

import pytest
from telegram.error import InvalidToken
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from bot.app import BotSettings, build
from bot.base.logs import Redaction, protect_logs
from bot.local_telegram.api_server import serving
from bot.local_telegram.faults import Fault, Outcome
from bot.receive.webhook import LARGEST_BODY, SIGNED_BY
from bot.screens.home import home
from bot.screens.home.home import NO_OWNER
from bot.turn.registry import Registry
from core.domain.people import MACHINE, Role
from core.services.people import team
from core.services.work import Work
from core.storage.chat_tables import inbox, outbox
from core.storage.tables import person
from tests.bot import trial
from tests.bot.conftest import hire, registry
from tests.chat import Chat
from tests.people import LEA, SAMSON

SECRET = "a-secret_1"


@pytest.fixture
async def filled(database, clock):
    await database.write(hire, clock())
    await database.write(trial.fill)
    return database


async def until(condition, *, seconds=20):
    """Let the loops run until something is so."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - the world has no event for what is shown
            await asyncio.sleep(0.01)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


async def post(port, body, **headers):
    request = HTTPRequest(
        f"http://127.0.0.1:{port}/",
        method="POST",
        body=body if isinstance(body, bytes) else json.dumps(body),
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    return (await AsyncHTTPClient().fetch(request, raise_error=False)).code


async def shows(world, text):
    return any(text in each.get("text", "") for each in world.history(LEA))


async def test_by_polling_over_http(filled, world, clock, caplog):
    """One conversation on real sockets, at the chattiest level of the log: no token in it."""
    caplog.set_level(logging.DEBUG)
    async with serving(world) as url:
        app = build(BotSettings(world.token, url), filled, clock, registry=registry())
        await app.start()
        lea = Chat(world, LEA, lambda: asyncio.sleep(0))
        await lea.says("/shelf")
        await until(lambda: shows(world, "10 there"))
        await lea.taps("take", 1)
        await until(lambda: shows(world, "9 there"))
        await lea.sends_document("list.csv", b"a,b")
        await app.stop()
    assert world.token not in caplog.text
    assert not await filled.read(open_rows)


def open_rows(connection):
    is_open = outbox.c.state.in_(("queued", "sending"))
    return connection.execute(outbox.select().where(is_open)).all()


async def test_by_webhook(filled, world, clock, caplog):
    caplog.set_level(logging.DEBUG)
    port = free_port()
    async with serving(world) as url:
        settings = BotSettings(
            world.token,
            url,
            webhook_url=f"http://127.0.0.1:{port}/",
            webhook_secret=SECRET,
            listen_port=port,
        )
        app = build(settings, filled, clock, registry=registry())
        await app.start()
        world.says(LEA, "/shelf")
        await until(lambda: shows(world, "10 there"))
        update = {"update_id": 999, "message": "hostile"}
        wrong = [{}, {SIGNED_BY: "no"}, {SIGNED_BY: "\u00e9"}]
        for header in wrong:
            assert await post(port, update, **header) == 403
        assert await post(port, update, **{SIGNED_BY: SECRET}) == 200
        assert await post(port, b"no json", **{SIGNED_BY: SECRET}) == 200
        assert await post(port, b"x" * (LARGEST_BODY + 1), **{SIGNED_BY: SECRET}) != 200
        response = await AsyncHTTPClient().fetch(
            f"http://127.0.0.1:{port}/health", raise_error=False
        )
        told = json.loads(response.body)
        # The clock of the test stands, and is seen to differ from the one of the server.
        assert [each for each in told["problems"] if "the clock" not in each] == []
        assert told["ok"] is not any("the clock" in each for each in told["problems"])
        assert told["at_work"] == clock().isoformat()
        await app.stop()

    def unreadable(connection):
        condition = inbox.c.state.in_(("unreadable", "new"))
        return connection.execute(inbox.select().where(condition)).all()

    assert {row.raw for row in await filled.read(unreadable)} == {json.dumps(update), "no json"}
    assert SECRET not in caplog.text


async def test_a_webhook_whose_updates_cannot_be_kept_says_so(filled, world, clock):
    def observe(statement):
        if "INSERT INTO inbox" in statement or "FROM outbox" in statement:
            raise OSError("disk full")

    port = free_port()
    async with serving(world) as url:
        settings = BotSettings(
            world.token,
            url,
            webhook_url=f"http://127.0.0.1:{port}/",
            webhook_secret=SECRET,
            listen_port=port,
        )
        app = build(settings, filled, clock, registry=registry())
        await app._get_ready()
        await app._open_webhook()
        with filled.watch_statements(observe):
            assert await post(port, {"update_id": 5}, **{SIGNED_BY: SECRET}) == 503
            response = await AsyncHTTPClient().fetch(
                f"http://127.0.0.1:{port}/health", raise_error=False
            )
        assert response.code == 503
        await app.stop()


async def test_a_webhook_needs_a_secret(filled, world, clock):
    async with serving(world) as url:
        settings = BotSettings(world.token, url, webhook_url="http://127.0.0.1:1/")
        app = build(settings, filled, clock, registry=registry())
        with pytest.raises(ValueError, match="secret"):
            await app.start()


async def test_a_wrong_token_ends_the_start(filled, world, clock):
    async with serving(world) as url:
        app = build(BotSettings("1:wrong", url), filled, clock, registry=registry())
        with pytest.raises(InvalidToken):
            await app.start()


async def test_a_signal_ends_what_is_running(filled, world, clock):
    async with serving(world) as url:
        app = build(BotSettings(world.token, url), filled, clock, registry=registry())
        running = asyncio.create_task(app.run())
        world.says(LEA, "/shelf")
        await until(lambda: shows(world, "10 there"))
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(running, 20)


async def test_a_part_that_fails_ends_the_bot(filled, world, clock):
    async with serving(world) as url:
        app = build(BotSettings(world.token, url), filled, clock, registry=registry())
        running = asyncio.create_task(app.run())
        await until(lambda: asyncio.sleep(0, app.context.username and app._loops))
        world.token = "1:another"
        world.says(LEA, "/shelf")
        with pytest.raises(InvalidToken):
            await asyncio.wait_for(running, 20)


async def test_what_is_late_at_the_end_is_done_by_the_next_process(staging):
    """Telegram does not answer while the bot is stopped: nobody waits for it, nothing is lost."""
    stuck, hold = asyncio.Event(), asyncio.Event()

    async def guard(method):
        if method == "sendMessage" and hold.is_set():
            stuck.set()
            await asyncio.Event().wait()

    stage = staging(guard=guard)
    await stage.app.start()
    hold.set()
    stage.world.says(LEA, "/shelf")
    await asyncio.wait_for(stuck.wait(), 20)
    await stage.app.stop(seconds=0)
    hold.clear()
    stage.again()
    stage.clock.passes(minutes=2)
    await stage.settle()
    assert await shows(stage.world, "10 there")


async def test_polling_goes_on_after_trouble(filled, world, clock, monkeypatch):
    monkeypatch.setattr("bot.receive.polling.PAUSES", (0.01, 0.02, 0.05))
    async with serving(world) as url:
        world.faults.add(Fault(Outcome.SERVER_ERROR, "getUpdates"))
        world.faults.add(Fault(Outcome.FLOOD, "getUpdates", retry_after=0))
        app = build(BotSettings(world.token, url), filled, clock, registry=registry())
        await app.start()
        world.says(LEA, "/shelf")
        await until(lambda: shows(world, "10 there"))
        await app.stop()


async def test_another_bot_with_the_same_token_is_named(filled, world, clock, caplog, monkeypatch):
    monkeypatch.setattr("bot.receive.polling.PAUSES", (0.01, 0.02, 0.05))
    async with serving(world) as url:
        app = build(BotSettings(world.token, url), filled, clock, registry=registry())
        await app.start()
        asks = f"{url}/bot{world.token}/getUpdates?timeout=0"
        while "another program asks" not in caplog.text:
            await AsyncHTTPClient().fetch(asks, raise_error=False)
        world.says(LEA, "/shelf")
        await until(lambda: shows(world, "10 there"))
        await app.stop()
    assert "another program asks Telegram for this bot's news" in caplog.text


async def test_parts_go_on_after_the_database_was_away(filled, world, clock, monkeypatch, caplog):
    monkeypatch.setattr("bot.app.TROUBLE_PAUSE", 0)
    left = {"FROM inbox": 1, "FROM outbox": 1, "FROM focus": 1}

    def observe(statement):
        for words, number in left.items():
            if words in statement and number:
                left[words] = 0
                raise OSError("away")

    async with serving(world) as url:
        app = build(BotSettings(world.token, url), filled, clock, registry=registry())
        await app._get_ready()
        with filled.watch_statements(observe):
            await app.start()
            world.says(LEA, "/shelf")
            await until(lambda: shows(world, "10 there"))
        await app.stop()
    assert "a part of the bot was interrupted: OSError" in caplog.text


async def test_a_running_bot_settles_by_itself(filled, world, clock):
    async with serving(world) as url:
        app = build(BotSettings(world.token, url), filled, clock, registry=registry())
        await app.start()
        with pytest.raises(RuntimeError, match="running"):
            await app.settle()
        await app.stop()


# --- What is done by itself, menus, people ----------------------------------------------------


async def test_jobs_are_done_and_tell(stage):
    sam = stage.chat(SAMSON)
    done = []

    def job(work):
        if not done:
            done.append(work.actor)
            work.tell("announced", what="the morning")

    def broken(work):
        raise ZeroDivisionError

    stage.app.context.registry.jobs[:] = [broken, job]
    await stage.settle()
    assert done == [MACHINE]
    sam.sees("heard of the morning")


async def test_an_event_nobody_hears_of_is_logged(stage, lea, caplog):
    stage.app.context.registry.events.clear()
    await lea.says("/announce x")
    lea.sees("announced")
    assert "announced" in caplog.text


async def test_menus_are_published_once_and_again_when_they_change(stage, lea):
    world = stage.world
    assert [each["command"] for each in world.commands_for(LEA)] == [
        "start", "help", "language", "shelf", "announce"
    ]  # fmt: skip
    world.add_person(900, "Eve", language_code="fr")
    assert [each["command"] for each in world.commands_for(900)] == ["start", "help", "language"]
    calls = len(world.calls_of("setMyCommands"))
    stage.again()
    await stage.settle()
    assert len(world.calls_of("setMyCommands")) == calls


async def test_a_link_makes_a_stranger_one_of_us(stage):
    def invite(connection):
        return team.invite(Work(connection, MACHINE, stage.clock()), Role.SALES)

    token = await stage.write(invite)
    stage.world.add_person(900, "Eve")
    eve = stage.chat(900)
    await eve.starts(token)
    eve.sees("Comptoir · Eve")
    assert "shelf" in [each["command"] for each in stage.world.commands_for(900)]
    await eve.starts(token)
    eve.is_refused("link_invalid")


async def test_the_language_can_be_chosen(stage, lea):
    await lea.says("/language")
    assert lea.can("speak", "✓ English")
    await lea.taps("speak", "fr")
    lea.sees("Français")
    (row,) = await stage.rows(person, person.c.telegram_id == LEA)
    assert row.language == "fr"
    await lea.says("/language")
    data = lea.button("speak", "en").data.replace("|en|", "|xx|")
    await lea.forges(data)
    (row,) = await stage.rows(person, person.c.telegram_id == LEA)
    assert row.language == "fr"


async def test_help_is_of_the_role(lea):
    await lea.says("/help")
    lea.sees("High End: 20 laptop, 3x mouse 10%", "/language")
    await lea.goes_back()
    lea.sees("Comptoir · Lea")


async def test_without_an_owner_the_home_says_where_his_link_is(database, world, clock):
    from bot.local_telegram.request import LocalRequest

    request = LocalRequest(world)
    only_home = Registry.of((home,))
    app = build(BotSettings(world.token), database, clock, request=request, registry=only_home)
    world.starts(LEA)
    await app.settle()
    assert NO_OWNER in world.history(LEA)[-1]["text"]
    assert not app.context.registry.jobs


# --- Logs -------------------------------------------------------------------------------------


def test_secrets_are_hidden_also_in_tracebacks():
    redaction = Redaction(["", "open sesame"])
    error = ValueError("open sesame 123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi")
    found = (ValueError, error, None)
    record = logging.LogRecord("x", 20, "f", 1, "%s of %s", ("open sesame", 3), found)
    assert redaction.filter(record)
    text = logging.Formatter().format(record)
    assert "sesame" not in text
    assert "ABCDEF" not in text
    assert "(hidden) of 3" in text


def test_handlers_are_protected():
    root = logging.getLogger()
    handler = logging.NullHandler()
    root.addHandler(handler)
    try:
        protect_logs(["open sesame"])
        assert any(isinstance(each, Redaction) for each in handler.filters)
        assert logging.getLogger("httpx").level == logging.WARNING
    finally:
        root.removeHandler(handler)
