"""What settles what: planned, written, undone by opposites; what the rates have won or lost.

A debit (invoice, vendor credit, payment out) is settled by credits (payment in, credit note,
bill) of the same party and currency, in part or whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, func, insert, or_, select

from core.domain.errors import Refusal
from core.domain.lifecycles import State
from core.domain.money import ONE, from_minor, to_minor
from core.domain.settlement import Match, exchange_difference, spread
from core.services import company
from core.services.money.accounts import Open, open_amounts
from core.services.work import Work
from core.storage.locks import lock_documents
from core.storage.queries.document_queries import DocumentRecord, documents
from core.storage.sql import insert_rows
from core.storage.tables import allocation
from core.storage.tables import exchange_difference as difference


class AllocationRefused(Refusal):
    """These two do not settle each other: another party, currency, side, or too little is open."""

    code = "allocation_refused"
    fact_names = ("debit", "credit")


@dataclass(frozen=True)
class Part:
    """What a document that is about to be posted settles of another (minor units)."""

    record: DocumentRecord
    minor: int


@dataclass(frozen=True)
class Settlement:
    """What a document settles when it is posted, decided before: its paper says it.

    `left` is what stays open of it, in its currency; `kept_for` the order whose invoices a
    payment is kept for.
    """

    parts: Sequence[Part]
    left: Decimal
    kept_for: DocumentRecord | None = None


def plan(
    minor: int,
    others: Sequence[DocumentRecord],
    *,
    party_id: int | None,
    currency: str,
    amounts: Mapping[int, Open],
) -> Settlement:
    """What a document that books `minor` (signed) will settle of others, in their order.

    Args:
        minor: what it books.
        others: what it is to settle, locked; of another party or currency they are left out.
        party_id: whose account it is.
        currency: the account's currency.
        amounts: what is open of the others.
    """
    by_id = {
        each.id: each
        for each in others
        if (each.party_id, each.currency, each.state) == (party_id, currency, str(State.POSTED))
    }
    found = spread(minor, [(id, amounts[id].minor) for id in by_id if id in amounts])
    left = abs(minor) - sum(taken for _, taken in found)
    return Settlement([Part(by_id[id], taken) for id, taken in found], from_minor(left, currency))


def settle(work: Work, posted: DocumentRecord, minor: int, *, settlement: Settlement) -> None:
    """Settle a document that was just posted with `minor` (signed), as it was planned."""
    is_debit = minor > 0
    _write(
        work,
        [
            Match(posted.id, part.record.id, part.minor)
            if is_debit
            else Match(part.record.id, posted.id, part.minor)
            for part in settlement.parts
        ],
        {part.record.id: part.record for part in settlement.parts} | {posted.id: posted},
    )


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
    _write(work, wanted, records)


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


def _write(work: Work, matches: Sequence[Match], records: Mapping[int, DocumentRecord]) -> None:
    """The rows of matches that were checked, and what they won or lost by their rates."""
    insert_rows(
        work.connection,
        allocation,
        [
            {
                "debit_id": each.debit_id,
                "credit_id": each.credit_id,
                "amount_minor": each.minor,
                "person_id": work.actor.person_id or None,
                "at": work.now,
            }
            for each in matches
        ],
    )
    for each in matches:
        work.touch("document", each.debit_id)
        work.touch("document", each.credit_id)
    _keep_differences(work, matches, records)


def _keep_differences(
    work: Work, matches: Sequence[Match], records: Mapping[int, DocumentRecord]
) -> None:
    """Record what each settlement won or lost, where the two papers had another rate."""
    at_other_rates = {
        (each.debit_id, each.credit_id): each
        for each in matches
        if records[each.debit_id].rate != records[each.credit_id].rate
    }
    if not at_other_rates:
        return
    currency = company.current(work.connection).currency
    # The newest row of each pair is the one that was just written.
    rows = work.connection.execute(
        select(
            allocation.c.debit_id,
            allocation.c.credit_id,
            func.max(allocation.c.id).label("id"),
        )
        .where(
            allocation.c.debit_id.in_({debit for debit, _ in at_other_rates}),
            allocation.c.credit_id.in_({credit for _, credit in at_other_rates}),
            allocation.c.undoes.is_(None),
        )
        .group_by(allocation.c.debit_id, allocation.c.credit_id)
    )
    newest = {(row.debit_id, row.credit_id): row.id for row in rows}
    found = [
        {"allocation_id": newest[pair], "amount_minor": won, "at": work.now}
        for pair, match in at_other_rates.items()
        if (won := difference_of(
            match.minor, records[match.debit_id], records[match.credit_id], currency=currency
        ))
    ]  # fmt: skip
    if found:
        work.connection.execute(insert(difference), found)


def difference_of(
    minor: int, debit: DocumentRecord, credit: DocumentRecord, *, currency: str
) -> int:
    """What settling `minor` of two papers won or lost, in the company's minor units."""
    won = exchange_difference(
        debit.amount(minor),
        debit_rate=debit.rate or ONE,
        credit_rate=credit.rate or ONE,
        currency=currency,
    )
    return to_minor(won, currency)


def undo(work: Work, document_id: int, *, other_id: int | None = None) -> int:
    """Undo the allocations of a document by opposites: all, or those with one other document.

    Returns:
        How much (minor units) is open again.
    """
    undone = select(allocation.c.undoes).where(allocation.c.undoes.is_not(None))
    conditions = [
        or_(allocation.c.debit_id == document_id, allocation.c.credit_id == document_id),
        allocation.c.undoes.is_(None),
        allocation.c.id.not_in(undone),
    ]
    if other_id is not None:
        conditions.append(
            or_(allocation.c.debit_id == other_id, allocation.c.credit_id == other_id)
        )
    rows = work.connection.execute(select(allocation).where(*conditions)).all()
    if not rows:
        return 0
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
    opposite = allocation.alias("opposite")
    work.connection.execute(
        insert(difference).from_select(
            ["allocation_id", "amount_minor", "at"],
            select(opposite.c.id, -difference.c.amount_minor, opposite.c.at)
            .join(opposite, opposite.c.undoes == difference.c.allocation_id)
            .where(opposite.c.undoes.in_([row.id for row in rows])),
        )
    )
    for row in rows:
        work.touch("document", row.debit_id)
        work.touch("document", row.credit_id)
    return sum(row.amount_minor for row in rows)


@dataclass(frozen=True)
class Counterpart:
    """Another document that a document is settled with, and by how much (its currency).

    `won_minor` is what that won or lost by the rates, in minor units of the company's currency.
    """

    record: DocumentRecord
    amount: Decimal
    since: datetime
    won_minor: int


def counterparts(connection: Connection, document_id: int) -> list[Counterpart]:
    """What a document is settled with now, the oldest first; what was undone is left out."""
    mine = or_(allocation.c.debit_id == document_id, allocation.c.credit_id == document_id)
    other = (allocation.c.debit_id + allocation.c.credit_id - document_id).label("other")
    won = (
        select(difference.c.allocation_id, func.sum(difference.c.amount_minor).label("won"))
        .group_by(difference.c.allocation_id)
        .subquery("won")
    )
    rows = connection.execute(
        select(
            other,
            func.sum(allocation.c.amount_minor).label("minor"),
            func.max(allocation.c.at).label("since"),
            func.coalesce(func.sum(won.c.won), 0).label("won"),
            func.max(allocation.c.id).label("last"),
        )
        .select_from(allocation.outerjoin(won, won.c.allocation_id == allocation.c.id))
        .where(mine)
        .group_by(other)
        .having(func.sum(allocation.c.amount_minor) > 0)
        .order_by(func.max(allocation.c.id))
    ).all()
    records = documents(connection, [row.other for row in rows])
    return [
        Counterpart(
            records[row.other],
            records[row.other].amount(int(row.minor)),
            row.since,
            int(row.won),
        )
        for row in rows
    ]
