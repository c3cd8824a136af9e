"""A discount in money, given on an order or an invoice, shared over what is made from it.

It is shared by value, document by document; the last one takes the rest: 10.00 over three
invoices of equal value is 3.33, 3.33 and 3.34 (DESIGN 3.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import Connection, select

from core.domain.document_type import DocumentType
from core.domain.documents import type_of
from core.domain.lifecycles import State
from core.domain.links import Track
from core.domain.money import ZERO, Portion, from_minor, next_share, to_minor
from core.storage.queries.document_queries import (
    ChainMember,
    DocumentRecord,
    LineRecord,
    states_of_lines,
)
from core.storage.tables import document, draw
from core.storage.tables import document_line as line

_Chains = Mapping[int, Sequence[ChainMember]]


def with_share(
    connection: Connection,
    record: DocumentRecord,
    lines: Sequence[LineRecord],
    *,
    its_chains: _Chains,
) -> DocumentRecord:
    """The document with its part of a discount that was given in money on its sources.

    A document without a source, or whose sources have no discount in money, keeps its own.
    """
    if record.currency is None:
        return record
    pieces = [Piece(each.quantity, its_chains[each.id][1:]) for each in lines
              if not each.amount_only]  # fmt: skip
    found = shared_over(connection, record.type, pieces, currency=record.currency)
    if found is None:
        return record
    return replace(record, discount_minor=to_minor(found, record.currency))


@dataclass(frozen=True)
class Piece:
    """A line of a document, or one that is not written yet: how many, and what is above it."""

    quantity: Decimal
    above: Sequence[ChainMember]


def shared_over(
    connection: Connection, row: DocumentType, pieces: Sequence[Piece], *, currency: str
) -> Decimal | None:
    """The part of the sources' discounts that these pieces carry; none without such a source.

    Money that is taken off without a piece carries no part of it.
    """
    if not row.debt:
        return None
    sources = {
        member.document_id: member
        for piece in pieces
        for member in piece.above
        if _hands_down(row, member)
    }
    if not sources:
        return None
    return sum(
        (
            _share_of(connection, member, currency, pieces=pieces)
            for _, member in sorted(sources.items())
            if member.discount_minor
        ),
        start=ZERO,
    )


def _hands_down(row: DocumentType, member: ChainMember) -> bool:
    """An order's discount goes to its invoices, an invoice's to its credits."""
    if row.credits:
        return type_of(member.kind).debt == -row.debt
    return member.link.rule.is_root


def _share_of(
    connection: Connection, member: ChainMember, currency: str, *, pieces: Sequence[Piece]
) -> Decimal:
    source_id = member.document_id
    track = Track.BILL if member.link.rule.is_root else Track.CREDIT
    of_source = states_of_lines(connection, [source_id])[source_id]
    now: dict[int, Decimal] = {}
    for piece in pieces:
        for one in piece.above:
            if one.document_id == source_id:
                now[one.id] = now.get(one.id, ZERO) + piece.quantity
    part = before = whole = ZERO
    for each, state in of_source:
        price = (each.unit_price or ZERO) * (100 - each.discount_percent)
        part += price * now.get(each.id, ZERO)
        before += price * state.on(track)
        whole += price * (state.wanted if track is Track.BILL else state.quantity)
    if whole == ZERO:
        return ZERO
    return next_share(
        from_minor(member.discount_minor, currency),
        from_minor(_given(connection, [each.id for each, _ in of_source], track), currency),
        portion=Portion(part=part, before=before, whole=max(whole, before + part)),
        currency=currency,
    )


def _given(connection: Connection, line_ids: Sequence[int], track: Track) -> int:
    """What documents in force that drew on these lines have taken of the discount."""
    drawing = (
        select(line.c.document_id)
        .select_from(draw.join(line, line.c.id == draw.c.by_line_id))
        .where(draw.c.line_id.in_(line_ids), draw.c.track == str(track))
        .distinct()
    )
    rows = connection.execute(
        select(document.c.discount_minor).where(
            document.c.id.in_(drawing), document.c.state == str(State.POSTED)
        )
    )
    return sum(rows.scalars())
