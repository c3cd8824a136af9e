"""What lines want: claims and waiting made equal to it, and free goods given out by the queue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.domain.stock import (
    Ended,
    EndReason,
    Given,
    OpenClaim,
    Waiter,
    give_out,
    left_of,
    newest_first,
    still_waiting,
    take,
)
from core.services.stock.locking import lock
from core.services.stock.rows import NewClaim, end_claims, make_claims, set_ranks, set_waiting
from core.services.stock.telling import add_up, tell_lines
from core.services.work import Work
from core.storage.stock_queries import (
    LineFacts,
    free_in_warehouse,
    goods_lines,
    open_claims,
    queue_with_whole_documents,
)


@dataclass(frozen=True)
class Demand:
    """What a line still wants.

    Attributes:
        quantity: what its order still has to fulfil, its reservation still holds; 0 when it is
            cancelled, closed, ended or served.  Below zero (goods are to come back) is zero.
        asked_at, priority: its place in the queue, taken only by a line that has none yet: a
            place once taken, or handed over, is kept.
        until: a reservation's line: how long its claims last.
        complete_only: its document ships complete: claims everything or nothing.
    """

    line_id: int
    quantity: Decimal
    asked_at: datetime
    priority: int = 0
    until: datetime | None = None
    complete_only: bool = False


def set_demand(work: Work, demands: Sequence[Demand]) -> None:
    """Make claims and waiting of these lines equal to what they still want.

    The one function that does.  Claims beyond it end as released, the newest first; the rest
    waits.  A reservation's claims that last until another time are made anew.  Lines of services
    and free text are passed over.  Nothing is claimed here that was free: `allocate` does that.
    """
    lines = goods_lines(work.connection, [each.line_id for each in demands])
    wanted = {each.line_id: each for each in demands if each.line_id in lines}
    if not wanted:
        return
    lock(work, {each.product_id for each in lines.values()})
    claims = open_claims(work.connection, line_ids=wanted)
    ended: list[Ended] = []
    renewed: list[NewClaim] = []
    waiters: list[Waiter] = []
    for line_id, demand in wanted.items():
        own = newest_first(claim for claim in claims if claim.line_id == line_id)
        beyond = sum((claim.open for claim in own), -demand.quantity)
        released = take(own, beyond, EndReason.RELEASED)
        kept = left_of(own, released)
        old = [claim for claim in kept if claim.until != demand.until]
        # The line hands these over to itself, so that nobody gets them in between.
        ended += released
        ended += [Ended(each, each.open, EndReason.HANDED_OVER, line_id) for each in old]
        renewed += [_renewed(each, demand.until) for each in old]
        waiters.append(_waiter(demand, lines[line_id], kept))
    end_claims(work, ended)
    make_claims(work, renewed)
    set_waiting(work, wanted, waiters)
    set_ranks(
        work,
        {
            line_id: (demand.priority, demand.asked_at)
            for line_id, demand in wanted.items()
            if lines[line_id].asked_at is None
        },
    )
    for facts in lines.values():
        work.touch("product", facts.product_id)


def _renewed(claim: OpenClaim, until: datetime | None) -> NewClaim:
    return NewClaim(claim.line_id, claim.product_id, claim.place_id, claim.open, until)


def _waiter(demand: Demand, facts: LineFacts, claims: Sequence[OpenClaim]) -> Waiter:
    """What the line waits for beside its claims; nothing is a quantity of zero."""
    return Waiter(
        line_id=demand.line_id,
        document_id=facts.document_id,
        product_id=facts.product_id,
        quantity=demand.quantity - sum((claim.open for claim in claims), Decimal(0)),
        priority=demand.priority if facts.asked_at is None else facts.priority,
        asked_at=facts.asked_at or demand.asked_at,
        until=demand.until,
        complete_only=demand.complete_only,
    )


def allocate(work: Work, product_ids: Collection[int], *, quiet: Collection[int] = ()) -> None:
    """Give the free goods of these products to the lines that wait, in the order of the queue.

    Whoever got some is told by the event "claimed".

    Args:
        quiet: documents that are not told: the one being worked on, which shows it anyway.
    """
    give_free_goods(work, lock(work, product_ids), quiet=quiet)


def give_free_goods(
    work: Work,
    product_ids: Collection[int],
    *,
    quiet: Collection[int] = (),
    passed_over: Collection[int] = (),
) -> None:
    """Give out the free goods of locked products; lines that are passed over get nothing.

    A document that ships complete and waits for other products too is left out: it is served
    when those are given out.
    """
    waiters = queue_with_whole_documents(work.connection, product_ids)
    if not waiters:
        return
    free = free_in_warehouse(work.connection, product_ids)
    if not any(goods.free for goods in free.values()):
        return
    # A document that ships complete is passed over as a whole.
    out = {each.document_id for each in waiters if each.line_id in passed_over}
    waiters = [
        each
        for each in waiters
        if each.line_id not in passed_over and not (each.complete_only and each.document_id in out)
    ]
    given = give_out({product_id: goods.free for product_id, goods in free.items()}, waiters)
    make_claims(
        work,
        [
            NewClaim(
                each.waiter.line_id,
                each.waiter.product_id,
                free[each.waiter.product_id].place_id,
                each.quantity,
                each.waiter.until,
            )
            for each in given
        ],
    )
    _served(work, given, quiet=quiet)


def _served(work: Work, given: Sequence[Given], *, quiet: Collection[int]) -> None:
    """Take what was given from what is waited for, and tell."""
    quantities = add_up((each.waiter.line_id, each.quantity) for each in given)
    left = still_waiting({each.waiter.line_id: each.waiter for each in given}.values(), given)
    set_waiting(work, quantities, left)
    tell_lines(work, "claimed", quantities, quiet=quiet)
