"""Goods move: claims end first, then the moves are written.  New claims are made by `allocate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from core.services.work import Work


@dataclass(frozen=True)
class Leg:
    """One movement wanted by a document's line.

    A line may want two: rejected goods that are accepted after all leave quarantine for the
    vendor's place at what they are valued there, and come in from it at the order's price.

    Attributes:
        line_id: the line of the posted document; its `source_line_id` says from which line's
            goods a return comes.
        order_line_id: the line of the order (or reservation) whose claims are consumed first
            when the goods leave the warehouse.
        value_minor: in the company's currency; must be given for goods from a vendor (0 for
            rejected ones).  None lets the ledger say: what leaves, leaves at the average; what
            a customer brings back comes at the value with which it left; what a reversal
            brings back, at the value of the move that it reverses; what a count finds, at the
            average of what is there, else at the product's cost price.
        reverses: the id of the move that this one undoes.
    """

    line_id: int
    product_id: int
    quantity: Decimal
    source_place_id: int
    target_place_id: int
    order_line_id: int | None = None
    value_minor: int | None = None
    reverses: int | None = None


@dataclass(frozen=True)
class Moved:
    """A move as it was written; the value is in the company's currency."""

    line_id: int
    move_id: int
    value_minor: int


@dataclass(frozen=True)
class Loss:
    """A claim that has to give way: whose goods are taken, and how many."""

    line_id: int
    document_id: int
    number: str
    party: str
    quantity: Decimal


def move_goods(work: Work, legs: Sequence[Leg], *, displace: bool = False) -> list[Moved]:
    """Write the moves of `legs`, in their order, and return them in that order.

    Locks all products in the order of their ids, settles expired claims, ends claims (those of
    `order_line_id` first), then moves.  Goods that go back to the vendor leave at the average:
    the difference to the value with which they came is recorded.

    Args:
        displace: what others have claimed may be taken: their claims go back to waiting, in
            reverse order of the queue, reservations before orders, and they are told.

    Raises:
        NotEnough: the goods are not there, or (unless `displace`) others have claimed them.
    """
    raise NotImplementedError


def displacement(
    connection: Connection, product_id: int, place_id: int, *, quantity: Decimal
) -> list[Loss]:
    """Whose goods would be taken if `quantity` left the place now; nobody's is an empty list."""
    raise NotImplementedError
