"""Changing orders in force: the next version, its claims and what is incoming."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.domain.amending import BelowDrawn, DiscountBilled, NothingChanged, PriceBilled
from core.domain.lifecycles import Action, ActionRefused
from core.services.amendments import amending, change_plan
from core.services.documents import issuing
from core.services.documents.issuing import NothingInIt
from core.services.rights import Changed, NotAllowed, NotFound
from core.storage.tables import document_tax as tax
from core.storage.tables import document_version as version
from tests.actors import OMAR
from tests.builders import Shop, audited_story

D = Decimal


def ordered_and_ready(shop: Shop, order: int) -> list[tuple[Decimal, Decimal]]:
    """Return for each line how many pieces are ordered, and how many of them are there."""
    return list(zip(shop.quantities(order), shop.ready(order), strict=True))


# --- The working copy ---------------------------------------------------------------------------


@audited_story
def test_a_working_copy_has_no_effect_until_it_is_confirmed(shop: Shop) -> None:
    shop.has(10, "laptop")
    order = shop.sells(10, "laptop")
    draft = shop.begins_change(order, quantity=D(3))
    assert ordered_and_ready(shop, order) == [(10, 10)]
    assert shop.record(order).version == 1
    assert shop.sees(order).change_id == draft
    assert [each.id for each in shop.sees(order).related] == [order]
    assert shop.begins_change(order) == draft
    shop.discards(draft)
    assert shop.sees(order).change_id is None
    assert ordered_and_ready(shop, order) == [(10, 10)]


@audited_story
def test_a_working_copy_cannot_be_issued(shop: Shop) -> None:
    order = shop.sells(10, "laptop")
    draft = shop.begins_change(order)
    assert shop.sees(draft).actions == frozenset()
    amended = shop.sees(draft).amends
    assert amended is not None
    assert amended.id == order
    with pytest.raises(ActionRefused):
        issuing.issue(shop.work, draft, revision=0)


@audited_story
def test_only_orders_in_force_are_amended(shop: Shop) -> None:
    draft = shop.drafts("sales_order", (1, "laptop"))
    invoice = shop.invoices(1, "pen")
    until = shop.now + timedelta(days=1)
    hold = shop.reserves(1, "laptop", until)
    for each in (draft, invoice, hold):
        with pytest.raises(ActionRefused):
            shop.begins_change(each)
    with pytest.raises(NotFound):
        shop.begins_change(999)
    with pytest.raises(NotFound):
        change_plan.plan(shop.work, draft)
    with pytest.raises(NotFound):
        amending.confirm(shop.work, draft, revision=0)


@audited_story
def test_amending_needs_its_own_right(shop: Shop) -> None:
    order = shop.sells(1, "laptop")
    with pytest.raises(NotAllowed):
        shop.by(OMAR).begins_change(order)


# --- Quantities ---------------------------------------------------------------------------------


@audited_story
def test_the_next_version_has_its_own_totals_and_keeps_the_previous_one(shop: Shop) -> None:
    order = shop.amends(shop.sells(10, "laptop"), 4)
    record = shop.record(order)
    assert (record.version, record.number) == (2, "SO-2026-0001")
    assert record.total == D("480.00")
    kept = shop.connection.execute(select(version)).one()
    assert (kept.version, kept.total_minor) == (1, 120000)
    assert kept.snapshot.endswith('"version":1}')
    taxes = shop.connection.execute(
        select(tax.c.version, tax.c.base_minor).where(tax.c.document_id == order)
    ).all()
    assert sorted(tuple(each) for each in taxes) == [(1, 100000), (2, 40000)]
    shop.amends(order, 5)
    assert shop.record(order).version == 3


@audited_story
def test_a_larger_quantity_claims_what_is_free_and_waits_for_the_rest(shop: Shop) -> None:
    shop.has(12, "laptop")
    order = shop.sells(10, "laptop")
    draft = shop.begins_change(order, quantity=D(15))
    (change,) = change_plan.plan(shop.work, draft).changes
    assert [(each.quantity, each.here) for each in change.promised] == [(2, True), (3, False)]
    shop.confirms(draft)
    assert ordered_and_ready(shop, order) == [(15, 12)]


@audited_story
def test_what_is_added_waits_last_and_the_line_keeps_its_place_in_the_queue(shop: Shop) -> None:
    shop.has(4, "laptop")
    first = shop.sells(10, "laptop")
    shop.passes(minutes=1)
    second = shop.sells(5, "laptop")
    shop.passes(minutes=1)
    shop.amends(first, 30)
    assert ordered_and_ready(shop, first) == [(10, 4), (20, 0)]
    assert {each.line.price_source for each in shop.sees(first).lines} == {"typed"}
    shop.has(8, "laptop")
    assert ordered_and_ready(shop, first) == [(10, 10), (20, 0)]
    assert ordered_and_ready(shop, second) == [(5, 2)]
    shop.has(4, "laptop")
    assert ordered_and_ready(shop, second) == [(5, 5)]
    assert ordered_and_ready(shop, first) == [(10, 10), (20, 1)]


@audited_story
def test_a_smaller_quantity_first_gives_up_what_waits_and_then_claims(shop: Shop) -> None:
    shop.has(6, "laptop")
    first = shop.sells(10, "laptop")
    shop.passes(minutes=1)
    second = shop.sells(3, "laptop")
    shop.amends(first, 7)
    assert ordered_and_ready(shop, first) == [(7, 6)]
    assert ordered_and_ready(shop, second) == [(3, 0)]
    draft = shop.begins_change(first, quantity=D(4))
    (change,) = change_plan.plan(shop.work, draft).changes
    assert change.released == 2
    shop.confirms(draft)
    assert ordered_and_ready(shop, first) == [(4, 4)]
    assert ordered_and_ready(shop, second) == [(3, 2)]


@audited_story
def test_a_line_is_not_reduced_below_what_was_delivered_in_the_meantime(shop: Shop) -> None:
    shop.has(20, "laptop")
    order = shop.sells(20, "laptop")
    draft = shop.begins_change(order, quantity=D(15))
    shop.makes("delivery_note", order, 18)
    with pytest.raises(BelowDrawn) as refused:
        shop.confirms(draft)
    assert refused.value.facts == {
        "name": "Laptop", "wanted": 15, "least": 18, "done": 18, "billed": 0,
    }  # fmt: skip
    shop.edits(draft, quantity=D(18))
    shop.confirms(draft)
    assert ordered_and_ready(shop, order) == [(18, 0)]
    assert "Deliver" not in shop.offers(order)
    assert shop.offers(order)["Invoice"] == (18, 18)


@audited_story
def test_a_line_is_not_reduced_below_what_was_invoiced_before_delivery(shop: Shop) -> None:
    order = shop.sells(10, "laptop")
    shop.makes("invoice", order, 6)
    draft = shop.begins_change(order, quantity=D(5))
    with pytest.raises(BelowDrawn):
        shop.confirms(draft)


@audited_story
def test_returned_goods_that_are_not_replaced_stay_on_the_order(shop: Shop) -> None:
    shop.has(20, "laptop")
    order = shop.sells(10, "laptop")
    note = shop.makes("delivery_note", order)
    shop.makes("sales_return", note, 3, drops=True)
    draft = shop.begins_change(order, quantity=D(9))
    with pytest.raises(BelowDrawn):
        shop.confirms(draft)
    shop.edits(draft, quantity=D(12))
    shop.confirms(draft)
    assert shop.offers(order)["Deliver"] == (2, 2)


@audited_story
def test_a_line_can_be_removed_and_another_added(shop: Shop) -> None:
    shop.has(10, "laptop")
    shop.has(5, "mouse")
    order = shop.new("sales_order", (10, "laptop"), (5, "mouse", 20))
    draft = shop.begins_change(order)
    shop.removes_line(draft, 1)
    shop.adds_lines(draft, (2, "cable", 5))
    shop.confirms(draft)
    assert [(each.line.name, each.line.quantity) for each in shop.sees(order).lines] == [
        ("Laptop", 10),
        ("Cable", 2),
    ]
    assert shop.level("mouse").available == 5
    assert shop.record(order).net_minor == 101000
    shop.makes("delivery_note", order, 10, 0)
    # The product can come back, as a new line.
    draft = shop.begins_change(order)
    assert len(shop.sees(draft).lines) == 2


@audited_story
def test_a_line_that_was_partly_delivered_cannot_be_removed(shop: Shop) -> None:
    shop.has(10, "laptop")
    order = shop.sells(10, "laptop")
    shop.makes("delivery_note", order, 2)
    draft = shop.begins_change(order)
    shop.removes_line(draft)
    with pytest.raises(BelowDrawn):
        shop.confirms(draft)


@audited_story
def test_an_order_cannot_be_left_without_lines(shop: Shop) -> None:
    """A walk found this: an order without lines has to be cancelled or closed."""
    order = shop.sells(10, "laptop")
    draft = shop.begins_change(order)
    shop.removes_line(draft)
    assert change_plan.plan(shop.work, draft).is_changed
    with pytest.raises(NothingInIt):
        shop.confirms(draft)


@audited_story
def test_a_line_of_an_archived_product_can_still_be_changed(shop: Shop) -> None:
    order = shop.sells(10, "laptop")
    shop.archives("laptop")
    shop.amends(order, 4)
    assert ordered_and_ready(shop, order) == [(4, 0)]


@audited_story
def test_what_is_incoming_follows_the_purchase_order(shop: Shop) -> None:
    order = shop.buys(200, "laptop")
    shop.amends(order, 120)
    assert shop.level("laptop").incoming == 120
    shop.makes("receipt_note", order, 100)
    draft = shop.begins_change(order, quantity=D(90))
    with pytest.raises(BelowDrawn):
        shop.confirms(draft)
    shop.edits(draft, quantity=D(100))
    shop.confirms(draft)
    assert shop.offers(order) == {"Bill": (100, 100)}


@audited_story
def test_an_order_that_ships_complete_can_be_allowed_to_ship_in_parts(shop: Shop) -> None:
    shop.has(4, "laptop")
    order = shop.sells(10, "laptop", ships_complete=True)
    assert ordered_and_ready(shop, order) == [(10, 0)]
    draft = shop.begins_change(order)
    shop.edits_header(draft, ships_complete=False)
    shop.confirms(draft)
    assert ordered_and_ready(shop, order) == [(10, 4)]


# --- Prices and terms ---------------------------------------------------------------------------


@audited_story
def test_the_agreed_price_stays_until_another_is_typed(shop: Shop) -> None:
    order = shop.new("sales_order", (10, "laptop"))
    assert shop.sees(order).lines[0].line.price_source == "list"
    draft = shop.begins_change(order, quantity=D(20))
    shop.confirms(draft)
    line = shop.sees(order).lines[0].line
    assert (line.unit_price, line.price_source, line.quantity) == (100, "list", 20)
    draft = shop.begins_change(order, unit_price=D(90), discount_percent=D(10))
    shop.confirms(draft)
    line = shop.sees(order).lines[0].line
    assert (line.unit_price, line.price_source) == (90, "typed")
    assert shop.record(order).net_minor == 162000


@audited_story
def test_an_invoiced_line_keeps_its_price(shop: Shop) -> None:
    order = shop.new("sales_order", (10, "laptop"), (5, "mouse"))
    shop.makes("invoice", order, 1, 0)
    draft = shop.begins_change(order)
    shop.edits(draft, unit_price=D(90))
    with pytest.raises(PriceBilled):
        shop.confirms(draft)
    shop.edits(draft, unit_price=D(100))
    shop.edits(draft, 1, unit_price=D(15))
    shop.confirms(draft)
    draft = shop.begins_change(order)
    shop.edits_header(draft, discount_percent=D(5))
    with pytest.raises(DiscountBilled):
        shop.confirms(draft)


@audited_story
def test_dates_and_terms_can_change_without_the_lines(shop: Shop) -> None:
    order = shop.sells(10, "laptop", payment_days=30)
    draft = shop.begins_change(order)
    with pytest.raises(NothingChanged):
        shop.confirms(draft)
    shop.edits_header(draft, delivery_on=date(2026, 12, 5), payment_days=10, notes="by boat")
    shop.confirms(draft)
    record = shop.record(order)
    assert (record.delivery_on, record.payment_days) == (date(2026, 12, 5), 10)
    assert record.due_on == date(2026, 12, 4)
    assert record.total == D("1200.00")


# --- Who comes first ----------------------------------------------------------------------------


@audited_story
def test_a_working_copy_of_an_earlier_version_changes_nothing(shop: Shop) -> None:
    order = shop.sells(10, "laptop")
    draft = shop.begins_change(order, quantity=D(4))
    revision = shop.revision(draft)
    with pytest.raises(Changed):
        amending.confirm(shop.work, draft, revision=revision - 1)
    shop.confirms(draft)
    with pytest.raises(Changed):
        shop.confirms(draft)
    assert shop.begins_change(order) != draft


@audited_story
def test_closing_an_order_discards_its_open_change(shop: Shop) -> None:
    order = shop.sells(10, "laptop")
    draft = shop.begins_change(order, quantity=D(4))
    shop.closes(order)
    assert shop.sees(order).change_id is None
    assert Action.AMEND not in shop.sees(order).actions
    with pytest.raises(ActionRefused):
        shop.confirms(draft)
