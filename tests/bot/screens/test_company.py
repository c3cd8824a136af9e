"""The first dialogue of a new company, its first steps, and its settings."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.local_telegram.world import World
from core.domain.people import MACHINE, Role
from core.services.people import team
from core.services.work import Work
from core.storage.database import Database, open_database
from core.storage.schema import migrate
from tests.clock import Clock
from tests.databases import Databases
from tests.people import Person
from tests.scenarios.stage import new_app

ADA = 301


def build_schema(url: str) -> None:
    async def migrated() -> None:
        async with await open_database(url, clock=Clock()) as database:
            await database.write(migrate)

    asyncio.run(migrated())


@pytest.fixture
def empty_url(databases: Databases) -> Iterator[str]:
    url = databases.copy_of("sqlite", "empty", build=build_schema)
    yield url
    databases.remove(url)


@pytest.fixture
async def empty(empty_url: str, clock: Clock) -> AsyncIterator[Database]:
    """A database in which there is no company yet."""
    async with await open_database(empty_url, clock=clock) as opened:
        yield opened


@pytest.fixture
async def ada(empty, clock) -> Person:
    """The owner of a company that is not there yet, who has just opened her link."""
    world = World(now=clock)
    world.add_person(ADA, "Ada")
    app = new_app(world, empty, clock)

    def invited(connection) -> str:
        return team.invite(Work(connection, MACHINE, clock()), Role.OWNER)

    token = await empty.write(invited)
    person = Person(world, ADA, app.settle)
    await person.starts(token)
    return person


async def found(ada: Person) -> None:
    address = "5 Bay Street, Sydney NSW 2000"
    await ada.says("Adapters", "Australia", address, "AU123", "10")
    await ada.taps_all(("pick", "AUD"), ("pick", "Sydney"), ("pick", "en"))


async def test_a_company_is_founded_and_comes_to_its_first_paper(ada):
    assert ada.can("cancel"), "the first question is asked at once"
    await found(ada)
    ada.sees("Adapters")
    assert ada.actions() == ["add_product", "home"]
    await ada.taps("add_product")
    await ada.says("Plug")
    await ada.taps("pick", "PLU")
    await ada.says("12.50")
    await ada.taps_all(("pick", "goods"), ("pick", "piece"))
    ada.sees("✅", "Plug")
    await ada.taps("add_party")
    await ada.says("Corner Shop")
    await ada.taps_all(("pick", "AU"), ("pick", "AUD"))
    await ada.says("1 High Street, Perth WA 6000")
    await ada.taps_all("skip", "skip")
    ada.sees("✅", "Corner Shop")
    await ada.taps("new_order")
    await ada.says("Corner")
    await ada.orders("4 plug")
    ada.sees("SO-2026-0001 · Corner Shop", "AUD 55.00")
    await ada.taps("paper")
    assert ada.document().startswith(b"%PDF")


async def test_the_dialogue_can_be_left_and_taken_up_again(ada):
    await ada.taps("cancel")
    assert ada.actions()[0] == "set_up"
    await ada.says("/stock")
    ada.is_refused("company_missing")
    await ada.taps("set_up")
    await ada.says("Adapters", "fr")
    await ada.taps_all("skip", "skip", "skip", ("pick", "EUR"))
    await ada.says("Nowhere/Never")
    ada.is_refused("unknown_zone", "Nowhere/Never")
    await ada.taps_all(("pick", "Paris"), ("pick", "fr"))
    ada.sees("Adapters")


async def test_settings_change_every_fact(samson):
    await samson.says("/start")
    await samson.taps("settings")
    samson.sees("Crimson · EUR · Europe/Paris", "12 rue des Lilas, 69003 Lyon")
    await samson.taps("edit_company")
    answers = {
        "name": "Crimson Ltd",
        "address": "1 quai Perrache, 69002 Lyon",
        "phone": "+33 1",
        "payment_days": "45",
        "zone": "Europe/Berlin",
        "bank_details": "FR76 1",
    }
    for fact, answer in answers.items():
        await samson.taps("change_company", fact)
        await samson.says(answer)
    samson.sees(*answers.values())
    await samson.goes_back()
    samson.sees("Crimson Ltd · EUR · Europe/Berlin")


async def test_currency_and_zone_stay_after_the_first_paper(samson, lea):
    await lea.orders("High End: 3x freight")
    await lea.makes("IN", 3)
    await samson.says("/start")
    await samson.taps_all("settings", "edit_company", ("change_company", "currency"))
    await samson.says("USD")
    samson.is_refused("company_fixed")


async def test_taxes(samson):
    await samson.says("/start")
    await samson.taps_all("settings", "taxes")
    assert samson.can("default_tax", "✓ VAT 20 %")
    await samson.taps("add_tax")
    await samson.says("Reduced")
    await samson.taps("pick", "S")
    await samson.says("5,5")
    await samson.taps("default_tax", "Reduced", "5.5")
    assert samson.can("default_tax", "✓ Reduced")
    assert not samson.can("default_tax", "✓ VAT 20 %")
    await samson.taps("add_tax")
    await samson.says("Abroad")
    await samson.taps("pick", "AE")
    assert samson.can("default_tax", "Abroad", 0)


async def test_rates(samson):
    await samson.says("/start")
    await samson.taps_all("settings", "rates")
    samson.sees("1 AUD = 0.61 EUR · 1 Nov 2026 · ECB")
    await samson.taps("set_rate", "AUD")
    await samson.says("0.62")
    samson.sees("1 AUD = 0.62 EUR · 24 Nov 2026 · Samson")
    await samson.taps("set_rate", "")
    await samson.says("dollars")
    samson.is_refused("unknown_currency", "DOLLARS")
    await samson.says("US dollar", "0")
    samson.is_refused("rate_not_positive")
    await samson.says("0.9")
    samson.sees("1 USD = 0.90 EUR")


async def test_price_books(samson, lea):
    await samson.says("/start")
    await samson.taps_all("settings", "price_books", ("price_book", "AUD 2026"))
    samson.sees("AUD 2026 · AUD", "Laptop Pro 14 · 2,390.00")
    await samson.taps("set_price")
    await samson.says("LAP-14", "2250", "10")
    samson.sees_line("Laptop Pro 14", 2250, 10)
    await lea.says("High End: 10 LAP-14")
    lea.sees(2250)
    await samson.goes_back()
    await samson.taps("add_book")
    await samson.says("AUD 2026", "AUD")
    await samson.taps("pick", "some")
    samson.is_refused("name_taken", "AUD 2026")
    await samson.taps_all("cancel", "add_book")
    await samson.says("Dollar", "USD")
    await samson.taps("pick", "all")
    samson.sees("Dollar · USD")
    await samson.goes_back()
    assert samson.can("price_book", "✓ Dollar")
