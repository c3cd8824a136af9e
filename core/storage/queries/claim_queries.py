"""Reads of claims and of the queue of those who wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)

from core.domain.stock import ClaimingLine, EndReason, OpenClaim, Waiter
from core.storage.records import filled
from core.storage.sql import IDS, id_list
from core.storage.tables import claim, claim_end, waiting
from core.storage.tables import document_line as line

# --- Claims -------------------------------------------------------------------------------------


_CLAIM: list[ColumnElement[Any]] = [
    claim.c.id, claim.c.line_id, line.c.document_id, claim.c.product_id, claim.c.place_id,
    claim.c.open, line.c.priority, func.coalesce(line.c.asked_at, claim.c.at).label("asked_at"),
    claim.c.until,
]  # fmt: skip
_OPEN_CLAIMS = (
    select(*_CLAIM)
    .select_from(claim.join(line, line.c.id == claim.c.line_id))
    .where(claim.c.open > 0)
    .order_by(claim.c.id)
)
_CLAIMS_OF_LINES = _OPEN_CLAIMS.where(claim.c.line_id.in_(IDS))
_CLAIMS_ON_PRODUCTS = _OPEN_CLAIMS.where(claim.c.product_id.in_(IDS))
_CONSUMED = (
    select(*_CLAIM, claim_end.c.quantity.label("consumed"))
    .select_from(
        claim_end.join(claim, claim.c.id == claim_end.c.claim_id).join(
            line, line.c.id == claim.c.line_id
        )
    )
    .where(claim_end.c.by_line_id.in_(IDS), claim_end.c.reason == str(EndReason.CONSUMED))
    .order_by(claim_end.c.id)
)


def open_claims(
    connection: Connection,
    *,
    product_ids: Collection[int] | None = None,
    line_ids: Collection[int] | None = None,
) -> list[OpenClaim]:
    """What is open of the claims on these products, or of these lines, the oldest first."""
    if line_ids is not None:
        rows = connection.execute(_CLAIMS_OF_LINES, {"ids": id_list(line_ids)})
    else:
        rows = connection.execute(_CLAIMS_ON_PRODUCTS, {"ids": id_list(product_ids or ())})
    return [OpenClaim(**row._mapping) for row in rows]


_CLAIMING_LINES = (
    select(
        line.c.id.label("of_line"),
        line.c.priority.label("line_priority"),
        line.c.asked_at.label("line_asked_at"),
        *_CLAIM,
    )
    .select_from(line.outerjoin(claim, and_(claim.c.line_id == line.c.id, claim.c.open > 0)))
    .where(line.c.id.in_(IDS))
    .order_by(claim.c.id)
)


def claiming_lines(connection: Connection, line_ids: Collection[int]) -> dict[int, ClaimingLine]:
    """Return the places of these lines and their claims, the oldest first, in one statement."""
    places: dict[int, tuple[datetime | None, int]] = {}
    claims: dict[int, list[OpenClaim]] = defaultdict(list)
    for row in connection.execute(_CLAIMING_LINES, {"ids": id_list(line_ids)}):
        places[row.of_line] = row.line_asked_at, row.line_priority
        if row.id is not None:
            claims[row.of_line].append(filled(OpenClaim, row))
    return {
        line_id: ClaimingLine(asked_at, priority, tuple(claims[line_id]))
        for line_id, (asked_at, priority) in places.items()
    }


def consumed_claims(
    connection: Connection, by_line_ids: Collection[int]
) -> list[tuple[OpenClaim, Decimal]]:
    """The claims that postings of these lines consumed, and how much of each."""
    found = []
    for row in connection.execute(_CONSUMED, {"ids": id_list(by_line_ids)}):
        columns = dict(row._mapping)
        consumed = columns.pop("consumed")
        found.append((OpenClaim(**columns), consumed))
    return found


def _due(*, of_products: bool) -> CompoundSelect[Any]:
    claims = select(claim.c.product_id).where(claim.c.open > 0, claim.c.until <= bindparam("at"))
    waits = select(waiting.c.product_id).where(waiting.c.until <= bindparam("at"))
    if of_products:
        claims = claims.where(claim.c.product_id.in_(IDS))
        waits = waits.where(waiting.c.product_id.in_(IDS))
    return union_all(claims, waits)


_DUE = _due(of_products=False)
_DUE_OF_PRODUCTS = _due(of_products=True)


def products_due(
    connection: Connection, now: datetime, product_ids: Collection[int] | None = None
) -> list[int]:
    """The products (of these, or of all) with claims or waiting lines whose time is over."""
    if product_ids is None:
        rows = connection.execute(_DUE, {"at": now})
    else:
        rows = connection.execute(_DUE_OF_PRODUCTS, {"at": now, "ids": id_list(product_ids)})
    return sorted({row.product_id for row in rows})


# --- The queue ----------------------------------------------------------------------------------

_WAITER: list[ColumnElement[Any]] = [
    waiting.c.line_id, line.c.document_id, waiting.c.product_id, waiting.c.quantity,
    waiting.c.priority, waiting.c.asked_at, waiting.c.until, waiting.c.complete_only,
]  # fmt: skip


def _waiters(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_WAITER)
        .select_from(waiting.join(line, line.c.id == waiting.c.line_id))
        .where(*conditions)
        .order_by(waiting.c.priority, waiting.c.asked_at, waiting.c.line_id)
    )


def _whole() -> Select[Any]:
    """The documents that ship complete and wait for one of the products."""
    other_wait, other_line = waiting.alias("other_wait"), line.alias("other_line")
    return (
        select(other_line.c.document_id)
        .select_from(other_wait.join(other_line, other_line.c.id == other_wait.c.line_id))
        .where(other_wait.c.product_id.in_(IDS), other_wait.c.complete_only)
    )


_TOGETHER, _LATE = "together", "late"
_BEFORE_LOCKING = union_all(
    select(literal(_TOGETHER).label("why"), waiting.c.product_id)
    .select_from(waiting.join(line, line.c.id == waiting.c.line_id))
    .where(line.c.document_id.in_(_whole())),
    select(literal(_LATE).label("why"), claim.c.product_id).where(
        claim.c.product_id.in_(IDS), claim.c.open > 0, claim.c.until <= bindparam("at")
    ),
    select(literal(_LATE).label("why"), waiting.c.product_id).where(
        waiting.c.product_id.in_(IDS), waiting.c.until <= bindparam("at")
    ),
)
_WAITING_LINES = _waiters(waiting.c.line_id.in_(IDS))
_QUEUE = _waiters(waiting.c.product_id.in_(IDS))
_QUEUE_WITH_WHOLE = _waiters(or_(waiting.c.product_id.in_(IDS), line.c.document_id.in_(_whole())))
_WAITING_TOTALS = (
    select(waiting.c.product_id, func.sum(waiting.c.quantity).label("quantity"))
    .where(waiting.c.product_id.in_(IDS))
    .group_by(waiting.c.product_id)
)


def waiting_lines(connection: Connection, line_ids: Collection[int]) -> dict[int, Waiter]:
    """What these lines wait for."""
    rows = connection.execute(_WAITING_LINES, {"ids": id_list(line_ids)})
    return {row.line_id: Waiter(**row._mapping) for row in rows}


def queue(connection: Connection, product_ids: Collection[int]) -> list[Waiter]:
    """The lines that wait for these products, in the order of the queue."""
    rows = connection.execute(_QUEUE, {"ids": id_list(product_ids)})
    return [Waiter(**row._mapping) for row in rows]


def queue_with_whole_documents(
    connection: Connection, product_ids: Collection[int]
) -> list[Waiter]:
    """The queue, with the lines for other products of documents in it that ship complete."""
    rows = connection.execute(_QUEUE_WITH_WHOLE, {"ids": id_list(product_ids)})
    return [Waiter(**row._mapping) for row in rows]


def before_locking(
    connection: Connection, now: datetime, product_ids: Collection[int]
) -> tuple[set[int], set[int]]:
    """What has to be known to lock these products.

    Returns:
        The other products for which documents that ship complete wait together with these, and
        those of these with claims or waiting lines whose time is over.
    """
    ids = id_list(product_ids)
    rows = connection.execute(_BEFORE_LOCKING, {"ids": ids, "at": now}).all()
    together = {row.product_id for row in rows if row.why == _TOGETHER} - set(ids)
    return together, {row.product_id for row in rows if row.why == _LATE}


def waiting_totals(connection: Connection, product_ids: Collection[int]) -> dict[int, Decimal]:
    """How much is waited for of each product."""
    rows = connection.execute(_WAITING_TOTALS, {"ids": id_list(product_ids)})
    return {row.product_id: row.quantity for row in rows}
