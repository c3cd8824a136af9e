"""Claims: how they follow demand, and how they change hands."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.services import stock
from core.services.rights import NotAllowed, NotFound
from core.services.stock import Handover, NotClaimed, NotWaiting
from tests.actors import OMAR
from tests.services.stock.stockroom import CUSTOMER, LOSS, WAREHOUSE, Stockroom, story

FIVE = Decimal(5)


# --- Demand -------------------------------------------------------------------------------------


@story
def test_claims_follow_demand(shop: Stockroom):
    shop.receives(10)
    order = shop.order("A", 15)
    assert (shop.claimed(order), shop.waiting(order)) == (10, 5)
    shop.wants(order, 12)
    assert (shop.claimed(order), shop.waiting(order)) == (10, 2)
    shop.wants(order, 4)
    assert (shop.claimed(order), shop.waiting(order)) == (4, 0)
    assert shop.ends(order) == {"released": 6}
    shop.wants(order, -1)
    assert (shop.claimed(order), shop.waiting(order), shop.level().available) == (0, 0, 10)


@story
def test_the_newest_claim_is_released_first(shop: Stockroom):
    shop.receives(4)
    order = shop.order("A", 9)
    shop.receives(5)
    shop.wants(order, 3)
    (held,) = stock.why(shop.connection, shop.computer).claims
    assert held.quantity == 3
    assert shop.ends(order) == {"released": 6}


@story
def test_a_line_keeps_its_place_in_the_queue(shop: Stockroom):
    first = shop.order("A", 5)
    shop.passes(minutes=1)
    second = shop.order("B", 5)
    shop.passes(minutes=1)
    shop.wants(first, 8)
    shop.receives(8)
    assert (shop.claimed(first), shop.claimed(second)) == (8, 0)


@story
def test_a_line_with_priority_is_served_first(shop: Stockroom):
    shop.order("A", 5)
    (line_id,) = shop.write("sales_order", "B", shop.computers(5), state="confirmed")
    (demand,) = shop.demands_of([line_id], FIVE)
    first = replace(demand, asked_at=shop.now + timedelta(hours=1), priority=-1)
    stock.set_demand(shop.work, [first])
    shop.receives(5)
    assert shop.claimed(line_id) == 5


@story
def test_services_and_free_text_claim_nothing(shop: Stockroom):
    work = shop.product("Installation", nature="service")
    lines = {"product_id": work, "quantity": FIVE}, {"quantity": FIVE}
    ids = shop.write("sales_order", "A", *lines, state="confirmed")
    stock.hand_over(shop.work, [Handover(ids[0], ids[1], FIVE)])
    assert [shop.waiting(each) for each in ids] == [0, 0]


@story
def test_an_extended_reservation_keeps_its_goods(shop: Stockroom):
    shop.receives(10)
    held = shop.reserve("A", 10, hours=1)
    shop.order("B", 10)
    shop.until[held] = shop.now + timedelta(hours=5)
    shop.demands(held)
    shop.passes(hours=2)
    assert stock.expire_due(shop.work) == []
    assert shop.claimed(held) == 10
    (claim,) = stock.why(shop.connection, shop.computer).claims
    assert claim.until == shop.until[held]


@story
def test_a_waiting_reservation_gets_a_claim_until_its_end(shop: Stockroom):
    held = shop.reserve("A", 5, hours=2)
    assert shop.waiting(held) == 5
    shop.receives(5)
    (claim,) = stock.why(shop.connection, shop.computer).claims
    assert (claim.until, claim.quantity) == (shop.until[held], 5)


# --- Giving out ---------------------------------------------------------------------------------


@story
def test_allocating_nothing_has_no_effect(shop: Stockroom):
    stock.allocate(shop.work, [])
    stock.allocate(shop.work, [shop.computer])
    stock.give_back(shop.work, [])
    stock.give_back(shop.work, [12345])
    assert shop.events == []


@story
def test_the_document_at_hand_is_not_told(shop: Stockroom):
    order = shop.order("A", 5)
    document_id = shop.document_of(order)
    shop.moves_computers("stock_adjustment", 5, LOSS, WAREHOUSE)
    stock.allocate(shop.work, [shop.computer], quiet=[document_id])
    assert (shop.claimed(order), shop.pieces_told("claimed")) == (5, {})
    assert f"document:{document_id}" in shop.changed


@story
def test_products_are_locked_together_only_for_orders_that_ship_complete(shop: Stockroom):
    mouse, screen = shop.product("Mouse"), shop.product("Screen")
    shop.orders("A", (shop.computer, 1), (mouse, 1), complete=True)
    shop.orders("B", (shop.computer, 1), (screen, 1))
    assert stock.lock(shop.work, [shop.computer]) == {shop.computer, mouse}
    assert stock.lock(shop.work, [screen]) == {screen}
    assert stock.lock(shop.work, []) == set()


@story
def test_an_event_says_whose_goods_came(shop: Stockroom):
    order = shop.order("A", 5)
    shop.events.clear()
    shop.receives(3)
    (event,) = shop.events
    assert (event.name, event.document_id) == ("claimed", shop.document_of(order))
    assert event.party_id == shop.party("A")
    assert event.facts["number"].startswith("sales_order-")
    assert event.facts["lines"] == [
        {"line_id": order, "product_id": shop.computer, "product": "Computer", "quantity": 3}
    ]


@story
def test_an_order_that_ships_complete_gets_all_its_products_at_once(shop: Stockroom):
    mouse, screen = shop.product("Mouse"), shop.product("Screen")
    lines = shop.orders("A", (shop.computer, 5), (mouse, 2), (screen, 1), complete=True)
    shop.receives(5)
    shop.receives(1, product=screen)
    assert [shop.claimed(each) for each in lines] == [0, 0, 0]
    shop.receives(2, product=mouse)
    assert [shop.claimed(each) for each in lines] == [5, 2, 1]
    assert shop.pieces_told("claimed") == {"A": 8}


# --- Handing over -------------------------------------------------------------------------------


@story
def test_an_order_takes_over_claims_and_waiting_of_its_reservation(shop: Stockroom):
    shop.receives(3)
    held = shop.reserve("A", 10)
    shop.passes(minutes=1)
    behind = shop.order("B", 5)
    shop.passes(minutes=1)
    order = shop.order_reserved(held, 8)
    assert (shop.claimed(order), shop.waiting(order)) == (3, 5)
    assert (shop.claimed(held), shop.waiting(held)) == (0, 2)
    shop.receives(6)
    # At the same rank in the queue, the line that was there first is served first.
    assert (shop.claimed(held), shop.claimed(order), shop.claimed(behind)) == (2, 7, 0)


@story
def test_an_order_keeps_its_reservations_place_in_the_queue(shop: Stockroom):
    held = shop.reserve("A", 4)
    shop.passes(minutes=1)
    behind = shop.order("B", 4)
    shop.passes(minutes=1)
    order = shop.order_reserved(held, 4)
    shop.receives(5)
    assert (shop.claimed(order), shop.claimed(behind)) == (4, 1)


@story
def test_an_order_larger_than_its_reservation_waits_for_the_rest(shop: Stockroom):
    shop.receives(4)
    held = shop.reserve("A", 4)
    line = shop.order_reserved(held, 4)
    shop.wants(line, 6)
    assert (shop.claimed(line), shop.waiting(line)) == (4, 2)


@story
def test_an_order_from_two_reservations_has_the_place_of_the_first(shop: Stockroom):
    first = shop.reserve("A", 3)
    shop.passes(minutes=1)
    between = shop.order("B", 3)
    shop.passes(minutes=1)
    last = shop.reserve("A", 3)
    (order,) = shop.write("sales_order", "A", shop.computers(6), state="confirmed")
    three = Decimal(3)
    stock.hand_over(shop.work, [Handover(first, order, three), Handover(last, order, three)])
    shop.receives(6)
    assert (shop.claimed(order), shop.claimed(between)) == (6, 0)


@story
def test_several_reservations_can_become_one_order(shop: Stockroom):
    shop.receives(3)
    first = shop.reserve("A", 3)
    shop.passes(minutes=1)
    second = shop.reserve("A", 3)
    (order,) = shop.write("sales_order", "A", shop.computers(6), state="confirmed")
    third = shop.reserve("A", 1)
    three = Decimal(3)
    stock.hand_over(
        shop.work,
        [
            Handover(second, order, three),
            Handover(first, order, three),
            Handover(third, order, Decimal(1)),
        ],
    )
    assert (shop.claimed(order), shop.waiting(order)) == (3, 4)
    assert [shop.waiting(each) for each in (first, second, third)] == [0, 0, 0]


# --- Giving back --------------------------------------------------------------------------------


@story
def test_only_goods_that_are_there_are_given_back(shop: Stockroom):
    shop.receives(10)
    first = shop.order("A", 4)
    shop.passes(minutes=1)
    second = shop.order("B", 4)
    lines = [shop.delivers(each, 4).line_id for each in (second, first)]
    stock.give_back(shop.work, lines)
    assert (shop.claimed(first), shop.claimed(second)) == (2, 0)


@story
def test_a_reservation_that_ended_in_the_meantime_gets_nothing_back(shop: Stockroom):
    shop.receives(10)
    held = shop.reserve("A", 5, hours=1)
    moved = shop.moves_computers("delivery_note", 5, WAREHOUSE, CUSTOMER, order_lines=[held])
    assert shop.ends(held) == {"consumed": 5}
    shop.reverses(moved)
    assert shop.claimed(held) == 5
    again = shop.moves_computers("delivery_note", 5, WAREHOUSE, CUSTOMER, order_lines=[held])
    shop.passes(hours=2)
    shop.reverses(again)
    assert shop.claimed(held) == 0


# --- Moving claims by hand ----------------------------------------------------------------------


@story
def test_a_released_claim_goes_to_the_next_line_and_its_own_waits_last(shop: Stockroom):
    shop.receives(10)
    first = shop.order("A", 10)
    shop.passes(minutes=1)
    second = shop.order("B", 3)
    stock.release(shop.work, first, FIVE, reason="not before May")
    assert (shop.claimed(first), shop.waiting(first), shop.claimed(second)) == (5, 5, 3)
    assert shop.level().available == 2
    assert shop.pieces_told("released") == {"A": 5}
    shop.passes(minutes=1)
    third = shop.order("C", 4)
    assert (shop.claimed(third), shop.claimed(first)) == (2, 5)
    shop.receives(20)
    assert (shop.claimed(third), shop.claimed(first)) == (4, 10)


@story
def test_a_reservation_does_not_wait_for_what_was_released(shop: Stockroom):
    shop.receives(10)
    held = shop.reserve("A", 10)
    stock.release(shop.work, held, FIVE, reason="asked on the phone")
    assert (shop.claimed(held), shop.waiting(held), shop.level().available) == (5, 0, 5)


@story
def test_an_order_that_ships_complete_does_not_get_released_goods_back(shop: Stockroom):
    mouse = shop.product("Mouse")
    shop.receives(5)
    shop.receives(5, product=mouse)
    lines = shop.orders("A", (shop.computer, 5), (mouse, 5), complete=True)
    stock.release(shop.work, lines[0], FIVE, reason="later")
    assert [shop.claimed(each) for each in lines] == [0, 5]
    stock.release(shop.work, lines[1], FIVE, reason="later")
    assert [shop.claimed(each) for each in lines] == [0, 0]


@story
def test_a_claim_can_be_given_to_another_line(shop: Stockroom):
    shop.receives(10)
    first = shop.order("A", 10)
    shop.passes(minutes=1)
    between = shop.order("C", 2)
    shop.passes(minutes=1)
    held = shop.reserve("B", 6)
    stock.transfer_claim(shop.work, Handover(first, held, FIVE), reason="fair")
    assert (shop.claimed(first), shop.waiting(first)) == (5, 5)
    assert (shop.claimed(held), shop.waiting(held)) == (5, 1)
    assert shop.pieces_told("claim_taken") == {"A": 5}
    assert shop.pieces_told("claim_given") == {"B": 5}
    shop.receives(5)
    assert (shop.claimed(first), shop.claimed(between)) == (10, 0)
    shop.passes(hours=11)
    stock.expire_due(shop.work)
    assert shop.claimed(between) == 2


@story
def test_a_line_that_gives_its_claim_away_gets_what_is_free(shop: Stockroom):
    shop.receives(8)
    whole = shop.order("B", 9, complete=True)
    order = shop.order("A", 5)
    stock.transfer_claim(shop.work, Handover(order, whole, Decimal(2)), reason="urgent")
    assert (shop.claimed(order), shop.claimed(whole)) == (5, 2)
    assert shop.level().available == 1


@story
def test_a_storekeeper_cannot_move_claims(shop: Stockroom):
    shop.receives(10)
    order = shop.order("A", 10)
    omar = shop.by(OMAR)
    with pytest.raises(NotAllowed):
        stock.release(omar.work, order, FIVE, reason="")
    with pytest.raises(NotAllowed):
        stock.transfer_claim(omar.work, Handover(order, order, FIVE), reason="")


@story
def test_only_what_is_claimed_and_waited_for_can_be_moved(shop: Stockroom):
    mouse = shop.product("Mouse")
    shop.receives(10)
    first, second = shop.order("A", 10), shop.order("B", 5)
    (elsewhere,) = shop.orders("C", (mouse, 20))
    with pytest.raises(NotFound):
        stock.release(shop.work, 12345, FIVE, reason="")
    for quantity in (Decimal(11), Decimal(0), Decimal(-1)):
        with pytest.raises(NotClaimed):
            stock.release(shop.work, first, quantity, reason="")
    with pytest.raises(NotClaimed):
        stock.transfer_claim(shop.work, Handover(second, second, FIVE), reason="")
    for taker, waits in ((second, 5), (elsewhere, 0), (first, 0)):
        with pytest.raises(NotWaiting) as refused:
            stock.transfer_claim(shop.work, Handover(first, taker, Decimal(6)), reason="")
        assert refused.value.facts["waiting"] == waits


# --- Time ---------------------------------------------------------------------------------------


@story
def test_what_a_reservation_waits_for_ends_with_it(shop: Stockroom):
    held = shop.reserve("A", 5, hours=1)
    other = shop.reserve("B", 5, hours=3)
    shop.passes(hours=1)
    assert stock.expire_due(shop.work) == [shop.document_of(held)]
    assert (shop.waiting(held), shop.waiting(other)) == (0, 5)
    assert shop.pieces_told("expired") == {"A": 5}


@story
def test_expiry_can_be_limited_to_some_products(shop: Stockroom):
    mouse = shop.product("Mouse")
    shop.receives(5)
    held = shop.reserve("A", 5, hours=1)
    shop.passes(hours=2)
    assert stock.expire_due(shop.work, [mouse]) == []
    assert stock.expire_due(shop.work, [shop.computer]) == [shop.document_of(held)]
    assert stock.expire_due(shop.work) == []


@story
def test_the_next_operation_ends_expired_claims(shop: Stockroom):
    shop.receives(5)
    shop.reserve("A", 5, hours=1)
    shop.passes(hours=1)
    order = shop.order("B", 5)
    assert shop.claimed(order) == 5
    assert shop.pieces_told("expired") == {"A": 5}
