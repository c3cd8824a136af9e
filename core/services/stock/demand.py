"""What lines want: claims and waiting made equal to it, and free goods given out by the queue."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
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
from core.services.stock.notifications import add_up, tell_lines
from core.services.stock.writes import NewClaim, end_claims, make_claims, set_ranks, set_waiting
from core.services.work import Work
from core.storage.claim_queries import claiming_lines, queue_with_whole_documents
from core.storage.document_queries import LineRecord
from core.storage.stock_queries import free_in_warehouse, goods_lines


@dataclass(frozen=True)
class KnownLine:
    """What whoever asks has read of a line, so that it is not read again.

    Attributes:
        asked_at, priority: its place in the queue; None when it has none.
        claims: what is open of its claims, read under the product's lock; None when unknown.
        is_new: nobody else can have changed its place since it was read.
    """

    document_id: int
    product_id: int
    asked_at: datetime | None
    priority: int
    claims: Sequence[OpenClaim] | None = None
    is_new: bool = False

    @classmethod
    def of(cls, line: LineRecord, claims: Sequence[OpenClaim] | None = None) -> KnownLine:
        """What was read with a line of goods, and its claims where they were."""
        return cls(line.document_id, line.product_id or 0, line.asked_at, line.priority, claims)


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
        known: a line of goods that was read already.
    """

    line_id: int
    quantity: Decimal
    asked_at: datetime
    priority: int = 0
    until: datetime | None = None
    complete_only: bool = False
    known: KnownLine | None = None


def set_demand(work: Work, demands: Sequence[Demand]) -> None:
    """Make claims and waiting of these lines equal to what they still want.

    The one function that does.  Claims beyond it end as released, the newest first; the rest
    waits.  A reservation's claims that last until another time are made anew.  Lines of services
    and free text are passed over.  Nothing is claimed here that was free: `allocate` does that.
    """
    waiters = _claim_no_more(work, demands)
    set_waiting(work, waiters, waiters.values())


def queue(work: Work, product_ids: Collection[int]) -> list[Waiter]:
    """Who waits for these products, which are locked from now on, and nobody else comes to it.

    With it come the lines for other products of documents in it that ship complete.
    """
    locked = lock(work, product_ids)
    return queue_with_whole_documents(work.connection, locked) if locked else []


def serve(
    work: Work,
    demands: Sequence[Demand],
    product_ids: Collection[int],
    *,
    own: int,
    queue: Sequence[Waiter] | None = None,
) -> None:
    """As `set_demand`, then `allocate`, but what is served at once is never written as waiting.

    Args:
        own: the document being worked on, which is not told; when it ships complete, all its
            lines are among the demands.
        queue: what the function of that name has said of these products, if it was asked.
    """
    waiters = _claim_no_more(work, demands)
    locked = lock(work, product_ids)
    if any(each.complete_only and each.document_id != own for each in waiters.values()):
        # Other lines of that document wait with these only when these are seen to wait.
        set_waiting(work, waiters, waiters.values())
        waiters, queue = {}, None
    give_free_goods(work, locked, quiet={own}, changed=waiters, queue=queue)


def _claim_no_more(work: Work, demands: Sequence[Demand]) -> dict[int, Waiter]:
    """End what is claimed beyond the demands; returns what each line has to wait for."""
    lines = _lines(work, demands)
    wanted = {each.line_id: each for each in demands if each.line_id in lines}
    if not wanted:
        return {}
    lock(work, {each.product_id for each in lines.values()})
    lines = _with_their_claims(work, lines)
    claims = [claim for each in lines.values() for claim in each.claims or ()]
    ended: list[Ended] = []
    renewed: list[NewClaim] = []
    waiters: dict[int, Waiter] = {}
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
        waiters[line_id] = _waiter(demand, lines[line_id], kept)
    end_claims(work, ended)
    make_claims(work, renewed)
    set_ranks(
        work,
        {
            line_id: (demand.priority, demand.asked_at)
            for line_id, demand in wanted.items()
            if lines[line_id].asked_at is None
        },
    )
    for each in lines.values():
        work.touch("product", each.product_id)
    return waiters | _with_their_places(work, waiters, lines)


def _with_their_places(
    work: Work, waiters: Mapping[int, Waiter], lines: Mapping[int, KnownLine]
) -> dict[int, Waiter]:
    """Those that wait, at the place in the queue that their lines have under the lock."""
    old = [
        line_id
        for line_id, each in waiters.items()
        if each.quantity > 0 and not lines[line_id].is_new
    ]
    places = goods_lines(work.connection, old) if old else {}
    return {
        line_id: replace(
            waiters[line_id],
            priority=each.priority,
            asked_at=each.asked_at or waiters[line_id].asked_at,
        )
        for line_id, each in places.items()
    }


def _lines(work: Work, demands: Sequence[Demand]) -> dict[int, KnownLine]:
    """The lines of goods among these, read where nobody knows them."""
    found = {each.line_id: each.known for each in demands if each.known is not None}
    unknown = [each.line_id for each in demands if each.known is None]
    if unknown:
        found |= {
            line_id: KnownLine(
                each.document_id, each.product_id, each.asked_at, each.priority, is_new=True
            )
            for line_id, each in goods_lines(work.connection, unknown).items()
        }
    return found


def _with_their_claims(work: Work, lines: dict[int, KnownLine]) -> dict[int, KnownLine]:
    """The lines with their claims; with those that nobody knows their place is read again too."""
    unknown = [line_id for line_id, each in lines.items() if each.claims is None]
    found = claiming_lines(work.connection, unknown) if unknown else {}
    return lines | {
        line_id: replace(
            lines[line_id],
            asked_at=each.asked_at,
            priority=each.priority,
            claims=each.claims,
            is_new=True,
        )
        for line_id, each in found.items()
    }


def _renewed(claim: OpenClaim, until: datetime | None) -> NewClaim:
    return NewClaim(claim.line_id, claim.product_id, claim.place_id, claim.open, until)


def _waiter(demand: Demand, line: KnownLine, claims: Sequence[OpenClaim]) -> Waiter:
    """What the line waits for beside its claims; nothing is a quantity of zero or below."""
    return Waiter(
        line_id=demand.line_id,
        document_id=line.document_id,
        product_id=line.product_id,
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
    queue: Sequence[Waiter] | None = None,
) -> None:
    """Give out the free goods of locked products; lines that are passed over get nothing.

    A document that ships complete and waits for other products too is left out: it is served
    when those are given out.  `changed` is what lines wait for from now on, which is not
    written yet; `queue` who waits by what is written, where it is known.
    """
    after = dict(changed or {})
    if queue is None:
        queue = queue_with_whole_documents(work.connection, product_ids)
    before = {each.line_id: each for each in queue}
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
