"""While a hold lasts: its end is moved, goods of it are released or taken away."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert, update

from core.domain.lifecycles import Action
from core.domain.links import LineState, MoreThanOffered, Track
from core.domain.money import ZERO
from core.domain.people import Ability, Right
from core.domain.stock import NotClaimed
from core.services import stock
from core.services.amendments import amending
from core.services.documents import document_header, drafting, issuing, lifecycle, paper_view
from core.services.documents.paper_view import Around
from core.services.history import record
from core.services.reservations.common import (
    found_hold,
    hold_in_force,
    open_of,
    require_ahead,
    require_time,
)
from core.services.rights import NotFound, require_ability
from core.services.stock.notifications import tell_lines
from core.services.work import Work
from core.storage.queries.claim_queries import open_claims
from core.storage.queries.document_queries import (
    DocumentRecord,
    LineRecord,
    chains_of,
    lines_by_id,
    states_of_lines,
)
from core.storage.tables import document, draw


def move_end(work: Work, document_id: int, *, revision: int, until: datetime) -> None:
    """Let a hold last longer, or end earlier: the next version of the same paper.

    Its claims, and what it waits for, last until then; its place in the queue stays.  The party
    hears it by "hold_moved".

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused, HoldOver, EndPassed.
    """
    require_ahead(work, until)
    found = hold_in_force(work, document_id, Action.AMEND, right=Right.AMEND, revision=revision)
    amending.keep_version(work, found)
    moved = replace(found, valid_until=until, version=found.version + 1)
    frame = document_header.read(work, document_id)
    its_chains = chains_of(work.connection, document_id)
    its_lines = [chain[0].line for chain in its_chains.values()]
    snapshot = paper_view.freeze(
        work.connection,
        moved,
        its_lines,
        fixed=None,
        around=Around(frame.company, frame.party, its_chains, look=frame.template.look),
    )
    work.connection.execute(
        update(document)
        .where(document.c.id == document_id)
        .values(
            valid_until=until,
            version=moved.version,
            template_id=frame.template.id,
            snapshot=snapshot,
        )
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
    found = found_hold(work, document_id, right=Right.DRAFT)
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
        lifecycle.release(work, found.id, revision=revision, reason=reason)
    else:
        hold_in_force(work, found.id, Action.AMEND, right=Right.DRAFT, revision=revision)
        _drop(work, released)
        _want(work, found, states_of_lines(work.connection, [found.id])[found.id])
        facts = json.dumps({str(each): str(value) for each, value in released.items()})
        record(
            work, "document", found.id, action="release_part", lines=facts, reason=reason
        )  # fmt: skip
    tell_lines(work, "hold_released", released, reason=reason)


def take_away(work: Work, line_id: int, quantity: Decimal, *, reason: str) -> None:
    """Take goods that a line of a hold has claimed from it, for those who wait.

    Unlike `release`, which gives up first what is waited for: the goods themselves are wanted.
    The line holds so many less; a hold of which nothing is left ends.  Both sides hear it.

    Raises:
        NotAllowed: the actor may not move claims.
        NotFound, ActionRefused, HoldOver, NotClaimed.
    """
    require_ability(work.actor, Ability.MOVE_CLAIMS)
    its_line = lines_by_id(work.connection, [line_id]).get(line_id)
    if its_line is None:
        raise NotFound(subject="line")
    found = found_hold(work, its_line.document_id, right=Right.AMEND)
    require_time(work, found, Action.AMEND)
    claims = open_claims(work.connection, line_ids=[line_id])
    claimed = sum((claim.open for claim in claims), start=ZERO)
    if not ZERO < quantity <= claimed:
        raise NotClaimed(name=its_line.name, claimed=claimed, wanted=quantity)
    states = states_of_lines(work.connection, [found.id])[found.id]
    if sum((open_of(state) for _, state in states), start=ZERO) == quantity:
        release(work, found.id, revision=found.revision, reason=reason)
        return
    drafting.advance(work, found.id, revision=found.revision)
    _drop(work, {line_id: quantity})
    stock.release(work, line_id, quantity, reason=reason)


def _drop(work: Work, dropped: Mapping[int, Decimal]) -> None:
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
            for line_id, value in sorted(dropped.items())
        ],
    )


def _want(
    work: Work, found: DocumentRecord, states: Sequence[tuple[LineRecord, LineState]]
) -> None:
    """Make claims and waiting equal to what is still held, and serve the next in line."""
    goods = [(each, state) for each, state in states if each.is_goods and each.product_id]
    demands = [
        stock.Demand.of(
            each,
            open_of(state),
            now=work.now,
            until=found.valid_until,
            complete_only=found.ships_complete,
        )
        for each, state in goods
    ]
    products = {each.product_id for each, _ in goods if each.product_id is not None}
    stock.serve(work, demands, products, own=found.id)
