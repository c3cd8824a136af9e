"""The money of a document: its totals while it is a draft, and as they are fixed when issued."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, func, insert, select

from core.domain.errors import Refusal
from core.domain.links import Track
from core.domain.money import from_minor, to_minor
from core.domain.totals import PricedLine, TaxRate, TaxSum, Totals, compute_totals
from core.services.documents.drafting import NewLine
from core.storage.document_queries import DocumentRecord, LineRecord, drawn_from
from core.storage.models import DocumentLine, DocumentTax
from core.storage.writing import table_of

line = table_of(DocumentLine)
document_tax = table_of(DocumentTax)

NO_TAX = TaxRate("O", Decimal(0))


class PriceMissing(Refusal):
    """No rule gives this line a price, and nobody has typed one."""

    code = "price_missing"
    fact_names = ("name", "product_id")


def totals_of(record: DocumentRecord, lines: Sequence[LineRecord]) -> Totals | None:
    """The totals of a priced document by its lines as they are; none without a currency.

    Lines without a price count as nothing here; `require_prices` refuses them at the issue.
    """
    if not record.type.priced or record.currency is None:
        return None
    return compute_totals(
        [
            PricedLine(
                quantity=each.quantity,
                unit_price=each.unit_price or Decimal(0),
                discount_percent=each.discount_percent,
                tax=_tax(each.tax_category, each.tax_percent),
            )
            for each in lines
        ],
        currency=record.currency,
        discount_amount=from_minor(record.discount_minor, record.currency),
        discount_percent=record.discount_percent,
        prices_include_tax=record.prices_include_tax,
    )


def total_of_new(lines: Sequence[NewLine], *, currency: str) -> Decimal:
    """What lines that are not written yet come to, with tax, in `currency`."""
    return compute_totals(
        [
            PricedLine(
                quantity=each.quantity,
                unit_price=each.unit_price or Decimal(0),
                discount_percent=each.discount_percent,
                tax=_tax(each.tax_category, each.tax_percent),
            )
            for each in lines
        ],
        currency=currency,
    ).total


def _tax(category: str | None, percent: Decimal | None) -> TaxRate:
    return NO_TAX if category is None else TaxRate(category, percent or Decimal(0))


def require_prices(lines: Sequence[LineRecord]) -> None:
    """Refuse a line without a price.

    Raises:
        PriceMissing: naming the first one.
    """
    for each in lines:
        if each.unit_price is None:
            raise PriceMissing(name=each.name, product_id=each.product_id)


@dataclass(frozen=True)
class Fixed:
    """Totals that are stored: what the document says from now on."""

    totals: Totals
    net: Decimal
    tax: Decimal
    total: Decimal
    taxes: tuple[TaxSum, ...]


def fix(
    connection: Connection,
    record: DocumentRecord,
    lines: Sequence[LineRecord],
    *,
    totals: Totals,
) -> Fixed:
    """The totals with which a document is issued.

    A credit is capped by amount as well as by quantity: the one that takes the last pieces of
    what it credits takes the rest of its amounts, rate by rate, so that 3 x 0.33 at 20 % = 1.19
    credited piece by piece is 1.19 in the end.
    """
    taxes = totals.taxes
    credited = _credited_documents(connection, record, lines)
    if credited and record.currency is not None:
        left, is_last = _left_to_credit(connection, credited, lines, currency=record.currency)
        taxes = tuple(_capped(each, left, is_last=is_last) for each in taxes)
    net = sum((each.base for each in taxes), start=Decimal(0))
    tax = sum((each.tax for each in taxes), start=Decimal(0))
    return Fixed(totals=totals, net=net, tax=tax, total=net + tax, taxes=taxes)


def _credited_documents(
    connection: Connection, record: DocumentRecord, lines: Sequence[LineRecord]
) -> set[int]:
    """The documents whose debt this one takes back: those of the lines that it credits."""
    if not record.type.credits:
        return set()
    ids = [credited_line_of(each) for each in lines]
    found = connection.execute(
        select(line.c.document_id).where(line.c.id.in_([each for each in ids if each is not None]))
    )
    return set(found.scalars())


def credited_line_of(each: LineRecord) -> int | None:
    """The line of an invoice or bill that a credit's line credits."""
    return each.credited_line_id or each.source_line_id


_Left = dict[tuple[str, Decimal], tuple[Decimal, Decimal]]


def _left_to_credit(
    connection: Connection,
    credited: Collection[int],
    lines: Sequence[LineRecord],
    *,
    currency: str,
) -> tuple[_Left, bool]:
    """What earlier credits left of these documents' amounts by rate, and whether all goes now."""
    owed = connection.execute(
        select(line.c.id, line.c.quantity).where(line.c.document_id.in_(sorted(credited)))
    ).all()
    ids = [row.id for row in owed]
    drawn = drawn_from(connection, ids)
    now: dict[int, Decimal] = {}
    for each in lines:
        target = credited_line_of(each)
        if target is not None:
            now[target] = now.get(target, Decimal(0)) + each.quantity
    is_last = all(
        row.quantity
        - drawn.get(row.id, {}).get(Track.CREDIT, Decimal(0))
        - now.get(row.id, Decimal(0))
        <= 0
        for row in owed
    )
    earlier = (
        select(line.c.document_id)
        .where(
            func.coalesce(line.c.credited_line_id, line.c.source_line_id).in_(ids),
            line.c.document_id != lines[0].document_id,
        )
        .distinct()
    )
    rows = connection.execute(
        select(
            document_tax.c.document_id,
            document_tax.c.category,
            document_tax.c.percent,
            document_tax.c.base_minor,
            document_tax.c.tax_minor,
        ).where(
            document_tax.c.document_id.in_(sorted(credited))
            | document_tax.c.document_id.in_(earlier)
        )
    )
    left: _Left = {}
    for row in rows:
        sign = 1 if row.document_id in credited else -1
        base, tax = left.get((row.category, row.percent), (Decimal(0), Decimal(0)))
        left[row.category, row.percent] = (
            base + sign * from_minor(row.base_minor, currency),
            tax + sign * from_minor(row.tax_minor, currency),
        )
    return left, is_last


def _capped(each: TaxSum, left: _Left, *, is_last: bool) -> TaxSum:
    base, tax = left.get((each.category, each.percent), (each.base, each.tax))
    if not is_last:
        base, tax = min(base, each.base), min(tax, each.tax)
    return TaxSum(each.category, each.percent, base, tax, each.discount)


def keep_taxes(
    connection: Connection, record: DocumentRecord, taxes: Sequence[TaxSum], *, version: int
) -> None:
    """Store the taxes of a document that is issued."""
    if not taxes or record.currency is None:
        return
    connection.execute(
        insert(document_tax),
        [
            {
                "document_id": record.id,
                "version": version,
                "category": each.category,
                "percent": each.percent,
                "base_minor": to_minor(each.base, record.currency),
                "tax_minor": to_minor(each.tax, record.currency),
            }
            for each in taxes
        ],
    )
