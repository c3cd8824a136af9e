"""The sweeper: what is due ends, also where nothing else happens."""

from __future__ import annotations

from collections.abc import Collection

from core.services.stock.demand import give_free_goods
from core.services.stock.locking import lock_and_settle
from core.services.work import Work
from core.storage.queries.claim_queries import products_due


def expire_due(work: Work, product_ids: Collection[int] | None = None) -> list[int]:
    """End what is due of these products (of all), give the freed goods to those who wait.

    Those concerned are told by the event "expired".

    Returns:
        The documents of which something ended now, in the order of their ids.  What an earlier
        operation settled is not among them: whoever ends documents asks for their own dates.
    """
    due = products_due(work.connection, work.now, product_ids)
    locked, ended = lock_and_settle(work, due)
    if ended:
        give_free_goods(work, locked)
    return ended
