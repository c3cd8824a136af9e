"""Money that was paid in the chat: what was taken, and what stands in the books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, or_, select

from core.domain.documents import DOCUMENT_TYPES
from core.domain.lifecycles import State
from core.services.audit.breach import Breach
from core.services.online_payments import BOOKED, MODE
from core.storage.tables import document, history
from core.storage.tables import online_charge as charge
from core.storage.tables import online_payment as request

_MONEY = [str(kind) for kind, row in DOCUMENT_TYPES.items() if row.settles]


def charges(connection: Connection) -> Iterator[Breach]:
    """A charge is the money of one payment in the books, and such a payment has its charge."""
    rows = connection.execute(
        select(charge.c.id, charge.c.payment_id, charge.c.amount_minor)
        .select_from(
            charge.join(document, document.c.id == charge.c.payment_id).outerjoin(
                request, request.c.id == charge.c.online_payment_id
            )
        )
        .where(
            or_(
                document.c.kind.not_in(_MONEY),
                document.c.state.not_in([str(State.POSTED), str(State.REVERSED)]),
                document.c.direction.is_distinct_from("in"),
                document.c.payment_mode != MODE,
                document.c.currency.is_distinct_from(charge.c.currency),
                document.c.amount_minor.is_distinct_from(charge.c.amount_minor),
                request.c.payload.is_distinct_from(charge.c.payload)
                & charge.c.online_payment_id.is_not(None),
                request.c.party_id.is_not(None)
                & document.c.party_id.is_distinct_from(request.c.party_id),
            )
        )
        .order_by(charge.c.id)
    )
    for row in rows:
        facts = {"charge": row.id, "amount_minor": row.amount_minor}
        yield Breach("charges", f"document:{row.payment_id}", facts)
    yield from _lost(connection)


def _lost(connection: Connection) -> Iterator[Breach]:
    """Each payment whose history says that it was a charge has one."""
    rows = connection.execute(
        select(history.c.subject_id)
        .outerjoin(charge, charge.c.payment_id == history.c.subject_id)
        .where(
            history.c.subject == "document",
            history.c.action == BOOKED,
            charge.c.id.is_(None),
        )
        .order_by(history.c.subject_id)
    )
    for row in rows:
        yield Breach("charges", f"document:{row.subject_id}", {"charge": None})


def unbooked(connection: Connection, now: datetime) -> Iterator[Breach]:
    """Money that a provider has taken and that is in no book yet."""
    del now  # However long it has been: it is somebody's money.
    rows = connection.execute(
        select(charge.c.id, charge.c.currency, charge.c.amount_minor, charge.c.provider_charge_id)
        .where(charge.c.payment_id.is_(None))
        .order_by(charge.c.id)
    )
    for row in rows:
        facts = {
            "currency": row.currency,
            "amount_minor": row.amount_minor,
            "provider": row.provider_charge_id,
        }
        yield Breach("unbooked", f"charge:{row.id}", facts)
