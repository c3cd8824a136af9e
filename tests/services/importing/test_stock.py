"""Opening stock from a table: a count like any other, with its value, and undone by reversal."""

from decimal import Decimal

import pytest
from core.files.reader import read_table

from core.domain.documents import kinds
from core.domain.stock import NotEnough
from core.services import importing, stock
from core.services.audit import audit
from core.services.documents import viewing
from core.storage.document_queries import documents_where
from core.storage.models import Document
from tests.builders import Shop, Tells
from tests.services.importing.tables import (
    counts,
    exported,
    imports,
    offers,
    on_hand,
    problems,
    undoes,
)

COUNTS = kinds(counts=True)[0]
D = Decimal


def papers(shop: Shop) -> list[str | None]:
    kind = Document.__table__.c.kind == COUNTS.kind
    return [each.number for each in documents_where(shop.work.connection, kind)]


async def test_opening_stock_is_one_paper_with_its_value(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        laptop, cable = shop.product("laptop"), shop.product("cable", unit="m", unit_digits=2)
        service = shop.product("freight", nature="service")
        done = imports(shop, "Code;Quantité;Coût\nLAPTOP;10;1000,00\nCABLE;100,5;0,7\n")
        assert (done.kind, counts(done.summary.change)) == ("stock", (2, 0, 0))
        assert done.summary.change.facts == {"up": "110.5", "down": "0", "papers": 1}
        assert on_hand(shop, laptop) == (10, 1_000_000)
        assert on_hand(shop, cable) == (D("100.5"), 7035)
        assert on_hand(shop, service) == (0, 0)
        assert papers(shop) == ["AJ-2026-0001"]
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_a_value_in_all_is_shared_out(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        laptop = shop.product("laptop")
        imports(shop, "SKU,On hand,Value\nLAPTOP,3,100.00\n")
        assert on_hand(shop, laptop) == (3, 10_000)

    await tells(story)


async def test_without_a_cost_the_products_own_counts_and_beside_goods_theirs(
    tells: Tells,
) -> None:
    def story(shop: Shop) -> None:
        laptop = shop.product("laptop", cost_price=D(80))
        imports(shop, "SKU,On hand\nLAPTOP,2\n")
        assert on_hand(shop, laptop) == (2, 16_000)
        imports(shop, "SKU,On hand,Cost of one\nLAPTOP,3,500\n")
        assert on_hand(shop, laptop) == (3, 24_000)

    await tells(story)


async def test_a_level_that_is_right_is_unchanged_and_less_goes_down(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        shop.has(5, "mouse")
        done = imports(shop, "SKU,Counted\nLAPTOP,8\nMOUSE,5\n")
        assert counts(done.summary.change) == (0, 1, 1)
        assert on_hand(shop, shop.product("laptop")) == (8, 80_000)

    await tells(story)


async def test_what_moved_after_the_export_is_no_difference(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(50, "laptop")
        file = exported(shop, "stock")
        assert read_table(file).rows[0].cells[4] == "50"
        shop.makes("delivery_note", shop.sells(5, "laptop"))
        # Counted 48 when 50 were booked; five were delivered since.
        counted = imports(shop, file.replace(b",50,", b",48,", 1))
        assert counts(counted.summary.change) == (0, 1, 0)
        assert on_hand(shop, shop.product("laptop"))[0] == 43
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_what_is_wrong_with_stock(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.product("laptop")
        shop.product("freight", nature="service")
        offered = offers(shop, "SKU,On hand\nLAPTOP,1.5\nFREIGHT,1\nNONE,1\nLAPTOP,2\nlaptop,\n")
        assert problems(offered) == [
            "2 On hand: 1.5 has too many decimals: this is counted in whole numbers.",
            "3 SKU: “FREIGHT” is a service, and has no stock.",
            "4 SKU: There is no product with the code “NONE”. Import the products first.",
            "5 SKU: The same as row 2: “LAPTOP”. Delete one of them.",
            "6 On hand: This is empty, and it is needed.",
            "6 SKU: The same as row 2: “laptop”. Delete one of them.",
        ]

    await tells(story)


async def test_more_lines_than_a_paper_can_have_are_several_papers(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        rows = "".join(f"S{at},Thing {at}\n" for at in range(501))
        imports(shop, f"SKU,Name\n{rows}")
        rows = "".join(f"S{at},{at + 1}\n" for at in range(501))
        done = imports(shop, f"SKU,On hand\n{rows}")
        assert done.summary.change.facts["papers"] == 2
        assert len(papers(shop)) == 2
        undoes(shop, done)
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_undo_reverses_the_paper_as_long_as_its_goods_are_there(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        laptop = shop.product("laptop")
        done = imports(shop, "SKU,On hand,Cost\nLAPTOP,10,1000\n")
        note = shop.makes("delivery_note", shop.sells(4, "laptop"))
        with pytest.raises(NotEnough):
            undoes(shop, done)
        shop.reverses(note)
        order = viewing.documents(shop.work.connection, [note])[note]
        assert order.state == "reversed"
        assert on_hand(shop, laptop)[0] == 10

    await tells(story)


async def test_undo_leaves_a_paper_that_was_reversed_by_hand(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        laptop = shop.product("laptop")
        done = imports(shop, "SKU,On hand,Cost\nLAPTOP,10,1000\n")
        kind = Document.__table__.c.kind == COUNTS.kind
        (paper,) = documents_where(shop.work.connection, kind)
        shop.reverses(paper.id)
        undoes(shop, done)
        assert on_hand(shop, laptop) == (0, 0)
        assert importing.load(shop.work, done.id).state == "undone"
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_undo_gives_back_nothing_at_all(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        laptop = shop.product("laptop")
        done = imports(shop, "SKU,On hand,Cost\nLAPTOP,10,1000\n")
        undoes(shop, done)
        assert on_hand(shop, laptop) == (0, 0)
        assert importing.load(shop.work, done.id).state == "undone"
        assert stock.count(shop.work.connection, [laptop])[laptop].level == 0
        assert audit(shop.work.connection) == []

    await tells(story)
