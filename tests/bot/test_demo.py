"""The demo: its company is true, its persons are there, and its files never stop anybody."""

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from bot.local_telegram import keeping
from bot.local_telegram.page import PersonNote
from bot.local_telegram.request import LocalRequest
from core.services.people import team
from core.storage.errors import DatabaseInUse
from core.storage.tables import person, product
from sqlalchemy import select

from bot.app import BotSettings, build
from bot.demo import company as demo
from bot.demo.files import DemoFiles, new_world, open_local_demo
from bot.demo.goods import BOOKS, PRODUCTS
from bot.demo.local import bring_in, found_company
from bot.demo.logo import logo
from bot.demo.people import CLAIRE, LEA, OMAR, PEOPLE, SAMSON, about, populate
from core.domain.document_type import Claims
from core.domain.documents import kinds
from core.domain.people import MACHINE, Role
from core.i18n import translator
from core.pdf.logo import prepare
from core.services import audit, stock
from core.services.documents import viewing
from core.services.products import pricing
from core.services.work import Work
from core.storage.database import open_database
from core.storage.schema import migrate
from tests.chat import Chat

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def clock():
    return NOW


def work(connection):
    return Work(connection, MACHINE, NOW)


def build_company(url):
    async def built():
        async with await open_database(url, clock=clock) as database:
            await database.write(migrate)
            assert await found_company(database)

    asyncio.run(built())


@pytest.fixture
def built_url(databases, dialect):
    url = databases.copy_of(dialect, "demo", build=build_company)
    yield url
    databases.remove(url)


@pytest.fixture
async def built(built_url):
    """The demo company, on both databases: built once, and copied."""
    async with await open_database(built_url, clock=clock) as database:
        assert not await found_company(database)
        yield database


# --- The company --------------------------------------------------------------------------


async def test_the_company_stands_every_check(built):
    assert await built.read(audit.audit) == []


async def test_the_opening_stock_has_its_value(built):
    def levels(connection):
        ids = dict(connection.execute(select(product.c.sku, product.c.id)).all())
        found = stock.levels(connection, ids.values())
        return {sku: found[id] for sku, id in ids.items()}

    there = await built.read(levels)
    for each in PRODUCTS:
        level = there[each.sku]
        assert level.on_hand == Decimal(each.stock), each.sku
        assert level.value_minor == Decimal(each.stock) * Decimal(each.cost or "0") * 100, each.sku


async def test_something_is_under_way_for_each_role(built):
    def begun(connection):
        return viewing.counts(work(connection))

    order, incoming = kinds(claims=Claims.WAITING)[0], kinds(incoming=True)[0]
    found = await built.read(begun)
    assert found[order.kind] == found[incoming.kind] == {"confirmed": 1}


async def test_prices_come_from_the_books(built):
    def found(connection):
        ids = dict(connection.execute(select(product.c.sku, product.c.id)).all())
        rate = pricing.rate_on(connection, "AUD", company_currency="EUR", day=NOW.date())
        wanted = [
            pricing.Wanted(ids["LAP-14"], Decimal(20), Decimal(1450)),
            pricing.Wanted(ids["BOK-N1"], Decimal(1), Decimal(28)),
        ]
        prices = pricing.prices(
            connection, wanted, currency="AUD", party_book_id=None, day=NOW.date(), rate=rate.rate
        )
        return [prices[each.product_id] for each in wanted]

    laptop, handbook = await built.read(found)
    assert laptop.unit_price == 2390
    assert laptop.source.startswith("default_book:")
    assert handbook.source == "list"


def test_codes_and_barcodes_are_what_they_claim_to_be():
    assert len({each.sku for each in PRODUCTS}) == len(PRODUCTS)
    for number in range(1, len(PRODUCTS) + 1):
        digits = [int(digit) for digit in demo.barcode(number)]
        assert len(digits) == 13
        assert sum(digits[::2] + [3 * digit for digit in digits[1::2]]) % 10 == 0
    named = {product.sku for book in BOOKS for product, _ in book.prices}
    assert named <= {each.sku for each in PRODUCTS}


def test_the_logo_can_be_printed():
    content, width, height = prepare(logo("Crimson"))
    assert content.startswith(b"\x89PNG")
    assert width > 3 * height


# --- The persons --------------------------------------------------------------------------


def test_each_person_is_told_what_to_try_in_his_language():
    notes = about().people
    assert list(notes) == [each.user_id for each in PEOPLE]
    french = translator("fr")
    assert notes[LEA.user_id] == PersonNote(french.text("sales"), french.text(LEA.try_this))
    assert notes[SAMSON.user_id] == PersonNote("owner", SAMSON.try_this)
    assert notes[CLAIRE.user_id].role.endswith(" · Papeterie Martin")


async def staged(database, world):
    app = build(BotSettings(world.token), database, clock, request=LocalRequest(world))
    await bring_in(app, world)
    return app


async def test_everybody_joins_by_a_link_and_sees_his_home(built):
    world = new_world(clock)
    populate(world)
    app = await staged(built, world)
    for each in PEOPLE:
        chat = Chat(world, each.user_id, app.settle)
        assert f"Crimson · {each.first_name}" in chat.transcript()
        # Nobody is told of what happened before he came.
        assert len(chat.messages) == 3, chat.transcript()
    members = {each.name: each.roles for each in await built.read(team.members)}
    assert members == {each.name: {each.role} for each in PEOPLE}


async def test_a_second_start_brings_in_nobody_twice(built):
    world = new_world(clock)
    populate(world)
    await staged(built, world)
    before = [world.history(each.user_id) for each in PEOPLE]
    await staged(built, world)
    assert [world.history(each.user_id) for each in PEOPLE] == before


async def test_whoever_was_removed_stays_away(built):
    world = new_world(clock)
    populate(world)
    await staged(built, world)

    def remove(connection):
        wanted = select(person.c.id).where(person.c.telegram_id == OMAR.user_id)
        team.remove(work(connection), connection.execute(wanted).scalar_one(), Role.STOREKEEPER)

    await built.write(remove)
    await staged(built, world)
    members = await built.read(team.members)
    assert OMAR.name not in {each.name for each in members}


async def test_a_chat_that_a_crash_has_emptied_shows_the_home_again(built):
    world = new_world(clock)
    populate(world)
    await staged(built, world)
    lost = new_world(clock)
    populate(lost)
    # What was kept before the crash: the persons, and ids that go on behind those in use.
    lost.updates.last_id = world.updates.last_id + 1
    lost.last_ids = dict(world.last_ids)
    app = await staged(built, lost)
    chat = Chat(lost, CLAIRE.user_id, app.settle)
    assert "Crimson · Claire" in chat.transcript()
    assert "/start" in chat.transcript().split()


# --- The files ----------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    return DemoFiles(tmp_path)


@pytest.fixture
def told():
    return []


async def play(files, told):
    """One start of the demo, to its end."""
    database, world = await open_local_demo(files, clock=clock, say=told.append)
    async with database:
        await found_company(database)
        await staged(database, world)
    keeping.save(world, files.world)
    return world


@pytest.fixture(scope="session")
def played_once(tmp_path_factory):
    """The files of a demo after its first start."""
    files = DemoFiles(tmp_path_factory.mktemp("played"))
    told = []
    asyncio.run(play(files, told))
    assert told == []
    return files


@pytest.fixture
def played(files, played_once):
    """Files of its own, after the first start."""
    shutil.copytree(played_once.folder, files.folder, dirs_exist_ok=True)
    return files


async def test_a_demo_is_found_again(files, told):
    world = await play(files, told)
    before = [world.history(each.user_id) for each in PEOPLE]
    again = await play(files, told)
    assert [again.history(each.user_id) for each in PEOPLE] == before
    assert told == []
    assert sorted(each.name for each in files.folder.iterdir()) == [
        "demo.chat.json",
        "demo.db",
        "demo.db.lock",
    ]


def no_database(files):
    files.database.write_bytes(b"this is no database" * 100)


def a_damaged_one(files):
    content = bytearray(files.database.read_bytes())
    # Somewhere behind the first page, whose loss would show at once.
    content[8192:40960] = b"\xff" * (40960 - 8192)
    files.database.write_bytes(content)


def a_newer_one(files):
    with closing(sqlite3.connect(files.database)) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")


def another_schema(files):
    with closing(sqlite3.connect(files.database)) as other, other:
        other.execute("ALTER TABLE setting ADD COLUMN note TEXT")


def no_tables(files):
    with closing(sqlite3.connect(files.database)) as other, other:
        other.execute("DROP TABLE setting")


def no_chats(files):
    files.world.unlink()


def half_a_file(files):
    files.world.write_text(files.world.read_text()[:1000])


def another_file(files):
    files.world.write_text("[1, 2, 3]")


def an_older_file(files):
    kept = json.loads(files.world.read_text())
    del kept["queries"]
    files.world.write_text(json.dumps(kept))


def no_company(files):
    files.database.unlink()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (no_database, "cannot be read"),
        (a_damaged_one, ""),
        (a_newer_one, "is from another version"),
        (another_schema, "is from another version"),
        (no_tables, ""),
        (no_chats, "are missing"),
        (half_a_file, "cannot be read"),
        (another_file, "cannot be read"),
        (an_older_file, "cannot be read"),
        (no_company, "belong to another database"),
    ],
)
async def test_what_does_not_fit_is_kept_aside_and_begun_anew(played, told, spoil, why):
    files = played
    spoil(files)
    spoilt = {each: each.read_bytes() for each in (files.database, files.world) if each.exists()}
    world = await play(files, told)
    (sentence,) = told
    assert why in sentence
    assert "kept as demo-old-1.db" in sentence
    assert all("Crimson" in Chat(world, each.user_id, None).transcript() for each in PEOPLE)
    for path, content in spoilt.items():
        kept = path.with_name(path.name.replace("demo.", "demo-old-1."))
        if why and path == files.world:
            assert kept.read_bytes() == content
        assert kept.exists()


async def test_what_is_kept_aside_is_never_written_over(played, told):
    for _ in range(3):
        no_chats(played)
        await play(played, told)
    assert [each.split("kept as ")[1].split(",")[0] for each in told] == [
        "demo-old-1.db",
        "demo-old-2.db",
        "demo-old-3.db",
    ]


async def test_a_crash_before_the_company_was_there_is_no_loss(files, told):
    database, _ = await open_local_demo(files, clock=clock, say=told.append)
    await database.close()
    await play(files, told)
    assert told == []


async def test_a_demo_that_is_open_is_left_alone(files, told):
    database, _ = await open_local_demo(files, clock=clock, say=told.append)
    async with database:
        with pytest.raises(DatabaseInUse):
            await open_local_demo(files, clock=clock, say=told.append)
    assert told == []
