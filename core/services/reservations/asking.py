"""A hold is asked, changed, taken back; it is granted in part or whole, or declined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, delete, update

from core.domain.lifecycles import Action, State
from core.domain.money import ZERO
from core.domain.people import Right
from core.domain.quantity import check_quantity
from core.services.documents import drafting, issuing, lifecycle
from core.services.documents.drafting import NewLine
from core.services.documents.issuing import Issued
from core.services.history import record
from core.services.reservations.common import (
    found_hold,
    hold_type,
    keep_wish,
    last_wish,
    require_ahead,
)
from core.services.rights import Changed, NotFound
from core.services.work import Work
from core.storage.queries.claim_queries import open_claims
from core.storage.queries.document_queries import DocumentRecord, lines_of
from core.storage.tables import document
from core.storage.tables import document_line as line

# --- Asking ----------------------------------------------------------------------------------


def ask(work: Work, party_id: int, *, lines: Sequence[NewLine], until: datetime) -> int:
    """Ask to hold goods for a party until a moment; returns the id of the request.

    A customer asks for his own party, and the event "hold_asked" tells who can grant it.  Who
    sells makes the same request and grants it himself.

    Raises:
        NotFound, NotAllowed, EndPassed, and what `drafting.create` raises.
    """
    require_ahead(work, until)
    contact_id = next(
        (each.contact_id for each in work.actor.memberships if each.party_id == party_id), None
    )
    document_id = drafting.create(
        work,
        hold_type().kind,
        party_id=party_id,
        lines=lines,
        valid_until=until,
        contact_id=contact_id,
    )
    if not work.actor.is_staff:
        keep_wish(work, document_id, until)
        work.tell("hold_asked", document_id=document_id, party_id=party_id)
    return document_id


def change(
    work: Work,
    document_id: int,
    *,
    revision: int,
    quantities: Mapping[int, Decimal] | None = None,
    until: datetime | None = None,
) -> None:
    """Ask for other quantities (zero takes a line off) or another end, before it is granted.

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused, EndPassed, NothingInIt.
    """
    found = found_hold(work, document_id, right=Right.DRAFT)
    found.type.lifecycle.after(State(found.state), Action.ISSUE)
    drafting.advance(work, document_id, revision=revision)
    _rewrite(work, found, quantities or {}, until=until)
    if not work.actor.is_staff and (end := until or found.valid_until) is not None:
        keep_wish(work, document_id, end)


def withdraw(work: Work, document_id: int, *, revision: int) -> None:
    """Take a request back before it was answered.

    Raises:
        NotADraft, NotFound, NotAllowed, Changed.
    """
    drafting.discard(work, document_id, revision=revision)
    record(work, "document", document_id, action="withdraw")


def _rewrite(
    work: Work, found: DocumentRecord, quantities: Mapping[int, Decimal], *, until: datetime | None
) -> None:
    """Write other quantities and another end into a request.

    Raises:
        EndPassed; NotFound: a line is none of its; NothingInIt: nothing would be left.
    """
    if until is not None:
        require_ahead(work, until)
        work.connection.execute(
            update(document).where(document.c.id == found.id).values(valid_until=until)
        )
    if not quantities:
        return
    its_lines = {each.id: each for each in lines_of(work.connection, [found.id])[found.id]}
    if not its_lines.keys() >= quantities.keys():
        raise NotFound(subject="line")
    checked = {
        line_id: check_quantity(
            value, unit_digits=its_lines[line_id].unit_digits, zero_allowed=True
        )
        for line_id, value in quantities.items()
    }
    gone = sorted(line_id for line_id, value in checked.items() if value == ZERO)
    if len(gone) == len(its_lines):
        raise issuing.NothingInIt
    if gone:
        work.connection.execute(delete(line).where(line.c.id.in_(gone)))
    if len(gone) < len(checked):
        work.connection.execute(
            update(line)
            .where(line.c.id == bindparam("of_line"))
            .values(quantity=bindparam("new_quantity")),
            [
                {"of_line": line_id, "new_quantity": value}
                for line_id, value in sorted(checked.items())
                if value > ZERO
            ],
        )


# --- Answering -------------------------------------------------------------------------------


def grant(
    work: Work,
    document_id: int,
    *,
    revision: int,
    quantities: Mapping[int, Decimal] | None = None,
    until: datetime | None = None,
) -> Issued:
    """Hold what was asked, or less of it, or for a shorter time.

    What is there is claimed at once, the rest is waited for.  Those who asked hear it by the
    event "hold_granted": of each line what was asked, what is granted, what is here.

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused, EndPassed, DateMissing, NothingInIt.
    """
    found = found_hold(work, document_id, right=Right.ISSUE)
    found.type.lifecycle.after(State(found.state), Action.ISSUE)
    if found.revision != revision:
        raise Changed(subject="document", id=document_id)
    end = until or found.valid_until
    if end is not None:
        require_ahead(work, end)
    _rewrite(work, found, quantities or {}, until=until)
    issued = issuing.issue(work, document_id, revision=revision)
    _tell_granted(work, replace(found, number=issued.number, valid_until=end))
    return issued


def _tell_granted(work: Work, granted: DocumentRecord) -> None:
    asked, asked_until = last_wish(work, granted.id)
    its_lines = lines_of(work.connection, [granted.id])[granted.id]
    here: dict[int, Decimal] = {}
    for claim in open_claims(work.connection, line_ids=[each.id for each in its_lines]):
        here[claim.line_id] = here.get(claim.line_id, ZERO) + claim.open
    work.tell(
        "hold_granted",
        document_id=granted.id,
        party_id=granted.party_id,
        number=granted.number,
        until=granted.valid_until,
        shorter=asked_until is not None and granted.valid_until != asked_until,
        was_asked=bool(asked),
        lines=[
            {
                "line_id": each.id,
                "product": each.name,
                "quantity": each.quantity,
                "asked": asked.get(each.id, each.quantity),
                "here": here.get(each.id, ZERO),
            }
            for each in its_lines
        ],
    )


def decline(work: Work, document_id: int, *, revision: int, reason: str = "") -> None:
    """Answer a request with no; who asked hears it, with the reason, by "hold_declined".

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused.
    """
    found = found_hold(work, document_id, right=Right.ISSUE)
    lifecycle.decline(work, document_id, revision=revision, reason=reason)
    its_lines = lines_of(work.connection, [document_id]).get(document_id, [])
    work.tell(
        "hold_declined",
        document_id=document_id,
        party_id=found.party_id,
        reason=reason,
        lines=[
            {"line_id": each.id, "product": each.name, "quantity": each.quantity}
            for each in its_lines
        ],
    )
