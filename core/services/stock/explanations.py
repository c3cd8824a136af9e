"""Every number explains itself: why so many are available, and what happened before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from core.domain.money import ZERO
from core.domain.places import PlaceRole
from core.domain.stock import Level, OpenClaim, Waiter
from core.services import company
from core.services.rights import NotFound
from core.storage.queries import claim_queries, ledger_queries, stock_queries
from core.storage.queries.ledger_queries import HistoryEntry
from core.storage.queries.stock_queries import Expected, LineFacts


@dataclass(frozen=True)
class Held:
    """A line's claim, or what it waits for."""

    line_id: int
    document_id: int
    kind: str
    number: str
    party: str
    quantity: Decimal
    until: datetime | None


@dataclass(frozen=True)
class Why:
    """What a product's available quantity is made of: on hand less each claim."""

    product_id: int
    name: str
    on_hand: Decimal
    quarantine: Decimal
    claims: tuple[Held, ...]
    waiting: tuple[Held, ...]
    incoming: tuple[Expected, ...]

    @property
    def available(self) -> Decimal:
        """What is left: the claims explain it."""
        return self.on_hand - sum((each.quantity for each in self.claims), ZERO)


def why(connection: Connection, product_id: int) -> Why:
    """What explains a product's numbers; claims and waiting lines in the order of the queue.

    It names whose goods they are: only for those who may see the stock.

    Raises:
        NotFound: there is no such product.
    """
    names = ledger_queries.names_and_costs(connection, [product_id])
    if product_id not in names:
        raise NotFound(subject="product")
    places = company.places(connection)
    there = stock_queries.levels(connection, [product_id])
    claims = claim_queries.open_claims(connection, product_ids=[product_id])
    waiters = claim_queries.queue(connection, [product_id])
    lines = stock_queries.goods_lines(
        connection, [each.line_id for each in claims] + [each.line_id for each in waiters]
    )
    held = sorted(claims, key=lambda claim: (claim.rank, claim.id))
    return Why(
        product_id=product_id,
        name=names[product_id][0],
        on_hand=there.get((product_id, places[PlaceRole.WAREHOUSE]), Level()).on_hand,
        quarantine=there.get((product_id, places[PlaceRole.QUARANTINE]), Level()).on_hand,
        claims=tuple(_held(lines, each, each.open) for each in held),
        waiting=tuple(_held(lines, each, each.quantity) for each in waiters),
        incoming=tuple(stock_queries.incoming(connection, [product_id])),
    )


def _held(lines: Mapping[int, LineFacts], of: OpenClaim | Waiter, quantity: Decimal) -> Held:
    facts = lines[of.line_id]
    return Held(
        line_id=of.line_id,
        document_id=facts.document_id,
        kind=facts.kind,
        number=facts.number,
        party=facts.party,
        quantity=quantity,
        until=of.until,
    )


def history(
    connection: Connection, product_id: int, *, before: int | None = None, limit: int = 20
) -> list[HistoryEntry]:
    """The product's moves, the newest first, with the level of all that is inside after each.

    Args:
        before: the last move that was seen, for the next page.
    """
    return ledger_queries.ledger(connection, product_id, before=before, limit=limit)
