"""What settles what, and what other money is worth: the pure rules and their properties."""

from decimal import Decimal

import pytest
from core.domain.settlement import (
    Match,
    Quote,
    exchange_difference,
    implied_rate,
    matched,
    quote_sides,
    spread,
)
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import RateNotPositive

D = Decimal
amounts = st.integers(min_value=0, max_value=10**9)
items = st.lists(st.integers(min_value=-(10**9), max_value=10**9), max_size=8).map(
    lambda found: list(enumerate(found, 1))
)


def test_money_goes_to_papers_in_their_order():
    assert spread(-250, [(1, 100), (2, 50), (3, 200)]) == [(1, 100), (2, 50), (3, 100)]
    assert spread(100, [(1, -30), (2, 40), (3, -90)]) == [(1, 30), (3, 70)]
    assert spread(0, [(1, 100), (2, -100)]) == []


@given(st.integers(min_value=-(10**9), max_value=10**9), items)
def test_no_more_is_spread_than_there_is_on_either_side(minor, others):
    found = spread(minor, others)
    there = dict(others)
    assert sum(taken for _, taken in found) <= abs(minor)
    assert all(0 < taken <= abs(there[id]) and there[id] * minor < 0 for id, taken in found)
    wanted = sum(abs(each) for each in there.values() if each * minor < 0)
    assert sum(taken for _, taken in found) == min(abs(minor), wanted)
    # Whoever comes first is settled whole before the next one gets anything.
    assert all(taken == abs(there[id]) for id, taken in found[:-1])


def test_debts_are_matched_with_credits_in_both_orders():
    assert matched([(1, 100), (2, 50)], [(7, 120), (8, 90)]) == [
        Match(1, 7, 100),
        Match(2, 7, 20),
        Match(2, 8, 30),
    ]


@given(st.lists(amounts, max_size=6), st.lists(amounts, max_size=6))
def test_matching_uses_up_the_smaller_side(debits, others):
    found = matched(list(enumerate(debits, 1)), list(enumerate(others, 100)))
    assert sum(each.minor for each in found) == min(sum(debits), sum(others))
    for id, there in enumerate(debits, 1):
        assert sum(each.minor for each in found if each.debit_id == id) <= there
    for id, there in enumerate(others, 100):
        assert sum(each.minor for each in found if each.credit_id == id) <= there


def test_the_company_currency_is_what_others_are_quoted_in():
    assert quote_sides("AUD", "EUR", "EUR") == ("AUD", "EUR")
    assert quote_sides("EUR", "AUD", "EUR") == ("AUD", "EUR")
    assert quote_sides("AUD", "USD", "EUR") == ("USD", "AUD")


def test_euros_for_a_debt_in_australian_dollars():
    """AUD 1,000 owed, EUR 600 paid at 0.61: AUD 983.61 are settled."""
    assert Quote("AUD", "EUR", D("0.61")).taken(D(600), "AUD") == D("983.61")
    assert Quote("AUD", "EUR", D("0.61")).taken(D(1000), "EUR") == D("610.00")
    with pytest.raises(RateNotPositive):
        Quote("AUD", "EUR", D(0)).taken(D(600), "AUD")


def test_the_rate_that_follows_from_two_amounts():
    assert implied_rate(D(1000), D(600), base_is_account=True) == D("0.6")
    assert implied_rate(D(610), D(1000), base_is_account=False) == D("0.61")


@given(st.integers(min_value=1, max_value=10**7), st.integers(min_value=1, max_value=10**7))
def test_an_implied_rate_gives_the_amount_back(amount_minor, received_minor):
    amount, received = D(amount_minor).scaleb(-2), D(received_minor).scaleb(-2)
    for base in ("AUD", "EUR"):
        rate = implied_rate(amount, received, base_is_account=base == "AUD")
        quote = Quote(base, "EUR" if base == "AUD" else "AUD", rate)
        # Ten decimals of a rate are exact enough wherever it is not tiny itself.
        if rate > D("0.01"):
            assert abs(quote.taken(received, "AUD") - amount) <= D("0.01") + amount * D("1e-7")


def test_what_a_settlement_wins_or_loses():
    worth = {"debit_rate": D("0.61"), "credit_rate": D("0.60"), "currency": "EUR"}
    assert exchange_difference(D(1000), **worth) == D("-10.00")
    assert exchange_difference(D("0.50"), **worth) == D("-0.01")
    assert exchange_difference(-D(1000), **worth) == D("10.00")
    same = {"debit_rate": D("0.61"), "credit_rate": D("0.61"), "currency": "EUR"}
    assert exchange_difference(D(1000), **same) == 0
