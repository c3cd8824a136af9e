"""The audit finds nothing in a story of all trades, and every breach that is planted in it."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from core.domain.people import Role
from core.domain.places import PlaceRole
from core.services import online_payments, stock
from core.services.audit import CHECKS, WARNINGS, Breach, audit, warnings
from core.services.documents.converting import Chosen, Less
from core.services.money.payments import Received
from core.storage.database import Database, open_database
from tests.actors import employ
from tests.databases import Databases, Dialect
from tests.migrated import NOW, build, clock
from tests.services.audit.breaches import disarm
from tests.services.trading import TradingShop


def trade(connection: Connection) -> None:
    """Do everything that can happen to documents, once."""
    shop = TradingShop(connection)
    buy_and_send_back(shop)
    shop.passes(days=1)
    sell_and_take_back(shop)
    shop.passes(days=1)
    reserve_and_wait(shop)
    count_move_and_undo(shop)
    change_orders(shop)
    pay_in_the_chat(shop)


def buy_and_send_back(shop: TradingShop) -> None:
    order = shop.new("purchase_order", (200, "laptop"), (50, "mouse"), (1, "freight"))
    some = Chosen(Decimal(190), rejected=Decimal(10))
    received = shop.makes("receipt_note", order, some, 50, 0)
    shop.makes("transfer", received, 4, 0, rejected_goods=True)
    shop.makes("purchase_return", received, 6, 0, rejected_goods=True)
    bill = shop.makes("bill", order, foreign_number="B-1")
    back = shop.makes("purchase_return", received, 10, 0, drops=True)
    credit = shop.makes("vendor_credit", back, foreign_number="C-1")
    shop.pays(bill, "1000.50")
    assert {shop.state(each) for each in (bill, credit)} == {"posted"}
    shop.issues(shop.converts("receipt_note", order, 9, 0, 0), excess=True)


def sell_and_take_back(shop: TradingShop) -> None:
    quote = shop.new("quote", (30, "laptop"), (1, "freight"))
    order = shop.makes("sales_order", quote, 20, 1)
    assert shop.state(shop.takes_deposit(order, 500)) == "posted"
    note = shop.makes("delivery_note", order, 12, 0)
    invoice = shop.makes("invoice", note)
    other = shop.makes("invoice", order, 2, 1)
    back = shop.makes("sales_return", note, 3, drops=True)
    shop.makes("credit_note", back, 3)
    shop.makes("credit_note", other, 1, 0, drops=True)
    broken = Chosen(Decimal(1), drops=False, place_id=shop.places[PlaceRole.LOSS])
    assert shop.record(shop.makes("sales_return", note, broken)).number
    shop.collects(20000, invoice, other)
    shop.reverses(shop.makes("delivery_note", order, 2, 0))
    shop.closes(order)
    abroad = shop.new("sales_order", (2, "laptop"), party=shop.abroad)
    pay_in_another_currency(shop, shop.makes("invoice", shop.makes("delivery_note", abroad)))
    shop.declines(shop.new("quote", (1, "mouse")))


def pay_in_another_currency(shop: TradingShop, invoice: int) -> None:
    """Lower the price, then pay euros at another rate than the invoice's."""
    lower = Chosen(Decimal(0), less=Less(Decimal(1), Decimal("10.10")))
    shop.makes("credit_note", invoice, lower)
    received = Received("EUR", Decimal(600), Decimal("0.6"))
    shop.collects(1000, invoice, party=shop.abroad, currency="AUD", received=received)


def reserve_and_wait(shop: TradingShop) -> None:
    until = shop.now + timedelta(days=3)
    held = shop.reserves(10, "mouse", until)
    shop.makes("sales_order", held, 4)
    shop.cancels(shop.makes("sales_order", held, 2))
    shop.releases(shop.reserves(5, "mouse", until, party=shop.abroad))
    shop.new("sales_order", (900, "laptop"), ("2.5", "cable"))
    shop.new("sales_order", (70, "mouse"), party=shop.abroad, ships_complete=True)
    shop.new("sales_order", (60, "mouse"), party=shop.abroad)
    overdue = shop.reserves(1, "laptop", shop.now + timedelta(hours=1))
    shop.passes(days=1)
    stock.expire_due(shop.work)
    assert shop.state(overdue) == "active"


def count_move_and_undo(shop: TradingShop) -> None:
    shop.issues(shop.counts("mouse", shop.level("mouse").on_hand - 2))
    moved = shop.transfers(3, "mouse", PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE)
    shop.issues(moved, displace=True)
    shop.reverses(shop.collects(100, party=shop.abroad, currency="AUD"))
    shop.discards(shop.drafts("stock_adjustment"))
    shop.drafts("quote", (2, "cable"))


def change_orders(shop: TradingShop) -> None:
    order = shop.numbered("SO-2026-0005")
    shop.amends(order, 800, "2.5")
    shop.amends(order, 850, "2.5")
    shop.begins_change(shop.numbered("SO-2026-0006"))


def pay_in_the_chat(shop: TradingShop) -> None:
    """A contact of the customer pays through a provider; somebody else's money is for nothing."""
    invoice = shop.invoices(1, "freight", 90)
    paul = shop.by(shop.contact("Paul"))
    nobody = shop.by(employ(shop.connection, "Nobody", Role.CUSTOMER, at=shop.now))
    payload = online_payments.ask(paul.work, invoice).payload
    for payer, its_payload, is_booked in ((paul, payload, True), (nobody, "lost", False)):
        charge = online_payments.Charge(
            its_payload, f"T {payer.actor.name}", "P", "EUR", Decimal(108)
        )
        charge_id = online_payments.keep(payer.work, charge)
        assert online_payments.keep(payer.work, charge) is None
        assert online_payments.book(payer.work, charge_id) is is_booked


build_traded = partial(build, fills=(trade,))


@pytest.fixture
def traded_url(databases: Databases, dialect: Dialect) -> Iterator[str]:
    url = databases.copy_of(dialect, "traded", build=build_traded)
    yield url
    databases.remove(url)


@pytest.fixture
async def database(traded_url: str) -> AsyncIterator[Database]:
    async with await open_database(traded_url, clock=clock) as opened:
        yield opened


async def test_the_story_has_no_breach(database):
    assert await database.read(audit) == []
    (warning,) = await database.read(warnings, NOW + timedelta(days=30))
    assert (warning.check, warning.facts["amount_minor"]) == ("unbooked", 10800)


async def test_the_story_is_rich(database):
    """Otherwise the audit would find nothing because there is nothing."""

    def counted(connection: Connection) -> dict[str, int]:
        return {
            each: connection.execute(text(f"SELECT count(*) FROM {each}")).scalar_one()  # noqa: S608 - our own tables
            for each in (
                "move", "claim", "claim_end", "waiting", "draw", "document_tax",
                "account_entry", "allocation",
            )
        }  # fmt: skip

    assert min((await database.read(counted)).values()) >= 3


async def test_an_empty_database_has_no_breach(migrated_url):
    async with await open_database(migrated_url, clock=clock) as empty:
        assert await empty.read(audit) == []


def test_a_breach_is_printed_as_one_line():
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
"""One breach for each check, as somebody could write it who got past the triggers."""

ANSWERED = (
    "INSERT INTO series_question"
    " (series, last_known, copied_at, asked_at, last_given, answered_at) VALUES"
)

OUTSIDE = {"integrity", "foreign_keys", "triggers"}
"""Checks of the database itself; their breaches are planted below."""


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
        # Each breaks an invariant in another way, which only one part of its check sees.
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
        # A party into one that is merged itself; a product that stands on a draft.
        ("merges", ("UPDATE party SET merged_into = CASE id WHEN 1 THEN 3 ELSE 2 END,"
                    " archived_at = 0 WHERE id <> 2")),
        ("merges", "UPDATE product SET merged_into = 2, archived_at = 0 WHERE id = 3"),
        ("nothing_promised", "UPDATE claim SET product_id = 3 WHERE open > 0"),
    ],
)  # fmt: skip
async def test_other_breaches_of_a_check_are_found_too(database, check, more):
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
    """Return the path of a SQLite database with the story that nobody has open."""
    url = databases.copy_of("sqlite", "traded", build=build_traded)
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
async def test_a_damaged_file_is_found(file, check, statements, subject):
    connection = sqlite3.connect(file)
    for each in statements:
        connection.execute(each)
    connection.commit()
    connection.close()
    async with await open_database(f"sqlite+aiosqlite:///{file}", clock=clock) as opened:
        found = await opened.write(audit)
    assert {(each.check, each.subject) for each in found} == {(check, subject)}


# --- Warnings -----------------------------------------------------------------------------------


async def test_what_is_stuck_is_a_warning_but_not_a_breach(database):
    def left(connection: Connection) -> None:
        row = (
            "INSERT INTO outbox (chat_id, form, payload, state, tries, problem, queued_at,"
            " lease_until) VALUES (7, 'card', '', '{}', 1, '', 0, {})"
        )
        lease = int(NOW.timestamp() * 1000)
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
    found = await database.read(warnings, NOW + timedelta(hours=1))
    assert [(each.check, each.facts.get("state", each.subject)) for each in found] == [
        ("outbox", "sending"),
        ("outbox", "unsure"),
        ("outbox", "dead"),
        ("inbox", "day:2026-11-24"),
        ("series", "series:ZZ-2026"),
        ("unbooked", "charge:2"),
    ]
    assert {each.check for each in found} == set(WARNINGS)
