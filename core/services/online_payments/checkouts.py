"""Before the money is taken: Telegram asks whether it may be."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, exists, or_, select, update

from core.domain.errors import Refusal
from core.services.history import record
from core.services.online_payments.requests import (
    NothingToPay,
    Request,
    as_request,
    require_due,
    row_of,
)
from core.services.work import Work
from core.storage.locks import lock_documents
from core.storage.queries.document_queries import documents
from core.storage.tables import online_charge as charge
from core.storage.tables import online_payment as request

CHECKOUT_LIFE: Final = timedelta(minutes=5)
"""How long after a yes its money may come; meanwhile nobody else pays the same.

Neither Telegram nor a provider says when a payment has failed, so that a checkout ends by time.
"""


class BeingPaid(Refusal):
    """Somebody is paying the same money at this moment, or has paid it just now."""

    code = "being_paid"
    fact_names = ("number", "minutes")


def check_out(work: Work, payload: str, *, query_id: str, amount: Decimal, currency: str) -> None:
    """Say yes to the actor's payment, and to nobody else's of the same money for a while.

    The same person may try the same request again: that is what one does after a card was refused.

    Args:
        work: the unit of work; its actor is who pays.
        payload: of the request.
        query_id: of Telegram's question.
        amount: what would be taken, in `currency`.
        currency: of the amount.

    Raises:
        NothingToPay, NothingDue, DueChanged, BeingPaid.
    """
    asked = as_request(row_of(work.connection, request.c.payload == payload))
    # Before anything is read: two who pay the same at the same moment wait for each other.
    lock_documents(work.connection, [asked.document_id])
    found = documents(work.connection, [asked.document_id])[asked.document_id]
    if (asked.currency, asked.amount) != (currency, amount):
        raise NothingToPay
    require_due(work, found, asked)
    if _is_being_paid(work, asked):
        minutes = int(CHECKOUT_LIFE.total_seconds()) // 60
        raise BeingPaid(number=found.number, minutes=minutes)
    work.connection.execute(
        update(request)
        .where(request.c.id == asked.id)
        .values(checkout_id=query_id, checkout_by=work.actor.person_id, checkout_at=work.now)
    )
    record(work, "document", asked.document_id, action="check_out", amount=amount)


def _is_being_paid(work: Work, asked: Request) -> bool:
    """Whether another checkout of this paper is open, or money for it waits to be booked."""
    has_paid = exists().where(
        charge.c.online_payment_id == request.c.id, charge.c.at >= request.c.checkout_at
    )
    open_checkout = (
        (request.c.checkout_at > work.now - CHECKOUT_LIFE)
        & or_(request.c.id != asked.id, request.c.checkout_by != work.actor.person_id)
        & ~has_paid
    )
    waits = exists().where(
        charge.c.online_payment_id == request.c.id, charge.c.payment_id.is_(None)
    )
    found = work.connection.execute(
        select(request.c.id)
        .where(request.c.document_id == asked.document_id, or_(open_checkout, waits))
        .limit(1)
    )
    return found.one_or_none() is not None


def give_up(connection: Connection, query_id: str) -> None:
    """A yes has not reached Telegram in time, so that no money will come of it."""
    connection.execute(
        update(request)
        .where(request.c.checkout_id == query_id)
        .values(checkout_id=None, checkout_by=None, checkout_at=None)
    )
