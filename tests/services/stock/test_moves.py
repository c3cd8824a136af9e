"""Moves: what they are worth, what they take from whom, what they undo."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.services import stock
from core.services.stock import NotEnough, StockMovement
from tests.services.stock.shop import (
    CUSTOMER,
    LOSS,
    QUARANTINE,
    VENDOR,
    WAREHOUSE,
    Shop,
    move,
    story,
)


@story
def test_no_legs_are_no_moves(shop: Shop):
    assert stock.move_goods(shop.work(), []) == []


@story
def test_moves_come_back_in_the_order_of_their_legs(shop: Shop):
    other = shop.product("Mouse")
    wanted = [(other, Decimal(2)), (shop.computer, Decimal(3)), (other, Decimal(2))]
    moved = shop.moves(
        "receipt_note", *wanted, source=VENDOR, target=WAREHOUSE, values=[20, 30, 40]
    )
    assert [each.value_minor for each in moved] == [20, 30, 40]
    rows = shop.connection.execute(select(move).order_by(move.c.id)).all()
    assert [row.id for row in rows] == [each.move_id for each in moved]
    assert [row.line_id for row in rows] == [each.line_id for each in moved]
    assert {f"product:{other}", f"product:{shop.computer}"} <= shop.changed


@story
def test_others_claims_are_respected(shop: Shop):
    shop.receives(10)
    held = shop.reserve("A", 6)
    shop.passes(minutes=1)
    order = shop.order("B", 6)
    with pytest.raises(NotEnough) as refused:
        shop.delivers(order, 5)
    assert (refused.value.facts["free"], refused.value.facts["wanted"]) == (4, 5)
    shop.delivers(order, 4)
    assert (shop.claimed(held), shop.waits(order)) == (6, 2)


@story
def test_an_order_takes_its_own_claims_and_then_what_is_free(shop: Shop):
    shop.receives(4)
    order = shop.order("A", 4)
    shop.receives(3)
    shop.delivers(order, 6)
    assert shop.ends(order) == {"consumed": 4}
    assert (shop.level().on_hand, shop.open[order]) == (1, -2)


@story
def test_reservations_lose_their_goods_before_orders_do(shop: Shop):
    shop.receives(10)
    held = shop.reserve("R", 4)
    shop.passes(minutes=1)
    order = shop.order("O", 6)
    shop.finds(-5)
    assert (shop.claimed(held), shop.waits(held)) == (0, 4)
    assert (shop.claimed(order), shop.waits(order)) == (5, 1)
    assert shop.told("displaced") == {"R": 4, "O": 1}
    shop.receives(4)
    assert (shop.claimed(held), shop.waits(order)) == (4, 1)
    shop.passes(hours=11)
    stock.expire_due(shop.work())
    assert (shop.claimed(held), shop.claimed(order)) == (0, 6)


@story
def test_who_waits_already_waits_for_more(shop: Shop):
    shop.receives(5)
    order = shop.order("A", 8)
    shop.finds(-2)
    assert (shop.claimed(order), shop.waits(order)) == (3, 5)


@story
def test_who_ships_complete_waits_complete_for_what_he_lost(shop: Shop):
    shop.receives(10)
    order = shop.order("A", 10, complete=True)
    shop.finds(-3)
    assert (shop.claimed(order), shop.waits(order)) == (7, 3)
    shop.receives(2)
    assert shop.claimed(order) == 7
    shop.receives(1)
    assert shop.claimed(order) == 10


@story
def test_nobody_loses_what_is_free(shop: Shop):
    shop.receives(10)
    shop.order("A", 4)
    warehouse = shop.places[WAREHOUSE]
    lost = stock.displacement(shop.connection, shop.computer, warehouse, quantity=Decimal(6))
    assert lost == []
    quarantine = shop.places[QUARANTINE]
    lost = stock.displacement(shop.connection, shop.computer, quarantine, quantity=Decimal(6))
    assert lost == []


@story
def test_what_a_customer_brings_back_is_worth_what_it_left_with(shop: Shop):
    shop.receives(3, 10000)
    order = shop.order("A", 3)
    delivered = shop.delivers(order, 3)
    shop.receives(10, 99999)
    back = [
        shop.moves(
            "sales_return", (shop.computer, Decimal(1)), source=CUSTOMER, target=target,
            source_lines=[delivered.line_id],
        )[0]
        for target in (WAREHOUSE, QUARANTINE, LOSS)
    ]  # fmt: skip
    assert [each.value_minor for each in back] == [3333, 3334, 3333]
    level = shop.level()
    assert (level.on_hand, level.quarantine) == (11, 1)
    assert level.value_minor == 99999 + 3333 + 3334
    # The second of them is reversed: its place among the parts is free again.
    shop.reverses(back[1])
    (again,) = shop.moves(
        "sales_return", (shop.computer, Decimal(1)), source=CUSTOMER, target=WAREHOUSE,
        source_lines=[delivered.line_id],
    )  # fmt: skip
    assert again.value_minor == 3333


@story
def test_two_returns_on_one_paper_share_the_value(shop: Shop):
    shop.receives(3, 10000)
    delivered = shop.delivers(shop.order("A", 3), 3)
    piece = (shop.computer, Decimal(1))
    back = shop.moves(
        "sales_return", piece, piece, piece, source=CUSTOMER, target=WAREHOUSE,
        source_lines=[delivered.line_id] * 3,
    )  # fmt: skip
    assert [each.value_minor for each in back] == [3333, 3334, 3333]


@story
def test_a_value_that_is_given_is_taken(shop: Shop):
    (moved,) = shop.moves(
        "sales_return", (shop.computer, Decimal(1)), source=CUSTOMER, target=WAREHOUSE,
        values=[77],
    )  # fmt: skip
    assert (moved.value_minor, shop.level().value_minor) == (77, 77)


@story
def test_what_never_left_comes_back_at_the_average(shop: Shop):
    shop.receives(2, 500)
    (moved,) = shop.moves(
        "sales_return", (shop.computer, Decimal(1)), source=CUSTOMER, target=WAREHOUSE
    )
    assert moved.value_minor == 250


@story
def test_goods_without_a_price_come_at_the_average(shop: Shop):
    shop.receives(2, 500)
    (moved,) = shop.moves(
        "receipt_note", (shop.computer, Decimal(3)), source=VENDOR, target=WAREHOUSE
    )
    assert moved.value_minor == 750


@story
def test_what_is_found_where_nothing_is_costs_its_cost_price(shop: Shop):
    costly = shop.product("Costly", cost_price=Decimal("2.5"))
    free = shop.product("Free")
    wanted = [(costly, Decimal(3)), (free, Decimal(3))]
    moved = shop.moves("stock_adjustment", *wanted, source=LOSS, target=WAREHOUSE)
    assert [each.value_minor for each in moved] == [750, 0]
    (moved_more,) = shop.moves(
        "stock_adjustment", (costly, Decimal(1)), source=LOSS, target=WAREHOUSE
    )
    assert moved_more.value_minor == 250


@story
def test_a_reversed_receipt_leaves_at_the_average(shop: Shop):
    shop.receives(10, 1000)
    second = shop.receives(10, 2000)
    (back,) = shop.reverses(second)
    assert back.value_minor == 1500
    assert shop.differences() == [(500, "reversed")]
    assert shop.level().value_minor == 1500


@story
def test_a_reversed_return_to_the_vendor_undoes_its_difference(shop: Shop):
    shop.receives(10, 1000)
    second = shop.receives(10, 2000)
    (returned,) = shop.moves(
        "purchase_return", (shop.computer, Decimal(4)), source=WAREHOUSE, target=VENDOR,
        source_lines=[second.line_id],
    )  # fmt: skip
    assert shop.differences() == [(200, "returned")]
    (back,) = shop.reverses(returned)
    assert (back.value_minor, shop.level().value_minor) == (600, 3000)
    assert shop.differences() == [(200, "returned"), (-200, "reversed")]


@story
def test_a_return_at_its_own_price_leaves_no_difference(shop: Shop):
    moved = shop.receives(10, 1000)
    shop.moves(
        "purchase_return", (shop.computer, Decimal(4)), source=WAREHOUSE, target=VENDOR,
        source_lines=[moved.line_id],
    )  # fmt: skip
    assert shop.differences() == []


@story
def test_a_return_without_a_receipt_leaves_no_difference(shop: Shop):
    shop.receives(10, 1000)
    shop.moves("purchase_return", (shop.computer, Decimal(4)), source=WAREHOUSE, target=VENDOR)
    assert shop.differences() == []


@story
def test_a_reversed_delivery_comes_back_at_its_value(shop: Shop):
    shop.receives(3, 100)
    delivered = shop.delivers(shop.order("A", 1), 1)
    shop.receives(3, 900)
    (back,) = shop.reverses(delivered)
    assert back.value_minor == delivered.value_minor == 33


def inspect(shop: Shop) -> tuple[int, int]:
    """A receipt of 8 good ones at 100 and 2 rejected: its line, and a transfer's line."""
    (receipt,) = shop.paper(
        "receipt_note", "Vendor", [{"product_id": shop.computer, "quantity": Decimal(8)}]
    )
    movement = StockMovement(
        receipt, shop.computer, Decimal(8), shop.places[VENDOR], shop.places[WAREHOUSE],
        value_minor=800,
    )  # fmt: skip
    rejected = replace(
        movement, quantity=Decimal(2), target_place_id=shop.places[QUARANTINE], value_minor=0
    )
    stock.move_goods(shop.work(), [movement, rejected])
    (transfer,) = shop.paper(
        "transfer", None,
        [{
            "product_id": shop.computer, "quantity": Decimal(2), "source_line_id": receipt,
            "rejected_goods": True,
        }],
    )  # fmt: skip
    return receipt, transfer


@story
def test_rejected_goods_are_worth_nothing_until_they_are_accepted(shop: Shop):
    receipt, transfer = inspect(shop)
    assert (shop.level().quarantine, shop.level().value_minor) == (2, 800)
    places = shop.places
    out = StockMovement(
        transfer, shop.computer, Decimal(2), places[QUARANTINE], places[VENDOR],
        source_line_id=receipt, rejected_goods=True,
    )  # fmt: skip
    back = replace(
        out, source_place_id=places[VENDOR], target_place_id=places[WAREHOUSE], value_minor=200
    )
    moved = stock.move_goods(shop.work(), [out, back])
    assert [each.value_minor for each in moved] == [0, 200]
    assert (shop.level().on_hand, shop.level().value_minor) == (10, 1000)
    assert shop.differences() == []
    # What was accepted after all counts with the accepted when it goes back to the vendor.
    shop.moves(
        "purchase_return", (shop.computer, Decimal(10)), source=WAREHOUSE, target=VENDOR,
        source_lines=[receipt],
    )  # fmt: skip
    assert shop.differences() == []
    assert shop.level().value_minor == 0


@story
def test_rejected_goods_go_back_for_nothing(shop: Shop):
    receipt, _ = inspect(shop)
    shop.moves(
        "purchase_return", (shop.computer, Decimal(2)), source=QUARANTINE, target=VENDOR,
        source_lines=[receipt], rejected=True,
    )  # fmt: skip
    assert (shop.level().quarantine, shop.differences()) == (0, [])


@story
def test_goods_over_all_places_sum_to_zero(shop: Shop):
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
