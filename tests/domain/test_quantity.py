"""Quantities: positive, with the digits of their unit, and of a sensible size."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import (
    NotANumber,
    QuantityNegative,
    QuantityNotPositive,
    QuantityTooFine,
    QuantityTooLarge,
)
from core.domain.money import from_scaled
from core.domain.quantity import check_quantity, plain


@pytest.mark.parametrize(
    ("value", "unit_digits", "shown"),
    [
        ("1E+1", 0, "10"),
        ("20", 0, "20"),
        ("2.50", 1, "2.5"),
        ("2.000", 0, "2"),
        ("0.000001", 6, "0.000001"),
        ("1000000000", 0, "1000000000"),
    ],
)
def test_a_quantity_is_returned_in_its_plain_form(value, unit_digits, shown):
    assert str(check_quantity(Decimal(value), unit_digits=unit_digits)) == shown


@pytest.mark.parametrize("value", ["0", "-0", "-1", "-0.5"])
def test_a_quantity_is_positive(value):
    with pytest.raises(QuantityNotPositive) as refused:
        check_quantity(Decimal(value), unit_digits=1)
    assert refused.value.facts == {"quantity": Decimal(value)}


def test_a_count_may_be_zero_but_not_negative():
    assert str(check_quantity(Decimal("-0.0"), unit_digits=0, zero_allowed=True)) == "0"
    with pytest.raises(QuantityNegative):
        check_quantity(Decimal(-1), unit_digits=0, zero_allowed=True)


def test_half_a_computer_is_refused():
    with pytest.raises(QuantityTooFine) as refused:
        check_quantity(Decimal("1.5"), unit_digits=0)
    assert refused.value.facts == {"quantity": Decimal("1.5"), "digits": 0}


@pytest.mark.parametrize("value", ["3017620422003", "1000000001", "1E+999999"])
def test_a_barcode_is_too_large_for_a_quantity(value):
    with pytest.raises(QuantityTooLarge) as refused:
        check_quantity(Decimal(value), unit_digits=0)
    assert refused.value.facts["most"] == 10**9


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_infinity_and_nan_are_not_quantities(value):
    with pytest.raises(NotANumber):
        check_quantity(Decimal(value), unit_digits=0)


@pytest.mark.parametrize("value", [1, 1.5, True, "1"])
def test_only_decimals_are_quantities(value):
    with pytest.raises(TypeError):
        check_quantity(value, unit_digits=0)


@pytest.mark.parametrize("unit_digits", [-1, 7])
def test_a_unit_has_at_most_six_digits(unit_digits):
    with pytest.raises(ValueError, match="digits"):
        check_quantity(Decimal(1), unit_digits=unit_digits)


@given(st.integers(1, 10**15), st.integers(0, 6))
def test_a_quantity_keeps_its_value(scaled, unit_digits):
    value = from_scaled(min(scaled, 10 ** (9 + unit_digits)), unit_digits)
    checked = check_quantity(value, unit_digits=unit_digits)
    assert checked == value
    assert checked == plain(checked)
    assert "E" not in str(checked)
    assert not (str(checked).endswith("0") and "." in str(checked))
