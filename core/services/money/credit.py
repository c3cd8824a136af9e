"""Credit of a party: used for its debts, paid back, and what was settled by mistake undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.domain.errors import Refusal
from core.domain.money import from_minor
from core.domain.people import Right
from core.domain.settlement import Match, matched
from core.services.documents import issuing
from core.services.history import record
from core.services.money import accounts, allocations
from core.services.money.open_items import Due, open_items, settleable
from core.services.money.payments import money_type, pay
from core.services.rights import NotFound, require
from core.services.work import Work
from core.storage.locks import lock_documents
from core.storage.queries.document_queries import DocumentRecord, documents


class MoreThanOpen(Refusal):
    """No more can be paid back than is left of a party's credit (both in `currency`)."""

    code = "more_than_open"
    fact_names = ("amount", "left", "currency")


def pay_back(
    work: Work,
    party_id: int,
    *,
    direction: str,
    currency: str,
    amount: Decimal | None = None,
    of: Sequence[int] = (),
) -> issuing.Issued:
    """Pay a party's credit back, all of it or `amount`, the oldest first.

    Args:
        work: the unit of work.
        party_id: whose credit.
        direction: the way in which the money goes back: "out" for a customer's credit.
        currency: the account's currency.
        amount: how much; None for all that is left.
        of: the credits that are meant; none for all, deposits that are kept apart.

    Raises:
        NotFound: there is no such credit.
        MoreThanOpen: it is less than the amount.
        AmountNotPositive, NotAllowed.
    """
    require(work.actor, Right.ISSUE, money_type(), party_id=party_id)
    found = open_items(work.connection, party_id, currency=currency)
    items = meant(found, direction, of=of)
    if not items:
        raise NotFound(subject="due")
    ids = [each.record.id for each in items]
    # Two who pay the same credit back wait for each other; the second finds nothing left.
    lock_documents(work.connection, ids)
    amounts = accounts.open_amounts(work.connection, ids)
    left = from_minor(sum(abs(each.minor) for each in amounts.values()), currency)
    if left == 0 or (amount is not None and amount > left):
        raise MoreThanOpen(amount=amount, left=left, currency=currency)
    return pay(
        work,
        party_id,
        direction=direction,
        amount=left if amount is None else amount,
        currency=currency,
        settles=ids,
    )


def meant(items: Sequence[Due], direction: str, *, of: Sequence[int]) -> list[Due]:
    """The credits of one side: those that were named, or all that are kept for nothing."""
    return [
        each
        for each in items
        if each.direction == direction
        and (each.is_loose and each.record.id in of if of else each.is_credit)
    ]


def use_credit(
    work: Work,
    party_id: int,
    *,
    direction: str,
    currency: str,
    debts: Sequence[int],
    of: Sequence[int] = (),
) -> Decimal:
    """Settle chosen debts, in their order, by a party's credit; returns how much was settled.

    Args:
        work: the unit of work.
        party_id: whose account.
        direction: the side of the credit: "out" for a customer's.
        currency: the account's currency.
        debts: the papers to settle.
        of: the credits that are meant; none for all, deposits that are kept apart.

    Raises:
        NotAllowed, NotFound: there is no credit, or nothing that it could settle.
    """
    require(work.actor, Right.ISSUE, money_type(), party_id=party_id)
    items = open_items(work.connection, party_id, currency=currency)
    by_id = {each.record.id: each for each in items}
    wanted = [by_id[each] for each in debts if each in by_id]
    pairs = _pairs(
        [each for each in wanted if each.direction != direction],
        meant(items, direction, of=of),
        direction=direction,
    )
    total = sum(each.minor for each in pairs)
    if not total:
        raise NotFound(subject="due")
    allocations.allocate(work, pairs)
    work.touch("party", party_id)
    return from_minor(total, currency)


def _pairs(debts: Sequence[Due], meant: Sequence[Due], *, direction: str) -> list[Match]:
    """Debts by credits, in the order of the debts, whichever side is the debit."""
    debt_items = [(each.record.id, abs(each.minor)) for each in debts]
    credit_items = [(each.record.id, abs(each.minor)) for each in meant]
    if direction == "out":
        return matched(debt_items, credit_items)
    return [
        Match(debit_id=each.credit_id, credit_id=each.debit_id, minor=each.minor)
        for each in matched(debt_items, credit_items)
    ]


def settle_open(work: Work, party_id: int, *, currency: str) -> Decimal:
    """Settle a party's debts by its credits, the oldest first; returns how much was settled.

    Raises:
        NotAllowed: he may not book money.
        NotFound: there is nothing to settle.
    """
    require(work.actor, Right.ISSUE, money_type(), party_id=party_id)
    items = open_items(work.connection, party_id, currency=currency)
    for each in settleable(items):
        allocations.allocate(work, each.matches)
        work.touch("party", party_id)
        return each.amount
    raise NotFound(subject="due")


def unsettle(work: Work, document_id: int, other_id: int) -> Decimal:
    """Undo what two documents settle of each other, by opposites; both are open again by it.

    Returns:
        How much, in their currency.

    Raises:
        NotAllowed, NotFound: they do not settle each other.
    """
    lock_documents(work.connection, [document_id, other_id])
    found = documents(work.connection, [document_id, other_id])
    if len(found) != 2 or document_id == other_id:
        raise NotFound(subject="due")
    require(work.actor, Right.ISSUE, money_type(), party_id=found[document_id].party_id)
    minor = allocations.undo(work, document_id, other_id=other_id)
    if not minor:
        raise NotFound(subject="due")
    for each in found.values():
        record(work, "document", each.id, action="unsettle", other=_other(each, found).number)
    return found[document_id].amount(minor)


def _other(each: DocumentRecord, pair: Mapping[int, DocumentRecord]) -> DocumentRecord:
    return next(one for one in pair.values() if one.id != each.id)
