"""The stock engine: goods, claims, the queue, and what explains them.

A posting calls, in this order: `lock` (all products that it touches, at once), `move_goods`, its
draws, `hand_over` or `give_back`, `set_demand` for the lines whose open quantity changed, and
`allocate` last, once, for every product that it touched; or `serve`, which does the last two.
"""

from core.domain.stock import Leg, NotClaimed, NotEnough, NotWaiting, Promised
from core.services.stock.claims import Handover, give_back, hand_over, release, transfer_claim
from core.services.stock.demand import Demand, KnownLine, allocate, queue, serve, set_demand
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
from core.services.stock.locking import lock
from core.services.stock.moves import (
    LeftClaims,
    Loss,
    Moved,
    displacement,
    move_and_know,
    move_goods,
)
from core.storage.ledger_queries import HistoryEntry
from core.storage.stock_queries import Expected

__all__ = [
    "Count",
    "Counted",
    "Demand",
    "Expected",
    "Handover",
    "Held",
    "HistoryEntry",
    "Holder",
    "KnownLine",
    "LeftClaims",
    "Leg",
    "Loss",
    "Moved",
    "NotClaimed",
    "NotEnough",
    "NotWaiting",
    "Promised",
    "StockLevel",
    "Why",
    "allocate",
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
    "move_and_know",
    "move_goods",
    "promise",
    "promise_all",
    "promises",
    "queue",
    "release",
    "serve",
    "set_demand",
    "transfer_claim",
    "why",
]
