"""Places, the ledger of moves, levels, claims and the queue of waiting lines."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.columns import Base, Flag, Id, Minor, Moment, Quantity, Text


class Place(Base):
    """Where goods are: inside (warehouse, quarantine) or outside (vendor, customer, loss)."""

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint(
            "role IN ('warehouse', 'quarantine', 'vendor', 'customer', 'loss')", name="role"
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    inside: Mapped[bool] = mapped_column(Flag)


class ProductLock(Base):
    """One row for each product: the lock under which its levels, claims and queue change."""

    __tablename__ = "product_lock"

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)


class Move(Base):
    """The ledger: goods went from one place to another.  Append-only; applies itself to levels.

    `value_minor` is in the company's currency and never negative.
    """

    __tablename__ = "move"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("value_minor >= 0", name="value"),
        CheckConstraint("from_place_id <> to_place_id", name="two_places"),
        Index("move_of_product", "product_id", "id"),
        Index("move_of_line", "line_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    from_place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    to_place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    value_minor: Mapped[int] = mapped_column(Minor)
    line_id: Mapped[int] = mapped_column(ForeignKey("document_line.id"))
    reverses: Mapped[int | None] = mapped_column(ForeignKey("move.id"), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ValueDifference(Base):
    """Value that left or came without goods (returned at average, a bill's other price).

    Append-only; in the company's currency, signed: plus is a gain for the company.
    """

    __tablename__ = "value_difference"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("document_line.id"))
    amount_minor: Mapped[int] = mapped_column(Minor)
    cause: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class Level(Base):
    """What is at an inside place.  Changes only together with a move, a claim or a claim's end."""

    __tablename__ = "level"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("claimed >= 0", name="claimed"),
        CheckConstraint("claimed <= on_hand", name="claimed_on_hand"),
        CheckConstraint("value_minor >= 0", name="value"),
        CheckConstraint("on_hand > 0 OR value_minor = 0", name="no_value_on_nothing"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    on_hand: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    claimed: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    value_minor: Mapped[int] = mapped_column(Minor, default=0)
    # The ledger rows that explain its last change (0: none yet).
    last_move_id: Mapped[int] = mapped_column(default=0)
    last_claim_id: Mapped[int] = mapped_column(default=0)
    last_claim_end_id: Mapped[int] = mapped_column(default=0)


class Claim(Base):
    """Goods promised to a line of an order or a reservation.  Only `open` changes, by its ends."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("open >= 0 AND open <= quantity", name="open"),
        Index("claim_of_line", "line_id"),
        Index("claim_of_product", "product_id", "open"),
        Index("claim_until", "until"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("document_line.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    open: Mapped[Decimal] = mapped_column(Quantity)
    until: Mapped[datetime | None] = mapped_column(Moment)
    last_end_id: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(Moment)


class ClaimEnd(Base):
    """A claim ends, in part or whole.  Append-only; applies itself to the claim and its level."""

    __tablename__ = "claim_end"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint(
            "reason IN ('consumed', 'released', 'expired', 'displaced', 'handed_over')",
            name="reason",
        ),
        Index("claim_end_of_claim", "claim_id"),
        Index("claim_end_by_line", "by_line_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    reason: Mapped[str] = mapped_column(Text)
    # The line whose posting ended it (a delivery's, a count's), when one did.
    by_line_id: Mapped[int | None] = mapped_column(ForeignKey("document_line.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)


class Waiting(Base):
    """A line that wants goods which are not there; the queue is (priority, asked_at, line_id)."""

    __tablename__ = "waiting"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index("queue_of_product", "product_id", "priority", "asked_at", "line_id"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("document_line.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    priority: Mapped[int] = mapped_column()
    asked_at: Mapped[datetime] = mapped_column(Moment)
    # A reservation's line: the claim that it gets lasts until then.
    until: Mapped[datetime | None] = mapped_column(Moment)
    # All or nothing: the order ships complete only.
    complete_only: Mapped[bool] = mapped_column(Flag, default=False)
