"""What stock shows: levels, dates, explanations, history and counts."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.domain.links import LineState, Track
from core.services import stock
from core.services.rights import NotFound
from core.services.stock import Count, Counted, Promised, StockLevel
from tests.services.stock.stockroom import (
    CUSTOMER,
    QUARANTINE,
    VENDOR,
    WAREHOUSE,
    Stockroom,
    draw,
    story,
)

DECEMBER = date(2026, 12, 3)


@story
def test_the_levels_of_several_products(shop: Stockroom):
    mouse = shop.product("Mouse")
    shop.receives(10, 1000)
    shop.reserve("A", 4)
    shop.moves_computers("transfer", 2, WAREHOUSE, QUARANTINE)
    shop.order("B", 9)
    shop.buys("Vendor", 7)
    assert stock.levels(shop.connection, [shop.computer, mouse]) == {
        shop.computer: StockLevel(
            on_hand=Decimal(8),
            claimed=Decimal(8),
            quarantine=Decimal(2),
            incoming=Decimal(7),
            waiting=Decimal(5),
            value_minor=1000,
        ),
        mouse: StockLevel(),
    }
    assert stock.levels(shop.connection, []) == {}


@story
def test_what_is_incoming_is_what_an_order_has_still_to_fulfil(shop: Stockroom):
    line_id = shop.buys("Vendor", 20)
    for track, quantity in (
        ("fulfil", 12), ("fulfil", -2), ("return", 3), ("drop", 4), ("bill", 9), ("inspect", 5),
    ):  # fmt: skip
        shop.draws(line_id, track, quantity)
        drawn: dict[Track, Decimal] = {}
        for row in shop.connection.execute(select(draw).where(draw.c.line_id == line_id)):
            drawn[Track(row.track)] = drawn.get(Track(row.track), Decimal(0)) + row.quantity
        state = LineState(line_id, Decimal(20), drawn)
        assert shop.level().incoming == state.to_fulfil
    shop.draws(line_id, "fulfil", 9)
    assert shop.level().incoming == 0


@story
def test_only_purchase_orders_in_force_are_incoming(shop: Stockroom):
    for kind, state in (
        ("purchase_order", "draft"), ("purchase_order", "closed"),
        ("purchase_order", "cancelled"), ("sales_order", "confirmed"),
    ):  # fmt: skip
        shop.write(kind, "A", shop.computers(5), state=state)
    freight = shop.product("Freight", nature="service")
    line = {"product_id": freight, "quantity": Decimal(1)}
    shop.write("purchase_order", "A", line, state="confirmed")
    assert shop.level().incoming == 0
    assert shop.level(freight).incoming == 0


@story
def test_what_is_free_is_promised_at_once(shop: Stockroom):
    shop.receives(3)
    shop.buys("Vendor", 2)
    shop.buys("Vendor", 2, on=DECEMBER)
    assert stock.promise(shop.connection, shop.computer, Decimal(6)) == [
        Promised(Decimal(3), here=True),
        Promised(Decimal(2), DECEMBER),
        Promised(Decimal(1)),
    ]
    mouse = shop.product("Mouse")
    assert stock.promise(shop.connection, mouse, Decimal(6)) == [Promised(Decimal(6))]


@story
def test_each_line_has_its_dates(shop: Stockroom):
    mouse = shop.product("Mouse")
    shop.receives(3)
    first = shop.order("A", 5)
    shop.buys("Vendor", 2, on=DECEMBER)
    (other,) = shop.orders("B", (mouse, 1))
    shop.receives(2, product=mouse)
    (served,) = shop.orders("B", (mouse, 1))
    assert stock.promises(shop.connection, [first, other, served, 12345]) == {
        first: [Promised(Decimal(3), here=True), Promised(Decimal(2), DECEMBER)],
        other: [Promised(Decimal(1), here=True)],
        served: [Promised(Decimal(1), here=True)],
        12345: [],
    }
    assert stock.promises(shop.connection, []) == {}


@story
def test_an_available_quantity_is_explained(shop: Stockroom):
    shop.receives(10)
    held = shop.reserve("Nora", 5)
    shop.passes(minutes=1)
    order = shop.order("Otto", 2)
    late = shop.buys("Vendor", 7)
    early = shop.buys("Vendor", 8, on=DECEMBER)
    why = stock.why(shop.connection, shop.computer)
    assert (why.name, why.on_hand, why.available, why.quarantine) == ("Computer", 10, 3, 0)
    assert [(each.line_id, each.party, each.quantity) for each in why.claims] == [
        (held, "Nora", 5),
        (order, "Otto", 2),
    ]
    assert [each.until for each in why.claims] == [shop.until[held], None]
    assert why.claims[0].kind == "reservation"
    assert why.claims[0].number.startswith("reservation-")
    assert [(each.line_id, each.quantity, each.on) for each in why.incoming] == [
        (early, 8, DECEMBER),
        (late, 7, None),
    ]
    assert why.waiting == ()
    shop.passes(minutes=1)
    waiting = shop.order("Paul", 4)
    why = stock.why(shop.connection, shop.computer)
    assert [(each.line_id, each.quantity) for each in why.waiting] == [(waiting, 1)]
    assert why.available == shop.level().available == 0


@story
def test_an_unknown_product_has_no_explanation(shop: Stockroom):
    with pytest.raises(NotFound):
        stock.why(shop.connection, 12345)
    mouse = shop.product("Mouse")
    why = stock.why(shop.connection, mouse)
    assert (why.available, why.claims, why.waiting, why.incoming) == (0, (), (), ())


@story
def test_a_products_history_has_the_running_level(shop: Stockroom):
    shop.receives(10, 1000)
    shop.moves_computers("transfer", 2, WAREHOUSE, QUARANTINE)
    order = shop.order("A", 3)
    delivered = shop.delivers(order, 3)
    shop.reverses(delivered, order_line=order)
    shop.receives(1, product=shop.product("Mouse"))
    entries = stock.history(shop.connection, shop.computer)
    assert [(each.kind, each.quantity, each.level) for each in entries] == [
        ("delivery_note", 3, 10),
        ("delivery_note", -3, 7),
        ("transfer", 0, 10),
        ("receipt_note", 10, 10),
    ]
    assert [each.is_reversal for each in entries] == [True, False, False, False]
    assert [each.party for each in entries] == ["A", "A", "", "Vendor"]
    assert (entries[1].source, entries[1].target, entries[1].moved) == (WAREHOUSE, CUSTOMER, 3)
    assert (entries[3].source, entries[3].value_minor) == (VENDOR, 1000)
    assert entries[0].person == ""
    first, second = entries[:2], entries[2:]
    assert stock.history(shop.connection, shop.computer, limit=2) == first
    newest, rest = entries[0].move_id, entries[1:]
    assert stock.history(shop.connection, shop.computer, before=newest) == rest
    seen = first[-1].move_id
    assert stock.history(shop.connection, shop.computer, before=seen) == second
    assert stock.history(shop.connection, shop.computer, before=second[-1].move_id) == []


@story
def test_several_products_can_be_counted(shop: Stockroom):
    mouse, screen = shop.product("Mouse"), shop.product("Screen")
    shop.receives(52)
    shop.receives(10, product=mouse)
    seen = stock.count(shop.connection, [shop.computer, mouse, screen])
    assert seen[screen] == Counted(Decimal(0), 0)
    shop.receives(8)
    later = stock.count(shop.connection, [shop.computer])[shop.computer]
    shop.moves_computers("transfer", 3, WAREHOUSE, QUARANTINE)
    counts = [
        Count(shop.computer, Decimal(50), seen[shop.computer].last_move_id),
        Count(mouse, Decimal(11), seen[mouse].last_move_id),
        Count(screen, Decimal(4), 0),
        Count(shop.computer, Decimal(60), later.last_move_id),
    ]
    assert stock.counted_differences(shop.connection, counts) == [-2, 1, 4, 0]
    assert stock.counted_differences(shop.connection, []) == []
