"""Row locks: taken in one module, in one order, and for queues without waiting."""

import asyncio
import re
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.util import await_only

import core
from core.storage.locks import (
    CounterState,
    lock_counter,
    lock_documents,
    lock_levels,
    lock_with_sources,
    unless_claimed,
)
from core.storage.models import Counter, Document, Inbox, ProductLock
from tests.migrated import NOW
from tests.storage.rows import TODAY, insert_document, insert_line, take_number

counter = Counter.__table__
document = Document.__table__
inbox = Inbox.__table__
product_lock = ProductLock.__table__

LOCKING = re.compile("with_for_update|FOR UPDATE|FOR NO KEY|FOR SHARE|FOR KEY|SKIP LOCKED")

ROOT = Path(core.__path__[0]).parent


def test_rows_are_locked_in_one_module_only():
    locking = [
        str(path.relative_to(ROOT))
        for folder in ("core", "bot")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if LOCKING.search(path.read_text(encoding="utf-8"))
    ]
    assert locking == ["core/storage/locks.py"]


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_rows_are_locked_in_the_order_of_their_ids(database, rows):
    other = await database.write(insert_document, rows.party)

    def story(connection):
        lock_documents(connection, [other, rows.draft, other])
        lock_levels(connection, rows.products[::-1])
        lock_levels(connection, rows.products)

    with database.count_statements() as statements:
        await database.write(story)
    assert [text.replace("\n", "").split("WHERE")[0] for text in statements.texts] == [
        "SELECT document.id FROM document ",
        "SELECT product_lock.product_id FROM product_lock ",
        # The rows of the products were missing.
        "INSERT INTO product_lock (product_id) VALUES ($1::BIGINT) ON CONFLICT DO NOTHING",
        "SELECT product_lock.product_id FROM product_lock ",
        "SELECT product_lock.product_id FROM product_lock ",
    ]
    locking = [text for text in statements.texts if text.startswith("SELECT")]
    assert all("ORDER BY" in text and text.endswith("FOR NO KEY UPDATE") for text in locking)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_sqlite_with_its_one_writer_needs_no_locks(database, rows):
    def story(connection):
        lock_documents(connection, [rows.draft])
        lock_with_sources(connection, rows.draft)
        lock_levels(connection, rows.products)

    with database.count_statements() as statements:
        await database.write(story)
    assert statements.count == 0


@pytest.mark.parametrize("dialect", ["postgresql"])
@pytest.mark.parametrize(
    "lock",
    [
        lambda connection, rows: lock_documents(connection, [rows.draft]),
        lambda connection, rows: lock_with_sources(connection, rows.draft),
        lambda connection, rows: lock_levels(connection, [rows.product]),
        lambda connection, rows: lock_counter(connection, "IN-2026"),
    ],
)
async def test_the_second_transaction_waits_for_the_first(database, rows, lock):
    order = []
    locked, waiting = asyncio.Event(), asyncio.Event()

    def first(connection):
        lock(connection, rows)
        locked.set()
        await_only(waiting.wait())
        order.append("first")

    def second(connection):
        waiting.set()
        lock(connection, rows)
        order.append("second")

    holding = asyncio.create_task(database.write(first))
    await locked.wait()
    await database.write(second)
    await holding
    assert order == ["first", "second"]


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_two_payments_of_one_document_do_not_deadlock(database, rows):
    """Each writes a payment for it, and so shares its key, before either locks it."""
    written = asyncio.Barrier(2)
    calls = []

    def pay(connection):
        calls.append(1)
        payment = insert_document(connection, rows.party, source_id=rows.draft)
        if len(calls) <= 2:
            await_only(written.wait())
        lock_with_sources(connection, payment)

    await asyncio.gather(database.write(pay), database.write(pay))
    # A deadlock would have been rolled back and tried again.
    assert len(calls) == 2


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_a_document_is_locked_with_all_its_sources(database, rows):
    """Through its lines back to the first source, and to what a payment settles, no further."""

    def story(connection):
        note = insert_document(connection, rows.party)
        note_line = insert_line(connection, note, rows.product, source_line_id=rows.line)
        invoice = insert_document(connection, rows.party)
        invoice_line = insert_line(connection, invoice, rows.product, source_line_id=note_line)
        credit = insert_document(connection, rows.party)
        insert_line(connection, credit, rows.product, credited_line_id=invoice_line)
        payment = insert_document(connection, rows.party, source_id=invoice)
        other = insert_document(connection, rows.party)
        return note, invoice, credit, payment, other

    def locked_by(connection, document_id):
        lock_with_sources(connection, document_id)
        return await_only(database.write(left_open))

    def left_open(connection):
        free = unless_claimed(select(document.c.id), of=document)
        return set(connection.scalars(free))

    note, invoice, credit, payment, other = everyone = await database.write(story)
    chain = {rows.draft, note, invoice}
    for document_id, locked in (
        (rows.draft, {rows.draft}),
        (invoice, chain),
        (credit, {*chain, credit}),
        (payment, {payment, invoice}),
        (other, {other}),
    ):
        left = await database.write(locked_by, document_id)
        assert {rows.draft, *everyone} - left == locked


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_orders_with_products_in_any_order_do_not_deadlock(database, rows):
    attempts = []

    def story(connection, products):
        attempts.append(products)
        lock_levels(connection, products)

    orders = [rows.products, rows.products[::-1]] * 10
    await asyncio.gather(*(database.write(story, products) for products in orders))
    assert len(attempts) == len(orders)


async def test_a_series_begins_at_zero(database):
    def first(connection):
        return lock_counter(connection, "IN-2026")

    def second(connection):
        values = {"last": 1, "last_on": TODAY, "head": "h"}
        connection.execute(update(counter).values(**values))
        return lock_counter(connection, "IN-2026")

    assert await database.write(first) == CounterState(last=0, last_on=None, head="")
    assert await database.write(second) == CounterState(last=1, last_on=TODAY, head="h")


async def test_numbers_have_no_gaps_when_some_transactions_fail(database, rows):
    class Refused(Exception):
        pass

    def story(connection, number):
        document = insert_document(connection, rows.party)
        taken = take_number(connection, document, "IN-2026", state="posted")
        if number % 3 == 0:
            raise Refused
        return taken

    done = await asyncio.gather(
        *(database.write(story, number) for number in range(24)), return_exceptions=True
    )
    taken = sorted(each for each in done if isinstance(each, int))
    assert taken == list(range(1, 17))
    assert all(isinstance(each, Refused) for each in done if not isinstance(each, int))


def wait_in_line(connection):
    """Add two updates of one chat and one of another."""
    rows = [(1, 10), (2, 10), (3, 20)]
    connection.execute(
        insert(inbox),
        [
            {"update_id": number, "received_day": "d", "chat_id": chat, "raw": "{}",
             "received_at": NOW}
            for number, chat in rows
        ],
    )  # fmt: skip


def next_rows(connection):
    """Claim the lowest open row of each chat that no other worker has."""
    earlier = inbox.alias()
    before = select(earlier.c.id).where(
        earlier.c.chat_id == inbox.c.chat_id, earlier.c.state == "new", earlier.c.id < inbox.c.id
    )
    wanted = select(inbox.c.id, inbox.c.update_id).where(inbox.c.state == "new", ~before.exists())
    return connection.execute(unless_claimed(wanted.order_by(inbox.c.id), of=inbox)).all()


async def test_the_lowest_row_of_each_chat_is_claimed(database):
    await database.write(wait_in_line)
    rows = await database.write(next_rows)
    assert [row.update_id for row in rows] == [1, 3]


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_rows_of_another_worker_are_skipped(database):
    await database.write(wait_in_line)
    claimed, done = asyncio.Event(), asyncio.Event()

    def worker(connection):
        wanted = select(inbox.c.id).where(inbox.c.update_id == 1)
        rows = connection.execute(unless_claimed(wanted, of=inbox)).all()
        claimed.set()
        await_only(done.wait())
        connection.execute(
            update(inbox).where(inbox.c.id == rows[0].id).values(state="done", done_at=NOW)
        )

    working = asyncio.create_task(database.write(worker))
    await claimed.wait()
    # The other row of that chat is not given either, so that its order is kept.
    assert [row.update_id for row in await database.write(next_rows)] == [3]
    done.set()
    await working
    assert [row.update_id for row in await database.write(next_rows)] == [2, 3]
