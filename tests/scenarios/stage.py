"""Crimson and its people: the real bot over the strict local Telegram, and a chat for each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bot.app import App, BotSettings, build
from bot.local_telegram import keeping
from bot.local_telegram.request import LocalRequest
from bot.local_telegram.world import World
from core.domain.people import MACHINE, Role
from core.papers.maker import make_papers
from core.services import company, stock
from core.services.money import accounts
from core.services.people import parties, team
from core.services.products import catalog
from core.services.work import Work
from core.storage.database import Database, open_database
from core.storage.schema import migrate
from tests.clock import Clock
from tests.databases import Databases, Dialect
from tests.people import FRENCH, PEOPLE, Person


@dataclass
class Crimson:
    """What was set up: ids by name, and each person's one-time link."""

    products: dict[str, int] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)
    links: dict[int, str] = field(default_factory=dict)


def found_crimson(work: Work) -> Crimson:
    """Set the company up: two customers, a vendor, a few products, and links for its people."""
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
    _invite_people(work, made)
    return made


def _fill_catalogue(work: Work, made: Crimson) -> None:
    rows: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
        ("LAP-14", "Laptop Pro 14", "Portable Pro 14", "1450", {}),
        ("MOU-2", "Mouse M2", "Souris M2", "18", {}),
        ("MOU-3", "Mouse M3", "Souris M3", "24", {}),
        ("CAB", "Network cable", "Câble réseau", "1.2", {"unit": "m", "unit_digits": 2}),
        ("FREIGHT", "Freight", "Transport", "90", {"nature": "service"}),
    )
    for sku, name, french, price, details in rows:
        made.products[sku] = catalog.add_product(
            work, sku=sku, name=name, names={"fr": french}, list_price=Decimal(price), **details
        )
    book = catalog.add_price_book(work, name="AUD 2026", currency="AUD", is_default=True)
    for sku, price in (("LAP-14", "2390"), ("MOU-2", "29"), ("MOU-3", "39")):
        catalog.set_price(work, book, made.products[sku], unit_price=Decimal(price))


def _add_parties(work: Work, made: Crimson, *, export: int) -> None:
    abroad = {"language": "en", "tax_rule_id": export}
    lyon = {"language": "fr", "tax_id": "FR14987654324"}
    rows: tuple[tuple[str, str, dict[str, Any], tuple[str, str, str, str]], ...] = (
        (
            "high_end",
            "High End Computers",
            {"customer": True, "currency": "AUD", **abroad},
            ("1 George Street", "2000", "Sydney", "AU"),
        ),
        (
            "martin",
            "Papeterie Martin",
            {"customer": True, "currency": "EUR", **lyon},
            ("3 place Bellecour", "69002", "Lyon", "FR"),
        ),
        (
            "vendor",
            "Shenzhen Parts",
            {"vendor": True, "currency": "EUR", **abroad},
            ("88 Nanhai Avenue", "518000", "Shenzhen", "CN"),
        ),
    )
    for key, name, details, (street, postal_code, city, country) in rows:
        party_id = made.parties[key] = parties.add_party(work, name=name, **details)
        parties.add_address(
            work,
            party_id,
            use="billing",
            street=street,
            postal_code=postal_code,
            city=city,
            country=country,
        )


def _invite_people(work: Work, made: Crimson) -> None:
    for user_id, known in PEOPLE.items():
        contact_id = None
        if known.party:
            its_party = made.parties[known.party]
            contact_id = parties.add_contact(work, its_party, name=known.contact)
        made.links[user_id] = team.invite(work, known.role, contact_id=contact_id)


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

    def chat(self, user_id: int) -> Person:
        return Person(self.world, user_id, self.settle)

    async def joins(
        self, user_id: int, name: str, role: Role, *, language: str = "en", **contact: Any
    ) -> Person:
        """Somebody who opens a new link, as staff or as the contact of a party."""
        self.world.add_person(user_id, name, language_code=language)
        contact_id = None
        if contact:
            its_party = self.crimson.parties[contact.pop("party")]
            contact_id = await self.does(parties.add_contact, its_party, name=name, **contact)
        self.world.starts(user_id, await self.does(team.invite, role, contact_id=contact_id))
        await self.settle()
        return self.chat(user_id)

    def again(self, **settings: str) -> None:
        """Another process takes over, which knows only what the database holds; as it is set."""
        self.app = self._new_app(**settings)

    async def works_once(self) -> None:
        """Fetch, answer and send once: what comes of that is not fetched."""
        await self.app.polling.fetch(hold=0)
        await self.app.worker.drain()
        await self.app.sender.drain()

    async def asks(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a service or a query answers, over a read."""
        return await self.database.read(function, *arguments)

    async def does(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """What a service does as the machine, in its own transaction."""

        def run(connection: Any) -> Any:
            return function(Work(connection, MACHINE, self.clock()), *arguments, **named)

        return await self.database.write(run)

    async def level(self, sku: str) -> stock.StockLevel:
        """How much there is of a product."""
        product_id = self.crimson.products[sku]
        return (await self.asks(stock.levels, [product_id]))[product_id]

    async def owed(self, party: str) -> dict[str, Decimal]:
        """What a party owes us, by currency; below zero what we owe."""
        return dict(await self.asks(accounts.balances, self.crimson.parties[party]))


def new_app(world: World, database: Database, clock: Clock, *, provider_token: str = "") -> App:
    """The bot over a database, with the local Telegram inside the process."""
    return build(
        BotSettings(world.token, provider_token=provider_token),
        database,
        clock,
        request=LocalRequest(world),
        paper_maker=make_papers(database),
    )


async def open_stage(database: Database, clock: Clock, *, language: str = "en") -> Stage:
    """Crimson set up in an empty database, and everybody joined by their link."""
    world = World(now=clock)
    for user_id, known in PEOPLE.items():
        code = "fr" if user_id in FRENCH else language
        world.add_person(user_id, known.name, language_code=code)

    def found(connection: Any) -> Crimson:
        return found_crimson(Work(connection, MACHINE, clock()))

    crimson = await database.write(found)
    stage = _stage(database, clock, world=world, crimson=crimson)
    for user_id, token in crimson.links.items():
        world.starts(user_id, token)
    await stage.settle()
    return stage


def _stage(
    database: Database, clock: Clock, *, world: World, crimson: Crimson, provider_token: str = ""
) -> Stage:
    def again(provider_token: str = provider_token) -> App:
        return new_app(world, database, clock, provider_token=provider_token)

    return Stage(world, clock, crimson, new_app=again)


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

    To let everybody join takes ten times as long as to copy the database afterwards.
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
