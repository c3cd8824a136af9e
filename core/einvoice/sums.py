"""The sums of a paper as EN 16931 lays them out: prices, allowances and charges that add up.

Nothing is rounded anew: where a stored amount is not the product of what stands beside it, the
difference is named as an allowance or a charge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from core.domain.messages import N_
from core.domain.money import PRICE_DIGITS, ZERO, round_amount, round_half_up
from core.domain.papers.view import Paper, PaperLine, PaperTotals

OUTSIDE: Final = "O"
DISCOUNT: Final = N_("Discount")
ROUNDING: Final = N_("Rounding")
_EXACT_DIGITS: Final = 10
"""Decimals of a price that is derived from an amount: its product is the amount again."""

Group = tuple[str, Decimal]
"""A tax category and a percentage."""


@dataclass(frozen=True, slots=True)
class Difference:
    """An allowance (above zero) or a charge (below), with its reason, a message."""

    amount: Decimal
    reason: str
    group: Group = (OUTSIDE, ZERO)


@dataclass(frozen=True, slots=True)
class LineSum:
    """A line without tax: quantity x price, less the difference, is its net (BT-131).

    Attributes:
        price: of one unit (BT-146).
        net: the line's net amount.
        differences: its allowances or charges (BG-27, BG-28).
    """

    price: Decimal
    net: Decimal
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """What of the total is there already, and what is to be paid.

    Attributes:
        total: with tax (BT-112).
        prepaid: BT-113.
        rounding: BT-114.
        due: BT-115.
    """

    total: Decimal
    prepaid: Decimal
    rounding: Decimal
    due: Decimal


def group_of(line: PaperLine) -> Group:
    """The tax group of a line; without one it is outside the scope of tax."""
    return line.tax_category or OUTSIDE, line.tax_percent or ZERO


def net_of(line: PaperLine) -> Decimal:
    """A line's net amount (BT-131)."""
    net = line.net if line.without_tax is None else line.without_tax
    return ZERO if net is None else net


def line_sum(line: PaperLine, paper: Paper) -> LineSum:
    """The price of a line and its difference to the line's net amount."""
    totals = paper.totals
    with_tax = totals is not None and totals.prices_include_tax
    price = line.unit_price or ZERO
    quantity, net = line.quantity or ZERO, net_of(line)
    if with_tax:
        percent = Fraction(line.tax_percent or ZERO)
        price = round_half_up(Fraction(price) * 100 / (100 + percent), PRICE_DIGITS)
    product = round_amount(Fraction(price) * Fraction(quantity), paper.currency)
    discount = product - net
    if with_tax and quantity and (not line.discount_percent or discount <= 0):
        # A price with tax seldom has a round price without: the net amount comes first.
        price = round_half_up(Fraction(net) / Fraction(quantity), _EXACT_DIGITS)
        discount = round_amount(Fraction(price) * Fraction(quantity), paper.currency) - net
    if not discount:
        return LineSum(price, net)
    reason = DISCOUNT if line.discount_percent and discount > 0 else ROUNDING
    return LineSum(price, net, (Difference(discount, reason),))


def differences(lines: Sequence[PaperLine], totals: PaperTotals) -> list[Difference]:
    """What is taken off (or put on) the lines of each tax group to reach its base (BG-20, 21).

    It is the document's discount; of a credit that takes the last cent of what it credits, that
    cent.
    """
    nets: dict[Group, Decimal] = defaultdict(Decimal)
    for line in lines:
        nets[group_of(line)] += net_of(line)
    found = []
    for tax in totals.taxes:
        group = (tax.category, tax.percent)
        amount = nets[group] - tax.base
        reason = DISCOUNT if amount > 0 and totals.discount else ROUNDING
        if amount:
            found.append(Difference(amount, reason, group))
    return found


def settlement_of(totals: PaperTotals) -> Settlement:
    """What is to be paid, as the paper says it; all else has come or was taken off."""
    due = totals.total if totals.due is None else totals.due
    return Settlement(
        total=totals.total - totals.rounding,
        prepaid=totals.total - due,
        rounding=totals.rounding,
        due=due,
    )
