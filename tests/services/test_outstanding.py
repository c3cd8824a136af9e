"""What is to come, to be inspected or to be paid is found among all, by what triggers keep."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from core.services.money import open_items

from core.services import overview
from core.services.audit import audit
from core.storage.database import Database
from tests.services.trading import Trading, pieces


def to_come(shop: Trading) -> list[str | None]:
    """The numbers of the orders from which goods still come."""
    return [shop.record(each.document_id).number for each in overview.arrivals(shop.work())]


def to_inspect(shop: Trading) -> list[tuple[str | None, Decimal]]:
    return [
        (shop.record(each.document_id).number, each.pieces)
        for each in overview.inspections(shop.work())
    ]


async def told(database: Database, story: Callable[[Trading], None]) -> None:
    """Play a story, and find nothing wrong afterwards."""

    def play(connection) -> None:
        story(Trading(connection).found())
        assert audit(connection) == []

    await database.write(play)


async def test_an_order_is_found_until_all_has_come_and_again_when_that_is_undone(database):
    def story(shop: Trading) -> None:
        order = shop.paper("purchase_order", "vendor", ("LAP", 20), ("FREIGHT", 1))
        assert to_come(shop) == ["PO-2026-0001"]
        shop.makes(order, "receipt_note", *pieces(15))
        assert to_come(shop) == ["PO-2026-0001"]
        rest = shop.makes(order, "receipt_note")
        assert to_come(shop) == []
        shop.ends("reverse", rest)
        assert to_come(shop) == ["PO-2026-0001"]
        shop.ends("close", order)
        assert to_come(shop) == []

    await told(database, story)


async def test_an_order_that_grows_is_found_again(database):
    def story(shop: Trading) -> None:
        order = shop.paper("purchase_order", "vendor", ("LAP", 5), ("MOU", 5))
        shop.makes(order, "receipt_note")
        shop.amends("PO-2026-0001", LAP="5", MOU="6")
        assert to_come(shop) == ["PO-2026-0001"]
        shop.amends("PO-2026-0001", LAP="5", MOU="5")
        assert to_come(shop) == []

    await told(database, story)


async def test_what_goes_back_to_be_replaced_is_to_come_again(database):
    def story(shop: Trading) -> None:
        order = shop.paper("purchase_order", "vendor", ("LAP", 5))
        received = shop.makes(order, "receipt_note")
        shop.makes(received, "purchase_return", *pieces(2, drops=False))
        assert to_come(shop) == ["PO-2026-0001"]

    await told(database, story)


async def test_rejected_goods_are_found_until_they_are_accepted_or_sent_back(database):
    def story(shop: Trading) -> None:
        order = shop.paper("purchase_order", "vendor", ("LAP", 20), ("MOU", 3))
        (laptops, mice) = (pieces(12, rejected=Decimal(8))[0], pieces(3)[0])
        received = shop.makes(order, "receipt_note", laptops, mice)
        assert to_inspect(shop) == [("RN-2026-0001", Decimal(8))]
        shop.makes(received, "transfer", *pieces(3), rejected_goods=True)
        assert to_inspect(shop) == [("RN-2026-0001", Decimal(5))]
        back = shop.makes(received, "purchase_return", *pieces(5), rejected_goods=True)
        assert to_inspect(shop) == []
        shop.ends("reverse", back)
        assert to_inspect(shop) == [("RN-2026-0001", Decimal(5))]

    await told(database, story)


@pytest.mark.parametrize("order", ["sales_order", "quote"])
async def test_what_is_not_awaited_is_not_kept(database, order):
    def story(shop: Trading) -> None:
        shop.paper(order, "customer", ("LAP", 5))
        assert shop.connection.exec_driver_sql("SELECT count(*) FROM outstanding").scalar() == 0

    await told(database, story)


def owed(shop: Trading) -> list[tuple[str | None, Decimal]]:
    """What is owed to us, by its papers."""
    return [
        (shop.record(each.document_id).number, each.amount) for each in overview.debts(shop.work())
    ]


def open_of(shop: Trading, party: str) -> list[str | None]:
    found = open_items.open_items(shop.connection, shop.parties[party])
    return [each.record.number for each in found]


async def test_an_invoice_is_found_until_it_is_paid_and_again_when_that_is_undone(database):
    def story(shop: Trading) -> None:
        order = shop.paper("sales_order", "customer", ("FREIGHT", 2))
        invoice = shop.makes(order, "invoice")
        assert owed(shop) == [("IN-2026-0001", Decimal(216))]
        shop.pays("customer", "in", "16", invoice)
        assert owed(shop) == [("IN-2026-0001", Decimal(200))]
        rest = shop.pays("customer", "in", "250", invoice)
        assert owed(shop) == []
        assert open_of(shop, "customer") == ["PY-2026-0002"]
        shop.ends("reverse", rest)
        assert owed(shop) == [("IN-2026-0001", Decimal(200))]
        shop.makes(invoice, "credit_note", *pieces(1, drops=True))
        assert owed(shop) == [("IN-2026-0001", Decimal(92))]
        assert open_of(shop, "customer") == ["IN-2026-0001"]

    await told(database, story)


async def test_what_we_owe_is_open_and_nobody_owes_it_to_us(database):
    def story(shop: Trading) -> None:
        bill = shop.makes(
            shop.paper("purchase_order", "vendor", ("FREIGHT", 1)), "bill", numbered=True
        )
        assert (owed(shop), open_of(shop, "vendor")) == ([], ["BI-2026-0001"])
        shop.pays("vendor", "out", "108", bill)
        assert open_of(shop, "vendor") == []

    await told(database, story)
