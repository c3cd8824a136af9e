"""The lock of a product's levels, claims and queue, and what is read under it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from core.domain.stock import ClaimingLine, Ended, EndReason, Waiter
from core.services.stock.notifications import add_up, tell_lines
from core.services.stock.writes import end_claims, set_waiting
from core.services.work import Work
from core.storage.locks import lock_levels
from core.storage.queries.claim_queries import (
    before_locking,
    claiming_lines,
    open_claims,
    products_due,
    queue,
    queue_with_whole_documents,
)
from core.storage.queries.document_queries import LineRecord


def lock(work: Work, product_ids: Collection[int]) -> frozenset[int]:
    """Let nobody else change levels, claims and queues of these products until the end.

    Whoever calls several functions of this package for different products locks them all at
    once before the first call: the locks are taken in the order of the products' ids.  With
    them come the other products of documents that ship complete and wait for one of these, as
    such a document gets all its goods at once.  What has expired of them ends here.

    Returns:
        The products that are locked.
    """
    locked, _ = lock_and_settle(work, product_ids)
    return locked


def lock_and_settle(work: Work, product_ids: Collection[int]) -> tuple[frozenset[int], list[int]]:
    """As `lock`; returns the locked products and the documents of which something expired."""
    if not product_ids:
        return frozenset(), []
    if work.known.locked.issuperset(product_ids):
        return work.known.locked, []
    together, due = before_locking(work.connection, work.now, product_ids)
    if together:
        due |= set(products_due(work.connection, work.now, together))
    locked = frozenset(product_ids) | together
    lock_levels(work.connection, locked)
    work.known.locked |= locked
    # What was over is over; whether it has been ended meanwhile is read again under the lock.
    return locked, _settle(work, due)


def _settle(work: Work, due: Collection[int]) -> list[int]:
    """End what has expired of these products; returns the documents concerned."""
    if not due:
        return []
    claims = [
        claim
        for claim in open_claims(work.connection, product_ids=due)
        if claim.until is not None and claim.until <= work.now
    ]
    waiters = [
        waiter
        for waiter in queue(work.connection, due)
        if waiter.until is not None and waiter.until <= work.now
    ]
    end_claims(work, [Ended(claim, claim.open, EndReason.EXPIRED) for claim in claims])
    set_waiting(work, [waiter.line_id for waiter in waiters], [])
    ended = [(claim.line_id, claim.open) for claim in claims]
    gone = [(waiter.line_id, waiter.quantity) for waiter in waiters]
    return tell_lines(work, "expired", add_up(ended + gone))


# --- What is known under the lock ---------------------------------------------------------------


def claiming(work: Work, line_ids: Collection[int]) -> Mapping[int, ClaimingLine]:
    """Return the places and claims of these lines, whose products are locked."""
    unknown = [each for each in line_ids if each not in work.known.lines]
    if unknown:
        found = claiming_lines(work.connection, unknown)
        work.known.lines = {**work.known.lines, **found}
    return work.known.lines


def claims_nothing_yet(work: Work, lines: Iterable[LineRecord]) -> None:
    """Note that these lines were written just now: nothing can be claimed for them."""
    new = {each.id: ClaimingLine(each.asked_at, each.priority) for each in lines}
    work.known.lines = {**work.known.lines, **new}


def waiting_for(work: Work, product_ids: Collection[int]) -> Sequence[Waiter]:
    """Return who waits for these products, which are locked, in the order of the queue.

    With them come the lines for other products of documents that ship complete.
    """
    products = frozenset(product_ids)
    if not products:
        return []
    if products not in work.known.queues:
        found = queue_with_whole_documents(work.connection, products)
        work.known.queues = {**work.known.queues, products: found}
    return work.known.queues[products]
