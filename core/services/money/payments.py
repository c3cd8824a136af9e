"""Money comes or goes: always booked, settled with what it was meant for, the rest is credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from core.domain.document_type import DocumentType
from core.domain.documents import kinds
from core.domain.errors import Refusal
from core.domain.lifecycles import State
from core.domain.money import RATE_DIGITS, check_rate, round_half_up, to_minor
from core.domain.people import Actor, Right
from core.services import company
from core.services.documents import drafting, issuing
from core.services.documents.converting import NotInForce
from core.services.money import accounts, allocations
from core.services.money.accounts import Open
from core.services.money.open_items import Due, due_of
from core.services.numbering import business_day
from core.services.products import pricing
from core.services.rights import NotFound, may, require
from core.services.work import Work
from core.storage.locks import lock_documents
from core.storage.queries.document_queries import DocumentRecord, documents


class AmountNotPositive(Refusal):
    """A payment has an amount above zero."""

    code = "amount_not_positive"
    fact_names = ("amount",)


def money_type() -> DocumentType:
    """The row of money itself."""
    return kinds(settles=True)[0]


def may_pay(actor: Actor, party_id: int | None) -> bool:
    """Whether somebody may record money of this party."""
    return may(actor, Right.ISSUE, money_type(), party_id=party_id)


@dataclass(frozen=True)
class Received:
    """What was handed over, when it was money of another currency than the account's.

    `rate` is what was said: see `core.domain.settlement.Quote`.
    """

    currency: str
    amount: Decimal
    rate: Decimal


def pay(
    work: Work,
    party_id: int,
    *,
    direction: str,
    amount: Decimal,
    currency: str,
    settles: Sequence[int] = (),
    deposit_for: int | None = None,
    received: Received | None = None,
    **header: Any,
) -> issuing.Issued:
    """Record money that has come ("in") or gone ("out") and settle it with `settles` in order.

    Money that has come is always booked; what is over stays as credit of the party.  When that
    is because another payment had settled the same papers, the owners are told.

    Args:
        work: the unit of work.
        party_id: whose account.
        direction: "in" or "out".
        amount: above zero, in `currency`.
        currency: the account's currency.
        settles: the documents that it was meant for, oldest first.
        deposit_for: an order whose invoices it is kept for.
        received: what was handed over, where that was another currency.
        header: mode, reference, notes.

    Raises:
        AmountNotPositive, AmountTooFine, RateMissing, NotAllowed, NotFound.
    """
    # Before anything is read, and before the number is taken: two payments of one paper wait.
    lock_documents(work.connection, settles)
    meant_for = documents(work.connection, settles) if settles else {}
    amounts = accounts.open_amounts(work.connection, settles)
    money = _Money(direction, amount, currency, received)
    return _book(
        work,
        party_id,
        money,
        settles=[
            _due_or_nothing(meant_for[each], amounts) for each in settles if each in meant_for
        ],
        header={"source_id": settles[0] if settles else deposit_for} | header,
    )


@dataclass(frozen=True)
class _Money:
    """Money that has come ("in") or gone ("out"), as the account counts it."""

    direction: str
    amount: Decimal
    currency: str
    received: Received | None


def _due_or_nothing(record: DocumentRecord, amounts: Mapping[int, Open]) -> Due:
    its_open = amounts.get(record.id)
    minor = 0 if its_open is None else its_open.minor
    return Due(record, record.amount(abs(minor)), "in" if minor > 0 else "out")


def _book(
    work: Work, party_id: int, money: _Money, *, settles: Sequence[Due], header: dict[str, Any]
) -> issuing.Issued:
    """Make the payment and put it into force; what it is meant for is locked and was read."""
    row = money_type()
    require(work.actor, Right.ISSUE, row, party_id=party_id)
    if money.amount <= 0:
        raise AmountNotPositive(amount=money.amount)
    minor = to_minor(money.amount, money.currency)
    payment_id = drafting.create(
        work,
        row.kind,
        party_id=party_id,
        direction=money.direction,
        amount_minor=minor,
        currency=money.currency,
        **(_handed_over(work, money) | header),
    )
    settlement = None
    if settles:
        settlement = allocations.plan(
            -minor if money.direction == "in" else minor,
            [each.record for each in settles],
            party_id=party_id,
            currency=money.currency,
            amounts={each.record.id: Open(each.record.id, each.minor) for each in settles},
        )
    issued = issuing.issue(work, payment_id, revision=0, settlement=settlement)
    if settlement is not None and settlement.left > 0:
        _tell_if_paid_twice(work, issued, settles, left=settlement.left)
    return issued


def _handed_over(work: Work, money: _Money) -> dict[str, Any]:
    """What a payment keeps of the other money: both amounts, the rate, what it was worth."""
    received = money.received
    if received is None or received.currency == money.currency:
        return {}
    its_company = company.current(work.connection)
    values: dict[str, Any] = {
        "received_currency": received.currency,
        "received_minor": to_minor(received.amount, received.currency),
        "received_rate": check_rate(received.rate),
    }
    if money.currency == its_company.currency:
        return values
    day = business_day(work.now, its_company.zone)
    if received.currency == its_company.currency:
        # The rate was said in the company's currency: it is the payment's own.
        return values | {"rate": received.rate, "rate_on": day, "rate_source": "payment"}
    worth = pricing.rate_on(
        work.connection, received.currency, company_currency=its_company.currency, day=day
    )
    exact = Fraction(received.amount) * Fraction(worth.rate) / Fraction(money.amount)
    rate = check_rate(round_half_up(exact, RATE_DIGITS))
    return values | {"rate": rate, "rate_on": day, "rate_source": "payment"}


def _tell_if_paid_twice(
    work: Work, issued: issuing.Issued, settles: Sequence[Due], *, left: Decimal
) -> None:
    """Tell the owners that money came for what other money had paid before."""
    for due in (each for each in settles if each.amount == 0):
        earlier = [
            found.record.number
            for found in allocations.counterparts(work.connection, due.record.id)
            if found.record.type.settles
        ]
        if earlier:
            work.tell(
                "paid_twice",
                document_id=issued.document_id,
                party_id=due.record.party_id,
                number=due.record.number,
                later=issued.number,
                earlier=earlier,
                amount=left,
                currency=due.record.currency,
            )


def settle_due(
    work: Work,
    document_id: int,
    *,
    amount: Decimal | None = None,
    received: Received | None = None,
) -> issuing.Issued:
    """Pay what a document wants, or `amount` of it (in its currency).

    Money that has come for what is paid already is booked all the same, when its amount is said.

    Raises:
        NotFound: nothing is open, and no amount was said.
    """
    lock_documents(work.connection, [document_id])
    due = due_of(work.connection, document_id)
    if due is None and amount is not None:
        due = _nothing_due(work.connection, document_id)
    if due is None or due.record.party_id is None or due.record.currency is None:
        raise NotFound(subject="due")
    require(work.actor, Right.VIEW, due.record.type, party_id=due.record.party_id)
    money = _Money(
        due.direction,
        due.amount if amount is None else amount,
        due.record.currency,
        received,
    )
    return _book(
        work, due.record.party_id, money, settles=[due], header={"source_id": document_id}
    )


def _nothing_due(connection: Connection, document_id: int) -> Due | None:
    """A posted debt that is settled: which way its money goes."""
    found = documents(connection, [document_id]).get(document_id)
    if found is None or not found.type.debt or found.state != State.POSTED:
        return None
    return Due(found, Decimal(0), "in" if found.type.debt > 0 else "out")


def take_deposit(
    work: Work, order_id: int, *, amount: Decimal, received: Received | None = None
) -> issuing.Issued:
    """Record money for an order before its invoices, which take it when they are issued.

    A customer's order is paid to us, a vendor's by us.  `amount` is in the order's currency.

    Raises:
        NotFound, NotAllowed, AmountNotPositive.
        NotInForce: the order is no order, or not confirmed.
    """
    lock_documents(work.connection, [order_id])
    order = documents(work.connection, [order_id]).get(order_id)
    if order is None or order.party_id is None or order.currency is None:
        raise NotFound(subject="document")
    require(work.actor, Right.VIEW, order.type, party_id=order.party_id)
    if not order.type.lines.is_root or order.state not in order.type.lifecycle.in_force:
        raise NotInForce(number=order.number or "", state=order.state)
    return pay(
        work,
        order.party_id,
        direction="out" if order.type.incoming else "in",
        amount=amount,
        currency=order.currency,
        deposit_for=order_id,
        received=received,
    )
