"""The money of a document: its totals while it is a draft, and as they are fixed when issued."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from core.domain.documents import type_of
from core.domain.errors import Refusal
from core.domain.lifecycles import State
from core.domain.money import from_minor, to_minor
from core.domain.totals import PricedLine, TaxRate, TaxSum, Totals, compute_totals, line_net
from core.services.documents.drafting import NewLine
from core.storage.queries.document_queries import DocumentRecord, LineRecord
from core.storage.sql import IDS, insert_rows
from core.storage.tables import document, document_tax, draw
from core.storage.tables import document_line as line

NO_TAX = TaxRate("O", Decimal(0))

_TARGET = func.coalesce(line.c.credited_line_id, line.c.source_line_id)
_LINE = (line.c.id, line.c.quantity, line.c.unit_price, line.c.discount_percent)


def _credited() -> CompoundSelect[Any]:
    """The lines of the documents that some lines are of, and those that credited them before.

    What was credited was drawn: that leads to the lines by an index.
    """
    of_lines = line.alias("of_lines")
    documents = select(of_lines.c.document_id).where(of_lines.c.id.in_(IDS))
    owed = line.alias("owed")
    ids = select(owed.c.id).where(owed.c.document_id.in_(documents))
    columns = (line.c.document_id, document.c.kind, *_LINE, line.c.amount_only)
    both = line.join(document, document.c.id == line.c.document_id)
    return union_all(
        select(literal(0).label("is_earlier"), *columns, line.c.id.label("target"))
        .select_from(both)
        .where(line.c.document_id.in_(documents)),
        select(literal(1).label("is_earlier"), *columns, _TARGET.label("target"))
        .select_from(both)
        .where(
            line.c.id.in_(select(draw.c.by_line_id).where(draw.c.line_id.in_(ids))),
            _TARGET.in_(ids),
            document.c.state == str(State.POSTED),
            line.c.document_id != bindparam("but"),
        ),
    )


_CREDITED = _credited()


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
    return totals_in(record, lines, currency=record.currency)


def totals_in(record: DocumentRecord, lines: Sequence[LineRecord], *, currency: str) -> Totals:
    """The totals of a priced document, in its currency."""
    return compute_totals(
        [priced_line(each) for each in lines],
        currency=currency,
        discount_amount=from_minor(record.discount_minor, currency),
        discount_percent=record.discount_percent,
        prices_include_tax=record.prices_include_tax,
    )


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


class MoreThanLeft(Refusal):
    """More money is taken off a line, or off its tax rate, than earlier credits have left of it.

    The amounts are in `currency`.
    """

    code = "more_than_left"
    fact_names = ("name", "amount", "left", "currency")


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
    if record.type.credits and record.currency is not None:
        taken = [taken_of(each) for each in lines]
        taxes = capped(connection, taken, taxes, currency=record.currency, document_id=record.id)
    net = sum((each.base for each in taxes), start=Decimal(0))
    tax = sum((each.tax for each in taxes), start=Decimal(0))
    return Fixed(totals=totals, net=net, tax=tax, total=net + tax, taxes=taxes)


def credited_line_of(each: LineRecord | NewLine) -> int:
    """The line of an invoice or bill that a credit's line credits; a credit has no other lines."""
    return each.credited_line_id or each.source_line_id or 0


@dataclass(frozen=True)
class Taken:
    """What a credit's line takes off the line that it credits, before any cap."""

    target: int
    name: str
    priced: PricedLine
    amount_only: bool


def taken_of(each: LineRecord | NewLine) -> Taken:
    """What a line of a credit takes."""
    return Taken(credited_line_of(each), each.name or "", priced_line(each), each.amount_only)


def priced_line(each: LineRecord | NewLine) -> PricedLine:
    """What the money of a line depends on; without a price it counts as nothing."""
    return PricedLine(
        quantity=each.quantity,
        unit_price=each.unit_price or Decimal(0),
        discount_percent=each.discount_percent,
        tax=_tax(each.tax_category, each.tax_percent),
    )


def capped(
    connection: Connection,
    taken: Sequence[Taken],
    taxes: Sequence[TaxSum],
    *,
    currency: str,
    document_id: int = 0,
    refuses: bool = True,
) -> tuple[TaxSum, ...]:
    """The taxes of a credit, no more than earlier credits have left of what it credits.

    Args:
        connection: the connection.
        taken: what its lines take.
        taxes: what they come to, rate by rate.
        currency: the credit's currency.
        document_id: the credit itself, when it is written already.
        refuses: whether an amount beyond what is left is refused, and not only lowered.

    Raises:
        MoreThanLeft: an amount without pieces is more than is left.
    """
    targets = sorted({each.target for each in taken})
    rows = connection.execute(_CREDITED, {"ids": targets, "but": document_id}).all()
    owed = [row for row in rows if not row.is_earlier]
    earlier = [row for row in rows if row.is_earlier]
    credited = {row.document_id for row in owed}
    before_it = {row.document_id for row in earlier if type_of(row.kind).credits}
    left = _left_by_rate(connection, credited, before_it, currency=currency)
    before = [row for row in earlier if row.document_id in before_it]
    if refuses and any(each.amount_only for each in taken):
        _require_left(owed, before, taken, currency=currency)
        _require_left_by_rate(taken, taxes, left, currency=currency)
    is_last = _takes_the_last(owed, before, taken)
    return tuple(_capped(each, left, is_last=is_last) for each in taxes)


_Left = dict[tuple[str, Decimal], tuple[Decimal, Decimal]]


def _left_by_rate(
    connection: Connection, credited: Collection[int], earlier: Collection[int], *, currency: str
) -> _Left:
    """What earlier credits left of these documents' amounts, rate by rate."""
    rows = connection.execute(
        select(document_tax).where(document_tax.c.document_id.in_(sorted([*credited, *earlier])))
    )
    left: _Left = {}
    for row in rows:
        sign = 1 if row.document_id in credited else -1
        base, tax = left.get((row.category, row.percent), (Decimal(0), Decimal(0)))
        left[row.category, row.percent] = (
            base + sign * from_minor(row.base_minor, currency),
            tax + sign * from_minor(row.tax_minor, currency),
        )
    return left


def _takes_the_last(owed: Sequence[Any], before: Sequence[Any], taken: Sequence[Taken]) -> bool:
    """Whether every piece of what is credited is credited now."""
    gone: dict[int, Decimal] = {}
    for row in before:
        if not row.amount_only:
            gone[row.target] = gone.get(row.target, Decimal(0)) + row.quantity
    for each in taken:
        if not each.amount_only:
            gone[each.target] = gone.get(each.target, Decimal(0)) + each.priced.quantity
    return all(gone.get(row.id, Decimal(0)) >= row.quantity for row in owed)


def _require_left(
    owed: Sequence[Any], before: Sequence[Any], taken: Sequence[Taken], *, currency: str
) -> None:
    """Refuse an amount that is more than is left of its line, as its price was agreed."""
    left = {row.id: _amount_of(row, currency) for row in owed}
    for row in before:
        left[row.target] -= _amount_of(row, currency)
    for each in sorted(taken, key=lambda one: one.amount_only):
        amount = line_net(each.priced, currency)
        if each.amount_only and amount > left[each.target]:
            raise MoreThanLeft(
                name=each.name,
                amount=amount,
                left=max(Decimal(0), left[each.target]),
                currency=currency,
            )
        left[each.target] -= amount


def _require_left_by_rate(
    taken: Sequence[Taken], taxes: Sequence[TaxSum], left: _Left, *, currency: str
) -> None:
    """Refuse an amount that is more than is left of its rate, the paper's discount taken off."""
    for each in taxes:
        base, _ = left.get((each.category, each.percent), (each.base, each.tax))
        names = [
            one.name
            for one in taken
            if one.amount_only and one.priced.tax == TaxRate(each.category, each.percent)
        ]
        if names and each.base > base:
            raise MoreThanLeft(name=names[0], amount=each.base, left=base, currency=currency)


def _amount_of(row: Any, currency: str) -> Decimal:
    priced = PricedLine(row.quantity, row.unit_price or Decimal(0), row.discount_percent, NO_TAX)
    return line_net(priced, currency)


def _capped(each: TaxSum, left: _Left, *, is_last: bool) -> TaxSum:
    """What is left of a rate, for the credit that takes the last of it; else its own share."""
    base, tax = left.get((each.category, each.percent), (each.base, each.tax))
    if not is_last and each.base < base:
        base, tax = each.base, min(tax, each.tax)
    return TaxSum(each.category, each.percent, base, tax, each.discount)


def keep_taxes(
    connection: Connection, record: DocumentRecord, taxes: Sequence[TaxSum], *, version: int
) -> None:
    """Store the taxes of a document that is issued."""
    currency = record.currency or ""
    insert_rows(
        connection,
        document_tax,
        [
            {
                "document_id": record.id,
                "version": version,
                "category": each.category,
                "percent": each.percent,
                "base_minor": to_minor(each.base, currency),
                "tax_minor": to_minor(each.tax, currency),
            }
            for each in taxes
        ],
    )
