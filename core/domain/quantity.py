"""Quantities: what can be ordered, moved, counted."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from core.domain.errors import (
    NumberTooFine,
    NumberTooLarge,
    QuantityNegative,
    QuantityNotPositive,
    QuantityTooFine,
    QuantityTooLarge,
)
from core.domain.money import QUANTITY_DIGITS, from_scaled, to_scaled

MOST_QUANTITY: Final = Decimal(10**9)
"""The largest quantity of a line. A barcode typed into the wrong field (13 digits) is above it."""


def check_quantity(value: Decimal, *, unit_digits: int, zero_allowed: bool = False) -> Decimal:
    """`value` if it can be a quantity of a unit with `unit_digits` decimals, in its plain form.

    The plain form has no trailing zeros and no exponent: 1E+1 becomes 10 and 2.50 becomes 2.5.
    Raises QuantityTooLarge (above 10**9), QuantityTooFine, QuantityNotPositive or, where
    `zero_allowed` (a count, a rejected quantity), QuantityNegative; NotANumber for NaN and
    infinity; TypeError for floats.
    """
    if not 0 <= unit_digits <= QUANTITY_DIGITS:
        raise ValueError(f"a unit has 0 to {QUANTITY_DIGITS} digits, not {unit_digits}")
    try:
        scaled = to_scaled(value, unit_digits, most=MOST_QUANTITY)
    except NumberTooLarge:
        raise QuantityTooLarge(quantity=value, most=MOST_QUANTITY) from None
    except NumberTooFine:
        raise QuantityTooFine(quantity=value, digits=unit_digits) from None
    if scaled < 0 and zero_allowed:
        raise QuantityNegative(quantity=value)
    if scaled < 0 or (scaled == 0 and not zero_allowed):
        raise QuantityNotPositive(quantity=value)
    return plain(from_scaled(scaled, unit_digits))


def plain(value: Decimal) -> Decimal:
    """`value` (of up to 28 digits) without trailing zeros and without an exponent."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()
