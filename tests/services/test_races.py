"""Use cases at the same time: what one takes the other sees, whoever comes first."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core.domain.links import Track
from core.services.documents import issuing
from tests.builders import Shop
from tests.company import OpenCompany


def fulfilled(shop: Shop, order: int) -> Decimal:
    """Return how much of an order's line was delivered or received."""
    (line,) = shop.sees(order).lines
    return line.state.on(Track.FULFIL)


async def issue_at_once(open_shop: OpenCompany, drafts: list[int]) -> list[str]:
    """Issue drafts at the same time; return the numbers and the names of refusals, sorted."""

    def issue(draft: int) -> Callable[[Shop], str]:
        return lambda shop: issuing.issue(shop.work, draft, revision=0).number

    return sorted(await open_shop.at_once(*map(issue, drafts)))


def numbered(word: Callable[..., int], *arguments: Any) -> Callable[[Shop], str]:
    """Make an act of a shop's word; it returns the number of the document that is made."""
    return lambda shop: str(shop.record(word(shop, *arguments)).number)


# --- Goods --------------------------------------------------------------------------------------


async def test_simultaneous_deliveries_of_one_order_do_not_deliver_it_twice(open_shop):
    def prepare(shop: Shop) -> tuple[int, list[int]]:
        shop.has(20, "laptop")
        order = shop.sells(3, "laptop")
        return order, [shop.converts("delivery_note", order) for _ in range(4)]

    order, notes = await open_shop.does(prepare)
    assert await issue_at_once(open_shop, notes) == ["DN-2026-0001"] + ["MoreThanOffered"] * 3
    assert await open_shop.does(lambda shop: fulfilled(shop, order)) == 3
    assert await open_shop.does(Shop.audit) == []


async def test_simultaneous_receipts_of_one_order_do_not_receive_it_twice(open_shop):
    def prepare(shop: Shop) -> tuple[int, list[int]]:
        order = shop.buys(5, "mouse")
        return order, [shop.converts("receipt_note", order) for _ in range(2)]

    order, notes = await open_shop.does(prepare)
    assert await issue_at_once(open_shop, notes) == ["MoreThanOffered", "RN-2026-0001"]
    assert await open_shop.does(lambda shop: fulfilled(shop, order)) == 5


async def test_a_draft_is_issued_once(open_shop):
    def prepare(shop: Shop) -> int:
        shop.has(20, "laptop")
        return shop.drafts("sales_order", (3, "laptop"))

    draft = await open_shop.does(prepare)
    done = await issue_at_once(open_shop, [draft] * 3)
    assert done == ["ActionRefused", "ActionRefused", "SO-2026-0001"]
    assert await open_shop.does(Shop.audit) == []


async def test_orders_for_the_last_goods_claim_no_more_than_there_is(open_shop):
    def prepare(shop: Shop) -> list[int]:
        shop.has(5, "laptop")
        return [shop.drafts("sales_order", (3, "laptop")) for _ in range(4)]

    drafts = await open_shop.does(prepare)
    # All orders are taken; those that find nothing left wait for goods.
    assert await issue_at_once(open_shop, drafts) == [
        f"SO-2026-000{each}" for each in (1, 2, 3, 4)
    ]
    assert await open_shop.does(Shop.audit) == []


# --- Money --------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [120, 200, 360])
async def test_simultaneous_payments_settle_an_invoice_once(open_shop, amount):
    def prepare(shop: Shop) -> int:
        shop.has(20, "laptop")
        return shop.makes("invoice", shop.sells(3, "laptop"))

    invoice = await open_shop.does(prepare)
    done = await open_shop.at_once(*[lambda shop: shop.collects(amount, invoice)] * 4)
    assert len(set(done)) == 4
    # Money that came is always booked; what is beyond the debt is credit.
    assert await open_shop.does(Shop.balance) == {"EUR": 360 - 4 * amount}
    assert await open_shop.does(Shop.audit) == []


async def test_two_contacts_who_pay_the_same_debt_at_once_are_told(open_shop):
    def pay_and_tell(shop: Shop) -> list[str]:
        shop.pays(invoice, 120)
        return [each.name for each in shop.events]

    invoice = await open_shop.does(lambda shop: shop.invoices(1, "pen", 100))
    # Both payments are booked; the second finds the invoice paid.
    assert sorted(await open_shop.at_once(pay_and_tell, pay_and_tell)) == [[], ["paid_twice"]]
    assert await open_shop.does(Shop.balance) == {"EUR": -120}
    assert await open_shop.does(Shop.audit) == []


async def test_all_that_is_due_is_paid_once(open_shop):
    invoice = await open_shop.does(lambda shop: shop.invoices(1, "pen", 100))
    done = await open_shop.at_once(*[numbered(Shop.pays, invoice)] * 3)
    assert sorted(done) == ["NotFound", "NotFound", "PY-2026-0001"]
    assert await open_shop.does(Shop.audit) == []


async def test_credit_is_paid_back_once(open_shop):
    await open_shop.does(lambda shop: shop.collects(100))
    done = await open_shop.at_once(*[numbered(Shop.pays_back, 60)] * 2)
    assert sorted(done) == ["MoreThanOpen", "PY-2026-0002"]
    assert await open_shop.does(Shop.balance) == {"EUR": -40}
    assert await open_shop.does(Shop.audit) == []


async def test_payments_of_the_same_invoices_in_different_order_do_not_block(open_shop):
    def prepare(shop: Shop) -> list[int]:
        return [shop.invoices(1, "pen", 100) for _ in range(3)]

    made = await open_shop.does(prepare)
    orders = [made, made[::-1], made[1:] + made[:1], made]
    done = await open_shop.at_once(*(numbered(Shop.collects, 150, *each) for each in orders))
    assert sorted(done) == [f"PY-2026-000{number}" for number in range(1, 5)]
    assert await open_shop.does(Shop.balance) == {"EUR": -240}
    assert await open_shop.does(Shop.audit) == []


async def test_a_deposit_can_come_while_its_order_is_invoiced(open_shop):
    def prepare(shop: Shop) -> tuple[int, list[int]]:
        order = shop.sells(2, "pen", 100)
        shop.takes_deposit(order, 50)
        return order, [shop.converts("invoice", order, 1) for _ in range(2)]

    order, drafts = await open_shop.does(prepare)
    done = await open_shop.at_once(
        numbered(Shop.takes_deposit, order, 30),
        *(numbered(Shop.issues, each) for each in drafts),
    )
    assert sorted(done) == ["IN-2026-0001", "IN-2026-0002", "PY-2026-0002"]
    assert await open_shop.does(Shop.balance) == {"EUR": 160}
    assert await open_shop.does(Shop.audit) == []
