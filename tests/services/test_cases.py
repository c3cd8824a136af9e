"""The cases of the trade (links, value and money), each with the answer that must come out."""

from decimal import Decimal

import pytest
from core.services.money import accounts

from core.domain.links import MoreThanOffered
from core.services import stock
from core.services.documents import converting
from core.services.documents.converting import Chosen, NothingToConvert, NotInForce
from core.services.documents.issuing import NothingInIt
from core.services.products import pricing
from core.services.stock import NotEnough
from tests.builders import Shop, Tells

D = Decimal


def to_deliver_and_invoice(shop: Shop, order: int) -> tuple[Decimal, Decimal]:
    offers = shop.offers(order)
    return offers.get("Deliver", (D(0),))[0], offers.get("Invoice", (D(0),))[0]


def sold(shop: Shop, quantity: int = 10) -> int:
    shop.has(50, "laptop")
    return shop.sells(quantity, "laptop")


async def test_returned_and_not_replaced(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = sold(shop)
        note = shop.makes("delivery_note", order)
        shop.makes("sales_return", note, 3, drops=True)
        assert to_deliver_and_invoice(shop, order) == (0, 7)

    await tells(story)


async def test_returned_to_be_replaced(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = sold(shop)
        note = shop.makes("delivery_note", order)
        shop.makes("invoice", order)
        back = shop.makes("sales_return", note, 3, drops=False)
        assert to_deliver_and_invoice(shop, order) == (3, 0)
        shop.makes("credit_note", back, 3)
        assert to_deliver_and_invoice(shop, order) == (3, 3)

    await tells(story)


async def test_invoiced_first_then_credited(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = sold(shop)
        invoice = shop.makes("invoice", order)
        shop.makes("credit_note", invoice, 4, drops=True)
        assert to_deliver_and_invoice(shop, order) == (6, 0)

    await tells(story)


async def test_two_roads_to_an_invoice(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = sold(shop)
        note = shop.makes("delivery_note", order, 6)
        shop.makes("invoice", note, 6)
        assert to_deliver_and_invoice(shop, order) == (4, 4)
        shop.makes("invoice", order, 4)
        rest = shop.makes("delivery_note", order, 4)
        assert "Invoice" not in shop.offers(rest)

    await tells(story)


async def test_a_return_is_credited_over_its_invoices_oldest_first(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = sold(shop)
        note = shop.makes("delivery_note", order)
        shop.makes("invoice", note, 6)
        shop.makes("invoice", note, 4)
        back = shop.makes("sales_return", note, 8, drops=True)
        credit = shop.makes("credit_note", back)
        assert [each.line.quantity for each in shop.sees(credit).lines] == [6, 2]

    await tells(story)


async def test_accepted_and_rejected(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.buys(200, "laptop")
        receipt = shop.makes("receipt_note", order, 190, rejected=10)
        assert shop.offers(order) == {"Receive": (10, 10), "Bill": (190, 200)}
        assert shop.offers(receipt)["Accept the rejected"] == (10, 10)
        shop.makes("transfer", receipt, rejected_goods=True)
        assert shop.offers(order) == {"Bill": (200, 200)}

    await tells(story)


async def test_rejected_goods_go_back(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.buys(200, "laptop")
        receipt = shop.makes("receipt_note", order, 190, rejected=10)
        shop.makes("purchase_return", receipt, rejected_goods=True)
        assert shop.offers(order) == {"Receive": (10, 10), "Bill": (190, 200)}

    await tells(story)


async def test_an_approved_excess_can_be_billed(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.buys(200, "laptop")
        shop_draft = shop.sees(order).lines[0].line.id
        draft = converting.convert(
            shop.work, order, "receipt_note", chosen={shop_draft: Chosen(D(205))}
        )
        with pytest.raises(MoreThanOffered):
            shop.issues(draft)
        shop.issues(draft, excess=True)
        assert shop.offers(order)["Bill"] == (205, 205)

    await tells(story)


async def test_a_service_counts_when_it_is_invoiced(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(20, "computer")
        shop.product("freight", nature="service", list_price=D(90))
        order = shop.issues(
            shop.drafts("sales_order", shop.line(20, "computer"), shop.line(1, "freight"))
        )
        shop.makes("delivery_note", order)
        progress = shop.sees(order).progress
        assert progress is not None
        assert not progress.is_complete
        shop.makes("invoice", order)
        progress = shop.sees(order).progress
        assert progress is not None
        assert progress.is_complete

    await tells(story)


async def test_a_reversed_delivery_gives_back_its_claims(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(5, "laptop")
        first = shop.sells(5, "laptop")
        note = shop.makes("delivery_note", first)
        second = shop.sells(5, "laptop")
        shop.reverses(note)
        assert shop.sees(first).lines[0].ready == 5
        assert shop.sees(second).lines[0].ready == 0

    await tells(story)


async def test_a_receipt_whose_goods_are_gone_is_not_reversed(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.buys(200, "laptop")
        receipt = shop.makes("receipt_note", order)
        shop.makes("delivery_note", shop.sells(20, "laptop"))
        with pytest.raises(NotEnough):
            shop.reverses(receipt)

    await tells(story)


async def test_credited_piece_by_piece(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = shop.issues(shop.drafts("invoice", shop.line(3, "pen", "0.33")))
        assert shop.sees(invoice).record.total == D("1.19")
        notes = [shop.makes("credit_note", invoice, 1) for _ in range(3)]
        assert sum(shop.sees(each).record.total for each in notes) == D("1.19")
        settled = shop.sees(invoice).settled
        assert settled is not None
        assert settled.state == "credited"

    await tells(story)


async def test_a_discount_over_three_invoices(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(30, "pen")
        order = shop.sells(30, "pen", 10, discount_minor=1000)
        invoices = [shop.makes("invoice", order, 10) for _ in range(3)]
        shares = [shop.sees(each).record.discount_minor for each in invoices]
        assert shares == [333, 333, 334]
        nets = [shop.sees(each).record.net_minor for each in invoices]
        assert nets == [9667, 9667, 9666]

    await tells(story)


async def test_a_credit_goes_to_its_own_invoice_first(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = shop.issues(shop.drafts("invoice", shop.line(10, "pen", 10)))
        credit = shop.makes("credit_note", invoice, 3)
        settled = shop.sees(invoice).settled
        assert settled is not None
        assert (settled.due, settled.credited, settled.paid) == (D("84.00"), D("36.00"), 0)
        left = shop.sees(credit).settled
        assert left is not None
        assert left.due == 0

    await tells(story)


async def test_money_that_is_over_stays_as_credit(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = shop.issues(shop.drafts("invoice", shop.line(1, "pen", 100)))
        shop.pays(invoice, 150)
        assert accounts.balances(shop.work.connection, shop.customer) == {"EUR": D("-30.00")}

    await tells(story)


async def test_value_of_what_leaves(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop", 100)
        order = shop.buys(10, "laptop", 200)
        receipt = shop.makes("receipt_note", order)
        shop.makes("delivery_note", shop.sells(15, "laptop"))
        shop.makes("purchase_return", receipt, 5)
        product_id = shop.product("laptop")
        level = stock.levels(shop.work.connection, [product_id])[product_id]
        assert (level.on_hand, level.value_minor) == (0, 0)

    await tells(story)


async def test_nothing_is_converted_twice_or_beyond(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = sold(shop)
        shop.makes("delivery_note", order)
        with pytest.raises(NothingToConvert):
            shop.makes("delivery_note", order)
        with pytest.raises(MoreThanOffered):
            shop.makes("invoice", order, 11)
        draft = shop.drafts("sales_order", shop.line(1, "laptop"))
        with pytest.raises(NotInForce):
            shop.makes("invoice", draft)

    await tells(story)


async def test_an_empty_paper_is_not_posted(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        with pytest.raises(NothingInIt):
            shop.issues(shop.drafts("invoice"))

    await tells(story)


async def test_a_delivery_without_stock(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(5, "laptop")
        with pytest.raises(NotEnough):
            shop.makes("delivery_note", order)

    await tells(story)


async def test_a_list_price_in_another_currency_has_its_digits(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        found = pricing.prices(
            shop.work.connection,
            [pricing.Wanted(shop.product("laptop"), D(1), D(90))],
            currency="AUD",
            party_book_id=None,
            day=shop.today(),
            rate=D("0.61"),
        )
        assert found[shop.product("laptop")] == pricing.FoundPrice(D("147.54"), "list")

    await tells(story)
