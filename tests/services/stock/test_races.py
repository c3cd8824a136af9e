"""Many people at the same time: nothing is sold twice, and nobody waits for ever."""

from decimal import Decimal

from sqlalchemy import Connection

from core.services import stock
from core.services.stock import StockMovement
from core.storage.database import Database
from tests.company import OpenCompany
from tests.services.stock.stockroom import LOSS, WAREHOUSE, Stockroom


def scrap(shop: Stockroom, lines: dict[int, tuple[int, int]], *, backwards: bool = False) -> bool:
    """Move (product, quantity) by line from the warehouse to loss, in this order or the other."""
    places = shop.places[WAREHOUSE], shop.places[LOSS]
    movements = [
        StockMovement(line_id, product, Decimal(quantity), *places)
        for line_id, (product, quantity) in lines.items()
    ]
    stock.move_goods(shop.work, movements[::-1] if backwards else movements)
    stock.allocate(shop.work, [each.product_id for each in movements])
    return True


async def test_simultaneous_orders_share_the_last_pieces(database: Database):
    def prepare(connection: Connection) -> Stockroom:
        shop = Stockroom(connection)
        shop.receives(5)
        shop.party("A")
        return shop

    shop = await database.write(prepare)
    opened = OpenCompany(database, shop)
    claimed = await opened.at_once(*[lambda shop: shop.claimed(shop.order("A", 1))] * 12)
    assert sorted(claimed) == [0] * 7 + [1] * 5
    level = await opened.does(Stockroom.level)
    assert (level.claimed, level.available, level.waiting) == (5, 0, 7)


async def test_goods_leave_once(database: Database):
    def prepare(connection: Connection) -> tuple[Stockroom, list[int]]:
        shop = Stockroom(connection)
        shop.receives(7)
        return shop, [shop.write("transfer", None, shop.computers(2))[0] for _ in range(6)]

    shop, lines = await database.write(prepare)
    opened = OpenCompany(database, shop)
    done = await opened.at_once(
        *(lambda shop, each=each: scrap(shop, {each: (shop.computer, 2)}) for each in lines)
    )
    assert sorted(done, key=str) == ["NotEnough"] * 3 + [True] * 3
    assert (await opened.does(Stockroom.level)).on_hand == 1


async def test_products_are_locked_in_one_order(database: Database):
    """Documents that name the same products in opposite order do not wait for each other."""

    def prepare(connection: Connection) -> tuple[Stockroom, list[int], list[list[int]]]:
        shop = Stockroom(connection)
        products = [shop.product(f"Product {each}") for each in range(4)]
        for product in products:
            shop.receives(100, product=product)
        lines = [{"product_id": product, "quantity": Decimal(1)} for product in products]
        return shop, products, [shop.write("transfer", None, *lines) for _ in range(8)]

    shop, products, documents = await database.write(prepare)
    wanted = [(each, 1) for each in products]
    opened = OpenCompany(database, shop)
    done = await opened.at_once(
        *(
            lambda shop, lines=lines, number=number: scrap(
                shop, dict(zip(lines, wanted, strict=True)), backwards=bool(number % 2)
            )
            for number, lines in enumerate(documents)
        )
    )
    assert done == [True] * 8
    levels = await database.read(stock.levels, products)
    assert {level.on_hand for level in levels.values()} == {92}
