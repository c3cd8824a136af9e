"""What people are asked to pay in the chat: all that is due of one paper."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, select

from core.domain.errors import Refusal
from core.domain.lifecycles import State
from core.domain.money import from_minor
from core.domain.people import Actor
from core.services.documents.viewing import require_visible
from core.services.history import record
from core.services.money import accounts
from core.services.rights import NotFound
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord, documents
from core.storage.sql import insert_one
from core.storage.tables import online_payment as request

PAYLOAD_BYTES: Final = 16
"""Random bits enough that nobody guesses the name of a request."""


class NothingToPay(Refusal):
    """There is no such request, or it is not this person's to pay."""

    code = "nothing_to_pay"


class NothingDue(Refusal):
    """Nothing of the paper is due any more."""

    code = "nothing_due"
    fact_names = ("number",)


class DueChanged(Refusal):
    """Another amount is due than the one that was asked for."""

    code = "due_changed"
    fact_names = ("number", "amount", "due", "currency")


@dataclass(frozen=True)
class Request:
    """All that was due of a paper, as a person was asked to pay it; `amount` in `currency`."""

    id: int
    payload: str
    document_id: int
    party_id: int
    person_id: int
    currency: str
    amount: Decimal


def may_pay(actor: Actor, found: DocumentRecord) -> bool:
    """Whether somebody pays this paper himself: a contact of its party who sees its money."""
    return (
        found.type.debt > 0
        and not found.type.credits
        and found.state == State.POSTED
        and any(
            each.party_id == found.party_id and each.may_see_money for each in actor.memberships
        )
    )


def ask(work: Work, document_id: int) -> Request:
    """Ask the actor to pay all that is due of a paper.

    Raises:
        NotFound: there is no such paper for him, or it is not his to pay.
        NothingDue.
    """
    found = documents(work.connection, [document_id]).get(document_id)
    if found is None or not may_pay(work.actor, found):
        raise NotFound(subject="document")
    require_visible(work.actor, found)
    minor = due_minor(work.connection, document_id)
    if minor <= 0:
        raise NothingDue(number=found.number)
    payload = secrets.token_urlsafe(PAYLOAD_BYTES)
    request_id = insert_one(
        work.connection,
        request,
        payload=payload,
        document_id=document_id,
        party_id=found.party_id,
        person_id=work.actor.person_id,
        currency=found.currency,
        amount_minor=minor,
        at=work.now,
    )
    record(work, "document", document_id, action="ask_online", amount=found.amount(minor))
    return as_request(row_of(work.connection, request.c.id == request_id))


def still_asked(work: Work, request_id: int) -> tuple[Request, DocumentRecord]:
    """A request that its person can pay now, and its paper.

    Raises:
        NothingToPay, NothingDue, DueChanged.
    """
    asked = as_request(row_of(work.connection, request.c.id == request_id))
    found = documents(work.connection, [asked.document_id])[asked.document_id]
    require_due(work, found, asked)
    return asked, found


def due_minor(connection: Connection, document_id: int) -> int:
    """What is open of a paper, in minor units; below zero when it is a credit."""
    its_open = accounts.open_amounts(connection, [document_id]).get(document_id)
    return 0 if its_open is None else its_open.minor


def require_due(work: Work, found: DocumentRecord, asked: Request) -> None:
    """Refuse unless the actor may pay the paper, and exactly what was asked for is due.

    Raises:
        NothingToPay, NothingDue, DueChanged.
    """
    if not may_pay(work.actor, found):
        raise NothingToPay
    due = found.amount(max(due_minor(work.connection, found.id), 0))
    if not due:
        raise NothingDue(number=found.number)
    if due != asked.amount:
        raise DueChanged(
            number=found.number, amount=asked.amount, due=due, currency=found.currency
        )


def row_of(connection: Connection, condition: ColumnElement[bool]) -> Row[Any]:
    """The row of a request.  Raises NothingToPay when there is none."""
    row = connection.execute(select(request).where(condition)).one_or_none()
    if row is None:
        raise NothingToPay
    return row


def as_request(row: Row[Any]) -> Request:
    """The request that a row keeps."""
    return Request(
        row.id,
        row.payload,
        row.document_id,
        row.party_id,
        row.person_id,
        row.currency,
        from_minor(row.amount_minor, row.currency),
    )
