"""Reservations: requested, granted, extended, released in part, announced before they end."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.domain.lifecycles import ActionRefused, State
from core.domain.links import MoreThanOffered
from core.services import reservations, stock
from core.services.documents import converting, lifecycle
from core.services.documents.drafting import NewLine
from core.services.documents.issuing import NothingInIt
from core.services.reservations import EndPassed, HoldOver, reservation_views
from core.services.reservations.reservation_views import HoldFacts
from core.services.rights import Changed, NotAllowed, NotFound
from core.storage.queries.claim_queries import open_claims
from tests.builders import Shop, audited_story, story
from tests.migrated import NOW

D = Decimal
DAY = timedelta(days=1)
FRIDAY = NOW + timedelta(days=3, hours=14)


def request(shop: Shop, *lines: tuple[int, str], until: datetime = FRIDAY) -> int:
    """Request a reservation for the customer."""
    ready = [shop.line(quantity, name) for quantity, name in lines]
    return reservations.ask(shop.work, shop.customer, lines=ready, until=until)


def reserve(shop: Shop) -> tuple[int, int]:
    """Request ten laptops and grant them; return the reservation and its line."""
    reservation = request(shop, (10, "laptop"))
    shop.does(reservations.grant, reservation)
    return reservation, shop.line_id(reservation)


def facts(shop: Shop, reservation: int) -> HoldFacts:
    """Return what a card shows of a reservation."""
    found = reservation_views.hold_facts(shop.work, shop.sees(reservation))
    assert found is not None
    return found


def claimed_and_waiting(shop: Shop, line_id: int) -> tuple[Decimal, Decimal]:
    """Return how much a line has, and how much it waits for."""
    return shop.claimed(line_id), shop.waiting(line_id)


def free(shop: Shop, name: str = "laptop") -> Decimal:
    """Return how much of a product is available."""
    return shop.level(name).available


# --- Requests --------------------------------------------------------------------------------


@audited_story
def test_a_request_is_granted_with_what_is_there_and_waits_for_the_rest(shop: Shop) -> None:
    shop.has(7, "laptop")
    kim = shop.by(shop.contact(zone="Australia/Sydney"))
    reservation = request(kim, (10, "laptop"))
    told = [event.name for event in shop.events if event.document_id == reservation]
    assert told == ["hold_asked"]
    assert free(shop) == 7
    figures = facts(shop, reservation)
    assert figures.asker is not None
    assert (figures.asker.name, figures.asker.zone) == ("Kim", "Australia/Sydney")
    assert figures.free == {shop.product("laptop"): 7}
    assert figures.prices == {shop.product("laptop"): 100}
    assert figures.currency == "EUR"
    shop.does(reservations.grant, reservation)
    line_id = shop.line_id(reservation)
    assert claimed_and_waiting(shop, line_id) == (7, 3)
    (granted,) = shop.told("hold_granted")
    assert granted.facts["was_asked"]
    assert not granted.facts["shorter"]
    assert granted.facts["lines"] == [
        {"line_id": line_id, "product": "Laptop", "quantity": 10, "asked": 10, "here": 7}
    ]
    # The rest comes by itself, for as long as the reservation lasts.
    shop.has(5, "laptop")
    assert claimed_and_waiting(shop, line_id) == (10, 0)
    ends = {each.until for each in open_claims(shop.connection, line_ids=[line_id])}
    assert ends == {FRIDAY}


@story
def test_less_can_be_granted_for_a_shorter_time(shop: Shop) -> None:
    shop.has(10, "laptop")
    shop.has(10, "mouse")
    reservation = request(shop.by(shop.contact()), (10, "laptop"), (4, "mouse"))
    laptops, mice = shop.line_ids(reservation)
    thursday = FRIDAY - DAY
    shop.does(
        reservations.grant, reservation, quantities={laptops: D(6), mice: D(0)}, until=thursday
    )
    (granted,) = shop.told("hold_granted")
    assert granted.facts["shorter"]
    assert granted.facts["until"] == thursday
    lines = granted.facts["lines"]
    assert [(each["asked"], each["quantity"]) for each in lines] == [(10, 6)]
    assert (free(shop), free(shop, "mouse")) == (4, 10)


@story
def test_what_cannot_be_requested_or_granted(shop: Shop) -> None:
    shop.has(10, "laptop")
    with pytest.raises(EndPassed):
        request(shop, (1, "laptop"), until=NOW)
    reservation = request(shop, (10, "laptop"))
    with pytest.raises(Changed):
        reservations.grant(shop.work, reservation, revision=7)
    with pytest.raises(NothingInIt):
        shop.does(reservations.grant, reservation, quantities={shop.line_id(reservation): D(0)})
    with pytest.raises(NotFound):
        shop.does(reservations.grant, reservation, quantities={0: D(1)})
    with pytest.raises(EndPassed):
        shop.does(reservations.grant, reservation, until=NOW)
    order = shop.sells(1, "laptop")
    with pytest.raises(NotFound):
        shop.does(reservations.grant, order)
    assert reservation_views.hold_facts(shop.work, shop.sees(order)) is None
    shop.passes(days=30)
    with pytest.raises(EndPassed):
        shop.does(reservations.grant, reservation)


@story
def test_a_contact_who_may_not_order_cannot_request(shop: Shop) -> None:
    kim = shop.by(shop.contact(may_order=False))
    with pytest.raises((NotFound, NotAllowed)):
        reservations.ask(kim.work, shop.customer, lines=[NewLine(1, D(1))], until=FRIDAY)


@story
def test_a_customer_cannot_grant_or_extend_their_own_reservation(shop: Shop) -> None:
    shop.has(10, "laptop")
    kim = shop.by(shop.contact())
    reservation = request(kim, (10, "laptop"))
    with pytest.raises(NotAllowed):
        kim.does(reservations.grant, reservation)
    with pytest.raises(NotAllowed):
        kim.does(reservations.decline, reservation)
    shop.does(reservations.grant, reservation)
    assert facts(kim, reservation).free == {}
    with pytest.raises(NotAllowed):
        kim.does(reservations.move_end, reservation, until=FRIDAY + DAY)
    with pytest.raises(NotAllowed):
        reservations.refuse_wish(kim.work, reservation)


@story
def test_a_request_can_be_changed_and_withdrawn(shop: Shop) -> None:
    shop.has(10, "laptop")
    kim = shop.by(shop.contact())
    reservation = request(kim, (10, "laptop"))
    later = FRIDAY + 2 * DAY
    laptops = shop.line_id(reservation)
    kim.does(reservations.change, reservation, quantities={laptops: D(6)}, until=later)
    figures = facts(kim, reservation)
    assert (list(figures.asked.values()), figures.asked_until) == ([6], later)
    with pytest.raises(Changed):
        reservations.withdraw(kim.work, reservation, revision=0)
    kim.does(reservations.withdraw, reservation)
    assert shop.state(reservation) == State.CANCELLED
    with pytest.raises(ActionRefused):
        kim.does(reservations.change, reservation, until=FRIDAY)


@story
def test_a_request_is_declined_with_a_reason(shop: Shop) -> None:
    reservation = request(shop, (10, "laptop"))
    shop.does(reservations.decline, reservation, reason="none are coming")
    assert shop.state(reservation) == State.DECLINED
    (declined,) = shop.told("hold_declined")
    assert declined.facts["reason"] == "none are coming"


# --- While it lasts --------------------------------------------------------------------------


@story
def test_an_extended_reservation_keeps_its_claims_and_its_place_in_the_queue(shop: Shop) -> None:
    shop.has(7, "laptop")
    reservation, line_id = reserve(shop)
    shop.sells(5, "laptop")
    later = FRIDAY + 7 * DAY
    shop.does(reservations.move_end, reservation, until=later)
    assert claimed_and_waiting(shop, line_id) == (7, 3)
    assert shop.record(reservation).version == 2
    (moved,) = shop.told("hold_moved")
    assert (moved.facts["before"], moved.facts["until"]) == (FRIDAY, later)
    shop.passes(days=4)
    assert lifecycle.expire(shop.work) == []
    # It still comes before the order.
    shop.has(4, "laptop")
    assert claimed_and_waiting(shop, line_id) == (10, 0)
    assert shop.audit() == []
    shop.waits_until(later)
    assert lifecycle.expire(shop.work) == [reservation]
    assert shop.claimed(line_id) == 0


@story
def test_an_expired_reservation_can_neither_be_extended_nor_ordered(shop: Shop) -> None:
    shop.has(7, "laptop")
    reservation, _ = reserve(shop)
    with pytest.raises(EndPassed):
        shop.does(reservations.move_end, reservation, until=NOW)
    with pytest.raises(Changed):
        reservations.move_end(shop.work, reservation, revision=0, until=FRIDAY + DAY)
    shop.waits_until(FRIDAY)
    with pytest.raises(HoldOver):
        shop.does(reservations.move_end, reservation, until=FRIDAY + DAY)
    with pytest.raises(HoldOver):
        reservations.wish_order(shop.work, reservation)
    assert facts(shop, reservation).is_over


@audited_story
def test_four_are_ordered_three_released_and_the_rest_expires(shop: Shop) -> None:
    shop.has(10, "laptop")
    reservation, line_id = reserve(shop)
    ordered = shop.line_id(shop.makes("sales_order", reservation, 4))
    assert shop.claimed(ordered) == 4
    assert free(shop) == 0
    shop.does(reservations.release, reservation, quantities={line_id: D(3)}, reason="fewer seats")
    assert (shop.claimed(line_id), free(shop)) == (3, 3)
    (released,) = shop.told("hold_released")
    assert [each["quantity"] for each in released.facts["lines"]] == [3]
    shop.waits_until(FRIDAY)
    assert lifecycle.expire(shop.work) == [reservation]
    assert shop.state(reservation) == State.ENDED
    assert (shop.claimed(ordered), free(shop)) == (4, 6)


@story
def test_what_a_reservation_waits_for_is_released_first(shop: Shop) -> None:
    shop.has(7, "laptop")
    reservation, line_id = reserve(shop)
    shop.does(reservations.release, reservation, quantities={line_id: D(4)})
    assert (*claimed_and_waiting(shop, line_id), free(shop)) == (6, 0, 1)


@audited_story
def test_a_customer_releases_a_reservation_and_the_next_order_gets_its_goods(shop: Shop) -> None:
    shop.has(10, "laptop")
    kim = shop.by(shop.contact())
    reservation, _ = reserve(shop)
    order = shop.line_id(shop.sells(8, "laptop"))
    assert shop.waiting(order) == 8
    kim.does(reservations.release, reservation, reason="no need")
    assert shop.state(reservation) == State.ENDED
    assert shop.claimed(order) == 8
    assert free(shop) == 2


@story
def test_releasing_the_last_piece_ends_the_reservation(shop: Shop) -> None:
    shop.has(10, "laptop")
    reservation, line_id = reserve(shop)
    with pytest.raises(MoreThanOffered):
        shop.does(reservations.release, reservation, quantities={line_id: D(11)})
    with pytest.raises(NothingInIt):
        shop.does(reservations.release, reservation, quantities={})
    shop.does(reservations.release, reservation, quantities={line_id: D(10)})
    assert shop.state(reservation) == State.ENDED
    with pytest.raises(ActionRefused):
        shop.does(reservations.release, reservation)


@story
def test_an_order_from_an_expired_reservation_is_refused_by_its_number(shop: Shop) -> None:
    shop.has(10, "laptop")
    reservation, _ = reserve(shop)
    draft = shop.converts("sales_order", reservation)
    shop.waits_until(FRIDAY)
    lifecycle.expire(shop.work)
    with pytest.raises(converting.NotInForce) as refused:
        shop.issues(draft)
    assert refused.value.facts["number"] == "RS-2026-0001"


@story
def test_reserved_goods_can_be_taken_away_for_an_order(shop: Shop) -> None:
    shop.has(7, "laptop")
    reservation, line_id = reserve(shop)
    order = shop.sells(2, "laptop")
    reservations.take_away(shop.work, line_id, D(2), reason="paid in advance")
    assert claimed_and_waiting(shop, line_id) == (5, 3)
    assert shop.claimed(shop.line_id(order)) == 2
    assert shop.told("released")[0].facts["reason"] == "paid in advance"
    with pytest.raises(stock.NotClaimed):
        reservations.take_away(shop.work, line_id, D(6), reason="all")
    with pytest.raises(NotFound):
        reservations.take_away(shop.work, 0, D(1), reason="none")
    shop.does(reservations.release, reservation, quantities={line_id: D(3)})
    reservations.take_away(shop.work, line_id, D(5), reason="all")
    assert shop.state(reservation) == State.ENDED
    assert shop.audit() == []
    kim = shop.by(shop.contact())
    with pytest.raises(NotAllowed):
        reservations.take_away(kim.work, line_id, D(1), reason="mine")


# --- Wishes ----------------------------------------------------------------------------------


@story
def test_a_wish_stands_until_it_is_answered_or_the_reservation_changes(shop: Shop) -> None:
    shop.has(10, "laptop")
    kim = shop.by(shop.contact())
    reservation, _ = reserve(shop)
    assert facts(shop, reservation).wish is None
    later = FRIDAY + 3 * DAY
    reservations.wish_time(kim.work, reservation, until=later)
    wish = facts(shop, reservation).wish
    assert wish is not None
    assert (wish.asker.name, wish.until, wish.wants_order) == ("Kim", later, False)
    reservations.refuse_wish(shop.work, reservation, reason="they are promised")
    assert facts(shop, reservation).wish is None
    assert shop.told("wish_refused")[0].facts["reason"] == "they are promised"
    reservations.wish_order(shop.work, reservation)
    wish = facts(shop, reservation).wish
    assert wish is not None
    assert wish.wants_order
    shop.makes("sales_order", reservation, 10)
    assert facts(shop, reservation).wish is None
    with pytest.raises(EndPassed):
        reservations.wish_time(shop.work, reservation, until=NOW)


# --- Before the end --------------------------------------------------------------------------


@story
def test_both_sides_are_warned_once_before_each_end(shop: Shop) -> None:
    shop.has(10, "laptop")
    reservation, _ = reserve(shop)
    shop.passes(days=2, hours=13)
    assert reservations.warn(shop.work) == []
    shop.passes(hours=1)
    assert reservations.warn(shop.work) == [reservation]
    assert reservations.warn(shop.work) == []
    (warned,) = shop.told("hold_ends_soon")
    assert (warned.facts["number"], warned.facts["until"]) == ("RS-2026-0001", FRIDAY)
    shop.does(reservations.move_end, reservation, until=FRIDAY + DAY)
    assert reservations.warn(shop.work) == []
    shop.passes(days=1, hours=6)
    assert reservations.warn(shop.work) == [reservation]


@story
def test_a_short_reservation_is_announced_at_half_its_time_unless_it_was_ordered(
    shop: Shop,
) -> None:
    shop.has(10, "laptop")
    until = NOW + timedelta(hours=4)
    held, ordered = (request(shop, (4, "laptop"), until=until) for _ in range(2))
    for each in (held, ordered):
        shop.does(reservations.grant, each)
    shop.makes("sales_order", ordered, 4)
    shop.passes(hours=1)
    assert reservations.warn(shop.work) == []
    shop.passes(hours=1)
    assert reservations.warn(shop.work) == [held, ordered]
    assert len(shop.told("hold_ends_soon")) == 1
