"""Many people at once: nothing is sold twice, nobody waits for ever."""

import asyncio
from decimal import Decimal

from sqlalchemy import Connection

from core.domain.people import MACHINE
from core.services import stock
from core.services.stock import NotEnough, StockMovement
from core.services.work import Work
from core.storage.database import Database
from tests.services.stock.shop import LOSS, MORNING, WAREHOUSE, Shop


def at_work(connection: Connection) -> Work:
    """Each of them works in a transaction of his own."""
    return Work(connection, MACHINE, MORNING)


async def test_many_order_the_last_pieces_at_once(database: Database):
    def prepare(connection: Connection) -> Shop:
        shop = Shop(connection)
        shop.receives(5)
        shop.party("A")
        return shop

    shop = await database.write(prepare)

    def order(connection: Connection) -> Decimal:
        mine = Shop(connection)
        mine.computer, mine.parties = shop.computer, dict(shop.parties)
        return mine.claimed(mine.order("A", 1))

    claimed = await asyncio.gather(*(database.write(order) for _ in range(12)))
    assert sorted(claimed) == [0] * 7 + [1] * 5
    level = (await database.read(stock.levels, [shop.computer]))[shop.computer]
    assert (level.claimed, level.available, level.waiting) == (5, 0, 7)


async def test_goods_leave_once(database: Database):
    def prepare(connection: Connection) -> tuple[Shop, list[int]]:
        shop = Shop(connection)
        shop.receives(7)
        lines = [{"product_id": shop.computer, "quantity": Decimal(2)}]
        return shop, [shop.paper("transfer", None, lines)[0] for _ in range(6)]

    shop, lines = await database.write(prepare)

    def scrap(connection: Connection, line_id: int) -> bool:
        movement = StockMovement(
            line_id, shop.computer, Decimal(2), shop.places[WAREHOUSE], shop.places[LOSS]
        )
        try:
            stock.move_goods(at_work(connection), [movement])
        except NotEnough:
            return False
        return True

    done = await asyncio.gather(*(database.write(scrap, line_id) for line_id in lines))
    assert sorted(done) == [False] * 3 + [True] * 3
    level = (await database.read(stock.levels, [shop.computer]))[shop.computer]
    assert level.on_hand == 1


async def test_products_are_locked_in_one_order(database: Database):
    """Papers that name the same products in opposite order do not wait for each other."""

    def prepare(connection: Connection) -> tuple[Shop, list[int], list[list[int]]]:
        shop = Shop(connection)
        products = [shop.product(f"Product {each}") for each in range(4)]
        for product in products:
            shop.receives(100, product=product)
        lines = [{"product_id": product, "quantity": Decimal(1)} for product in products]
        return shop, products, [shop.paper("transfer", None, lines) for _ in range(8)]

    shop, products, papers = await database.write(prepare)

    def scrap(connection: Connection, lines: list[int], *, backwards: bool) -> None:
        places = shop.places
        movements = [
            StockMovement(line_id, product, Decimal(1), places[WAREHOUSE], places[LOSS])
            for line_id, product in zip(lines, products, strict=True)
        ]
        work = at_work(connection)
        stock.move_goods(work, movements[::-1] if backwards else movements)
        stock.allocate(work, [movement.product_id for movement in movements])

    await asyncio.gather(
        *(
            database.write(scrap, lines, backwards=bool(number % 2))
            for number, lines in enumerate(papers)
        )
    )
    levels = await database.read(stock.levels, products)
    assert {level.on_hand for level in levels.values()} == {92}
