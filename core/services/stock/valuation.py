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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection

from core.domain.money import ZERO, digits
from core.domain.places import PlaceRole
from core.domain.stock import Leg, Level, LevelKey, Origin, next_part_of_value
from core.services.stock.writes import Difference
from core.storage.ledger_queries import (
    PastMove,
    differences_of,
    moves_by_id,
    moves_of_origins,
    names_and_costs,
    origins,
)

RETURNED = "returned"
REVERSED = "reversed"
Places = Mapping[PlaceRole, int]


@dataclass(frozen=True)
class KnownValues:
    """Legs with the values that the ledger knows.

    `came_minor` has, by the leg's position, the value with which goods came that go back to
    the vendor; `brought_back` the positions of legs that undo such a return.
    """

    legs: Sequence[Leg]
    came_minor: Mapping[int, int] = field(default_factory=dict)
    brought_back: Collection[int] = ()


def with_known_values(connection: Connection, legs: Sequence[Leg], places: Places) -> KnownValues:
    """Look up what the ledger knows of goods that come back or go back."""
    vendor = places[PlaceRole.VENDOR]
    past = _values_of_reversed(connection, legs) | _values_of_sources(connection, legs, places)
    known, came, brought_back = [], {}, []
    for position, leg in enumerate(legs):
        value = past.get(position)
        if leg.source_place_id in _inside(places):
            if leg.target_place_id == vendor and value is not None:
                came[position] = value
            known.append(leg)
            continue
        if leg.source_place_id == vendor and leg.reverses is not None:
            brought_back.append(position)
        known.append(
            replace(leg, value_minor=value if leg.value_minor is None else leg.value_minor)
        )
    return KnownValues(known, came, brought_back)


def unit_costs(
    connection: Connection, legs: Sequence[Leg], levels: Mapping[LevelKey, Level]
) -> dict[int, Fraction]:
    """The cost prices, in minor units for one piece, of goods that nobody has a value for."""
    unknown = {
        leg.product_id for leg in legs if leg.source not in levels and leg.value_minor is None
    }
    if not unknown:
        return {}
    return {
        product_id: Fraction(cost) * 10 ** digits(currency)
        for product_id, (_, cost, currency) in names_and_costs(connection, unknown).items()
        if cost is not None
    }


def differences(
    connection: Connection, known: KnownValues, values: Sequence[int]
) -> list[Difference]:
    """What is to be recorded beside moves of these values, zeros left out."""
    found = [
        Difference(
            leg.line_id,
            leg.product_id,
            came - values[position],
            RETURNED if leg.reverses is None else REVERSED,
        )
        for position, came in known.came_minor.items()
        for leg in [known.legs[position]]
    ]
    undone = {known.legs[position].line_id for position in known.brought_back}
    if undone:
        found += [
            Difference(line_id, product_id, -amount, REVERSED)
            for (line_id, product_id), amount in differences_of(connection, undone).items()
        ]
    return [each for each in found if each.amount_minor]


def _inside(places: Places) -> set[int]:
    return {place_id for role, place_id in places.items() if role.inside}


def _values_of_reversed(connection: Connection, legs: Sequence[Leg]) -> dict[int, int]:
    """The values of the moves that legs undo, by the legs' positions."""
    wanted = {leg.reverses for leg in legs if leg.reverses is not None}
    if not wanted:
        return {}
    moves = moves_by_id(connection, wanted)
    return {
        position: moves[leg.reverses].value_minor
        for position, leg in enumerate(legs)
        if leg.reverses is not None
    }


def _values_of_sources(
    connection: Connection, legs: Sequence[Leg], places: Places
) -> dict[int, int]:
    """What goods were worth when their lines' sources moved them, by the legs' positions.

    All parts that come back of a source's goods are together worth what those were worth.
    """
    vendor, customer = places[PlaceRole.VENDOR], places[PlaceRole.CUSTOMER]
    asking = {
        position: leg
        for position, leg in enumerate(legs)
        if leg.reverses is None
        and (
            leg.target_place_id == vendor
            or (leg.source_place_id == customer and leg.value_minor is None)
        )
    }
    if not asking:
        return {}
    of_line = _origins(connection, asking.values())
    sources = {each.source_line_id for each in of_line.values() if each.source_line_id}
    moves = moves_of_origins(connection, sources)
    given: dict[tuple[Origin, int], Decimal] = defaultdict(Decimal)
    found = {}
    for position, leg in asking.items():
        origin = of_line[leg.line_id]
        first, back = _first_and_back(leg, origin, moves, places=places)
        whole = _total(first)
        before = _total(back) + given[origin, leg.product_id]
        if before + leg.quantity <= whole:
            given[origin, leg.product_id] += leg.quantity
            value = sum(move.value_minor for move in first)
            found[position] = next_part_of_value(
                value, before=before, part=leg.quantity, whole=whole
            )
    return found


def _origins(connection: Connection, legs: Collection[Leg]) -> dict[int, Origin]:
    """From whose goods the goods of these legs' lines come back; read where no leg says it."""
    found = {leg.line_id: leg.origin for leg in legs if leg.origin is not None}
    unknown = {leg.line_id for leg in legs} - found.keys()
    return found | (origins(connection, unknown) if unknown else {})


def _first_and_back(
    leg: Leg, origin: Origin, moves: Sequence[PastMove], *, places: Places
) -> tuple[list[PastMove], list[PastMove]]:
    """How a source's goods went the first way, and what of them came back by now.

    A receipt's accepted and rejected goods are told apart; what was accepted after all counts
    with the accepted.
    """
    vendor, customer = places[PlaceRole.VENDOR], places[PlaceRole.CUSTOMER]
    ours = [
        move
        for move in moves
        if move.product_id == leg.product_id
        and origin.source_line_id in (move.line_id, move.source_line_id)
    ]
    if leg.source_place_id == customer:
        return (
            [move for move in ours if move.target_place_id == customer],
            [move for move in ours if move.source_place_id == customer],
        )
    return (
        [
            move
            for move in ours
            if move.source_place_id == vendor
            and (move.target_place_id == places[PlaceRole.QUARANTINE]) == origin.rejected_goods
        ],
        [
            move
            for move in ours
            if move.target_place_id == vendor and move.rejected_goods == origin.rejected_goods
        ],
    )


def _total(moves: Sequence[PastMove]) -> Decimal:
    return sum((move.quantity for move in moves), ZERO)
