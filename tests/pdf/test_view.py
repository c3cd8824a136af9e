"""The view of a paper refuses what could not be printed, before it is drawn."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from core.domain.papers.view import (
    Alignment,
    PaperAllocation,
    PaperColumn,
    PaperLayout,
    PaperLine,
    PaperPayment,
    PaperTax,
    PaperText,
    PaperTotals,
)

from tests.pdf.papers import paper


def test_every_column_has_a_heading_a_width_and_a_place():
    for column in PaperColumn:
        assert column.heading
        assert column.weight > 0
    assert PaperColumn.NET.alignment is Alignment.END
    assert PaperColumn.PRODUCT.alignment is Alignment.START


def test_money_is_told_apart_from_goods():
    money = {column for column in PaperColumn if column.is_money}
    assert money == {
        PaperColumn.UNIT_PRICE,
        PaperColumn.DISCOUNT,
        PaperColumn.TAX,
        PaperColumn.NET,
    }


def test_a_layout_names_each_column_once():
    with pytest.raises(ValueError, match="names a column twice"):
        PaperLayout("Invoice", (PaperColumn.NET, PaperColumn.PRODUCT, PaperColumn.NET))


@pytest.mark.parametrize(
    "make",
    [
        lambda: PaperLine(1, "Laptop", net=0.1),
        lambda: PaperTax("S", 20.0, Decimal(1), Decimal(1)),
        lambda: PaperTotals(Decimal(1), Decimal(1), 1.2),
        lambda: PaperAllocation("IN-1", 1.5),
        lambda: PaperPayment(1.5, "EUR", "Received"),
        lambda: PaperText("{rate}", facts={"rate": 0.5}),
    ],
)
def test_a_float_is_refused(make):
    with pytest.raises(TypeError, match="float"):
        make()


def test_a_plural_and_its_count_go_together():
    assert PaperText("{count} day", plural="{count} days", count=0).count == 0
    assert PaperText("At once", facts={"day": date(2026, 1, 1)}).count is None
    for said in ({"plural": "days"}, {"count": 2}):
        with pytest.raises(ValueError, match="go together"):
            PaperText("day", **said)


def test_totals_need_a_currency():
    with pytest.raises(ValueError, match="names its currency"):
        replace(paper(), currency="")
    assert not replace(paper(), currency="", totals=None).currency
