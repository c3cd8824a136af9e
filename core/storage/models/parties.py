"""Parties (customers and vendors), their contacts and addresses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.payment_modes import TRANSFER
from core.storage.columns import Base, Flag, Id, Moment, Text


class Party(Base):
    """A customer, a vendor or both.  With papers it is archived, never deleted."""

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint("is_customer OR is_vendor", name="customer_or_vendor"),
        Index("party_by_folded_name", "folded_name"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    folded_name: Mapped[str] = mapped_column(Text)
    is_customer: Mapped[bool] = mapped_column(Flag)
    is_vendor: Mapped[bool] = mapped_column(Flag)
    currency: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    tax_id: Mapped[str] = mapped_column(Text, default="")
    electronic_address: Mapped[str] = mapped_column(Text, default="")
    tax_rule_id: Mapped[int | None] = mapped_column(ForeignKey("tax.id"))
    payment_days: Mapped[int | None] = mapped_column()
    payment_mode: Mapped[str] = mapped_column(Text, default=TRANSFER.code)
    price_book_id: Mapped[int | None] = mapped_column(ForeignKey("price_book.id"))
    template_id: Mapped[int | None] = mapped_column(ForeignKey("paper_template.id"))
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)


class Contact(Base):
    """A human at a party; linked to a person of the chat once he has joined by his link."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("contact_of_party", "party_id"),
        Index("contact_of_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    name: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    may_see_money: Mapped[bool] = mapped_column(Flag, default=True)
    may_order: Mapped[bool] = mapped_column(Flag, default=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Address(Base):
    """Where a party is billed, or where its goods go."""

    __tablename__ = "address"
    __table_args__ = (
        CheckConstraint("use IN ('billing', 'delivery')", name="use"),
        Index("address_of_party", "party_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    use: Mapped[str] = mapped_column(Text)
    street: Mapped[str] = mapped_column(Text, default="")
    postal_code: Mapped[str] = mapped_column(Text, default="")
    city: Mapped[str] = mapped_column(Text, default="")
    country: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
