"""Money that was taken: kept first, booked then, whatever has become of paper and payer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select, update

from core.domain.errors import Refusal
from core.domain.money import from_minor, to_minor
from core.domain.payment_modes import ONLINE
from core.domain.people import MACHINE
from core.services.history import record
from core.services.money import allocations, payments
from core.services.online_payments.requests import Request, as_request, due_minor, row_of
from core.services.work import Work
from core.storage.locks import lock_rows
from core.storage.queries.document_queries import DocumentRecord, documents
from core.storage.sql import insert_one
from core.storage.tables import contact
from core.storage.tables import document_line as line
from core.storage.tables import online_charge as charge
from core.storage.tables import online_payment as request

MODE: Final = ONLINE.code
"""The payment mode of money that a provider took in the chat."""
BOOKED: Final = "charge"
"""What the history of a payment calls its being made of a charge."""


@dataclass(frozen=True)
class Charge:
    """Money that a provider took, as Telegram tells it; `amount` in `currency`."""

    payload: str
    telegram_charge_id: str
    provider_charge_id: str
    currency: str
    amount: Decimal


@dataclass(frozen=True)
class Receipt:
    """The two ids by which a booked charge is found, at the provider and at Telegram."""

    payment_id: int
    provider_charge_id: str
    telegram_charge_id: str


def keep(work: Work, taken: Charge) -> int | None:
    """Keep a charge that the actor has paid, each once; its id, or None when it is known."""
    known = select(charge.c.id).where(charge.c.telegram_charge_id == taken.telegram_charge_id)
    if work.connection.execute(known).one_or_none() is not None:
        return None
    asked = select(request.c.id).where(request.c.payload == taken.payload)
    return insert_one(
        work.connection,
        charge,
        telegram_charge_id=taken.telegram_charge_id,
        provider_charge_id=taken.provider_charge_id,
        online_payment_id=work.connection.execute(asked).scalar_one_or_none(),
        payload=taken.payload,
        person_id=work.actor.person_id,
        currency=taken.currency,
        amount_minor=to_minor(taken.amount, taken.currency),
        at=work.now,
    )


def book(work: Work, charge_id: int) -> bool:
    """Book a charge that was kept: a payment that settles its paper, the rest is credit.

    The machine books it, whoever has paid.  Whether it is booked now; it is not when nobody can
    say whose money it is, or when the books do not take it (`NumbersInQuestion`, `RateMissing`).
    Those concerned are told what came of it.
    """
    lock_rows(work.connection, charge, [charge_id])
    row = work.connection.execute(select(charge).where(charge.c.id == charge_id)).one()
    if row.payment_id is not None:
        return True
    asked = _asked_by(work.connection, row)
    party_id = _party_of(work.connection, row) if asked is None else asked.party_id
    if party_id is None:
        return False
    settles = [] if asked is None else [asked.document_id]
    books = Work(work.connection, MACHINE, work.now, work.source, work.events, work.changed)
    try:
        with books.savepoint():
            issued = payments.pay(
                books,
                party_id,
                direction="in",
                amount=from_minor(row.amount_minor, row.currency),
                currency=row.currency,
                settles=settles,
                payment_mode=MODE,
                reference=row.provider_charge_id,
            )
    except Refusal:
        return False
    work.connection.execute(
        update(charge).where(charge.c.id == charge_id).values(payment_id=issued.document_id)
    )
    record(
        books,
        "document",
        issued.document_id,
        action=BOOKED,
        person=row.person_id,
        provider=row.provider_charge_id,
        telegram=row.telegram_charge_id,
    )
    _tell(books, row, issued_id=issued.document_id, number=issued.number, settles=settles)
    return True


def _asked_by(connection: Connection, row: Row[Any]) -> Request | None:
    if row.online_payment_id is None:
        return None
    return as_request(row_of(connection, request.c.id == row.online_payment_id))


def _party_of(connection: Connection, row: Row[Any]) -> int | None:
    """Whose money it can only be: the one party for which the payer speaks, or none."""
    found = connection.execute(
        select(contact.c.party_id)
        .where(contact.c.person_id == row.person_id, contact.c.ended_at.is_(None))
        .distinct()
    ).all()
    return int(found[0].party_id) if len(found) == 1 else None


def _tell(books: Work, row: Row[Any], *, issued_id: int, number: str, settles: list[int]) -> None:
    """What the payer, and those who look after the paper, are told."""
    paper = documents(books.connection, settles)[settles[0]] if settles else None
    money = documents(books.connection, [issued_id])[issued_id]
    over = money.amount(abs(due_minor(books.connection, issued_id)))
    books.tell(
        "paid_online",
        document_id=issued_id,
        party_id=money.party_id,
        payer=row.person_id,
        number=number,
        paper=None if paper is None else paper.number,
        paper_id=None if paper is None else paper.id,
        creator=None if paper is None else paper.created_by,
        amount=money.amount(money.amount_minor),
        over=over,
        currency=row.currency,
    )


def tell_waiting(work: Work, charge_id: int) -> None:
    """Tell the owners of money that could not be booked."""
    row = work.connection.execute(select(charge).where(charge.c.id == charge_id)).one()
    work.tell(
        "online_waits",
        party_known=row.online_payment_id is not None
        or _party_of(work.connection, row) is not None,
        payer=row.person_id,
        amount=from_minor(row.amount_minor, row.currency),
        currency=row.currency,
        provider=row.provider_charge_id,
        telegram=row.telegram_charge_id,
    )


_WAITING = select(charge.c.id).where(charge.c.payment_id.is_(None)).order_by(charge.c.id)


def book_waiting(work: Work) -> None:
    """Book what could not be booked when it came; what cannot yet goes on waiting."""
    for charge_id in work.connection.execute(_WAITING).scalars().all():
        book(work, charge_id)


def receipts(connection: Connection, credits_: Sequence[DocumentRecord]) -> list[Receipt]:
    """The charges in which the money of these credits came, as far as it was paid in the chat.

    A credit is such a payment itself, or a paper that takes back what such a payment has settled.
    """
    money = {each.id for each in credits_ if each.type.settles}
    papers = [each.id for each in credits_ if not each.type.settles]
    for paper_id in _credited(connection, papers):
        money |= {each.record.id for each in allocations.counterparts(connection, paper_id)}
    rows = connection.execute(
        select(charge).where(charge.c.payment_id.in_(sorted(money))).order_by(charge.c.id)
    )
    return [
        Receipt(row.payment_id, row.provider_charge_id, row.telegram_charge_id) for row in rows
    ]


def _credited(connection: Connection, credit_ids: Sequence[int]) -> list[int]:
    """The papers whose lines these credits take back."""
    if not credit_ids:
        return []
    owed = line.alias("owed")
    target = func.coalesce(line.c.credited_line_id, line.c.source_line_id)
    rows = connection.execute(
        select(owed.c.document_id)
        .join(line, target == owed.c.id)
        .where(line.c.document_id.in_(credit_ids))
        .distinct()
        .order_by(owed.c.document_id)
    )
    return list(rows.scalars())
