"""The button by which customers pay an invoice themselves, on its card."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from bot.base import payment_currencies
from bot.base.callbacks import digest_of
from bot.base.screen import Button, Reader, Row
from core.domain.messages import N_
from core.services import online_payments
from core.services.documents.viewing import DocumentView

START: Final = "pay-"
"""With a paper's id: the start parameter of a forwarded invoice, which pays nothing."""
COPIED_INVOICE: Final = re.compile(rf"{START}(\d{{1,18}})")
"""The start parameter of such a copy's button."""


def pay_facts(document_id: int, amount: Decimal, currency: str) -> dict[str, Any]:
    """Return the figures of the tap: the full amount due on a paper."""
    return {"document": document_id, "amount": amount, "currency": currency}


def pay_row(view: DocumentView, reader: Reader) -> list[Row]:
    """Return `Pay 1,234.00 EUR`, for a contact who sees the money of a paper payable in the chat.

    It is left out if the company has no payment provider.
    """
    found, settled = view.record, view.settled
    if (
        settled is None
        or found.currency is None
        or not online_payments.may_pay(reader.actor, found)
    ):
        return []
    if settled.due <= 0 or not payment_currencies.takes(settled.due, found.currency):
        return []
    amount = reader.translator.money(settled.due, found.currency)
    button = Button(
        reader.text(N_("Pay {amount}"), amount=amount),
        "pay_online",
        id=found.id,
        digest=digest_of(pay_facts(found.id, settled.due, found.currency)),
        style="success",
        if_known=True,
    )
    return [(button,)]
