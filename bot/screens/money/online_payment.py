"""Payment of an invoice in the chat: the effect of its Pay button.

The module is loaded only with a payment provider; without one nobody sees the button.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.base import payment_currencies
from bot.base.callbacks import digest_of
from bot.base.turn import Tap, Turn
from bot.screens.money.pay_button import pay_facts
from core.domain.messages import N_
from core.services import online_payments
from core.services.rights import Changed


def pay_online(turn: Turn, tap: Tap) -> None:
    """Send Telegram's payment message, if the amount is still the one shown."""
    turn.show("document", tap.id)
    asked = online_payments.ask(turn.work, tap.id)
    facts = pay_facts(asked.document_id, asked.amount, asked.currency)
    if tap.digest != digest_of(facts) or not payment_currencies.takes(
        asked.amount, asked.currency
    ):
        raise Changed(subject=tap.action, id=tap.id)
    turn.request(asked.id)
    turn.toast(turn.reader.text(N_("Pay in the message below.")))


ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {"pay_online": pay_online}
