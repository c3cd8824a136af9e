"""Money: currencies, the one rounding, minor units, sharing and converting.

Amounts are Decimals with at most the currency's digits; floats are refused everywhere. Between two
amounts everything is computed exactly, as a fraction, and rounded once.
"""

from __future__ import annotations

import decimal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import lcm
from types import MappingProxyType
from typing import Final

from core.domain.errors import (
    AmountTooFine,
    AmountTooLarge,
    NotANumber,
    NumberTooFine,
    NumberTooLarge,
    PriceNegative,
    RateNotPositive,
    UnknownCurrency,
)

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
PRICE_DIGITS: Final = 6
"""Decimals of a unit price, in the database and typed."""
QUANTITY_DIGITS: Final = 6
"""Decimals of a quantity in the database; a unit has these or fewer."""
RATE_DIGITS: Final = 10
"""Decimals of an exchange rate."""
MOST_MINOR: Final = 10**15
"""The largest amount, in minor units; thousands of such amounts still add up within 64 bits."""
MOST_PRICE: Final = Decimal(10**12)
"""The largest unit price: with its six decimals it fits a 64-bit integer."""
MOST_RATE: Final = Decimal(10**8)
"""The largest exchange rate: with its ten decimals it fits a 64-bit integer."""

_CODES_BY_DIGITS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL "
    "GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
    "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD "
    "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
    "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR "
    "ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

CURRENCIES: Final[Mapping[str, int]] = MappingProxyType(
    {code: digits for digits, codes in _CODES_BY_DIGITS.items() for code in codes.split()}
)
"""The active codes of ISO 4217 (list one, with BGN gone since 2026) and their minor digits.

Not CLDR's digits: those say 0 for IQD, LBP, IRR, AFN and RSD, which is how cash is shown, not
how amounts are kept. Metals, testing and drawing rights (XAU, XTS, XDR, ...) have no minor unit
and are no currency to trade in.
"""

_MOST_ROUNDED: Final = Decimal(10**30)
# A hundred digits: nothing that passes the limits of this module is ever cut.
_WIDE: Final = decimal.Context(prec=100, rounding=decimal.ROUND_HALF_UP)
EXACT: Final = decimal.Context(
    prec=decimal.MAX_PREC,
    Emin=decimal.MIN_EMIN,
    Emax=decimal.MAX_EMAX,
    traps=[decimal.Inexact, decimal.InvalidOperation],
)
"""Adds, multiplies and shifts Decimals of any length; raises Inexact where a digit is lost."""


@dataclass(frozen=True)
class Portion:
    """One part of a whole that is settled piece by piece.

    `part` is this piece, `before` all pieces that were settled before it, `whole` everything; all
    three in one measure (quantities of a line, or values of an order).
    """

    part: Decimal
    before: Decimal
    whole: Decimal

    def __post_init__(self) -> None:
        if self.part < 0 or self.before < 0 or self.whole < 0:
            raise ValueError("a portion has no negative numbers")

    @property
    def is_last(self) -> bool:
        """True when nothing of the whole is left after this part."""
        return self.before + self.part >= self.whole


def check_decimal(value: Decimal) -> Decimal:
    """`value` if it is a finite Decimal. Raises NotANumber (NaN, infinity), TypeError (floats)."""
    if not isinstance(value, Decimal):
        raise TypeError(f"money and quantities are Decimals, not {type(value).__name__}")
    if not value.is_finite():
        raise NotANumber(text=str(value))
    return value


def digits(currency: str) -> int:
    """The minor digits of `currency` by ISO 4217. Raises UnknownCurrency."""
    try:
        return CURRENCIES[currency]
    except KeyError:
        raise UnknownCurrency(currency=currency) from None


def round_amount(value: Decimal | Fraction, currency: str) -> Decimal:
    """Round `value` half up to the digits of `currency`: the one way an amount comes about.

    0.125 EUR becomes 0.13 and -0.125 becomes -0.13 (see `round_half_up`). Raises UnknownCurrency,
    NotANumber (NaN, infinity), AmountTooLarge (above 10**15 minor units), TypeError for floats.
    """
    places = digits(currency)
    most = _most(places)
    try:
        rounded = round_half_up(value, places)
    except NumberTooLarge:
        raise AmountTooLarge(currency=currency, most=most) from None
    if abs(rounded) > most:
        raise AmountTooLarge(currency=currency, most=most)
    return rounded


@cache
def _most(places: int) -> Decimal:
    """The largest amount of a currency with so many digits."""
    return from_scaled(MOST_MINOR, places)


@cache
def _unit(places: int) -> Decimal:
    """The smallest step of a number with so many decimals."""
    return Decimal(1).scaleb(-places)


def round_half_up(value: Decimal | Fraction, places: int) -> Decimal:
    """Round `value` to `places` decimals: THE rounding of this product.

    Half up, and for negative values half away from zero, so that a credit is the exact mirror of
    what it credits. Never gives a negative zero. Raises NumberTooLarge beyond 10**30, NotANumber,
    and TypeError for floats and everything else that is no exact number.
    """
    if not isinstance(value, Fraction):
        check_decimal(value)
    # Compared before it is scaled: a Decimal like 1E+999999 would become a gigantic integer.
    if not -_MOST_ROUNDED <= value <= _MOST_ROUNDED:
        raise NumberTooLarge(value=value, most=_MOST_ROUNDED)
    # Decimals are not turned into fractions: 1E-999999 would get a gigantic denominator.
    if isinstance(value, Decimal):
        rounded = value.quantize(_unit(places), context=_WIDE)
        return rounded or abs(rounded)
    half_up = (2 * abs(value.numerator) * 10**places + value.denominator) // (
        2 * value.denominator
    )
    return from_scaled(half_up if value >= 0 else -half_up, places)


def to_minor(amount: Decimal, currency: str) -> int:
    """`amount` in the minor units of `currency`: 12.34 EUR is 1234.

    Nothing is rounded: raises AmountTooFine for more digits than the currency has, AmountTooLarge
    above 10**15 minor units, UnknownCurrency, NotANumber, TypeError for floats.
    """
    rounded = round_amount(amount, currency)
    if rounded != amount:
        raise AmountTooFine(amount=amount, currency=currency, digits=digits(currency))
    return int(rounded.scaleb(digits(currency), context=_WIDE))


def from_minor(minor: int, currency: str) -> Decimal:
    """The amount that is `minor` units of `currency`, with all its digits: 5 is EUR 0.05."""
    return from_scaled(minor, digits(currency))


def to_scaled(value: Decimal, places: int, *, most: Decimal) -> int:
    """`value` as an integer of `places` decimals, as the database keeps prices and quantities.

    Nothing is rounded. Raises NumberTooFine, NumberTooLarge (beyond `most` either way),
    NotANumber, TypeError for floats.
    """
    check_decimal(value)
    if abs(value) > most:
        raise NumberTooLarge(value=value, most=most)
    scaled = value.scaleb(places, context=_WIDE)
    whole = scaled.to_integral_value(context=_WIDE)
    if whole != scaled:
        raise NumberTooFine(value=value, digits=places)
    return int(whole)


def from_scaled(scaled: int, places: int) -> Decimal:
    """The Decimal with `places` decimals whose scaled integer is `scaled`; always exact."""
    if type(scaled) is not int:
        raise TypeError(f"a scaled number is an integer, not {type(scaled).__name__}")
    return EXACT.scaleb(scaled, -places)


def check_unit_price(price: Decimal) -> Decimal:
    """`price` if it can be a unit price: zero or more, at most six decimals, at most 10**12.

    Raises PriceNegative, NumberTooFine, NumberTooLarge, NotANumber.
    """
    if to_scaled(price, PRICE_DIGITS, most=MOST_PRICE) < 0:
        raise PriceNegative(price=price)
    return price


def check_rate(rate: Decimal) -> Decimal:
    """`rate` if it can be an exchange rate: above zero, at most ten decimals, at most 10**8.

    Raises RateNotPositive, NumberTooFine, NumberTooLarge, NotANumber.
    """
    if to_scaled(rate, RATE_DIGITS, most=MOST_RATE) <= 0:
        raise RateNotPositive(rate=rate)
    return rate


def convert(amount: Decimal, rate: Decimal, to_currency: str) -> Decimal:
    """`amount` times `rate`, rounded to the digits of `to_currency`.

    `rate` is what one unit of the amount's own currency costs in `to_currency`. Raises what
    `check_rate` and `round_amount` raise.
    """
    return round_amount(Fraction(check_decimal(amount)) * Fraction(check_rate(rate)), to_currency)


def share(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Share `amount` of `currency` over `weights` (values or quantities, none negative).

    The parts add up to `amount` exactly and each is its exact share, rounded down or up to the
    minor unit: what rounding leaves over goes unit by unit to the largest fractions cut off, of
    equal ones to the last. So no part has the wrong sign, a zero weight gets nothing, and a
    discount that is within the total is within each part. 10.00 over three equal weights is 3.33,
    3.33, 3.34. Raises ValueError when there is an amount but no weight to carry it.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights are not negative")
    minor = to_minor(amount, currency)
    if not minor:
        return [from_minor(0, currency) for _ in weights]
    whole_weights = _as_integers(weights)
    whole = sum(whole_weights)
    if not whole:
        raise ValueError("an amount cannot be shared over nothing")
    exact = [divmod(abs(minor) * weight, whole) for weight in whole_weights]
    parts = [part for part, _ in exact]
    by_fraction = sorted(range(len(parts)), key=lambda index: (exact[index][1], index))
    left_over = abs(minor) - sum(parts)
    for index in by_fraction[len(parts) - left_over :]:
        parts[index] += 1
    sign = 1 if minor >= 0 else -1
    return [from_minor(sign * part, currency) for part in parts]


def _as_integers(weights: Sequence[Decimal]) -> list[int]:
    """Integers that are to each other as these are."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    common = lcm(*(denominator for _, denominator in ratios))
    return [numerator * (common // denominator) for numerator, denominator in ratios]


def next_share(total: Decimal, already: Decimal, *, portion: Portion, currency: str) -> Decimal:
    """What the next part of something gets of `total` when `already` went to the parts before.

    For what is settled document by document, without knowing how many will come: an order's
    discount over its invoices, an invoice's total over its credit notes. Each part gets its exact
    share of the total, rounded, but never more than is left; the last part takes the rest. So a
    discount of 10.00 over three equal invoices is 3.33, 3.33, 3.34, and 1.19 credited in three
    pieces is 0.40, 0.40, 0.39. If more than the total was given already, nothing is left to give.
    All amounts are in `currency`; raises what `to_minor` raises.
    """
    whole_minor = to_minor(total, currency)
    sign = 1 if whole_minor >= 0 else -1
    left = max(0, sign * (whole_minor - to_minor(already, currency)))
    if portion.is_last:
        return from_minor(sign * left, currency)
    exact = Fraction(total) * Fraction(portion.part) / Fraction(portion.whole)
    own = sign * to_minor(round_amount(exact, currency), currency)
    return from_minor(sign * min(own, left), currency)
