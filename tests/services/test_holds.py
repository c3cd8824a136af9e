"""Holds as services: asked and granted, moved, released in part, warned of, wished."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from core.services.people import parties
from core.services.reservations import EndPassed, HoldOver, reservation_views
from core.services.reservations.reservation_views import HoldFacts
from core.storage.sql import insert_one

from core.domain.lifecycles import ActionRefused, State
from core.domain.links import MoreThanOffered
from core.domain.people import MACHINE, Actor, Membership, Role
from core.services import reservations, stock
from core.services.audit import audit
from core.services.documents import converting, lifecycle
from core.services.documents.drafting import NewLine
from core.services.documents.issuing import NothingInIt
from core.services.rights import Changed, NotAllowed, NotFound
from core.storage import tables
from core.storage.claim_queries import open_claims, waiting_lines
from tests.builders import NOW, Shop, Tells

FRIDAY = NOW + timedelta(days=3, hours=14)


def person(shop: Shop, telegram_id: int, name: str) -> int:
    return insert_one(
        shop.work.connection,
        tables.person,
        telegram_id=telegram_id,
        name=name,
        language="en",
        zone="Australia/Sydney",
        created_at=NOW,
    )


def customer_of(shop: Shop, *, may_order: bool = True) -> Actor:
    """Kim, who speaks for High End Computers."""
    person_id = person(shop, 104, "Kim")
    contact_id = parties.add_contact(shop.work, shop.customer, name="Kim", may_order=may_order)
    its = Membership(shop.customer, contact_id, may_see_money=True, may_order=may_order)
    return Actor(person_id, 104, "Kim", "en", frozenset({Role.CUSTOMER}), memberships=(its,))


def asked(shop: Shop, *quantities: tuple[int, str]) -> int:
    lines = [shop.line(quantity, name) for quantity, name in quantities]
    return reservations.ask(shop.work, shop.customer, lines=lines, until=FRIDAY)


def granted(shop: Shop, quantity: int = 10) -> int:
    hold = asked(shop, (quantity, "laptop"))
    reservations.grant(shop.work, hold, revision=0)
    return hold


def revision(shop: Shop, document_id: int) -> int:
    return shop.sees(document_id).record.revision


def line_of(shop: Shop, document_id: int, at: int = 0) -> int:
    return shop.sees(document_id).lines[at].line.id


def facts(shop: Shop, document_id: int) -> HoldFacts:
    found = reservation_views.hold_facts(shop.work, shop.sees(document_id))
    assert found is not None
    return found


def claimed(shop: Shop, line_id: int) -> Decimal:
    claims = open_claims(shop.work.connection, line_ids=[line_id])
    return sum((each.open for each in claims), Decimal(0))


def waits(shop: Shop, line_id: int) -> Decimal:
    found = waiting_lines(shop.work.connection, [line_id]).get(line_id)
    return found.quantity if found else Decimal(0)


def free(shop: Shop, name: str = "laptop") -> Decimal:
    product_id = shop.product(name)
    return stock.levels(shop.work.connection, [product_id])[product_id].available


def told(shop: Shop, name: str) -> list[dict[str, Any]]:
    return [dict(event.facts) for event in shop.work.events if event.name == name]


def at(shop: Shop, **later: float) -> None:
    shop.work = replace(shop.work, now=NOW + timedelta(**later))


# --- Asked and answered ----------------------------------------------------------------------


async def test_a_customer_asks_and_is_granted_what_is_there(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(7, "laptop")
        kim = customer_of(shop)
        shop.acts_as(kim)
        hold = asked(shop, (10, "laptop"))
        assert [event.name for event in shop.work.events if event.document_id == hold] == [
            "hold_asked"
        ]
        assert free(shop) == 7
        shop.acts_as(MACHINE)
        figures = facts(shop, hold)
        assert figures.asker is not None
        assert (figures.asker.name, figures.asker.zone) == ("Kim", "Australia/Sydney")
        assert figures.free == {shop.product("laptop"): 7}
        assert figures.prices == {shop.product("laptop"): 100}
        assert figures.currency == "EUR"
        reservations.grant(shop.work, hold, revision=0)
        line_id = line_of(shop, hold)
        assert (claimed(shop, line_id), waits(shop, line_id)) == (7, 3)
        (granted_facts,) = told(shop, "hold_granted")
        assert granted_facts["was_asked"]
        assert not granted_facts["shorter"]
        assert granted_facts["lines"] == [
            {
                "line_id": line_id,
                "product": "Laptop",
                "quantity": 10,
                "asked": 10,
                "here": 7,
            }
        ]
        # The rest comes by itself, for as long as the hold lasts.
        shop.has(5, "laptop")
        assert (claimed(shop, line_id), waits(shop, line_id)) == (10, 0)
        assert {each.until for each in open_claims(shop.work.connection, line_ids=[line_id])} == {
            FRIDAY
        }
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_less_and_shorter_than_was_asked(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        shop.has(10, "mouse")
        shop.acts_as(customer_of(shop))
        hold = asked(shop, (10, "laptop"), (4, "mouse"))
        shop.acts_as(MACHINE)
        laptops, mice = line_of(shop, hold, 0), line_of(shop, hold, 1)
        thursday = FRIDAY - timedelta(days=1)
        reservations.grant(
            shop.work, hold, revision=0,
            quantities={laptops: Decimal(6), mice: Decimal(0)}, until=thursday,
        )  # fmt: skip
        (facts_of_grant,) = told(shop, "hold_granted")
        assert facts_of_grant["shorter"]
        assert facts_of_grant["until"] == thursday
        assert [(each["asked"], each["quantity"]) for each in facts_of_grant["lines"]] == [(10, 6)]
        assert (free(shop), free(shop, "mouse")) == (4, 10)

    await tells(story)


async def test_what_cannot_be_granted_or_asked(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        with pytest.raises(EndPassed):
            reservations.ask(shop.work, shop.customer, lines=[shop.line(1, "laptop")], until=NOW)
        hold = asked(shop, (10, "laptop"))
        with pytest.raises(Changed):
            reservations.grant(shop.work, hold, revision=7)
        with pytest.raises(NothingInIt):
            reservations.grant(
                shop.work, hold, revision=0, quantities={line_of(shop, hold): Decimal(0)}
            )
        with pytest.raises(NotFound):
            reservations.grant(shop.work, hold, revision=0, quantities={0: Decimal(1)})
        with pytest.raises(EndPassed):
            reservations.grant(shop.work, hold, revision=0, until=NOW)
        order = shop.sells(1, "laptop")
        with pytest.raises(NotFound):
            reservations.grant(shop.work, order, revision=1)
        assert reservation_views.hold_facts(shop.work, shop.sees(order)) is None
        at(shop, days=30)
        with pytest.raises(EndPassed):
            reservations.grant(shop.work, hold, revision=0)

    await tells(story)


async def test_a_customer_without_the_right_asks_nothing(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.acts_as(customer_of(shop, may_order=False))
        with pytest.raises((NotFound, NotAllowed)):
            reservations.ask(
                shop.work, shop.customer, lines=[NewLine(1, Decimal(1))], until=FRIDAY
            )

    await tells(story)


async def test_a_customer_never_grants_or_moves_his_own(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        kim = customer_of(shop)
        shop.acts_as(kim)
        hold = asked(shop, (10, "laptop"))
        with pytest.raises(NotAllowed):
            reservations.grant(shop.work, hold, revision=0)
        with pytest.raises(NotAllowed):
            reservations.decline(shop.work, hold, revision=0)
        shop.acts_as(MACHINE)
        reservations.grant(shop.work, hold, revision=0)
        shop.acts_as(kim)
        assert facts(shop, hold).free == {}
        with pytest.raises(NotAllowed):
            reservations.move_end(shop.work, hold, revision=1, until=FRIDAY + timedelta(days=1))
        with pytest.raises(NotAllowed):
            reservations.refuse_wish(shop.work, hold)

    await tells(story)


async def test_a_request_is_changed_and_withdrawn(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        shop.acts_as(customer_of(shop))
        hold = asked(shop, (10, "laptop"))
        later = FRIDAY + timedelta(days=2)
        reservations.change(
            shop.work, hold, revision=0,
            quantities={line_of(shop, hold): Decimal(6)}, until=later,
        )  # fmt: skip
        figures = facts(shop, hold)
        assert (list(figures.asked.values()), figures.asked_until) == ([6], later)
        with pytest.raises(Changed):
            reservations.withdraw(shop.work, hold, revision=0)
        reservations.withdraw(shop.work, hold, revision=1)
        assert shop.sees(hold).record.state == State.CANCELLED
        with pytest.raises(ActionRefused):
            reservations.change(shop.work, hold, revision=2, until=FRIDAY)

    await tells(story)


async def test_a_request_is_declined_with_a_reason(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        hold = asked(shop, (10, "laptop"))
        reservations.decline(shop.work, hold, revision=0, reason="none are coming")
        assert shop.sees(hold).record.state == State.DECLINED
        (declined,) = told(shop, "hold_declined")
        assert declined["reason"] == "none are coming"

    await tells(story)


# --- While it lasts --------------------------------------------------------------------------


async def test_a_hold_lasts_longer_with_its_claims_and_its_place(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(7, "laptop")
        hold = granted(shop)
        line_id = line_of(shop, hold)
        shop.sells(5, "laptop")
        later = FRIDAY + timedelta(days=7)
        reservations.move_end(shop.work, hold, revision=1, until=later)
        assert (claimed(shop, line_id), waits(shop, line_id)) == (7, 3)
        assert shop.sees(hold).record.version == 2
        (moved,) = told(shop, "hold_moved")
        assert (moved["before"], moved["until"]) == (FRIDAY, later)
        at(shop, days=4)
        assert lifecycle.expire(shop.work) == []
        # It still comes before the order.
        shop.has(4, "laptop")
        assert (claimed(shop, line_id), waits(shop, line_id)) == (10, 0)
        assert audit(shop.work.connection) == []
        at(shop, days=10, hours=14)
        assert lifecycle.expire(shop.work) == [hold]
        assert claimed(shop, line_id) == 0

    await tells(story)


async def test_what_is_over_is_neither_moved_nor_wished(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(7, "laptop")
        hold = granted(shop)
        with pytest.raises(EndPassed):
            reservations.move_end(shop.work, hold, revision=1, until=NOW)
        with pytest.raises(Changed):
            reservations.move_end(shop.work, hold, revision=0, until=FRIDAY + timedelta(days=1))
        at(shop, days=3, hours=14)
        with pytest.raises(HoldOver):
            reservations.move_end(shop.work, hold, revision=1, until=FRIDAY + timedelta(days=1))
        with pytest.raises(HoldOver):
            reservations.wish_order(shop.work, hold)
        assert facts(shop, hold).is_over

    await tells(story)


async def test_four_ordered_three_released_the_rest_expires(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        hold = granted(shop)
        line_id = line_of(shop, hold)
        order = shop.makes("sales_order", hold, 4)
        assert claimed(shop, line_of(shop, order)) == 4
        assert free(shop) == 0
        reservations.release(
            shop.work, hold, revision=revision(shop, hold),
            quantities={line_id: Decimal(3)}, reason="fewer seats",
        )  # fmt: skip
        assert (claimed(shop, line_id), free(shop)) == (3, 3)
        (released,) = told(shop, "hold_released")
        assert [each["quantity"] for each in released["lines"]] == [3]
        at(shop, days=3, hours=14)
        assert lifecycle.expire(shop.work) == [hold]
        assert shop.sees(hold).record.state == State.ENDED
        assert (claimed(shop, line_of(shop, order)), free(shop)) == (4, 6)
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_what_is_waited_for_is_released_first(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(7, "laptop")
        hold = granted(shop)
        line_id = line_of(shop, hold)
        reservations.release(shop.work, hold, revision=1, quantities={line_id: Decimal(4)})
        assert (claimed(shop, line_id), waits(shop, line_id), free(shop)) == (6, 0, 1)

    await tells(story)


async def test_a_customer_gives_his_hold_up_and_the_next_is_served(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        kim = customer_of(shop)
        hold = granted(shop)
        order = shop.sells(8, "laptop")
        assert waits(shop, line_of(shop, order)) == 8
        shop.acts_as(kim)
        reservations.release(shop.work, hold, revision=1, reason="no need")
        assert shop.sees(hold).record.state == State.ENDED
        shop.acts_as(MACHINE)
        assert claimed(shop, line_of(shop, order)) == 8
        assert free(shop) == 2
        assert audit(shop.work.connection) == []

    await tells(story)


async def test_the_last_piece_released_ends_it(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        hold = granted(shop)
        line_id = line_of(shop, hold)
        with pytest.raises(MoreThanOffered):
            reservations.release(shop.work, hold, revision=1, quantities={line_id: Decimal(11)})
        with pytest.raises(NothingInIt):
            reservations.release(shop.work, hold, revision=1, quantities={})
        reservations.release(shop.work, hold, revision=1, quantities={line_id: Decimal(10)})
        assert shop.sees(hold).record.state == State.ENDED
        with pytest.raises(ActionRefused):
            reservations.release(shop.work, hold, revision=2)

    await tells(story)


async def test_an_order_from_a_hold_that_ended_is_refused_by_its_number(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        hold = granted(shop)
        draft = converting.convert(shop.work, hold, "sales_order")
        at(shop, days=3, hours=14)
        lifecycle.expire(shop.work)
        with pytest.raises(converting.NotInForce) as refused:
            shop.issues(draft)
        assert refused.value.facts["number"] == "RS-2026-0001"

    await tells(story)


async def test_goods_are_taken_from_a_hold_before_what_it_waits_for(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(7, "laptop")
        hold = granted(shop)
        line_id = line_of(shop, hold)
        order = shop.sells(2, "laptop")
        reservations.take_away(shop.work, line_id, Decimal(2), reason="paid in advance")
        assert (claimed(shop, line_id), waits(shop, line_id)) == (5, 3)
        assert claimed(shop, line_of(shop, order)) == 2
        assert told(shop, "released")[0]["reason"] == "paid in advance"
        with pytest.raises(stock.NotClaimed):
            reservations.take_away(shop.work, line_id, Decimal(6), reason="all")
        with pytest.raises(NotFound):
            reservations.take_away(shop.work, 0, Decimal(1), reason="none")
        reservations.release(
            shop.work, hold, revision=revision(shop, hold), quantities={line_id: Decimal(3)}
        )
        reservations.take_away(shop.work, line_id, Decimal(5), reason="all")
        assert shop.sees(hold).record.state == State.ENDED
        assert audit(shop.work.connection) == []
        shop.acts_as(customer_of(shop))
        with pytest.raises(NotAllowed):
            reservations.take_away(shop.work, line_id, Decimal(1), reason="mine")

    await tells(story)


# --- Wishes ----------------------------------------------------------------------------------


async def test_wishes_stand_until_they_are_answered_or_the_hold_changes(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        kim = customer_of(shop)
        hold = granted(shop)
        assert facts(shop, hold).wish is None
        shop.acts_as(kim)
        later = FRIDAY + timedelta(days=3)
        reservations.wish_time(shop.work, hold, until=later)
        shop.acts_as(MACHINE)
        wish = facts(shop, hold).wish
        assert wish is not None
        assert (wish.asker.name, wish.until, wish.wants_order) == ("Kim", later, False)
        reservations.refuse_wish(shop.work, hold, reason="they are promised")
        assert facts(shop, hold).wish is None
        assert told(shop, "wish_refused")[0]["reason"] == "they are promised"
        reservations.wish_order(shop.work, hold)
        wish = facts(shop, hold).wish
        assert wish is not None
        assert wish.wants_order
        shop.makes("sales_order", hold, 10)
        assert facts(shop, hold).wish is None
        with pytest.raises(EndPassed):
            reservations.wish_time(shop.work, hold, until=NOW)

    await tells(story)


# --- Before the end --------------------------------------------------------------------------


async def test_both_sides_are_warned_once_and_again_after_a_move(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        hold = granted(shop)
        at(shop, days=2, hours=13)
        assert reservations.warn(shop.work) == []
        at(shop, days=2, hours=14)
        assert reservations.warn(shop.work) == [hold]
        assert reservations.warn(shop.work) == []
        (warned,) = told(shop, "hold_ends_soon")
        assert (warned["number"], warned["until"]) == ("RS-2026-0001", FRIDAY)
        later = FRIDAY + timedelta(days=1)
        reservations.move_end(shop.work, hold, revision=revision(shop, hold), until=later)
        assert reservations.warn(shop.work) == []
        at(shop, days=3, hours=20)
        assert reservations.warn(shop.work) == [hold]

    await tells(story)


async def test_a_short_hold_is_warned_of_at_its_half_and_an_ordered_one_never(
    tells: Tells,
) -> None:
    def story(shop: Shop) -> None:
        shop.has(10, "laptop")
        until = NOW + timedelta(hours=4)
        hold = reservations.ask(
            shop.work, shop.customer, lines=[shop.line(4, "laptop")], until=until
        )
        reservations.grant(shop.work, hold, revision=0)
        other = reservations.ask(
            shop.work, shop.customer, lines=[shop.line(4, "laptop")], until=until
        )
        reservations.grant(shop.work, other, revision=0)
        shop.makes("sales_order", other, 4)
        at(shop, hours=1)
        assert reservations.warn(shop.work) == []
        at(shop, hours=2)
        assert reservations.warn(shop.work) == [hold, other]
        assert len(told(shop, "hold_ends_soon")) == 1

    await tells(story)
