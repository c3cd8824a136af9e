"""Goods move: claims end first, then the moves are written.  New claims are made by `allocate`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import Connection

from core.domain.money import ZERO
from core.domain.places import PlaceRole
from core.domain.stock import (
    Ended,
    EndReason,
    GoodsGone,
    Level,
    LevelKey,
    NotEnough,
    Short,
    StockMovement,
    Waiter,
    ends_of_moves,
    first_to_give_way,
    take,
    values_of_moves,
)
from core.services import company
from core.services.stock.locking import claiming, lock
from core.services.stock.notifications import add_up, tell_lines
from core.services.stock.valuation import (
    differences,
    past_values,
    unit_costs,
    with_past_values,
)
from core.services.stock.writes import end_claims, make_moves, record_differences, set_waiting
from core.services.work import Work
from core.storage.queries.claim_queries import open_claims, waiting_lines
from core.storage.queries.ledger_queries import names_and_costs
from core.storage.queries.stock_queries import goods_lines, levels


@dataclass(frozen=True)
class Moved:
    """A move as it was written; the value is in the company's currency."""

    line_id: int
    move_id: int
    value_minor: int


@dataclass(frozen=True)
class Loss:
    """A claim that has to give way: whose goods are taken, and how many."""

    line_id: int
    document_id: int
    number: str
    party: str
    quantity: Decimal


def move_goods(
    work: Work, movements: Sequence[StockMovement], *, displace: bool = False
) -> list[Moved]:
    """Write movements of goods, in their order; return the moves.

    It locks all products in the order of their ids, settles expired claims, ends claims (those
    of `order_line_id` first), then moves.  Goods that go back to the vendor leave at the average:
    the difference to the value with which they came is recorded.

    Args:
        work: the unit of work.
        movements: the goods, and the places between which they move.
        displace: what others have claimed may be taken: their claims go back to waiting, in
            reverse order of the queue, reservations before orders, and they are told.

    Raises:
        NotEnough: the goods are not there, or (unless `displace`) others have claimed them.
        GoodsGone: the same of goods that go back where they came from.
    """
    if not movements:
        return []
    products = {each.product_id for each in movements}
    lock(work, products)
    places = company.places_of(work)
    there = _levels_inside(work.connection, products, places)
    if displace:
        claims = open_claims(work.connection, product_ids=products)
    else:
        # Goods that come in end no claims.
        leaving = [each for each in movements if each.source in there]
        own = {each.order_line_id for each in leaving if each.order_line_id is not None}
        known = claiming(work, own)
        claims = [claim for line_id in own for claim in known[line_id].claims]
    ended, short = ends_of_moves(movements, there, claims, displace=displace)
    if short:
        goes_back = any(each.reverses is not None for each in movements)
        raise _refusal(work, short[0], goes_back=goes_back)
    past = past_values(work.connection, movements, places)
    movements = with_past_values(movements, past, places)
    values = values_of_moves(movements, there, unit_costs(work.connection, movements, there))
    end_claims(work, ended)
    _back_to_waiting(work, [end for end in ended if end.reason is EndReason.DISPLACED])
    move_ids = make_moves(work, movements, values)
    record_differences(
        work, differences(work.connection, movements, values, past=past, places=places)
    )
    for product_id in products:
        work.touch("product", product_id)
    return [
        Moved(each.line_id, move_id, value)
        for each, move_id, value in zip(movements, move_ids, values, strict=True)
    ]


def _refusal(work: Work, short: Short, *, goes_back: bool) -> NotEnough:
    """Why the goods of a product do not move."""
    facts: dict[str, object] = {
        "product_id": short.product_id,
        "name": names_and_costs(work.connection, [short.product_id])[short.product_id][0],
        "free": short.free,
        "wanted": short.wanted,
    }
    return GoodsGone(**facts, gone=short.gone) if goes_back and short.gone else NotEnough(**facts)


def displacement(
    connection: Connection, product_id: int, place_id: int, *, quantity: Decimal
) -> list[Loss]:
    """Whose goods would be taken if `quantity` left the place now; nobody's is an empty list."""
    there = levels(connection, [product_id]).get((product_id, place_id), Level())
    claims = [
        claim
        for claim in open_claims(connection, product_ids=[product_id])
        if claim.place_id == place_id
    ]
    missing = quantity - there.free
    taken = take(first_to_give_way(claims), missing, EndReason.DISPLACED)
    quantities = add_up((end.claim.line_id, end.quantity) for end in taken)
    lines = goods_lines(connection, quantities)
    return [
        Loss(line_id, facts.document_id, facts.number, facts.party, lost)
        for line_id, lost in quantities.items()
        for facts in [lines[line_id]]
    ]


def _levels_inside(
    connection: Connection, product_ids: Collection[int], places: Mapping[PlaceRole, int]
) -> dict[LevelKey, Level]:
    """The levels of all inside places, also of those that never held these products."""
    found = levels(connection, product_ids)
    return {
        key: found.get(key, Level())
        for product_id in product_ids
        for role, place_id in places.items()
        if role.inside
        for key in [(product_id, place_id)]
    }


def _back_to_waiting(work: Work, displaced: Sequence[Ended]) -> None:
    """Those whose claims were taken away wait for these goods again, at their old places."""
    if not displaced:
        return
    lost: dict[int, list[Ended]] = defaultdict(list)
    for end in displaced:
        lost[end.claim.line_id].append(end)
    quantities = add_up((end.claim.line_id, end.quantity) for end in displaced)
    lines = goods_lines(work.connection, quantities)
    waited = waiting_lines(work.connection, quantities)
    waiters = []
    for line_id, quantity in quantities.items():
        claim = lost[line_id][0].claim
        waiter = waited.get(line_id) or Waiter(
            line_id=line_id,
            document_id=claim.document_id,
            product_id=claim.product_id,
            quantity=ZERO,
            priority=claim.priority,
            asked_at=claim.asked_at,
            until=claim.until,
            complete_only=lines[line_id].ships_complete,
        )
        waiters.append(replace(waiter, quantity=waiter.quantity + quantity))
    set_waiting(work, quantities, waiters)
    tell_lines(work, "displaced", quantities)
