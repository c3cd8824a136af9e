"""The bot as it is operated, as programs: killed, copied, put back, watched, on both databases."""

import asyncio
import json
import signal
import socket
import sqlite3
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from tornado.httpclient import AsyncHTTPClient

from bot.command_line.console import clock
from bot.local_telegram.api_server import serving
from bot.local_telegram.world import World
from bot.operate.backup_retention import copies_in, stem_of
from core.domain.people import MACHINE
from core.services.work import Work
from core.storage.database import open_database
from core.storage.schema import migrate
from core.storage.tables import document
from tests.bot.processes import PATIENCE, comptoir, started
from tests.chat import has, newest_button
from tests.people import LEA, SAMSON
from tests.scenarios.stage import found_crimson

pytestmark = pytest.mark.slow

YEAR = datetime.now(UTC).year


@pytest.fixture
def world():
    made = World(now=lambda: datetime.now(UTC))
    made.add_person(SAMSON, "Samson")
    made.add_person(LEA, "Lea")
    return made


@pytest.fixture
async def shop(databases, dialect, world):
    """The settings of a bot on a database with a company, and the links of its people."""
    url = databases.empty(dialect)
    async with await open_database(url, clock=clock) as database:
        await database.write(migrate)
        crimson = await database.write(lambda c: found_crimson(Work(c, MACHINE, clock())))
    yield {"TELEGRAM_TOKEN": world.token, "DATABASE_URL": url}, crimson.links
    databases.remove(url)


class Phone:
    """A person who waits for what has to be seen."""

    def __init__(self, world, person):
        self.world = world
        self.person = person

    async def sees(self, *parts):
        """Wait until a message has all of this, and return it."""
        return await self._waits(lambda each: has(each.get("text", ""), *parts), parts)

    async def can(self, action, *which):
        """Wait until there is such a button, and return it."""
        return await self._waits(lambda each: _button_on(each, action, which), action)

    async def _waits(self, found_on, what):
        changed = asyncio.Event()
        end = self.world.subscribe(self.person, lambda event: changed.set())
        try:
            async with asyncio.timeout(PATIENCE):
                while not (found := self._newest(found_on)):
                    await changed.wait()
                    changed.clear()
        except TimeoutError:
            chat = "\n".join(each.get("text", "(no text)") for each in self._messages())
            raise AssertionError(f"{what!r} did not come:\n{chat}") from None
        finally:
            end()
        return found

    def _newest(self, found_on):
        return next((each for each in reversed(self._messages()) if found_on(each)), None)

    def _messages(self):
        return self.world.history(self.person)

    async def taps(self, action, *which):
        """Tap a button once it is there, and return the answer to the tap."""
        await self.can(action, *which)
        answered = asyncio.get_running_loop().create_future()

        def notice(event):
            if event["type"] == "answer" and not answered.done():
                answered.set_result(event["text"])

        end = self.world.subscribe(self.person, notice)
        button = newest_button(self._messages(), action, *which)
        self.world.taps(self.person, button.message_id, button.data)
        async with asyncio.timeout(PATIENCE):
            answer = await answered
        end()
        return answer

    def says(self, words):
        self.world.says(self.person, words)

    async def sells(self, number, paper):
        """Type an order and confirm it, until it has its number."""
        self.says(f"High End: {number} LAP-14")
        await self.sees(f"{number} × Laptop")
        await self.taps("order_now")
        return await self.sees(paper)


def _button_on(message, action, which):
    try:
        return newest_button([message], action, *which)
    except LookupError:
        return None


async def joined(world, links):
    samson, lea = Phone(world, SAMSON), Phone(world, LEA)
    for person in (SAMSON, LEA):
        world.starts(person, links[person])
    await samson.can("settings")
    await lea.can("new_order")
    return samson, lea


async def numbers(url):
    def read(connection):
        return sorted(
            connection.scalars(select(document.c.number).where(document.c.number.is_not(None)))
        )

    async with await open_database(url, clock=clock, read_only=True) as database:
        return await database.read(read)


async def test_the_drill(tmp_path, world, shop, databases):
    """Copied while it runs, killed, put back, gone on with: no number comes twice."""
    settings, links = shop
    async with serving(world) as url:
        settings |= {"TELEGRAM_API_URL": url}
        async with started(tmp_path, **settings) as bot:
            _, lea = await joined(world, links)
            await lea.sells(2, f"SO-{YEAR}-0001")
            made = await comptoir(tmp_path, "backup", "copy.db", **settings)
            assert made.returncode == 0, made.stderr
            await lea.sells(3, f"SO-{YEAR}-0002")
            assert await bot.ends(signal.SIGKILL) == -signal.SIGKILL
        if settings["DATABASE_URL"].startswith("postgresql"):
            refused = await comptoir(tmp_path, "restore", "copy.db", **settings)
            assert "has tables already. Make an empty database" in refused.stderr
            settings["DATABASE_URL"] = databases.empty("postgresql")
        back = await comptoir(tmp_path, "restore", "copy.db", "--replace", anew=True, **settings)
        assert back.returncode == 0, back.stderr
        assert (await comptoir(tmp_path, "check", **settings)).returncode == 0
        async with started(tmp_path, **settings) as bot:
            samson, lea = Phone(world, SAMSON), Phone(world, LEA)
            await samson.can("last_number", f"SO-{YEAR}")
            lea.says("High End: 5 LAP-14")
            await lea.sees("5 × Laptop")
            assert f"SO-{YEAR}" in await lea.taps("order_now")
            await samson.taps("last_number", f"SO-{YEAR}")
            await samson.can("cancel")
            samson.says("2")
            await samson.sees(f"SO-{YEAR}-0002")
            await samson.taps("finish")
            await samson.sees(f"SO-{YEAR}: 1")
            await samson.taps("numbers_right")
            await lea.sells(7, f"SO-{YEAR}-0003")
            assert await bot.ends() == 0
        assert await numbers(settings["DATABASE_URL"]) == [f"SO-{YEAR}-0001", f"SO-{YEAR}-0003"]
        checked = await comptoir(tmp_path, "check", **settings)
        assert checked.returncode == 0, checked.stdout


async def test_one_bot_at_a_time_runs_on_a_database(tmp_path, world, shop):
    settings, _ = shop
    async with serving(world) as url:
        settings |= {"TELEGRAM_API_URL": url}
        async with started(tmp_path, **settings) as bot:
            await bot.says("Comptoir is @")
            second = await comptoir(tmp_path, "run", **settings)
            assert second.returncode == 1
            assert "another pro" in second.stderr
            moved = await comptoir(tmp_path, "migrate", **settings)
            assert "Stop the bot first" in moved.stderr
            put = await comptoir(tmp_path, "backup", "copy.db", **settings)
            assert put.returncode == 0
            put = await comptoir(tmp_path, "restore", "copy.db", "--replace", **settings)
            assert put.returncode == 1
            assert "Stop the bot first; nothing was changed" in put.stderr
            assert await bot.ends() == 0
        async with started(tmp_path, **settings) as bot:
            await bot.says("Comptoir is @")
            assert await bot.ends() == 0


async def test_health_is_told_and_the_log_has_neither_secrets_nor_texts(tmp_path, world, shop):
    settings, links = shop
    (tmp_path / "copies").mkdir()
    secret = "Tell nobody about the canary"
    before = await comptoir(tmp_path, "health", anew=True, **settings)
    assert before.returncode == 1
    assert "NOT WELL: the bot has not run on this database yet" in before.stdout
    async with serving(world) as url:
        settings |= {
            "TELEGRAM_API_URL": url,
            "LOG_LEVEL": "debug",
            "BACKUP_FOLDER": str(tmp_path / "copies"),
        }
        port = free_port()
        async with started(tmp_path, "run", "--port", str(port), **settings) as bot:
            _, lea = await joined(world, links)
            await bot.complains("the nightly copy is made")
            lea.says(secret)
            await bot.complains("a text is answered")
            told = await comptoir(tmp_path, "health", **settings)
            assert (told.returncode, told.stderr) == (0, ""), told.stdout
            assert told.stdout.strip().endswith(": well")
            response = await AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}/health")
            answer = json.loads(response.body)
            assert answer["ok"] is True
            assert answer["last_copy"]
            assert abs(answer["skew_seconds"]) <= 2
            assert world.token not in response.body.decode()
            assert await bot.ends() == 0
    assert len(copies_in(tmp_path / "copies", stem_of(settings["DATABASE_URL"]))) == 1
    logged_without_secrets(
        bot.complained, (world.token, secret, "canary", "Samson", *links.values())
    )


def logged_without_secrets(log, hidden):
    lines = log.splitlines()
    assert all(line.startswith("time=2") and " event=" in line for line in lines)
    answered = [line for line in lines if 'event="a text is answered"' in line]
    assert answered
    assert all(f" chat={LEA} " in line and " update=" in line and " turn=" in line
               for line in answered)  # fmt: skip
    for each in hidden:
        assert each not in log


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


async def test_a_signal_ends_it_within_ten_seconds_whatever_it_waits_for(tmp_path, world, shop):
    """Somebody else holds the database, and a turn waits for it without an end in sight."""
    settings, links = shop
    async with serving(world) as url, held(settings["DATABASE_URL"]) as hold:
        settings |= {"TELEGRAM_API_URL": url}
        async with started(tmp_path, **settings) as bot:
            _, lea = await joined(world, links)
            await hold()
            lea.says("High End: 2 LAP-14")
            begun = time.monotonic()
            status = await bot.ends()
            assert time.monotonic() - begun < 10.5
            assert status in (0, 1)
    async with serving(world) as url:
        settings |= {"TELEGRAM_API_URL": url}
        async with started(tmp_path, **settings) as bot:
            await Phone(world, LEA).sees("2 × Laptop")
            assert await bot.ends() == 0
    assert (await comptoir(tmp_path, "check", **settings)).returncode == 0


@asynccontextmanager
async def held(url):
    """A session of somebody else: gives what locks all that a turn needs, once it is called."""
    address = make_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    other = sqlite3.connect(address.database if is_sqlite else ":memory:", isolation_level=None)
    engine = None if is_sqlite else create_async_engine(address)

    async def hold():
        if engine is None:
            other.execute("BEGIN IMMEDIATE")
        else:
            connection = await engine.connect()
            await connection.execute(text("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"))
            sessions.append(connection)

    sessions = []
    try:
        yield hold
    finally:
        other.close()
        for session in sessions:
            await session.close()
        if engine is not None:
            await engine.dispose()
