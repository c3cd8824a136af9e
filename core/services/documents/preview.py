"""What a paper would come to if it were made now: shown before the tap that makes it.

The same rules that the issue follows, without writing anything: the part of the source's
discount, what earlier credits have left, the deposits that an invoice would take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from core.domain.document_type import Conversion
from core.domain.documents import type_of
from core.domain.money import ZERO, from_minor
from core.domain.totals import compute_totals
from core.services.documents import converting, discounts, document_totals
from core.services.documents.converting import Chosen
from core.services.documents.discounts import Piece
from core.services.documents.drafting import NewLine
from core.services.money import deposits
from core.services.money.accounts import open_amounts
from core.services.work import Work
from core.storage.queries.document_queries import ChainMember, DocumentRecord, chains, chains_of


@dataclass(frozen=True)
class Forecast:
    """Amounts in `currency`: none below zero."""

    currency: str
    net: Decimal
    tax: Decimal
    discount: Decimal
    deposit: Decimal

    @property
    def total(self) -> Decimal:
        """What the paper would say at its end."""
        return self.net + self.tax

    @property
    def due(self) -> Decimal:
        """What would be left to pay of it at once."""
        return self.total - self.deposit


def forecast(
    work: Work,
    source: DocumentRecord,
    rule: Conversion,
    *,
    chosen: Mapping[int, Chosen],
    refuses: bool = False,
) -> Forecast | None:
    """What converting `source` with these choices would come to; nothing for unpriced kinds.

    Args:
        work: the unit of work; nothing is written.
        source: the document in force that it would be made from.
        rule: the way on.
        chosen: what was chosen of its lines.
        refuses: whether money beyond what is left is refused, as when it is made.

    Raises:
        MoreThanOffered, MoreThanLeft.
    """
    row = type_of(rule.target)
    connection = work.connection
    found = chains_of(connection, source.id)
    offers = converting.offered_of(
        connection, [chain[0].line for chain in found.values()], found, rule=rule
    )
    if not row.priced:
        return None
    made = converting.new_lines(work, rule, offers, chosen=chosen)
    terms = converting.terms_of(connection, source, made)
    if terms is None or terms.currency is None or not made.lines:
        return None
    lines, currency = made.lines, terms.currency
    above = _above(connection, lines, found)
    pieces = [
        Piece(line.quantity, members)
        for line, members in zip(lines, above, strict=True)
        if not line.amount_only
    ]
    shared = discounts.shared_over(connection, row, pieces, currency=currency)
    totals = compute_totals(
        [document_totals.priced_line(each) for each in lines],
        currency=currency,
        discount_amount=shared or ZERO,
        discount_percent=terms.discount_percent,
        prices_include_tax=terms.prices_include_tax,
    )
    net, tax = totals.net, totals.tax
    if row.credits:
        taken = [document_totals.taken_of(each) for each in lines]
        taxes = document_totals.capped(
            connection, taken, totals.taxes, currency=currency, refuses=refuses
        )
        net = sum((each.base for each in taxes), start=ZERO)
        tax = sum((each.tax for each in taxes), start=ZERO)
    orders = {m.document_id for members in above for m in members if m.link.rule.is_root}
    there = ZERO
    if row.debt and not row.credits:
        there = _kept_money(connection, orders, currency)
    return Forecast(currency, net, tax, totals.discount, min(there, net + tax))


def _above(
    connection: Connection,
    lines: Sequence[NewLine],
    found: Mapping[int, Sequence[ChainMember]],
) -> list[list[ChainMember]]:
    """What each line would have above it: its source's chain, and that of what it credits."""
    credited = [each.credited_line_id for each in lines if each.credited_line_id is not None]
    more = chains(connection, credited)
    return [
        [*found.get(each.source_line_id or 0, ()), *more.get(each.credited_line_id or 0, ())]
        for each in lines
    ]


def _kept_money(connection: Connection, orders: set[int], currency: str) -> Decimal:
    """What no invoice of these orders has taken yet of their deposits."""
    amounts = open_amounts(connection, deposits.payments_for(connection, orders))
    return from_minor(sum(abs(each.minor) for each in amounts.values()), currency)
