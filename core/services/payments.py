"""Money comes or goes: always booked, settled with what it was meant for, the rest is credit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select

from core.domain.documents import kinds
from core.domain.errors import Refusal
from core.domain.money import from_minor, to_minor
from core.domain.people import Right
from core.services import accounts
from core.services.documents import drafting, issuing
from core.services.rights import NotFound, require
from core.services.work import Work
from core.storage.document_queries import DocumentRecord, documents, documents_where
from core.storage.models import AccountEntry, Deposit, Document
from core.storage.writing import table_of

document = table_of(Document)
deposit = table_of(Deposit)
entry = table_of(AccountEntry)


class AmountNotPositive(Refusal):
    """A payment has an amount above zero."""

    code = "amount_not_positive"
    fact_names = ("amount",)


@dataclass(frozen=True)
class Due:
    """What a document still wants paid: `direction` is "in" (to us) or "out" (by us)."""

    record: DocumentRecord
    amount: Decimal
    direction: str


def due_of(connection: Connection, document_id: int) -> Due | None:
    """What is open of a document and which way its money goes; none when nothing is open."""
    its_record = documents(connection, [document_id]).get(document_id)
    if its_record is None or its_record.currency is None:
        return None
    found = accounts.open_amounts(connection, [document_id]).get(document_id)
    if found is None or found.minor == 0:
        return None
    return Due(
        its_record,
        from_minor(abs(found.minor), its_record.currency),
        "in" if found.minor > 0 else "out",
    )


def pay(
    work: Work,
    party_id: int,
    *,
    direction: str,
    amount: Decimal,
    currency: str,
    settles: Sequence[int] = (),
    deposit_for: int | None = None,
    **header: Any,
) -> issuing.Issued:
    """Record money that has come ("in") or gone ("out") and settle it with `settles` in order.

    Money that has come is always booked; what is over stays as credit of the party.

    Args:
        work: the unit of work.
        party_id: whose account.
        direction: "in" or "out".
        amount: above zero, in `currency`.
        currency: the account's currency.
        settles: the documents that it was meant for, oldest first.
        deposit_for: an order whose invoices it is kept for.
        header: mode, reference, notes, and for money of another currency `received_currency`
            and `received_minor`.

    Raises:
        AmountNotPositive, AmountTooFine, NotAllowed, NotFound.
    """
    row = kinds(settles=True)[0]
    require(work.actor, Right.ISSUE, row, party_id=party_id)
    if amount <= 0:
        raise AmountNotPositive(amount=amount)
    payment_id = drafting.create(
        work,
        row.kind,
        party_id=party_id,
        direction=direction,
        amount_minor=to_minor(amount, currency),
        currency=currency,
        source_id=settles[0] if settles else deposit_for,
        **header,
    )
    issued = issuing.issue(work, payment_id, revision=0)
    posted = documents(work.connection, [payment_id])[payment_id]
    if settles:
        accounts.settle_against(work, posted, settles)
    if deposit_for is not None:
        work.connection.execute(
            insert(deposit).values(payment_id=payment_id, order_id=deposit_for)
        )
    return issued


def settle_due(work: Work, document_id: int, *, amount: Decimal | None = None) -> issuing.Issued:
    """Pay what a document wants, or `amount` of it (in its currency).

    Raises:
        NotFound: nothing is open.
    """
    due = due_of(work.connection, document_id)
    if due is None or due.record.party_id is None or due.record.currency is None:
        raise NotFound(subject="due")
    require(work.actor, Right.VIEW, due.record.type, party_id=due.record.party_id)
    return pay(
        work,
        due.record.party_id,
        direction=due.direction,
        amount=due.amount if amount is None else amount,
        currency=due.record.currency,
        settles=[document_id],
    )


def open_items(connection: Connection, party_id: int, *, currency: str | None = None) -> list[Due]:
    """Every document of a party that is not settled, the oldest first."""
    with_entries = select(entry.c.document_id).where(entry.c.party_id == party_id)
    conditions: list[ColumnElement[bool]] = [document.c.id.in_(with_entries)]
    if currency is not None:
        conditions.append(document.c.currency == currency)
    found = documents_where(connection, *conditions, newest_first=False)
    amounts = accounts.open_amounts(connection, [each.id for each in found])
    return [
        Due(each, each.amount(abs(amounts[each.id].minor)), _way(amounts[each.id].minor))
        for each in found
        if each.id in amounts and amounts[each.id].minor != 0
    ]


def _way(minor: int) -> str:
    return "in" if minor > 0 else "out"


@dataclass(frozen=True)
class Settleable:
    """What of a party's debts its credits of the same currency can settle at once."""

    currency: str
    amount: Decimal
    matches: Sequence[accounts.Match]


def settleable(items: Sequence[Due]) -> list[Settleable]:
    """What can be settled of open items, the oldest debts by the oldest credits."""
    found: list[Settleable] = []
    for currency in dict.fromkeys(each.record.currency or "" for each in items):
        own = [each for each in items if each.record.currency == currency]
        matches = _matched(
            [(each.record.id, to_minor(each.amount, currency)) for each in own if _owes(each)],
            [(each.record.id, to_minor(each.amount, currency)) for each in own if not _owes(each)],
        )
        total = sum(each.minor for each in matches)
        if total:
            found.append(Settleable(currency, from_minor(total, currency), matches))
    return found


def _owes(due: Due) -> bool:
    return due.direction == "in"


def _matched(
    debts: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]
) -> list[accounts.Match]:
    """Each debt (document and minor units) with the credits that settle it, both in order."""
    left = dict(others)
    found = []
    for debit_id, minor in debts:
        wanted = minor
        for credit_id, there in left.items():
            taken = min(wanted, there)
            if taken:
                found.append(accounts.Match(debit_id, credit_id, taken))
                wanted -= taken
                left[credit_id] = there - taken
    return found


def settle_open(work: Work, party_id: int, *, currency: str) -> Decimal:
    """Settle a party's debts by its credits, the oldest first; returns how much was settled.

    Raises:
        NotAllowed: he may not book money.
        NotFound: there is nothing to settle.
    """
    require(work.actor, Right.ISSUE, kinds(settles=True)[0], party_id=party_id)
    items = open_items(work.connection, party_id, currency=currency)
    for each in settleable(items):
        accounts.allocate(work, each.matches)
        work.touch("party", party_id)
        return each.amount
    raise NotFound(subject="due")
