"""Orders closed by line, cancelled, reversed; quotes answered; documents made once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from core.services.documents.lifecycle import HasChildren, NothingRemains
from core.services.people import parties

from core.domain.documents import type_of
from core.domain.lifecycles import Action, ActionRefused, State
from core.domain.people import Actor, Membership, Role
from core.services import stock
from core.services.audit import audit
from core.services.documents import converting, duplicating, lifecycle
from core.services.documents.drafting import NewLine, ProductArchived
from core.services.products import catalog
from core.services.rights import Changed, NotAllowed, NotFound
from core.services.stock import NotEnough
from tests.builders import Shop, Tells

D = Decimal

LEA = Actor(0, 102, "Lea", "en", frozenset({Role.SALES}))


def customer(shop: Shop, *, orders: bool = True) -> Actor:
    """Somebody who speaks for the shop's customer."""
    membership = Membership(shop.customer, 1, may_see_money=True, may_order=orders)
    return Actor(0, 104, "Kim", "en", frozenset({Role.CUSTOMER}), memberships=(membership,))


def revision(shop: Shop, document_id: int) -> int:
    return shop.sees(document_id).record.revision


def state(shop: Shop, document_id: int) -> str:
    return shop.sees(document_id).record.state


def ready(shop: Shop, order: int) -> list[Decimal]:
    return [each.ready for each in shop.sees(order).lines]


def waits(shop: Shop, **time: float) -> None:
    shop.work = replace(shop.work, now=shop.work.now + timedelta(**(time or {"minutes": 1})))


def on_hand(shop: Shop, name: str) -> stock.StockLevel:
    product_id = shop.product(name)
    return stock.levels(shop.work.connection, [product_id])[product_id]


async def told(tells: Tells, story: Callable[[Shop], None]) -> None:
    """Play a story, and find nothing wrong afterwards."""

    def checked(shop: Shop) -> None:
        story(shop)
        assert audit(shop.work.connection) == []

    await tells(checked)


def order_of_two(shop: Shop) -> int:
    return shop.issues(shop.drafts("sales_order", shop.line(10, "laptop"), shop.line(5, "mouse")))


# --- Closing by line ----------------------------------------------------------------------------


async def test_the_rest_of_one_line_is_dropped_and_others_get_its_goods(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        shop.has(5, "mouse")
        order = order_of_two(shop)
        shop.makes("delivery_note", order, 4, 0)
        waits(shop)
        other = shop.sells(3, "laptop")
        assert ready(shop, other) == [0]
        laptops = shop.sees(order).lines[0].line.id
        dropped = lifecycle.close_line(
            shop.work, order, laptops, revision=revision(shop, order), reason="too late"
        )
        assert dropped == 6
        assert ready(shop, other) == [3]
        assert ready(shop, order) == [0, 5]
        assert state(shop, order) == State.CONFIRMED
        assert shop.offers(order) == {"Deliver": (5, 5), "Invoice": (9, 9)}
        with pytest.raises(NothingRemains):
            lifecycle.close_line(shop.work, order, laptops, revision=revision(shop, order))

    await told(tells, story)


async def test_the_last_open_line_makes_the_order_complete(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        shop.product("freight", nature="service")
        order = shop.issues(
            shop.drafts("sales_order", shop.line(10, "laptop"), shop.line(1, "freight", 90))
        )
        shop.makes("invoice", shop.makes("delivery_note", order))
        progress = shop.sees(order).progress
        assert progress is not None
        assert not progress.is_complete
        freight = shop.sees(order).lines[1].line.id
        lifecycle.close_line(shop.work, order, freight, revision=revision(shop, order))
        progress = shop.sees(order).progress
        assert progress is not None
        assert progress.is_complete

    await told(tells, story)


async def test_closing_a_line_asks_for_the_right_the_state_and_the_revision(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(10, "laptop")
        line_id = shop.sees(order).lines[0].line.id
        with pytest.raises(Changed):
            lifecycle.close_line(shop.work, order, line_id, revision=0)
        with pytest.raises(NotFound):
            lifecycle.close_line(shop.work, order, 999, revision=revision(shop, order))
        with pytest.raises(NotFound):
            lifecycle.close_line(shop.work, 999, line_id, revision=0)
        lifecycle.close(shop.work, order, revision=revision(shop, order), reason="gone")
        assert shop.sees(order).record.reason == "gone"
        with pytest.raises(ActionRefused):
            lifecycle.close_line(shop.work, order, line_id, revision=revision(shop, order))
        other = shop.buys(1, "laptop")
        shop.acts_as(replace(LEA, roles=frozenset({Role.STOREKEEPER})))
        with pytest.raises(NotAllowed):
            lifecycle.close_line(shop.work, other, line_id, revision=1)

    await told(tells, story)


async def test_what_a_vendor_does_not_send_any_more_is_not_expected(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.buys(200, "laptop")
        shop.makes("receipt_note", order, 150)
        line_id = shop.sees(order).lines[0].line.id
        lifecycle.close_line(shop.work, order, line_id, revision=revision(shop, order))
        assert on_hand(shop, "laptop").incoming == 0
        assert shop.offers(order) == {"Bill": (150, 150)}

    await told(tells, story)


# --- Cancelling ---------------------------------------------------------------------------------


async def test_an_order_of_which_something_went_is_not_cancelled(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        order = shop.sells(10, "laptop")
        shop.makes("delivery_note", order, 2)
        with pytest.raises(HasChildren):
            lifecycle.cancel(shop.work, order, revision=revision(shop, order))

    await tells(story)


async def test_an_order_whose_note_was_undone_can_be_cancelled(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        order = shop.sells(10, "laptop")
        shop.reverses(shop.makes("delivery_note", order, 2))
        lifecycle.cancel(shop.work, order, revision=revision(shop, order), reason="their wish")
        record = shop.sees(order).record
        assert (record.state, record.number) == ("cancelled", "SO-2026-0001")
        assert record.reason == "their wish"
        assert on_hand(shop, "laptop").available == 10
        # It is still a paper of its trade.
        numbers = [each.number for each in shop.sees(order).related]
        assert numbers == ["SO-2026-0001", "DN-2026-0001"]

    await told(tells, story)


# --- Reversing ----------------------------------------------------------------------------------


async def test_reversed_while_another_waits_its_owner_gets_his_goods_back(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(5, "laptop")
        first = shop.sells(8, "laptop")
        note = shop.makes("delivery_note", first, 5)
        waits(shop)
        second = shop.sells(5, "laptop")
        assert (ready(shop, first), ready(shop, second)) == ([0], [0])
        shop.reverses(note, reason="wrong truck")
        assert (ready(shop, first), ready(shop, second)) == ([5], [0])
        shop.has(6, "laptop")
        assert (ready(shop, first), ready(shop, second)) == ([8], [3])

    await told(tells, story)


async def test_the_very_claims_come_back_also_before_who_asked_first(tells: Tells) -> None:
    """The queue alone would give them to the first order, which had given its goods away."""

    def story(shop: Shop) -> None:
        shop.has(5, "laptop")
        first = shop.sells(5, "laptop")
        waits(shop)
        second = shop.sells(5, "laptop")
        giver, taker = (shop.sees(each).lines[0].line.id for each in (first, second))
        stock.transfer_claim(shop.work, stock.Handover(giver, taker, D(5)), reason="urgent")
        note = shop.makes("delivery_note", second, 5)
        shop.reverses(note)
        assert (ready(shop, first), ready(shop, second)) == ([0], [5])

    await told(tells, story)


async def test_reversed_after_the_claims_were_given_away_the_giver_waits(tells: Tells) -> None:
    """What was delivered from free goods, because its claim had been released, is free again."""

    def story(shop: Shop) -> None:
        shop.has(5, "laptop")
        first = shop.sells(5, "laptop")
        line_id = shop.sees(first).lines[0].line.id
        stock.release(shop.work, line_id, D(5), reason="others first")
        waits(shop)
        note = shop.makes("delivery_note", first, 5)
        waits(shop)
        second = shop.sells(5, "laptop")
        shop.reverses(note)
        assert (ready(shop, first), ready(shop, second)) == ([0], [5])

    await told(tells, story)


async def test_a_delivery_of_a_reservation_s_order_gives_its_claims_back(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(6, "laptop")
        until = shop.work.now + timedelta(days=2)
        hold = shop.issues(shop.drafts("reservation", shop.line(6, "laptop"), valid_until=until))
        order = shop.makes("sales_order", hold, 4)
        note = shop.makes("delivery_note", order)
        shop.reverses(note)
        assert ready(shop, order) == [4]
        assert on_hand(shop, "laptop").claimed == 6

    await told(tells, story)


async def test_a_receipt_of_200_of_which_20_were_sold_names_the_20(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.buys(200, "laptop")
        receipt = shop.makes("receipt_note", order)
        shop.makes("delivery_note", shop.sells(20, "laptop"))
        found = None
        try:
            shop.reverses(receipt)
        except NotEnough as refused:
            found = refused.facts
        assert found is not None
        assert (found["free"], found["wanted"], found["gone"]) == (180, 200, 20)

    await tells(story)


async def test_a_receipt_whose_goods_others_have_claimed_asks_first(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.buys(10, "laptop")
        receipt = shop.makes("receipt_note", order)
        sold = shop.sells(4, "laptop")
        shop.reverses(receipt, displace=True)
        assert ready(shop, sold) == [0]
        assert on_hand(shop, "laptop").on_hand == 0
        assert on_hand(shop, "laptop").waiting == 4

    await told(tells, story)


# --- Quotes -------------------------------------------------------------------------------------


def quote(shop: Shop, **header: object) -> int:
    return shop.issues(
        shop.drafts("quote", shop.line(10, "laptop"), shop.line(2, "mouse", 20), **header)
    )


async def test_a_customer_accepts_what_was_offered_to_him(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        offer = quote(shop)
        shop.acts_as(customer(shop))
        assert shop.sees(offer).actions == {Action.ACCEPT, Action.DECLINE}
        lifecycle.accept(shop.work, offer, revision=revision(shop, offer))
        assert [(each.name, each.document_id) for each in shop.work.events][-1] == (
            "offer_accepted", offer,
        )  # fmt: skip
        record = shop.sees(offer).record
        assert (record.state, record.ended_at) == ("accepted", None)
        with pytest.raises(ActionRefused):
            lifecycle.accept(shop.work, offer, revision=revision(shop, offer))

    await told(tells, story)


async def test_who_may_not_order_answers_no_offer(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        offer = quote(shop)
        other = parties.add_party(shop.work, name="Other", customer=True, language="en")
        shop.acts_as(customer(shop, orders=False))
        assert shop.sees(offer).actions == frozenset()
        with pytest.raises(NotAllowed):
            lifecycle.accept(shop.work, offer, revision=1)
        stranger = customer(shop)
        theirs = replace(stranger.memberships[0], party_id=other)
        shop.acts_as(replace(stranger, memberships=(theirs,)))
        with pytest.raises(NotFound):
            lifecycle.accept(shop.work, offer, revision=1)

    await told(tells, story)


async def test_a_declined_quote_keeps_why_and_is_ordered_no_more(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        offer = quote(shop)
        shop.acts_as(customer(shop))
        lifecycle.decline(shop.work, offer, revision=revision(shop, offer), reason="too expensive")
        record = shop.sees(offer).record
        assert (record.state, record.reason) == ("declined", "too expensive")
        assert record.ended_at is not None
        assert dict(shop.work.events[-1].facts)["reason"] == "too expensive"
        shop.acts_as(LEA)
        with pytest.raises(converting.NotInForce):
            converting.convert(shop.work, offer, "sales_order")

    await told(tells, story)


async def test_an_order_of_a_quote_accepts_it_and_ties_it(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        offer = quote(shop)
        order = shop.makes("sales_order", offer, 4, 2)
        assert state(shop, offer) == State.ACCEPTED
        assert shop.offers(offer)["Order"] == (6, 6)
        lifecycle.cancel(shop.work, order, revision=revision(shop, order))
        assert shop.offers(offer)["Order"] == (12, 12)
        again = shop.makes("sales_order", offer, 10, 2)
        # The price of the quote holds, whatever the list says today.
        assert shop.sees(again).lines[1].line.unit_price == 20

    await told(tells, story)


async def test_a_quote_that_was_ordered_is_not_declined(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        offer = quote(shop)
        shop.makes("sales_order", offer)
        with pytest.raises(HasChildren):
            lifecycle.decline(shop.work, offer, revision=revision(shop, offer))

    await tells(story)


async def test_a_quote_ends_by_itself(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        until = shop.work.now + timedelta(days=7)
        offer = quote(shop, valid_until=until)
        kept = quote(shop, valid_until=until)
        lifecycle.accept(shop.work, kept, revision=revision(shop, kept))
        assert lifecycle.expire(shop.work) == []
        waits(shop, days=8)
        shop.work.events.clear()
        assert lifecycle.expire(shop.work) == [offer]
        assert [each.name for each in shop.work.events] == ["offer_expired"]
        assert (state(shop, offer), state(shop, kept)) == ("expired", "accepted")

    await told(tells, story)


# --- Once more ----------------------------------------------------------------------------------


async def test_a_duplicate_is_a_draft_at_today_s_prices(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.issues(
            shop.drafts(
                "sales_order",
                replace(shop.line(10, "laptop", 90), discount_percent=D(5)),
                NewLine(None, D(1), name="Engraving", unit_price=D(7)),
                reference="their 12", notes="ring twice", ships_complete=True,
            )
        )  # fmt: skip
        catalog.change_product(shop.work, shop.product("laptop"), revision=0, list_price=D(120))
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

    await told(tells, story)


async def test_what_an_amendment_set_apart_is_one_line_again(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.issues(
            shop.drafts("sales_order", shop.line(3, "laptop"), shop.line(4, "laptop"))
        )
        assert [each.quantity for each in duplicating.again(shop.work, order).lines] == [7]

    await told(tells, story)


async def test_archived_products_are_left_out_and_named(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = order_of_two(shop)
        catalog.change_product(
            shop.work, shop.product("mouse"), revision=0, archived_at=shop.work.now
        )
        made = duplicating.duplicate(shop.work, order)
        assert made.left_out == ["Mouse"]
        assert len(shop.sees(made.document_id).lines) == 1
        only = shop.sells(1, "pen")
        catalog.change_product(
            shop.work, shop.product("pen"), revision=0, archived_at=shop.work.now
        )
        with pytest.raises(ProductArchived):
            duplicating.duplicate(shop.work, only)

    await told(tells, story)


async def test_the_last_order_is_the_newest_that_stands(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        row = type_of("sales_order")
        assert duplicating.last_order(shop.work, shop.customer, row) is None
        first = shop.sells(1, "laptop")
        second = shop.sells(2, "laptop")
        shop.drafts("sales_order", shop.line(9, "laptop"))
        found = duplicating.last_order(shop.work, shop.customer, row)
        assert found is not None
        assert found.id == second
        lifecycle.cancel(shop.work, second, revision=revision(shop, second))
        found = duplicating.last_order(shop.work, shop.customer, row)
        assert found is not None
        assert found.id == first
        shop.acts_as(customer(shop))
        assert duplicating.last_order(shop.work, shop.customer, row) is None

    await told(tells, story)


async def test_only_offers_and_orders_are_made_once_more(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(1, "laptop")
        note = shop.makes("delivery_note", shop.sells(1, "laptop"))
        invoice = shop.makes("invoice", note)
        for each in (note, invoice, 999):
            with pytest.raises(NotFound):
                duplicating.again(shop.work, each)
        assert duplicating.duplicate(shop.work, quote(shop)).document_id

    await told(tells, story)


# --- Services through the chain -----------------------------------------------------------------


async def test_an_order_of_20_computers_and_freight(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(20, "computer")
        shop.product("freight", nature="service", list_price=D(90))
        order = shop.issues(
            shop.drafts("sales_order", shop.line(20, "computer"), shop.line(1, "freight"))
        )
        assert shop.offers(order) == {"Deliver": (20, 20), "Invoice": (21, 21)}
        note = shop.makes("delivery_note", order)
        assert [each.line.name for each in shop.sees(note).lines] == ["Computer"]
        shop.makes("invoice", note)
        assert shop.offers(order) == {"Invoice": (1, 1)}
        shop.makes("invoice", order)
        progress = shop.sees(order).progress
        assert progress is not None
        assert progress.is_complete
        assert (progress.fulfilled, progress.goods, progress.billed) == (20, 20, 21)

    await told(tells, story)


async def test_freight_of_a_purchase_is_billed_and_not_received(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.product("freight", nature="service", list_price=D(90))
        order = shop.issues(
            shop.drafts("purchase_order", shop.line(20, "computer"), shop.line(1, "freight"))
        )
        receipt = shop.makes("receipt_note", order)
        assert len(shop.sees(receipt).lines) == 1
        assert shop.offers(order) == {"Bill": (21, 21)}
        shop.makes("bill", order, foreign_number="7")
        progress = shop.sees(order).progress
        assert progress is not None
        assert progress.is_complete

    await told(tells, story)


async def test_the_chain_is_on_every_paper(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(20, "laptop")
        offer = quote(shop)
        order = shop.makes("sales_order", offer, 10, 0)
        note = shop.makes("delivery_note", order)
        invoice = shop.makes("invoice", note)
        back = shop.makes("sales_return", note, 2, drops=True)
        credit = shop.makes("credit_note", back)
        payment = shop.pays(invoice)
        chain = [offer, order, note, invoice, back, credit, payment]
        for each in chain:
            assert [one.id for one in shop.sees(each).related] == chain, shop.sees(each).type.kind

    await told(tells, story)
