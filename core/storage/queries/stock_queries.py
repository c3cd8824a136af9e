"""Reads of levels, of the goods on lines, and of what comes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)

from core.domain.document_type import DocumentType
from core.domain.documents import kinds
from core.domain.links import Track
from core.domain.money import ZERO
from core.domain.places import PlaceRole
from core.domain.stock import Level, LevelKey
from core.storage.columns import Quantity
from core.storage.sql import IDS, id_list
from core.storage.tables import (
    document,
    draw,
    level,
    outstanding,
    party,
    place,
    product,
)
from core.storage.tables import document_line as line

GOODS = "goods"


@dataclass(frozen=True)
class LineFacts:
    """Whose line it is: what a message or an explanation says of it."""

    line_id: int
    document_id: int
    kind: str
    number: str
    party_id: int | None
    party: str
    product_id: int
    product: str
    quantity: Decimal
    priority: int
    asked_at: datetime | None
    ships_complete: bool


@dataclass(frozen=True)
class Expected:
    """What the line of a document in force still brings."""

    line_id: int
    document_id: int
    number: str
    party: str
    product_id: int
    quantity: Decimal
    on: date | None


# --- Levels -------------------------------------------------------------------------------------


_LEVELS = select(
    level.c.product_id, level.c.place_id, level.c.on_hand, level.c.claimed, level.c.value_minor
).where(level.c.product_id.in_(IDS))


def levels(connection: Connection, product_ids: Collection[int]) -> dict[LevelKey, Level]:
    """What is at the inside places; a product that never had goods there has no entry."""
    rows = connection.execute(_LEVELS, {"ids": id_list(product_ids)})
    return {
        (row.product_id, row.place_id): Level(row.on_hand, row.claimed, row.value_minor)
        for row in rows
    }


_LEVELS_BY_ROLE = (
    select(level.c.product_id, place.c.role, level.c.on_hand, level.c.claimed, level.c.value_minor)
    .select_from(level.join(place, place.c.id == level.c.place_id))
    .where(level.c.product_id.in_(IDS))
)


def levels_by_role(
    connection: Connection, product_ids: Collection[int]
) -> dict[tuple[int, PlaceRole], Level]:
    """As `levels`, by product and the role of the place."""
    rows = connection.execute(_LEVELS_BY_ROLE, {"ids": id_list(product_ids)})
    return {
        (row.product_id, PlaceRole(row.role)): Level(row.on_hand, row.claimed, row.value_minor)
        for row in rows
    }


@dataclass(frozen=True)
class FreeGoods:
    """What nobody has claimed of a product in the warehouse."""

    place_id: int
    free: Decimal


_FREE = (
    select(level.c.product_id, level.c.place_id, level.c.on_hand, level.c.claimed)
    .select_from(level.join(place, place.c.id == level.c.place_id))
    .where(level.c.product_id.in_(IDS), place.c.role == str(PlaceRole.WAREHOUSE))
)


def free_in_warehouse(
    connection: Connection, product_ids: Collection[int]
) -> dict[int, FreeGoods]:
    """The free goods of these products; one that was never in the warehouse has no entry."""
    rows = connection.execute(_FREE, {"ids": id_list(product_ids)})
    return {row.product_id: FreeGoods(row.place_id, row.on_hand - row.claimed) for row in rows}


# --- Lines --------------------------------------------------------------------------------------


def goods_lines(connection: Connection, line_ids: Collection[int]) -> dict[int, LineFacts]:
    """These lines, without those of services and free text."""
    rows = connection.execute(_goods_lines(), {"ids": id_list(line_ids)})
    return {row.line_id: _facts(row) for row in rows}


_FACTS: list[ColumnElement[Any]] = [
    line.c.id.label("line_id"),
    line.c.document_id,
    document.c.kind,
    func.coalesce(document.c.number, "").label("number"),
    document.c.party_id,
    func.coalesce(party.c.name, "").label("party"),
    line.c.product_id,
    product.c.name.label("product"),
    line.c.priority,
    line.c.asked_at,
    document.c.ships_complete,
]


@cache
def _goods_lines() -> Select[Any]:
    return (
        select(*_FACTS, line.c.quantity)
        .select_from(
            line.join(document, document.c.id == line.c.document_id)
            .join(product, product.c.id == line.c.product_id)
            .outerjoin(party, party.c.id == document.c.party_id)
        )
        .where(product.c.nature == GOODS, line.c.id.in_(IDS))
    )


def _facts(row: Row[Any]) -> LineFacts:
    return LineFacts(
        line_id=row.line_id,
        document_id=row.document_id,
        kind=row.kind,
        number=row.number,
        party_id=row.party_id,
        party=row.party,
        product_id=row.product_id,
        product=row.product,
        quantity=row.quantity,
        priority=row.priority,
        asked_at=row.asked_at,
        ships_complete=row.ships_complete,
    )


# --- What comes ---------------------------------------------------------------------------------


def open_of_line() -> ColumnElement[Decimal]:
    """What is open of a line of `line`: `core.domain.links.LineState.to_fulfil`, summed there."""
    more, less = (Track.RETURN, Track.EXCESS), (Track.FULFIL, Track.DROP)
    # One look for all draws of the line: one for each track costs four times as much.
    drawn = case(
        (draw.c.track.in_([str(each) for each in more]), draw.c.quantity),
        (draw.c.track.in_([str(each) for each in less]), -draw.c.quantity),
        else_=literal(ZERO, Quantity()),
    )
    taken = (
        select(func.coalesce(func.sum(drawn), 0))
        .where(draw.c.line_id == line.c.id)
        .scalar_subquery()
    )
    return line.c.quantity + taken


def outstanding_on(track: Track) -> Select[int]:
    """The lines with something left on a track: few, however many have had it.

    What is left is asked of the draws: this only says where to look.
    """
    return select(outstanding.c.line_id).where(
        outstanding.c.track == str(track), outstanding.c.quantity > ZERO
    )


Force = tuple[tuple[str, tuple[str, ...]], ...]
"""Kinds with the states in which they are in force."""


def force_of(rows: Iterable[DocumentType]) -> Force:
    """These rows with the states in which they are in force."""
    return tuple(
        (str(row.kind), tuple(sorted(str(state) for state in row.lifecycle.in_force)))
        for row in rows
    )


def in_force(rows: Iterable[DocumentType]) -> ColumnElement[bool]:
    """Whether a document of `document` is one of these rows and in force."""
    return _in_force(force_of(rows))


def _in_force(force: Force) -> ColumnElement[bool]:
    return or_(
        *(and_(document.c.kind == kind, document.c.state.in_(states)) for kind, states in force)
    )


@lru_cache(maxsize=8)
def _incoming(force: Force) -> Select[Any]:
    quantity = open_of_line().label("quantity")
    is_left = (
        select(outstanding.c.line_id)
        .where(outstanding.c.line_id == line.c.id, outstanding.c.quantity > ZERO)
        .exists()
    )
    return (
        select(
            line.c.id.label("line_id"), line.c.document_id,
            func.coalesce(document.c.number, "").label("number"),
            func.coalesce(party.c.name, "").label("party"),
            line.c.product_id, quantity, document.c.delivery_on.label("on"),
        )
        .select_from(
            line.join(document, document.c.id == line.c.document_id)
            .join(product, product.c.id == line.c.product_id)
            .outerjoin(party, party.c.id == document.c.party_id)
        )
        .where(
            line.c.product_id.in_(IDS),
            product.c.nature == GOODS,
            # The lines are found by their product, and most of them are left out by this.
            is_left,
            _in_force(force),
            quantity > 0,
        )
    )  # fmt: skip


def incoming(connection: Connection, product_ids: Collection[int]) -> list[Expected]:
    """What lines of documents in force still bring of these products, the earliest first.

    What is open of a line is what `open_of_line` says.
    """
    rows = connection.execute(
        _incoming(force_of(kinds(incoming=True))), {"ids": id_list(product_ids)}
    )
    found = [Expected(**row._mapping) for row in rows]
    return sorted(found, key=lambda each: (each.on is None, each.on or date.max, each.line_id))
