"""Refusals: what the core says instead of doing something wrong.

A refusal carries a code and facts, never a sentence: one table of the bot turns it into a sentence
in the person's language, with what to do next. The tree:

    Refusal
    |-- numbers and dates that were read
    |   |-- NotANumber            text
    |   |-- AmbiguousNumber       text, readings
    |   `-- NotADate              text, reason
    |-- scaled numbers
    |   |-- NumberTooFine         value, digits
    |   `-- NumberTooLarge        value, most
    |-- money
    |   |-- UnknownCurrency       currency
    |   |-- AmountTooFine         amount, currency, digits
    |   |-- AmountTooLarge        currency, most
    |   |-- PriceNegative         price
    |   `-- RateNotPositive       rate
    |-- quantities
    |   |-- QuantityNotPositive   quantity
    |   |-- QuantityNegative      quantity
    |   |-- QuantityTooFine       quantity, digits
    |   `-- QuantityTooLarge      quantity, most
    `-- discount and tax
        |-- DiscountOutOfRange    percent
        |-- DiscountNegative      discount, currency
        |-- DiscountTooLarge      discount, most, currency
        |-- UnknownTaxCategory    category
        `-- TaxPercentWrong       category, percent

To add one: a class below, in the section of its subject, and a line in the tree. A refusal that
one module alone raises may stand beside its rule instead (lifecycles, links).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar


class Refusal(Exception):
    """An action that the rules do not allow, told as a code and facts.

    A subclass sets `code` (unique, in snake_case; logs and tables of sentences use it) and
    `fact_names`. Facts are given as keywords, exactly the declared ones:
    `raise UnknownCurrency(currency="XYZ")`. A missing or undeclared fact is a mistake of the
    programmer and raises TypeError.
    """

    code: ClassVar[str] = ""
    fact_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **facts: object) -> None:
        if not self.code:
            raise TypeError(f"{type(self).__name__} has no code: raise one of its subclasses")
        if set(facts) != set(self.fact_names):
            raise TypeError(
                f"{type(self).__name__} takes the facts {sorted(self.fact_names)}, "
                f"not {sorted(facts)}"
            )
        super().__init__()
        self.facts: dict[str, object] = {name: facts[name] for name in self.fact_names}

    def __str__(self) -> str:
        """For logs only: people get a sentence of their language from the bot."""
        shown = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}: {shown}" if shown else self.code

    def __reduce__(self) -> tuple[Any, ...]:
        """Exceptions are pickled by their positional arguments, and a refusal has none."""
        return _rebuild, (type(self), self.facts)


def _rebuild(refusal: type[Refusal], facts: dict[str, object]) -> Refusal:
    return refusal(**facts)


def all_refusals(packages: tuple[str, ...] = ("core",)) -> list[type[Refusal]]:
    """Every refusal with a code that is defined in `packages` and imported by now, by code.

    A test asks it whether the bot has a sentence for each; the packages keep the tests' own
    classes out of the answer.
    """
    found = {
        refusal
        for refusal in _descendants(Refusal)
        if refusal.code and refusal.__module__.split(".")[0] in packages
    }
    return sorted(found, key=lambda refusal: refusal.code)


def _descendants(parent: type[Refusal]) -> Iterator[type[Refusal]]:
    for child in parent.__subclasses__():
        yield child
        yield from _descendants(child)


# --- Numbers and dates that were read -----------------------------------------------------------


class NotANumber(Refusal):
    """`text` is no number that a person would write, or NaN or infinite."""

    code = "not_a_number"
    fact_names = ("text",)


class AmbiguousNumber(Refusal):
    """`text` has several sensible `readings` (tuple of Decimal): the person is asked which."""

    code = "ambiguous_number"
    fact_names = ("text", "readings")


class NotADate(Refusal):
    """`text` names no day; `reason` says why, already in the reader's language."""

    code = "not_a_date"
    fact_names = ("text", "reason")


# --- Scaled numbers -----------------------------------------------------------------------------


class NumberTooFine(Refusal):
    """`value` has more decimals than the `digits` that are kept."""

    code = "number_too_fine"
    fact_names = ("value", "digits")


class NumberTooLarge(Refusal):
    """`value` is beyond `most`, the largest that is kept."""

    code = "number_too_large"
    fact_names = ("value", "most")


# --- Money --------------------------------------------------------------------------------------


class UnknownCurrency(Refusal):
    """`currency` is no active code of ISO 4217."""

    code = "unknown_currency"
    fact_names = ("currency",)


class AmountTooFine(Refusal):
    """`amount` has more decimals than the `digits` of its `currency`."""

    code = "amount_too_fine"
    fact_names = ("amount", "currency", "digits")


class AmountTooLarge(Refusal):
    """An amount is beyond `most`, the largest of its `currency`."""

    code = "amount_too_large"
    fact_names = ("currency", "most")


class PriceNegative(Refusal):
    """A unit price is below zero (EN 16931, BR-27): what lowers a total is a discount."""

    code = "price_negative"
    fact_names = ("price",)


class RateNotPositive(Refusal):
    """An exchange rate must be more than zero."""

    code = "rate_not_positive"
    fact_names = ("rate",)


# --- Quantities ---------------------------------------------------------------------------------


class QuantityNotPositive(Refusal):
    """`quantity` must be more than zero here."""

    code = "quantity_not_positive"
    fact_names = ("quantity",)


class QuantityNegative(Refusal):
    """`quantity` must be zero or more here."""

    code = "quantity_negative"
    fact_names = ("quantity",)


class QuantityTooFine(Refusal):
    """`quantity` has more decimals than the `digits` of its unit."""

    code = "quantity_too_fine"
    fact_names = ("quantity", "digits")


class QuantityTooLarge(Refusal):
    """`quantity` is beyond `most`, the largest that a line takes."""

    code = "quantity_too_large"
    fact_names = ("quantity", "most")


# --- Discount and tax ---------------------------------------------------------------------------


class DiscountOutOfRange(Refusal):
    """A discount of `percent` is not between 0 and 100."""

    code = "discount_out_of_range"
    fact_names = ("percent",)


class DiscountNegative(Refusal):
    """A `discount` in money is below zero."""

    code = "discount_negative"
    fact_names = ("discount", "currency")


class DiscountTooLarge(Refusal):
    """A `discount` is more than the lines come to (`most`)."""

    code = "discount_too_large"
    fact_names = ("discount", "most", "currency")


class UnknownTaxCategory(Refusal):
    """`category` is no VAT category of EN 16931."""

    code = "unknown_tax_category"
    fact_names = ("category",)


class TaxPercentWrong(Refusal):
    """`percent` does not go with the VAT `category` (standard: above 0 to 100, exempt: 0, ...)."""

    code = "tax_percent_wrong"
    fact_names = ("category", "percent")
