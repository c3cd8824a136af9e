"""Accounts of parties: what is booked, what settles what, what is still due.

Plus is what the party owes us.  A debit (invoice, vendor credit, payment out) is settled by
credits (payment in, credit note, bill) of the same party and currency, in part or whole.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, func, insert, literal, or_, select, union_all

from core.domain.documents import kinds
from core.domain.money import from_minor
from core.services.history import record
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord, document_columns
from core.storage.records import filled
from core.storage.sql import IDS, insert_rows
from core.storage.tables import account_entry as entry
from core.storage.tables import allocation, document
from core.storage.tables import unsettled as _unsettled


@dataclass(frozen=True)
class Settled:
    """How a document stands: its whole amount, what money and what credits settled, the rest.

    All in the document's currency, none below zero.
    """

    amount: Decimal
    paid: Decimal
    credited: Decimal

    @property
    def due(self) -> Decimal:
        """What is still open."""
        return self.amount - self.paid - self.credited

    @property
    def state(self) -> str:
        """One of "open", "part", "paid", "credited", "settled" (by money and credits)."""
        if self.due > 0:
            return "part" if self.paid or self.credited else "open"
        if self.paid and self.credited:
            return "settled"
        return "credited" if self.credited else "paid"


def book(work: Work, posted: DocumentRecord, amount_minor: int) -> None:
    """Enter what a posted document changes of what its party owes us (signed, minor units)."""
    insert_rows(
        work.connection,
        entry,
        [
            {
                "party_id": posted.party_id,
                "currency": posted.currency,
                "amount_minor": amount_minor,
                "document_id": posted.id,
                "booked_on": posted.issued_on,
                "at": work.now,
            }
        ],
    )


@dataclass(frozen=True)
class Open:
    """What of a document's entry is not settled: plus for a debit, minus for a credit."""

    document_id: int
    minor: int


def _open() -> Select[Any]:
    booked = select(entry.c.document_id, entry.c.amount_minor.label("minor"))
    debits = select(allocation.c.debit_id, -allocation.c.amount_minor)
    others = select(allocation.c.credit_id, allocation.c.amount_minor)
    rows = union_all(
        booked.where(entry.c.document_id.in_(IDS)),
        debits.where(allocation.c.debit_id.in_(IDS)),
        others.where(allocation.c.credit_id.in_(IDS)),
    ).subquery("rows")
    total = func.sum(rows.c.minor).label("minor")
    return select(rows.c.document_id, total).group_by(rows.c.document_id)


_OPEN = _open()


def open_amounts(connection: Connection, document_ids: Collection[int]) -> dict[int, Open]:
    """What is open of these documents, in minor units of their currency, in one statement.

    A document that has booked nothing is left out.
    """
    ids = sorted(set(document_ids))
    if not ids:
        return {}
    found = connection.execute(_OPEN, {"ids": ids})
    return {row.document_id: Open(row.document_id, int(row.minor)) for row in found}


def unsettled() -> Select[int]:
    """The documents of which something is left, few, however many were settled.

    What is left is asked of the account: this only says where to look.
    """
    return select(_unsettled.c.document_id).where(
        or_(_unsettled.c.minor > 0, _unsettled.c.minor < 0)
    )


def unsettled_debits() -> Select[int]:
    """Those of `unsettled` by which the party owes us, or we have paid too much."""
    return select(_unsettled.c.document_id).where(_unsettled.c.minor > 0)


def _with_open() -> Select[Any]:
    opened = _OPEN.subquery("opened")
    return (
        select(*document_columns(), opened.c.minor.label("open_minor"))
        .select_from(document.outerjoin(opened, opened.c.document_id == document.c.id))
        .where(document.c.id.in_(IDS))
    )


_WITH_OPEN = _with_open()


def open_documents(
    connection: Connection, document_ids: Collection[int]
) -> tuple[dict[int, DocumentRecord], dict[int, Open]]:
    """These documents, and what `open_amounts` says of them, in one statement."""
    ids = sorted(set(document_ids))
    rows = connection.execute(_WITH_OPEN, {"ids": ids}).all() if ids else []
    return (
        {row.id: filled(DocumentRecord, row) for row in rows},
        {row.id: Open(row.id, int(row.open_minor)) for row in rows if row.open_minor is not None},
    )


_OTHER = document.alias("other")
_SETTLED = select(
    allocation.c.debit_id,
    allocation.c.credit_id,
    allocation.c.amount_minor,
    _OTHER.c.kind,
    _OTHER.c.id.label("other_id"),
).select_from(
    allocation.join(
        _OTHER,
        or_(
            (_OTHER.c.id == allocation.c.credit_id) & allocation.c.debit_id.in_(IDS),
            (_OTHER.c.id == allocation.c.debit_id) & allocation.c.credit_id.in_(IDS),
        ),
    )
)


def settled(connection: Connection, records: Collection[DocumentRecord]) -> dict[int, Settled]:
    """How each of these documents is settled, by money and by credits apart."""
    rows = connection.execute(_SETTLED, {"ids": sorted(each.id for each in records)}).all()
    money = {row.kind for row in kinds(settles=True)}
    paid: dict[int, int] = {}
    credited: dict[int, int] = {}
    for row in rows:
        mine = row.debit_id if row.other_id == row.credit_id else row.credit_id
        target = paid if row.kind in money else credited
        target[mine] = target.get(mine, 0) + row.amount_minor
    return {
        each.id: Settled(
            amount=each.amount(each.amount_minor if each.type.settles else each.total_minor),
            paid=each.amount(paid.get(each.id)),
            credited=each.amount(credited.get(each.id)),
        )
        for each in records
    }


def reverse_entries(work: Work, reversed_document: DocumentRecord) -> None:
    """Book the opposite of every entry of a document that is reversed."""
    opposites = select(
        entry.c.party_id,
        entry.c.currency,
        -entry.c.amount_minor,
        entry.c.document_id,
        entry.c.id,
        entry.c.booked_on,
        literal(work.now, entry.c.at.type),
    ).where(entry.c.document_id == reversed_document.id, entry.c.reverses.is_(None))
    columns = (
        "party_id", "currency", "amount_minor", "document_id", "reverses", "booked_on", "at",
    )  # fmt: skip
    work.connection.execute(insert(entry).from_select(columns, opposites))
    record(work, "document", reversed_document.id, action="entries_reversed")


def balances(connection: Connection, party_id: int) -> dict[str, Decimal]:
    """What a party owes us (plus) or we owe it (minus), by currency; zeros are left out."""
    rows = connection.execute(
        select(entry.c.currency, func.sum(entry.c.amount_minor).label("minor"))
        .where(entry.c.party_id == party_id)
        .group_by(entry.c.currency)
        .order_by(entry.c.currency)
    )
    return {row.currency: from_minor(int(row.minor), row.currency) for row in rows if row.minor}
