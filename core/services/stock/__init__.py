"""The stock engine: goods, claims, the queue, and what explains them.

A posting calls, in this order: `lock` (all products that it touches, at once), `move_goods`, its
draws, `hand_over` or `give_back`, `set_demand` for the lines whose open quantity changed, and
`allocate` last, once, for every product that it touched; or `serve`, which does the last two.
"""

from core.domain.stock import NotClaimed, NotEnough, NotWaiting, Promised, StockMovement
from core.services.stock.claims import Handover, give_back, hand_over, release, transfer_claim
from core.services.stock.demand import Demand, allocate, serve, set_demand
from core.services.stock.expiry import expire_due
from core.services.stock.explanations import Held, Why, history, why
from core.services.stock.holders import Holder, holder
from core.services.stock.levels import (
    Count,
    Counted,
    StockLevel,
    count,
    counted_differences,
    levels,
    promise,
    promise_all,
    promises,
)
from core.services.stock.locking import claims_nothing_yet, lock, waiting_for
from core.services.stock.moves import Loss, Moved, displacement, move_goods
from core.storage.queries.ledger_queries import HistoryEntry
from core.storage.queries.stock_queries import Expected

__all__ = [
    "Count",
    "Counted",
    "Demand",
    "Expected",
    "Handover",
    "Held",
    "HistoryEntry",
    "Holder",
    "Loss",
    "Moved",
    "NotClaimed",
    "NotEnough",
    "NotWaiting",
    "Promised",
    "StockLevel",
    "StockMovement",
    "Why",
    "allocate",
    "claims_nothing_yet",
    "count",
    "counted_differences",
    "displacement",
    "expire_due",
    "give_back",
    "hand_over",
    "history",
    "holder",
    "levels",
    "lock",
    "move_goods",
    "promise",
    "promise_all",
    "promises",
    "release",
    "serve",
    "set_demand",
    "transfer_claim",
    "waiting_for",
    "why",
]
