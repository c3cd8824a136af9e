"""Crimson and its people: the real bot over the strict local Telegram, and a chat for each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.app import App, BotSettings, build
from bot.local_telegram import keeping
from bot.local_telegram.request import LocalRequest
from bot.local_telegram.world import World
from core.domain.people import MACHINE, Role
from core.papers.maker import make_papers
from core.services import company
from core.services.people import parties, team
from core.services.products import catalog
from core.services.work import Work
from core.storage.database import Database, open_database
from core.storage.schema import migrate
from tests.chat import Chat
from tests.databases import Databases, Dialect

SAMSON, LEA, OMAR, HIGH_END, MARTIN, VENDOR = 101, 102, 103, 104, 105, 106

NAMES = {
    SAMSON: "Samson",
    LEA: "Lea",
    OMAR: "Omar",
    HIGH_END: "Kim",
    MARTIN: "Paul",
    VENDOR: "Wei",
}


class Clock:
    """A clock that stands until it is moved: Tuesday, 24 November 2026, 10:00 in Paris."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def passes(self, **spans: float) -> None:
        self.moment += timedelta(**spans)


@dataclass
class Crimson:
    """What was set up: ids by name, and each person's one-time link."""

    products: dict[str, int] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)
    links: dict[int, str] = field(default_factory=dict)


def found_crimson(work: Work) -> Crimson:
    """Set the company up: two staff parties, two customers, a vendor, a few products."""
    company.set_up(
        work,
        name="Crimson",
        street="12 rue des Lilas",
        postal_code="69003",
        city="Lyon",
        country="FR",
        tax_id="FR11123456782",
        phone="+33 4 72 00 00 00",
        email="hello@crimson.example",
        bank_details="FR76 3000 6000 0112 3456 7890 189",
        currency="EUR",
        zone="Europe/Paris",
        language="en",
    )
    made = Crimson()
    company.add_tax(work, name="VAT 20 %", category="S", percent=Decimal(20), default=True)
    export = company.add_tax(work, name="Export", category="G", percent=Decimal(0), default=False)
    catalog.set_rate(work, "AUD", Decimal("0.61"), day=date(2026, 11, 1), source="ECB")
    _fill_catalogue(work, made)
    _add_parties(work, made, export=export)
    return made


def _fill_catalogue(work: Work, made: Crimson) -> None:
    rows = (
        ("LAP-14", "Laptop Pro 14", "Portable Pro 14", "1450"),
        ("MOU-2", "Mouse M2", "Souris M2", "18"),
        ("MOU-3", "Mouse M3", "Souris M3", "24"),
    )
    for sku, name, french, price in rows:
        made.products[sku] = catalog.add_product(
            work, sku=sku, name=name, names={"fr": french}, list_price=Decimal(price)
        )
    made.products["CAB"] = catalog.add_product(
        work, sku="CAB", name="Network cable", names={"fr": "Câble réseau"}, unit="m",
        unit_digits=2, list_price=Decimal("1.2"),
    )  # fmt: skip
    made.products["FREIGHT"] = catalog.add_product(
        work, sku="FREIGHT", name="Freight", names={"fr": "Transport"}, nature="service",
        list_price=Decimal(90),
    )  # fmt: skip
    book = catalog.add_price_book(work, name="AUD 2026", currency="AUD", is_default=True)
    for sku, price in (("LAP-14", "2390"), ("MOU-2", "29"), ("MOU-3", "39")):
        catalog.set_price(work, book, made.products[sku], unit_price=Decimal(price))


def _add_parties(work: Work, made: Crimson, *, export: int) -> None:
    rows: tuple[tuple[str, str, dict[str, Any], tuple[str, str, str, str], int, str], ...] = (
        (
            "high_end",
            "High End Computers",
            {"customer": True, "language": "en", "currency": "AUD", "tax_rule_id": export},
            ("1 George Street", "2000", "Sydney", "AU"),
            HIGH_END,
            "Kim Tan",
        ),
        (
            "martin",
            "Papeterie Martin",
            {
                "customer": True,
                "language": "fr",
                "currency": "EUR",
                "tax_id": "FR14987654324",
            },
            ("3 place Bellecour", "69002", "Lyon", "FR"),
            MARTIN,
            "Paul Martin",
        ),
        (
            "vendor",
            "Shenzhen Parts",
            {"vendor": True, "language": "en", "currency": "EUR", "tax_rule_id": export},
            ("88 Nanhai Avenue", "518000", "Shenzhen", "CN"),
            VENDOR,
            "Wei Chen",
        ),
    )
    for key, name, details, place, person, contact in rows:
        party_id = made.parties[key] = parties.add_party(work, name=name, **details)
        street, postal_code, city, country = place
        parties.add_address(
            work,
            party_id,
            use="billing",
            street=street,
            postal_code=postal_code,
            city=city,
            country=country,
        )
        contact_id = parties.add_contact(work, party_id, name=contact)
        role = Role.VENDOR if details.get("vendor") else Role.CUSTOMER
        made.links[person] = team.invite(work, role, contact_id=contact_id)
    for person, role in ((SAMSON, Role.OWNER), (LEA, Role.SALES), (OMAR, Role.STOREKEEPER)):
        made.links[person] = team.invite(work, role)


class Stage:
    """The bot as it runs, everybody joined, a chat for each; `again()` after it has died."""

    def __init__(
        self, world: World, clock: Clock, crimson: Crimson, *, new_app: Callable[..., App]
    ) -> None:
        self.world = world
        self.clock = clock
        self.crimson = crimson
        self._new_app = new_app
        self.app = new_app()

    @property
    def database(self) -> Database:
        return self.app.database

    async def settle(self) -> None:
        await self.app.settle()

    def chat(self, person: int) -> Chat:
        return Chat(self.world, person, self.settle)

    def again(self, **settings: str) -> None:
        """Another process takes over, which knows only what the database holds; as it is set."""
        self.app = self._new_app(**settings)

    async def asks(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a service or a query answers, over a read."""
        return await self.database.read(function, *arguments)

    async def does(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """What a service does as the machine, in its own transaction."""

        def run(connection: Any) -> Any:
            return function(Work(connection, MACHINE, self.clock()), *arguments, **named)

        return await self.database.write(run)


async def open_stage(database: Database, clock: Clock, *, language: str = "en") -> Stage:
    """Crimson set up in an empty database, and everybody joined by his link."""
    world = World(now=clock)
    for person, name in NAMES.items():
        code = "fr" if person == MARTIN else language
        world.add_person(person, name, language_code=code)

    def found(connection: Any) -> Crimson:
        return found_crimson(Work(connection, MACHINE, clock()))

    crimson = await database.write(found)
    stage = _stage(database, clock, world=world, crimson=crimson)
    for person, token in crimson.links.items():
        world.starts(person, token)
    await stage.settle()
    return stage


def _stage(
    database: Database, clock: Clock, *, world: World, crimson: Crimson, provider_token: str = ""
) -> Stage:
    def new_app(provider_token: str = provider_token) -> App:
        return build(
            BotSettings(world.token, provider_token=provider_token),
            database,
            clock,
            request=LocalRequest(world),
            paper_maker=make_papers(database),
        )

    return Stage(world, clock, crimson, new_app=new_app)


@dataclass(frozen=True)
class Opening:
    """A copy of an opened stage: its database, and what is not in it."""

    url: str
    crimson: Crimson
    world: str

    def stage(self, database: Database, clock: Clock, *, provider_token: str = "") -> Stage:
        """Go on from there, over the copied database; perhaps with a payment provider."""
        world = World(now=clock)
        keeping.restore(world, json.loads(self.world))
        return _stage(
            database, clock, world=world, crimson=self.crimson, provider_token=provider_token
        )


class Openings:
    """Opens the stage once for each database and language, and copies it.

    To let everybody join takes ten times as long as to copy the database in which he has.
    """

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._opened: dict[tuple[Dialect, str], tuple[Crimson, str]] = {}

    def copy(self, dialect: Dialect, language: str) -> Opening:
        """A new copy of the stage; `Databases.remove` takes its database away."""

        def opens(url: str) -> None:
            self._opened[dialect, language] = asyncio.run(_opened(url, language))

        url = self._databases.copy_of(dialect, f"stage-{language}", build=opens)
        return Opening(url, *self._opened[dialect, language])


async def _opened(url: str, language: str) -> tuple[Crimson, str]:
    clock = Clock()
    async with await open_database(url, clock=clock) as database:
        await database.write(migrate)
        stage = await open_stage(database, clock, language=language)
        return stage.crimson, json.dumps(keeping.snapshot(stage.world))
