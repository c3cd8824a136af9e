"""Totals of a paper, as EN 16931 adds them up: discount, tax by group, net, total.

Tax is computed once per group (category and percent) of the document, never per line (BR-CO-17);
a document's discount is shared over the groups by value, so that each part has its own tax
(BG-20). Everything is exact until it is rounded, and it is rounded once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from core.domain.errors import (
    DiscountNegative,
    DiscountOutOfRange,
    DiscountTooLarge,
    TaxPercentWrong,
    UnknownTaxCategory,
)
from core.domain.messages import N_
from core.domain.money import (
    EXACT,
    check_decimal,
    check_unit_price,
    from_minor,
    round_amount,
    share,
    to_minor,
)


@dataclass(frozen=True)
class TaxCategory:
    """A VAT category of EN 16931 (code list UNCL 5305).

    A taxed category has a percentage above zero, the others have zero (BR-S-05, BR-Z-05, ...);
    where `needs_reason` is set, an invoice must say why no tax is due (BR-E-10, BR-AE-10, ...).
    """

    code: str
    label: str
    is_taxed: bool
    needs_reason: bool


TAX_CATEGORIES: Final[Mapping[str, TaxCategory]] = MappingProxyType(
    {
        row.code: row
        for row in (
            TaxCategory("S", N_("Standard rate"), is_taxed=True, needs_reason=False),
            TaxCategory("Z", N_("Zero-rated"), is_taxed=False, needs_reason=False),
            TaxCategory("E", N_("Exempt from tax"), is_taxed=False, needs_reason=True),
            TaxCategory("AE", N_("Reverse charge"), is_taxed=False, needs_reason=True),
            TaxCategory("K", N_("Supply within the EU"), is_taxed=False, needs_reason=True),
            TaxCategory("G", N_("Export outside the EU"), is_taxed=False, needs_reason=True),
            TaxCategory("O", N_("Outside the scope of tax"), is_taxed=False, needs_reason=True),
        )
    }
)
"""The categories that a line can have, by code."""


@dataclass(frozen=True, order=True)
class TaxRate:
    """What a line is taxed with: a category of `TAX_CATEGORIES` and a percentage (20 for 20 %).

    Raises UnknownTaxCategory and TaxPercentWrong (above 100, below zero, zero where the category
    is taxed, not zero where it is not).
    """

    category: str
    percent: Decimal

    def __post_init__(self) -> None:
        if self.category not in TAX_CATEGORIES:
            raise UnknownTaxCategory(category=self.category)
        most = 100 if TAX_CATEGORIES[self.category].is_taxed else 0
        least_is_passed = check_decimal(self.percent) > 0 or not most
        if not (least_is_passed and 0 <= self.percent <= most):
            raise TaxPercentWrong(category=self.category, percent=self.percent)


@dataclass(frozen=True)
class PricedLine:
    """What the money of a line depends on; `discount_percent` is 10 for 10 %."""

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    tax: TaxRate


@dataclass(frozen=True)
class TaxSum:
    """The tax of one group: `base` is its net (BT-116), `tax` the tax on it (BT-117).

    `discount` is the part of the document's discount that this group carries, net (BT-92): the
    lines of the group come to `base` + `discount`.
    """

    category: str
    percent: Decimal
    base: Decimal
    tax: Decimal
    discount: Decimal


@dataclass(frozen=True)
class Totals:
    """The sums of a document, in its currency.

    `line_amounts` is each line as its price was given (with tax where prices include tax), before
    the document's discount; `line_nets` is each line without tax (BT-131), `lines_net` their sum
    (BT-106), `discount` the document's discount without tax (BT-107), `net` what is left (BT-109),
    `taxes` the groups by category and percent, `tax` their sum (BT-110), `total` is net + tax
    (BT-112).
    """

    line_nets: tuple[Decimal, ...]
    lines_net: Decimal
    discount: Decimal
    net: Decimal
    taxes: tuple[TaxSum, ...]
    tax: Decimal
    total: Decimal
    line_amounts: tuple[Decimal, ...]


def line_net(line: PricedLine, currency: str) -> Decimal:
    """The amount of `line` (BT-131): quantity x price less its discount, rounded once.

    It is net where the price is net, and contains the tax where the price does. Raises
    DiscountOutOfRange, PriceNegative, and what `round_amount` raises.
    """
    kept = EXACT.subtract(100, _checked_percent(line.discount_percent))
    price = check_unit_price(line.unit_price)
    whole = EXACT.multiply(check_decimal(line.quantity), price)
    return round_amount(_percent_of(whole, kept), currency)


def _percent_of(whole: Decimal, percent: Decimal) -> Decimal:
    """So many percent of something, with all their digits."""
    return EXACT.scaleb(EXACT.multiply(whole, percent), -2)


def compute_totals(
    lines: Sequence[PricedLine],
    *,
    currency: str,
    discount_amount: Decimal = Decimal(0),
    discount_percent: Decimal = Decimal(0),
    prices_include_tax: bool = False,
) -> Totals:
    """Add up the `lines` of a document in `currency`.

    The document's discount is `discount_percent` of the lines' sum plus `discount_amount`; where
    `prices_include_tax`, both are taken off the prices with tax, as they were given. Then the tax
    of a group is what its sum contains, round(sum x percent / (100 + percent)), the net is the
    rest, and a line's net is its part of the group's net, by value.

    Raises DiscountOutOfRange, DiscountNegative, DiscountTooLarge (more than the lines come to),
    AmountTooFine, AmountTooLarge, PriceNegative, UnknownCurrency.
    """
    amounts = [line_net(line, currency) for line in lines]
    members: dict[TaxRate, list[int]] = {}
    for position, line in enumerate(lines):
        members.setdefault(line.tax, []).append(position)
    rates = sorted(members)
    sums = [_sum((amounts[at] for at in members[rate]), currency) for rate in rates]
    discount = _discount(
        _sum(sums, currency), discount_amount, discount_percent, currency=currency
    )

    net_of = _net_of_gross if prices_include_tax else _net_of_net
    line_nets = list(amounts)
    taxes = []
    for rate, before, carried in zip(rates, sums, share(discount, sums, currency), strict=True):
        net_before, _ = net_of(before, rate, currency)
        base, tax = net_of(before - carried, rate, currency)
        taxes.append(TaxSum(rate.category, rate.percent, base, tax, net_before - base))
        nets = share(net_before, [amounts[at] for at in members[rate]], currency)
        for at, net in zip(members[rate], nets, strict=True):
            line_nets[at] = net
    return _added_up(line_nets, taxes, amounts, currency=currency)


def _added_up(
    line_nets: Sequence[Decimal],
    taxes: Sequence[TaxSum],
    line_amounts: Sequence[Decimal],
    *,
    currency: str,
) -> Totals:
    lines_net = _sum(line_nets, currency)
    net = _sum((group.base for group in taxes), currency)
    tax = _sum((group.tax for group in taxes), currency)
    return Totals(
        line_nets=tuple(line_nets),
        lines_net=lines_net,
        discount=lines_net - net,
        net=net,
        taxes=tuple(taxes),
        tax=tax,
        total=_sum((net, tax), currency),
        line_amounts=tuple(line_amounts),
    )


def _net_of_net(amount: Decimal, rate: TaxRate, currency: str) -> tuple[Decimal, Decimal]:
    """The net and the tax of an `amount` without tax (BR-CO-17)."""
    return amount, round_amount(_percent_of(amount, rate.percent), currency)


def _net_of_gross(amount: Decimal, rate: TaxRate, currency: str) -> tuple[Decimal, Decimal]:
    """The net and the tax of an `amount` that contains its tax; the tax is what is rounded."""
    percent = Fraction(rate.percent)
    tax = round_amount(Fraction(amount) * percent / (100 + percent), currency)
    return amount - tax, tax


def _discount(lines_sum: Decimal, amount: Decimal, percent: Decimal, *, currency: str) -> Decimal:
    """The document's discount in money, checked against what the lines come to."""
    if to_minor(amount, currency) < 0:
        raise DiscountNegative(discount=amount, currency=currency)
    of_lines = _percent_of(lines_sum, _checked_percent(percent))
    discount = _sum((round_amount(of_lines, currency), amount), currency)
    if discount > lines_sum:
        raise DiscountTooLarge(discount=discount, most=lines_sum, currency=currency)
    return discount


def _checked_percent(percent: Decimal) -> Decimal:
    if not 0 <= check_decimal(percent) <= 100:
        raise DiscountOutOfRange(percent=percent)
    return percent


def _sum(amounts: Iterable[Decimal], currency: str) -> Decimal:
    """The sum with the currency's digits, also of nothing; refuses what no column could keep."""
    return round_amount(sum(amounts, from_minor(0, currency)), currency)
