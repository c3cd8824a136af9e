"""What a customer wishes of a hold of his: its order, or more time; and the answer no."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from core.domain.lifecycles import Action
from core.domain.money import ZERO
from core.domain.people import Right
from core.services.history import record
from core.services.reservations.common import (
    REFUSED,
    WISHES_ORDER,
    WISHES_TIME,
    found_hold,
    open_of,
    require_ahead,
    require_time,
)
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord, states_of_lines


def wish_order(work: Work, document_id: int) -> None:
    """A customer wants what is held for him delivered: who sells hears it by "order_wished".

    Raises:
        NotFound, NotAllowed, ActionRefused, HoldOver.
    """
    found, pieces = _wishing(work, document_id)
    record(work, "document", document_id, action=WISHES_ORDER, pieces=pieces)
    work.tell("order_wished", document_id=document_id, party_id=found.party_id)


def wish_time(work: Work, document_id: int, *, until: datetime) -> None:
    """A customer wants his hold to last longer: who sells hears it by "time_wished".

    Raises:
        NotFound, NotAllowed, ActionRefused, HoldOver, EndPassed.
    """
    require_ahead(work, until)
    found, pieces = _wishing(work, document_id)
    record(
        work, "document", document_id, action=WISHES_TIME, pieces=pieces, until=until.isoformat()
    )
    work.tell("time_wished", document_id=document_id, party_id=found.party_id)


def refuse_wish(work: Work, document_id: int, *, reason: str = "") -> None:
    """Answer what a customer wished of his hold with no; he hears it by "wish_refused".

    Raises:
        NotFound, NotAllowed.
    """
    found = found_hold(work, document_id, right=Right.ISSUE)
    record(work, "document", document_id, action=REFUSED, reason=reason)
    work.tell(
        "wish_refused",
        document_id=document_id,
        party_id=found.party_id,
        number=found.number,
        reason=reason,
    )


def _wishing(work: Work, document_id: int) -> tuple[DocumentRecord, Decimal]:
    """The hold, and how many pieces of it are open."""
    found = found_hold(work, document_id, right=Right.DRAFT)
    require_time(work, found, Action.AMEND)
    states = states_of_lines(work.connection, [document_id]).get(document_id, [])
    return found, sum((open_of(state) for _, state in states), start=ZERO)
