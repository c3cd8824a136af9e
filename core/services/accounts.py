"""Accounts of parties: what is booked, what settles what, what is still due.

Plus is what the party owes us.  A debit (invoice, vendor credit, payment out) is settled by
credits (payment in, credit note, bill) of the same party and currency, in part or whole.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, func, insert, or_, select

from core.domain.documents import kinds
from core.domain.errors import Refusal
from core.domain.lifecycles import State
from core.domain.money import from_minor
from core.services.history import record
from core.services.work import Work
from core.storage.document_queries import DocumentRecord, documents
from core.storage.locks import lock_documents
from core.storage.models import AccountEntry, Allocation, Deposit, Document
from core.storage.writing import table_of

entry = table_of(AccountEntry)
allocation = table_of(Allocation)
deposit = table_of(Deposit)
document = table_of(Document)


class AllocationRefused(Refusal):
    """These two do not settle each other: another party, currency, side, or too little is open."""

    code = "allocation_refused"
    fact_names = ("debit", "credit")


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
    if amount_minor == 0:
        return
    work.connection.execute(
        insert(entry).values(
            party_id=posted.party_id,
            currency=posted.currency,
            amount_minor=amount_minor,
            document_id=posted.id,
            booked_on=posted.issued_on,
            at=work.now,
        )
    )


@dataclass(frozen=True)
class Open:
    """What of a document's entry is not settled: plus for a debit, minus for a credit."""

    document_id: int
    minor: int


def open_amounts(connection: Connection, document_ids: Collection[int]) -> dict[int, Open]:
    """What is open of these documents, in minor units of their currency, in two statements."""
    ids = sorted(set(document_ids))
    booked = connection.execute(
        select(entry.c.document_id, func.sum(entry.c.amount_minor).label("minor"))
        .where(entry.c.document_id.in_(ids))
        .group_by(entry.c.document_id)
    )
    left = {row.document_id: int(row.minor) for row in booked}
    rows = connection.execute(
        select(allocation.c.debit_id, allocation.c.credit_id, allocation.c.amount_minor).where(
            or_(allocation.c.debit_id.in_(ids), allocation.c.credit_id.in_(ids))
        )
    )
    for row in rows:
        if row.debit_id in left:
            left[row.debit_id] -= row.amount_minor
        if row.credit_id in left:
            left[row.credit_id] += row.amount_minor
    return {each: Open(each, minor) for each, minor in left.items()}


def settled(connection: Connection, records: Collection[DocumentRecord]) -> dict[int, Settled]:
    """How each of these documents is settled, by money and by credits apart."""
    ids = sorted(each.id for each in records)
    other = document.alias("other")
    rows = connection.execute(
        select(
            allocation.c.debit_id,
            allocation.c.credit_id,
            allocation.c.amount_minor,
            other.c.kind,
            other.c.id.label("other_id"),
        ).select_from(
            allocation.join(
                other,
                or_(
                    (other.c.id == allocation.c.credit_id) & allocation.c.debit_id.in_(ids),
                    (other.c.id == allocation.c.debit_id) & allocation.c.credit_id.in_(ids),
                ),
            )
        )
    ).all()
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


@dataclass(frozen=True)
class Match:
    """An amount (minor units, above zero) by which a credit settles a debit."""

    debit_id: int
    credit_id: int
    minor: int


def allocate(work: Work, matches: Sequence[Match]) -> None:
    """Settle debits by credits.

    Raises:
        AllocationRefused: not the same party and currency, or more than is open on a side.
    """
    wanted = [each for each in matches if each.minor != 0]
    if not wanted:
        return
    ids = {each.debit_id for each in wanted} | {each.credit_id for each in wanted}
    lock_documents(work.connection, ids)
    records = documents(work.connection, ids)
    left = {each: found.minor for each, found in open_amounts(work.connection, ids).items()}
    for each in wanted:
        _check(each, records, left)
        left[each.debit_id] -= each.minor
        left[each.credit_id] += each.minor
    work.connection.execute(
        insert(allocation),
        [
            {
                "debit_id": each.debit_id,
                "credit_id": each.credit_id,
                "amount_minor": each.minor,
                "person_id": work.actor.person_id or None,
                "at": work.now,
            }
            for each in wanted
        ],
    )
    for document_id in ids:
        work.touch("document", document_id)


def _check(match: Match, records: dict[int, DocumentRecord], left: dict[int, int]) -> None:
    debit, credit = records.get(match.debit_id), records.get(match.credit_id)
    fits = (
        debit is not None
        and credit is not None
        and debit.party_id == credit.party_id
        and debit.currency == credit.currency
        and State.POSTED == debit.state == credit.state
        and 0 < match.minor <= left.get(match.debit_id, 0)
        and match.minor <= -left.get(match.credit_id, 0)
    )
    if not fits:
        raise AllocationRefused(
            debit=debit.number if debit else None, credit=credit.number if credit else None
        )


def settle_against(work: Work, posted: DocumentRecord, others: Sequence[int]) -> None:
    """Settle a document that was just posted against others, in their order, as far as it goes.

    Used for a credit note and its own invoice, an order's deposit and its invoice, a payment and
    what it was made for.  What is left stays open: credit that can be used or paid back.
    """
    lock_documents(work.connection, [posted.id, *others])
    amounts = open_amounts(work.connection, [posted.id, *others])
    mine = amounts[posted.id].minor if posted.id in amounts else 0
    matches = []
    for each in others:
        theirs = amounts[each].minor if each in amounts else 0
        if mine * theirs >= 0:
            continue
        minor = min(abs(mine), abs(theirs))
        pair = (posted.id, each) if mine > 0 else (each, posted.id)
        matches.append(Match(*pair, minor))
        mine += minor if mine < 0 else -minor
    allocate(work, matches)


def undo(work: Work, document_id: int) -> None:
    """Undo all allocations of a document by opposites (it is reversed)."""
    undone = select(allocation.c.undoes).where(allocation.c.undoes.is_not(None))
    rows = work.connection.execute(
        select(allocation).where(
            or_(allocation.c.debit_id == document_id, allocation.c.credit_id == document_id),
            allocation.c.undoes.is_(None),
            allocation.c.id.not_in(undone),
        )
    ).all()
    if not rows:
        return
    work.connection.execute(
        insert(allocation),
        [
            {
                "debit_id": row.debit_id,
                "credit_id": row.credit_id,
                "amount_minor": -row.amount_minor,
                "undoes": row.id,
                "person_id": work.actor.person_id or None,
                "at": work.now,
            }
            for row in rows
        ],
    )
    for row in rows:
        work.touch("document", row.debit_id)
        work.touch("document", row.credit_id)


def reverse_entries(work: Work, reversed_document: DocumentRecord) -> None:
    """Book the opposite of every entry of a document that is reversed."""
    rows = work.connection.execute(
        select(entry).where(
            entry.c.document_id == reversed_document.id, entry.c.reverses.is_(None)
        )
    ).all()
    if not rows:
        return
    work.connection.execute(
        insert(entry),
        [
            {
                "party_id": row.party_id,
                "currency": row.currency,
                "amount_minor": -row.amount_minor,
                "document_id": row.document_id,
                "reverses": row.id,
                "booked_on": row.booked_on,
                "at": work.now,
            }
            for row in rows
        ],
    )
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


def deposits_of(connection: Connection, order_id: int) -> list[int]:
    """The payments that are kept for an order's invoices, the oldest first."""
    rows = connection.execute(
        select(deposit.c.payment_id)
        .select_from(deposit.join(document, document.c.id == deposit.c.payment_id))
        .where(deposit.c.order_id == order_id, document.c.state == str(State.POSTED))
        .order_by(deposit.c.payment_id)
    )
    return list(rows.scalars())
