"""A document's effects on goods and money, by its row: pure, over what was read before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.domain.document_type import DocumentType, Route
from core.domain.money import ZERO, round_amount, to_minor
from core.domain.places import PlaceRole


@dataclass(frozen=True)
class Goods:
    """What a line is about: how many are moved, set aside, and between which chosen places.

    `difference` is what a count found too much (below zero: too little).  `unit_cost` is what
    one piece costs in the company's currency when it comes from a vendor, or when somebody has
    said it of what a count found too much.
    """

    line_id: int
    product_id: int
    quantity: Decimal
    rejected: Decimal = ZERO
    from_place_id: int | None = None
    to_place_id: int | None = None
    rejected_goods: bool = False
    difference: Decimal | None = None
    unit_cost: Decimal | None = None


@dataclass(frozen=True)
class Movement:
    """Goods go from one place to another; `cost` is their value where somebody has said it."""

    line_id: int
    product_id: int
    quantity: Decimal
    source_place_id: int
    target_place_id: int
    cost: Decimal | None = None


def movements(row: DocumentType, goods: Goods, places: Mapping[PlaceRole, int]) -> list[Movement]:
    """How the goods of one line move when its document is posted; none for other kinds."""
    route = row.route
    if route is None:
        return []
    if row.counts:
        return _counted(goods, route, places=places)
    source = goods.from_place_id or places[route.source]
    target = goods.to_place_id or places[route.target]
    if goods.rejected_goods and route.target.inside:
        return _accepted_after_all(goods, (source, target), vendor=places[PlaceRole.VENDOR])
    # Only what a vendor brings has a price of ours; the ledger knows the value of everything else.
    cost = goods.unit_cost if route.source is PlaceRole.VENDOR else None
    found = [_moved(goods, goods.quantity, (source, target), cost=cost)]
    if route.rejected is not None:
        # What is rejected is not paid for: it is valued at nothing until it is accepted.
        aside = places[route.rejected]
        found.append(_moved(goods, goods.rejected, (source, aside), cost=ZERO))
    return [each for each in found if each.quantity > ZERO]


def _moved(
    goods: Goods, quantity: Decimal, way: tuple[int, int], *, cost: Decimal | None
) -> Movement:
    return Movement(
        line_id=goods.line_id,
        product_id=goods.product_id,
        quantity=quantity,
        source_place_id=way[0],
        target_place_id=way[1],
        cost=None if cost is None else cost * quantity,
    )


def _counted(goods: Goods, route: Route, *, places: Mapping[PlaceRole, int]) -> list[Movement]:
    """What is too much comes from the loss, what is missing goes there."""
    outside, inside = places[route.source], places[route.target]
    if goods.difference is None:
        source = goods.from_place_id or inside
        target = goods.to_place_id or outside
        return [_moved(goods, goods.quantity, (source, target), cost=None)]
    if goods.difference > ZERO:
        return [_moved(goods, goods.difference, (outside, inside), cost=goods.unit_cost)]
    if goods.difference < ZERO:
        return [_moved(goods, -goods.difference, (inside, outside), cost=None)]
    return []


def _accepted_after_all(goods: Goods, way: tuple[int, int], *, vendor: int) -> list[Movement]:
    """Rejected goods lie there for nothing: they go back on paper and come in at their price."""
    return [
        _moved(goods, goods.quantity, (way[0], vendor), cost=None),
        _moved(goods, goods.quantity, (vendor, way[1]), cost=goods.unit_cost),
    ]


def value_minor(cost: Decimal | None, currency: str) -> int | None:
    """A value in the company's minor units, rounded half up; nothing stays nothing."""
    if cost is None:
        return None
    return to_minor(round_amount(cost, currency), currency)


def account_amount(row: DocumentType, total: Decimal, direction: str | None) -> Decimal:
    """What the document changes of what the party owes us, in its currency.

    Money that comes in lowers it, money that goes out raises it.
    """
    if row.settles:
        return -total if direction == "in" else total
    return row.debt * total
