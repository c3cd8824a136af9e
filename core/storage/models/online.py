"""Payments in the chat: what people were asked to pay, and the money that came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.columns import Base, Id, Minor, Moment, Text


class OnlinePayment(Base):
    """All that is due of one paper, that a person was asked to pay in the chat.

    `payload` are random letters that name it at Telegram and come back with the checkout and with
    the money.  The checkout is the last one that was said yes to, while its money may still come.
    """

    __tablename__ = "online_payment"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint(
            "(checkout_id IS NULL) = (checkout_at IS NULL)"
            " AND (checkout_id IS NULL) = (checkout_by IS NULL)",
            name="checkout",
        ),
        Index("online_payment_of_document", "document_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    payload: Mapped[str] = mapped_column(Text, unique=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    currency: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(Minor)
    at: Mapped[datetime] = mapped_column(Moment)
    checkout_id: Mapped[str | None] = mapped_column(Text)
    checkout_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checkout_at: Mapped[datetime | None] = mapped_column(Moment)


class OnlineCharge(Base):
    """Money that a payment provider has taken for us, kept before anything is made of it.

    Telegram's id of a charge is its identity: the same charge is never kept twice.  The
    provider's own id says where the money can be found, and paid back; it is the provider's to
    choose, so nothing is refused because of it.
    """

    __tablename__ = "online_charge"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("online_charge_of_request", "online_payment_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    telegram_charge_id: Mapped[str] = mapped_column(Text, unique=True)
    provider_charge_id: Mapped[str] = mapped_column(Text)
    # None: the payload is not known here, as after an older copy was put back.
    online_payment_id: Mapped[int | None] = mapped_column(ForeignKey("online_payment.id"))
    payload: Mapped[str] = mapped_column(Text)
    # Who has paid.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    currency: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(Minor)
    at: Mapped[datetime] = mapped_column(Moment)
    # The payment in the books; None while it could not be booked.
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), unique=True)
