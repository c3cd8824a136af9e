"""The cases of the reference: links, value and money, each with its expected result."""

from decimal import Decimal

import pytest

from core.domain.links import MoreThanOffered
from core.services.documents.converting import NothingToConvert, NotInForce
from core.services.documents.issuing import NothingInIt
from core.services.products import pricing
from core.services.stock import NotEnough
from tests.builders import Shop, story

D = Decimal


def to_deliver_and_invoice(shop: Shop, order: int) -> tuple[Decimal, Decimal]:
    """Return how much of an order is proposed for delivery, and how much for invoicing."""
    offers = shop.offers(order)
    return offers.get("Deliver", (D(0),))[0], offers.get("Invoice", (D(0),))[0]


def sold(shop: Shop) -> int:
    """Sell 10 of 50 laptops."""
    shop.has(50, "laptop")
    return shop.sells(10, "laptop")


@story
def test_a_return_without_replacement_lowers_what_is_invoiced(shop: Shop) -> None:
    order = sold(shop)
    note = shop.makes("delivery_note", order)
    shop.makes("sales_return", note, 3, drops=True)
    assert to_deliver_and_invoice(shop, order) == (0, 7)


@story
def test_a_return_to_be_replaced_is_delivered_again(shop: Shop) -> None:
    order = sold(shop)
    note = shop.makes("delivery_note", order)
    shop.makes("invoice", order)
    back = shop.makes("sales_return", note, 3, drops=False)
    assert to_deliver_and_invoice(shop, order) == (3, 0)
    shop.makes("credit_note", back, 3)
    assert to_deliver_and_invoice(shop, order) == (3, 3)


@story
def test_a_credit_of_goods_no_longer_wanted_lowers_what_is_delivered(shop: Shop) -> None:
    order = sold(shop)
    invoice = shop.makes("invoice", order)
    shop.makes("credit_note", invoice, 4, drops=True)
    assert to_deliver_and_invoice(shop, order) == (6, 0)


@story
def test_an_order_is_invoiced_directly_and_by_its_delivery(shop: Shop) -> None:
    order = sold(shop)
    note = shop.makes("delivery_note", order, 6)
    shop.makes("invoice", note, 6)
    assert to_deliver_and_invoice(shop, order) == (4, 4)
    shop.makes("invoice", order, 4)
    rest = shop.makes("delivery_note", order, 4)
    assert "Invoice" not in shop.offers(rest)


@story
def test_a_return_credits_the_oldest_invoice_first(shop: Shop) -> None:
    order = sold(shop)
    note = shop.makes("delivery_note", order)
    shop.makes("invoice", note, 6)
    shop.makes("invoice", note, 4)
    back = shop.makes("sales_return", note, 8, drops=True)
    credit = shop.makes("credit_note", back)
    assert shop.quantities(credit) == [6, 2]


@story
def test_rejected_goods_can_be_accepted_later(shop: Shop) -> None:
    order = shop.buys(200, "laptop")
    receipt = shop.makes("receipt_note", order, 190, rejected=10)
    assert shop.offers(order) == {"Receive": (10, 10), "Bill": (190, 200)}
    assert shop.offers(receipt)["Accept rejected"] == (10, 10)
    shop.makes("transfer", receipt, rejected_goods=True)
    assert shop.offers(order) == {"Bill": (200, 200)}


@story
def test_rejected_goods_that_go_back_are_still_to_come(shop: Shop) -> None:
    order = shop.buys(200, "laptop")
    receipt = shop.makes("receipt_note", order, 190, rejected=10)
    shop.makes("purchase_return", receipt, rejected_goods=True)
    assert shop.offers(order) == {"Receive": (10, 10), "Bill": (190, 200)}


@story
def test_an_approved_excess_can_be_billed(shop: Shop) -> None:
    order = shop.buys(200, "laptop")
    draft = shop.converts("receipt_note", order, 205)
    with pytest.raises(MoreThanOffered):
        shop.issues(draft)
    shop.issues(draft, excess=True)
    assert shop.offers(order)["Bill"] == (205, 205)


@story
def test_a_service_counts_as_delivered_when_it_is_invoiced(shop: Shop) -> None:
    shop.has(20, "computer")
    order = shop.new("sales_order", (20, "computer"), (1, "freight"))
    shop.makes("delivery_note", order)
    assert not shop.is_complete(order)
    shop.makes("invoice", order)
    assert shop.is_complete(order)


@story
def test_a_reversed_delivery_restores_its_claims(shop: Shop) -> None:
    shop.has(5, "laptop")
    first = shop.sells(5, "laptop")
    note = shop.makes("delivery_note", first)
    second = shop.sells(5, "laptop")
    shop.reverses(note)
    assert (shop.ready(first), shop.ready(second)) == ([5], [0])


@story
def test_a_receipt_whose_goods_are_gone_cannot_be_reversed(shop: Shop) -> None:
    order = shop.buys(200, "laptop")
    receipt = shop.makes("receipt_note", order)
    shop.delivers(20, "laptop")
    with pytest.raises(NotEnough):
        shop.reverses(receipt)


@story
def test_credits_piece_by_piece_add_up_to_the_invoice(shop: Shop) -> None:
    invoice = shop.invoices(3, "pen", "0.33")
    assert shop.total(invoice) == D("1.19")
    notes = [shop.makes("credit_note", invoice, 1) for _ in range(3)]
    assert sum(shop.total(each) for each in notes) == D("1.19")
    assert shop.settled(invoice).state == "credited"


@story
def test_three_invoices_share_the_discount_of_their_order(shop: Shop) -> None:
    shop.has(30, "pen")
    order = shop.sells(30, "pen", 10, discount_minor=1000)
    invoices = [shop.makes("invoice", order, 10) for _ in range(3)]
    assert [shop.record(each).discount_minor for each in invoices] == [333, 333, 334]
    assert [shop.record(each).net_minor for each in invoices] == [9667, 9667, 9666]


@story
def test_a_credit_note_settles_its_own_invoice_first(shop: Shop) -> None:
    invoice = shop.invoices(10, "pen", 10)
    credit = shop.makes("credit_note", invoice, 3)
    settled = shop.settled(invoice)
    assert (settled.due, settled.credited, settled.paid) == (D("84.00"), D("36.00"), 0)
    assert shop.due(credit) == 0


@story
def test_an_overpayment_stays_as_credit(shop: Shop) -> None:
    invoice = shop.invoices(1, "pen", 100)
    shop.pays(invoice, 150)
    assert shop.balance() == {"EUR": D("-30.00")}


@story
def test_a_purchase_return_leaves_no_value_behind(shop: Shop) -> None:
    shop.has(10, "laptop", 100)
    receipt = shop.makes("receipt_note", shop.buys(10, "laptop", 200))
    shop.delivers(15, "laptop")
    shop.makes("purchase_return", receipt, 5)
    level = shop.level("laptop")
    assert (level.on_hand, level.value_minor) == (0, 0)


@story
def test_nothing_is_converted_twice_or_beyond_what_is_offered(shop: Shop) -> None:
    order = sold(shop)
    shop.makes("delivery_note", order)
    with pytest.raises(NothingToConvert):
        shop.makes("delivery_note", order)
    with pytest.raises(MoreThanOffered):
        shop.makes("invoice", order, 11)
    draft = shop.drafts("sales_order", (1, "laptop"))
    with pytest.raises(NotInForce):
        shop.makes("invoice", draft)


@story
def test_an_empty_document_cannot_be_posted(shop: Shop) -> None:
    with pytest.raises(NothingInIt):
        shop.new("invoice")


@story
def test_a_delivery_needs_stock(shop: Shop) -> None:
    order = shop.sells(5, "laptop")
    with pytest.raises(NotEnough):
        shop.makes("delivery_note", order)


@story
def test_a_list_price_in_another_currency_is_rounded_to_its_digits(shop: Shop) -> None:
    found = pricing.prices(
        shop.connection,
        [pricing.Wanted(shop.product("laptop"), D(1), D(90))],
        currency="AUD",
        party_book_id=None,
        day=shop.today(),
        rate=D("0.61"),
    )
    assert found[shop.product("laptop")] == pricing.FoundPrice(D("147.54"), "list")
