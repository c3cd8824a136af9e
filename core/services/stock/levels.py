"""How much is there, how much comes, when a line gets its goods, what a count means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection


@dataclass(frozen=True)
class StockLevel:
    """A product's numbers; `value_minor` (company's currency) is that of all goods inside."""

    on_hand: Decimal = Decimal(0)
    claimed: Decimal = Decimal(0)
    quarantine: Decimal = Decimal(0)
    incoming: Decimal = Decimal(0)
    waiting: Decimal = Decimal(0)
    value_minor: int = 0

    @property
    def available(self) -> Decimal:
        """What can be promised at once."""
        return self.on_hand - self.claimed


@dataclass(frozen=True)
class Promised:
    """A part of what is wanted: here now, expected on a day, or without a date."""

    quantity: Decimal
    on: date | None = None
    here: bool = False


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
    """The numbers of these products, zeros for those without any goods."""
    raise NotImplementedError


def promise(connection: Connection, product_id: int, quantity: Decimal) -> list[Promised]:
    """When a new order for `quantity` would get its goods, behind all who wait."""
    raise NotImplementedError


def promises(connection: Connection, line_ids: Collection[int]) -> dict[int, list[Promised]]:
    """When each of these lines gets its goods: claimed now, or on the days of what comes."""
    raise NotImplementedError


def count(connection: Connection, product_ids: Collection[int]) -> dict[int, Counted]:
    """What the counts of these products start from."""
    raise NotImplementedError


def counted_differences(connection: Connection, counts: Sequence[Count]) -> list[Decimal]:
    """What each count found too much (or, below zero, too little), by the level at its time.

    Whoever posts it locks the products first (`lock`), so that nothing moves in between.
    """
    raise NotImplementedError
