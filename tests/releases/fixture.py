"""The shops that earlier releases have left, one folder each, and a bot that goes on with one.

A folder holds the same shop in a SQLite database and in a PostgreSQL one, as they were when the
process ended, the local Telegram of each, and `facts.json`: what must hold afterwards.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from bot.app import App, BotSettings, build
from bot.local_telegram import keeping
from bot.local_telegram.request import LocalRequest
from bot.local_telegram.world import World
from core.papers.maker import make_papers
from core.storage.database import Database, open_database
from tests.clock import Clock
from tests.databases import Databases, Dialect
from tests.releases.phone import KeptButton, Phone, buttons_of

FOLDER = Path(__file__).parent
PAUSE = timedelta(minutes=2)
"""How long the bot is away for the upgrade: whatever it was about to send is free again."""


@dataclass(frozen=True)
class Release:
    """What a release has left in a folder."""

    folder: Path

    @property
    def name(self) -> str:
        """Its version."""
        return self.folder.name

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """What must hold; see `tests.releases.facts` and `make`."""
        read: dict[str, Any] = json.loads((self.folder / "facts.json").read_text("utf-8"))
        return read

    @property
    def ended_at(self) -> datetime:
        """When the bot of the release was ended."""
        return datetime.fromisoformat(self.facts["ended_at"])

    def telegram(self, dialect: Dialect) -> dict[str, Any]:
        """What Telegram knows (`world`), and what each button did then (`outcomes`)."""
        read: dict[str, Any] = json.loads(self._read(f"{dialect}.telegram.json.xz"))
        return read

    def buttons(self, dialect: Dialect) -> list[KeptButton]:
        """The buttons of all chats; those that show a person the same, once."""
        screens = set(self.facts["names"]["screens"])
        found: dict[tuple[object, ...], KeptButton] = {}
        for chat in self.telegram(dialect)["world"]["chats"]:
            for message in chat["messages"]:
                for each in buttons_of(chat["chat_id"], message):
                    tap = each.tap
                    shows = (each.user_id, tap.action, tap.id, tap.argument)
                    found.setdefault(shows if tap.action in screens else (each.key,), each)
        return list(found.values())

    def put_back(self, databases: Databases, dialect: Dialect, url: str) -> None:
        """Fill an empty database with what the release has left in one of its kind."""
        if dialect == "sqlite":
            Path(str(make_url(url).database)).write_bytes(self._read("sqlite.db.xz"))
        else:
            databases.play_script(url, self._read("postgresql.sql.xz").decode())

    def save(
        self, databases: Databases, dialect: Dialect, url: str, *, telegram: Mapping[str, Any]
    ) -> None:
        """Write what `put_back` and `telegram` read; nobody has the database open any more."""
        if dialect == "sqlite":
            content = Path(str(make_url(url).database)).read_bytes()
            self._write("sqlite.db.xz", content)
        else:
            self._write("postgresql.sql.xz", databases.dumped(url).encode())
        self._write(f"{dialect}.telegram.json.xz", json.dumps(telegram).encode())

    def _read(self, name: str) -> bytes:
        return lzma.decompress((self.folder / name).read_bytes())

    def _write(self, name: str, content: bytes) -> None:
        packed = lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
        (self.folder / name).write_bytes(packed)


def releases() -> list[Release]:
    """All that are kept, the oldest first."""
    found = [Release(each.parent) for each in FOLDER.glob("*/facts.json")]
    return sorted(found, key=lambda each: [int(part) for part in each.name.split(".")])


@dataclass(frozen=True)
class Resumed:
    """The bot of this code over what a release has left, a while later."""

    release: Release
    app: App
    world: World
    clock: Clock

    @property
    def database(self) -> Database:
        """The shop's."""
        return self.app.database

    def phone(self, user_id: int) -> Phone:
        """Return the chat of a person."""
        return Phone(self.world, user_id, self.app.settle)


@asynccontextmanager
async def resumed(release: Release, dialect: Dialect, url: str) -> AsyncIterator[Resumed]:
    """Open the shop at `url`, which is migrated, with a bot that has not done anything yet."""
    clock = Clock()
    clock.moment = release.ended_at + PAUSE
    world = World(now=clock)
    keeping.restore(world, release.telegram(dialect)["world"])
    async with await open_database(url, clock=clock) as database:
        settings = BotSettings(world.token, provider_token=release.facts["provider_token"])
        app = build(
            settings,
            database,
            clock,
            request=LocalRequest(world),
            paper_maker=make_papers(database),
        )
        yield Resumed(release, app, world, clock)
