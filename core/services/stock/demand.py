"""What lines want: claims and waiting made equal to it, and free goods given out by the queue."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.domain.stock import (
    ClaimingLine,
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
from core.services.stock.locking import claiming, lock, waiting_for
from core.services.stock.notifications import add_up, tell_lines
from core.services.stock.writes import NewClaim, end_claims, make_claims, set_ranks, set_waiting
from core.services.work import Work
from core.storage.queries.document_queries import LineRecord
from core.storage.queries.stock_queries import free_in_warehouse


@dataclass(frozen=True)
class Demand:
    """What a line of goods still wants.

    Attributes:
        quantity: what its order still has to fulfil or its reservation still holds; 0 when it is
            cancelled, closed, ended or served.  Below zero (goods are to come back) is zero.
        asked_at, priority: its place in the queue, taken only by a line that has none yet: a
            place once taken, or handed over, is kept.
        until: how long the claims of a reservation's line last.
        complete_only: whether its document ships complete: claims everything or nothing.
    """

    line_id: int
    document_id: int
    product_id: int
    quantity: Decimal
    asked_at: datetime
    priority: int = 0
    until: datetime | None = None
    complete_only: bool = False

    @classmethod
    def of(
        cls,
        line: LineRecord,
        quantity: Decimal,
        *,
        now: datetime,
        until: datetime | None = None,
        complete_only: bool = False,
    ) -> Demand:
        """Return what a line of goods wants; `now` is its place when it has none."""
        return cls(
            line_id=line.id,
            document_id=line.document_id,
            product_id=line.product_id or 0,
            quantity=quantity,
            asked_at=line.asked_at or now,
            priority=line.priority,
            until=until,
            complete_only=complete_only,
        )


def set_demand(work: Work, demands: Sequence[Demand]) -> None:
    """Make claims and waiting of these lines equal to what they still want.

    The one function that does.  Claims beyond it end as released, the newest first; the rest
    waits.  A reservation's claims that last until another time are made anew.  Free goods are
    not claimed here: `allocate` does that.
    """
    waiters = _claim_no_more(work, demands)
    set_waiting(work, waiters, waiters.values())


def serve(
    work: Work, demands: Sequence[Demand], product_ids: Collection[int], *, own: int
) -> None:
    """Do what `set_demand` and `allocate` do, without writing what is served at once as waiting.

    Args:
        work: the unit of work.
        demands: what lines still want.
        product_ids: the products whose free goods are given out.
        own: the document being worked on, which is not told; when it ships complete, all its
            lines are among the demands.
    """
    waiters = _claim_no_more(work, demands)
    locked = lock(work, product_ids)
    if any(each.complete_only and each.document_id != own for each in waiters.values()):
        # Other lines of that document wait with these only when these are seen to wait.
        set_waiting(work, waiters, waiters.values())
        waiters = {}
    give_free_goods(work, locked, quiet={own}, changed=waiters)


def _claim_no_more(work: Work, demands: Sequence[Demand]) -> dict[int, Waiter]:
    """End what is claimed beyond the demands; return what each line has to wait for."""
    if not demands:
        return {}
    lock(work, {each.product_id for each in demands})
    lines = claiming(work, [each.line_id for each in demands])
    ended: list[Ended] = []
    renewed: list[NewClaim] = []
    waiters: dict[int, Waiter] = {}
    for demand in demands:
        own = newest_first(lines[demand.line_id].claims)
        beyond = sum((claim.open for claim in own), -demand.quantity)
        released = take(own, beyond, EndReason.RELEASED)
        kept = left_of(own, released)
        old = [claim for claim in kept if claim.until != demand.until]
        # The line hands these over to itself, so that nobody gets them in between.
        ended += released
        ended += [Ended(each, each.open, EndReason.HANDED_OVER, demand.line_id) for each in old]
        renewed += [_renewed(each, demand.until) for each in old]
        waiters[demand.line_id] = _waiter(demand, lines[demand.line_id], kept)
    end_claims(work, ended)
    make_claims(work, renewed)
    set_ranks(
        work,
        {
            each.line_id: (each.priority, each.asked_at)
            for each in demands
            if lines[each.line_id].asked_at is None
        },
    )
    for each in demands:
        work.touch("product", each.product_id)
    return waiters


def _renewed(claim: OpenClaim, until: datetime | None) -> NewClaim:
    return NewClaim(claim.line_id, claim.product_id, claim.place_id, claim.open, until)


def _waiter(demand: Demand, line: ClaimingLine, claims: Sequence[OpenClaim]) -> Waiter:
    """Return what a line waits for beside its claims; zero or less is nothing."""
    return Waiter(
        line_id=demand.line_id,
        document_id=demand.document_id,
        product_id=demand.product_id,
        quantity=demand.quantity - sum((claim.open for claim in claims), Decimal(0)),
        priority=demand.priority if line.asked_at is None else line.priority,
        asked_at=line.asked_at or demand.asked_at,
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
    changed: Mapping[int, Waiter] | None = None,
) -> None:
    """Give out the free goods of locked products; lines that are passed over get nothing.

    A document that ships complete and waits for other products too is left out: it is served
    when those are given out.  `changed` is what lines wait for from now on, which is not
    written yet.
    """
    after = dict(changed or {})
    before = {each.line_id: each for each in waiting_for(work, product_ids)}
    waiters = [each for each in (before | after).values() if each.quantity > 0]
    given = _give(work, _without(waiters, passed_over), product_ids)
    after |= {each.waiter.line_id: each.waiter for each in given}
    left = still_waiting(after.values(), given)
    same = {each.line_id for each in left if before.get(each.line_id) == each}
    set_waiting(
        work,
        (before.keys() & after.keys()) - same,
        [each for each in left if each.line_id not in same],
    )
    _tell(work, given, quiet=quiet)


def _without(waiters: Sequence[Waiter], passed_over: Collection[int]) -> list[Waiter]:
    """A document that ships complete is passed over as a whole."""
    out = {each.document_id for each in waiters if each.line_id in passed_over}
    return [
        each
        for each in waiters
        if each.line_id not in passed_over and not (each.complete_only and each.document_id in out)
    ]


def _give(work: Work, waiters: Sequence[Waiter], product_ids: Collection[int]) -> list[Given]:
    """Claim what is free for those who wait."""
    if not waiters:
        return []
    free = free_in_warehouse(work.connection, product_ids)
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
    return given


def _tell(work: Work, given: Sequence[Given], *, quiet: Collection[int]) -> None:
    """Tell those who got something; what is shown of them has changed."""
    told = [each for each in given if each.waiter.document_id not in quiet]
    for each in given:
        work.touch("document", each.waiter.document_id)
        work.touch("product", each.waiter.product_id)
    tell_lines(work, "claimed", add_up((each.waiter.line_id, each.quantity) for each in told))
