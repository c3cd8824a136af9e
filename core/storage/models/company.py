"""The company itself, its people and what each of them may be."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.columns import Base, Bytes, Flag, Id, Moment, Text, UnitPrice


class Company(Base):
    """One row.  Currency and zone are fixed by the first posted paper (`fixed`)."""

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="one_company"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    street: Mapped[str] = mapped_column(Text, default="")
    postal_code: Mapped[str] = mapped_column(Text, default="")
    city: Mapped[str] = mapped_column(Text, default="")
    country: Mapped[str] = mapped_column(Text)
    tax_id: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    bank_details: Mapped[str] = mapped_column(Text, default="")
    electronic_address: Mapped[str] = mapped_column(Text, default="")
    shows_payment_code: Mapped[bool] = mapped_column(Flag, default=True)
    currency: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    payment_days: Mapped[int] = mapped_column(default=30)
    fixed: Mapped[bool] = mapped_column(Flag, default=False)
    logo: Mapped[bytes | None] = mapped_column(Bytes)
    revision: Mapped[int] = mapped_column(default=0)


class CompanyLimit(Base):
    """A limit that the owner has set; without a row the default of core/domain/limits.py holds.

    The value is a percentage or an amount of the company's currency, as the limit's row says.
    """

    __tablename__ = "company_limit"
    __table_args__ = (CheckConstraint("value >= 0", name="value"),)

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Decimal] = mapped_column(UnitPrice)


class Person(Base):
    """Somebody who talks to the bot; the identity is the Telegram user id, never a name."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    telegram_id: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    zone: Mapped[str | None] = mapped_column(Text)
    blocked_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)


class PersonRole(Base):
    """A role that a person has now; ending it deletes the row, the history keeps who and when."""

    __tablename__ = "person_role"
    __table_args__ = (UniqueConstraint("person_id", "role"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(Moment)


class Invitation(Base):
    """A one-time link: 128 random bits, only their hash is kept, with a short life."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    role: Mapped[str] = mapped_column(Text)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class History(Base):
    """Who did what, when, from which message.  Append-only."""

    __tablename__ = "history"
    __table_args__ = (Index("history_of_subject", "subject", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column()
    action: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    source: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[str] = mapped_column(Text, default="")
