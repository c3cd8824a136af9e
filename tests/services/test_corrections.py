"""Orders closed by line, cancelled or reversed; quotes answered; documents duplicated."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.domain.documents import type_of
from core.domain.lifecycles import Action, ActionRefused, State
from core.services import stock
from core.services.documents import duplicating, lifecycle
from core.services.documents.converting import NotInForce
from core.services.documents.drafting import NewLine, ProductArchived
from core.services.documents.lifecycle import HasChildren, NothingRemains
from core.services.rights import Changed, NotAllowed, NotFound
from core.services.stock import NotEnough
from tests.actors import LEA, OMAR
from tests.builders import Shop, audited_story, story

D = Decimal

# --- Closing by line ----------------------------------------------------------------------------


@audited_story
def test_closing_a_line_drops_its_remainder_and_frees_its_goods_for_others(shop: Shop) -> None:
    shop.has(10, "laptop")
    shop.has(5, "mouse")
    order = shop.new("sales_order", (10, "laptop"), (5, "mouse"))
    shop.makes("delivery_note", order, 4, 0)
    shop.passes(minutes=1)
    other = shop.sells(3, "laptop")
    assert shop.ready(other) == [0]
    laptops = shop.line_id(order)
    assert shop.closes_line(order, laptops, reason="too late") == 6
    assert shop.ready(other) == [3]
    assert shop.ready(order) == [0, 5]
    assert shop.state(order) == State.CONFIRMED
    assert shop.offers(order) == {"Deliver": (5, 5), "Invoice": (9, 9)}
    with pytest.raises(NothingRemains):
        shop.closes_line(order, laptops)


@audited_story
def test_closing_the_last_open_line_completes_the_order(shop: Shop) -> None:
    shop.has(10, "laptop")
    order = shop.new("sales_order", (10, "laptop"), (1, "freight"))
    shop.makes("invoice", shop.makes("delivery_note", order))
    assert not shop.is_complete(order)
    shop.closes_line(order, shop.line_id(order, 1))
    assert shop.is_complete(order)


@audited_story
def test_closing_a_line_checks_the_right_the_state_and_the_revision(shop: Shop) -> None:
    order = shop.sells(10, "laptop")
    line_id = shop.line_id(order)
    with pytest.raises(Changed):
        lifecycle.close_line(shop.work, order, line_id, revision=0)
    with pytest.raises(NotFound):
        shop.closes_line(order, 999)
    with pytest.raises(NotFound):
        lifecycle.close_line(shop.work, 999, line_id, revision=0)
    shop.closes(order, reason="gone")
    assert shop.record(order).reason == "gone"
    with pytest.raises(ActionRefused):
        shop.closes_line(order, line_id)
    other = shop.buys(1, "laptop")
    with pytest.raises(NotAllowed):
        shop.by(OMAR).closes_line(other, line_id)


@audited_story
def test_what_a_vendor_no_longer_sends_is_not_incoming(shop: Shop) -> None:
    order = shop.buys(200, "laptop")
    shop.makes("receipt_note", order, 150)
    shop.closes_line(order, shop.line_id(order))
    assert shop.level("laptop").incoming == 0
    assert shop.offers(order) == {"Bill": (150, 150)}


# --- Cancelling ---------------------------------------------------------------------------------


@story
def test_a_partly_delivered_order_cannot_be_cancelled(shop: Shop) -> None:
    shop.has(10, "laptop")
    order = shop.sells(10, "laptop")
    shop.makes("delivery_note", order, 2)
    with pytest.raises(HasChildren):
        shop.cancels(order)


@audited_story
def test_an_order_whose_delivery_was_reversed_can_be_cancelled(shop: Shop) -> None:
    shop.has(10, "laptop")
    order = shop.sells(10, "laptop")
    shop.reverses(shop.makes("delivery_note", order, 2))
    shop.cancels(order, reason="their wish")
    record = shop.record(order)
    assert (record.state, record.number) == ("cancelled", "SO-2026-0001")
    assert record.reason == "their wish"
    assert shop.level("laptop").available == 10
    # It still belongs to the papers of its trade.
    numbers = [each.number for each in shop.sees(order).related]
    assert numbers == ["SO-2026-0001", "DN-2026-0001"]


# --- Reversing ----------------------------------------------------------------------------------


@audited_story
def test_a_reversed_delivery_gives_the_goods_back_to_its_order_before_those_who_wait(
    shop: Shop,
) -> None:
    shop.has(5, "laptop")
    first = shop.sells(8, "laptop")
    note = shop.makes("delivery_note", first, 5)
    shop.passes(minutes=1)
    second = shop.sells(5, "laptop")
    assert (shop.ready(first), shop.ready(second)) == ([0], [0])
    shop.reverses(note, reason="wrong truck")
    assert (shop.ready(first), shop.ready(second)) == ([5], [0])
    shop.has(6, "laptop")
    assert (shop.ready(first), shop.ready(second)) == ([8], [3])


@audited_story
def test_a_reversed_delivery_restores_its_own_claims_even_ahead_of_an_earlier_order(
    shop: Shop,
) -> None:
    """By the queue alone they would go to the first order, which had given its goods away."""
    shop.has(5, "laptop")
    first = shop.sells(5, "laptop")
    shop.passes(minutes=1)
    second = shop.sells(5, "laptop")
    giver, taker = (shop.line_id(each) for each in (first, second))
    stock.transfer_claim(shop.work, stock.Handover(giver, taker, D(5)), reason="urgent")
    note = shop.makes("delivery_note", second, 5)
    shop.reverses(note)
    assert (shop.ready(first), shop.ready(second)) == ([0], [5])


@audited_story
def test_after_a_reversal_an_order_that_had_released_its_claim_waits(shop: Shop) -> None:
    """Goods delivered without a claim, because it had been released, are free again."""
    shop.has(5, "laptop")
    first = shop.sells(5, "laptop")
    stock.release(shop.work, shop.line_id(first), D(5), reason="others first")
    shop.passes(minutes=1)
    note = shop.makes("delivery_note", first, 5)
    shop.passes(minutes=1)
    second = shop.sells(5, "laptop")
    shop.reverses(note)
    assert (shop.ready(first), shop.ready(second)) == ([0], [5])


@audited_story
def test_reversing_the_delivery_of_reserved_goods_restores_the_claims(shop: Shop) -> None:
    shop.has(6, "laptop")
    hold = shop.reserves(6, "laptop", shop.now + timedelta(days=2))
    order = shop.makes("sales_order", hold, 4)
    note = shop.makes("delivery_note", order)
    shop.reverses(note)
    assert shop.ready(order) == [4]
    assert shop.level("laptop").claimed == 6


@story
def test_the_refusal_to_reverse_a_receipt_says_how_many_goods_are_gone(shop: Shop) -> None:
    order = shop.buys(200, "laptop")
    receipt = shop.makes("receipt_note", order)
    shop.delivers(20, "laptop")
    with pytest.raises(NotEnough) as refused:
        shop.reverses(receipt)
    found = refused.value.facts
    assert (found["free"], found["wanted"], found["gone"]) == (180, 200, 20)


@audited_story
def test_reversing_a_receipt_can_take_claimed_goods_away(shop: Shop) -> None:
    order = shop.buys(10, "laptop")
    receipt = shop.makes("receipt_note", order)
    sold = shop.sells(4, "laptop")
    shop.reverses(receipt, displace=True)
    assert shop.ready(sold) == [0]
    assert shop.level("laptop").on_hand == 0
    assert shop.level("laptop").waiting == 4


# --- Quotes -------------------------------------------------------------------------------------


def quotes(shop: Shop, **header: object) -> int:
    """Offer laptops and mice to the customer."""
    return shop.new("quote", (10, "laptop"), (2, "mouse", 20), **header)


@audited_story
def test_a_customer_accepts_a_quote(shop: Shop) -> None:
    offer = quotes(shop)
    kim = shop.by(shop.contact())
    assert kim.sees(offer).actions == {Action.ACCEPT, Action.DECLINE}
    kim.accepts(offer)
    assert (shop.events[-1].name, shop.events[-1].document_id) == ("offer_accepted", offer)
    record = shop.record(offer)
    assert (record.state, record.ended_at) == ("accepted", None)
    with pytest.raises(ActionRefused):
        kim.accepts(offer)


@audited_story
def test_a_contact_who_may_not_order_cannot_answer_a_quote(shop: Shop) -> None:
    offer = quotes(shop)
    kim = shop.by(shop.contact(may_order=False))
    assert kim.sees(offer).actions == frozenset()
    with pytest.raises(NotAllowed):
        kim.accepts(offer)
    stranger = shop.by(shop.contact("Ana", of=shop.party("Other")))
    with pytest.raises(NotFound):
        stranger.accepts(offer)


@audited_story
def test_a_declined_quote_keeps_the_reason_and_cannot_be_ordered(shop: Shop) -> None:
    offer = quotes(shop)
    kim = shop.by(shop.contact())
    kim.declines(offer, reason="too expensive")
    record = shop.record(offer)
    assert (record.state, record.reason) == ("declined", "too expensive")
    assert record.ended_at is not None
    assert shop.events[-1].facts["reason"] == "too expensive"
    with pytest.raises(NotInForce):
        shop.by(LEA).converts("sales_order", offer)


@audited_story
def test_ordering_from_a_quote_accepts_it_and_keeps_its_price(shop: Shop) -> None:
    offer = quotes(shop)
    order = shop.makes("sales_order", offer, 4, 2)
    assert shop.state(offer) == State.ACCEPTED
    assert shop.offers(offer)["Order"] == (6, 6)
    shop.cancels(order)
    assert shop.offers(offer)["Order"] == (12, 12)
    again = shop.makes("sales_order", offer, 10, 2)
    # The price of the quote holds, whatever the list says today.
    assert shop.sees(again).lines[1].line.unit_price == 20


@story
def test_an_ordered_quote_cannot_be_declined(shop: Shop) -> None:
    offer = quotes(shop)
    shop.makes("sales_order", offer)
    with pytest.raises(HasChildren):
        shop.declines(offer)


@audited_story
def test_an_unanswered_quote_expires(shop: Shop) -> None:
    until = shop.now + timedelta(days=7)
    offer = quotes(shop, valid_until=until)
    kept = quotes(shop, valid_until=until)
    shop.accepts(kept)
    assert lifecycle.expire(shop.work) == []
    shop.passes(days=8)
    shop.events.clear()
    assert lifecycle.expire(shop.work) == [offer]
    assert [each.name for each in shop.events] == ["offer_expired"]
    assert (shop.state(offer), shop.state(kept)) == ("expired", "accepted")


# --- Duplicates ---------------------------------------------------------------------------------


@audited_story
def test_a_duplicate_is_a_draft_at_todays_prices(shop: Shop) -> None:
    order = shop.new(
        "sales_order",
        shop.line(10, "laptop", 90, discount_percent=D(5)),
        NewLine(None, D(1), name="Engraving", unit_price=D(7)),
        reference="their 12", notes="ring twice", ships_complete=True,
    )  # fmt: skip
    shop.changes_product("laptop", list_price=D(120))
    made = duplicating.duplicate(shop.work, order)
    assert made.left_out == []
    view = shop.sees(made.document_id)
    assert view.is_draft
    assert view.record.reference == ""
    assert (view.record.notes, view.record.ships_complete) == ("ring twice", True)
    assert [
        (each.line.name, each.line.quantity, each.line.unit_price, each.line.discount_percent)
        for each in view.lines
    ] == [("Laptop", 10, 120, 5), ("Engraving", 1, 7, 0)]
    assert [each.id for each in view.related] == [made.document_id]


@audited_story
def test_a_duplicate_joins_lines_that_an_amendment_split(shop: Shop) -> None:
    order = shop.new("sales_order", (3, "laptop"), (4, "laptop"))
    assert [each.quantity for each in duplicating.again(shop.work, order).lines] == [7]


@audited_story
def test_a_duplicate_leaves_archived_products_out_and_names_them(shop: Shop) -> None:
    order = shop.new("sales_order", (10, "laptop"), (5, "mouse"))
    shop.archives("mouse")
    made = duplicating.duplicate(shop.work, order)
    assert made.left_out == ["Mouse"]
    assert len(shop.sees(made.document_id).lines) == 1
    only = shop.sells(1, "pen")
    shop.archives("pen")
    with pytest.raises(ProductArchived):
        duplicating.duplicate(shop.work, only)


def last_order(shop: Shop) -> int | None:
    """Return the id of the customer's last order, as this actor may see it."""
    found = duplicating.last_order(shop.work, shop.customer, type_of("sales_order"))
    return None if found is None else found.id


@audited_story
def test_the_last_order_is_the_newest_in_force(shop: Shop) -> None:
    assert last_order(shop) is None
    first = shop.sells(1, "laptop")
    second = shop.sells(2, "laptop")
    shop.drafts("sales_order", (9, "laptop"))
    assert last_order(shop) == second
    shop.cancels(second)
    assert last_order(shop) == first
    assert last_order(shop.by(shop.contact())) is None


@audited_story
def test_only_quotes_and_orders_can_be_duplicated(shop: Shop) -> None:
    shop.has(1, "laptop")
    note = shop.delivers(1, "laptop")
    invoice = shop.makes("invoice", note)
    for each in (note, invoice, 999):
        with pytest.raises(NotFound):
            duplicating.again(shop.work, each)
    assert duplicating.duplicate(shop.work, quotes(shop)).document_id


# --- Goods, services and the papers of a trade ---------------------------------------------------


@audited_story
def test_an_order_of_goods_and_freight_is_complete_when_both_are_invoiced(shop: Shop) -> None:
    shop.has(20, "computer")
    order = shop.new("sales_order", (20, "computer"), (1, "freight"))
    assert shop.offers(order) == {"Deliver": (20, 20), "Invoice": (21, 21)}
    note = shop.makes("delivery_note", order)
    assert [each.line.name for each in shop.sees(note).lines] == ["Computer"]
    shop.makes("invoice", note)
    assert shop.offers(order) == {"Invoice": (1, 1)}
    shop.makes("invoice", order)
    progress = shop.progress(order)
    assert progress.is_complete
    assert (progress.fulfilled, progress.goods, progress.billed) == (20, 20, 21)


@audited_story
def test_freight_on_a_purchase_order_is_billed_but_not_received(shop: Shop) -> None:
    order = shop.new("purchase_order", (20, "computer"), (1, "freight"))
    receipt = shop.makes("receipt_note", order)
    assert len(shop.sees(receipt).lines) == 1
    assert shop.offers(order) == {"Bill": (21, 21)}
    shop.makes("bill", order, foreign_number="7")
    assert shop.is_complete(order)


@audited_story
def test_every_paper_lists_all_papers_of_its_trade(shop: Shop) -> None:
    shop.has(20, "laptop")
    offer = quotes(shop)
    order = shop.makes("sales_order", offer, 10, 0)
    note = shop.makes("delivery_note", order)
    invoice = shop.makes("invoice", note)
    back = shop.makes("sales_return", note, 2, drops=True)
    credit = shop.makes("credit_note", back)
    payment = shop.pays(invoice)
    trade = [offer, order, note, invoice, back, credit, payment]
    for each in trade:
        assert [one.id for one in shop.sees(each).related] == trade, shop.record(each).kind
