"""Reads of the ledger of moves: what came and left, at which value, and the level it made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    column,
    func,
    literal,
    or_,
    select,
    values,
)

from core.domain.money import ZERO
from core.domain.places import PlaceRole
from core.storage.columns import Quantity, Whole
from core.storage.sql import id_list
from core.storage.tables import (
    company,
    document,
    level,
    move,
    party,
    person,
    place,
    product,
    value_difference,
)
from core.storage.tables import document_line as line


@dataclass(frozen=True)
class PastMove:
    """A move that was written, of goods that came, left or were returned."""

    id: int
    line_id: int
    source_line_id: int | None
    rejected_goods: bool
    product_id: int
    quantity: Decimal
    value_minor: int
    source_place_id: int
    target_place_id: int


def last_moves(
    connection: Connection, product_ids: Collection[int], place_id: int
) -> dict[int, tuple[Decimal, int]]:
    """Each product's level at a place, with the last move that explains it."""
    rows = connection.execute(
        select(level.c.product_id, level.c.on_hand, level.c.last_move_id).where(
            level.c.product_id.in_(id_list(product_ids)), level.c.place_id == place_id
        )
    )
    return {row.product_id: (row.on_hand, row.last_move_id) for row in rows}


def moved_since(
    connection: Connection, place_id: int, moves: Collection[tuple[int, int]]
) -> dict[tuple[int, int], Decimal]:
    """How a place's level changed after a move: by (product, move), in one statement."""
    start = (
        values(column("product_id", Whole()), column("move_id", Whole()), name="start")
        .data(sorted(set(moves)))
        .cte("start")
    )
    rows = connection.execute(
        select(
            start.c.product_id,
            start.c.move_id,
            func.sum(_signed(place_id)).label("quantity"),
        )
        .select_from(
            start.join(
                move,
                and_(move.c.product_id == start.c.product_id, move.c.id > start.c.move_id),
            )
        )
        .group_by(start.c.product_id, start.c.move_id)
    )
    return {(row.product_id, row.move_id): row.quantity for row in rows}


def _signed(*place_ids: int) -> ColumnElement[Decimal]:
    """What a move did to the goods at these places together."""
    came = case((move.c.to_place_id.in_(place_ids), move.c.quantity), else_=_zero())
    left = case((move.c.from_place_id.in_(place_ids), move.c.quantity), else_=_zero())
    return came - left


def _zero() -> ColumnElement[Decimal]:
    return literal(ZERO, Quantity())


def moves_by_id(connection: Connection, move_ids: Collection[int]) -> dict[int, PastMove]:
    """These moves."""
    rows = connection.execute(_past_moves().where(move.c.id.in_(id_list(move_ids))))
    return {row.id: PastMove(**row._mapping) for row in rows}


def moves_of_origins(connection: Connection, line_ids: Collection[int]) -> list[PastMove]:
    """The moves of these lines and of the lines made from them, without what was reversed."""
    ids = id_list(line_ids)
    undone = move.alias("undone")
    rows = connection.execute(
        _past_moves()
        .where(
            or_(line.c.id.in_(ids), line.c.source_line_id.in_(ids)),
            move.c.reverses.is_(None),
            ~select(undone.c.id).where(undone.c.reverses == move.c.id).exists(),
        )
        .order_by(move.c.id)
    )
    return [PastMove(**row._mapping) for row in rows]


def _past_moves() -> Select[Any]:
    return select(
        move.c.id, move.c.line_id, line.c.source_line_id, line.c.rejected_goods,
        move.c.product_id, move.c.quantity,
        move.c.value_minor, move.c.from_place_id.label("source_place_id"),
        move.c.to_place_id.label("target_place_id"),
    ).select_from(move.join(line, line.c.id == move.c.line_id))  # fmt: skip


def differences_of(
    connection: Connection, line_ids: Collection[int]
) -> dict[tuple[int, int], int]:
    """The value differences recorded so far, by line and product."""
    rows = connection.execute(
        select(
            value_difference.c.line_id,
            value_difference.c.product_id,
            func.sum(value_difference.c.amount_minor).label("amount_minor"),
        )
        .where(value_difference.c.line_id.in_(id_list(line_ids)))
        .group_by(value_difference.c.line_id, value_difference.c.product_id)
    )
    return {(row.line_id, row.product_id): row.amount_minor for row in rows}


def names_and_costs(
    connection: Connection, product_ids: Collection[int]
) -> dict[int, tuple[str, Decimal | None, str]]:
    """Each product's name, its cost price, and the company's currency."""
    rows = connection.execute(
        select(product.c.id, product.c.name, product.c.cost_price, company.c.currency)
        .select_from(product.outerjoin(company, company.c.id == 1))
        .where(product.c.id.in_(id_list(product_ids)))
    )
    return {row.id: (row.name, row.cost_price, row.currency) for row in rows}


@dataclass(frozen=True)
class HistoryEntry:
    """A move with its paper and who made it.

    `moved` is its quantity, `quantity` what it did to the goods inside, `level` what was inside
    after it, `value_minor` in the company's currency.
    """

    move_id: int
    at: datetime
    document_id: int
    kind: str
    number: str
    party: str
    person: str
    source: PlaceRole
    target: PlaceRole
    moved: Decimal
    quantity: Decimal
    value_minor: int
    is_reversal: bool
    level: Decimal


def ledger(
    connection: Connection, product_id: int, *, before: int | None, limit: int
) -> list[HistoryEntry]:
    """A product's moves, the newest first, with the level of all that is inside after each.

    Going back from the level as it is now, a page costs as much as what is newer than it.
    """
    source, target = place.alias("source"), place.alias("target")
    came = case((target.c.inside, move.c.quantity), else_=_zero())
    left = case((source.c.inside, move.c.quantity), else_=_zero())
    moves = (
        select(
            move, source.c.role.label("source"), target.c.role.label("target"),
            (came - left).label("signed"),
        )
        .select_from(
            move.join(source, source.c.id == move.c.from_place_id).join(
                target, target.c.id == move.c.to_place_id
            )
        )
        .where(move.c.product_id == product_id)
        .subquery("moves")
    )  # fmt: skip
    statement = (
        select(
            moves, line.c.document_id, document.c.kind,
            func.coalesce(document.c.number, "").label("number"),
            func.coalesce(party.c.name, "").label("party"),
            func.coalesce(person.c.name, "").label("person"),
        )
        .select_from(
            moves.join(line, line.c.id == moves.c.line_id)
            .join(document, document.c.id == line.c.document_id)
            .outerjoin(party, party.c.id == document.c.party_id)
            .outerjoin(person, person.c.id == moves.c.person_id)
        )
        .order_by(moves.c.id.desc())
        .limit(limit)
    )  # fmt: skip
    now = select(func.coalesce(func.sum(level.c.on_hand), 0)).where(
        level.c.product_id == product_id
    )
    after: Decimal = connection.execute(now).scalar_one()
    if before is not None:
        statement = statement.where(moves.c.id < before)
        newer = select(func.coalesce(func.sum(moves.c.signed), 0)).where(moves.c.id >= before)
        after -= connection.execute(newer).scalar_one()
    found = []
    for row in connection.execute(statement):
        found.append(_entry(row, after))
        after -= row.signed
    return found


def _entry(row: Row[Any], after: Decimal) -> HistoryEntry:
    return HistoryEntry(
        move_id=row.id,
        at=row.at,
        document_id=row.document_id,
        kind=row.kind,
        number=row.number,
        party=row.party,
        person=row.person,
        source=PlaceRole(row.source),
        target=PlaceRole(row.target),
        moved=row.quantity,
        quantity=row.signed,
        value_minor=row.value_minor,
        is_reversal=row.reverses is not None,
        level=after,
    )
