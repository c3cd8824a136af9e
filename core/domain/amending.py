"""What of an order in force may be changed, and how far: never below what was drawn from it.

Quantities go up freely, and down to what went, came or was billed; the price of a line stays once
it was billed, and so does a discount on everything (DESIGN 3.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.domain.errors import Refusal
from core.domain.links import LineState
from core.domain.money import ZERO


class BelowDrawn(Refusal):
    """Of line `name` `done` went or came and `billed` were billed: it is `least` at least."""

    code = "below_drawn"
    fact_names = ("name", "wanted", "least", "done", "billed")


class PriceBilled(Refusal):
    """Of line `name` `billed` were billed already: its price stays."""

    code = "price_billed"
    fact_names = ("name", "billed")


class DiscountBilled(Refusal):
    """A part was billed already: the discount on everything stays."""

    code = "discount_billed"
    fact_names = ("number",)


class NothingChanged(Refusal):
    """The working copy says what the order says."""

    code = "nothing_changed"
    fact_names = ("number",)


def least_quantity(state: LineState) -> Decimal:
    """The least that an order's line can be lowered to: what went, came or was billed of it.

    What was dropped of it, or taken beyond it, stays on top: only what is open can be given up.
    """
    spare = state.wanted - max(ZERO, state.fulfilled, state.billed)
    return max(ZERO, state.quantity - max(ZERO, spare))


@dataclass(frozen=True)
class Price:
    """What one piece of a line costs, in the order's currency, before and with its discount."""

    unit_price: Decimal | None
    discount_percent: Decimal


@dataclass(frozen=True)
class LineWish:
    """A line of an order as it stands, and what it is to become; `after` zero takes it off."""

    name: str
    state: LineState
    after: Decimal
    price: Price
    new_price: Price

    @property
    def grows(self) -> Decimal:
        """How much more is wanted; below zero: how much less."""
        return self.after - self.state.quantity


def refusals(wishes: Iterable[LineWish], *, number: str, discount_changes: bool) -> list[Refusal]:
    """Why these wishes cannot be fulfilled, in the order of the lines; nothing when they can.

    Args:
        wishes: all lines that the order has.
        number: the order's, for the sentence.
        discount_changes: the discount on everything becomes another.
    """
    found: list[Refusal] = []
    billed = ZERO
    for wish in wishes:
        state = wish.state
        billed += max(ZERO, state.billed)
        least = least_quantity(state)
        if wish.grows < ZERO and wish.after < least:
            found.append(
                BelowDrawn(
                    name=wish.name, wanted=wish.after, least=least,
                    done=max(ZERO, state.fulfilled), billed=max(ZERO, state.billed),
                )
            )  # fmt: skip
        if wish.after and wish.price != wish.new_price and state.billed > ZERO:
            found.append(PriceBilled(name=wish.name, billed=state.billed))
    if discount_changes and billed:
        found.append(DiscountBilled(number=number))
    return found
