"""A document's effects on goods and money, by its row."""

from decimal import Decimal

import pytest

from core.domain.documents import DOCUMENT_TYPES, DocumentKind, kinds, type_of
from core.domain.places import PLACE_NAMES, PlaceRole
from core.domain.posting import GoodsPosting, account_amount, value_minor
from tests.domain.goods_lines import Line

WAREHOUSE, QUARANTINE, VENDOR, CUSTOMER, LOSS = range(1, 6)
PLACES = dict(zip(PlaceRole, (WAREHOUSE, QUARANTINE, VENDOR, CUSTOMER, LOSS), strict=True))


def moved(kind, quantity, **more):
    """(quantity, from, to, value in cents) of each movement of a line."""
    amounts = {"rejected", "difference", "unit_cost"}
    facts = {name: Decimal(each) if name in amounts else each for name, each in more.items()}
    said = {name: facts.pop(name) for name in ("difference", "unit_cost") if name in facts}
    posting = GoodsPosting(type_of(kind), PLACES, "EUR")
    line = Line(Decimal(quantity), source_line_id=3, **facts)
    found = posting.movements(line, order_line_id=4, **said)
    whose = (1, 2, 3, 4, line.rejected_goods)
    assert all(
        whose
        == (
            each.line_id,
            each.product_id,
            each.source_line_id,
            each.order_line_id,
            each.rejected_goods,
        )
        for each in found
    )
    return [
        (each.quantity, each.source_place_id, each.target_place_id, each.value_minor)
        for each in found
    ]


# --- Goods --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [row.kind for row in kinds(route=None)])
def test_what_has_no_route_moves_nothing(kind):
    assert moved(kind, 5) == []


def test_a_delivery_goes_from_the_warehouse_to_the_customer():
    assert moved("delivery_note", 5) == [(5, WAREHOUSE, CUSTOMER, None)]


def test_only_what_a_vendor_brings_has_a_price_of_ours():
    assert moved("delivery_note", 5, unit_cost="2") == [(5, WAREHOUSE, CUSTOMER, None)]
    assert moved("sales_return", 5, unit_cost="2") == [(5, CUSTOMER, WAREHOUSE, None)]
    assert moved("receipt_note", 5, unit_cost="2.5") == [(5, VENDOR, WAREHOUSE, 1250)]
    assert moved("receipt_note", 5) == [(5, VENDOR, WAREHOUSE, None)]


def test_rejected_goods_are_set_aside_and_worth_nothing():
    assert moved("receipt_note", 190, rejected=10, unit_cost="2") == [
        (190, VENDOR, WAREHOUSE, 38000),
        (10, VENDOR, QUARANTINE, 0),
    ]
    assert moved("receipt_note", 0, rejected=10) == [(10, VENDOR, QUARANTINE, 0)]


def test_rejected_goods_that_are_accepted_come_in_at_their_price():
    assert moved("transfer", 10, rejected_goods=True, from_place_id=QUARANTINE, unit_cost="2") == [
        (10, QUARANTINE, VENDOR, None),
        (10, VENDOR, WAREHOUSE, 2000),
    ]


def test_rejected_goods_that_go_back_leave_from_where_they_lie():
    assert moved("purchase_return", 10, rejected_goods=True, from_place_id=QUARANTINE) == [
        (10, QUARANTINE, VENDOR, None)
    ]


@pytest.mark.parametrize("place", [WAREHOUSE, QUARANTINE, LOSS])
def test_a_return_goes_where_its_line_says(place):
    assert moved("sales_return", 3, to_place_id=place) == [(3, CUSTOMER, place, None)]


def test_a_transfer_goes_between_any_two_places():
    assert moved("transfer", 3) == [(3, QUARANTINE, WAREHOUSE, None)]
    assert moved("transfer", 3, from_place_id=WAREHOUSE, to_place_id=LOSS) == [
        (3, WAREHOUSE, LOSS, None)
    ]


@pytest.mark.parametrize(
    ("difference", "way"),
    [
        ("2", [(2, LOSS, WAREHOUSE, None)]),
        ("-2", [(2, WAREHOUSE, LOSS, None)]),
        ("0", []),
    ],
)
def test_a_count_moves_the_difference(difference, way):
    assert moved("stock_adjustment", 0, difference=difference) == way


def test_an_adjustment_without_a_count_throws_away_or_as_its_line_says():
    assert moved("stock_adjustment", 3) == [(3, WAREHOUSE, LOSS, None)]
    assert moved("stock_adjustment", 3, from_place_id=QUARANTINE) == [(3, QUARANTINE, LOSS, None)]
    assert moved("stock_adjustment", 3, from_place_id=LOSS, to_place_id=WAREHOUSE) == [
        (3, LOSS, WAREHOUSE, None)
    ]


def test_inside_is_what_has_a_level():
    assert [role for role in PlaceRole if role.inside] == [
        PlaceRole.WAREHOUSE,
        PlaceRole.QUARANTINE,
    ]
    assert set(PLACE_NAMES) == set(PlaceRole)


# --- Money --------------------------------------------------------------------------------------


def test_a_value_is_rounded_half_up_in_minor_units():
    assert value_minor(Decimal("0.125"), "EUR") == 13
    assert value_minor(Decimal("0.125"), "JPY") == 0
    assert value_minor(Decimal("1.0005"), "KWD") == 1001


OWED = {
    DocumentKind.INVOICE: 1,
    DocumentKind.CREDIT_NOTE: -1,
    DocumentKind.BILL: -1,
    DocumentKind.VENDOR_CREDIT: 1,
}


@pytest.mark.parametrize("kind", DocumentKind)
def test_what_a_document_changes_of_what_the_party_owes(kind):
    row = DOCUMENT_TYPES[kind]
    if row.settles:
        assert account_amount(row, Decimal(7), "in") == -7
        assert account_amount(row, Decimal(7), "out") == 7
    else:
        assert account_amount(row, Decimal(7), None) == 7 * OWED.get(kind, 0)
