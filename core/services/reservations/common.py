"""What all use cases of holds share: its row, what is open, who may, whether there is time."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from core.domain.document_type import Claims, DocumentType
from core.domain.documents import kinds
from core.domain.errors import Refusal
from core.domain.lifecycles import Action, State
from core.domain.links import LineState, offer_to_order
from core.domain.money import ZERO
from core.domain.people import Right
from core.services.documents import drafting
from core.services.history import record
from core.services.rights import NotFound, require
from core.services.work import Work
from core.storage.locks import lock_documents
from core.storage.queries.document_queries import DocumentRecord, documents, lines_of
from core.storage.tables import history

# The actions under which wishes stand in the history, and that which answers them with no.
ASKED: Final = "ask_hold"
WISHES_ORDER: Final = "wish_order"
WISHES_TIME: Final = "wish_time"
REFUSED: Final = "refuse_wish"


class EndPassed(Refusal):
    """A hold cannot end in the past."""

    code = "end_passed"
    fact_names = ("until",)


class HoldOver(Refusal):
    """The time of the hold is over: its goods are free."""

    code = "hold_over"
    fact_names = ("number",)


def hold_type() -> DocumentType:
    """The row of what holds goods until a date."""
    return kinds(claims=Claims.UNTIL)[0]


def open_of(state: LineState) -> Decimal:
    """What a line still holds or waits for: neither ordered nor released."""
    return max(ZERO, offer_to_order(state))


# --- What is asked before anything is done ---------------------------------------------------


def require_ahead(work: Work, until: datetime) -> None:
    """Refuse an end that has passed.

    Raises:
        EndPassed.
    """
    if until <= work.now:
        raise EndPassed(until=until)


def found_hold(work: Work, document_id: int, *, right: Right) -> DocumentRecord:
    """The hold, which nobody else changes now, if this person has `right` on it.

    Raises:
        NotFound, NotAllowed.
    """
    lock_documents(work.connection, [document_id])
    found = documents(work.connection, [document_id]).get(document_id)
    if found is None or found.type.claims is not Claims.UNTIL:
        raise NotFound(subject="document")
    require(work.actor, right, found.type, party_id=found.party_id)
    return found


def require_time(work: Work, found: DocumentRecord, action: Action) -> None:
    """Refuse what cannot be done in its state, and anything once its time is over.

    Raises:
        ActionRefused, HoldOver.
    """
    found.type.lifecycle.after(State(found.state), action)
    if found.valid_until is not None and found.valid_until <= work.now:
        raise HoldOver(number=found.number or "")


def hold_in_force(
    work: Work, document_id: int, action: Action, *, right: Right, revision: int
) -> DocumentRecord:
    """The hold in force, one revision on.

    Raises:
        NotFound, NotAllowed, ActionRefused, HoldOver, Changed.
    """
    found = found_hold(work, document_id, right=right)
    require_time(work, found, action)
    drafting.advance(work, document_id, revision=revision)
    return found


# --- What was asked --------------------------------------------------------------------------


def keep_wish(work: Work, document_id: int, until: datetime) -> None:
    """Keep what was asked: the grant may be of less, and says so."""
    wanted = {
        str(each.id): str(each.quantity)
        for each in lines_of(work.connection, [document_id]).get(document_id, [])
    }
    record(
        work, "document", document_id,
        action=ASKED, lines=json.dumps(wanted), until=until.isoformat(),
    )  # fmt: skip


def last_wish(work: Work, document_id: int) -> tuple[dict[int, Decimal], datetime | None]:
    """What was asked of each line, and until when; nothing where nobody asked."""
    facts = work.connection.execute(
        select(history.c.facts)
        .where(
            history.c.subject == "document",
            history.c.subject_id == document_id,
            history.c.action == ASKED,
        )
        .order_by(history.c.id.desc())
        .limit(1)
    ).scalar()
    if facts is None:
        return {}, None
    kept = json.loads(facts)
    asked = {int(each): Decimal(value) for each, value in json.loads(kept["lines"]).items()}
    return asked, datetime.fromisoformat(kept["until"])
