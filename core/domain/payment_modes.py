"""THE TABLE of ways to pay: what documents keep, papers print, files and machines say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.domain.messages import N_


@dataclass(frozen=True)
class PaymentMode:
    """A way to pay.

    Attributes:
        code: what documents and parties keep.
        label: its name on screens and papers, a message.
        means: its code by UNTDID 4461 (UN/ECE), for e-invoices.
        words: what files say for it, beside its code and its label.
        uses_account: whether the money goes to our bank account: an e-invoice names the account,
            and a paper may have the code with which the reader's bank fills in the transfer.
    """

    code: str
    label: str
    means: str
    words: tuple[str, ...] = ()
    uses_account: bool = False


TRANSFER: Final = PaymentMode(
    "transfer", N_("Bank transfer"), "30", ("wire", "virement", "virement bancaire"),
    uses_account=True,
)  # fmt: skip
CASH: Final = PaymentMode("cash", N_("Cash"), "10", ("espèces", "liquide"))
CARD: Final = PaymentMode(
    "card", N_("Card"), "48", ("credit card", "carte", "carte bancaire", "cb")
)  # fmt: skip
CHEQUE: Final = PaymentMode("cheque", N_("Cheque"), "20", ("check", "chèque"))
ONLINE: Final = PaymentMode(
    "online", N_("Online payment"), "68", ("paiement en ligne", "en ligne")
)  # fmt: skip
"""Paid in the chat."""

PAYMENT_MODES: Final[Mapping[str, PaymentMode]] = MappingProxyType(
    {mode.code: mode for mode in (TRANSFER, CASH, CARD, CHEQUE, ONLINE)}
)
"""All ways to pay by their codes, in the order in which they are offered."""

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {code: mode.label for code, mode in PAYMENT_MODES.items()}
)
"""Their labels by their codes, as a question offers them."""
