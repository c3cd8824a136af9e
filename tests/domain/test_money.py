"""Money: one rounding, minor units, sharing, converting."""

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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
from core.domain.money import (
    CURRENCIES,
    MOST_MINOR,
    Portion,
    check_rate,
    check_unit_price,
    convert,
    digits,
    from_minor,
    from_scaled,
    next_share,
    round_amount,
    round_half_up,
    share,
    to_minor,
    to_scaled,
)

MINORS = st.integers(-MOST_MINOR, MOST_MINOR)
SOME_CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "CLF"])


@pytest.mark.parametrize(
    ("currency", "expected"),
    [("EUR", 2), ("JPY", 0), ("KWD", 3), ("IQD", 3), ("CLF", 4), ("LBP", 2), ("AFN", 2)],
)
def test_digits_are_those_of_iso_4217_and_not_of_cldr(currency, expected):
    assert digits(currency) == expected


@pytest.mark.parametrize("currency", ["XXX", "XAU", "eur", "", "DEM", "BGN"])
def test_an_unknown_currency_is_refused(currency):
    with pytest.raises(UnknownCurrency) as refused:
        digits(currency)
    assert refused.value.facts == {"currency": currency}


def test_the_list_of_currencies_is_complete():
    assert len(CURRENCIES) == 165
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
    assert {places: list(CURRENCIES.values()).count(places) for places in (0, 2, 3, 4)} == {
        0: 17,
        2: 139,
        3: 7,
        4: 2,
    }


@pytest.mark.parametrize(
    ("value", "currency", "rounded"),
    [
        ("0.125", "EUR", "0.13"),
        ("-0.125", "EUR", "-0.13"),
        ("0.124999999999999999999999999999", "EUR", "0.12"),
        ("1234.5", "JPY", "1235"),
        ("2.5", "JPY", "3"),
        ("0.0005", "KWD", "0.001"),
        ("7", "EUR", "7.00"),
        ("-0.001", "EUR", "0.00"),
        ("-0", "EUR", "0.00"),
        ("1E-999999", "EUR", "0.00"),
    ],
)
def test_rounding_is_half_up_away_from_zero(value, currency, rounded):
    assert str(round_amount(Decimal(value), currency)) == rounded
    if "E" not in value:
        assert str(round_amount(Fraction(value), currency)) == rounded


@given(st.fractions(-(10**9), 10**9), SOME_CURRENCIES)
@example(Fraction(1, 200), "EUR")
def test_rounding_moves_an_amount_by_half_a_minor_unit_at_most(value, currency):
    rounded = round_amount(value, currency)
    half = Fraction(1, 2 * 10 ** digits(currency))
    difference = abs(Fraction(rounded)) - abs(value)
    assert -half < difference <= half
    assert rounded == -round_amount(-value, currency)
    assert -rounded.as_tuple().exponent == digits(currency)


@given(st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False))
def test_a_decimal_and_its_fraction_are_rounded_alike(value):
    assert round_half_up(value, 2) == round_half_up(Fraction(value), 2)


@pytest.mark.parametrize("value", [0.1, 1, True, "1", None])
def test_only_decimals_are_money(value):
    with pytest.raises(TypeError, match="Decimals"):
        round_amount(value, "EUR")
    with pytest.raises(TypeError, match="Decimals"):
        to_minor(value, "EUR")


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_infinity_and_nan_are_not_amounts(value):
    with pytest.raises(NotANumber):
        round_amount(Decimal(value), "EUR")
    with pytest.raises(NotANumber):
        to_scaled(Decimal(value), 6, most=Decimal(1))


@pytest.mark.parametrize("value", ["1E+16", "-1E+16", "1E+999999", "10000000000000.005"])
def test_an_amount_beyond_ten_to_the_fifteen_minor_units_is_refused(value):
    with pytest.raises(AmountTooLarge) as refused:
        round_amount(Decimal(value), "EUR")
    assert refused.value.facts == {"currency": "EUR", "most": Decimal("10000000000000.00")}


def test_the_limit_is_in_minor_units_of_the_currency():
    assert to_minor(Decimal(10**15), "JPY") == 10**15
    assert to_minor(Decimal(10**12), "KWD") == 10**15
    with pytest.raises(AmountTooLarge):
        to_minor(Decimal(10**12) + Decimal("0.001"), "KWD")


@given(MINORS, SOME_CURRENCIES)
def test_minor_units_can_be_converted_back(minor, currency):
    amount = from_minor(minor, currency)
    assert to_minor(amount, currency) == minor
    assert -amount.as_tuple().exponent == digits(currency)


def test_an_amount_with_too_many_digits_is_refused_and_not_rounded():
    with pytest.raises(AmountTooFine) as refused:
        to_minor(Decimal("1.234"), "EUR")
    assert refused.value.facts == {"amount": Decimal("1.234"), "currency": "EUR", "digits": 2}
    assert to_minor(Decimal("1.230"), "EUR") == 123
    assert to_minor(Decimal("1.234"), "KWD") == 1234


@pytest.mark.parametrize("scaled", [1.0, Decimal(1), True])
def test_minor_units_are_integers(scaled):
    with pytest.raises(TypeError, match="integer"):
        from_minor(scaled, "EUR")


def test_scaled_numbers_are_neither_cut_nor_too_large():
    assert to_scaled(Decimal("-1.5"), 6, most=Decimal(2)) == -1_500_000
    assert from_scaled(-1_500_000, 6) == Decimal("-1.500000")
    with pytest.raises(NumberTooFine) as fine:
        to_scaled(Decimal("0.0000001"), 6, most=Decimal(2))
    assert fine.value.facts["digits"] == 6
    with pytest.raises(NumberTooLarge) as large:
        to_scaled(Decimal("2.01"), 6, most=Decimal(2))
    assert large.value.facts["most"] == 2
    with pytest.raises(NumberTooLarge):
        round_half_up(Fraction(10**31), 2)


def test_a_unit_price_has_six_digits_and_is_not_negative():
    assert check_unit_price(Decimal("0.123456")) == Decimal("0.123456")
    assert check_unit_price(Decimal(0)) == 0
    assert to_scaled(check_unit_price(Decimal(10**12)), 6, most=Decimal(10**12)) < 2**63
    with pytest.raises(PriceNegative):
        check_unit_price(Decimal("-0.01"))
    with pytest.raises(NumberTooFine):
        check_unit_price(Decimal("0.1234567"))
    with pytest.raises(NumberTooLarge):
        check_unit_price(Decimal(10**12 + 1))


def test_a_rate_has_ten_digits_and_is_above_zero():
    assert check_rate(Decimal("0.0000000001")) > 0
    for wrong in (Decimal(0), Decimal(-1)):
        with pytest.raises(RateNotPositive):
            check_rate(wrong)
    with pytest.raises(NumberTooFine):
        check_rate(Decimal("0.00000000001"))
    with pytest.raises(NumberTooLarge):
        check_rate(Decimal(10**8 + 1))


def test_converting_rounds_once_in_the_new_currency():
    assert convert(Decimal("600.00"), Decimal("0.61"), "AUD") == Decimal("366.00")
    assert str(convert(Decimal("1.00"), Decimal("162.345"), "JPY")) == "162"
    assert str(convert(Decimal("1.00"), Decimal("0.3345"), "KWD")) == "0.335"
    with pytest.raises(RateNotPositive):
        convert(Decimal(1), Decimal(0), "EUR")
    with pytest.raises(TypeError):
        convert(1.5, Decimal(1), "EUR")


# --- Sharing ------------------------------------------------------------------------------------


def amounts(*values):
    return [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        ("10.00", [1, 1, 1], ["3.33", "3.33", "3.34"]),
        ("-10.00", [1, 1, 1], ["-3.33", "-3.33", "-3.34"]),
        ("0.05", [2, 1, 1], ["0.03", "0.01", "0.01"]),
        ("0.03", [1, 1, 1, 1, 1, 1], ["0.00", "0.00", "0.00", "0.01", "0.01", "0.01"]),
        ("1.19", ["0.40", "0.40", "0.40", "0.01"], ["0.39", "0.39", "0.40", "0.01"]),
        ("5.00", [0, 1, 0], ["0.00", "5.00", "0.00"]),
        ("0", [0, 0], ["0.00", "0.00"]),
        ("0", [], []),
    ],
)
def test_an_amount_is_shared_by_value(amount, weights, parts):
    assert share(Decimal(amount), amounts(*weights), "EUR") == amounts(*parts)


@given(
    st.integers(-(10**6), 10**6),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any),
    SOME_CURRENCIES,
)
def test_shares_are_exact_to_a_minor_unit_and_add_up(minor, weights, currency):
    parts = share(from_minor(minor, currency), amounts(*weights), currency)
    assert sum(parts) == from_minor(minor, currency)
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(minor * weight, sum(weights))
        assert abs(to_minor(part, currency) - exact) < 1
        assert part * minor >= 0


@given(st.data(), st.lists(st.integers(0, 500), min_size=1, max_size=6).filter(any))
def test_a_discount_within_the_total_is_within_each_part(data, minors):
    discount = data.draw(st.integers(0, sum(minors)))
    weights = [from_minor(minor, "EUR") for minor in minors]
    for part, weight in zip(
        share(from_minor(discount, "EUR"), weights, "EUR"), weights, strict=True
    ):
        assert 0 <= part <= weight


def test_an_amount_cannot_be_shared_by_zero_or_negative_weights():
    with pytest.raises(ValueError, match="nothing"):
        share(Decimal("0.01"), amounts(0, 0), "EUR")
    with pytest.raises(ValueError, match="negative"):
        share(Decimal("0.01"), amounts(2, -1), "EUR")


def piece_by_piece(total, pieces, currency="EUR"):
    """Return the share of each piece, one after the other."""
    whole = sum(amounts(*pieces))
    given, before, parts = Decimal(0), Decimal(0), []
    for piece in amounts(*pieces):
        portion = Portion(part=piece, before=before, whole=whole)
        parts.append(next_share(Decimal(total), given, portion=portion, currency=currency))
        given += parts[-1]
        before += piece
    return parts


@pytest.mark.parametrize(
    ("total", "pieces", "parts"),
    [
        ("10.00", [100, 100, 100], ["3.33", "3.33", "3.34"]),
        ("1.19", [1, 1, 1], ["0.40", "0.40", "0.39"]),
        ("-1.19", [1, 1, 1], ["-0.40", "-0.40", "-0.39"]),
        ("0.03", [1, 1, 1, 1, 1, 1], ["0.01", "0.01", "0.01", "0.00", "0.00", "0.00"]),
        ("100.00", [1, 1, 1], ["33.33", "33.33", "33.34"]),
        ("7.00", [5], ["7.00"]),
    ],
)
def test_shared_piece_by_piece_the_last_takes_the_rest(total, pieces, parts):
    assert piece_by_piece(total, pieces) == amounts(*parts)


@given(
    st.integers(-(10**5), 10**5),
    st.lists(st.integers(0, 100), min_size=1, max_size=12).filter(any),
    SOME_CURRENCIES,
)
def test_shares_piece_by_piece_add_up_and_never_change_sign(minor, pieces, currency):
    total = from_minor(minor, currency)
    parts = piece_by_piece(total, pieces, currency)
    assert sum(parts) == total
    assert all(part * total >= 0 for part in parts)


def test_parts_beyond_the_whole_get_nothing():
    beyond = Portion(part=Decimal(5), before=Decimal(200), whole=Decimal(200))
    assert beyond.is_last
    assert next_share(Decimal(10), Decimal(10), portion=beyond, currency="EUR") == 0
    first = Portion(part=Decimal(1), before=Decimal(0), whole=Decimal(2))
    assert next_share(Decimal(10), Decimal(12), portion=first, currency="EUR") == 0


def test_a_portion_has_no_negative_numbers():
    for numbers in [(-1, 0, 1), (1, -1, 1), (1, 0, -1)]:
        with pytest.raises(ValueError, match="negative"):
            Portion(*amounts(*numbers))


# --- Refusals -----------------------------------------------------------------------------------


def test_a_refusal_can_be_sent_between_processes():
    refusal = pickle.loads(pickle.dumps(UnknownCurrency(currency="XYZ")))  # noqa: S301 - our own bytes
    assert isinstance(refusal, UnknownCurrency)
    assert str(refusal) == "unknown_currency: currency=XYZ"
