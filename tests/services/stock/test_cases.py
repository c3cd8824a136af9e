"""The cases of the reference: "Stock and claims", and those of "Value" that are about goods."""

from datetime import date
from decimal import Decimal

import pytest

from core.services import stock
from core.services.stock import Count, NotEnough, Promised
from tests.services.stock.shop import QUARANTINE, VENDOR, WAREHOUSE, Shop, story


@story
def test_a_count_takes_claimed_goods_from_the_last_in_line(shop: Shop):
    shop.receives(10)
    first = shop.order("A", 6)
    shop.passes(minutes=1)
    last = shop.order("B", 4)
    shop.finds(-3)
    level = shop.level()
    assert (level.on_hand, level.claimed, level.available) == (7, 7, 0)
    assert (shop.claimed(first), shop.claimed(last), shop.waits(last)) == (6, 1, 3)
    assert shop.told("displaced") == {"B": 3}
    assert shop.ends(last) == {"displaced": 3}


@story
def test_broken_goods_that_somebody_claimed_are_asked_about_first(shop: Shop):
    shop.receives(10)
    line_id = shop.order("A", 10)
    warehouse = shop.places[WAREHOUSE]
    (loss,) = stock.displacement(shop.connection, shop.computer, warehouse, quantity=Decimal(5))
    assert (loss.line_id, loss.party, loss.quantity) == (line_id, "A", 5)
    with pytest.raises(NotEnough) as refused:
        shop.moves("transfer", (shop.computer, Decimal(5)), source=WAREHOUSE, target=QUARANTINE)
    assert refused.value.facts == {
        "product_id": shop.computer, "name": "Computer", "free": 0, "wanted": 5,
    }  # fmt: skip
    shop.moves(
        "transfer", (shop.computer, Decimal(5)), source=WAREHOUSE, target=QUARANTINE,
        displace=True,
    )  # fmt: skip
    level = shop.level()
    assert (level.on_hand, level.claimed, level.quarantine) == (5, 5, 5)


@story
def test_a_delivery_of_all_that_was_claimed_is_not_refused(shop: Shop):
    shop.receives(10)
    line_id = shop.order("A", 10)
    shop.delivers(line_id, 10)
    level = shop.level()
    assert (level.on_hand, level.claimed) == (0, 0)
    assert shop.ends(line_id) == {"consumed": 10}
    assert shop.waits(line_id) == 0


@story
def test_a_new_order_is_told_its_dates(shop: Shop):
    shop.buys("Vendor", 10, on=date(2026, 12, 3))
    shop.order("A", 6)
    promised = [Promised(Decimal(4), date(2026, 12, 3)), Promised(Decimal(4))]
    assert stock.promise(shop.connection, shop.computer, Decimal(8)) == promised
    shop.passes(minutes=1)
    line_id = shop.order("B", 8)
    assert stock.promises(shop.connection, [line_id]) == {line_id: promised}


@story
def test_who_ships_complete_does_not_hold_up_those_behind(shop: Shop):
    whole = shop.order("A", 100, complete=True)
    shop.passes(minutes=1)
    small = shop.order("B", 2)
    shop.receives(3)
    assert (shop.claimed(whole), shop.claimed(small)) == (0, 2)
    assert shop.told("claimed") == {"B": 2}
    shop.receives(99)
    assert (shop.claimed(whole), shop.waits(whole)) == (100, 0)


@story
def test_a_reservation_ends_in_three_ways(shop: Shop):
    shop.receives(10)
    line_id = shop.reserve("A", 10)
    order = shop.order_reserved(line_id, 4)
    assert (shop.claimed(order), shop.claimed(line_id)) == (4, 6)
    shop.open[line_id] -= 3
    shop.demands(line_id)
    shop.passes(hours=11)
    ended = stock.expire_due(shop.work())
    assert ended == [shop.document_of(line_id)]
    assert shop.ends(line_id) == {"handed_over": 4, "released": 3, "expired": 3}
    assert shop.told("expired") == {"A": 3}
    shop.delivers(order, 4)
    assert shop.ends(order) == {"consumed": 4}
    assert shop.level().available == 6


@story
def test_a_hold_that_ended_before_its_order_was_confirmed_is_gone(shop: Shop):
    shop.receives(10)
    line_id = shop.reserve("A", 10, hours=10)
    shop.passes(hours=5)
    waits = shop.order("B", 10)
    shop.passes(hours=5, minutes=10)
    order = shop.order_reserved(line_id, 10)
    assert shop.ends(line_id) == {"expired": 10}
    assert (shop.claimed(waits), shop.claimed(order), shop.waits(order)) == (10, 0, 10)


@story
def test_what_moved_after_a_count_is_no_difference(shop: Shop):
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
def test_a_reversed_delivery_gives_its_owner_his_goods_back(shop: Shop):
    shop.receives(5)
    owner = shop.order("A", 5)
    shop.passes(minutes=1)
    other = shop.order("C", 5)
    moved = shop.delivers(owner, 5)
    shop.reverses(moved, order_line=owner)
    assert (shop.claimed(owner), shop.claimed(other), shop.waits(other)) == (5, 0, 5)


@story
def test_he_gets_them_back_even_where_the_other_stands_before_him(shop: Shop):
    first = shop.order("C", 10)
    shop.passes(minutes=1)
    owner = shop.order("A", 5)
    shop.receives(15)
    moved = shop.delivers(owner, 5)
    shop.finds(-6)
    assert (shop.claimed(first), shop.waits(first)) == (4, 6)
    shop.reverses(moved, order_line=owner)
    assert (shop.claimed(owner), shop.waits(owner), shop.claimed(first)) == (5, 0, 4)


@story
def test_a_receipt_cannot_be_reversed_when_its_goods_are_gone(shop: Shop):
    moved = shop.receives(200)
    shop.delivers(shop.order("A", 20), 20)
    with pytest.raises(NotEnough) as refused:
        shop.reverses(moved)
    assert (refused.value.facts["free"], refused.value.facts["wanted"]) == (180, 200)


@story
def test_the_value_of_what_goes_back_to_the_vendor(shop: Shop):
    shop.receives(10, 1000)
    second = shop.receives(10, 2000)
    shop.delivers(shop.order("A", 15), 15)
    (moved,) = shop.moves(
        "purchase_return", (shop.computer, Decimal(5)), source=WAREHOUSE, target=VENDOR,
        source_lines=[second.line_id],
    )  # fmt: skip
    level = shop.level()
    assert (level.on_hand, level.value_minor, moved.value_minor) == (0, 0, 750)
    assert shop.differences() == [(250, "returned")]


@story
def test_three_pieces_leave_one_by_one(shop: Shop):
    shop.receives(3, 10000)
    line_id = shop.order("A", 3)
    values = [shop.delivers(line_id, 1).value_minor for _ in range(3)]
    assert values == [3333, 3334, 3333]
    assert shop.level().value_minor == 0


@story
def test_ten_thousand_pieces_at_a_thousand_do_not_overflow(shop: Shop):
    shop.receives(10_000, 10_000 * 1000_00)
    line_id = shop.order("A", 9_999)
    assert shop.delivers(line_id, 9_999).value_minor == 9_999 * 1000_00
    assert shop.level().value_minor == 1000_00
