"""Deposits, credits in part, credits for money alone, other currencies: what must come out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from core.domain.settlement import Match
from core.services.documents.document_totals import MoreThanLeft
from core.services.money import accounts, allocations, credit, deposits, open_items, payments
from core.services.money.allocations import AllocationRefused
from core.services.money.credit import MoreThanOpen
from core.services.money.payments import Received
from core.services.people import parties

from core.domain.documents import type_of
from core.domain.errors import Refusal
from core.domain.links import MoreThanOffered
from core.services.audit import audit
from core.services.documents import converting, drafting, lifecycle, preview
from core.services.documents.converting import Chosen, Less
from core.services.products import catalog
from core.services.rights import NotFound
from core.storage.database import savepoint
from tests.builders import Shop, Tells

D = Decimal


def invoice_of(shop: Shop, net: object, name: str = "pen") -> int:
    """An invoice without an order, VAT 20 % on top."""
    return shop.issues(shop.drafts("invoice", shop.line(1, name, net)))


def due(shop: Shop, document_id: int) -> Decimal:
    settled = shop.sees(document_id).settled
    assert settled is not None
    return settled.due


def balance(shop: Shop, party_id: int | None = None) -> dict[str, Decimal]:
    return accounts.balances(shop.work.connection, party_id or shop.customer)


def sound(shop: Shop) -> None:
    assert audit(shop.work.connection) == []


def less(shop: Shop, invoice: int, *choices: Any, **more: Any) -> int:
    """A credit of this invoice: for each line a quantity, or money off (quantity, each)."""
    lines = shop.sees(invoice).lines
    chosen = {}
    for each, choice in zip(lines, choices, strict=True):
        amount = Less(D(str(choice[0])), D(str(choice[1]))) if isinstance(choice, tuple) else None
        quantity = D(0) if amount else D(str(choice))
        chosen[each.line.id] = Chosen(quantity, less=amount)
    kind = "vendor_credit" if shop.sees(invoice).type.debt < 0 else "credit_note"
    return shop.issues(converting.convert(shop.work, invoice, kind, chosen=chosen, **more))


@contextmanager
def refused(shop: Shop, refusal: type[Refusal]) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """What is refused leaves nothing, as in a turn."""
    with pytest.raises(refusal) as found, savepoint(shop.work.connection):
        yield found


# --- Deposits -----------------------------------------------------------------------------------


async def test_an_invoice_takes_its_orders_deposit(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(10, "pen", 10)
        other = invoice_of(shop, 50)
        paid = payments.take_deposit(shop.work, order, amount=D(100)).document_id
        assert due(shop, other) == 60
        assert (
            open_items.settleable(open_items.open_items(shop.work.connection, shop.customer)) == []
        )
        first = shop.makes("invoice", order, 6)
        assert due(shop, first) == 0
        second = shop.makes("invoice", order, 4)
        assert due(shop, second) == D("20.00")
        assert due(shop, paid) == 0
        sound(shop)

    await tells(story)


async def test_a_deposit_of_a_cancelled_order_is_free(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(1, "pen", 100)
        payments.take_deposit(shop.work, order, amount=D(50))
        assert open_items.credits_of(_items(shop)) == []
        lifecycle.cancel(shop.work, order, revision=shop.sees(order).record.revision)
        (left,) = open_items.credits_of(_items(shop))
        assert (left.amount, left.direction) == (D("50.00"), "out")
        credit.pay_back(shop.work, shop.customer, direction="out", currency="EUR")
        assert balance(shop) == {}
        sound(shop)

    await tells(story)


def _items(shop: Shop) -> list[open_items.Due]:
    return open_items.open_items(shop.work.connection, shop.customer)


async def test_a_deposit_over_what_is_billed_is_credit_again(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(1, "pen", 100)
        payments.take_deposit(shop.work, order, amount=D(150))
        shop.makes("invoice", order)
        (left,) = open_items.credits_of(_items(shop))
        assert left.amount == D("30.00")
        sound(shop)

    await tells(story)


async def test_a_vendors_deposit_goes_out(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.buys(10, "pen", 10)
        paid = payments.take_deposit(shop.work, order, amount=D(30)).document_id
        assert shop.sees(paid).record.direction == "out"
        shop.makes("receipt_note", order)
        bill = shop.makes("bill", order, foreign_number="1")
        total = shop.sees(bill).record.total
        assert due(shop, bill) == total - 30
        sound(shop)

    await tells(story)


async def test_only_an_order_in_force_takes_a_deposit(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        draft = shop.drafts("sales_order", shop.line(1, "pen", 100))
        for wrong in (draft, invoice_of(shop, 5)):
            with pytest.raises(converting.NotInForce):
                payments.take_deposit(shop.work, wrong, amount=D(50))
        with pytest.raises(NotFound):
            payments.take_deposit(shop.work, 9999, amount=D(50))

    await tells(story)


async def test_a_reversed_deposit_is_taken_by_nothing(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(1, "pen", 100)
        paid = payments.take_deposit(shop.work, order, amount=D(50)).document_id
        assert [each.left for each in deposits.of_order(shop.work.connection, order)] == [50]
        shop.reverses(paid)
        assert deposits.of_order(shop.work.connection, order) == []
        assert due(shop, shop.makes("invoice", order)) == 120
        sound(shop)

    await tells(story)


# --- Credits for money alone --------------------------------------------------------------------


async def test_a_lower_price_credits_no_piece(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(10, "pen", 100)
        invoice = shop.makes("invoice", order)
        note = less(shop, invoice, (10, 5))
        assert shop.sees(note).record.total == D("60.00")
        assert due(shop, invoice) == D("1140.00")
        # No piece was credited: all ten can still be, at the lower price.
        assert shop.offers(invoice)["Credit"][1] == 10
        assert "Invoice" not in shop.offers(order)
        back = shop.makes("credit_note", invoice, 4)
        assert shop.sees(back).record.net_minor == 4 * 9500
        rest = shop.makes("credit_note", invoice, 6)
        assert shop.sees(rest).record.net_minor == 6 * 9500
        assert due(shop, invoice) == 0
        sound(shop)

    await tells(story)


async def test_amounts_in_pieces_come_to_the_whole(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = shop.issues(shop.drafts("invoice", shop.line(3, "pen", "0.33")))
        notes = [less(shop, invoice, (1, "0.33")) for _ in range(3)]
        assert sum(shop.sees(each).record.total for each in notes) == D("1.19")
        with refused(shop, MoreThanLeft) as found:
            less(shop, invoice, (1, "0.01"))
        assert found.value.facts["left"] == 0
        # The pieces may still come back: they are worth nothing any more.
        assert shop.sees(shop.makes("credit_note", invoice, 3)).record.total == 0
        sound(shop)

    await tells(story)


async def test_no_more_is_taken_off_than_a_line_has(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = shop.issues(
            shop.drafts("invoice", shop.line(2, "pen", 10), shop.line(1, "ink", 50))
        )
        with refused(shop, MoreThanLeft) as found:
            less(shop, invoice, (1, "20.01"), 0)
        assert found.value.facts["name"] == "Pen"
        assert found.value.facts["left"] == 20
        shop.makes("credit_note", invoice, 1, 0)
        with refused(shop, MoreThanLeft):
            less(shop, invoice, (1, "10.01"), 0)
        less(shop, invoice, (1, "10"), 0)
        assert due(shop, invoice) == D("60.00")
        sound(shop)

    await tells(story)


async def test_the_papers_discount_bounds_what_is_taken_off(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        draft = shop.drafts("invoice", shop.line(1, "pen", 100), discount_minor=3000)
        invoice = shop.issues(draft)
        with refused(shop, MoreThanLeft) as found:
            less(shop, invoice, (1, 80))
        assert found.value.facts["left"] == 70
        less(shop, invoice, (1, 70))
        assert due(shop, invoice) == 0
        sound(shop)

    await tells(story)


async def test_another_price_on_a_bill(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.buys(10, "pen", 10)
        shop.makes("receipt_note", order)
        bill = shop.makes("bill", order, foreign_number="1")
        before = due(shop, bill)
        less(shop, bill, (10, 1), foreign_number="2")
        assert due(shop, bill) == before - 12
        sound(shop)

    await tells(story)


async def test_pieces_and_money_in_one_credit(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = shop.issues(shop.drafts("invoice", shop.line(10, "pen", 10)))
        line_id = shop.sees(invoice).lines[0].line.id
        chosen = {line_id: Chosen(D(2), less=Less(D(1), D(8)))}
        rule = shop.sees(invoice).conversions[0].rule
        told = preview.forecast(shop.work, shop.sees(invoice).record, rule, chosen=chosen)
        note = shop.issues(converting.convert(shop.work, invoice, "credit_note", chosen=chosen))
        assert shop.sees(note).record.total == D("33.60")
        assert told is not None
        assert told.total == D("33.60")
        sound(shop)

    await tells(story)


# --- What is told before ------------------------------------------------------------------------


async def test_an_invoice_is_told_with_its_discount_and_deposit(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(30, "pen")
        order = shop.sells(30, "pen", 10, discount_minor=1000)
        payments.take_deposit(shop.work, order, amount=D(20))
        note = shop.makes("delivery_note", order, 10)
        for source in (order, note):
            view = shop.sees(source)
            way = next(each for each in view.conversions if each.rule.label.startswith("Invoice"))
            chosen = {each.line.id: Chosen(D(10)) for each in view.lines}
            told = preview.forecast(shop.work, view.record, way.rule, chosen=chosen)
            assert told is not None
            assert (told.discount, told.net, told.total) == (D("3.33"), D("96.67"), D("116.00"))
            assert (told.deposit, told.due) == (D("20.00"), D("96.00"))
        draft = converting.convert(shop.work, note, "invoice")
        shown = shop.sees(draft).totals
        assert shown is not None
        assert shown.total == D("116.00")
        assert shop.sees(shop.issues(draft)).record.total == D("116.00")

    await tells(story)


async def test_an_invoice_of_a_delivery_takes_over_the_orders_terms(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "pen")
        order = shop.sells(10, "pen", 10, discount_percent=D(10), payment_days=7)
        invoice = shop.makes("invoice", shop.makes("delivery_note", order))
        assert shop.sees(invoice).record.total == D("108.00")
        assert shop.sees(invoice).record.payment_days == 7

    await tells(story)


# --- Credit in part -----------------------------------------------------------------------------


async def test_one_payment_over_several_invoices(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        first, second, third = (invoice_of(shop, net) for net in (100, 50, 200))
        paid = payments.pay(
            shop.work, shop.customer, direction="in", amount=D(250), currency="EUR",
            settles=[first, third],
        ).document_id  # fmt: skip
        assert [due(shop, each) for each in (first, second, third)] == [0, 60, D("110.00")]
        assert due(shop, paid) == 0
        found = allocations.counterparts(shop.work.connection, paid)
        assert [(each.record.id, each.amount) for each in found] == [(first, 120), (third, 130)]
        sound(shop)

    await tells(story)


async def test_credit_is_used_in_part_and_paid_back_in_part(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        first, second = invoice_of(shop, 100), invoice_of(shop, 50)
        paid = payments.pay(
            shop.work, shop.customer, direction="in", amount=D(200), currency="EUR"
        ).document_id
        used = credit.use_credit(
            shop.work, shop.customer, direction="out", currency="EUR", debts=[second], of=[paid]
        )
        assert used == 60
        assert due(shop, first) == 120
        with pytest.raises(MoreThanOpen):
            credit.pay_back(
                shop.work, shop.customer, direction="out", currency="EUR", amount=D("140.01")
            )
        back = credit.pay_back(
            shop.work, shop.customer, direction="out", currency="EUR", amount=D(40), of=[paid]
        ).document_id
        assert due(shop, paid) == 100
        assert due(shop, back) == 0
        with pytest.raises(NotFound):
            credit.use_credit(
                shop.work, shop.customer, direction="in", currency="EUR", debts=[first]
            )
        sound(shop)

    await tells(story)


async def test_a_vendors_credit_is_used_for_his_bills(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.buys(20, "pen", 10)
        shop.makes("receipt_note", order)
        bill = shop.makes("bill", order, 10, foreign_number="1")
        shop.pays(bill)
        given = less(shop, bill, (10, 5), foreign_number="2")
        other = shop.makes("bill", order, foreign_number="3")
        before = due(shop, other)
        used = credit.use_credit(
            shop.work, shop.vendor, direction="in", currency="EUR", debts=[other]
        )
        assert used == shop.sees(given).record.total == before - due(shop, other)
        sound(shop)

    await tells(story)


async def test_a_settlement_is_undone_and_done_again(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice, other = invoice_of(shop, 100), invoice_of(shop, 100)
        paid = shop.pays(invoice)
        assert credit.unsettle(shop.work, paid, invoice) == 120
        assert (due(shop, invoice), due(shop, paid)) == (120, 120)
        with pytest.raises(NotFound):
            credit.unsettle(shop.work, paid, invoice)
        credit.use_credit(shop.work, shop.customer, direction="out", currency="EUR", debts=[other])
        assert (due(shop, invoice), due(shop, other)) == (120, 0)
        shop.reverses(paid)
        assert (due(shop, invoice), due(shop, other)) == (120, 120)
        sound(shop)

    await tells(story)


# --- Paid twice ---------------------------------------------------------------------------------


async def test_what_is_paid_twice_is_booked_and_told(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = invoice_of(shop, 100)
        first = shop.pays(invoice)
        assert [each.name for each in shop.work.events] == []
        second = shop.pays(invoice, 120)
        assert balance(shop) == {"EUR": D("-120.00")}
        (told,) = [each for each in shop.work.events if each.name == "paid_twice"]
        assert told.facts["earlier"] == [shop.sees(first).record.number]
        assert (told.facts["amount"], told.document_id) == (120, second)
        with pytest.raises(NotFound):
            payments.settle_due(shop.work, invoice)
        sound(shop)

    await tells(story)


# --- Other currencies ---------------------------------------------------------------------------


def abroad(shop: Shop, rate: str = "0.61") -> int:
    """An invoice of AUD 1,000, without tax, at this rate."""
    catalog.set_rate(shop.work, "AUD", D(rate), day=shop.today(), source="ECB")
    line = shop.line(1, "pen", 1000)
    draft = shop.drafts("invoice", line, currency="AUD")
    record = shop.sees(draft)
    assert record.record.rate == D(rate)
    return shop.issues(draft)


async def test_other_money_keeps_both_amounts_and_the_rate(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = abroad(shop, "0.60")
        amount = D("983.61")
        paid = payments.settle_due(
            shop.work, invoice, amount=amount, received=Received("EUR", D(600), D("0.61"))
        ).document_id
        record = shop.sees(paid).record
        assert (record.received_currency, record.received_minor) == ("EUR", 60000)
        assert (record.received_rate, record.rate, record.amount_minor) == (
            D("0.61"), D("0.61"), 98361,
        )  # fmt: skip
        assert due(shop, invoice) == D("216.39")
        (found,) = allocations.counterparts(shop.work.connection, paid)
        # 983.61 were owed at 0.60 and came at 0.61.
        assert found.won_minor == 984
        sound(shop)
        assert credit.unsettle(shop.work, invoice, paid) == amount
        assert allocations.counterparts(shop.work.connection, paid) == []
        sound(shop)

    await tells(story)


async def test_a_payment_at_a_later_rate_leaves_a_difference(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = abroad(shop)
        shop.work.now += timedelta(days=1)
        catalog.set_rate(shop.work, "AUD", D("0.59"), day=shop.today(), source="ECB")
        paid = shop.pays(invoice)
        (found,) = allocations.counterparts(shop.work.connection, invoice)
        assert (found.record.id, found.won_minor) == (paid, -2400)
        sound(shop)

    await tells(story)


async def test_a_third_currency_is_worth_what_the_day_says(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = abroad(shop)
        catalog.set_rate(shop.work, "USD", D("0.9"), day=shop.today(), source="ECB")
        paid = payments.settle_due(
            shop.work, invoice, amount=D(900), received=Received("USD", D(600), D("1.5"))
        ).document_id
        assert shop.sees(paid).record.rate == D("0.6")
        sound(shop)

    await tells(story)


async def test_foreign_money_on_an_account_of_our_own_has_no_difference(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = invoice_of(shop, 100)
        paid = payments.settle_due(
            shop.work, invoice, amount=D(61), received=Received("AUD", D(100), D("0.61"))
        ).document_id
        assert shop.sees(paid).record.rate == 1
        assert allocations.counterparts(shop.work.connection, paid)[0].won_minor == 0
        sound(shop)

    await tells(story)


async def test_a_payment_over_papers_of_other_rates_leaves_a_difference_for_each(
    tells: Tells,
) -> None:
    def story(shop: Shop) -> None:
        first = abroad(shop, "0.61")
        shop.work.now += timedelta(days=1)
        second = abroad(shop, "0.59")
        third = abroad(shop, "0.6000001")
        # Cents at nearly the same rate leave nothing.
        catalog.set_rate(shop.work, "AUD", D("0.6"), day=shop.today(), source="ECB")
        shop.pays(third, D("0.01"))
        shop.work.now += timedelta(days=1)
        catalog.set_rate(shop.work, "AUD", D("0.59"), day=shop.today(), source="ECB")
        paid = payments.pay(
            shop.work, shop.customer, direction="in", amount=D(2000), currency="AUD",
            settles=[first, second],
        ).document_id  # fmt: skip
        found = allocations.counterparts(shop.work.connection, paid)
        won = {each.record.id: each.won_minor for each in found}
        assert won.pop(first) == -2400
        assert all(abs(each) == 0 for each in won.values())
        sound(shop)

    await tells(story)


# --- Refusals, and both sides of one party ------------------------------------------------------


async def test_a_bill_is_settled_by_an_invoice_of_the_same_party(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = invoice_of(shop, 100)
        parties.change_party(shop.work, shop.customer, is_vendor=True, revision=_revision(shop))
        bill = drafting.create(
            shop.work, "bill", party_id=shop.customer, lines=[shop.line(1, "ink", 50)],
            foreign_number="8",
        )  # fmt: skip
        shop.issues(bill)
        assert credit.settle_open(shop.work, shop.customer, currency="EUR") == D("60.00")
        assert due(shop, invoice) == D("60.00")
        shop.pays(invoice)
        settled = shop.sees(invoice).settled
        assert settled is not None
        assert settled.state == "settled"
        with pytest.raises(NotFound):
            credit.settle_open(shop.work, shop.customer, currency="EUR")
        sound(shop)

    await tells(story)


def _revision(shop: Shop) -> int:
    return parties.load(shop.work.connection, [shop.customer])[shop.customer].revision


async def test_what_does_not_settle_each_other_is_refused(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice, other = invoice_of(shop, 100), invoice_of(shop, 50)
        paid = payments.pay(
            shop.work, shop.customer, direction="in", amount=D(20), currency="EUR"
        ).document_id
        for wrong in (
            Match(invoice, other, 100),
            Match(invoice, paid, 2001),
            Match(invoice, 9999, 5),
            Match(9999, paid, 5),
        ):
            with refused(shop, AllocationRefused):
                allocations.allocate(shop.work, [wrong])
        allocations.allocate(shop.work, [Match(invoice, paid, 0)])
        assert due(shop, paid) == 20
        for pair in ((invoice, invoice), (invoice, 9999), (invoice, other)):
            with refused(shop, NotFound):
                credit.unsettle(shop.work, *pair)
        with refused(shop, payments.AmountNotPositive):
            payments.pay(shop.work, shop.customer, direction="in", amount=D(0), currency="EUR")
        with refused(shop, NotFound):
            payments.settle_due(shop.work, shop.sells(1, "pen"), amount=D(5))
        with refused(shop, NotFound):
            credit.pay_back(shop.work, shop.customer, direction="in", currency="EUR")
        assert open_items.due_of(shop.work.connection, 9999) is None

    await tells(story)


async def test_a_line_that_is_not_there_is_not_lowered(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        invoice = invoice_of(shop, 100)
        chosen = {9999: Chosen(D(0), less=Less(D(1), D(5)))}
        with refused(shop, MoreThanOffered):
            converting.convert(shop.work, invoice, "credit_note", chosen=chosen)
        assert Less.to_price(D(3), D(10), D(8)) == Less(D(3), D(2))
        with pytest.raises(converting.PriceNotLower):
            Less.to_price(D(3), D(10), D(10))

    await tells(story)


async def test_what_has_no_price_is_not_told(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(5, "pen")
        order = shop.sells(2, "pen")
        view = shop.sees(order)
        ways = {type_of(each.rule.target).priced: each.rule for each in view.conversions}
        none = {each.line.id: Chosen(D(0)) for each in view.lines}
        for rule, chosen in ((ways[False], {}), (ways[True], none)):
            assert preview.forecast(shop.work, view.record, rule, chosen=chosen) is None

    await tells(story)


async def test_a_return_over_two_invoices_is_told_before_it_is_credited(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(20, "pen")
        note = shop.makes("delivery_note", shop.sells(10, "pen", 10))
        shop.makes("invoice", note, 6)
        shop.makes("invoice", note, 4)
        view = shop.sees(shop.makes("sales_return", note, 8, drops=True))
        rule = next(iter(view.conversions)).rule
        chosen = {each.line.id: Chosen(D(8)) for each in view.lines}
        told = preview.forecast(shop.work, view.record, rule, chosen=chosen)
        assert told is not None
        credited = shop.sees(shop.makes("credit_note", view.record.id)).record.total
        assert told.total == credited == D("96.00")
        assert told.deposit == 0

    await tells(story)
