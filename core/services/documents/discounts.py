"""A discount in money, given on an order or an invoice, shared over what is made from it.

It is shared by value, document by document; the last one takes the rest: 10.00 over three
invoices of equal value is 3.33, 3.33 and 3.34 (DESIGN 3.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Connection, select

from core.domain.documents import type_of
from core.domain.lifecycles import State
from core.domain.links import Track
from core.domain.money import Portion, from_minor, next_share
from core.storage.document_queries import (
    ChainMember,
    DocumentRecord,
    LineRecord,
    states_of_lines,
)
from core.storage.models import Document, DocumentLine, Draw
from core.storage.writing import table_of

document = table_of(Document)
line = table_of(DocumentLine)
draw = table_of(Draw)

ZERO = Decimal(0)

_Chains = Mapping[int, Sequence[ChainMember]]


def shared(
    connection: Connection,
    record: DocumentRecord,
    lines: Sequence[LineRecord],
    *,
    its_chains: _Chains,
) -> Decimal:
    """The part of its sources' discounts that this document carries, in its currency.

    A document without a source, or whose sources have no discount in money, keeps its own.
    """
    if record.currency is None or not record.type.debt:
        return record.amount(record.discount_minor)
    sources = {
        member.document_id: member
        for each in lines
        for member in its_chains[each.id][1:]
        if _hands_down(record, member)
    }
    if not sources:
        return record.amount(record.discount_minor)
    total = ZERO
    for document_id, member in sorted(sources.items()):
        if member.discount_minor:
            taken = {
                each.id: each.quantity
                for chain in its_chains.values()
                for each in [chain[0].line]
                if any(one.document_id == document_id for one in chain[1:])
            }
            total += _share_of(
                connection, member, record.currency, taken=taken, its_chains=its_chains
            )
    return total


def _hands_down(record: DocumentRecord, member: ChainMember) -> bool:
    """An order's discount goes to its invoices, an invoice's to its credits."""
    if record.type.credits:
        return type_of(member.kind).debt == -record.type.debt
    return member.link.rule.is_root


def _share_of(
    connection: Connection,
    member: ChainMember,
    currency: str,
    *,
    taken: Mapping[int, Decimal],
    its_chains: _Chains,
) -> Decimal:
    source_id = member.document_id
    track = Track.BILL if member.link.rule.is_root else Track.CREDIT
    of_source = states_of_lines(connection, [source_id])[source_id]
    now: dict[int, Decimal] = {}
    for line_id, quantity in taken.items():
        for one in its_chains[line_id][1:]:
            if one.document_id == source_id:
                now[one.id] = now.get(one.id, ZERO) + quantity
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
