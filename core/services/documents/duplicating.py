"""A document once more: the same goods for the same party, at today's prices.

Nothing of the old one's course is taken over: no links, no dates, no reference.  Products that
are archived are not offered any more and are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.domain.document_type import DocumentType
from core.domain.lifecycles import State
from core.domain.people import Actor, Right
from core.services.documents import drafting, viewing
from core.services.documents.drafting import NewLine, ProductArchived
from core.services.documents.line_products import products_for_lines
from core.services.history import record
from core.services.people import parties
from core.services.rights import NotFound, may, require
from core.services.work import Work
from core.storage.queries.document_queries import (
    DocumentRecord,
    LineRecord,
    documents,
    documents_where,
    lines_of,
)
from core.storage.tables import document


@dataclass(frozen=True)
class Again:
    """What a document would be once more: its lines, and the names of what is left out."""

    record: DocumentRecord
    lines: Sequence[NewLine]
    left_out: Sequence[str]


def can_be_repeated(row: DocumentType) -> bool:
    """Whether documents of this row can be made once more: offers and orders.

    What owes or moves is made from an order; by itself it would bill or move twice.
    """
    return row.priced and not (row.needs_source or row.debt or row.route)


def may_repeat(actor: Actor, found: DocumentRecord) -> bool:
    """Whether this person may make this document once more."""
    return (
        can_be_repeated(found.type)
        and found.amends_id is None
        and may(actor, Right.DRAFT, found.type, party_id=found.party_id)
    )


def again(work: Work, document_id: int) -> Again:
    """The lines of a document as they would be ordered today, those of one product together.

    Raises:
        NotFound, NotAllowed: there is none, or none that he may make.
        ProductArchived: nothing of it is offered any more.
    """
    found = documents(work.connection, [document_id]).get(document_id)
    if found is None or not can_be_repeated(found.type):
        raise NotFound(subject="document")
    viewing.require_visible(work.actor, found)
    require(work.actor, Right.DRAFT, found.type, party_id=found.party_id)
    its_lines = [
        each
        for each in lines_of(work.connection, [document_id]).get(document_id, [])
        if each.quantity
    ]
    known = products_for_lines(
        work.connection, [each.product_id for each in its_lines if each.product_id is not None]
    )
    offered = [
        each
        for each in its_lines
        if each.product_id is None or not known[each.product_id].archived
    ]
    left_out = [each.name for each in its_lines if each not in offered]
    if left_out and not offered:
        raise ProductArchived(name=left_out[0])
    return Again(found, _together(offered), left_out)


def _together(its_lines: Sequence[LineRecord]) -> list[NewLine]:
    """New lines; what an amendment had put into a line of its own is one line again.

    Lines of free text have no price but the one that was typed.
    """
    found: dict[tuple[Any, ...], NewLine] = {}
    for each in its_lines:
        is_free = each.product_id is None
        key = (each.id,) if is_free else (each.product_id, each.discount_percent)
        new = NewLine(
            product_id=each.product_id,
            quantity=each.quantity,
            name=each.name if is_free else None,
            unit_price=each.unit_price if is_free else None,
            discount_percent=each.discount_percent,
        )
        before = found.get(key)
        if before is not None:
            new = replace(new, quantity=before.quantity + each.quantity)
        found[key] = new
    return list(found.values())


@dataclass(frozen=True)
class Duplicated:
    """The new draft, and the names of what is not offered any more."""

    document_id: int
    left_out: Sequence[str]


def duplicate(work: Work, document_id: int) -> Duplicated:
    """Make a draft of the same goods for the same party; returns its id.

    Raises:
        NotFound, NotAllowed, ProductArchived, PartyUnsuitable, RateMissing.
    """
    source = again(work, document_id)
    its_record = source.record
    header: dict[str, Any] = {
        "currency": its_record.currency,
        "contact_id": its_record.contact_id,
        "ships_complete": its_record.ships_complete,
        "discount_percent": its_record.discount_percent,
        "notes": its_record.notes,
        "delivery_address_id": _address_in_use(work, its_record),
    }
    new_id = drafting.create(
        work, its_record.kind, party_id=its_record.party_id, lines=source.lines, **header
    )
    record(work, "document", new_id, action="duplicate", of=its_record.number or its_record.id)
    return Duplicated(new_id, source.left_out)


def _address_in_use(work: Work, its_record: DocumentRecord) -> int | None:
    if its_record.party_id is None or its_record.delivery_address_id is None:
        return None
    in_use = {each.id for each in parties.addresses(work.connection, its_record.party_id)}
    return its_record.delivery_address_id if its_record.delivery_address_id in in_use else None


def last_order(work: Work, party_id: int, row: DocumentType) -> DocumentRecord | None:
    """The newest numbered document of a row with this party that he may make once more."""
    found = documents_where(
        work.connection,
        document.c.party_id == party_id,
        document.c.kind == row.kind,
        document.c.number.is_not(None),
        document.c.state != str(State.CANCELLED),
        limit=1,
    )
    return found[0] if found and may_repeat(work.actor, found[0]) else None
