"""Accounts of parties and what settles what.  Plus is what the party owes us."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.columns import Base, Day, Id, Minor, Moment, Text


class AccountEntry(Base):
    """A posted document changed what a party owes, in one currency.  Append-only."""

    __tablename__ = "account_entry"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="not_zero"),
        Index("entry_of_party", "party_id", "currency", "id"),
        Index("entry_of_document", "document_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    currency: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(Minor)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    reverses: Mapped[int | None] = mapped_column(ForeignKey("account_entry.id"), unique=True)
    booked_on: Mapped[date] = mapped_column(Day)
    at: Mapped[datetime] = mapped_column(Moment)


class Allocation(Base):
    """What the party owed (debit) is settled by what it is owed (credit), in part or whole.

    Append-only; undone by an opposite row.  Both documents have the same party and currency.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="not_zero"),
        CheckConstraint("(undoes IS NULL) = (amount_minor > 0)", name="opposite"),
        Index("allocation_of_debit", "debit_id"),
        Index("allocation_of_credit", "credit_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # The document with a positive entry: invoice, vendor credit, payment out.
    debit_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    # The document with a negative entry: credit note, bill, payment in.
    credit_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    amount_minor: Mapped[int] = mapped_column(Minor)
    undoes: Mapped[int | None] = mapped_column(ForeignKey("allocation.id"), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Unsettled(Base):
    """What is left of a document's entry: plus for a debit, minus for a credit.

    It says nothing that entries and allocations do not say; it only finds, among the papers of
    years, the few that are open.  Triggers keep it (`core.storage.rules`), the audit compares it,
    and whoever reads it asks the accounts again.
    """

    __tablename__ = "unsettled"
    __table_args__ = (Index("unsettled_left", "minor"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    minor: Mapped[int] = mapped_column(Minor)


class ExchangeDifference(Base):
    """The difference that a settlement at another rate left, in the company's currency."""

    __tablename__ = "exchange_difference"
    __table_args__ = (Index("difference_of_allocation", "allocation_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    amount_minor: Mapped[int] = mapped_column(Minor)
    at: Mapped[datetime] = mapped_column(Moment)


class Deposit(Base):
    """Money of a payment that is kept for the invoices of one order."""

    __tablename__ = "deposit"

    payment_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
