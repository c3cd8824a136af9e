"""What is open of a party's papers: debts, and credit that can be used or paid back.

Money and credits are *loose*: they settle debts of the other side.  A deposit is kept for its
order's invoices and is no general credit meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, select

from core.domain.money import ZERO, from_minor, to_minor
from core.domain.settlement import Match, matched
from core.services.money import accounts, deposits
from core.storage.queries.document_queries import DocumentRecord, documents, documents_where
from core.storage.tables import account_entry as entry
from core.storage.tables import document


@dataclass(frozen=True)
class Due:
    """What a document still wants paid: `direction` is "in" (to us) or "out" (by us).

    `kept_for` is the order whose invoices a deposit is kept for.
    """

    record: DocumentRecord
    amount: Decimal
    direction: str
    kept_for: DocumentRecord | None = None

    @property
    def is_loose(self) -> bool:
        """Whether it is money or a credit: what is open of it can be used, or paid back."""
        return self.record.type.settles or self.record.type.credits

    @property
    def is_credit(self) -> bool:
        """Whether it is loose and kept for nothing."""
        return self.is_loose and self.kept_for is None

    @property
    def minor(self) -> int:
        """What is open in minor units, with its sign: plus is a debit."""
        minor = to_minor(self.amount, self.record.currency or "")
        return minor if self.direction == "in" else -minor


def due_of(connection: Connection, document_id: int) -> Due | None:
    """What is open of a document and which way its money goes; none when nothing is open."""
    found = documents(connection, [document_id]).get(document_id)
    if found is None or found.currency is None:
        return None
    its_open = accounts.open_amounts(connection, [document_id]).get(document_id)
    if its_open is None or its_open.minor == 0:
        return None
    return _due(found, its_open.minor)


def _due(record: DocumentRecord, minor: int) -> Due:
    return Due(record, record.amount(abs(minor)), "in" if minor > 0 else "out")


def open_items(connection: Connection, party_id: int, *, currency: str | None = None) -> list[Due]:
    """Every document of a party that is not settled, the oldest first."""
    with_entries = select(entry.c.document_id).where(
        entry.c.party_id == party_id, entry.c.document_id.in_(accounts.unsettled())
    )
    conditions: list[ColumnElement[bool]] = [document.c.id.in_(with_entries)]
    if currency is not None:
        conditions.append(document.c.currency == currency)
    found = documents_where(connection, *conditions, newest_first=False)
    amounts = accounts.open_amounts(connection, [each.id for each in found])
    is_open = [each for each in found if each.id in amounts and amounts[each.id].minor]
    kept = deposits.kept(connection, [each.id for each in is_open if each.type.settles])
    return [
        Due(due.record, due.amount, due.direction, kept.get(due.record.id))
        for due in (_due(each, amounts[each.id].minor) for each in is_open)
    ]


@dataclass(frozen=True)
class Settleable:
    """What of a party's debts its credits of the same currency can settle at once."""

    currency: str
    amount: Decimal
    matches: Sequence[Match]


def settleable(items: Sequence[Due]) -> list[Settleable]:
    """What can be settled of open items, the oldest debts by the oldest credits.

    Deposits are left to their orders' invoices.
    """
    found: list[Settleable] = []
    for currency in dict.fromkeys(each.record.currency or "" for each in items):
        own = [each for each in items if each.record.currency == currency and not each.kept_for]
        matches = matched(
            [(each.record.id, each.minor) for each in own if each.minor > 0],
            [(each.record.id, -each.minor) for each in own if each.minor < 0],
        )
        total = sum(each.minor for each in matches)
        if total:
            found.append(Settleable(currency, from_minor(total, currency), matches))
    return found


@dataclass(frozen=True)
class Credit:
    """What is left of a party's credit on one side of its account, in one currency.

    `direction` is the way in which its money would go back: "out" for a customer's credit.
    `debts` are the papers of the other side that it can be used for, the oldest first.
    """

    currency: str
    direction: str
    items: Sequence[Due]
    debts: Sequence[Due]

    @property
    def amount(self) -> Decimal:
        """How much there is."""
        return sum((each.amount for each in self.items), start=ZERO)

    @property
    def usable(self) -> Decimal:
        """How much of it can be used now."""
        return min(self.amount, sum((each.amount for each in self.debts), start=ZERO))


def credits_of(items: Sequence[Due]) -> list[Credit]:
    """The credit among a party's open items, by currency and side."""
    found = []
    sides = dict.fromkeys(
        (each.record.currency or "", each.direction) for each in items if each.is_credit
    )
    for currency, direction in sides:
        own = [each for each in items if each.record.currency == currency]
        found.append(
            Credit(
                currency,
                direction,
                [each for each in own if each.is_credit and each.direction == direction],
                debts_of(own, "in" if direction == "out" else "out", currency=currency),
            )
        )
    return found


def debts_of(items: Sequence[Due], direction: str, *, currency: str) -> list[Due]:
    """The papers that money of this direction can settle, the oldest first, deposits apart."""
    return [
        each
        for each in items
        if each.record.currency == currency
        and each.direction == direction
        and each.kept_for is None
    ]
