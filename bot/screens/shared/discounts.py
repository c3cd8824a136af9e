"""Typed discounts: a percentage, or an amount in the currency of the paper."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.conversation.inputs import Asking, Input, Unclear
from bot.screens.typing.order_parsing import checked_discount, currency_of, entry_words
from core.domain.messages import N_
from core.domain.money import ZERO, check_unit_price
from core.domain.typed_order import EntryLine, read_figures

OTHER_CURRENCY: Final = N_("This document is in {currency}. Type the amount in that currency.")


@dataclass(frozen=True)
class DiscountAnswer:
    """A percentage, or an amount in the currency of the document; the other one is zero."""

    percent: Decimal = ZERO
    amount: Decimal = ZERO


class Discount(Input):
    """A percentage, or an amount in the currency with which the form was opened (`currency`)."""

    def read(self, text: str, asking: Asking) -> DiscountAnswer:
        """Return the typed discount: ``10``, ``10%``, ``5 EUR``.  Raises a number's refusal."""
        words = asking.reader.translator
        found = read_figures(text, entry_words(asking.reader))
        amount = found and (found.off or (found.currency and found.price))
        if found is None or not amount:
            return DiscountAnswer(percent=checked_discount(words.parse_percent(text)))
        _require_currency(found, str(asking.answers.arguments["currency"]))
        return DiscountAnswer(amount=check_unit_price(words.parse_number(amount)))

    def keep(self, value: DiscountAnswer) -> list[str]:
        """Return both values as text: JSON has no exact numbers."""
        return [str(value.percent), str(value.amount)]

    def restore(self, kept: list[str]) -> DiscountAnswer:
        """Return the discount that `keep` stored."""
        percent, amount = map(Decimal, kept)
        return DiscountAnswer(percent, amount)


def _require_currency(found: EntryLine, currency: str) -> None:
    """Refuse an amount in another currency than the document's.

    Raises:
        Unclear.
    """
    if currency_of(found.currency) not in ("", currency):
        raise Unclear(OTHER_CURRENCY, currency=currency)
