"""What settles what, and what money of another currency is worth: pure, in minor units.

Plus is a debit (the party owes us), minus a credit.  A debit is settled by credits of the same
party and currency, in part or whole, the oldest first unless a person chose otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.domain.money import RATE_DIGITS, check_rate, round_amount, round_half_up

Item = tuple[int, int]
"""A document and what is open of it: its id, and minor units with their sign."""


@dataclass(frozen=True)
class Match:
    """An amount (minor units, above zero) by which a credit settles a debit."""

    debit_id: int
    credit_id: int
    minor: int


def spread(minor: int, others: Sequence[Item]) -> list[Item]:
    """What a signed amount settles of `others`, in their order, each above zero.

    Those that are on the same side, and those that nothing is left for, are left out.
    """
    found = []
    left = minor
    for document_id, theirs in others:
        if left * theirs >= 0:
            continue
        taken = min(abs(left), abs(theirs))
        found.append((document_id, taken))
        left += taken if left < 0 else -taken
    return found


def matched(debits: Sequence[Item], others: Sequence[Item]) -> list[Match]:
    """Each debit with the credits that settle it, both in their order.

    Args:
        debits: what is open of them, above zero.
        others: credits, what is open of them, above zero too.
    """
    left = dict(others)
    found = []
    for debit_id, minor in debits:
        wanted = minor
        for credit_id, there in left.items():
            taken = min(wanted, there)
            if taken:
                found.append(Match(debit_id, credit_id, taken))
                wanted -= taken
                left[credit_id] = there - taken
    return found


@dataclass(frozen=True)
class Quote:
    """A rate as people say it: one `base` is worth `rate` of `quoted`.

    Between an account's currency and the one that was handed over.  Where one of the two is the
    company's, the other is quoted in it, as the company's own rates are; else what was handed
    over is quoted in the account's currency.
    """

    base: str
    quoted: str
    rate: Decimal

    def taken(self, received: Decimal, account: str) -> Decimal:
        """What an amount that was handed over is worth on the account, rounded once.

        Raises:
            RateNotPositive, NumberTooFine, NumberTooLarge, AmountTooLarge, UnknownCurrency.
        """
        rate = Fraction(check_rate(self.rate))
        exact = Fraction(received) / rate if self.base == account else Fraction(received) * rate
        return round_amount(exact, account)


def quote_sides(account: str, received: str, company: str) -> tuple[str, str]:
    """Which of two currencies is quoted in which: base and quoted (see `Quote`)."""
    return (account, received) if received == company else (received, account)


def implied_rate(amount: Decimal, received: Decimal, *, base_is_account: bool) -> Decimal:
    """The rate at which `received` is `amount` of the account, with ten decimals.

    Both are above zero.
    """
    pair = (received, amount) if base_is_account else (amount, received)
    return round_half_up(Fraction(pair[0]) / Fraction(pair[1]), RATE_DIGITS)


def exchange_difference(
    amount: Decimal, *, debit_rate: Decimal, credit_rate: Decimal, currency: str
) -> Decimal:
    """What a settlement won (plus) or lost, in the company's `currency`, rounded once.

    `amount` is what was settled, in the papers' currency; the rates are what one unit of that was
    worth in the company's when each of the two papers was made.  What the credit was worth less
    what the debit was: a customer's money less his invoice, a vendor's bill less our money.
    """
    return round_amount(
        Fraction(amount) * (Fraction(credit_rate) - Fraction(debit_rate)), currency
    )
