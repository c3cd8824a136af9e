"""How far a document goes: the discount that it gives, the money, the loss, the excess.

Each limit has one measure here.  A measure gives the value in the limit's unit and the figures
that an approval stands for, or nothing where the document does not touch the limit at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from core.domain.document_type import PartySide
from core.domain.lifecycles import Action, State
from core.domain.limits import Beyond, LimitName
from core.domain.links import DrawnQuantity, LineState, Track
from core.domain.money import ZERO, from_minor, round_amount, round_half_up
from core.domain.places import PlaceRole
from core.services import company, limits
from core.services.company import CompanyRecord
from core.services.documents import document_totals, stock_effects
from core.services.documents.line_products import products_for_lines
from core.services.documents.stock_effects import Chains
from core.services.money.refunds import credits_of
from core.services.numbering import business_day
from core.services.people.parties import PartyRecord
from core.services.products import pricing
from core.services.work import Work
from core.storage.queries import stock_queries
from core.storage.queries.document_queries import (
    ChainMember,
    DocumentRecord,
    LineRecord,
    documents,
)
from core.storage.tables import approval, document

PERCENT_DIGITS = 4
"""As many as a percentage is kept with."""
Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Subject:
    """A document that is about to take effect, with all that its measures look at."""

    record: DocumentRecord
    lines: Sequence[LineRecord]
    chains: Chains
    company: CompanyRecord
    party: PartyRecord | None
    draws: Sequence[tuple[int, DrawnQuantity]] = ()
    states: Mapping[int, LineState] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """How far it goes, in the limit's unit, and the figures behind it.

    Where it is about lines, `lines` has their ids, their names and the figures of each.
    """

    value: Decimal
    figures: Figures


def beyond(work: Work, subject: Subject, action: Action) -> Beyond | None:
    """What of `action` is beyond its limit; nothing where there is none, or where it is kept."""
    name = subject.record.type.limits.get(action)
    measured = None if name is None else MEASURES[name](work, subject)
    if name is None or measured is None or measured.value <= ZERO:
        return None
    allowed = limits.current(work.connection)[name]
    if measured.value <= allowed:
        return None
    return Beyond(action, name, measured.value, allowed, measured.figures)


def as_text(value: Decimal) -> str:
    """A number as figures hold it: 2.0 and 2.00 are the same figure."""
    return format(value.normalize(), "f")


# --- Discount ----------------------------------------------------------------------------------


def _discount(work: Work, subject: Subject) -> Measured:
    """The highest discount that a line carries, the document's own included.

    What so many pieces had on the paper that they were made from was given there.  A price that
    was typed below the one of the rules is a discount too.
    """
    record, currency = subject.record, subject.record.currency or ""
    totals = document_totals.totals_in(record, subject.lines, currency=currency)
    kept = _kept_of_all(subject, sum(totals.line_amounts, start=ZERO))
    ruled = _prices_of_rules(work, subject)
    given, before, lines = Fraction(0), ZERO, []
    for each in subject.lines:
        price, source = Fraction(each.unit_price or ZERO), _source(subject.chains[each.id])
        own = price * _left(each.discount_percent) * kept
        base = max(price, Fraction(ruled.get(each.id, ZERO)))
        if source is not None:
            base = max(price, Fraction(source.line.unit_price or ZERO))
        before += round_amount(Fraction(each.quantity) * base, currency)
        agreed = base == 0 or _agreed(source, own, each.quantity)
        percent = Fraction(0) if agreed else 100 * (1 - own / base)
        given = max(given, percent)
        lines.append([each.id, each.name, as_text(each.quantity), as_text(_percentage(percent))])
    figures = {
        "before": as_text(before),
        "after": as_text(totals.net),
        "currency": currency,
        "lines": lines,
    }
    return Measured(_percentage(given), figures)


def _left(percent: Decimal) -> Fraction:
    """What is left of a price after a discount: 0.9 after 10 %."""
    return 1 - Fraction(percent) / 100


def _percentage(percent: Fraction) -> Decimal:
    return round_half_up(percent, PERCENT_DIGITS)


def _kept_of_all(subject: Subject, lines_sum: Decimal) -> Fraction:
    """What the document's own discounts leave of each price.

    A discount in money that was given on an order is only shared over what is made from it.
    """
    record = subject.record
    left = _left(record.discount_percent)
    shared = any(
        member.link.rule.is_root for chain in subject.chains.values() for member in chain[1:]
    )
    if record.discount_minor and not shared and lines_sum > ZERO:
        left -= Fraction(record.amount(record.discount_minor)) / Fraction(lines_sum)
    return left


def _source(chain: Sequence[ChainMember]) -> ChainMember | None:
    """The nearest line above that has a price."""
    return next((each for each in chain[1:] if each.line.unit_price is not None), None)


def _agreed(source: ChainMember | None, own: Fraction, quantity: Decimal) -> bool:
    """Whether the paper before had as many pieces for no more than this one asks."""
    if source is None or source.line.unit_price is None or quantity > source.line.quantity:
        return False
    left = _left(source.line.discount_percent) * _left(source.discount_percent)
    return own >= Fraction(source.line.unit_price) * left


def _prices_of_rules(work: Work, subject: Subject) -> dict[int, Decimal]:
    """What the rules would ask for the lines whose price was typed; by line."""
    record = subject.record
    typed = [each for each in subject.lines if each.price_source == "typed" and each.product_id]
    if not typed or record.currency is None:
        return {}
    products = products_for_lines(work.connection, [each.product_id or 0 for each in typed])
    found = pricing.prices(
        work.connection,
        [
            pricing.Wanted(each.product_id or 0, each.quantity, _list_price(products, each))
            for each in typed
        ],
        currency=record.currency,
        party_book_id=None if subject.party is None else subject.party.price_book_id,
        day=business_day(work.now, subject.company.zone),
        rate=record.rate or Decimal(1),
    )
    return {
        each.id: found[each.product_id].unit_price for each in typed if each.product_id in found
    }


def _list_price(products: Mapping[int, Any], each: LineRecord) -> Decimal | None:
    found: Decimal | None = products[each.product_id or 0].list_price
    return found


# --- Money out ---------------------------------------------------------------------------------


def _refund(work: Work, subject: Subject) -> Measured | None:
    """Money that goes out for anything but a vendor's paper, in the company's currency.

    What was paid back for the same paper before, below the limit, counts too: many small refunds
    are one.
    """
    record = subject.record
    if record.direction != "out" or record.currency is None:
        return None
    amount, numbers = record.amount(record.amount_minor), list[str]()
    if record.source_id is not None:
        source = documents(work.connection, [record.source_id])[record.source_id]
        if source.type.party is PartySide.VENDOR:
            return None
    due = ZERO
    for each in credits_of(work.connection, record):
        if due < amount:
            due += each.amount
            numbers.append(each.record.number or "")
    own = round_amount(Fraction(amount) * Fraction(record.rate or 1), subject.company.currency)
    figures: dict[str, Any] = {
        "amount": as_text(amount),
        "currency": record.currency,
        "due": as_text(due),
        "numbers": numbers,
    }
    earlier = _paid_back_before(work, subject)
    if earlier:
        figures["earlier"] = as_text(earlier)
    return Measured(own + earlier, figures)


def _paid_back_before(work: Work, subject: Subject) -> Decimal:
    """What was paid back for the same paper without approval, in the company's currency."""
    record = subject.record
    if record.source_id is None:
        return ZERO
    approved = select(approval.c.document_id).where(approval.c.state == "used")
    rows = work.connection.execute(
        select(document.c.amount_minor, document.c.currency, document.c.rate).where(
            document.c.source_id == record.source_id,
            document.c.id != record.id,
            document.c.kind == record.kind,
            document.c.direction == record.direction,
            document.c.state == str(State.POSTED),
            document.c.id.not_in(approved),
        )
    )
    worth = sum(
        (
            Fraction(from_minor(row.amount_minor, row.currency)) * Fraction(row.rate or 1)
            for row in rows
        ),
        start=Fraction(0),
    )
    return round_amount(worth, subject.company.currency)


# --- Goods -------------------------------------------------------------------------------------


def _write_off(work: Work, subject: Subject) -> Measured | None:
    """What goods are worth that leave for nowhere, at the average of where they lie."""
    movements = stock_effects.movements_of(
        work,
        subject.record,
        subject.lines,
        its_chains=subject.chains,
        company=subject.company,
    )
    places = company.places_of(work)
    inside = {id for role, id in places.items() if role.inside}
    lost = [
        each
        for each in movements
        if each.target_place_id == places[PlaceRole.LOSS] and each.source_place_id in inside
    ]
    if not lost:
        return None
    levels = stock_queries.levels(work.connection, {each.product_id for each in lost})
    worth = Fraction(0)
    for each in lost:
        there = levels.get(each.source)
        if there is not None and there.on_hand > ZERO:
            part = min(Fraction(1), Fraction(each.quantity) / Fraction(there.on_hand))
            value = from_minor(there.value_minor, subject.company.currency)
            worth += Fraction(value) * part
    names = {each.id: (each.name, each.reason) for each in subject.lines}
    lines = [[each.line_id, *names[each.line_id], as_text(each.quantity)] for each in lost]
    return Measured(round_amount(worth, subject.company.currency), {"lines": lines})


def _over_receipt(_work: Work, subject: Subject) -> Measured | None:
    """How much more than ordered has come of a line of the order, all receipts together."""
    touched = {
        one.line_id for _, one in subject.draws if one.track is Track.EXCESS and one.quantity > 0
    }
    most, lines = ZERO, []
    for line_id in sorted(touched):
        state = subject.states[line_id]
        excess = state.on(Track.EXCESS)
        ordered = state.quantity
        percent = _percentage(100 * Fraction(excess) / Fraction(ordered)) if ordered else ZERO
        most = max(most, percent)
        name = next(
            member.line.name
            for chain in subject.chains.values()
            for member in chain
            if member.id == line_id
        )
        lines.append([line_id, name, as_text(ordered), as_text(excess)])
    return Measured(most, {"lines": lines})


MEASURES: Mapping[LimitName, Callable[[Work, Subject], Measured | None]] = {
    LimitName.DISCOUNT: _discount,
    LimitName.REFUND: _refund,
    LimitName.WRITE_OFF: _write_off,
    LimitName.OVER_RECEIPT: _over_receipt,
}
