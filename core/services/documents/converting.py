"""One document made from another: what is offered, and the draft with what was chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from core.domain.document_type import Conversion
from core.domain.documents import conversion as find_conversion
from core.domain.documents import type_of
from core.domain.errors import Refusal
from core.domain.lifecycles import State
from core.domain.links import LineState, MoreThanOffered, Offer, Track, offer, spread
from core.domain.money import PRICE_DIGITS, ZERO, round_half_up
from core.domain.people import Right
from core.services import company
from core.services.documents import drafting
from core.services.documents.drafting import NewLine
from core.services.rights import NotFound, require
from core.services.work import Work
from core.storage.queries.document_queries import (
    ChainMember,
    DocumentRecord,
    LineRecord,
    chains,
    chains_of,
    documents,
)
from core.storage.tables import document, draw
from core.storage.tables import document_line as line


class NotInForce(Refusal):
    """Only a document in force is converted: no draft, nothing cancelled, closed or reversed."""

    code = "not_in_force"
    fact_names = ("number", "state")


class NothingToConvert(Refusal):
    """The document offers nothing any more on this road (it was converted already)."""

    code = "nothing_to_convert"
    fact_names = ("number", "target")


@dataclass(frozen=True)
class OfferedLine:
    """A line of the source with what it offers; `credited_line_id` for credits of returns.

    `chain` is what the line's price is found on: its own chain, or that of what is credited.
    """

    line: LineRecord
    offer: Offer
    chain: Sequence[ChainMember] = field(repr=False)
    credited_line_id: int | None = None


@dataclass(frozen=True)
class Less:
    """Money that a credit takes off a line without a piece of it: so many pieces by so much.

    `each` is in the line's currency, as its price is given (with tax where that is).
    """

    quantity: Decimal
    each: Decimal

    @classmethod
    def to_price(cls, quantity: Decimal, before: Decimal, after: Decimal) -> Less:
        """What makes pieces that cost `before` cost `after`.

        Raises:
            PriceNotLower: that is no less.
        """
        if after >= before:
            raise PriceNotLower(before=before)
        return cls(quantity, before - after)


class PriceNotLower(Refusal):
    """A credit makes a price lower; the pieces cost `before` each."""

    code = "price_not_lower"
    fact_names = ("before",)


@dataclass(frozen=True)
class Chosen:
    """What a person chose for one source line.

    `drops`: what is returned is not replaced, what is credited is not wanted any more.
    `less`: what is taken off beside the pieces.
    """

    quantity: Decimal
    rejected: Decimal = ZERO
    drops: bool | None = None
    place_id: int | None = None
    reason: str = ""
    less: Less | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether the line is left out."""
        return self.quantity == self.rejected == ZERO and self.less is None


def offered(connection: Connection, source: DocumentRecord, rule: Conversion) -> list[OfferedLine]:
    """What each line of `source` offers for a conversion; lines that offer nothing are left out.

    A credit of a return is offered once for each invoice line that billed what came back,
    oldest first (DESIGN 3.1).
    """
    found = chains_of(connection, source.id)
    its_lines = [chain[0].line for chain in found.values()]
    return offered_of(connection, its_lines, found, rule=rule)


def offered_of(
    connection: Connection,
    its_lines: Sequence[LineRecord],
    found: Mapping[int, Sequence[ChainMember]],
    *,
    rule: Conversion,
) -> list[OfferedLine]:
    """`offered` for lines and chains that were read before."""
    if _is_credit_of_return(rule):
        return _offered_credits(connection, its_lines, found)
    moves_goods = type_of(rule.target).route is not None
    result = []
    for each in its_lines:
        if moves_goods and not each.is_goods:
            continue
        its_offer = offer([member.link for member in found[each.id]], rule.tracks)
        if its_offer.most > ZERO:
            result.append(OfferedLine(each, its_offer, found[each.id]))
    return result


def _is_credit_of_return(rule: Conversion) -> bool:
    """Whether the credit has two roads: the source moved goods, the target moves money."""
    return rule.tracks[0] is Track.CREDIT and type_of(rule.source).route is not None


def _offered_credits(
    connection: Connection,
    its_lines: Sequence[LineRecord],
    found: Mapping[int, Sequence[ChainMember]],
) -> list[OfferedLine]:
    billing = _billing_lines(
        connection,
        {member.link.line.line_id for chain in found.values() for member in chain},
    )
    invoice_chains = chains(
        connection, sorted({each for group in billing.values() for each in group})
    )
    taken: dict[int, Decimal] = defaultdict(lambda: ZERO)
    result = []
    for each in its_lines:
        whole = offer([member.link for member in found[each.id]], (Track.CREDIT,))
        oldest_first = _oldest_first(found[each.id], billing)
        free = [
            offer([member.link for member in invoice_chains[billed]], (Track.CREDIT,)).most
            - taken[billed]
            for billed in oldest_first
        ]
        for billed, part in zip(oldest_first, spread(whole, free), strict=True):
            if part.most > ZERO:
                taken[billed] += part.most
                result.append(OfferedLine(each, part, invoice_chains[billed], billed))
    return result


def _oldest_first(chain: Sequence[ChainMember], billing: Mapping[int, Sequence[int]]) -> list[int]:
    """The lines that billed what came back: by the note's own bills first, then by the order's."""
    found: dict[int, None] = {}
    for member in chain:
        found.update(dict.fromkeys(billing.get(member.link.line.line_id, ())))
    return list(found)


def _billing_lines(connection: Connection, line_ids: set[int]) -> dict[int, list[int]]:
    """For each line, the lines of documents in force that billed it, the oldest first."""
    rows = connection.execute(
        select(draw.c.line_id, draw.c.by_line_id)
        .select_from(
            draw.join(line, line.c.id == draw.c.by_line_id).join(
                document, document.c.id == line.c.document_id
            )
        )
        .where(
            draw.c.line_id.in_(sorted(line_ids)),
            draw.c.track == str(Track.BILL),
            document.c.state == str(State.POSTED),
        )
        .order_by(draw.c.by_line_id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        found[row.line_id].append(row.by_line_id)
    return found


def source_in_force(work: Work, document_id: int, right: Right = Right.VIEW) -> DocumentRecord:
    """The document, if this person may see it and it can be converted.

    Raises:
        NotFound, NotInForce.
    """
    source = documents(work.connection, [document_id]).get(document_id)
    if source is None:
        raise NotFound(subject="document")
    require(work.actor, right, source.type, party_id=source.party_id)
    if source.state not in source.type.lifecycle.in_force:
        raise NotInForce(number=source.number or "", state=source.state)
    return source


def convert(
    work: Work,
    document_id: int,
    target: str,
    *,
    chosen: Mapping[int, Chosen] | None = None,
    rejected_goods: bool = False,
    **header: Any,
) -> int:
    """Make a draft from a document in force; returns its id.

    Args:
        work: the unit of work.
        document_id: the source.
        target: the kind to make.
        chosen: for each source line what was chosen; None takes what is proposed.  Lines with
            nothing are dropped.
        rejected_goods: it is about what a receipt rejected.
        header: columns of the new document (its number of the vendor, dates, notes).

    Raises:
        NotFound, NotAllowed, NotInForce, NothingToConvert.
        MoreThanOffered: more is chosen than is offered; an excess goes through approval.
    """
    source = source_in_force(work, document_id)
    rule = find_conversion(source.kind, target, rejected_goods=rejected_goods)
    row = type_of(target)
    offers = offered(work.connection, source, rule)
    made = new_lines(work, rule, offers, chosen=chosen)
    if not made.lines:
        raise NothingToConvert(number=source.number or "", target=row.kind)
    terms = terms_of(work.connection, source, made) if row.priced else None
    return drafting.create(
        work,
        target,
        party_id=source.party_id,
        lines=made.lines,
        made_from_source=True,
        **(_inherited(source, terms) | header),
    )


@dataclass(frozen=True)
class Made:
    """The lines of a new document, and the document that their prices were agreed on."""

    lines: Sequence[NewLine]
    priced_by: int | None = None


def terms_of(connection: Connection, source: DocumentRecord, made: Made) -> DocumentRecord | None:
    """The document whose currency, discount and terms a new one takes over: who gave the prices.

    A note has none of its own, so an invoice of a delivery asks the order.
    """
    if source.currency is not None or made.priced_by is None:
        return source if source.currency is not None else None
    return documents(connection, [made.priced_by])[made.priced_by]


def _inherited(source: DocumentRecord, terms: DocumentRecord | None) -> dict[str, Any]:
    """What the new document takes over from its source, and from who gave the prices."""
    taken: dict[str, Any] = {
        "source_id": source.id,
        "contact_id": source.contact_id,
        "delivery_address_id": source.delivery_address_id,
        "reference": source.reference,
    }
    if terms is not None:
        taken |= {
            "currency": terms.currency,
            "payment_days": terms.payment_days,
            "payment_mode": terms.payment_mode,
            "discount_percent": terms.discount_percent,
            "prices_include_tax": terms.prices_include_tax,
        }
    return taken


def new_lines(
    work: Work,
    rule: Conversion,
    offers: Sequence[OfferedLine],
    *,
    chosen: Mapping[int, Chosen] | None,
) -> Made:
    """The lines of the new document, with their prices; nothing is written.

    Raises:
        MoreThanOffered.
    """
    left = None if chosen is None else dict(chosen)
    lines = []
    for each in offers:
        choice = (
            Chosen(each.offer.proposed) if left is None else left.get(each.line.id, Chosen(ZERO))
        )
        if left is not None and each.credited_line_id is not None:
            choice, left[each.line.id] = _split(choice, each.offer.most)
        if choice.quantity != ZERO or choice.rejected != ZERO:
            lines.append(_new_line(work, rule, each, choice=choice))
        if choice.less is not None and rule.by_amount:
            lines.append(_amount_line(each, choice.less))
    if left is not None:
        _refuse_what_is_left(offers, left)
    return _with_prices(lines, offers) if type_of(rule.target).priced else Made(lines)


def _amount_line(offered_line: OfferedLine, less: Less) -> NewLine:
    return NewLine(
        product_id=offered_line.line.product_id,
        name=offered_line.line.name,
        quantity=less.quantity,
        unit_price=less.each,
        price_source="typed",
        source_line_id=offered_line.line.id,
        amount_only=True,
    )


def _split(choice: Chosen, most: Decimal) -> tuple[Chosen, Chosen]:
    """What of a chosen credit this invoice line takes, and what is left for the next one."""
    part = min(choice.quantity, most)
    return replace(choice, quantity=part), replace(choice, quantity=choice.quantity - part)


def _refuse_what_is_left(offers: Sequence[OfferedLine], left: Mapping[int, Chosen]) -> None:
    """A chosen line that is not offered at all, or a credit beyond all its invoice lines."""
    by_line = {each.line.id: each for each in offers}
    for line_id, choice in left.items():
        known = by_line.get(line_id)
        if known is None and not choice.is_nothing:
            raise MoreThanOffered(name="", wanted=choice.quantity, offered=ZERO)
        if known is not None and known.credited_line_id is not None and choice.quantity > ZERO:
            most = sum((each.offer.most for each in offers if each.line.id == line_id), start=ZERO)
            raise MoreThanOffered(
                name=known.line.name, wanted=most + choice.quantity, offered=most
            )


def _new_line(
    work: Work, rule: Conversion, offered_line: OfferedLine, *, choice: Chosen
) -> NewLine:
    source = offered_line.line
    row = type_of(rule.target)
    if choice.quantity > offered_line.offer.most and not row.excess_by_approval:
        raise MoreThanOffered(
            name=source.name, wanted=choice.quantity, offered=offered_line.offer.most
        )
    drops = rule.drops_unless_told if choice.drops is None else choice.drops
    new = NewLine(
        product_id=source.product_id,
        name=source.name,
        quantity=choice.quantity,
        rejected=choice.rejected,
        drops=drops and rule.asks_wanted,
        reason=choice.reason,
        source_line_id=source.id,
        rejected_goods=rule.rejected_goods,
        credited_line_id=offered_line.credited_line_id,
    )
    if choice.place_id is not None and row.route is not None:
        if row.route.source.inside:
            return replace(new, from_place_id=choice.place_id)
        return replace(new, to_place_id=choice.place_id)
    rejected_from = type_of(rule.source).route
    if rule.rejected_goods and rejected_from is not None and rejected_from.rejected is not None:
        places = company.places_of(work)
        return replace(new, from_place_id=places[rejected_from.rejected])
    return new


def _with_prices(lines: Sequence[NewLine], offers: Sequence[OfferedLine]) -> Made:
    """Each line with price, discount and tax of the nearest line of its chain that has a price."""
    found = {(each.line.id, each.credited_line_id): each.chain for each in offers}
    result = []
    priced_by = None
    for new in lines:
        its_chain = found[new.source_line_id or 0, new.credited_line_id]
        member = next((each for each in its_chain if each.line.unit_price is not None), None)
        result.append(new if member is None else _priced_like(new, member))
        if member is not None and priced_by is None:
            priced_by = member.document_id
    return Made(result, priced_by)


def _priced_like(new: NewLine, member: ChainMember) -> NewLine:
    """The line with price, discount and tax of the one above; less what was taken off that."""
    its_line = member.line
    agreed: dict[str, Any] = {
        "tax_category": its_line.tax_category,
        "tax_percent": its_line.tax_percent,
    }
    if not new.amount_only:
        agreed |= {
            "unit_price": its_line.unit_price,
            "price_source": "source",
            "discount_percent": its_line.discount_percent,
        }
        if member.link.line.on(Track.REDUCE):
            agreed["unit_price"] = price_left(its_line, member.link.line)
            agreed["discount_percent"] = ZERO
    return replace(new, **agreed)


def price_left(its_line: LineRecord, state: LineState) -> Decimal:
    """What one piece of a line costs after its discount and all that was taken off it since.

    In the line's currency, with as many decimals as a price has, none below zero.
    """
    price = Fraction(its_line.unit_price or ZERO) * (100 - Fraction(its_line.discount_percent))
    pieces = Fraction(its_line.quantity) or 1
    kept = max(Fraction(0), price / 100 - Fraction(state.on(Track.REDUCE)) / pieces)
    return round_half_up(kept, PRICE_DIGITS)
