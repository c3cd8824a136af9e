"""A shop as each colleague uses it."""

from decimal import Decimal

from sqlalchemy import Connection

from tests.actors import LEA, OLGA, OMAR, SAMSON
from tests.builders import Shop
from tests.company import story_in


class Staff:
    """A shop, and the same shop with each of its colleagues acting."""

    def __init__(self, connection: Connection) -> None:
        self.shop = Shop(connection)
        self.samson, self.olga = self.shop.by(SAMSON), self.shop.by(OLGA)
        self.lea, self.omar = self.shop.by(LEA), self.shop.by(OMAR)


staff_story = story_in(Staff)


def discounted_order(shop: Shop, percent: object) -> int:
    """Draft an order of ten laptops with a discount on their line."""
    line = shop.line(10, "laptop", discount_percent=Decimal(str(percent)))
    return shop.drafts("sales_order", line)
