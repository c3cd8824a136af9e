"""Holds: asked by a customer, granted in part or whole, moved, released, warned of their end.

A customer asks, and whoever sells answers; both may give goods free before the end.  What is not
there when a hold is granted is waited for, as long as the hold lasts.  The others hear of it by
events (see the bot's table); what was asked, and what is wished later, is kept in the history.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from core.domain.document_type import Claims, DocumentType
from core.domain.documents import kinds
from core.domain.errors import Refusal
from core.domain.lifecycles import Action, State
from core.domain.links import LineState, MoreThanOffered, Track, offer_to_order
from core.domain.people import Right
from core.domain.quantity import check_quantity
from core.services import stock
from core.services.documents import amending, drafting, ending, frames, issuing, papers
from core.services.documents.drafting import NewLine
from core.services.documents.issuing import Issued
from core.services.documents.papers import Around
from core.services.history import record
from core.services.rights import Changed, NotFound, require
from core.services.stock.telling import tell_lines
from core.services.work import Work
from core.storage.document_queries import (
    DocumentRecord,
    LineRecord,
    chains_of,
    documents,
    documents_where,
    lines_of,
    states_of_lines,
)
from core.storage.locks import lock_documents
from core.storage.models import Document, DocumentLine, Draw, History
from core.storage.stock_queries import open_claims
from core.storage.writing import table_of

document = table_of(Document)
draw = table_of(Draw)
history = table_of(History)
line = table_of(DocumentLine)

ZERO = Decimal(0)
WARNED_AHEAD = timedelta(days=1)
"""Both sides hear of the end so long before it, of a short hold when half of it is over."""

# The actions under which wishes stand in the history, and that which answers them with no.
ASKED, WISHES_ORDER, WISHES_TIME, REFUSED = "ask_hold", "wish_order", "wish_time", "refuse_wish"
WARNED = "ends_soon"


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


# --- Asking ----------------------------------------------------------------------------------


def ask(work: Work, party_id: int, *, lines: Sequence[NewLine], until: datetime) -> int:
    """Ask to hold goods for a party until a moment; returns the id of the request.

    A customer asks for his own party, and the event "hold_asked" tells who can grant it.  Who
    sells makes the same request and grants it himself.

    Raises:
        NotFound, NotAllowed, EndPassed, and what `drafting.create` raises.
    """
    _require_ahead(work, until)
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
        _keep_wish(work, document_id, until)
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
    found = _found(work, document_id, right=Right.DRAFT)
    found.type.lifecycle.after(State(found.state), Action.ISSUE)
    drafting.advance(work, document_id, revision=revision)
    _rewrite(work, found, quantities or {}, until=until)
    if not work.actor.is_staff and (end := until or found.valid_until) is not None:
        _keep_wish(work, document_id, end)


def withdraw(work: Work, document_id: int, *, revision: int) -> None:
    """Take a request back before it was answered.

    Raises:
        NotADraft, NotFound, NotAllowed, Changed.
    """
    drafting.discard(work, document_id, revision=revision)
    record(work, "document", document_id, action="withdraw")


def _keep_wish(work: Work, document_id: int, until: datetime) -> None:
    """Keep what was asked: the grant may be of less, and says so."""
    wanted = {
        str(each.id): str(each.quantity)
        for each in lines_of(work.connection, [document_id]).get(document_id, [])
    }
    record(
        work, "document", document_id,
        action=ASKED, lines=json.dumps(wanted), until=until.isoformat(),
    )  # fmt: skip


def _rewrite(
    work: Work, found: DocumentRecord, quantities: Mapping[int, Decimal], *, until: datetime | None
) -> None:
    """Write other quantities and another end into a request.

    Raises:
        EndPassed; NotFound: a line is none of its; NothingInIt: nothing would be left.
    """
    if until is not None:
        _require_ahead(work, until)
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
    found = _found(work, document_id, right=Right.ISSUE)
    found.type.lifecycle.after(State(found.state), Action.ISSUE)
    if found.revision != revision:
        raise Changed(subject="document", id=document_id)
    end = until or found.valid_until
    if end is not None:
        _require_ahead(work, end)
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
    found = _found(work, document_id, right=Right.ISSUE)
    ending.decline(work, document_id, revision=revision, reason=reason)
    its_lines = lines_of(work.connection, [document_id]).get(document_id, [])
    work.tell(
        "hold_declined",
        document_id=document_id,
        party_id=found.party_id,
        reason=reason,
        lines=[{"product": each.name, "quantity": each.quantity} for each in its_lines],
    )


# --- While it lasts --------------------------------------------------------------------------


def move_end(work: Work, document_id: int, *, revision: int, until: datetime) -> None:
    """Let a hold last longer, or end earlier: the next version of the same paper.

    Its claims, and what it waits for, last until then; its place in the queue stays.  The party
    hears it by "hold_moved".

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused, HoldOver, EndPassed.
    """
    _require_ahead(work, until)
    found = _in_force(work, document_id, Action.AMEND, right=Right.AMEND, revision=revision)
    amending.keep_version(work, found)
    moved = replace(found, valid_until=until, version=found.version + 1)
    frame = frames.read(work.connection, document_id)
    its_chains = chains_of(work.connection, document_id)
    its_lines = [chain[0].line for chain in its_chains.values()]
    snapshot = papers.freeze(
        work.connection,
        moved,
        its_lines,
        fixed=None,
        around=Around(frame.company, frame.party, its_chains),
    )
    work.connection.execute(
        update(document)
        .where(document.c.id == document_id)
        .values(valid_until=until, version=moved.version, snapshot=snapshot)
    )
    states = [(each, its_chains[each.id][0].link.line) for each in its_lines]
    _want(work, moved, states)
    record(work, "document", document_id, action="move_end", until=until.isoformat())
    work.tell(
        "hold_moved",
        document_id=document_id,
        party_id=found.party_id,
        number=found.number,
        until=until,
        before=found.valid_until,
    )


def release(
    work: Work,
    document_id: int,
    *,
    revision: int,
    quantities: Mapping[int, Decimal] | None = None,
    reason: str = "",
) -> None:
    """Give goods of a hold free before its time: some of some lines, or (None) all of it.

    What it waits for is given up first, then its claims, the newest first; the next in line are
    served.  A hold of which nothing is left ends.  The other side hears it by "hold_released".

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused, HoldOver.
        MoreThanOffered: of a line, more than it still holds.
        NothingInIt: nothing was chosen.
    """
    found = _found(work, document_id, right=Right.DRAFT)
    states = states_of_lines(work.connection, [document_id]).get(document_id, [])
    there = {each.id: open_of(state) for each, state in states}
    wanted = there if quantities is None else dict(quantities)
    names = {each.id: each.name for each, _ in states}
    for line_id, value in wanted.items():
        if not ZERO <= value <= there.get(line_id, ZERO):
            offered = there.get(line_id, ZERO)
            raise MoreThanOffered(name=names.get(line_id, ""), wanted=value, offered=offered)
    released = {line_id: value for line_id, value in wanted.items() if value > ZERO}
    if released or quantities is None:
        _release(work, found, states, released=released, revision=revision, reason=reason)
    else:
        raise issuing.NothingInIt


def _release(
    work: Work,
    found: DocumentRecord,
    states: Sequence[tuple[LineRecord, LineState]],
    *,
    released: Mapping[int, Decimal],
    revision: int,
    reason: str,
) -> None:
    left = sum((open_of(state) for _, state in states), start=ZERO) - sum(released.values())
    if left == ZERO:
        ending.release(work, found.id, revision=revision, reason=reason)
    else:
        _in_force(work, found.id, Action.AMEND, right=Right.DRAFT, revision=revision)
        work.connection.execute(
            insert(draw),
            [
                {
                    "line_id": line_id,
                    "by_line_id": line_id,
                    "track": str(Track.DROP),
                    "quantity": value,
                    "at": work.now,
                }
                for line_id, value in sorted(released.items())
            ],
        )
        _want(work, found, states_of_lines(work.connection, [found.id])[found.id])
        facts = json.dumps({str(each): str(value) for each, value in released.items()})
        record(
            work, "document", found.id, action="release_part", lines=facts, reason=reason
        )  # fmt: skip
    tell_lines(work, "hold_released", released, reason=reason)


def _want(
    work: Work, found: DocumentRecord, states: Sequence[tuple[LineRecord, LineState]]
) -> None:
    """Make claims and waiting equal to what is still held, and serve the next in line."""
    goods = [(each, state) for each, state in states if each.is_goods and each.product_id]
    demands = [
        stock.Demand(
            line_id=each.id,
            quantity=open_of(state),
            asked_at=each.asked_at or work.now,
            priority=each.priority,
            until=found.valid_until,
            complete_only=found.ships_complete,
        )
        for each, state in goods
    ]
    stock.set_demand(work, demands)
    products = {each.product_id for each, _ in goods if each.product_id is not None}
    stock.allocate(work, products, quiet={found.id})


# --- Wishes of the customer ------------------------------------------------------------------


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
    _require_ahead(work, until)
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
    found = _found(work, document_id, right=Right.ISSUE)
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
    found = _found(work, document_id, right=Right.DRAFT)
    _require_time(work, found, Action.AMEND)
    states = states_of_lines(work.connection, [document_id]).get(document_id, [])
    return found, sum((open_of(state) for _, state in states), start=ZERO)


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


# --- Before the end --------------------------------------------------------------------------


def warn(work: Work) -> list[int]:
    """Tell both sides once that a hold will end soon, by "hold_ends_soon".

    A day before its end, or when half of a short hold is over; again when its end was moved.

    Returns:
        The holds that are told of now.
    """
    row = hold_type()
    near = documents_where(
        work.connection,
        document.c.kind == row.kind,
        document.c.state == str(row.lifecycle.issued),
        document.c.valid_until <= work.now + WARNED_AHEAD,
        document.c.valid_until > work.now,
        newest_first=False,
    )
    due = [each for each in near if _is_near(work, each)]
    if not due:
        return []
    told = _told(work, [each.id for each in due])
    due = [each for each in due if (each.id, _text(each.valid_until)) not in told]
    states = states_of_lines(work.connection, [each.id for each in due]) if due else {}
    for each in due:
        _warn(work, each, states.get(each.id, []))
    return [each.id for each in due]


def _is_near(work: Work, hold: DocumentRecord) -> bool:
    assert hold.valid_until is not None
    since = hold.numbered_at or hold.created_at
    return hold.valid_until - work.now <= min(WARNED_AHEAD, (hold.valid_until - since) / 2)


def _told(work: Work, document_ids: Sequence[int]) -> set[tuple[int, str]]:
    rows = work.connection.execute(
        select(history.c.subject_id, history.c.facts).where(
            history.c.subject == "document",
            history.c.subject_id.in_(sorted(document_ids)),
            history.c.action == WARNED,
        )
    )
    return {(row.subject_id, json.loads(row.facts)["until"]) for row in rows}


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def _warn(
    work: Work, hold: DocumentRecord, states: Sequence[tuple[LineRecord, LineState]]
) -> None:
    record(work, "document", hold.id, action=WARNED, until=_text(hold.valid_until))
    left: list[dict[str, Any]] = [
        {"product": each.name, "quantity": open_of(state)}
        for each, state in states
        if open_of(state) > ZERO
    ]
    if left:
        work.tell(
            "hold_ends_soon",
            document_id=hold.id,
            party_id=hold.party_id,
            number=hold.number,
            until=hold.valid_until,
            lines=left,
        )


# --- What all of them ask first --------------------------------------------------------------


def _require_ahead(work: Work, until: datetime) -> None:
    if until <= work.now:
        raise EndPassed(until=until)


def _found(work: Work, document_id: int, *, right: Right) -> DocumentRecord:
    """The hold, which nobody else changes now, if this person has `right` on it."""
    lock_documents(work.connection, [document_id])
    found = documents(work.connection, [document_id]).get(document_id)
    if found is None or found.type.claims is not Claims.UNTIL:
        raise NotFound(subject="document")
    require(work.actor, right, found.type, party_id=found.party_id)
    return found


def _require_time(work: Work, found: DocumentRecord, action: Action) -> None:
    found.type.lifecycle.after(State(found.state), action)
    if found.valid_until is not None and found.valid_until <= work.now:
        raise HoldOver(number=found.number or "")


def _in_force(
    work: Work, document_id: int, action: Action, *, right: Right, revision: int
) -> DocumentRecord:
    """The hold in force, one revision on."""
    found = _found(work, document_id, right=right)
    _require_time(work, found, action)
    drafting.advance(work, document_id, revision=revision)
    return found
