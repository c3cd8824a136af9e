"""The cases of the reference about stock, claims and the value of goods."""

from datetime import date
from decimal import Decimal

import pytest

from core.services import stock
from core.services.stock import Count, NotEnough, Promised
from tests.services.stock.stockroom import QUARANTINE, VENDOR, WAREHOUSE, Stockroom, story


@story
def test_a_count_takes_claimed_goods_from_the_last_in_the_queue(shop: Stockroom):
    shop.receives(10)
    first = shop.order("A", 6)
    shop.passes(minutes=1)
    last = shop.order("B", 4)
    shop.finds(-3)
    level = shop.level()
    assert (level.on_hand, level.claimed, level.available) == (7, 7, 0)
    assert (shop.claimed(first), shop.claimed(last), shop.waiting(last)) == (6, 1, 3)
    assert shop.pieces_told("displaced") == {"B": 3}
    assert shop.ends(last) == {"displaced": 3}


@story
def test_claimed_goods_are_only_set_aside_on_demand(shop: Stockroom):
    shop.receives(10)
    line_id = shop.order("A", 10)
    warehouse = shop.places[WAREHOUSE]
    (loss,) = stock.displacement(shop.connection, shop.computer, warehouse, quantity=Decimal(5))
    assert (loss.line_id, loss.party, loss.quantity) == (line_id, "A", 5)
    with pytest.raises(NotEnough) as refused:
        shop.moves_computers("transfer", 5, WAREHOUSE, QUARANTINE)
    assert refused.value.facts == {
        "product_id": shop.computer, "name": "Computer", "free": 0, "wanted": 5,
    }  # fmt: skip
    shop.moves_computers("transfer", 5, WAREHOUSE, QUARANTINE, displace=True)
    level = shop.level()
    assert (level.on_hand, level.claimed, level.quarantine) == (5, 5, 5)


@story
def test_a_delivery_can_take_all_that_its_order_claimed(shop: Stockroom):
    shop.receives(10)
    line_id = shop.order("A", 10)
    shop.delivers(line_id, 10)
    level = shop.level()
    assert (level.on_hand, level.claimed) == (0, 0)
    assert shop.ends(line_id) == {"consumed": 10}
    assert shop.waiting(line_id) == 0


@story
def test_a_new_order_is_promised_its_dates(shop: Stockroom):
    shop.buys("Vendor", 10, on=date(2026, 12, 3))
    shop.order("A", 6)
    promised = [Promised(Decimal(4), date(2026, 12, 3)), Promised(Decimal(4))]
    assert stock.promise(shop.connection, shop.computer, Decimal(8)) == promised
    shop.passes(minutes=1)
    line_id = shop.order("B", 8)
    assert stock.promises(shop.connection, [line_id]) == {line_id: promised}


@story
def test_an_order_that_ships_complete_does_not_hold_up_others(shop: Stockroom):
    whole = shop.order("A", 100, complete=True)
    shop.passes(minutes=1)
    small = shop.order("B", 2)
    shop.receives(3)
    assert (shop.claimed(whole), shop.claimed(small)) == (0, 2)
    assert shop.pieces_told("claimed") == {"B": 2}
    shop.receives(99)
    assert (shop.claimed(whole), shop.waiting(whole)) == (100, 0)


@story
def test_a_reservation_can_be_ordered_released_and_expire_in_part(shop: Stockroom):
    shop.receives(10)
    line_id = shop.reserve("A", 10)
    order = shop.order_reserved(line_id, 4)
    assert (shop.claimed(order), shop.claimed(line_id)) == (4, 6)
    shop.open[line_id] -= 3
    shop.demands(line_id)
    shop.passes(hours=11)
    ended = stock.expire_due(shop.work)
    assert ended == [shop.document_of(line_id)]
    assert shop.ends(line_id) == {"handed_over": 4, "released": 3, "expired": 3}
    assert shop.pieces_told("expired") == {"A": 3}
    shop.delivers(order, 4)
    assert shop.ends(order) == {"consumed": 4}
    assert shop.level().available == 6


@story
def test_a_reservation_that_expired_before_its_order_is_lost(shop: Stockroom):
    shop.receives(10)
    line_id = shop.reserve("A", 10, hours=10)
    shop.passes(hours=5)
    other = shop.order("B", 10)
    shop.passes(hours=5, minutes=10)
    order = shop.order_reserved(line_id, 10)
    assert shop.ends(line_id) == {"expired": 10}
    assert (shop.claimed(other), shop.claimed(order), shop.waiting(order)) == (10, 0, 10)


@story
def test_what_moved_after_a_count_is_not_a_difference(shop: Stockroom):
    shop.receives(52)
    seen = stock.count(shop.connection, [shop.computer])[shop.computer]
    assert seen.level == 52
    shop.passes(minutes=5)
    shop.delivers(shop.order("A", 5), 5)
    shop.passes(minutes=5)
    counts = [Count(shop.computer, Decimal(50), seen.last_move_id)]
    (difference,) = stock.counted_differences(shop.connection, counts)
    assert difference == -2
    shop.finds(difference)
    assert shop.level().on_hand == 45


@story
def test_a_reversed_delivery_gives_its_order_the_goods_back(shop: Stockroom):
    shop.receives(5)
    owner = shop.order("A", 5)
    shop.passes(minutes=1)
    other = shop.order("C", 5)
    moved = shop.delivers(owner, 5)
    shop.reverses(moved, order_line=owner)
    assert (shop.claimed(owner), shop.claimed(other), shop.waiting(other)) == (5, 0, 5)


@story
def test_a_reversed_delivery_gives_goods_back_even_ahead_of_an_earlier_order(shop: Stockroom):
    first = shop.order("C", 10)
    shop.passes(minutes=1)
    owner = shop.order("A", 5)
    shop.receives(15)
    moved = shop.delivers(owner, 5)
    shop.finds(-6)
    assert (shop.claimed(first), shop.waiting(first)) == (4, 6)
    shop.reverses(moved, order_line=owner)
    assert (shop.claimed(owner), shop.waiting(owner), shop.claimed(first)) == (5, 0, 4)


@story
def test_a_receipt_cannot_be_reversed_when_its_goods_are_gone(shop: Stockroom):
    moved = shop.receives(200)
    shop.delivers(shop.order("A", 20), 20)
    with pytest.raises(NotEnough) as refused:
        shop.reverses(moved)
    assert (refused.value.facts["free"], refused.value.facts["wanted"]) == (180, 200)


@story
def test_goods_go_back_to_the_vendor_at_the_average_value(shop: Stockroom):
    shop.receives(10, 1000)
    second = shop.receives(10, 2000)
    shop.delivers(shop.order("A", 15), 15)
    moved = shop.moves_computers("purchase_return", 5, WAREHOUSE, VENDOR, of=second.line_id)
    level = shop.level()
    assert (level.on_hand, level.value_minor, moved.value_minor) == (0, 0, 750)
    assert shop.differences() == [(250, "returned")]


@story
def test_pieces_that_leave_one_by_one_take_the_whole_value(shop: Stockroom):
    shop.receives(3, 10000)
    line_id = shop.order("A", 3)
    values = [shop.delivers(line_id, 1).value_minor for _ in range(3)]
    assert values == [3333, 3334, 3333]
    assert shop.level().value_minor == 0


@story
def test_a_large_value_does_not_overflow(shop: Stockroom):
    shop.receives(10_000, 10_000 * 1000_00)
    line_id = shop.order("A", 9_999)
    assert shop.delivers(line_id, 9_999).value_minor == 9_999 * 1000_00
    assert shop.level().value_minor == 1000_00
