"""What is to come, to inspect or to be paid is found quickly, by rows that triggers keep."""

from decimal import Decimal

import pytest

from core.services import overview
from core.services.documents.converting import Chosen
from core.services.money import open_items
from tests.builders import Shop, audited_story

D = Decimal


def to_come(shop: Shop) -> list[str | None]:
    """Return the numbers of the orders from which goods are still to come."""
    return [shop.record(each.document_id).number for each in overview.arrivals(shop.work)]


def to_inspect(shop: Shop) -> list[tuple[str | None, Decimal]]:
    """Return the numbers of the receipts with rejected goods, and how many these are."""
    return [
        (shop.record(each.document_id).number, each.pieces)
        for each in overview.inspections(shop.work)
    ]


@audited_story
def test_an_order_is_to_come_until_all_was_received_and_again_after_a_reversal(
    shop: Shop,
) -> None:
    order = shop.new("purchase_order", (20, "laptop"), (1, "freight"))
    assert to_come(shop) == ["PO-2026-0001"]
    shop.makes("receipt_note", order, 15, 0)
    assert to_come(shop) == ["PO-2026-0001"]
    rest = shop.makes("receipt_note", order)
    assert to_come(shop) == []
    shop.reverses(rest)
    assert to_come(shop) == ["PO-2026-0001"]
    shop.closes(order)
    assert to_come(shop) == []


@audited_story
def test_a_received_order_that_grows_is_to_come_again(shop: Shop) -> None:
    order = shop.new("purchase_order", (5, "laptop"), (5, "mouse"))
    shop.makes("receipt_note", order)
    shop.amends(order, 5, 6)
    assert to_come(shop) == ["PO-2026-0001"]
    shop.amends(order, 5, 5)
    assert to_come(shop) == []


@audited_story
def test_goods_that_go_back_to_be_replaced_are_to_come_again(shop: Shop) -> None:
    received = shop.makes("receipt_note", shop.buys(5, "laptop"))
    shop.makes("purchase_return", received, 2, drops=False)
    assert to_come(shop) == ["PO-2026-0001"]


@audited_story
def test_rejected_goods_are_to_inspect_until_they_are_accepted_or_sent_back(shop: Shop) -> None:
    order = shop.new("purchase_order", (20, "laptop"), (3, "mouse"))
    received = shop.makes("receipt_note", order, Chosen(D(12), rejected=D(8)), 3)
    assert to_inspect(shop) == [("RN-2026-0001", 8)]
    shop.makes("transfer", received, 3, 0, rejected_goods=True)
    assert to_inspect(shop) == [("RN-2026-0001", 5)]
    back = shop.makes("purchase_return", received, 5, 0, rejected_goods=True)
    assert to_inspect(shop) == []
    shop.reverses(back)
    assert to_inspect(shop) == [("RN-2026-0001", 5)]


@pytest.mark.parametrize("kind", ["sales_order", "quote"])
@audited_story
def test_what_nobody_waits_for_is_not_kept(shop: Shop, kind: str) -> None:
    shop.new(kind, (5, "laptop"))
    assert shop.connection.exec_driver_sql("SELECT count(*) FROM outstanding").scalar() == 0


def owed(shop: Shop) -> list[tuple[str | None, Decimal]]:
    """Return the numbers of the documents for which we are owed money, and how much."""
    return [
        (shop.record(each.document_id).number, each.amount) for each in overview.debts(shop.work)
    ]


def open_of(shop: Shop, party_id: int) -> list[str | None]:
    """Return the numbers of a party's open items."""
    return [each.record.number for each in open_items.open_items(shop.connection, party_id)]


@audited_story
def test_an_invoice_is_owed_until_it_is_paid_and_again_after_a_reversal(shop: Shop) -> None:
    invoice = shop.makes("invoice", shop.new("sales_order", (2, "freight")))
    assert owed(shop) == [("IN-2026-0001", 216)]
    shop.pays(invoice, 16)
    assert owed(shop) == [("IN-2026-0001", 200)]
    rest = shop.collects(250, invoice)
    assert owed(shop) == []
    assert open_of(shop, shop.customer) == ["PY-2026-0002"]
    shop.reverses(rest)
    assert owed(shop) == [("IN-2026-0001", 200)]
    shop.makes("credit_note", invoice, 1, drops=True)
    assert owed(shop) == [("IN-2026-0001", 92)]
    assert open_of(shop, shop.customer) == ["IN-2026-0001"]


@audited_story
def test_a_bill_is_open_but_nobody_owes_it_to_us(shop: Shop) -> None:
    bill = shop.makes("bill", shop.new("purchase_order", (1, "freight")), foreign_number="1")
    assert (owed(shop), open_of(shop, shop.vendor)) == ([], ["BI-2026-0001"])
    shop.pays(bill, 108)
    assert open_of(shop, shop.vendor) == []
