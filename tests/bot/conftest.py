"""The bot as it runs, over a real database and the strict local Telegram.

The modules under test are the real ones and one more, `trial.py`, which keeps a few shelves with
counts: small enough to see what the machinery does, and nothing of it is a stand-in.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import App, BotSettings, build
from bot.context import Registry
from bot.local.request import LocalRequest
from bot.local.world import World
from bot.screens import arrival, home, language
from bot.screens import help as help_screen
from core.domain.people import Role
from core.storage.database import Database, open_database
from core.storage.models import Inbox, Outbox, Person, PersonRole
from core.storage.schema import migrate
from core.storage.writing import table_of
from tests.bot import trial
from tests.chat import Chat
from tests.databases import Databases, Dialect

LEA, OMAR, SAM = 101, 102, 103
PEOPLE = {LEA: ("Lea", Role.SALES), OMAR: ("Omar", Role.STOREKEEPER), SAM: ("Sam", Role.OWNER)}

inbox, outbox = table_of(Inbox), table_of(Outbox)
person, person_role = table_of(Person), table_of(PersonRole)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def passes(self, **spans: float) -> None:
        self.moment += timedelta(**spans)


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

    def chat(self, user_id: int) -> Chat:
        return Chat(self.world, user_id, self.settle)

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


def data_of(chat: Chat, label: str) -> str:
    """What a button of the newest card carries."""
    rows = chat.card["reply_markup"]["inline_keyboard"]
    return next(each["callback_data"] for row in rows for each in row if each["text"] == label)


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


@pytest.fixture
def world(clock: Clock) -> World:
    made = World(now=clock)
    for user_id, (name, _) in PEOPLE.items():
        made.add_person(user_id, name)
    return made


def hire(connection: Any, now: datetime) -> None:
    for user_id, (name, role) in PEOPLE.items():
        row = {"telegram_id": user_id, "name": name, "language": "en", "created_at": now}
        statement = person.insert().values(**row).returning(person.c.id)
        person_id = connection.execute(statement).scalar_one()
        values = {"person_id": person_id, "role": str(role), "since": now}
        connection.execute(person_role.insert().values(**values))


def registry() -> Registry:
    return Registry.of((home, help_screen, language, arrival, trial))


Staging = Callable[..., Awaitable[Stage]]


@pytest.fixture
def staging(database: Database, world: World, clock: Clock) -> Staging:
    """Makes the bot, with what `build` takes."""

    async def make(*, guard: Guard | None = None, **parts: Any) -> Stage:
        await database.write(hire, clock())
        await database.write(trial.fill)
        settings = BotSettings(world.token)

        def new_app() -> App:
            request = Door(world)
            request.guard = guard
            return build(settings, database, clock, request=request, registry=registry(), **parts)

        stage = Stage(world, clock, again=new_app)
        for user_id in PEOPLE:
            world.starts(user_id)
        await stage.settle()
        return stage

    return make


@pytest.fixture
async def stage(staging: Staging) -> Stage:
    """The bot after everybody has said /start."""
    return await staging()


@pytest.fixture
def lea(stage: Stage) -> Chat:
    return stage.chat(LEA)


@pytest.fixture
def omar(stage: Stage) -> Chat:
    return stage.chat(OMAR)
