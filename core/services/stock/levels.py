"""How much is there, how much comes, when a line gets its goods, what a count means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from core.domain.money import ZERO
from core.domain.places import PlaceRole
from core.domain.stock import Incoming, Level, Promised, Waiter, merged, queue_of, walk
from core.services import company
from core.storage.queries import claim_queries, ledger_queries, stock_queries

LAST = datetime.max.replace(tzinfo=UTC)
"""A new order asks later than everybody who waits."""


@dataclass(frozen=True)
class StockLevel:
    """A product's numbers; `value_minor` (company's currency) is that of all goods inside."""

    on_hand: Decimal = ZERO
    claimed: Decimal = ZERO
    quarantine: Decimal = ZERO
    incoming: Decimal = ZERO
    waiting: Decimal = ZERO
    value_minor: int = 0
    expected_on: date | None = None

    @property
    def available(self) -> Decimal:
        """What can be promised at once."""
        return self.on_hand - self.claimed


@dataclass(frozen=True)
class Counted:
    """What a count starts from: the level in the warehouse and its last move."""

    level: Decimal
    last_move_id: int


@dataclass(frozen=True)
class Count:
    """Somebody counted a product when `move_at_count` was its last move."""

    product_id: int
    counted: Decimal
    move_at_count: int


def levels(connection: Connection, product_ids: Collection[int]) -> dict[int, StockLevel]:
    """The numbers of these products, zeros for those without any goods: three statements."""
    there = stock_queries.levels_by_role(connection, product_ids)
    waiting = claim_queries.waiting_totals(connection, product_ids)
    incoming: dict[int, Decimal] = defaultdict(lambda: ZERO)
    first: dict[int, date] = {}
    for each in stock_queries.incoming(connection, product_ids):
        incoming[each.product_id] += each.quantity
        if each.on is not None:
            first.setdefault(each.product_id, each.on)
    found = {}
    for product_id in product_ids:
        warehouse = there.get((product_id, PlaceRole.WAREHOUSE), Level())
        quarantine = there.get((product_id, PlaceRole.QUARANTINE), Level())
        found[product_id] = StockLevel(
            on_hand=warehouse.on_hand,
            claimed=warehouse.claimed,
            quarantine=quarantine.on_hand,
            incoming=incoming[product_id],
            waiting=waiting.get(product_id, ZERO),
            value_minor=warehouse.value_minor + quarantine.value_minor,
            expected_on=first.get(product_id),
        )
    return found


def promise(connection: Connection, product_id: int, quantity: Decimal) -> list[Promised]:
    """When a new order for `quantity` would get its goods, behind all who wait."""
    return promise_all(connection, {product_id: quantity})[product_id]


def promise_all(
    connection: Connection, quantities: Mapping[int, Decimal]
) -> dict[int, list[Promised]]:
    """When a new order for these quantities, by product, would get its goods."""
    new = [
        Waiter(
            line_id=-product_id,
            document_id=0,
            product_id=product_id,
            quantity=quantity,
            priority=0,
            asked_at=LAST,
        )
        for product_id, quantity in quantities.items()
    ]
    walked = _walked(connection, quantities, *new)
    return {product_id: walked[-product_id] for product_id in quantities}


def promises(connection: Connection, line_ids: Collection[int]) -> dict[int, list[Promised]]:
    """When each of these lines gets its goods: what it has claimed, then by the queue.

    A line that neither claims nor waits has no parts.
    """
    waiters = claim_queries.waiting_lines(connection, line_ids)
    products = {waiter.product_id for waiter in waiters.values()}
    walked = _walked(connection, products) if products else {}
    parts: dict[int, list[Promised]] = {line_id: [] for line_id in line_ids}
    for claim in claim_queries.open_claims(connection, line_ids=line_ids):
        parts[claim.line_id].append(Promised(claim.open, here=True))
    return {line_id: merged([*parts[line_id], *walked.get(line_id, [])]) for line_id in line_ids}


def _walked(
    connection: Connection, product_ids: Collection[int], *new: Waiter
) -> dict[int, list[Promised]]:
    """The queues of these products, with `new` behind them, walked over what comes."""
    queue = claim_queries.queue(connection, product_ids)
    free = stock_queries.free_in_warehouse(connection, product_ids)
    incoming = stock_queries.incoming(connection, product_ids)
    found: dict[int, list[Promised]] = {}
    for product_id in product_ids:
        there = free.get(product_id)
        found |= walk(
            queue_of(each for each in [*queue, *new] if each.product_id == product_id),
            free=there.free if there else ZERO,
            incoming=[
                Incoming(each.quantity, each.on)
                for each in incoming
                if each.product_id == product_id
            ],
        )
    return found


def count(connection: Connection, product_ids: Collection[int]) -> dict[int, Counted]:
    """What the counts of these products start from."""
    return _counted(connection, company.places(connection)[PlaceRole.WAREHOUSE], product_ids)


def _counted(
    connection: Connection, warehouse: int, product_ids: Collection[int]
) -> dict[int, Counted]:
    last = ledger_queries.last_moves(connection, product_ids, warehouse)
    return {product_id: Counted(*last.get(product_id, (ZERO, 0))) for product_id in product_ids}


def counted_differences(connection: Connection, counts: Sequence[Count]) -> list[Decimal]:
    """What each count found too much (or, below zero, too little), by the level at its time.

    What moved since is no difference: counted 50 of 52, then 5 shipped, is still 2 too few.
    Whoever posts it locks the products first (`lock`), so that nothing moves in between.
    """
    if not counts:
        return []
    warehouse = company.places(connection)[PlaceRole.WAREHOUSE]
    now = _counted(connection, warehouse, {each.product_id for each in counts})
    since = ledger_queries.moved_since(
        connection, warehouse, [(each.product_id, each.move_at_count) for each in counts]
    )
    return [
        each.counted
        - (now[each.product_id].level - since.get((each.product_id, each.move_at_count), ZERO))
        for each in counts
    ]
