"""Importing opening stock: a count with its value, undone by reversal."""

from decimal import Decimal

import pytest

from core.domain.stock import NotEnough
from core.files.reader import read_table
from core.services import importing, stock
from core.storage.queries.document_queries import DocumentRecord, document, documents_where
from tests.builders import Shop, audited_story, story
from tests.services.importing.tables import (
    counts,
    exported,
    imports,
    offers,
    on_hand,
    problems,
    undoes,
)

D = Decimal


def adjustments(shop: Shop) -> list[DocumentRecord]:
    """Return all stock adjustments."""
    return documents_where(shop.connection, document.c.kind == "stock_adjustment")


@audited_story
def test_opening_stock_is_one_adjustment_with_its_value(shop: Shop) -> None:
    for name in ("laptop", "cable", "freight"):
        shop.product(name)
    done = imports(shop, "Code;Quantité;Coût\nLAPTOP;10;1000,00\nCABLE;100,5;0,7\n")
    assert (done.kind, counts(done.summary.change)) == ("stock", (2, 0, 0))
    assert done.summary.change.facts == {"up": "110.5", "down": "0", "papers": 1}
    assert on_hand(shop, "laptop") == (10, 1_000_000)
    assert on_hand(shop, "cable") == (D("100.5"), 7035)
    assert on_hand(shop, "freight") == (0, 0)
    assert [each.number for each in adjustments(shop)] == ["AJ-2026-0001"]


@story
def test_a_total_value_is_shared_by_the_pieces(shop: Shop) -> None:
    shop.product("laptop")
    imports(shop, "SKU,On hand,Value\nLAPTOP,3,100.00\n")
    assert on_hand(shop, "laptop") == (3, 10_000)


@story
def test_without_a_cost_goods_have_the_products_cost_or_that_of_the_stock(shop: Shop) -> None:
    shop.product("laptop", cost_price=D(80))
    imports(shop, "SKU,On hand\nLAPTOP,2\n")
    assert on_hand(shop, "laptop") == (2, 16_000)
    imports(shop, "SKU,On hand,Cost of one\nLAPTOP,3,500\n")
    assert on_hand(shop, "laptop") == (3, 24_000)


@story
def test_a_correct_level_is_unchanged_and_a_lower_count_reduces_it(shop: Shop) -> None:
    shop.has(10, "laptop")
    shop.has(5, "mouse")
    done = imports(shop, "SKU,Counted\nLAPTOP,8\nMOUSE,5\n")
    assert counts(done.summary.change) == (0, 1, 1)
    assert on_hand(shop, "laptop") == (8, 80_000)


@audited_story
def test_what_moved_after_the_export_is_not_a_difference(shop: Shop) -> None:
    shop.has(50, "laptop")
    file = exported(shop, "stock")
    assert read_table(file).rows[0].cells[4] == "50"
    shop.delivers(5, "laptop")
    # 48 were counted when 50 were booked; five have been delivered since.
    counted = imports(shop, file.replace(b",50,", b",48,", 1))
    assert counts(counted.summary.change) == (0, 1, 0)
    assert on_hand(shop, "laptop")[0] == 43


@story
def test_problems_with_stock_are_listed_by_row(shop: Shop) -> None:
    shop.product("laptop")
    shop.product("freight")
    offered = offers(shop, "SKU,On hand\nLAPTOP,1.5\nFREIGHT,1\nNONE,1\nLAPTOP,2\nlaptop,\n")
    assert problems(offered) == [
        "2 On hand: 1.5 has too many decimals: use whole numbers only.",
        "3 SKU: “FREIGHT” is a service and has no stock.",
        "4 SKU: No product has the SKU “NONE”. Import the products first.",
        "5 SKU: Same as row 2: “LAPTOP”. Delete one of them.",
        "6 On hand: This is required but empty.",
        "6 SKU: Same as row 2: “laptop”. Delete one of them.",
    ]


@audited_story
def test_more_lines_than_a_paper_can_show_make_several_adjustments(shop: Shop) -> None:
    rows = "".join(f"S{at},Thing {at}\n" for at in range(501))
    imports(shop, f"SKU,Name\n{rows}")
    rows = "".join(f"S{at},{at + 1}\n" for at in range(501))
    done = imports(shop, f"SKU,On hand\n{rows}")
    assert done.summary.change.facts["papers"] == 2
    assert len(adjustments(shop)) == 2
    undoes(shop, done)


@story
def test_undoing_reverses_the_adjustment_while_its_goods_are_there(shop: Shop) -> None:
    shop.product("laptop")
    done = imports(shop, "SKU,On hand,Cost\nLAPTOP,10,1000\n")
    note = shop.delivers(4, "laptop")
    with pytest.raises(NotEnough):
        undoes(shop, done)
    shop.reverses(note)
    assert shop.state(note) == "reversed"
    assert on_hand(shop, "laptop")[0] == 10


@audited_story
def test_undoing_accepts_an_adjustment_that_was_reversed_by_hand(shop: Shop) -> None:
    shop.product("laptop")
    done = imports(shop, "SKU,On hand,Cost\nLAPTOP,10,1000\n")
    (adjustment,) = adjustments(shop)
    shop.reverses(adjustment.id)
    undoes(shop, done)
    assert on_hand(shop, "laptop") == (0, 0)
    assert importing.load(shop.work, done.id).state == "undone"


@audited_story
def test_after_undoing_nothing_is_in_stock(shop: Shop) -> None:
    shop.product("laptop")
    done = imports(shop, "SKU,On hand,Cost\nLAPTOP,10,1000\n")
    undoes(shop, done)
    assert on_hand(shop, "laptop") == (0, 0)
    assert importing.load(shop.work, done.id).state == "undone"
    laptop = shop.product("laptop")
    assert stock.count(shop.connection, [laptop])[laptop].level == 0
