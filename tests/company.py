"""A company inside a transaction, and stories that happen in one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property, wraps
from inspect import Parameter, Signature, signature
from typing import Any, Self, TypeVar

from sqlalchemy import ColumnElement, Connection, func, select

from core.domain.people import MACHINE, Actor
from core.domain.places import PlaceRole
from core.services import company
from core.services.work import Event, Work
from core.storage.database import Database
from core.storage.tables import claim, waiting
from tests.actors import Colleague, employ
from tests.migrated import NOW

T = TypeVar("T")


def found(work: Work, **changed: Any) -> None:
    """Found the company Crimson."""
    given = {
        "name": "Crimson",
        "country": "FR",
        "currency": "EUR",
        "zone": "Europe/Paris",
        "language": "en",
    }
    company.set_up(work, **given | changed)


@dataclass
class Clock:
    """The time of a story, which stands still until the story moves it."""

    now: datetime


class Company:
    """A company inside a transaction: who acts, and when.

    `events` and `changed` are what all units of work have told.
    """

    def __init__(self, connection: Connection, now: datetime = NOW) -> None:
        self.connection = connection
        self.actor = MACHINE
        self.clock = Clock(now)
        self.events: list[Event] = []
        self.changed: set[str] = set()
        self.colleagues: dict[Colleague, Actor] = {}

    @property
    def now(self) -> datetime:
        """The time."""
        return self.clock.now

    @property
    def work(self) -> Work:
        """A unit of work that remembers nothing of those before."""
        return Work(
            self.connection, self.actor, self.now, events=self.events, changed=self.changed
        )

    @cached_property
    def places(self) -> Mapping[PlaceRole, int]:
        """The ids of the places."""
        return company.places(self.connection)

    def passes(self, **time: float) -> None:
        """Let time go by."""
        self.clock.now += timedelta(**time)

    def waits_until(self, moment: datetime) -> None:
        """Let time go by until a moment."""
        assert moment >= self.now
        self.clock.now = moment

    def by(self, who: Colleague | Actor) -> Self:
        """Return the same company with somebody else acting; colleagues join when first named."""
        if isinstance(who, Colleague):
            if who not in self.colleagues:
                self.colleagues[who] = employ(self.connection, who.name, who.role, at=self.now)
            who = self.colleagues[who]
        other = copy(self)
        other.actor = who
        return other

    def on(self, connection: Connection) -> Self:
        """Return the same company in another transaction, which has told nothing yet."""
        other = copy(self)
        other.connection, other.events, other.changed = connection, [], set()
        return other

    def told(self, name: str) -> list[Event]:
        """Return the events of this name."""
        return [each for each in self.events if each.name == name]

    def claimed(self, line_id: int) -> Decimal:
        """Return how much is claimed for a line."""
        return self._sum(claim.c.open, claim.c.line_id == line_id)

    def waiting(self, line_id: int) -> Decimal:
        """Return how much a line waits for."""
        return self._sum(waiting.c.quantity, waiting.c.line_id == line_id)

    def _sum(self, column: ColumnElement[Decimal], *where: ColumnElement[bool]) -> Decimal:
        total = select(func.coalesce(func.sum(column), 0)).where(*where)
        return Decimal(self.connection.execute(total).scalar_one())


class OpenCompany:
    """A company whose acts are transactions of their own and may happen at the same time."""

    def __init__(self, database: Database, shop: Company) -> None:
        self.database = database
        self.shop = shop

    async def does(self, act: Callable[[Any], T]) -> T:
        """Do something in a transaction."""
        return await self.database.write(lambda connection: act(self.shop.on(connection)))

    async def at_once(self, *acts: Callable[[Any], Any]) -> list[Any]:
        """Do all of this at once; return what came of each, or the name of its refusal."""
        done = await asyncio.gather(*map(self.does, acts), return_exceptions=True)
        return [type(each).__name__ if isinstance(each, BaseException) else each for each in done]


def story_in(
    opened: Callable[[Connection], Any], check: Callable[[Any], None] = lambda _shop: None
) -> Callable[[Callable[..., None]], Callable[..., Any]]:
    """Make the decorator of stories that happen in one transaction, and are checked at the end.

    A story gets what `opened` makes of the connection, and the fixtures that it asks for.
    """

    def decorate(play: Callable[..., None]) -> Callable[..., Any]:
        @wraps(play)
        async def test(database: Database, **fixtures: Any) -> None:
            def played(connection: Connection) -> None:
                shop = opened(connection)
                play(shop, **fixtures)
                check(shop)

            await database.write(played)

        asked = [Parameter("database", Parameter.POSITIONAL_OR_KEYWORD)]
        asked += list(signature(play).parameters.values())[1:]
        test.__signature__ = Signature(asked)
        return test

    return decorate
