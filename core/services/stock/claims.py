"""Claims change hands: from a reservation to its order, back after a reversal, by a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.services.work import Work


@dataclass(frozen=True)
class Handover:
    """What an order's line takes over of a reservation's line."""

    from_line_id: int
    to_line_id: int
    quantity: Decimal


def hand_over(work: Work, handovers: Sequence[Handover]) -> None:
    """Give claims, then waiting quantities, of reservations to their orders' lines.

    The place in the queue goes with them.  What has expired is not there any more.
    """
    raise NotImplementedError


def give_back(work: Work, by_line_ids: Collection[int]) -> None:
    """Make the claims again that these lines' postings consumed, after their moves were reversed.

    Before `set_demand` and `allocate`, so that nobody else gets these goods.
    """
    raise NotImplementedError


def release(work: Work, line_id: int, quantity: Decimal, *, reason: str) -> None:
    """Take a claim from a line, the newest first, for those who wait.

    Raises:
        NotAllowed: the actor may not move claims.
        NotClaimed: the line has not claimed so much.
    """
    raise NotImplementedError


def transfer_claim(work: Work, handover: Handover, *, reason: str) -> None:
    """Give a claim of one line to another that waits for the same product.

    Raises:
        NotAllowed: the actor may not move claims.
        NotClaimed: the first line has not claimed so much.
        NotWaiting: the second line does not wait for so much of this product.
    """
    raise NotImplementedError
