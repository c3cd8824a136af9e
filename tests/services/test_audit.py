"""The audit finds nothing in a played story, and each breach that is planted in it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from core.services.amendments import amending
from core.services.money.payments import Received
from core.storage.sql import insert_one
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from core.domain.people import Actor, Membership, Role
from core.domain.places import PlaceRole
from core.services import online_payments, stock
from core.services.audit import CHECKS, WARNINGS, Breach, audit, warnings
from core.services.documents import drafting
from core.services.documents.converting import Chosen, Less
from core.services.work import Work
from core.storage import tables
from core.storage.database import Database, open_database
from core.storage.schema import expected_triggers, migrate
from tests.databases import Databases, Dialect
from tests.services.trading import MORNING, Trading, pieces


def clock() -> datetime:
    return MORNING


def play(connection: Connection) -> None:
    """Everything that can happen to papers, once."""
    shop = Trading(connection).found()
    buy_and_send_back(shop)
    shop.passes(days=1)
    sell_and_take_back(shop)
    shop.passes(days=1)
    hold_and_wait(shop)
    count_move_and_undo(shop)
    change_orders(shop)
    pay_in_the_chat(shop)


def buy_and_send_back(shop: Trading) -> None:
    order = shop.paper("purchase_order", "vendor", ("LAP", 200), ("MOU", 50), ("FREIGHT", 1))
    (laptops, mice) = pieces(190, 50)
    received = shop.makes(order, "receipt_note", pieces(190, rejected=Decimal(10))[0], mice)
    assert laptops.quantity == 190
    shop.makes(received, "transfer", *pieces(4), rejected_goods=True)
    shop.makes(received, "purchase_return", *pieces(6), rejected_goods=True)
    bill = shop.makes(order, "bill", numbered=True)
    back = shop.makes(received, "purchase_return", *pieces(10, 0, drops=True))
    credit = shop.makes(back, "vendor_credit", numbered=True)
    shop.pays("vendor", "out", "1000.50", bill)
    assert {shop.record(each).state for each in (bill, credit)} == {"posted"}
    shop.makes(order, "receipt_note", *pieces(9), excess=True)


def sell_and_take_back(shop: Trading) -> None:
    quote = shop.paper("quote", "customer", ("LAP", 30), ("FREIGHT", 1))
    order = shop.makes(quote, "sales_order", *pieces(20, 1))
    deposit = shop.pays("customer", "in", "500", deposit_for=order)
    assert shop.record(deposit).state == "posted"
    note = shop.makes(order, "delivery_note", *pieces(12))
    invoice = shop.makes(note, "invoice")
    other = shop.makes(order, "invoice", *pieces(2, 1))
    back = shop.makes(note, "sales_return", *pieces(3, drops=True))
    shop.makes(back, "credit_note", *pieces(3))
    shop.makes(other, "credit_note", *pieces(1, 0, drops=True))
    broken = shop.makes(
        note, "sales_return", *pieces(1, drops=False, place_id=shop.place(PlaceRole.LOSS))
    )
    assert shop.record(broken).number
    shop.pays("customer", "in", "20000", invoice, other)
    undone = shop.makes(order, "delivery_note", *pieces(2))
    shop.ends("reverse", undone)
    shop.ends("close", order)
    abroad = shop.paper("sales_order", "abroad", ("LAP", 2))
    billed = shop.makes(shop.makes(abroad, "delivery_note"), "invoice")
    pay_in_other_money(shop, billed)
    shop.ends("decline", shop.paper("quote", "customer", ("MOU", 1)))


def pay_in_other_money(shop: Trading, billed: int) -> None:
    """Something is taken off the price, and euros come at another rate than the invoice's."""
    lower = Chosen(Decimal(0), less=Less(Decimal(1), Decimal("10.10")))
    shop.makes(billed, "credit_note", lower)
    received = Received("EUR", Decimal(600), Decimal("0.6"))
    shop.pays("abroad", "in", "1000", billed, currency="AUD", received=received)


def hold_and_wait(shop: Trading) -> None:
    until = shop.now + timedelta(days=3)
    held = shop.paper("reservation", "customer", ("MOU", 10), valid_until=until)
    shop.makes(held, "sales_order", *pieces(4))
    cancelled = shop.makes(held, "sales_order", *pieces(2))
    shop.ends("cancel", cancelled)
    shop.ends("release", shop.paper("reservation", "abroad", ("MOU", 5), valid_until=until))
    shop.paper("sales_order", "customer", ("LAP", 900), ("CAB", "2.5"))
    shop.paper("sales_order", "abroad", ("MOU", 70), ships_complete=True)
    shop.paper("sales_order", "abroad", ("MOU", 60))
    overdue = shop.paper(
        "reservation", "customer", ("LAP", 1), valid_until=shop.now + timedelta(hours=1)
    )
    shop.passes(days=1)
    stock.expire_due(shop.work())
    assert shop.record(overdue).state == "active"


def count_move_and_undo(shop: Trading) -> None:
    seen = stock.count(shop.connection, [shop.products["MOU"]])[shop.products["MOU"]]
    line = drafting.NewLine(
        shop.products["MOU"], Decimal(0), counted=seen.level - 2, level_at_count=seen.level,
        move_at_count=seen.last_move_id,
    )  # fmt: skip
    shop.issue(drafting.create(shop.work(), "stock_adjustment", lines=[line]))
    moved = drafting.NewLine(
        shop.products["MOU"], Decimal(3), from_place_id=shop.place(PlaceRole.WAREHOUSE),
        to_place_id=shop.place(PlaceRole.QUARANTINE),
    )  # fmt: skip
    shop.issue(drafting.create(shop.work(), "transfer", lines=[moved]), displace=True)
    payment = shop.pays("abroad", "in", "100.00", currency="AUD")
    shop.ends("reverse", payment)
    drafting.discard(shop.work(), drafting.create(shop.work(), "stock_adjustment"), revision=0)
    meant = drafting.NewLine(shop.products["CAB"], Decimal(2))
    drafting.create(shop.work(), "quote", party_id=shop.parties["customer"], lines=[meant])


def change_orders(shop: Trading) -> None:
    shop.amends("SO-2026-0005", LAP="800", CAB="2.5")
    shop.amends("SO-2026-0005", LAP="850", CAB="2.5")
    amending.begin(shop.work(), shop.numbered("SO-2026-0006"))


def pay_in_the_chat(shop: Trading) -> None:
    """A customer's contact pays through a provider; somebody else's money comes for nothing."""
    invoice = shop.paper("invoice", "customer", ("FREIGHT", 1))
    own = Membership(shop.parties["customer"], 1, may_see_money=True, may_order=True)
    people = [
        Actor(
            insert_one(
                shop.connection, tables.person, telegram_id=telegram_id, name=name,
                language="en", created_at=shop.now,
            ),
            telegram_id, name, "en", frozenset({Role.CUSTOMER}), memberships=its,
        )
        for telegram_id, name, its in ((71, "Paul", (own,)), (72, "Nobody", ()))
    ]  # fmt: skip
    for payer in people:
        work = Work(shop.connection, payer, shop.now)
        payload = online_payments.ask(work, invoice).payload if payer.memberships else "lost"
        taken = online_payments.Charge(payload, f"T{payer.telegram_id}", "P", "EUR", Decimal(108))
        charge_id = online_payments.keep(work, taken)
        assert online_payments.keep(work, taken) is None
        assert online_payments.book(work, charge_id) is bool(payer.memberships)


def build(url: str) -> None:
    async def built() -> None:
        async with await open_database(url, clock=clock) as database:
            await database.write(migrate)
            await database.write(play)

    asyncio.run(built())


@pytest.fixture
def played_url(databases: Databases, dialect: Dialect) -> Iterator[str]:
    url = databases.copy_of(dialect, "played", build=build)
    yield url
    databases.remove(url)


@pytest.fixture
async def database(played_url: str) -> AsyncIterator[Database]:
    async with await open_database(played_url, clock=clock) as opened:
        yield opened


async def test_a_played_story_has_no_breach(database):
    assert await database.read(audit) == []
    (waits,) = await database.read(warnings, MORNING + timedelta(days=30))
    assert (waits.check, waits.facts["amount_minor"]) == ("unbooked", 10800)


async def test_the_story_is_rich(database):
    """Otherwise nothing is found because there is nothing."""

    def counted(connection: Connection) -> dict[str, int]:
        tables = [
            "move",
            "claim",
            "claim_end",
            "waiting",
            "draw",
            "document_tax",
            "account_entry",
            "allocation",
        ]
        return {
            each: connection.execute(text(f"SELECT count(*) FROM {each}")).scalar_one()  # noqa: S608 - our own tables
            for each in tables
        }

    assert min((await database.read(counted)).values()) >= 3


async def test_an_empty_database_has_no_breach(databases, dialect):
    url = databases.empty(dialect)
    async with await open_database(url, clock=clock) as empty:
        await empty.write(migrate)
        assert await empty.read(audit) == []
    databases.remove(url)


def test_a_breach_is_a_line_for_the_console():
    assert str(Breach("levels", "product:3", {"on_hand": Decimal(2), "moved": 1})) == (
        "levels product:3: on_hand=2, moved=1"
    )
    assert str(Breach("triggers", "trigger:x")) == "triggers trigger:x"


# --- Planted breaches ---------------------------------------------------------------------------

PLANTS: dict[str, tuple[str, ...]] = {
    "levels": ("UPDATE level SET value_minor = value_minor + 1 WHERE on_hand > 0",),
    "claimed": (
        "UPDATE level SET claimed = claimed - 1000000 WHERE claimed > 1000000 AND product_id = 1",
    ),
    "claims": (
        (
            "UPDATE claim SET quantity = quantity + 1000000"
            " WHERE id = (SELECT min(id) FROM claim WHERE open > 0)"
        ),
    ),
    "goods": ("UPDATE level SET on_hand = on_hand + 1 WHERE product_id = 1 AND place_id = 1",),
    "values": ("UPDATE level SET value_minor = 5 WHERE on_hand = 0 AND product_id = 1",),
    "free_goods": (
        "UPDATE waiting SET complete_only = FALSE WHERE product_id = 2",
        "DELETE FROM waiting WHERE product_id = 2 AND quantity < 70000000",
        "UPDATE level SET on_hand = on_hand + 5000000 WHERE product_id = 2 AND place_id = 1",
    ),
    "demand": (
        (
            "UPDATE waiting SET quantity = quantity - 1000000"
            " WHERE line_id = (SELECT max(line_id) FROM waiting)"
        ),
    ),
    "nothing_promised": (
        (
            "INSERT INTO waiting"
            " (line_id, product_id, quantity, priority, asked_at, complete_only)"
            " SELECT max(line_id), max(product_id), 1000000, 0, 0, TRUE FROM move"
        ),
    ),
    "draws": (
        (
            "INSERT INTO draw (line_id, by_line_id, track, quantity, at)"
            " SELECT line_id, by_line_id, 'return', 900000000, 0 FROM draw"
            " WHERE track = 'return' AND id = (SELECT min(id) FROM draw WHERE track = 'return')"
        ),
    ),
    "outstanding": (
        ("DELETE FROM outstanding WHERE line_id = (SELECT min(line_id) FROM outstanding)"),
    ),
    "numbers": ("UPDATE counter SET last = last + 1 WHERE series = 'IN-2026'",),
    "in_question": (
        (
            "INSERT INTO series_question (series, last_known, copied_at, asked_at)"
            " VALUES ('IN-2026', 1, 0, 0)"
        ),
    ),
    "dates": ("UPDATE document SET issued_on = '2026-11-23' WHERE number = 'DN-2026-0003'",),
    "chain": ("UPDATE document SET total_minor = total_minor + 1 WHERE number = 'BI-2026-0001'",),
    "frozen": ("UPDATE document SET snapshot = NULL WHERE number = 'QU-2026-0001'",),
    "versions": ("UPDATE document SET version = 1 WHERE number = 'SO-2026-0005'",),
    "totals": ("UPDATE document SET tax_minor = tax_minor - 1 WHERE number = 'QU-2026-0001'",),
    "taxes": (
        (
            "UPDATE document_tax SET base_minor = base_minor + 1"
            " WHERE document_id = (SELECT id FROM document WHERE number = 'QU-2026-0001')"
        ),
    ),
    "entries": (
        (
            "UPDATE account_entry SET amount_minor = amount_minor + 1"
            " WHERE document_id = (SELECT id FROM document WHERE number = 'IN-2026-0003')"
        ),
    ),
    "allocations": (
        (
            "UPDATE allocation SET amount_minor = amount_minor + 900000000"
            " WHERE id = (SELECT min(id) FROM allocation)"
        ),
    ),
    "unsettled": (
        (
            "UPDATE unsettled SET minor = minor - 1"
            " WHERE document_id = (SELECT min(document_id) FROM unsettled)"
        ),
    ),
    "pairs": (
        (
            "UPDATE allocation SET credit_id ="
            " (SELECT max(id) FROM document WHERE currency = 'AUD')"
            " WHERE id = (SELECT min(id) FROM allocation)"
        ),
    ),
    "deposits": (
        "UPDATE deposit SET order_id = (SELECT id FROM document WHERE number = 'PO-2026-0001')",
    ),
    "received": ("UPDATE document SET received_rate = NULL WHERE received_rate IS NOT NULL",),
    "differences": ("UPDATE exchange_difference SET amount_minor = amount_minor + 1",),
    "credited": (
        (
            "UPDATE document_tax SET base_minor = base_minor * 100 WHERE document_id ="
            " (SELECT min(id) FROM document WHERE kind = 'credit_note')"
        ),
    ),
    "reversed_moves": (
        (
            "UPDATE document SET state = 'posted'"
            " WHERE id = (SELECT id FROM document WHERE kind = 'delivery_note'"
            " AND state = 'reversed')"
        ),
    ),
    "reversed_entries": (
        (
            "UPDATE account_entry SET reverses = NULL, amount_minor = amount_minor - 1"
            " WHERE reverses IS NOT NULL"
        ),
    ),
    "reversed_draws": (
        (
            "DELETE FROM draw WHERE id = (SELECT max(draw.id) FROM draw"
            " JOIN document_line AS line ON line.id = draw.by_line_id"
            " JOIN document ON document.id = line.document_id WHERE document.state = 'reversed')"
        ),
    ),
    "approvals": (
        "INSERT INTO person (telegram_id, name, language, created_at) VALUES (1, 'Ada', 'en', 0)",
        (
            "INSERT INTO approval (document_id, document_revision, action, limit_name, figures,"
            " digest, state, asked_by, asked_at, decided_by, reason)"
            " SELECT 1, 1, 'issue', 'discount', '', '', 'granted', id, 0, id, '' FROM person"
        ),
    ),
    "merges": ("UPDATE party SET merged_into = 2 WHERE id = 1",),
    "charges": ("UPDATE online_charge SET amount_minor = 1 WHERE payment_id IS NOT NULL",),
    "templates": ("UPDATE paper_template SET archived_at = created_at WHERE id = 1",),
}
"""One breach for each check, in the words of somebody who got past the triggers."""

ANSWERED = (
    "INSERT INTO series_question"
    " (series, last_known, copied_at, asked_at, last_given, answered_at) VALUES"
)

OUTSIDE = {"integrity", "foreign_keys", "triggers"}
"""Checks of the database itself; their breaches are planted further below."""


def disarm(connection: Connection) -> None:
    """Take every trigger and CHECK away, as somebody could who holds the database."""
    sqlite = connection.dialect.name == "sqlite"
    for name in expected_triggers(connection):
        statement = f"DROP TRIGGER {name}" if sqlite else f"DROP FUNCTION {name}() CASCADE"
        connection.exec_driver_sql(statement)
    if sqlite:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        return
    checks = connection.execute(
        text("SELECT conrelid::regclass AS held, conname FROM pg_constraint WHERE contype = 'c'"
             " AND connamespace = current_schema()::regnamespace")
    )  # fmt: skip
    for held, name in checks.all():
        connection.exec_driver_sql(f'ALTER TABLE {held} DROP CONSTRAINT "{name}"')


def test_every_check_has_a_planted_breach():
    assert set(PLANTS) == set(CHECKS) - OUTSIDE


@pytest.mark.parametrize("check", PLANTS)
async def test_a_planted_breach_is_found(database, check):
    def planted(connection: Connection) -> list[int]:
        disarm(connection)
        return [connection.execute(text(each)).rowcount for each in PLANTS[check]]

    changed = await database.write(planted)
    assert all(changed), "the breach was not planted"
    found = await database.read(lambda connection: list(CHECKS[check](connection)))
    assert found
    assert {each.check for each in found} == {check}
    assert all(each.facts for each in found)


@pytest.mark.parametrize(
    ("check", "more"),
    [
        # Each is another way to break the same invariant, and the only one that its part sees.
        ("chain", "UPDATE counter SET head = 'x' WHERE series = 'IN-2026'"),
        ("chain", "UPDATE document SET previous_hash = 'x' WHERE number = 'IN-2026-0002'"),
        ("chain", ("UPDATE document_line SET quantity = quantity + 1 WHERE document_id IN"
                  " (SELECT id FROM document WHERE number = 'IN-2026-0001')")),
        ("chain", ("UPDATE document_line SET unit_price = NULL WHERE document_id IN"
                  " (SELECT id FROM document WHERE number = 'IN-2026-0001')")),
        ("numbers", "DELETE FROM counter WHERE series = 'QU-2026'"),
        ("numbers", "INSERT INTO counter (series, last, head) VALUES ('XX-2026', 1, '')"),
        ("numbers", "UPDATE document SET sequence = 99 WHERE number = 'DN-2026-0003'"),
        ("numbers", "UPDATE counter SET last_on = '2027-01-01' WHERE series = 'QU-2026'"),
        ("numbers", f"{ANSWERED} ('QU-2026', 0, 0, 0, 1, 0)"),
        ("numbers", f"{ANSWERED} ('ZZ-2026', 0, 0, 0, 1, 0)"),
        ("in_question", f"{ANSWERED} ('IN-2026', 0, 0, 0, 99, 0)"),
        ("in_question", f"{ANSWERED} ('ZZ-2026', 0, 0, 0, 1, 0)"),
        ("frozen", "UPDATE document SET hash = NULL WHERE number = 'IN-2026-0002'"),
        ("frozen", "UPDATE document SET hash = 'x' WHERE number = 'SO-2026-0001'"),
        ("versions", "DELETE FROM document_version WHERE version = 1"),
        ("versions", "UPDATE document_version SET tax_minor = tax_minor + 1 WHERE version = 2"),
        ("versions", "UPDATE document_tax SET base_minor = base_minor + 1 WHERE version = 1"),
        ("versions", "UPDATE document SET kind = 'quote' WHERE amends_id IS NOT NULL"),
        ("versions", ("UPDATE document SET state = 'confirmed' WHERE amends_id IS NOT NULL"
                     " AND state = 'draft'")),
        ("totals", "UPDATE document SET total_minor = NULL WHERE number = 'QU-2026-0001'"),
        ("entries", "DELETE FROM account_entry"),
        ("entries", "UPDATE account_entry SET currency = 'USD'"),
        ("entries", "UPDATE account_entry SET party_id = party_id % 3 + 1"),
        (
            "reversed_entries",
            (
                "UPDATE account_entry SET reverses = id WHERE reverses IS NULL"
                " AND id NOT IN (SELECT reverses FROM account_entry WHERE reverses IS NOT NULL)"
            ),
        ),
        ("reversed_moves", "UPDATE document SET state = 'reversed' WHERE kind = 'receipt_note'"),
        ("reversed_moves", "UPDATE document SET state = 'draft' WHERE kind = 'receipt_note'"),
        ("reversed_moves", "UPDATE document SET kind = 'invoice' WHERE kind = 'receipt_note'"),
        ("demand", "UPDATE document SET state = 'closed' WHERE kind = 'sales_order'"),
        ("demand", "UPDATE claim SET open = open + 90000000 WHERE until IS NOT NULL AND open > 0"),
        ("draws", "UPDATE draw SET track = 'order' WHERE track = 'bill'"),
        ("draws", "UPDATE draw SET quantity = -quantity WHERE track = 'bill'"),
        ("pairs", ("UPDATE allocation SET undoes = (SELECT min(id) FROM allocation) WHERE id ="
                  " (SELECT max(id) FROM allocation)")),
        ("allocations", "UPDATE allocation SET amount_minor = -amount_minor"),
        ("charges", "DELETE FROM online_charge WHERE payment_id IS NOT NULL"),
        ("charges", "UPDATE document SET payment_mode = 'cash' WHERE payment_mode = 'online'"),
        # The vendor into somebody who is merged himself; a product that stands on a draft.
        ("merges", ("UPDATE party SET merged_into = CASE id WHEN 1 THEN 3 ELSE 2 END,"
                    " archived_at = 0 WHERE id <> 2")),
        ("merges", "UPDATE product SET merged_into = 2, archived_at = 0 WHERE id = 3"),
        ("nothing_promised", "UPDATE claim SET product_id = 3 WHERE open > 0"),
    ],
)  # fmt: skip
async def test_other_ways_to_break_it_are_found_too(database, check, more):
    def planted(connection: Connection) -> int:
        disarm(connection)
        return connection.execute(text(more)).rowcount

    assert await database.write(planted), "the breach was not planted"
    assert await database.read(lambda connection: list(CHECKS[check](connection)))


async def test_a_missing_trigger_is_found(database):
    def dropped(connection: Connection) -> None:
        sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql(
            "DROP TRIGGER move_applied" if sqlite else "DROP FUNCTION move_applied() CASCADE"
        )

    await database.write(dropped)
    assert await database.read(audit) == [Breach("triggers", "trigger:move_applied")]


@pytest.fixture
def file(databases: Databases) -> Iterator[str]:
    """The path of a played SQLite database that nobody has open."""
    url = databases.copy_of("sqlite", "played", build=build)
    yield str(make_url(url).database)
    databases.remove(url)


@pytest.mark.parametrize(
    ("check", "statements", "subject"),
    [
        (
            "foreign_keys",
            ["INSERT INTO deposit (payment_id, order_id) VALUES (9999, 1)"],
            "deposit:9999",
        ),
        (
            "integrity",
            ["PRAGMA ignore_check_constraints = ON", "UPDATE product SET unit_digits = 9"],
            "database",
        ),
    ],
)
async def test_a_file_that_is_not_whole_is_found(file, check, statements, subject):
    connection = sqlite3.connect(file)
    for each in statements:
        connection.execute(each)
    connection.commit()
    connection.close()
    async with await open_database(f"sqlite+aiosqlite:///{file}", clock=clock) as opened:
        found = await opened.write(audit)
    assert {(each.check, each.subject) for each in found} == {(check, subject)}


# --- What should be looked at -------------------------------------------------------------------


async def test_what_is_stuck_is_a_warning_and_no_breach(database):
    def left(connection: Connection) -> None:
        row = (
            "INSERT INTO outbox (chat_id, form, payload, state, tries, problem, queued_at,"
            " lease_until) VALUES (7, 'card', '', '{}', 1, '', 0, {})"
        )
        lease = int(MORNING.timestamp() * 1000)
        for state in ("sending", "unsure", "dead", "sent"):
            connection.execute(text(row.format(state, lease)))
        connection.execute(text(row.format("sending", lease + 7_200_000)))
        connection.execute(
            text("INSERT INTO series_question (series, last_known, copied_at, asked_at)"
                 " VALUES ('ZZ-2026', 0, 0, 0)")
        )  # fmt: skip
        connection.execute(
            text("INSERT INTO inbox (update_id, received_day, chat_id, raw, state, tries,"
                 " received_at) VALUES (1, '2026-11-24', 7, '', 'failed', 3, 0)")
        )  # fmt: skip

    await database.write(left)
    assert await database.read(audit) == []
    found = await database.read(warnings, MORNING + timedelta(hours=1))
    assert [(each.check, each.facts.get("state", each.subject)) for each in found] == [
        ("outbox", "sending"),
        ("outbox", "unsure"),
        ("outbox", "dead"),
        ("inbox", "day:2026-11-24"),
        ("series", "series:ZZ-2026"),
        ("unbooked", "charge:2"),
    ]
    assert {each.check for each in found} == set(WARNINGS)
