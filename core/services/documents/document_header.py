"""A document with its company, its party and its template, read in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select, true

from core.domain.papers.templates import Chosen
from core.domain.places import PlaceRole
from core.services import company, templates
from core.services.company import CompanyMissing, CompanyRecord
from core.services.people import parties
from core.services.people.parties import PartyRecord
from core.services.rights import NotFound
from core.services.work import Work
from core.storage import tables
from core.storage.queries.document_queries import DocumentRecord, document_columns
from core.storage.records import filled
from core.storage.sql import label_in, prefixed
from core.storage.tables import document

_PLACES = {
    str(role): select(tables.place.c.id).where(tables.place.c.role == str(role)).scalar_subquery()
    for role in PlaceRole
}
_FRAMES = select(
    *document_columns(),
    *prefixed("place", _PLACES),
    *prefixed("company", company.COLUMNS),
    *prefixed("party", parties.COLUMNS),
    *templates.said_columns(),
).select_from(
    templates.joined(
        document.join(tables.company, true())
        .outerjoin(tables.party, tables.party.c.id == document.c.party_id)
        .outerjoin(tables.tax, tables.tax.c.id == tables.party.c.tax_rule_id)
    )
)
_FRAME = _FRAMES.where(document.c.id == bindparam("of"))
_ITSELF = document.alias("itself")
_AMENDED = select(_ITSELF.c.amends_id).where(_ITSELF.c.id == bindparam("of"))
_CHANGE = _FRAMES.where(or_(document.c.id == bindparam("of"), document.c.id.in_(_AMENDED)))


_BEGINNING = select(
    *prefixed("company", company.COLUMNS), *prefixed("party", parties.COLUMNS)
).select_from(
    tables.company.outerjoin(tables.party, tables.party.c.id == bindparam("party")).outerjoin(
        tables.tax, tables.tax.c.id == tables.party.c.tax_rule_id
    )
)


@dataclass(frozen=True)
class Frame:
    """What every use case of one document begins with."""

    record: DocumentRecord
    company: CompanyRecord
    party: PartyRecord | None
    template: Chosen


def read(work: Work, document_id: int) -> Frame:
    """The document, its party and the company; the company's places are kept in `work`.

    Raises:
        NotFound: there is no such document.
    """
    row = work.connection.execute(_FRAME, {"of": document_id}).one_or_none()
    if row is None:
        raise NotFound(subject="document")
    return _frame(work, row)


def read_change(work: Work, draft_id: int) -> tuple[Frame, DocumentRecord]:
    """The working copy of a change as `read` gives it, and the order that it amends.

    Raises:
        NotFound: there is no such document, or it amends none.
    """
    rows = {row.id: row for row in work.connection.execute(_CHANGE, {"of": draft_id})}
    order = rows.get(rows[draft_id].amends_id) if draft_id in rows else None
    if order is None:
        raise NotFound(subject="document")
    return _frame(work, rows[draft_id]), filled(DocumentRecord, order)


def read_beginning(
    connection: Connection, party_id: int | None
) -> tuple[CompanyRecord, PartyRecord | None]:
    """What a new document begins with: the company, and the party if there is such a one.

    Raises:
        CompanyMissing: the company has not been set up.
    """
    row = connection.execute(_BEGINNING, {"party": party_id}).one_or_none()
    if row is None:
        raise CompanyMissing
    return filled(CompanyRecord, row, prefix="company"), parties.record_of(row)


def _frame(work: Work, row: Row[Any]) -> Frame:
    work.known.places = {role: row._mapping[label_in("place", str(role))] for role in PlaceRole}
    record = filled(DocumentRecord, row)
    return Frame(
        record=record,
        company=filled(CompanyRecord, row, prefix="company"),
        party=parties.record_of(row),
        template=templates.chosen_of(row, record.type),
    )
