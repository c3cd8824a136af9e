"""How documents end: cancelled, closed, declined, released, reversed.

An order that is closed drops what remains; a posted paper that is reversed is undone by opposite
entries, draws and moves, when nothing was built on it and its goods are still there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from core.domain.document_type import Claims
from core.domain.documents import DOCUMENT_TYPES, type_of
from core.domain.errors import Refusal
from core.domain.lifecycles import OFFER, Action, State
from core.domain.links import Track, dropped_after_reversal, overdrawn
from core.domain.money import ZERO
from core.domain.people import Right
from core.services import stock
from core.services.amendments import amending
from core.services.documents import drafting, stock_effects
from core.services.history import record
from core.services.money import accounts, allocations
from core.services.rights import NotFound, require
from core.services.work import Work
from core.storage.locks import lock_documents
from core.storage.queries.document_queries import (
    DocumentRecord,
    LineRecord,
    chains,
    chains_of,
    documents,
    documents_where,
    lines_of,
)
from core.storage.tables import document, draw, move
from core.storage.tables import document_line as line


class NotReversible(Refusal):
    """A paper of this kind is corrected by another paper, never reversed."""

    code = "not_reversible"
    fact_names = ("kind",)


class NothingRemains(Refusal):
    """Nothing of line `name` is open that could be dropped."""

    code = "nothing_remains"
    fact_names = ("name",)


class HasChildren(Refusal):
    """Other documents in force were made from this one."""

    code = "has_children"
    fact_names = ("number", "children")


def cancel(work: Work, document_id: int, *, revision: int, reason: str = "") -> None:
    """Cancel a confirmed order of which nothing was delivered or billed; its number is kept.

    What it had drawn on an offer or a reservation is offered there again.

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused, HasChildren.
    """
    its_record = _ended(
        work, document_id, Action.CANCEL, right=Right.CANCEL, revision=revision, reason=reason
    )
    its_lines = _undrawn_lines(work.connection, its_record)
    amending.throw_away(work, document_id)
    line_ids = [each.id for each in its_lines]
    _draw_back(work, line_ids)
    # A reservation waits again before its goods are free, so that they are not others' first.
    stock_effects.want_again(work, its_lines, chains(work.connection, line_ids))
    _want_no_more(work, its_record, its_lines)


def close(work: Work, document_id: int, *, revision: int, reason: str = "") -> None:
    """Close an order: what remains of every line is not wanted any more.

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused.
    """
    its_record = _ended(
        work, document_id, Action.CLOSE, right=Right.CLOSE, revision=revision, reason=reason
    )
    found = chains_of(work.connection, document_id)
    dropped = []
    for line_id, chain in found.items():
        rest = chain[0].link.line.remainder
        if rest > ZERO:
            dropped.append((line_id, rest))
    _drop(work, dropped)
    amending.throw_away(work, document_id)
    _want_nothing(work, its_record)


def close_line(
    work: Work, document_id: int, line_id: int, *, revision: int, reason: str = ""
) -> Decimal:
    """Drop what remains of one line of an order; the order and its other lines go on.

    Returns:
        How much was dropped.

    Raises:
        NothingRemains: nothing of the line is open.
        NotFound, NotAllowed, Changed, ActionRefused.
    """
    found = documents(work.connection, [document_id]).get(document_id)
    if found is None:
        raise NotFound(subject="document")
    require(work.actor, Right.CLOSE, found.type, party_id=found.party_id)
    found.type.lifecycle.after(State(found.state), Action.CLOSE)
    lock_documents(work.connection, [document_id])
    chain = chains_of(work.connection, document_id).get(line_id)
    if chain is None:
        raise NotFound(subject="line")
    rest = chain[0].link.line.remainder
    if rest == ZERO:
        raise NothingRemains(name=chain[0].line.name)
    drafting.advance(work, document_id, revision=revision)
    _drop(work, [(line_id, rest)])
    _want_no_more(work, found, [chain[0].line])
    record(
        work, "document", document_id, action="close_line", line=line_id, quantity=rest,
        reason=reason,
    )  # fmt: skip
    return rest


def _drop(work: Work, dropped: Sequence[tuple[int, Decimal]]) -> None:
    """Add to what nobody wants any more of these lines of orders."""
    if dropped:
        work.connection.execute(
            insert(draw),
            [
                {
                    "line_id": line_id,
                    "by_line_id": line_id,
                    "track": str(Track.DROP),
                    "quantity": quantity,
                    "at": work.now,
                }
                for line_id, quantity in dropped
            ],
        )


def decline(work: Work, document_id: int, *, revision: int, reason: str = "") -> None:
    """Decline an offer or a request; for an offer its customer may, and says why if he likes.

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused.
        HasChildren: it was ordered.
    """
    its_record = _ended(
        work, document_id, Action.DECLINE, right=Right.ANSWER, revision=revision, reason=reason
    )
    _undrawn_lines(work.connection, its_record)
    _tell_answer(work, its_record, "declined", reason=reason)


def accept(work: Work, document_id: int, *, revision: int) -> None:
    """Accept an offer: its customer does, or it is noted that he has.

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused.
    """
    its_record = _ended(
        work, document_id, Action.ACCEPT, right=Right.ANSWER, revision=revision, reason=""
    )
    _tell_answer(work, its_record, "accepted", reason="")


def _tell_answer(work: Work, its_record: DocumentRecord, name: str, *, reason: str) -> None:
    """Who has made an offer hears what came of it."""
    if its_record.type.lifecycle is OFFER:
        work.tell(
            f"offer_{name}", document_id=its_record.id, party_id=its_record.party_id,
            number=its_record.number, reason=reason,
        )  # fmt: skip


def release(work: Work, document_id: int, *, revision: int, reason: str = "") -> None:
    """Give a reservation's goods free before its time.

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused.
    """
    its_record = _ended(
        work, document_id, Action.RELEASE, right=Right.DRAFT, revision=revision, reason=reason
    )
    _want_nothing(work, its_record)


def expire(work: Work) -> list[int]:
    """End everything whose time is over: holds give their goods free, offers stand no longer.

    The goods of a hold may have been given free before, by another operation on its products:
    documents are ended by their own dates.

    Returns:
        The documents that ended now.
    """
    may_expire = [
        (document.c.kind == row.kind) & (document.c.state == str(state))
        for row in DOCUMENT_TYPES.values()
        for (state, action) in row.lifecycle.transitions
        if action is Action.EXPIRE
    ]
    due = documents_where(
        work.connection, document.c.valid_until <= work.now, or_(*may_expire), newest_first=False
    )
    stock.expire_due(work)
    for each in due:
        lock_documents(work.connection, [each.id])
        after = each.type.lifecycle.after(State(each.state), Action.EXPIRE)
        drafting.advance(work, each.id, revision=each.revision)
        work.connection.execute(
            update(document)
            .where(document.c.id == each.id)
            .values(state=str(after), ended_at=work.now)
        )
        record(work, "document", each.id, action=str(Action.EXPIRE))
        _tell_answer(work, each, "expired", reason="")
    return [each.id for each in due]


def _ended(
    work: Work, document_id: int, action: Action, *, right: Right, revision: int, reason: str
) -> DocumentRecord:
    """The document in the state after `action`, one revision on."""
    found = documents(work.connection, [document_id]).get(document_id)
    if found is None:
        raise NotFound(subject="document")
    require(work.actor, right, found.type, party_id=found.party_id)
    after = found.type.lifecycle.after(State(found.state), action)
    lock_documents(work.connection, [document_id])
    drafting.advance(work, document_id, revision=revision)
    values: dict[str, Any] = {"state": str(after)}
    if after not in found.type.lifecycle.in_force:
        values["ended_at"] = work.now
    if reason and action is not Action.REVERSE:
        # A return's own reason stays on it when it is reversed.
        values["reason"] = reason
    work.connection.execute(update(document).where(document.c.id == document_id).values(**values))
    record(work, "document", document_id, action=str(action), reason=reason)
    return replace(found, state=str(after))


def _undrawn_lines(connection: Connection, parent: DocumentRecord) -> Sequence[LineRecord]:
    """The lines of a document on which no document in force draws.

    Raises:
        HasChildren: naming those that do.
    """
    its_lines = lines_of(connection, [parent.id]).get(parent.id, [])
    living = _who_draws(connection, [each.id for each in its_lines])
    if living:
        raise HasChildren(number=parent.number, children=living)
    return its_lines


def _who_draws(connection: Connection, line_ids: Collection[int]) -> tuple[str, ...]:
    """The numbers of other documents in force that draw on these lines."""
    drawn_from, by_line = line.alias("drawn_from"), line.alias("by_line")
    rows = connection.execute(
        select(document.c.number, document.c.state, document.c.kind)
        .select_from(
            draw.join(drawn_from, drawn_from.c.id == draw.c.line_id)
            .join(by_line, by_line.c.id == draw.c.by_line_id)
            .join(document, document.c.id == by_line.c.document_id)
        )
        .where(draw.c.line_id.in_(sorted(line_ids)), document.c.id != drawn_from.c.document_id)
        .distinct()
    )
    return tuple(
        sorted(row.number for row in rows if row.state in type_of(row.kind).lifecycle.in_force)
    )


def _want_nothing(work: Work, its_record: DocumentRecord) -> None:
    """Its lines claim and wait for nothing any more; others get what becomes free."""
    found = lines_of(work.connection, [its_record.id]).get(its_record.id, [])
    _want_no_more(work, its_record, found)


def _want_no_more(work: Work, its_record: DocumentRecord, found: Sequence[LineRecord]) -> None:
    """These lines claim and wait for nothing any more."""
    if its_record.type.claims is Claims.NO:
        return
    its_lines = [each for each in found if each.is_goods and each.product_id is not None]
    demands = [stock.Demand.of(each, ZERO, now=work.now) for each in its_lines]
    products = {each.product_id for each in its_lines if each.product_id is not None}
    stock.serve(work, demands, products, own=its_record.id)


def reverse(
    work: Work, document_id: int, *, revision: int, reason: str = "", displace: bool = False
) -> None:
    """Undo a posted paper by opposite moves, draws and entries, where its row allows.

    A reversed delivery gives back the very claims that it consumed.

    Args:
        work: the unit of work.
        document_id: the posted paper.
        revision: the one that the person saw.
        reason: why, kept in the history.
        displace: goods that others have claimed meanwhile may be taken.

    Raises:
        NotReversible, HasChildren, GoodsGone; NotEnough: others have claimed its goods.
        NotFound, NotAllowed, Changed, ActionRefused.
    """
    found = documents(work.connection, [document_id]).get(document_id)
    if found is not None and not found.type.reversible:
        raise NotReversible(kind=found.type.label)
    its_record = _ended(
        work, document_id, Action.REVERSE, right=Right.REVERSE, revision=revision, reason=reason
    )
    its_lines = _undrawn_lines(work.connection, its_record)
    line_ids = [each.id for each in its_lines]
    products = {each.product_id for each in its_lines if each.product_id is not None}
    if its_record.type.route is not None:
        stock.lock(work, products)
        _move_back(work, line_ids, displace=displace)
    _draw_back(work, line_ids)
    _mend(work, its_record, line_ids)
    if its_record.type.route is not None:
        if its_record.type.route.leaves:
            stock.give_back(work, line_ids)
        stock_effects.want_again(work, its_lines, chains(work.connection, line_ids))
    if its_record.type.settles or its_record.type.debt:
        allocations.undo(work, document_id)
        accounts.reverse_entries(work, its_record)


def _move_back(work: Work, line_ids: Collection[int], *, displace: bool) -> None:
    rows = work.connection.execute(
        select(move)
        .where(move.c.line_id.in_(sorted(line_ids)), move.c.reverses.is_(None))
        .order_by(move.c.id.desc())
    ).all()
    movements = [
        stock.StockMovement(
            line_id=row.line_id,
            product_id=row.product_id,
            quantity=row.quantity,
            source_place_id=row.to_place_id,
            target_place_id=row.from_place_id,
            reverses=row.id,
        )
        for row in rows
    ]
    stock.move_goods(work, movements, displace=displace)


def _draw_back(work: Work, line_ids: Collection[int]) -> None:
    """The opposite of every draw that these lines made."""
    rows = work.connection.execute(
        select(draw).where(draw.c.by_line_id.in_(sorted(line_ids)))
    ).all()
    if rows:
        work.connection.execute(
            insert(draw),
            [
                {
                    "line_id": row.line_id,
                    "by_line_id": row.by_line_id,
                    "track": row.track,
                    "quantity": -row.quantity,
                    "at": work.now,
                }
                for row in rows
            ],
        )


def _mend(work: Work, its_record: DocumentRecord, line_ids: Collection[int]) -> None:
    """See that the lines above stand after a reversal; a closed order wants nothing again.

    Raises:
        HasChildren: what the document had accepted was returned since.
    """
    members = {
        member.link.line.line_id: member
        for chain in chains(work.connection, line_ids).values()
        for member in chain[1:]
    }
    below_nothing = [
        id for id, each in members.items() if not each.link.rule.is_root and overdrawn(each.link)
    ]
    if below_nothing:
        raise HasChildren(
            number=its_record.number, children=_who_draws(work.connection, below_nothing)
        )
    changes = [(id, dropped_after_reversal(each.link)) for id, each in sorted(members.items())]
    _drop(work, [(id, change) for id, change in changes if change != ZERO])
