"""Claims change hands: from a reservation to its order, back after a reversal, by a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from core.domain.money import ZERO
from core.domain.people import Ability
from core.domain.stock import (
    Ended,
    EndReason,
    NotClaimed,
    NotWaiting,
    OpenClaim,
    Waiter,
    left_of,
    newest_first,
    oldest_first,
    take,
)
from core.services.history import record
from core.services.rights import NotFound, require_ability
from core.services.stock.demand import give_free_goods
from core.services.stock.locking import lock
from core.services.stock.notifications import tell_lines
from core.services.stock.writes import NewClaim, end_claims, make_claims, set_ranks, set_waiting
from core.services.work import Work
from core.storage.queries.claim_queries import consumed_claims, open_claims, waiting_lines
from core.storage.queries.stock_queries import LineFacts, free_in_warehouse, goods_lines


@dataclass(frozen=True)
class Handover:
    """What a line takes over of another line's claims (and of what it waits for)."""

    from_line_id: int
    to_line_id: int
    quantity: Decimal


def hand_over(work: Work, handovers: Sequence[Handover]) -> None:
    """Give claims, then waiting quantities, of reservations to their orders' lines.

    The place in the queue goes with them.  What has expired is not there any more, and nor is
    its place.  Lines of services and free text are passed over.
    """
    sides = {each.from_line_id for each in handovers} | {each.to_line_id for each in handovers}
    lines = goods_lines(work.connection, sides)
    wanted = [each for each in handovers if {each.from_line_id, each.to_line_id} <= lines.keys()]
    if not wanted:
        return
    lock(work, {facts.product_id for facts in lines.values()})
    hands = _Hands(
        open_claims(work.connection, line_ids=sides), waiting_lines(work.connection, sides), lines
    )
    for each in wanted:
        hands.give(each)
    end_claims(work, hands.ended)
    make_claims(work, hands.made)
    set_waiting(work, hands.waiting.keys(), hands.waiting.values())
    set_ranks(work, hands.ranks)
    for facts in lines.values():
        work.touch("product", facts.product_id)


class _Hands:
    """What handovers change, one after the other."""

    def __init__(
        self,
        claims: Sequence[OpenClaim],
        waiting: dict[int, Waiter],
        lines: dict[int, LineFacts],
    ) -> None:
        self._claims = claims
        self._lines = lines
        self.waiting = waiting
        self.ended: list[Ended] = []
        self.made: list[NewClaim] = []
        self.ranks: dict[int, tuple[int, datetime]] = {}

    def give(self, wanted: Handover) -> None:
        """Move claims, the oldest first, then what is waited for."""
        giver, taker = wanted.from_line_id, wanted.to_line_id
        claims = left_of(self._claims, self.ended)
        own = oldest_first(claim for claim in claims if claim.line_id == giver)
        taken = take(own, wanted.quantity, EndReason.HANDED_OVER, by=taker)
        self.ended += taken
        self.made += given_to(taker, taken, until=None)
        left = wanted.quantity - sum((end.quantity for end in taken), ZERO)
        waiter = self.waiting.get(giver)
        if taken:
            self._keep_rank(taker, (taken[0].claim.priority, taken[0].claim.asked_at))
        if waiter is not None and left > 0:
            moved = min(left, waiter.quantity)
            self.waiting[giver] = replace(waiter, quantity=waiter.quantity - moved)
            self._keep_rank(taker, (waiter.priority, waiter.asked_at))
            self._wait(taker, moved)

    def _keep_rank(self, line_id: int, rank: tuple[int, datetime]) -> None:
        """The best of the places that were handed to it."""
        self.ranks[line_id] = min(rank, self.ranks.get(line_id, rank))

    def _wait(self, line_id: int, quantity: Decimal) -> None:
        facts = self._lines[line_id]
        before = self.waiting.get(line_id)
        priority, asked_at = self.ranks[line_id]
        self.waiting[line_id] = Waiter(
            line_id=line_id,
            document_id=facts.document_id,
            product_id=facts.product_id,
            quantity=quantity + (before.quantity if before else ZERO),
            priority=priority,
            asked_at=asked_at,
            complete_only=facts.ships_complete,
        )


def given_to(line_id: int, ended: Iterable[Ended], *, until: datetime | None) -> list[NewClaim]:
    """The claims of `line_id` on the goods of claims that ended."""
    return [
        NewClaim(line_id, end.claim.product_id, end.claim.place_id, end.quantity, until)
        for end in ended
    ]


def give_back(work: Work, by_line_ids: Collection[int]) -> None:
    """Make the claims again that these lines' postings consumed, after their moves were reversed.

    Before `set_demand` and `allocate`, so that nobody else gets these goods.  A reservation that
    has ended meanwhile gets none.
    """
    if not by_line_ids:
        return
    consumed = consumed_claims(work.connection, by_line_ids)
    if not consumed:
        return
    lock(work, {claim.product_id for claim, _ in consumed})
    free = free_in_warehouse(work.connection, {claim.product_id for claim, _ in consumed})
    left = {product_id: goods.free for product_id, goods in free.items()}
    made = []
    for claim, quantity in sorted(consumed, key=lambda each: each[0].rank):
        if claim.until is None or claim.until > work.now:
            part = min(quantity, left[claim.product_id])
            left[claim.product_id] -= part
            made += given_to(
                claim.line_id, [Ended(claim, part, EndReason.CONSUMED)], until=claim.until
            )
    make_claims(work, [each for each in made if each.quantity > 0])


def release(work: Work, line_id: int, quantity: Decimal, *, reason: str) -> None:
    """Take a claim from a line, the newest first, for those who wait.

    An order's line waits for these goods again, but behind all others of its priority: it is
    served when nobody else wants them.  A reservation's line does not wait for them any more;
    whoever releases it reduces what it holds.  The party is told by the event "released".

    Args:
        reason: what the person said why; kept with the claim and in the history.

    Raises:
        NotAllowed: the actor may not move claims.
        NotFound: there is no such line of goods.
        NotClaimed: the line has not claimed so much.
    """
    require_ability(work.actor, Ability.MOVE_CLAIMS)
    lines = goods_lines(work.connection, [line_id])
    facts = _facts(lines, line_id)
    locked = lock(work, [facts.product_id])
    ended = _taken(work, facts, quantity, reason=EndReason.RELEASED)
    end_claims(work, ended, note=reason)
    if ended[0].claim.until is None:
        last = facts.priority + 1, work.now
        set_ranks(work, {line_id: last})
        _wait_again(work, facts, quantity, rank=last)
    give_free_goods(work, locked, passed_over=[line_id])
    _tell(work, "released", facts, quantity=quantity, reason=reason)


def transfer_claim(work: Work, handover: Handover, *, reason: str) -> None:
    """Give a claim of one line, the newest first, to another that waits for the same product.

    The line that gives keeps its place in the queue and waits for these goods again.  Both
    parties are told, by the events "claim_taken" and "claim_given".

    Args:
        reason: what the person said why; kept with the claim and in the history.

    Raises:
        NotAllowed: the actor may not move claims.
        NotFound: there is no such line of goods.
        NotClaimed: the first line has not claimed so much.
        NotWaiting: the second line does not wait for so much of this product.
    """
    require_ability(work.actor, Ability.MOVE_CLAIMS)
    giver_id, taker_id, quantity = handover.from_line_id, handover.to_line_id, handover.quantity
    lines = goods_lines(work.connection, [giver_id, taker_id])
    giver, taker = _facts(lines, giver_id), _facts(lines, taker_id)
    locked = lock(work, {giver.product_id, taker.product_id})
    waiter = waiting_lines(work.connection, [taker_id]).get(taker_id)
    waits = waiter.quantity if waiter and taker.product_id == giver.product_id else ZERO
    if waiter is None or waits < quantity:
        raise NotWaiting(name=giver.product, waiting=waits, wanted=quantity)
    ended = _taken(work, giver, quantity, reason=EndReason.HANDED_OVER, by=taker_id)
    end_claims(work, ended, note=reason)
    make_claims(work, given_to(taker_id, ended, until=waiter.until))
    set_waiting(work, [taker_id], [replace(waiter, quantity=waits - quantity)])
    first = ended[0].claim
    _wait_again(work, giver, quantity, rank=(first.priority, first.asked_at), until=first.until)
    # Goods that a line which ships complete could not use are free for the one that gave.
    give_free_goods(work, locked)
    _tell(work, "claim_taken", giver, quantity=quantity, reason=reason)
    _tell(work, "claim_given", taker, quantity=quantity, reason=reason)


def _facts(lines: dict[int, LineFacts], line_id: int) -> LineFacts:
    if line_id not in lines:
        raise NotFound(subject="line")
    return lines[line_id]


def _taken(
    work: Work,
    facts: LineFacts,
    quantity: Decimal,
    *,
    reason: EndReason,
    by: int | None = None,
) -> list[Ended]:
    """The ends of `quantity` of a line's claims, which it must have."""
    claims = open_claims(work.connection, line_ids=[facts.line_id])
    claimed = sum((claim.open for claim in claims), ZERO)
    if not ZERO < quantity <= claimed:
        raise NotClaimed(name=facts.product, claimed=claimed, wanted=quantity)
    return take(newest_first(claims), quantity, reason, by=by)


def _wait_again(
    work: Work,
    facts: LineFacts,
    quantity: Decimal,
    *,
    rank: tuple[int, datetime],
    until: datetime | None = None,
) -> None:
    """Add to what a line waits for."""
    before = waiting_lines(work.connection, [facts.line_id]).get(facts.line_id)
    waiter = Waiter(
        line_id=facts.line_id,
        document_id=facts.document_id,
        product_id=facts.product_id,
        quantity=quantity + (before.quantity if before else ZERO),
        priority=rank[0],
        asked_at=rank[1],
        until=until,
        complete_only=facts.ships_complete,
    )
    set_waiting(work, [facts.line_id], [waiter])


def _tell(work: Work, name: str, facts: LineFacts, *, quantity: Decimal, reason: str) -> None:
    tell_lines(work, name, {facts.line_id: quantity}, reason=reason)
    record(
        work, "document", facts.document_id,
        action=name, line=facts.line_id, quantity=quantity, reason=reason,
    )  # fmt: skip
