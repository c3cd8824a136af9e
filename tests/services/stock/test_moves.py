"""Moves: their value, whose claims they take, and what a reversal undoes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.services import stock
from core.services.stock import NotEnough, StockMovement
from tests.services.stock.stockroom import (
    CUSTOMER,
    LOSS,
    QUARANTINE,
    VENDOR,
    WAREHOUSE,
    Stockroom,
    move,
    story,
)


@story
def test_without_legs_nothing_moves(shop: Stockroom):
    assert stock.move_goods(shop.work, []) == []


@story
def test_moves_are_returned_in_the_order_of_their_legs(shop: Stockroom):
    other = shop.product("Mouse")
    wanted = [(other, 2), (shop.computer, 3), (other, 2)]
    moved = shop.moves(
        "receipt_note", *wanted, source=VENDOR, target=WAREHOUSE, values=[20, 30, 40]
    )
    assert [each.value_minor for each in moved] == [20, 30, 40]
    rows = shop.connection.execute(select(move).order_by(move.c.id)).all()
    assert [row.id for row in rows] == [each.move_id for each in moved]
    assert [row.line_id for row in rows] == [each.line_id for each in moved]
    assert {f"product:{other}", f"product:{shop.computer}"} <= shop.changed


@story
def test_other_claims_are_respected(shop: Stockroom):
    shop.receives(10)
    held = shop.reserve("A", 6)
    shop.passes(minutes=1)
    order = shop.order("B", 6)
    with pytest.raises(NotEnough) as refused:
        shop.delivers(order, 5)
    assert (refused.value.facts["free"], refused.value.facts["wanted"]) == (4, 5)
    shop.delivers(order, 4)
    assert (shop.claimed(held), shop.waiting(order)) == (6, 2)


@story
def test_a_delivery_takes_its_orders_claims_and_then_what_is_free(shop: Stockroom):
    shop.receives(4)
    order = shop.order("A", 4)
    shop.receives(3)
    shop.delivers(order, 6)
    assert shop.ends(order) == {"consumed": 4}
    assert (shop.level().on_hand, shop.open[order]) == (1, -2)


@story
def test_reservations_lose_their_goods_before_orders(shop: Stockroom):
    shop.receives(10)
    held = shop.reserve("R", 4)
    shop.passes(minutes=1)
    order = shop.order("O", 6)
    shop.finds(-5)
    assert (shop.claimed(held), shop.waiting(held)) == (0, 4)
    assert (shop.claimed(order), shop.waiting(order)) == (5, 1)
    assert shop.pieces_told("displaced") == {"R": 4, "O": 1}
    shop.receives(4)
    assert (shop.claimed(held), shop.waiting(order)) == (4, 1)
    shop.passes(hours=11)
    stock.expire_due(shop.work)
    assert (shop.claimed(held), shop.claimed(order)) == (0, 6)


@story
def test_a_line_that_waits_already_waits_for_what_it_lost(shop: Stockroom):
    shop.receives(5)
    order = shop.order("A", 8)
    shop.finds(-2)
    assert (shop.claimed(order), shop.waiting(order)) == (3, 5)


@story
def test_an_order_that_ships_complete_waits_for_all_that_it_lost(shop: Stockroom):
    shop.receives(10)
    order = shop.order("A", 10, complete=True)
    shop.finds(-3)
    assert (shop.claimed(order), shop.waiting(order)) == (7, 3)
    shop.receives(2)
    assert shop.claimed(order) == 7
    shop.receives(1)
    assert shop.claimed(order) == 10


@story
def test_nobody_loses_claims_when_enough_is_free(shop: Stockroom):
    shop.receives(10)
    shop.order("A", 4)
    warehouse = shop.places[WAREHOUSE]
    lost = stock.displacement(shop.connection, shop.computer, warehouse, quantity=Decimal(6))
    assert lost == []
    quarantine = shop.places[QUARANTINE]
    lost = stock.displacement(shop.connection, shop.computer, quarantine, quantity=Decimal(6))
    assert lost == []


@story
def test_returned_goods_have_the_value_they_left_with(shop: Stockroom):
    shop.receives(3, 10000)
    order = shop.order("A", 3)
    delivered = shop.delivers(order, 3)
    shop.receives(10, 99999)
    back = [
        shop.moves_computers("sales_return", 1, CUSTOMER, target, of=delivered.line_id)
        for target in (WAREHOUSE, QUARANTINE, LOSS)
    ]
    assert [each.value_minor for each in back] == [3333, 3334, 3333]
    level = shop.level()
    assert (level.on_hand, level.quarantine) == (11, 1)
    assert level.value_minor == 99999 + 3333 + 3334
    # Reversing the second return frees its share of the value.
    shop.reverses(back[1])
    again = shop.moves_computers("sales_return", 1, CUSTOMER, WAREHOUSE, of=delivered.line_id)
    assert again.value_minor == 3333


@story
def test_returns_on_one_document_share_the_value(shop: Stockroom):
    shop.receives(3, 10000)
    delivered = shop.delivers(shop.order("A", 3), 3)
    piece = (shop.computer, 1)
    back = shop.moves(
        "sales_return", piece, piece, piece, source=CUSTOMER, target=WAREHOUSE,
        source_lines=[delivered.line_id] * 3,
    )  # fmt: skip
    assert [each.value_minor for each in back] == [3333, 3334, 3333]


@story
def test_a_given_value_is_used(shop: Stockroom):
    moved = shop.moves_computers("sales_return", 1, CUSTOMER, WAREHOUSE, values=[77])
    assert (moved.value_minor, shop.level().value_minor) == (77, 77)


@story
def test_a_return_without_a_delivery_has_the_average_value(shop: Stockroom):
    shop.receives(2, 500)
    moved = shop.moves_computers("sales_return", 1, CUSTOMER, WAREHOUSE)
    assert moved.value_minor == 250


@story
def test_goods_without_a_price_have_the_average_value(shop: Stockroom):
    shop.receives(2, 500)
    moved = shop.moves_computers("receipt_note", 3, VENDOR, WAREHOUSE)
    assert moved.value_minor == 750


@story
def test_goods_found_in_empty_stock_have_their_cost_price(shop: Stockroom):
    costly = shop.product("Costly", cost_price=Decimal("2.5"))
    free = shop.product("Free")
    found = {"source": LOSS, "target": WAREHOUSE}
    moved = shop.moves("stock_adjustment", (costly, 3), (free, 3), **found)
    moved += shop.moves("stock_adjustment", (costly, 1), **found)
    assert [each.value_minor for each in moved] == [750, 0, 250]


@story
def test_a_reversed_receipt_leaves_at_the_average_value(shop: Stockroom):
    shop.receives(10, 1000)
    second = shop.receives(10, 2000)
    (back,) = shop.reverses(second)
    assert back.value_minor == 1500
    assert shop.differences() == [(500, "reversed")]
    assert shop.level().value_minor == 1500


@story
def test_a_reversed_return_to_the_vendor_undoes_its_difference(shop: Stockroom):
    shop.receives(10, 1000)
    second = shop.receives(10, 2000)
    returned = shop.moves_computers("purchase_return", 4, WAREHOUSE, VENDOR, of=second.line_id)
    assert shop.differences() == [(200, "returned")]
    (back,) = shop.reverses(returned)
    assert (back.value_minor, shop.level().value_minor) == (600, 3000)
    assert shop.differences() == [(200, "returned"), (-200, "reversed")]


@story
def test_a_return_to_the_vendor_at_its_own_price_leaves_no_difference(shop: Stockroom):
    moved = shop.receives(10, 1000)
    shop.moves_computers("purchase_return", 4, WAREHOUSE, VENDOR, of=moved.line_id)
    assert shop.differences() == []


@story
def test_a_return_to_the_vendor_without_a_receipt_leaves_no_difference(shop: Stockroom):
    shop.receives(10, 1000)
    shop.moves_computers("purchase_return", 4, WAREHOUSE, VENDOR)
    assert shop.differences() == []


@story
def test_a_reversed_delivery_comes_back_at_its_value(shop: Stockroom):
    shop.receives(3, 100)
    delivered = shop.delivers(shop.order("A", 1), 1)
    shop.receives(3, 900)
    (back,) = shop.reverses(delivered)
    assert back.value_minor == delivered.value_minor == 33


def reject(shop: Stockroom) -> tuple[int, int]:
    """Receive 8 computers at 100 and reject 2; return the lines of the receipt and a transfer."""
    (receipt,) = shop.write("receipt_note", "Vendor", shop.computers(8))
    movement = StockMovement(
        receipt, shop.computer, Decimal(8), shop.places[VENDOR], shop.places[WAREHOUSE],
        value_minor=800,
    )  # fmt: skip
    rejected = replace(
        movement, quantity=Decimal(2), target_place_id=shop.places[QUARANTINE], value_minor=0
    )
    stock.move_goods(shop.work, [movement, rejected])
    rejected_line = shop.computers(2, source_line_id=receipt, rejected_goods=True)
    (transfer,) = shop.write("transfer", None, rejected_line)
    return receipt, transfer


@story
def test_rejected_goods_have_no_value_until_they_are_accepted(shop: Stockroom):
    receipt, transfer = reject(shop)
    assert (shop.level().quarantine, shop.level().value_minor) == (2, 800)
    places = shop.places
    out = StockMovement(
        transfer, shop.computer, Decimal(2), places[QUARANTINE], places[VENDOR],
        source_line_id=receipt, rejected_goods=True,
    )  # fmt: skip
    back = replace(
        out, source_place_id=places[VENDOR], target_place_id=places[WAREHOUSE], value_minor=200
    )
    moved = stock.move_goods(shop.work, [out, back])
    assert [each.value_minor for each in moved] == [0, 200]
    assert (shop.level().on_hand, shop.level().value_minor) == (10, 1000)
    assert shop.differences() == []
    # Goods accepted later count with the accepted ones when they go back to the vendor.
    shop.moves_computers("purchase_return", 10, WAREHOUSE, VENDOR, of=receipt)
    assert shop.differences() == []
    assert shop.level().value_minor == 0


@story
def test_rejected_goods_go_back_without_value(shop: Stockroom):
    receipt, _ = reject(shop)
    shop.moves_computers("purchase_return", 2, QUARANTINE, VENDOR, of=receipt, rejected=True)
    assert (shop.level().quarantine, shop.differences()) == (0, [])


@story
def test_moves_in_and_out_add_up_to_the_level(shop: Stockroom):
    shop.receives(10, 1000)
    order = shop.order("A", 4)
    shop.reverses(shop.delivers(order, 4), order_line=order)
    shop.finds(-3)
    shop.finds(5)
    inside = [shop.places[WAREHOUSE], shop.places[QUARANTINE]]

    def total(column: str) -> Decimal:
        place = move.c[column]
        wanted = select(func.coalesce(func.sum(move.c.quantity), 0)).where(place.in_(inside))
        return Decimal(shop.connection.execute(wanted).scalar_one())

    assert total("to_place_id") - total("from_place_id") == shop.level().on_hand == 12
