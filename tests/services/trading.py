"""A shop for long stories: goods at odd prices, and a customer abroad."""

from datetime import datetime

from sqlalchemy import Connection

from core.services import company
from tests.builders import Shop, decimal
from tests.migrated import NOW

PRICES = {"laptop": "1450.33", "mouse": "18.05", "cable": "1.2"}


class TradingShop(Shop):
    """A shop whose goods have odd prices, with a customer who pays dollars and no tax."""

    def __init__(self, connection: Connection, now: datetime = NOW) -> None:
        super().__init__(connection, now)
        for name, price in PRICES.items():
            self.product(name, list_price=decimal(price))
        self.product("freight")
        self.sets_rate("AUD", "0.61")
        export = company.add_tax(
            self.work, name="Export", category="G", percent=decimal(0), default=False
        )
        self.abroad = self.party("Sydney Supplies", currency="AUD", tax_rule_id=export)
        self.address(self.abroad)
