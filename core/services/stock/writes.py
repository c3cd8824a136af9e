"""Writes of claims, their ends, the queue and moves: each a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, delete, insert, update

from core.domain.stock import Ended, OpenClaim, StockMovement, Waiter, left_of
from core.services.work import Work
from core.storage.sql import IDS, id_list, insert_rows
from core.storage.tables import claim, claim_end, move, value_difference, waiting
from core.storage.tables import document_line as line

_WAIT_NO_MORE = delete(waiting).where(waiting.c.line_id.in_(IDS))
_SET_RANK = update(line).where(line.c.id == bindparam("of_line"))
_MAKE_MOVES = insert(move).returning(
    move.c.id, move.c.line_id, move.c.product_id, move.c.from_place_id, move.c.to_place_id,
    move.c.quantity, move.c.value_minor,
)  # fmt: skip


@dataclass(frozen=True)
class NewClaim:
    """Goods to be claimed for a line."""

    line_id: int
    product_id: int
    place_id: int
    quantity: Decimal
    until: datetime | None


@dataclass(frozen=True)
class Difference:
    """Value (minor units of the company's currency, plus is a gain) without goods."""

    line_id: int
    product_id: int
    amount_minor: int
    cause: str


def end_claims(work: Work, ended: Sequence[Ended], *, note: str = "") -> None:
    """Write ends of claims; the database applies them to the claims and levels."""
    insert_rows(
        work.connection,
        claim_end,
        [
            {
                "claim_id": end.claim.id,
                "quantity": end.quantity,
                "reason": str(end.reason),
                "by_line_id": end.by_line_id,
                "person_id": work.actor.person_id or None,
                "note": note,
                "at": work.now,
            }
            for end in ended
        ],
    )
    lines = {end.claim.line_id for end in ended} & work.known.lines.keys()
    if lines:
        _keep_known(work, lines, ended)


def _keep_known(work: Work, line_ids: Collection[int], ended: Sequence[Ended]) -> None:
    """Take these ends off the claims that are known."""
    known = work.known.lines
    left: dict[int, list[OpenClaim]] = {line_id: [] for line_id in line_ids}
    for open_claim in left_of((each for id in line_ids for each in known[id].claims), ended):
        left[open_claim.line_id].append(open_claim)
    work.known.lines = {
        **known, **{id: replace(known[id], claims=tuple(each)) for id, each in left.items()}
    }  # fmt: skip


def _forget(work: Work, line_ids: Collection[int]) -> None:
    """Let the claims and places of these lines be read again."""
    work.known.lines = {
        line_id: each for line_id, each in work.known.lines.items() if line_id not in line_ids
    }


def make_claims(work: Work, claims: Iterable[NewClaim]) -> None:
    """Write claims, those of the same line and goods as one."""
    total: dict[NewClaim, Decimal] = defaultdict(Decimal)
    for each in claims:
        key = NewClaim(each.line_id, each.product_id, each.place_id, Decimal(0), each.until)
        total[key] += each.quantity
    insert_rows(
        work.connection,
        claim,
        [
            {
                "product_id": each.product_id,
                "place_id": each.place_id,
                "line_id": each.line_id,
                "quantity": quantity,
                "open": quantity,
                "until": each.until,
                "at": work.now,
            }
            for each, quantity in total.items()
        ],
    )
    _forget(work, {each.line_id for each in total})


def set_waiting(work: Work, line_ids: Collection[int], waiters: Iterable[Waiter]) -> None:
    """Of these lines, exactly `waiters` wait from now on."""
    if line_ids:
        work.connection.execute(_WAIT_NO_MORE, {"ids": id_list(line_ids)})
    insert_rows(
        work.connection,
        waiting,
        [
            {
                "line_id": each.line_id,
                "product_id": each.product_id,
                "quantity": each.quantity,
                "priority": each.priority,
                "asked_at": each.asked_at,
                "until": each.until,
                "complete_only": each.complete_only,
            }
            for each in waiters
            if each.quantity > 0
        ],
    )
    work.known.queues = {}


def set_ranks(work: Work, ranks: Mapping[int, tuple[int, datetime]]) -> None:
    """Give lines their place in the queue: (priority, asked at)."""
    if ranks:
        work.connection.execute(
            _SET_RANK,
            [
                {"of_line": line_id, "priority": priority, "asked_at": asked_at}
                for line_id, (priority, asked_at) in sorted(ranks.items())
            ],
        )
        _forget(work, ranks)


def make_moves(work: Work, movements: Sequence[StockMovement], values: Sequence[int]) -> list[int]:
    """Write the moves of `movements` with their values; returns their ids in that order."""
    rows = work.connection.execute(
        _MAKE_MOVES,
        [
            {
                "product_id": each.product_id,
                "from_place_id": each.source_place_id,
                "to_place_id": each.target_place_id,
                "quantity": each.quantity,
                "value_minor": value,
                "line_id": each.line_id,
                "reverses": each.reverses,
                "person_id": work.actor.person_id or None,
                "at": work.now,
            }
            for each, value in zip(movements, values, strict=True)
        ],
    )
    # The database may return them in any order; those that are alike are told apart by nothing.
    ids: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: -row.id):
        ids[tuple(row[1:])].append(row.id)
    return [
        ids[
            each.line_id, each.product_id, each.source_place_id, each.target_place_id,
            each.quantity, value,
        ].pop()
        for each, value in zip(movements, values, strict=True)
    ]  # fmt: skip


def record_differences(work: Work, differences: Sequence[Difference]) -> None:
    """Write value differences."""
    insert_rows(
        work.connection,
        value_difference,
        [
            {
                "product_id": each.product_id,
                "line_id": each.line_id,
                "amount_minor": each.amount_minor,
                "cause": each.cause,
                "at": work.now,
            }
            for each in differences
        ],
    )
