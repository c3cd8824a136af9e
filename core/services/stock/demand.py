"""What lines want: claims and waiting made equal to it, and free goods given out by the queue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.services.work import Work


@dataclass(frozen=True)
class Demand:
    """What a line still wants.

    Attributes:
        quantity: what its order still has to fulfil, its reservation still holds; 0 when it is
            cancelled, closed, ended or served.
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
    waits.  Lines of services and free text are passed over.  Claims nothing: `allocate` does.
    """
    raise NotImplementedError


def allocate(work: Work, product_ids: Collection[int], *, quiet: Collection[int] = ()) -> None:
    """Give the free goods of these products to the lines that wait, in the order of the queue.

    Args:
        quiet: documents that are not told that they got goods: the one being worked on, which
            shows it anyway.
    """
    raise NotImplementedError
