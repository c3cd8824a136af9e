"""Use cases at the same time: what one takes, the other sees, whoever comes first."""

import asyncio
from decimal import Decimal

import pytest
from core.services.money import accounts, payments

from core.domain.links import Track
from core.domain.people import MACHINE
from core.services.audit import audit
from core.services.documents import converting, issuing, viewing
from core.services.work import Work
from tests.builders import NOW, Shop


def work_on(connection):
    return Work(connection, MACHINE, NOW)


def issue(connection, document_id, revision):
    return issuing.issue(work_on(connection), document_id, revision=revision).number


def revision_of(connection, document_id):
    return viewing.view(work_on(connection), document_id).record.revision


async def issue_at_once(database, document_ids):
    """Put all into force at the same time; the class names of what happened, sorted."""
    revisions = [await database.read(revision_of, each) for each in document_ids]
    done = await asyncio.gather(
        *(
            database.write(issue, each, revision)
            for each, revision in zip(document_ids, revisions, strict=True)
        ),
        return_exceptions=True,
    )
    return sorted(type(each).__name__ for each in done)


def drawn(connection, document_id):
    """How much of the document's line was drawn to fulfil it."""
    (line,) = viewing.view(work_on(connection), document_id).lines
    return line.state.on(Track.FULFIL)


async def test_two_deliveries_of_one_order_do_not_deliver_it_twice(database):
    def story(connection):
        shop = Shop(connection)
        shop.has(20, "laptop")
        order = shop.sells(3, "laptop")
        notes = [converting.convert(shop.work, order, "delivery_note") for _ in range(4)]
        return order, notes

    order, notes = await database.write(story)
    assert await issue_at_once(database, notes) == ["MoreThanOffered"] * 3 + ["str"]
    assert await database.read(drawn, order) == 3
    assert await database.read(audit) == []


async def test_two_receipts_of_one_order_do_not_receive_it_twice(database):
    def story(connection):
        shop = Shop(connection)
        order = shop.buys(5, "mouse")
        notes = [converting.convert(shop.work, order, "receipt_note") for _ in range(2)]
        return order, notes

    order, notes = await database.write(story)
    assert await issue_at_once(database, notes) == ["MoreThanOffered", "str"]
    assert await database.read(drawn, order) == 5


async def test_a_draft_is_put_into_force_once(database):
    def story(connection):
        shop = Shop(connection)
        shop.has(20, "laptop")
        return shop.drafts("sales_order", shop.line(3, "laptop"))

    draft = await database.write(story)
    assert await issue_at_once(database, [draft] * 3) == ["ActionRefused"] * 2 + ["str"]
    assert await database.read(audit) == []


async def test_orders_for_the_last_goods_claim_no_more_than_there_is(database):
    def story(connection):
        shop = Shop(connection)
        shop.has(5, "laptop")
        return [shop.drafts("sales_order", shop.line(3, "laptop")) for _ in range(4)]

    drafts = await database.write(story)
    # All are taken: who finds nothing left waits for the rest.
    assert await issue_at_once(database, drafts) == ["str"] * 4
    assert await database.read(audit) == []


@pytest.mark.parametrize("amount", ["120", "200", "360"])
async def test_payments_at_once_settle_an_invoice_once(database, amount):
    def story(connection):
        shop = Shop(connection)
        shop.has(20, "laptop")
        return shop.makes("invoice", shop.sells(3, "laptop")), shop.customer

    def pay(connection):
        return payments.pay(
            work_on(connection), customer, direction="in", amount=Decimal(amount),
            currency="EUR", settles=[invoice],
        )  # fmt: skip

    invoice, customer = await database.write(story)
    await asyncio.gather(*(database.write(pay) for _ in range(4)))
    # Money that has come is always booked; what is over is credit.
    assert await database.read(accounts.balances, customer) == {"EUR": 360 - 4 * Decimal(amount)}
    assert await database.read(audit) == []
