"""Orders in force are changed: the next version says so, and claims and incoming follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from core.services.amendments import amending, change_plan
from core.storage.tables import document_tax as tax
from core.storage.tables import document_version as version
from sqlalchemy import select

from core.domain.amending import BelowDrawn, DiscountBilled, NothingChanged, PriceBilled
from core.domain.lifecycles import Action, ActionRefused
from core.domain.people import Actor, Role
from core.services import stock
from core.services.audit import audit
from core.services.documents import drafting, issuing, lifecycle
from core.services.documents.issuing import NothingInIt
from core.services.products import catalog
from core.services.rights import Changed, NotAllowed, NotFound
from core.storage.document_queries import documents
from tests.builders import Shop, Tells

D = Decimal

OMAR = Actor(0, 103, "Omar", "en", frozenset({Role.STOREKEEPER}))


def quantities(shop: Shop, order: int) -> list[tuple[Decimal, Decimal]]:
    """Of each line: how many, and how many of them are there now."""
    return [(each.line.quantity, each.ready) for each in shop.sees(order).lines]


def copy_of(shop: Shop, order: int) -> int:
    return amending.begin(shop.work, order)


def edits(shop: Shop, draft: int, at: int = 0, **changes: object) -> None:
    """Change a line of a working copy."""
    view = shop.sees(draft)
    line_id = view.lines[at].line.id
    drafting.change_line(shop.work, draft, line_id, revision=view.record.revision, **changes)


def confirms(shop: Shop, draft: int) -> amending.Amended:
    record = documents(shop.work.connection, [draft])[draft]
    return amending.confirm(shop.work, draft, revision=record.revision)


def amends(shop: Shop, order: int, *wanted: object) -> int:
    """Change the quantities of the first lines."""
    draft = copy_of(shop, order)
    for at, quantity in enumerate(wanted):
        edits(shop, draft, at, quantity=D(str(quantity)))
    confirms(shop, draft)
    return order


def waits(shop: Shop, minutes: int = 1) -> None:
    shop.work = replace(shop.work, now=shop.work.now + timedelta(minutes=minutes))


async def told(tells: Tells, story: Callable[[Shop], None]) -> None:
    """Play a story, and find nothing wrong afterwards."""

    def checked(shop: Shop) -> None:
        story(shop)
        assert audit(shop.work.connection) == []

    await tells(checked)


# --- The working copy ---------------------------------------------------------------------------


async def test_a_copy_has_no_effect_until_it_is_confirmed(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        order = shop.sells(10, "laptop")
        draft = copy_of(shop, order)
        edits(shop, draft, quantity=D(3))
        assert quantities(shop, order) == [(10, 10)]
        assert shop.sees(order).record.version == 1
        assert shop.sees(order).change_id == draft
        assert [each.id for each in shop.sees(order).related] == [order]
        assert amending.begin(shop.work, order) == draft
        drafting.discard(shop.work, draft, revision=shop.sees(draft).record.revision)
        assert shop.sees(order).change_id is None
        assert quantities(shop, order) == [(10, 10)]

    await told(tells, story)


async def test_a_copy_takes_no_number_and_no_other_way_out(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(10, "laptop")
        draft = copy_of(shop, order)
        assert shop.sees(draft).actions == frozenset()
        amended = shop.sees(draft).amends
        assert amended is not None
        assert amended.id == order
        with pytest.raises(ActionRefused):
            issuing.issue(shop.work, draft, revision=0)

    await told(tells, story)


async def test_only_orders_in_force_are_amended(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        draft = shop.drafts("sales_order", shop.line(1, "laptop"))
        invoice = shop.issues(shop.drafts("invoice", shop.line(1, "pen")))
        until = shop.work.now + timedelta(days=1)
        hold = shop.issues(shop.drafts("reservation", shop.line(1, "laptop"), valid_until=until))
        for each in (draft, invoice, hold):
            with pytest.raises(ActionRefused):
                amending.begin(shop.work, each)
        with pytest.raises(NotFound):
            amending.begin(shop.work, 999)
        with pytest.raises(NotFound):
            change_plan.plan(shop.work, draft)
        with pytest.raises(NotFound):
            amending.confirm(shop.work, draft, revision=0)

    await told(tells, story)


async def test_it_needs_its_own_right(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(1, "laptop")
        shop.acts_as(OMAR)
        with pytest.raises(NotAllowed):
            amending.begin(shop.work, order)

    await told(tells, story)


# --- Quantities ---------------------------------------------------------------------------------


async def test_the_next_version_has_its_own_totals_and_keeps_the_one_before(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = amends(shop, shop.sells(10, "laptop"), 4)
        record = shop.sees(order).record
        assert (record.version, record.number) == (2, "SO-2026-0001")
        assert record.total == D("480.00")
        kept = shop.work.connection.execute(select(version)).one()
        assert (kept.version, kept.total_minor) == (1, 120000)
        assert kept.snapshot.endswith('"version":1}')
        taxes = shop.work.connection.execute(
            select(tax.c.version, tax.c.base_minor).where(tax.c.document_id == order)
        ).all()
        assert sorted(tuple(each) for each in taxes) == [(1, 100000), (2, 40000)]
        amends(shop, order, 5)
        assert shop.sees(order).record.version == 3

    await told(tells, story)


async def test_more_claims_what_is_free_and_waits_for_the_rest(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(12, "laptop")
        order = shop.sells(10, "laptop")
        draft = copy_of(shop, order)
        edits(shop, draft, quantity=D(15))
        (change,) = change_plan.plan(shop.work, draft).changes
        assert [(each.quantity, each.here) for each in change.promised] == [(2, True), (3, False)]
        confirms(shop, draft)
        assert quantities(shop, order) == [(15, 12)]

    await told(tells, story)


async def test_growth_waits_at_the_tail_and_the_line_keeps_its_place(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(4, "laptop")
        first = shop.sells(10, "laptop")
        waits(shop)
        second = shop.sells(5, "laptop")
        waits(shop)
        amends(shop, first, 30)
        assert quantities(shop, first) == [(10, 4), (20, 0)]
        assert {each.line.price_source for each in shop.sees(first).lines} == {"typed"}
        shop.has(8, "laptop")
        assert quantities(shop, first) == [(10, 10), (20, 0)]
        assert quantities(shop, second) == [(5, 2)]
        shop.has(4, "laptop")
        assert quantities(shop, second) == [(5, 5)]
        assert quantities(shop, first) == [(10, 10), (20, 1)]

    await told(tells, story)


async def test_less_gives_up_what_waits_then_what_is_claimed(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(6, "laptop")
        first = shop.sells(10, "laptop")
        waits(shop)
        second = shop.sells(3, "laptop")
        amends(shop, first, 7)
        assert quantities(shop, first) == [(7, 6)]
        assert quantities(shop, second) == [(3, 0)]
        draft = copy_of(shop, first)
        edits(shop, draft, quantity=D(4))
        (change,) = change_plan.plan(shop.work, draft).changes
        assert change.released == 2
        confirms(shop, draft)
        assert quantities(shop, first) == [(4, 4)]
        assert quantities(shop, second) == [(3, 2)]

    await told(tells, story)


async def test_never_below_what_was_delivered_meanwhile(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(20, "laptop")
        order = shop.sells(20, "laptop")
        draft = copy_of(shop, order)
        edits(shop, draft, quantity=D(15))
        shop.makes("delivery_note", order, 18)
        with pytest.raises(BelowDrawn) as refused:
            confirms(shop, draft)
        assert refused.value.facts == {
            "name": "Laptop", "wanted": 15, "least": 18, "done": 18, "billed": 0,
        }  # fmt: skip
        edits(shop, draft, quantity=D(18))
        confirms(shop, draft)
        assert quantities(shop, order) == [(18, 0)]
        assert "Deliver" not in shop.offers(order)
        assert shop.offers(order)["Invoice"] == (18, 18)

    await told(tells, story)


async def test_never_below_what_was_billed_before_it_went(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(10, "laptop")
        shop.makes("invoice", order, 6)
        draft = copy_of(shop, order)
        edits(shop, draft, quantity=D(5))
        with pytest.raises(BelowDrawn):
            confirms(shop, draft)

    await told(tells, story)


async def test_what_came_back_and_is_not_replaced_stays_on_the_order(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(20, "laptop")
        order = shop.sells(10, "laptop")
        note = shop.makes("delivery_note", order)
        shop.makes("sales_return", note, 3, drops=True)
        draft = copy_of(shop, order)
        edits(shop, draft, quantity=D(9))
        with pytest.raises(BelowDrawn):
            confirms(shop, draft)
        edits(shop, draft, quantity=D(12))
        confirms(shop, draft)
        assert shop.offers(order)["Deliver"] == (2, 2)

    await told(tells, story)


async def test_a_line_is_taken_off_and_another_comes(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        shop.has(5, "mouse")
        order = shop.issues(
            shop.drafts("sales_order", shop.line(10, "laptop"), shop.line(5, "mouse", 20))
        )
        draft = copy_of(shop, order)
        view = shop.sees(draft)
        drafting.remove_line(
            shop.work, draft, view.lines[1].line.id, revision=view.record.revision
        )
        drafting.add_lines(
            shop.work, draft, revision=view.record.revision + 1, lines=[shop.line(2, "cable", 5)]
        )
        confirms(shop, draft)
        assert [(each.line.name, each.line.quantity) for each in shop.sees(order).lines] == [
            ("Laptop", 10),
            ("Cable", 2),
        ]
        mouse = shop.product("mouse")
        assert stock.levels(shop.work.connection, [mouse])[mouse].available == 5
        assert shop.sees(order).record.net_minor == 101000
        shop.makes("delivery_note", order, 10, 0)
        # It can come back: as a line of its own.
        draft = copy_of(shop, order)
        assert len(shop.sees(draft).lines) == 2

    await told(tells, story)


async def test_a_line_of_which_some_went_is_not_taken_off(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        order = shop.sells(10, "laptop")
        shop.makes("delivery_note", order, 2)
        draft = copy_of(shop, order)
        view = shop.sees(draft)
        drafting.remove_line(
            shop.work, draft, view.lines[0].line.id, revision=view.record.revision
        )
        with pytest.raises(BelowDrawn):
            confirms(shop, draft)

    await told(tells, story)


async def test_an_order_of_nothing_is_no_change(tells: Tells) -> None:
    """Found by a walk: such an order is cancelled or closed."""

    def story(shop: Shop) -> None:
        order = shop.sells(10, "laptop")
        draft = copy_of(shop, order)
        view = shop.sees(draft)
        drafting.remove_line(
            shop.work, draft, view.lines[0].line.id, revision=view.record.revision
        )
        assert change_plan.plan(shop.work, draft).is_changed
        with pytest.raises(NothingInIt):
            confirms(shop, draft)

    await told(tells, story)


async def test_an_archived_product_that_was_ordered_can_still_be_changed(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(10, "laptop")
        product_id = shop.product("laptop")
        catalog.change_product(shop.work, product_id, revision=0, archived_at=shop.work.now)
        amends(shop, order, 4)
        assert quantities(shop, order) == [(4, 0)]

    await told(tells, story)


async def test_what_is_expected_of_a_vendor_follows(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.buys(200, "laptop")
        laptop = shop.product("laptop")
        amends(shop, order, 120)
        assert stock.levels(shop.work.connection, [laptop])[laptop].incoming == 120
        shop.makes("receipt_note", order, 100)
        draft = copy_of(shop, order)
        edits(shop, draft, quantity=D(90))
        with pytest.raises(BelowDrawn):
            confirms(shop, draft)
        edits(shop, draft, quantity=D(100))
        confirms(shop, draft)
        assert shop.offers(order) == {"Bill": (100, 100)}

    await told(tells, story)


async def test_an_order_that_ships_complete_can_be_made_to_ship_in_part(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(4, "laptop")
        order = shop.sells(10, "laptop", ships_complete=True)
        assert quantities(shop, order) == [(10, 0)]
        draft = copy_of(shop, order)
        drafting.change_header(
            shop.work, draft, revision=shop.sees(draft).record.revision, ships_complete=False
        )
        confirms(shop, draft)
        assert quantities(shop, order) == [(10, 4)]

    await told(tells, story)


# --- Prices and terms ---------------------------------------------------------------------------


async def test_the_agreed_price_stays_unless_it_is_typed(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.issues(shop.drafts("sales_order", shop.line(10, "laptop")))
        assert shop.sees(order).lines[0].line.price_source == "list"
        draft = copy_of(shop, order)
        edits(shop, draft, quantity=D(20))
        confirms(shop, draft)
        line = shop.sees(order).lines[0].line
        assert (line.unit_price, line.price_source, line.quantity) == (100, "list", 20)
        draft = copy_of(shop, order)
        edits(shop, draft, unit_price=D(90), discount_percent=D(10))
        confirms(shop, draft)
        line = shop.sees(order).lines[0].line
        assert (line.unit_price, line.price_source) == (90, "typed")
        assert shop.sees(order).record.net_minor == 162000

    await told(tells, story)


async def test_what_is_billed_keeps_its_price(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.issues(
            shop.drafts("sales_order", shop.line(10, "laptop"), shop.line(5, "mouse"))
        )
        shop.makes("invoice", order, 1, 0)
        draft = copy_of(shop, order)
        edits(shop, draft, 0, unit_price=D(90))
        with pytest.raises(PriceBilled):
            confirms(shop, draft)
        edits(shop, draft, 0, unit_price=D(100))
        edits(shop, draft, 1, unit_price=D(15))
        confirms(shop, draft)
        draft = copy_of(shop, order)
        drafting.change_header(
            shop.work, draft, revision=shop.sees(draft).record.revision,
            discount_percent=D(5),
        )  # fmt: skip
        with pytest.raises(DiscountBilled):
            confirms(shop, draft)

    await told(tells, story)


async def test_dates_and_terms_change_without_the_lines(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(10, "laptop", payment_days=30)
        draft = copy_of(shop, order)
        with pytest.raises(NothingChanged):
            confirms(shop, draft)
        drafting.change_header(
            shop.work, draft, revision=shop.sees(draft).record.revision,
            delivery_on=date(2026, 12, 5), payment_days=10, notes="by boat",
        )  # fmt: skip
        confirms(shop, draft)
        record = shop.sees(order).record
        assert (record.delivery_on, record.payment_days) == (date(2026, 12, 5), 10)
        assert record.due_on == date(2026, 12, 4)
        assert record.total == D("1200.00")

    await told(tells, story)


# --- Who comes first ----------------------------------------------------------------------------


async def test_a_copy_of_an_earlier_version_changes_nothing(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(10, "laptop")
        draft = copy_of(shop, order)
        edits(shop, draft, quantity=D(4))
        revision = shop.sees(draft).record.revision
        with pytest.raises(Changed):
            amending.confirm(shop.work, draft, revision=revision - 1)
        confirms(shop, draft)
        with pytest.raises(Changed):
            confirms(shop, draft)
        assert amending.begin(shop.work, order) != draft

    await told(tells, story)


async def test_an_order_that_ends_throws_its_change_away(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(10, "laptop")
        draft = copy_of(shop, order)
        edits(shop, draft, quantity=D(4))
        lifecycle.close(shop.work, order, revision=shop.sees(order).record.revision)
        assert shop.sees(order).change_id is None
        assert Action.AMEND not in shop.sees(order).actions
        with pytest.raises(ActionRefused):
            confirms(shop, draft)

    await told(tells, story)
