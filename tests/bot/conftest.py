"""The bot as it runs, over a real database and the strict local Telegram.

The modules under test are the real ones and one more, `trial.py`, which keeps a few shelves with
counts: small enough to see what the machinery does, and nothing of it is a stand-in.
"""

import asyncio
import functools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import App, BotSettings, build
from bot.local_telegram import keeping
from bot.local_telegram.request import LocalRequest
from bot.local_telegram.world import World
from bot.screens.documents import delivery_confirmation
from bot.screens.home import help as help_screen
from bot.screens.home import home
from bot.screens.people import language
from bot.turn.registry import Registry
from core.storage.database import Database, open_database
from core.storage.schema import migrate
from core.storage.tables import person, person_role
from tests.bot import trial
from tests.clock import Clock
from tests.databases import Databases, Dialect
from tests.people import LEA, OMAR, PEOPLE, Person

STAFF = {user_id: known for user_id, known in PEOPLE.items() if not known.party}


Guard = Callable[[str], Awaitable[tuple[int, bytes] | None]]


class Door(LocalRequest):
    """The way to the local Telegram; `guard(method)` may hold a call up, or answer it itself."""

    guard: Guard | None = None

    async def do_request(self, url: str, *arguments: Any, **named: Any) -> tuple[int, bytes]:
        answer = await self.guard(url.rsplit("/", 1)[-1]) if self.guard else None
        return answer or await super().do_request(url, *arguments, **named)


class Stage:
    """The bot with its world; `again()` is the same bot after its process has died."""

    def __init__(self, world: World, clock: Clock, *, again: Callable[[], App]) -> None:
        self.app = again()
        self.world = world
        self.clock = clock
        self._again = again

    @property
    def database(self) -> Database:
        return self.app.database

    async def settle(self) -> None:
        await self.app.settle()

    def chat(self, user_id: int) -> Person:
        return Person(self.world, user_id, self.settle)

    def again(self) -> None:
        """Another process takes over, which knows only what the database holds."""
        self.app = self._again()

    async def rows(self, table: Any, *conditions: Any) -> list[Any]:
        def read(connection: Any) -> list[Any]:
            return connection.execute(select(table).where(*conditions).order_by(table.c.id)).all()

        return await self.database.read(read)

    async def count(self, shelf: int) -> int:
        return (await self.database.read(trial.shelf_of, shelf)).count

    async def write(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return await self.database.write(function, *arguments, **named)


def remove_roles(connection: Any, user_id: int) -> None:
    ids = person.select().with_only_columns(person.c.id).where(person.c.telegram_id == user_id)
    connection.execute(person_role.delete().where(person_role.c.person_id.in_(ids)))


def build_schema(url: str) -> None:
    async def migrated() -> None:
        async with await open_database(url, clock=Clock()) as database:
            await database.write(migrate)

    asyncio.run(migrated())


@pytest.fixture
def migrated_url(databases: Databases, dialect: Dialect) -> Iterator[str]:
    url = databases.copy_of(dialect, "bot", build=build_schema)
    yield url
    databases.remove(url)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(migrated_url: str, clock: Clock) -> AsyncIterator[Database]:
    async with await open_database(migrated_url, clock=clock) as opened:
        yield opened


def new_world(clock: Clock) -> World:
    made = World(now=clock)
    for user_id, known in STAFF.items():
        made.add_person(user_id, known.name)
    return made


@pytest.fixture
def world(clock: Clock) -> World:
    return new_world(clock)


def hire(connection: Any, now: datetime) -> None:
    for user_id, known in STAFF.items():
        row = {"telegram_id": user_id, "name": known.name, "language": "en", "created_at": now}
        statement = person.insert().values(**row).returning(person.c.id)
        person_id = connection.execute(statement).scalar_one()
        values = {"person_id": person_id, "role": str(known.role), "since": now}
        connection.execute(person_role.insert().values(**values))


def registry() -> Registry:
    return Registry.of((home, help_screen, language, delivery_confirmation, trial))


Staging = Callable[..., Stage]


def staged(
    world: World, clock: Clock, database: Database, *, guard: Guard | None = None, **parts: Any
) -> Stage:
    """The bot over a database in which its people work, with what `build` takes."""

    def new_app() -> App:
        request = Door(world)
        request.guard = guard
        settings = BotSettings(world.token)
        return build(settings, database, clock, request=request, registry=registry(), **parts)

    return Stage(world, clock, again=new_app)


async def everybody_starts(stage: Stage) -> None:
    for user_id in STAFF:
        stage.world.starts(user_id)
    await stage.settle()


class Openings:
    """What the bot's tests begin with: everybody has said /start.  Played once, and copied."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._worlds: dict[Dialect, str] = {}

    def copy(self, dialect: Dialect) -> tuple[str, str]:
        """The URL of a new copy of the database, and the world that belongs to it."""

        def opens(url: str) -> None:
            self._worlds[dialect] = asyncio.run(opened(url))

        url = self._databases.copy_of(dialect, "bot-started", build=opens)
        return url, self._worlds[dialect]


async def opened(url: str) -> str:
    clock = Clock()
    world = new_world(clock)
    async with await open_database(url, clock=clock) as database:
        await database.write(migrate)
        await database.write(hire, clock())
        await database.write(trial.fill)
        await everybody_starts(staged(world, clock, database))
    return json.dumps(keeping.snapshot(world))


@pytest.fixture(scope="session")
def started_copies(databases: Databases) -> Openings:
    return Openings(databases)


@pytest.fixture
def started_copy(
    started_copies: Openings, databases: Databases, dialect: Dialect
) -> Iterator[tuple[str, str]]:
    url, kept = started_copies.copy(dialect)
    yield url, kept
    databases.remove(url)


@pytest.fixture
async def staging(started_copy: tuple[str, str], clock: Clock) -> AsyncIterator[Staging]:
    """Makes the bot after everybody has said /start, with what `build` takes."""
    url, kept = started_copy
    world = World(now=clock)
    keeping.restore(world, json.loads(kept))
    async with await open_database(url, clock=clock) as database:
        yield functools.partial(staged, world, clock, database)


@pytest.fixture
def stage(staging: Staging) -> Stage:
    """The bot after everybody has said /start."""
    return staging()


@pytest.fixture
def lea(stage: Stage) -> Person:
    return stage.chat(LEA)


@pytest.fixture
def omar(stage: Stage) -> Person:
    return stage.chat(OMAR)
