"""Products, taxes, price books and exchange rates."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.columns import (
    Base,
    Day,
    Flag,
    Id,
    Moment,
    Percent,
    Quantity,
    Rate,
    Text,
    UnitPrice,
)


class Tax(Base):
    """A tax rate in a category of EN 16931 (S, Z, E, AE, K, G, O)."""

    __tablename__ = "tax"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    category: Mapped[str] = mapped_column(Text)
    percent: Mapped[Decimal] = mapped_column(Percent)
    is_default: Mapped[bool] = mapped_column(Flag, default=False)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)


class Product(Base):
    """Goods (they move) or a service (it claims and moves nothing)."""

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("nature IN ('goods', 'service')", name="nature"),
        CheckConstraint("unit_digits BETWEEN 0 AND 6", name="unit_digits"),
        Index("product_by_barcode", "barcode", unique=True),
        Index("product_by_folded_sku", "folded_sku", unique=True),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sku: Mapped[str] = mapped_column(Text)
    folded_sku: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    folded_name: Mapped[str] = mapped_column(Text)
    nature: Mapped[str] = mapped_column(Text)
    barcode: Mapped[str | None] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text, default="piece")
    unit_digits: Mapped[int] = mapped_column(default=0)
    tax_id: Mapped[int | None] = mapped_column(ForeignKey("tax.id"))
    category: Mapped[str] = mapped_column(Text, default="")
    shelf: Mapped[str] = mapped_column(Text, default="")
    list_price: Mapped[Decimal | None] = mapped_column(UnitPrice)
    cost_price: Mapped[Decimal | None] = mapped_column(UnitPrice)
    reorder_level: Mapped[Decimal | None] = mapped_column(Quantity)
    photo_file_id: Mapped[str | None] = mapped_column(Text)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)


class ProductName(Base):
    """A product's name in another language than the company's."""

    __tablename__ = "product_name"
    __table_args__ = (UniqueConstraint("product_id", "language"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    language: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    folded_name: Mapped[str] = mapped_column(Text)


class PriceBook(Base):
    """Prices in one currency for some time; one of each currency may be its default."""

    __tablename__ = "price_book"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    currency: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date | None] = mapped_column(Day)
    valid_until: Mapped[date | None] = mapped_column(Day)
    is_default: Mapped[bool] = mapped_column(Flag, default=False)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)


class Price(Base):
    """The price of a product in a book from a quantity on (a step)."""

    __tablename__ = "price"
    __table_args__ = (
        UniqueConstraint("price_book_id", "product_id", "from_quantity"),
        CheckConstraint("unit_price >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    price_book_id: Mapped[int] = mapped_column(ForeignKey("price_book.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    from_quantity: Mapped[Decimal] = mapped_column(Quantity)
    unit_price: Mapped[Decimal] = mapped_column(UnitPrice)


class ExchangeRate(Base):
    """One unit of `currency` is worth `rate` of the company's currency, from `day` on."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        UniqueConstraint("currency", "day"),
        CheckConstraint("rate > 0", name="positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    currency: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Day)
    rate: Mapped[Decimal] = mapped_column(Rate)
    source: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
