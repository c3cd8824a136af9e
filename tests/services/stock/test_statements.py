"""Stock needs few statements, and no more for fifty lines than for one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.services import stock
from core.services.stock import Count, Handover, StockMovement
from core.storage.database import Database
from tests.services.stock.stockroom import CUSTOMER, QUARANTINE, VENDOR, WAREHOUSE, Stockroom

ONE, TEN = Decimal(1), Decimal(10)


class Papers:
    """Documents with a line for each of many products, and the products in stock."""

    def __init__(self, shop: Stockroom, many: int) -> None:
        self.shop = shop
        self.products = [shop.product(f"Product {each}") for each in range(many)]
        wanted = [(product, 10) for product in self.products]
        moved = shop.moves(
            "receipt_note", *wanted, source=VENDOR, target=WAREHOUSE, values=[100] * many
        )
        self.receipt = [each.line_id for each in moved]
        self.moves = [each.move_id for each in moved]
        self.order = self.lines("sales_order", state="confirmed")
        self.reservation = self.lines("reservation", state="active")
        self.delivery = self.lines("delivery_note", sources=self.order)
        self.sent_back = self.lines("purchase_return", sources=self.receipt)
        self.count = self.lines("stock_adjustment")

    def lines(self, kind: str, *, sources: list[int] | None = None, state: str = "posted"):
        nothing = [None] * len(self.products)
        columns = [
            {"product_id": product, "quantity": TEN, "source_line_id": source}
            for product, source in zip(self.products, sources or nothing, strict=True)
        ]
        return self.shop.write(kind, "A", *columns, state=state)

    def movements(self, lines, source, target, **values):
        orders = values.pop("orders", [None] * len(lines))
        origins = values.pop("origins", [None] * len(lines))
        reverses = values.pop("reverses", [None] * len(lines))
        places = self.shop.places
        return [
            StockMovement(
                line_id, product, ONE, places[source], places[target],
                order_line_id=order, reverses=move, source_line_id=origin,
            )
            for line_id, product, order, move, origin in zip(
                lines, self.products, orders, reverses, origins, strict=True
            )
        ]  # fmt: skip

    def demand(self, lines, quantity, **values):
        demands = self.shop.demands_of(lines, quantity)
        stock.set_demand(self.shop.work, [replace(each, **values) for each in demands])

    def until(self):
        return self.shop.now + timedelta(hours=1)


def nothing(_papers: Papers) -> None:
    """Prepare nothing."""


def ordered(papers: Papers) -> None:
    papers.demand(papers.order, TEN)
    stock.allocate(papers.shop.work, papers.products)


def held(papers: Papers) -> None:
    papers.demand(papers.reservation, TEN + 2, until=papers.until())
    stock.allocate(papers.shop.work, papers.products)


def held_before(papers: Papers) -> None:
    held(papers)
    papers.shop.passes(hours=2)


def shipped(papers: Papers) -> None:
    ordered(papers)
    papers.back = ship(papers)


def demand(papers: Papers) -> None:
    papers.demand(papers.order, TEN + 5)


def less(papers: Papers) -> None:
    papers.demand(papers.order, ONE)


def allocate(papers: Papers) -> None:
    stock.allocate(papers.shop.work, papers.products)


def ship(papers: Papers):
    movements = papers.movements(papers.delivery, WAREHOUSE, CUSTOMER, orders=papers.order)
    return [each.move_id for each in stock.move_goods(papers.shop.work, movements)]


def set_aside(papers: Papers) -> None:
    movements = papers.movements(papers.count, WAREHOUSE, QUARANTINE)
    stock.move_goods(papers.shop.work, movements, displace=True)


def send_back(papers: Papers) -> None:
    movements = papers.movements(papers.sent_back, WAREHOUSE, VENDOR, origins=papers.receipt)
    stock.move_goods(papers.shop.work, movements, displace=True)


def reverse(papers: Papers) -> None:
    movements = papers.movements(papers.delivery, CUSTOMER, WAREHOUSE, reverses=papers.back)
    stock.move_goods(papers.shop.work, movements, displace=True)
    stock.give_back(papers.shop.work, papers.delivery)


def hand_over(papers: Papers) -> None:
    handovers = [
        Handover(held_line, order, TEN + 1)
        for held_line, order in zip(papers.reservation, papers.order, strict=True)
    ]
    stock.hand_over(papers.shop.work, handovers)


def expire(papers: Papers) -> None:
    assert stock.expire_due(papers.shop.work) != []


def levels(papers: Papers) -> None:
    stock.levels(papers.shop.connection, papers.products)


def promises(papers: Papers) -> None:
    stock.promises(papers.shop.connection, papers.reservation)


def counts(papers: Papers) -> None:
    stock.count(papers.shop.connection, papers.products)
    found = [
        Count(product, TEN, move_id)
        for product, move_id in zip(papers.products, papers.moves, strict=True)
    ]
    assert stock.counted_differences(papers.shop.connection, found) == [0] * len(found)


@pytest.mark.parametrize(
    ("before", "act", "most"),
    [
        (nothing, demand, 9),
        (ordered, less, 9),
        (held, allocate, 6),
        (lambda papers: papers.demand(papers.order, TEN), allocate, 10),
        (ordered, ship, 10),
        (ordered, set_aside, 15),
        (ordered, send_back, 17),
        (shipped, reverse, 16),
        (held, hand_over, 12),
        (held_before, expire, 13),
        (held, levels, 4),
        (held, promises, 5),
        (nothing, counts, 5),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
async def test_fifty_lines_need_no_more_statements_than_one(
    database: Database,
    before: Callable[[Papers], None],
    act: Callable[[Papers], object],
    most: int,
):
    def prepare(connection, many):
        papers = Papers(Stockroom(connection), many)
        before(papers)
        return papers

    def run(connection, papers):
        papers.shop.connection = connection
        act(papers)

    found = []
    for many in (1, 2, 50):
        papers = await database.write(prepare, many)
        with database.count_statements() as statements:
            await database.write(run, papers)
        found.append(statements.count)
    assert found[0] == found[1] == found[2]
    assert found[0] <= most
