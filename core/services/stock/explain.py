"""Every number explains itself: why so many are available, and what happened before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from core.domain.places import PlaceRole


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
class Expected:
    """What a line of a document in force still brings."""

    line_id: int
    document_id: int
    number: str
    party: str
    quantity: Decimal
    on: date | None


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
        return self.on_hand - sum((each.quantity for each in self.claims), Decimal(0))


@dataclass(frozen=True)
class HistoryEntry:
    """A move: `quantity` is signed by what it did to the goods inside, `level` is after it."""

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
    level: Decimal
    value_minor: int
    is_reversal: bool


def why(connection: Connection, product_id: int) -> Why:
    """What explains a product's numbers; claims and waiting lines in the order of the queue."""
    raise NotImplementedError


def history(
    connection: Connection, product_id: int, *, before: int | None = None, limit: int = 20
) -> list[HistoryEntry]:
    """The product's moves, the newest first; `before` is the last move seen, for the next page."""
    raise NotImplementedError
