"""Documents of every kind share these tables; what varies stands in core/domain/documents.py."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.columns import (
    Base,
    Bytes,
    Day,
    Flag,
    Id,
    Minor,
    Moment,
    Percent,
    Quantity,
    Rate,
    Text,
    UnitPrice,
)


class Document(Base):
    """The header.  `number` is taken when it leaves draft; `revision` grows with every change."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("series", "sequence"),
        UniqueConstraint("number"),
        # A vendor's own bill number is unique per vendor and kind (DESIGN 3.3).
        UniqueConstraint("kind", "party_id", "foreign_number"),
        CheckConstraint("(number IS NULL) = (sequence IS NULL)", name="number_and_sequence"),
        CheckConstraint(
            "number IS NOT NULL OR state IN ('draft', 'requested', 'declined', 'cancelled')",
            name="numbered",
        ),
        CheckConstraint("revision >= 0", name="revision"),
        Index("document_by_kind", "kind", "state", "id"),
        Index("document_of_party", "party_id", "kind", "id"),
        Index("document_due", "kind", "due_on"),
        Index("document_of_source", "source_id"),
        # What is changed has a working copy that has no effects and never gets a number.
        CheckConstraint("amends_id IS NULL OR number IS NULL", name="change_without_number"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="draft")
    revision: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    series: Mapped[str | None] = mapped_column(Text)
    sequence: Mapped[int | None] = mapped_column()
    number: Mapped[str | None] = mapped_column(Text)
    foreign_number: Mapped[str | None] = mapped_column(Text)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    delivery_address_id: Mapped[int | None] = mapped_column(ForeignKey("address.id"))
    currency: Mapped[str | None] = mapped_column(Text)
    # One unit of the document's currency in the company's currency, with its date and source.
    rate: Mapped[Decimal | None] = mapped_column(Rate)
    rate_on: Mapped[date | None] = mapped_column(Day)
    rate_source: Mapped[str | None] = mapped_column(Text)
    issued_on: Mapped[date | None] = mapped_column(Day)
    # The day the goods are to come or to go (orders), went or came (notes).
    delivery_on: Mapped[date | None] = mapped_column(Day)
    due_on: Mapped[date | None] = mapped_column(Day)
    valid_until: Mapped[datetime | None] = mapped_column(Moment)
    reference: Mapped[str] = mapped_column(Text, default="")
    payment_days: Mapped[int | None] = mapped_column()
    payment_mode: Mapped[str] = mapped_column(Text, default="")
    ships_complete: Mapped[bool] = mapped_column(Flag, default=False)
    prices_include_tax: Mapped[bool] = mapped_column(Flag, default=False)
    discount_percent: Mapped[Decimal] = mapped_column(Percent, default=Decimal(0))
    discount_minor: Mapped[int] = mapped_column(Minor, default=0)
    notes: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    # Payments: which way the money went ("in" or "out") and how much.
    direction: Mapped[str | None] = mapped_column(Text)
    amount_minor: Mapped[int | None] = mapped_column(Minor)
    # A payment that came in another currency than the account it settles keeps both amounts.
    received_currency: Mapped[str | None] = mapped_column(Text)
    received_minor: Mapped[int | None] = mapped_column(Minor)
    # The rate at which it was taken, as it was said: see `core.domain.settlement.Quote`.
    received_rate: Mapped[Decimal | None] = mapped_column(Rate)
    net_minor: Mapped[int | None] = mapped_column(Minor)
    tax_minor: Mapped[int | None] = mapped_column(Minor)
    total_minor: Mapped[int | None] = mapped_column(Minor)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    # A draft that is the working copy of a change: of the order that it will change.  `version`
    # is the one that it will make; the sources of its lines are the lines that they change.
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    numbered_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    # The track on which `outstanding` keeps what is left of its lines, from its issue on.
    watched: Mapped[str | None] = mapped_column(Text)
    # The template of its paper: chosen for a draft, followed by what was issued.
    template_id: Mapped[int | None] = mapped_column(ForeignKey("paper_template.id"))
    # The paper as posted or confirmed (JSON of core.domain.papers.view), never computed again.
    snapshot: Mapped[str | None] = mapped_column(Text)
    previous_hash: Mapped[str | None] = mapped_column(Text)
    hash: Mapped[str | None] = mapped_column(Text)


# What a trigger keeps as it is once a document has a number and its lifecycle is "posting"
# (its hash is set): state, revision and ended_at may still change.
FROZEN = (
    "kind", "series", "sequence", "number", "foreign_number", "party_id", "currency", "rate",
    "issued_on", "direction", "amount_minor", "received_currency", "received_minor",
    "received_rate", "net_minor", "tax_minor", "total_minor", "template_id", "snapshot",
    "previous_hash", "hash", "numbered_at",
)  # fmt: skip


class DocumentLine(Base):
    """One line.  Lines of a document with a hash can be neither changed nor removed."""

    __tablename__ = "document_line"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("rejected >= 0", name="rejected"),
        CheckConstraint("discount_percent >= 0 AND discount_percent <= 1000000", name="discount"),
        Index("line_of_document", "document_id", "position"),
        Index("line_of_product", "product_id", "document_id"),
        Index("line_of_source", "source_line_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    position: Mapped[int] = mapped_column()
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    name: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    rejected: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    unit_price: Mapped[Decimal | None] = mapped_column(UnitPrice)
    # Which rule gave the price: "typed", "book:<id>", "default_book:<id>", "list", "source".
    price_source: Mapped[str] = mapped_column(Text, default="")
    discount_percent: Mapped[Decimal] = mapped_column(Percent, default=Decimal(0))
    tax_category: Mapped[str | None] = mapped_column(Text)
    tax_percent: Mapped[Decimal | None] = mapped_column(Percent)
    net_minor: Mapped[int | None] = mapped_column(Minor)
    from_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    to_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    # A returned piece that is not replaced, a credited piece that is not wanted any more.
    drops: Mapped[bool] = mapped_column(Flag, default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    source_line_id: Mapped[int | None] = mapped_column(ForeignKey("document_line.id"))
    # The line is about what its source (a receipt) rejected, and leaves from quarantine.
    rejected_goods: Mapped[bool] = mapped_column(Flag, default=False)
    # A credit made from a return also names the invoice line that it credits.
    credited_line_id: Mapped[int | None] = mapped_column(ForeignKey("document_line.id"))
    # A credit that takes money off the line it credits, and no pieces.
    amount_only: Mapped[bool] = mapped_column(Flag, default=False)
    # A count remembers what it saw: the level and the last move at that time.
    counted: Mapped[Decimal | None] = mapped_column(Quantity)
    level_at_count: Mapped[Decimal | None] = mapped_column(Quantity)
    move_at_count: Mapped[int | None] = mapped_column()
    # The place in the queue: set when the document takes effect, handed over with its claims.
    priority: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)


class DocumentVersion(Base):
    """An earlier version of an amended document: its paper and totals.  Append-only."""

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("document_id", "version"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    version: Mapped[int] = mapped_column()
    net_minor: Mapped[int | None] = mapped_column(Minor)
    tax_minor: Mapped[int | None] = mapped_column(Minor)
    total_minor: Mapped[int | None] = mapped_column(Minor)
    snapshot: Mapped[str] = mapped_column(Text)
    # Who replaced it by the next one, and when.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class DocumentTax(Base):
    """The tax of one category and rate on a document in force, as it was issued.  Append-only."""

    __tablename__ = "document_tax"
    __table_args__ = (Index("tax_of_document", "document_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    version: Mapped[int] = mapped_column()
    category: Mapped[str] = mapped_column(Text)
    percent: Mapped[Decimal] = mapped_column(Percent)
    base_minor: Mapped[int] = mapped_column(Minor)
    tax_minor: Mapped[int] = mapped_column(Minor)


class Draw(Base):
    """A signed quantity taken from a line on a track.  Append-only; a reversal adds the opposite.

    `line_id` is the line drawn from (the source and every ancestor that has the track);
    `by_line_id` the line that draws (for a dropped remainder the line itself).
    """

    __tablename__ = "draw"
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="not_zero"),
        Index("draw_of_line", "line_id", "track"),
        Index("draw_by_line", "by_line_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("document_line.id"))
    by_line_id: Mapped[int] = mapped_column(ForeignKey("document_line.id"))
    track: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    at: Mapped[datetime] = mapped_column(Moment)


class Outstanding(Base):
    """What is left of a line on the track on which its document is watched.

    It says nothing that the draws do not say; it only finds, among the lines of years, the few
    from which something is to come or to be inspected.  Triggers keep it (`core.storage.rules`),
    the audit compares it, and whoever reads it asks the draws again.
    """

    __tablename__ = "outstanding"
    __table_args__ = (
        CheckConstraint("track IN ('fulfil', 'inspect')", name="track"),
        Index("outstanding_left", "track", "quantity"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("document_line.id"), primary_key=True)
    track: Mapped[str] = mapped_column(Text)
    # Below zero: more came than is wanted.
    quantity: Mapped[Decimal] = mapped_column(Quantity)


class Counter(Base):
    """The last number and date of a series ("IN-2026") and the head of its hash chain."""

    __tablename__ = "counter"
    __table_args__ = (CheckConstraint("last >= 0", name="last"),)

    series: Mapped[str] = mapped_column(Text, primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
    last_on: Mapped[date | None] = mapped_column(Day)
    head: Mapped[str] = mapped_column(Text, default="")


class PaperFile(Base):
    """The bytes of a paper that was shown or sent, kept by their hash.  Append-only."""

    __tablename__ = "paper_file"
    __table_args__ = (UniqueConstraint("document_id", "revision_key", "language"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    # What the bytes show: "v2" of an order, "posted", "reversed"; drafts are not kept.
    revision_key: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(Bytes)
    at: Mapped[datetime] = mapped_column(Moment)


class Attachment(Base):
    """A photo or file that a person sent for a document, kept by Telegram's file id."""

    __tablename__ = "attachment"
    __table_args__ = (Index("attachment_of_document", "document_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    name: Mapped[str] = mapped_column(Text)
    mime: Mapped[str] = mapped_column(Text)
    telegram_file_id: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Approval(Base):
    """A wish beyond a limit: granted with exactly these figures, void when they change."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'void', 'used')", name="state"),
        Index("approval_of_document", "document_id", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    document_revision: Mapped[int] = mapped_column()
    action: Mapped[str] = mapped_column(Text)
    limit: Mapped[str] = mapped_column("limit_name", Text)
    # The figures it was asked with, as JSON, and their digest.
    figures: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="asked")
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text, default="")
