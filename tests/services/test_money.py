"""Deposits, partial credits, price reductions and other currencies, each with its result."""

from decimal import Decimal

import pytest

from core.domain.links import MoreThanOffered
from core.domain.settlement import Match
from core.services.documents import converting
from core.services.documents import preview as forecasts
from core.services.documents.converting import Chosen, Less
from core.services.documents.document_totals import MoreThanLeft
from core.services.documents.preview import Forecast
from core.services.money import allocations, credit, deposits, open_items
from core.services.money.allocations import AllocationRefused
from core.services.money.credit import MoreThanOpen
from core.services.money.payments import AmountNotPositive, Received
from core.services.rights import NotFound
from tests.builders import Shop, audited_story, decimal, story

D = Decimal


def less(quantity: object, each: object) -> Chosen:
    """Choose no piece of a line, but an amount off so many of them."""
    return Chosen(D(0), less=Less(decimal(quantity), decimal(each)))


def open_credits(shop: Shop) -> list[open_items.Due]:
    """Return the customer's credit that can be used."""
    return open_items.credits_of(open_items.open_items(shop.connection, shop.customer))


def preview(shop: Shop, source: int, kind: str, *quantities: object) -> Forecast | None:
    """Return the totals that are shown before a document is made from another."""
    view = shop.sees(source)
    (rule,) = (each.rule for each in view.conversions if each.rule.target == kind)
    chosen = shop.chosen(source, *quantities) if quantities else {}
    return forecasts.forecast(shop.work, view.record, rule, chosen=chosen)


# --- Deposits -----------------------------------------------------------------------------------


@audited_story
def test_an_invoice_uses_its_orders_deposit(shop: Shop) -> None:
    order = shop.sells(10, "pen", 10)
    other = shop.invoices(1, "pen", 50)
    paid = shop.takes_deposit(order, 100)
    assert shop.due(other) == 60
    due = open_items.open_items(shop.connection, shop.customer)
    assert open_items.settleable(due) == []
    first = shop.makes("invoice", order, 6)
    assert shop.due(first) == 0
    second = shop.makes("invoice", order, 4)
    assert shop.due(second) == D("20.00")
    assert shop.due(paid) == 0


@audited_story
def test_the_deposit_of_a_cancelled_order_is_credit(shop: Shop) -> None:
    order = shop.sells(1, "pen", 100)
    shop.takes_deposit(order, 50)
    assert open_credits(shop) == []
    shop.cancels(order)
    (left,) = open_credits(shop)
    assert (left.amount, left.direction) == (D("50.00"), "out")
    shop.pays_back()
    assert shop.balance() == {}


@audited_story
def test_a_deposit_beyond_the_invoice_is_credit(shop: Shop) -> None:
    order = shop.sells(1, "pen", 100)
    shop.takes_deposit(order, 150)
    shop.makes("invoice", order)
    (left,) = open_credits(shop)
    assert left.amount == D("30.00")


@audited_story
def test_a_deposit_on_a_purchase_order_is_paid_to_the_vendor(shop: Shop) -> None:
    order = shop.buys(10, "pen", 10)
    paid = shop.takes_deposit(order, 30)
    assert shop.record(paid).direction == "out"
    shop.makes("receipt_note", order)
    bill = shop.makes("bill", order, foreign_number="1")
    assert shop.due(bill) == shop.total(bill) - 30


@story
def test_only_an_order_in_force_takes_a_deposit(shop: Shop) -> None:
    draft = shop.drafts("sales_order", (1, "pen", 100))
    for wrong in (draft, shop.invoices(1, "pen", 5)):
        with pytest.raises(converting.NotInForce):
            shop.takes_deposit(wrong, 50)
    with pytest.raises(NotFound):
        shop.takes_deposit(9999, 50)


@audited_story
def test_a_reversed_deposit_is_not_used(shop: Shop) -> None:
    order = shop.sells(1, "pen", 100)
    paid = shop.takes_deposit(order, 50)
    assert [each.left for each in deposits.of_order(shop.connection, order)] == [50]
    shop.reverses(paid)
    assert deposits.of_order(shop.connection, order) == []
    assert shop.due(shop.makes("invoice", order)) == 120


# --- Price reductions ---------------------------------------------------------------------------


@audited_story
def test_a_lower_price_credits_no_pieces(shop: Shop) -> None:
    order = shop.sells(10, "pen", 100)
    invoice = shop.makes("invoice", order)
    note = shop.makes("credit_note", invoice, less(10, 5))
    assert shop.total(note) == D("60.00")
    assert shop.due(invoice) == D("1140.00")
    # No piece was credited: all ten can still be credited, at the lower price.
    assert shop.offers(invoice)["Credit"][1] == 10
    assert "Invoice" not in shop.offers(order)
    back = shop.makes("credit_note", invoice, 4)
    assert shop.record(back).net_minor == 4 * 9500
    rest = shop.makes("credit_note", invoice, 6)
    assert shop.record(rest).net_minor == 6 * 9500
    assert shop.due(invoice) == 0


@audited_story
def test_reductions_of_all_pieces_add_up_to_the_invoice(shop: Shop) -> None:
    invoice = shop.invoices(3, "pen", "0.33")
    notes = [shop.makes("credit_note", invoice, less(1, "0.33")) for _ in range(3)]
    assert sum(shop.total(each) for each in notes) == D("1.19")
    with shop.refuses(MoreThanLeft) as found:
        shop.makes("credit_note", invoice, less(1, "0.01"))
    assert found.value.facts["left"] == 0
    # The pieces can still come back, but are worth nothing any more.
    assert shop.total(shop.makes("credit_note", invoice, 3)) == 0


@audited_story
def test_a_line_cannot_be_reduced_below_zero(shop: Shop) -> None:
    invoice = shop.new("invoice", (2, "pen", 10), (1, "ink", 50))
    with shop.refuses(MoreThanLeft) as found:
        shop.makes("credit_note", invoice, less(1, "20.01"), 0)
    assert found.value.facts["name"] == "Pen"
    assert found.value.facts["left"] == 20
    shop.makes("credit_note", invoice, 1, 0)
    with shop.refuses(MoreThanLeft):
        shop.makes("credit_note", invoice, less(1, "10.01"), 0)
    shop.makes("credit_note", invoice, less(1, "10"), 0)
    assert shop.due(invoice) == D("60.00")


@audited_story
def test_the_invoices_discount_limits_what_can_be_taken_off(shop: Shop) -> None:
    invoice = shop.invoices(1, "pen", 100, discount_minor=3000)
    with shop.refuses(MoreThanLeft) as found:
        shop.makes("credit_note", invoice, less(1, 80))
    assert found.value.facts["left"] == 70
    shop.makes("credit_note", invoice, less(1, 70))
    assert shop.due(invoice) == 0


@audited_story
def test_a_vendor_credit_can_lower_the_price_of_a_bill(shop: Shop) -> None:
    order = shop.buys(10, "pen", 10)
    shop.makes("receipt_note", order)
    bill = shop.makes("bill", order, foreign_number="1")
    before = shop.due(bill)
    shop.makes("vendor_credit", bill, less(10, 1), foreign_number="2")
    assert shop.due(bill) == before - 12


@audited_story
def test_one_credit_can_take_pieces_and_money_off_a_line(shop: Shop) -> None:
    invoice = shop.invoices(10, "pen", 10)
    both = Chosen(D(2), less=Less(D(1), D(8)))
    shown = preview(shop, invoice, "credit_note", both)
    assert shop.total(shop.makes("credit_note", invoice, both)) == D("33.60")
    assert shown is not None
    assert shown.total == D("33.60")


# --- Previews -----------------------------------------------------------------------------------


@story
def test_the_preview_of_an_invoice_shows_its_discount_and_deposit(shop: Shop) -> None:
    shop.has(30, "pen")
    order = shop.sells(30, "pen", 10, discount_minor=1000)
    shop.takes_deposit(order, 20)
    note = shop.makes("delivery_note", order, 10)
    for source in (order, note):
        shown = preview(shop, source, "invoice", 10)
        assert shown is not None
        assert (shown.discount, shown.net, shown.total) == (D("3.33"), D("96.67"), D("116.00"))
        assert (shown.deposit, shown.due) == (D("20.00"), D("96.00"))
    draft = shop.converts("invoice", note)
    totals = shop.sees(draft).totals
    assert totals is not None
    assert totals.total == D("116.00")
    assert shop.total(shop.issues(draft)) == D("116.00")


@story
def test_the_invoice_of_a_delivery_takes_over_the_orders_terms(shop: Shop) -> None:
    shop.has(10, "pen")
    order = shop.sells(10, "pen", 10, discount_percent=D(10), payment_days=7)
    invoice = shop.makes("invoice", shop.makes("delivery_note", order))
    assert shop.total(invoice) == D("108.00")
    assert shop.record(invoice).payment_days == 7


# --- Partial credits ----------------------------------------------------------------------------


@audited_story
def test_one_payment_settles_several_invoices(shop: Shop) -> None:
    first, second, third = (shop.invoices(1, "pen", net) for net in (100, 50, 200))
    paid = shop.collects(250, first, third)
    assert [shop.due(each) for each in (first, second, third)] == [0, 60, D("110.00")]
    assert shop.due(paid) == 0
    found = allocations.counterparts(shop.connection, paid)
    assert [(each.record.id, each.amount) for each in found] == [(first, 120), (third, 130)]


@audited_story
def test_credit_can_be_used_and_paid_back_in_part(shop: Shop) -> None:
    first, second = shop.invoices(1, "pen", 100), shop.invoices(1, "pen", 50)
    paid = shop.collects(200)
    assert shop.uses_credit(second, of=[paid]) == 60
    assert shop.due(first) == 120
    with pytest.raises(MoreThanOpen):
        shop.pays_back("140.01")
    back = shop.pays_back(40, of=[paid])
    assert shop.due(paid) == 100
    assert shop.due(back) == 0
    with pytest.raises(NotFound):
        shop.uses_credit(first, direction="in")


@audited_story
def test_a_vendors_credit_is_used_for_their_bills(shop: Shop) -> None:
    order = shop.buys(20, "pen", 10)
    shop.makes("receipt_note", order)
    bill = shop.makes("bill", order, 10, foreign_number="1")
    shop.pays(bill)
    given = shop.makes("vendor_credit", bill, less(10, 5), foreign_number="2")
    other = shop.makes("bill", order, foreign_number="3")
    before = shop.due(other)
    used = shop.uses_credit(other, party=shop.vendor, direction="in")
    assert used == shop.total(given) == before - shop.due(other)


@audited_story
def test_a_settlement_can_be_undone_and_used_elsewhere(shop: Shop) -> None:
    invoice, other = shop.invoices(1, "pen", 100), shop.invoices(1, "pen", 100)
    paid = shop.pays(invoice)
    assert credit.unsettle(shop.work, paid, invoice) == 120
    assert (shop.due(invoice), shop.due(paid)) == (120, 120)
    with pytest.raises(NotFound):
        credit.unsettle(shop.work, paid, invoice)
    shop.uses_credit(other)
    assert (shop.due(invoice), shop.due(other)) == (120, 0)
    shop.reverses(paid)
    assert (shop.due(invoice), shop.due(other)) == (120, 120)


# --- Paid twice ---------------------------------------------------------------------------------


@audited_story
def test_a_double_payment_is_booked_and_announced(shop: Shop) -> None:
    invoice = shop.invoices(1, "pen", 100)
    first = shop.pays(invoice)
    assert shop.events == []
    second = shop.pays(invoice, 120)
    assert shop.balance() == {"EUR": D("-120.00")}
    (told,) = shop.told("paid_twice")
    assert told.facts["earlier"] == [shop.record(first).number]
    assert (told.facts["amount"], told.document_id) == (120, second)
    with pytest.raises(NotFound):
        shop.pays(invoice)


# --- Other currencies ---------------------------------------------------------------------------


def invoice_in_dollars(shop: Shop, rate: str = "0.61") -> int:
    """Invoice AUD 1,000 and the tax on them at a rate."""
    shop.sets_rate("AUD", rate)
    draft = shop.drafts("invoice", (1, "pen", 1000), currency="AUD")
    assert shop.record(draft).rate == D(rate)
    return shop.issues(draft)


@audited_story
def test_a_payment_in_another_currency_keeps_both_amounts_and_the_rate(shop: Shop) -> None:
    invoice = invoice_in_dollars(shop, "0.60")
    amount = D("983.61")
    paid = shop.pays(invoice, amount, received=Received("EUR", D(600), D("0.61")))
    record = shop.record(paid)
    assert (record.received_currency, record.received_minor) == ("EUR", 60000)
    assert (record.received_rate, record.rate, record.amount_minor) == (
        D("0.61"), D("0.61"), 98361,
    )  # fmt: skip
    assert shop.due(invoice) == D("216.39")
    (found,) = allocations.counterparts(shop.connection, paid)
    # The customer owed 983.61 at 0.60 and paid at 0.61.
    assert found.won_minor == 984
    assert shop.audit() == []
    assert credit.unsettle(shop.work, invoice, paid) == amount
    assert allocations.counterparts(shop.connection, paid) == []


@audited_story
def test_a_payment_at_a_later_rate_leaves_an_exchange_difference(shop: Shop) -> None:
    invoice = invoice_in_dollars(shop)
    shop.passes(days=1)
    shop.sets_rate("AUD", "0.59")
    paid = shop.pays(invoice)
    (found,) = allocations.counterparts(shop.connection, invoice)
    assert (found.record.id, found.won_minor) == (paid, -2400)


@audited_story
def test_a_third_currency_is_valued_at_its_rate_of_the_day(shop: Shop) -> None:
    invoice = invoice_in_dollars(shop)
    shop.sets_rate("USD", "0.9")
    paid = shop.pays(invoice, D(900), received=Received("USD", D(600), D("1.5")))
    assert shop.record(paid).rate == D("0.6")


@audited_story
def test_foreign_money_for_a_debt_in_our_currency_leaves_no_difference(shop: Shop) -> None:
    invoice = shop.invoices(1, "pen", 100)
    paid = shop.pays(invoice, D(61), received=Received("AUD", D(100), D("0.61")))
    assert shop.record(paid).rate == 1
    assert allocations.counterparts(shop.connection, paid)[0].won_minor == 0


@audited_story
def test_a_payment_of_invoices_at_several_rates_leaves_a_difference_for_each(shop: Shop) -> None:
    first = invoice_in_dollars(shop, "0.61")
    shop.passes(days=1)
    second = invoice_in_dollars(shop, "0.59")
    third = invoice_in_dollars(shop, "0.6000001")
    # Cents at nearly the same rate leave nothing.
    shop.sets_rate("AUD", "0.6")
    shop.pays(third, D("0.01"))
    shop.passes(days=1)
    shop.sets_rate("AUD", "0.59")
    paid = shop.collects(2000, first, second, currency="AUD")
    found = allocations.counterparts(shop.connection, paid)
    won = {each.record.id: each.won_minor for each in found}
    assert won.pop(first) == -2400
    assert all(abs(each) == 0 for each in won.values())


# --- Refusals, and both sides of one party ------------------------------------------------------


@audited_story
def test_a_bill_and_an_invoice_of_one_party_settle_each_other(shop: Shop) -> None:
    invoice = shop.invoices(1, "pen", 100)
    shop.changes_party(shop.customer, is_vendor=True)
    shop.new("bill", (1, "ink", 50), party=shop.customer, foreign_number="8")
    assert credit.settle_open(shop.work, shop.customer, currency="EUR") == D("60.00")
    assert shop.due(invoice) == D("60.00")
    shop.pays(invoice)
    assert shop.settled(invoice).state == "settled"
    with pytest.raises(NotFound):
        credit.settle_open(shop.work, shop.customer, currency="EUR")


@story
def test_documents_that_cannot_settle_each_other_are_refused(shop: Shop) -> None:
    invoice, other = shop.invoices(1, "pen", 100), shop.invoices(1, "pen", 50)
    paid = shop.collects(20)
    for wrong in (
        Match(invoice, other, 100),
        Match(invoice, paid, 2001),
        Match(invoice, 9999, 5),
        Match(9999, paid, 5),
    ):
        with shop.refuses(AllocationRefused):
            allocations.allocate(shop.work, [wrong])
    allocations.allocate(shop.work, [Match(invoice, paid, 0)])
    assert shop.due(paid) == 20
    for pair in ((invoice, invoice), (invoice, 9999), (invoice, other)):
        with shop.refuses(NotFound):
            credit.unsettle(shop.work, *pair)
    with shop.refuses(AmountNotPositive):
        shop.collects(0)
    with shop.refuses(NotFound):
        shop.pays(shop.sells(1, "pen"), 5)
    with shop.refuses(NotFound):
        shop.pays_back(direction="in")
    assert open_items.due_of(shop.connection, 9999) is None


@story
def test_only_a_line_of_the_invoice_can_be_reduced(shop: Shop) -> None:
    invoice = shop.invoices(1, "pen", 100)
    chosen = {9999: Chosen(D(0), less=Less(D(1), D(5)))}
    with shop.refuses(MoreThanOffered):
        converting.convert(shop.work, invoice, "credit_note", chosen=chosen)
    assert Less.to_price(D(3), D(10), D(8)) == Less(D(3), D(2))
    with pytest.raises(converting.PriceNotLower):
        Less.to_price(D(3), D(10), D(10))


@story
def test_what_has_no_price_has_no_preview(shop: Shop) -> None:
    shop.has(5, "pen")
    order = shop.sells(2, "pen")
    assert preview(shop, order, "delivery_note") is None
    assert preview(shop, order, "invoice", 0) is None


@story
def test_the_preview_of_a_return_over_two_invoices_is_what_is_credited(shop: Shop) -> None:
    shop.has(20, "pen")
    note = shop.delivers(10, "pen", 10)
    shop.makes("invoice", note, 6)
    shop.makes("invoice", note, 4)
    back = shop.makes("sales_return", note, 8, drops=True)
    shown = preview(shop, back, "credit_note", 8)
    assert shown is not None
    credited = shop.total(shop.makes("credit_note", back))
    assert shown.total == credited == D("96.00")
    assert shown.deposit == 0
