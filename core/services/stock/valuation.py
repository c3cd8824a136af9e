"""What moves are worth as far as the ledger knows, and the differences that are left.

A customer's return comes back at the value with which it left.  What goes back to a vendor
leaves at the average of what is there, like everything that leaves; he takes it back at the
value with which it came.  The difference between the two, ``came - left``, is recorded: above
zero it is a gain for the company.  Example: 10 pieces at 100 and 10 at 200, 15 are sold for
2,250 of value, the last 5 (worth 750) return to the vendor of the second ten: they came with
1,000, the difference is a gain of 250, and nothing is worth nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection

from core.domain.money import ZERO, digits
from core.domain.places import PlaceRole
from core.domain.stock import Level, LevelKey, StockMovement, next_part_of_value
from core.services.stock.writes import Difference
from core.storage.queries.ledger_queries import (
    PastMove,
    differences_of,
    moves_by_id,
    moves_of_origins,
    names_and_costs,
)

RETURNED = "returned"
REVERSED = "reversed"
Places = Mapping[PlaceRole, int]


PastValues = Mapping[int, int]
"""Values that the ledger knows, by the position of a movement."""


def past_values(
    connection: Connection, movements: Sequence[StockMovement], places: Places
) -> PastValues:
    """Return what goods that come back or go back were worth when they went the first way."""
    return _values_of_reversed(connection, movements) | _values_of_sources(
        connection, movements, places
    )


def with_past_values(
    movements: Sequence[StockMovement], past: PastValues, places: Places
) -> list[StockMovement]:
    """Give goods that come back their past value; what leaves, leaves at the average."""
    inside = _inside(places)
    return [
        replace(each, value_minor=past[position])
        if position in past and each.value_minor is None and each.source_place_id not in inside
        else each
        for position, each in enumerate(movements)
    ]


def unit_costs(
    connection: Connection, movements: Sequence[StockMovement], levels: Mapping[LevelKey, Level]
) -> dict[int, Fraction]:
    """The cost prices, in minor units for one piece, of goods that nobody has a value for."""
    unknown = {
        each.product_id
        for each in movements
        if each.source not in levels and each.value_minor is None
    }
    if not unknown:
        return {}
    return {
        product_id: Fraction(cost) * 10 ** digits(currency)
        for product_id, (_, cost, currency) in names_and_costs(connection, unknown).items()
        if cost is not None
    }


def differences(
    connection: Connection,
    movements: Sequence[StockMovement],
    values: Sequence[int],
    *,
    past: PastValues,
    places: Places,
) -> list[Difference]:
    """Return what is recorded beside moves of these values, zeros left out.

    Goods that go back to the vendor leave a difference; a reversal that brings them back takes
    it back.
    """
    vendor, inside = places[PlaceRole.VENDOR], _inside(places)
    found = [
        Difference(
            each.line_id,
            each.product_id,
            past[position] - value,
            RETURNED if each.reverses is None else REVERSED,
        )
        for position, (each, value) in enumerate(zip(movements, values, strict=True))
        if position in past and each.source_place_id in inside and each.target_place_id == vendor
    ]
    undone = {
        each.line_id
        for each in movements
        if each.source_place_id == vendor and each.reverses is not None
    }
    if undone:
        found += [
            Difference(line_id, product_id, -amount, REVERSED)
            for (line_id, product_id), amount in differences_of(connection, undone).items()
        ]
    return [each for each in found if each.amount_minor]


def _inside(places: Places) -> set[int]:
    return {place_id for role, place_id in places.items() if role.inside}


def _values_of_reversed(
    connection: Connection, movements: Sequence[StockMovement]
) -> dict[int, int]:
    """The values of the moves that movements undo, by the movements' positions."""
    wanted = {each.reverses for each in movements if each.reverses is not None}
    if not wanted:
        return {}
    moves = moves_by_id(connection, wanted)
    return {
        position: moves[each.reverses].value_minor
        for position, each in enumerate(movements)
        if each.reverses is not None
    }


def _values_of_sources(
    connection: Connection, movements: Sequence[StockMovement], places: Places
) -> dict[int, int]:
    """What goods were worth when their lines' sources moved them, by the movements' positions.

    All parts that come back of a source's goods are together worth what those were worth.
    """
    vendor, customer = places[PlaceRole.VENDOR], places[PlaceRole.CUSTOMER]
    asking = {
        position: each
        for position, each in enumerate(movements)
        if each.reverses is None
        and (
            each.target_place_id == vendor
            or (each.source_place_id == customer and each.value_minor is None)
        )
    }
    if not asking:
        return {}
    sources = {each.source_line_id for each in asking.values() if each.source_line_id}
    moves = moves_of_origins(connection, sources)
    given: dict[tuple[int | None, bool, int], Decimal] = defaultdict(Decimal)
    found = {}
    for position, each in asking.items():
        first, back = _first_and_back(each, moves, places=places)
        whole = _total(first)
        origin = each.source_line_id, each.rejected_goods, each.product_id
        before = _total(back) + given[origin]
        if before + each.quantity <= whole:
            given[origin] += each.quantity
            value = sum(move.value_minor for move in first)
            found[position] = next_part_of_value(
                value, before=before, part=each.quantity, whole=whole
            )
    return found


def _first_and_back(
    movement: StockMovement, moves: Sequence[PastMove], *, places: Places
) -> tuple[list[PastMove], list[PastMove]]:
    """How a source's goods went the first way, and what of them came back by now.

    A receipt's accepted and rejected goods are told apart; what was accepted after all counts
    with the accepted.
    """
    vendor, customer = places[PlaceRole.VENDOR], places[PlaceRole.CUSTOMER]
    ours = [
        move
        for move in moves
        if move.product_id == movement.product_id
        and movement.source_line_id in (move.line_id, move.source_line_id)
    ]
    if movement.source_place_id == customer:
        return (
            [move for move in ours if move.target_place_id == customer],
            [move for move in ours if move.source_place_id == customer],
        )
    return (
        [
            move
            for move in ours
            if move.source_place_id == vendor
            and (move.target_place_id == places[PlaceRole.QUARANTINE]) == movement.rejected_goods
        ],
        [
            move
            for move in ours
            if move.target_place_id == vendor and move.rejected_goods == movement.rejected_goods
        ],
    )


def _total(moves: Sequence[PastMove]) -> Decimal:
    return sum((move.quantity for move in moves), ZERO)
