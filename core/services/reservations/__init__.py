"""Holds: asked by a customer, granted in part or whole, moved, released, warned of their end.

A customer asks, and whoever sells answers; both may give goods free before the end.  What is not
there when a hold is granted is waited for, as long as the hold lasts.  The others hear of it by
events (see the bot's table); what was asked, and what is wished later, is kept in the history.
"""

from core.services.reservations.asking import ask, change, decline, grant, withdraw
from core.services.reservations.common import (
    REFUSED,
    WISHES_ORDER,
    WISHES_TIME,
    EndPassed,
    HoldOver,
    hold_type,
    last_wish,
    open_of,
)
from core.services.reservations.customer_wishes import refuse_wish, wish_order, wish_time
from core.services.reservations.extending import move_end, release, take_away
from core.services.reservations.reminders import warn

__all__ = [
    "REFUSED",
    "WISHES_ORDER",
    "WISHES_TIME",
    "EndPassed",
    "HoldOver",
    "ask",
    "change",
    "decline",
    "grant",
    "hold_type",
    "last_wish",
    "move_end",
    "open_of",
    "refuse_wish",
    "release",
    "take_away",
    "warn",
    "wish_order",
    "wish_time",
    "withdraw",
]
