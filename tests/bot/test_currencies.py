"""Telegram's smallest units and limits, as far as they decide where a button is shown."""

from decimal import Decimal

import pytest
from bot.base.payment_currencies import CURRENCIES, as_said, as_sent, takes

from core.domain.money import digits


def test_its_smallest_units_are_those_of_the_books():
    assert {code: each.exponent for code, each in CURRENCIES.items()} == {
        code: digits(code) for code in CURRENCIES
    }
    assert len(CURRENCIES) > 80
    assert all(0 < each.least < each.most for each in CURRENCIES.values())


@pytest.mark.parametrize(
    ("amount", "currency", "is_taken"),
    [
        ("1234.00", "EUR", True),
        ("0.87", "EUR", True),
        ("0.86", "EUR", False),
        ("8771.55", "EUR", True),
        ("8771.56", "EUR", False),
        ("43.201", "EUR", False),
        ("109", "JPY", True),
        ("109.5", "JPY", False),
        ("10", "KWD", False),
        ("10", "XTR", False),
    ],
)
def test_what_it_does_not_take_has_no_button(amount, currency, is_taken):
    assert takes(Decimal(amount), currency) is is_taken


def test_amounts_go_there_and_come_back():
    for amount, currency, total in (("43.20", "EUR", 4320), ("1500", "JPY", 1500)):
        assert as_sent(Decimal(amount), currency) == total
        assert as_said(total, currency) == Decimal(amount)
    with pytest.raises(ValueError, match="finer"):
        as_sent(Decimal("0.5"), "JPY")
