"""Invoices that their customers pay in the chat: asked, looked at again, and always booked.

A payment provider takes the money.  Before it does, Telegram asks whether it may: only then is
anything refused.  Money that was taken is kept first and booked then, whatever has become of the
paper, of the contact or of the person; what is over is credit.
"""

from core.services.online_payments.charges import (
    BOOKED,
    MODE,
    Charge,
    Receipt,
    book,
    book_waiting,
    keep,
    receipts,
    tell_waiting,
)
from core.services.online_payments.checkouts import CHECKOUT_LIFE, BeingPaid, check_out, give_up
from core.services.online_payments.requests import (
    DueChanged,
    NothingDue,
    NothingToPay,
    Request,
    ask,
    may_pay,
    still_asked,
)

__all__ = [
    "BOOKED",
    "CHECKOUT_LIFE",
    "MODE",
    "BeingPaid",
    "Charge",
    "DueChanged",
    "NothingDue",
    "NothingToPay",
    "Receipt",
    "Request",
    "ask",
    "book",
    "book_waiting",
    "check_out",
    "give_up",
    "keep",
    "may_pay",
    "receipts",
    "still_asked",
    "tell_waiting",
]
