"""A document's effects on goods and money, by its row: pure, over what was read before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from core.domain.document_type import DocumentType
from core.domain.money import ZERO, round_amount, to_minor
from core.domain.places import PlaceRole
from core.domain.stock import StockMovement


class GoodsLine(Protocol):
    """A document's line of goods, as far as its movements depend on it."""

    @property
    def id(self) -> int:
        """The line's id."""

    @property
    def product_id(self) -> int | None:
        """Its product: a line of goods has one."""

    @property
    def quantity(self) -> Decimal:
        """How many move."""

    @property
    def rejected(self) -> Decimal:
        """How many a receipt sets aside."""

    @property
    def from_place_id(self) -> int | None:
        """The place that somebody chose instead of the beginning of the route."""

    @property
    def to_place_id(self) -> int | None:
        """The place that somebody chose instead of the end of the route."""

    @property
    def source_line_id(self) -> int | None:
        """The line that it was made from."""

    @property
    def rejected_goods(self) -> bool:
        """Whether it is about what its source has rejected."""


@dataclass(frozen=True)
class GoodsPosting:
    """How the goods of a document move when it is posted; `currency` is the company's."""

    row: DocumentType
    places: Mapping[PlaceRole, int]
    currency: str

    def movements(
        self,
        line: GoodsLine,
        *,
        difference: Decimal | None = None,
        unit_cost: Decimal | None = None,
        order_line_id: int | None = None,
    ) -> list[StockMovement]:
        """Return how the goods of one line move; not at all where the row has no route.

        Args:
            line: the line.
            difference: what a count found too much; below zero, too little.
            unit_cost: what one piece costs, in the company's currency, when it comes from a
                vendor, or when somebody has said so of what a count found too much.
            order_line_id: the line of the order whose claims are consumed.
        """
        return [
            StockMovement(
                line_id=line.id,
                product_id=line.product_id or 0,
                quantity=quantity,
                source_place_id=source,
                target_place_id=target,
                order_line_id=order_line_id,
                value_minor=None if cost is None else value_minor(cost * quantity, self.currency),
                source_line_id=line.source_line_id,
                rejected_goods=line.rejected_goods,
            )
            for quantity, source, target, cost in self._ways(line, difference, unit_cost)
            if quantity > ZERO
        ]

    def _ways(
        self, line: GoodsLine, difference: Decimal | None, unit_cost: Decimal | None
    ) -> list[_Way]:
        route = self.row.route
        if route is None:
            return []
        begin, end = self.places[route.source], self.places[route.target]
        if self.row.counts:
            if difference is None:
                # It is thrown away: against the route of what was found.
                return [
                    (line.quantity, line.from_place_id or end, line.to_place_id or begin, None)
                ]
            return [(difference, begin, end, unit_cost), (-difference, end, begin, None)]
        source, target = line.from_place_id or begin, line.to_place_id or end
        if line.rejected_goods and route.target.inside:
            # Rejected goods are worth nothing: they go back on paper and come in at their price.
            vendor = self.places[PlaceRole.VENDOR]
            return [
                (line.quantity, source, vendor, None),
                (line.quantity, vendor, target, unit_cost),
            ]
        # Only what a vendor brings has a price of ours; the ledger values everything else.
        cost = unit_cost if route.source is PlaceRole.VENDOR else None
        ways: list[_Way] = [(line.quantity, source, target, cost)]
        if route.rejected is not None:
            # What is rejected is not paid for: it is worth nothing until it is accepted.
            ways.append((line.rejected, source, self.places[route.rejected], ZERO))
        return ways


_Way = tuple[Decimal, int, int, Decimal | None]
"""How many pieces go from which place to which, and what one of them costs."""


def value_minor(cost: Decimal, currency: str) -> int:
    """Return a value in the company's minor units, rounded half up."""
    return to_minor(round_amount(cost, currency), currency)


def account_amount(row: DocumentType, total: Decimal, direction: str | None) -> Decimal:
    """Return what the document changes of what the party owes us, in its currency.

    Money that comes in lowers it, money that goes out raises it.
    """
    if row.settles:
        return -total if direction == "in" else total
    return row.debt * total
