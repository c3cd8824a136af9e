"""The first dialogue of a new company, its first steps, and its settings."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.app import BotSettings, build
from bot.local_telegram.request import LocalRequest
from bot.local_telegram.world import World
from core.domain.people import MACHINE, Role
from core.papers.maker import make_papers
from core.services.people import team
from core.services.work import Work
from core.storage.database import Database, open_database
from core.storage.schema import migrate
from tests.chat import Chat
from tests.databases import Databases
from tests.scenarios.stage import Clock


async def taps_all(chat: Chat, *labels: str) -> None:
    for label in labels:
        await chat.taps(label)


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
async def ada(empty, clock) -> Chat:
    """The owner of a company that is not there yet, who has just opened her link."""
    world = World(now=clock)
    world.add_person(301, "Ada")
    world.add_person(302, "Eve")
    request, papers = LocalRequest(world), make_papers(empty)
    app = build(
        BotSettings(world.token), empty, clock, request=request, paper_maker=papers
    )  # fmt: skip

    def invited(connection) -> str:
        return team.invite(Work(connection, MACHINE, clock()), Role.OWNER)

    token = await empty.write(invited)
    chat = Chat(world, 301, app.settle)
    await chat.starts(token)
    return chat


async def found(ada: Chat) -> None:
    await ada.says("Adapters")
    await ada.says("Australia")
    await ada.says("5 Bay Street, Sydney NSW 2000")
    await ada.says("AU123")
    await ada.says("10")
    await taps_all(ada, "AUD", "Sydney", "English")


async def test_a_company_is_founded_and_comes_to_its_first_paper(ada):
    ada.sees("Your company", "What is the company called?")
    await found(ada)
    ada.sees("Adapters is set up", "First product", "First customer", "First order")
    assert ada.rows() == [["Add a product"], ["‹ Back"]]
    await ada.taps("Add a product")
    await ada.says("Plug")
    await ada.taps("PLU")
    await ada.says("12.50")
    await taps_all(ada, "Goods", "piece")
    ada.sees("✅ First product", "Plug is in the catalogue")
    await ada.taps("Add a customer")
    await ada.says("Corner Shop")
    await taps_all(ada, "Australia", "AUD")
    await ada.says("1 High Street, Perth WA 6000")
    await taps_all(ada, "Skip", "Skip")
    ada.sees("✅ First customer")
    await ada.taps("New order")
    await ada.says("Corner")
    await ada.says("4 plug")
    await ada.taps("Confirm")
    ada.sees("SO-2026-0001 · Corner Shop", "AUD 55.00")
    await ada.taps("PDF")
    assert ada.document().startswith(b"%PDF")


async def test_the_dialogue_can_be_left_and_taken_up_again(ada):
    await ada.taps("Cancel")
    ada.sees("Comptoir")
    assert ada.rows()[0] == ["Set up the company"]
    await ada.says("/stock")
    ada.sees("The company has not been set up yet.")
    await ada.taps("Set up the company")
    await ada.says("Adapters")
    await ada.says("fr")
    await taps_all(ada, "Skip", "Skip", "Skip", "EUR")
    await ada.says("Nowhere/Never")
    ada.sees("Nowhere/Never is no time zone")
    await taps_all(ada, "Paris", "Français")
    ada.sees("Adapters is set up")


async def test_settings_change_every_fact(samson):
    await samson.says("/start")
    await samson.taps("Settings")
    samson.sees("Crimson · EUR · Europe/Paris", "12 rue des Lilas, 69003 Lyon")
    await samson.taps("Company")
    for label, answer in (
        ("Name", "Crimson Ltd"),
        ("Address", "1 quai Perrache, 69002 Lyon"),
        ("Phone", "+33 1"),
        ("Payment days", "45"),
        ("Time zone", "Europe/Berlin"),
        ("Bank", "FR76 1"),
    ):
        await samson.taps(label)
        await samson.says(answer)
    samson.sees(
        "Name: Crimson Ltd", "Address: 1 quai Perrache, 69002 Lyon", "Payment days: 45 days",
        "Time zone: Europe/Berlin", "Country: France",
        "Language: English",
    )  # fmt: skip
    await samson.taps("‹ Back")
    samson.sees("Crimson Ltd · EUR · Europe/Berlin")


async def test_currency_and_zone_stay_after_the_first_paper(samson, lea):
    await lea.says("High End: 3x freight")
    await taps_all(lea, "Confirm", "Invoice 3", "Invoice 3")
    await samson.says("/start")
    await taps_all(samson, "Settings", "Company", "Currency")
    await samson.says("USD")
    samson.sees("This stays as it is: papers have been posted with it.")


async def test_taxes(samson):
    await samson.says("/start")
    await taps_all(samson, "Settings", "Taxes")
    assert ["✓ VAT 20 % · 20%"] in samson.rows()
    await samson.taps("Add a tax")
    await samson.says("Reduced")
    await samson.taps("Standard rate")
    await samson.says("5,5")
    await samson.taps("Reduced · 5.5%")
    assert ["✓ Reduced · 5.5%"] in samson.rows()
    assert ["VAT 20 % · 20%"] in samson.rows()
    await samson.taps("Add a tax")
    await samson.says("Abroad")
    await samson.taps("Reverse charge")
    assert ["Abroad · 0%"] in samson.rows()


async def test_rates(samson):
    await samson.says("/start")
    await taps_all(samson, "Settings", "Rates")
    samson.sees("1 AUD = 0.61 EUR · 1 Nov 2026 · ECB")
    await samson.taps("AUD")
    await samson.says("0.62")
    samson.sees("1 AUD = 0.62 EUR · 24 Nov 2026 · Samson")
    await samson.taps("Set a rate")
    await samson.says("dollars")
    samson.sees("Use a code like EUR or AUD")
    await samson.says("US dollar")
    await samson.says("0")
    samson.sees("An exchange rate is more than zero.")
    await samson.says("0.9")
    samson.sees("1 USD = 0.90 EUR")


async def test_price_books(samson, lea):
    await samson.says("/start")
    await taps_all(samson, "Settings", "Price books", "AUD 2026")
    samson.sees("AUD 2026 · AUD", "Laptop Pro 14 · 2,390.00")
    await samson.taps("Set a price")
    await samson.says("LAP-14")
    await samson.says("2250")
    await samson.says("10")
    samson.sees("Laptop Pro 14 · 2,250.00 · from 10 on")
    await lea.says("High End: 10 LAP-14")
    lea.sees("2,250.00")
    await taps_all(samson, "‹ Back", "Add a price book")
    await samson.says("AUD 2026")
    await samson.says("AUD")
    await samson.taps("Chosen customers")
    samson.sees("There is another one called AUD 2026.")
    await samson.taps("Cancel")
    await samson.taps("Add a price book")
    await samson.says("Dollar")
    await samson.says("USD")
    await samson.taps("Everybody in this currency")
    samson.sees("Dollar · USD")
    await samson.taps("‹ Back")
    assert ["✓ Dollar · USD"] in samson.rows()
