"""Totals as EN 16931 adds them up, compared with an oracle in plain fractions."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import (
    AmountTooFine,
    AmountTooLarge,
    DiscountNegative,
    DiscountOutOfRange,
    DiscountTooLarge,
    NotANumber,
    PriceNegative,
    TaxPercentWrong,
    UnknownTaxCategory,
)
from core.domain.money import digits
from core.domain.totals import PricedLine, TaxRate, compute_totals, line_net

FULL = TaxRate("S", Decimal(20))
REDUCED = TaxRate("S", Decimal("5.5"))
EXPORT = TaxRate("G", Decimal(0))


def line(quantity, price, tax=FULL, discount="0"):
    return PricedLine(Decimal(quantity), Decimal(price), Decimal(discount), tax)


def totals(*lines, currency="EUR", **options):
    return compute_totals(lines, currency=currency, **options)


def shown(*amounts):
    return [str(amount) for amount in amounts]


# --- Examples -----------------------------------------------------------------------------------


def test_the_tax_is_computed_on_the_document_and_not_on_the_line():
    three_lines = totals(line(1, "0.33"), line(1, "0.33"), line(1, "0.33"))
    assert shown(three_lines.net, three_lines.tax, three_lines.total) == ["0.99", "0.20", "1.19"]
    assert three_lines.total == totals(line(3, "0.33")).total


def test_an_export_order_has_no_tax():
    order = totals(line(20, "2390.00", EXPORT), line(3, "29.00", EXPORT, "10"), currency="AUD")
    assert shown(*order.line_nets) == ["47800.00", "78.30"]
    assert shown(order.tax, order.total) == ["0.00", "47878.30"]


def test_each_group_has_its_own_tax():
    mixed = totals(line(1, "100", REDUCED), line(2, "50"), line(1, "10"), line(1, "7", EXPORT))
    assert [(g.category, g.percent, str(g.base), str(g.tax)) for g in mixed.taxes] == [
        ("G", 0, "7.00", "0.00"),
        ("S", Decimal("5.5"), "100.00", "5.50"),
        ("S", 20, "110.00", "22.00"),
    ]
    assert shown(mixed.lines_net, mixed.net, mixed.tax, mixed.total) == [
        "217.00",
        "217.00",
        "27.50",
        "244.50",
    ]


def test_twenty_percent_and_twenty_point_zero_are_one_group():
    both = totals(line(1, "1"), line(1, "1", TaxRate("S", Decimal("20.0"))))
    assert len(both.taxes) == 1


def test_a_discount_on_the_document_is_shared_over_the_groups_by_value():
    order = totals(
        line(1, "100", REDUCED),
        line(1, "300"),
        discount_amount=Decimal("10.00"),
        discount_percent=Decimal(5),
    )
    assert shown(order.lines_net, order.discount, order.net) == ["400.00", "30.00", "370.00"]
    assert [shown(group.discount, group.base, group.tax) for group in order.taxes] == [
        ["7.50", "92.50", "5.09"],
        ["22.50", "277.50", "55.50"],
    ]


def test_prices_with_tax_give_the_net():
    paper = totals(line(1, "119.99"), prices_include_tax=True)
    assert shown(paper.net, paper.tax, paper.total) == ["99.99", "20.00", "119.99"]
    assert shown(*paper.line_nets, *paper.line_amounts) == ["99.99", "119.99"]


def test_a_discount_on_prices_with_tax_is_taken_off_what_is_paid():
    paper = totals(
        line(2, "60"),
        line(1, "10.55", REDUCED),
        discount_amount=Decimal("13.05"),
        prices_include_tax=True,
    )
    assert str(paper.total) == "117.50"
    assert paper.lines_net - paper.discount == paper.net


@pytest.mark.parametrize(
    ("currency", "expected"),
    [("KWD", ["1.235", "0.247", "1.482"]), ("JPY", ["1", "0", "1"])],
)
def test_sums_have_the_digits_of_their_currency(currency, expected):
    paper = totals(line(1, "1.2345"), currency=currency)
    assert shown(paper.net, paper.tax, paper.total) == expected


def test_a_price_of_six_digits_is_rounded_once():
    assert str(line_net(line("1000000", "0.000001"), "EUR")) == "1.00"
    assert str(line_net(line(3, "0.335", FULL, "50"), "EUR")) == "0.50"


def test_a_paper_without_lines_or_with_gifts_only_has_a_total_of_zero():
    empty = totals(currency="KWD")
    assert shown(empty.net, empty.tax, empty.total) == ["0.000", "0.000", "0.000"]
    assert empty.taxes == ()
    gift = totals(line(1, "0"), line(1, "10", FULL, "100"), discount_percent=Decimal(10))
    assert str(gift.total) == "0.00"


# --- Refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "percent"),
    [("S", "0"), ("S", "-1"), ("S", "100.01"), ("G", "20"), ("E", "-1")],
)
def test_a_tax_category_allows_its_percentages_only(category, percent):
    with pytest.raises(TaxPercentWrong) as refused:
        TaxRate(category, Decimal(percent))
    assert refused.value.facts == {"category": category, "percent": Decimal(percent)}


def test_a_tax_category_is_one_of_the_standard():
    with pytest.raises(UnknownTaxCategory):
        TaxRate("VAT", Decimal(20))
    with pytest.raises(NotANumber):
        TaxRate("Z", Decimal("NaN"))
    with pytest.raises(TypeError):
        TaxRate("S", 19.6)


@pytest.mark.parametrize("percent", ["-0.01", "100.01"])
def test_a_discount_is_between_nothing_and_everything(percent):
    with pytest.raises(DiscountOutOfRange):
        line_net(line(1, 1, FULL, percent), "EUR")
    with pytest.raises(DiscountOutOfRange):
        totals(line(1, 1), discount_percent=Decimal(percent))


def test_a_discount_in_money_is_not_negative_not_too_fine_and_within_the_lines():
    with pytest.raises(DiscountNegative):
        totals(line(1, 1), discount_amount=Decimal("-0.01"))
    with pytest.raises(AmountTooFine):
        totals(line(1, 1), discount_amount=Decimal("0.001"))
    with pytest.raises(DiscountTooLarge) as refused:
        totals(line(1, 1), discount_amount=Decimal("0.51"), discount_percent=Decimal(50))
    assert refused.value.facts == {
        "discount": Decimal("1.01"),
        "most": Decimal("1.00"),
        "currency": "EUR",
    }
    assert totals(line(1, 1), discount_amount=Decimal(1)).total == 0


def test_a_price_is_not_negative():
    with pytest.raises(PriceNegative):
        line_net(line(1, "-1"), "EUR")


def test_amounts_that_no_column_can_keep_are_refused():
    with pytest.raises(AmountTooLarge):
        line_net(line(10**9, 10**9), "EUR")
    most = line(10, 10**12)
    assert totals(most, currency="EUR", prices_include_tax=True).total == 10**13
    with pytest.raises(AmountTooLarge):
        totals(most)
    with pytest.raises(NotANumber):
        line_net(line("NaN", 1), "EUR")


# --- Properties ---------------------------------------------------------------------------------

RATES = st.sampled_from(
    [FULL, REDUCED, TaxRate("S", Decimal("7.7")), EXPORT, TaxRate("Z", Decimal(0))]
)
LINES = st.lists(
    st.builds(
        PricedLine,
        st.decimals("0.001", 1000, places=3),
        st.decimals(0, 5000, places=4),
        st.decimals(0, 100, places=1),
        RATES,
    ),
    max_size=8,
)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])


def half_up(value, currency):
    """Round a value that is not negative: the oracle's own rounding."""
    scale = 10 ** digits(currency)
    return Fraction(floor(value * scale + Fraction(1, 2)), scale)


def taxed_sums(lines, currency):
    """Return the sum of the lines of each tax, as fractions: the oracle."""
    sums = {}
    for one in lines:
        kept = 1 - Fraction(one.discount_percent) / 100
        amount = half_up(Fraction(one.quantity) * Fraction(one.unit_price) * kept, currency)
        sums[one.tax] = sums.get(one.tax, 0) + amount
    return sums


@given(LINES, CURRENCIES)
def test_the_tax_agrees_with_the_oracle(lines, currency):
    paper = compute_totals(lines, currency=currency)
    expected = {
        tax: half_up(amount * Fraction(tax.percent) / 100, currency)
        for tax, amount in taxed_sums(lines, currency).items()
    }
    assert {TaxRate(g.category, g.percent): Fraction(g.tax) for g in paper.taxes} == expected
    assert Fraction(paper.tax) == sum(expected.values())
    assert Fraction(paper.net) == sum(taxed_sums(lines, currency).values())


@given(LINES, CURRENCIES)
def test_the_tax_within_prices_agrees_with_the_oracle(lines, currency):
    paper = compute_totals(lines, currency=currency, prices_include_tax=True)
    sums = taxed_sums(lines, currency)
    expected = {
        tax: half_up(amount - amount / (1 + Fraction(tax.percent) / 100), currency)
        for tax, amount in sums.items()
    }
    assert {TaxRate(g.category, g.percent): Fraction(g.tax) for g in paper.taxes} == expected
    assert Fraction(paper.total) == sum(sums.values())


@given(st.data(), LINES, CURRENCIES, st.booleans())
def test_all_sums_agree(data, lines, currency, prices_include_tax):
    before = compute_totals(lines, currency=currency, prices_include_tax=prices_include_tax)
    lines_sum = sum(before.line_amounts, Decimal(0))
    scale = digits(currency)
    paper = compute_totals(
        lines,
        currency=currency,
        discount_amount=data.draw(st.decimals(0, lines_sum / 2, places=scale)),
        discount_percent=data.draw(st.decimals(0, 40, places=1)),
        prices_include_tax=prices_include_tax,
    )
    assert sum(g.tax for g in paper.taxes) == paper.tax
    assert sum(g.base for g in paper.taxes) == paper.net
    assert sum(g.discount for g in paper.taxes) == paper.discount
    assert paper.net + paper.tax == paper.total
    assert sum(paper.line_nets) == paper.lines_net
    assert paper.lines_net - paper.discount == paper.net
    assert all(g.base >= 0 and g.tax >= 0 and g.discount >= 0 for g in paper.taxes)
    assert all(
        0 <= net <= gross for net, gross in zip(paper.line_nets, paper.line_amounts, strict=True)
    )
    for group in paper.taxes:
        # A net derived from a price with tax may miss the standard's tax by one minor unit.
        standard = half_up(Fraction(group.base) * Fraction(group.percent) / 100, currency)
        allowed = Fraction(1, 10**scale) if prices_include_tax else 0
        assert abs(Fraction(group.tax) - standard) <= allowed
        members = [
            net
            for net, one in zip(paper.line_nets, lines, strict=True)
            if one.tax == TaxRate(group.category, group.percent)
        ]
        assert sum(members) == group.base + group.discount


@given(LINES)
def test_the_order_of_lines_changes_no_total(lines):
    one_way = compute_totals(lines, currency="EUR", discount_percent=Decimal(3))
    other_way = compute_totals(lines[::-1], currency="EUR", discount_percent=Decimal(3))
    assert one_way.taxes == other_way.taxes
    assert one_way.line_nets == other_way.line_nets[::-1]
