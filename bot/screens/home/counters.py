"""The counters of a home: its lines, and the numbers on its buttons.

A table lists the facts for each role; a person with several roles gets the facts of all of them,
each once.  A zero is not shown, and only facts that are shown are looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from bot.base.screen import Reader
from core.domain.messages import N_, N_plural
from core.domain.money import from_minor
from core.domain.people import Role
from core.services import approval_views, company, overview
from core.services.overview import Arrival, Debt, Holds, Inspection, OpenOrders
from core.services.work import Work


class Waits:
    """The open work, looked up on first use."""

    def __init__(self, work: Work) -> None:
        self._work = work

    @cached_property
    def orders(self) -> OpenOrders:
        """The orders with goods still to ship."""
        return overview.open_orders(self._work)

    @cached_property
    def arrivals(self) -> Sequence[Arrival]:
        """The orders with goods still to receive."""
        return overview.arrivals(self._work)

    @cached_property
    def arrivals_today(self) -> int:
        """The number of those due by today."""
        day = overview.today(self._work)
        return sum(1 for each in self.arrivals if each.on is not None and each.on <= day)

    @cached_property
    def inspections(self) -> Sequence[Inspection]:
        """The papers with rejected goods."""
        return overview.inspections(self._work)

    @cached_property
    def holds(self) -> Holds:
        """The reservations in force and requested."""
        return overview.holds(self._work)

    @cached_property
    def offers(self) -> int:
        """The number of offers that wait for an answer."""
        return overview.open_offers(self._work)

    @cached_property
    def debts(self) -> Sequence[Debt]:
        """The unpaid papers."""
        return overview.debts(self._work)

    @cached_property
    def late(self) -> Sequence[Debt]:
        """The overdue ones."""
        return overview.late(self._work)

    @cached_property
    def approvals(self) -> int:
        """The number of requests that wait for this person's approval."""
        return approval_views.count_waiting(self._work)

    @cached_property
    def low(self) -> int:
        """The number of products with low stock."""
        return overview.low_products(self._work)

    def worth(self, debts: Sequence[Debt]) -> Decimal:
        """Return the total of debts in the company's currency."""
        return overview.in_own_currency(self._work, debts)

    def stock(self) -> Decimal:
        """Return the value of the stock."""
        currency = company.current(self._work.connection).currency
        return from_minor(overview.stock_value(self._work), currency)


@dataclass(frozen=True)
class Fact:
    """A number of a home: a count, or an amount in the company's currency."""

    name: str
    number: int | Decimal


# --- The tables -----------------------------------------------------------------------------

COUNTED: Final[Mapping[str, tuple[tuple[str, str], Callable[[Waits], int]]]] = {
    "approvals": (
        N_plural("{count} approval pending", "{count} approvals pending"),
        lambda waits: waits.approvals,
    ),
    "can_ship": (
        N_plural("{count} order ready to ship", "{count} orders ready to ship"),
        lambda waits: len(waits.orders.can_ship),
    ),
    "arrivals_today": (
        N_plural("{count} delivery arriving today", "{count} deliveries arriving today"),
        lambda waits: waits.arrivals_today,
    ),
    "to_inspect": (
        N_plural("{count} document to inspect", "{count} documents to inspect"),
        lambda waits: len(waits.inspections),
    ),
    "holds_asked": (
        N_plural("{count} reservation requested", "{count} reservations requested"),
        lambda waits: waits.holds.asked,
    ),
    "holds_end": (
        N_plural("{count} reservation ends today", "{count} reservations end today"),
        lambda waits: waits.holds.end_today,
    ),
    "low": (
        N_plural("{count} product low on stock", "{count} products low on stock"),
        lambda waits: waits.low,
    ),
    "on_the_way": (
        N_plural("{count} open order", "{count} open orders"),
        lambda waits: len(waits.orders.all),
    ),
    "to_answer": (
        N_plural("{count} quote awaiting your answer", "{count} quotes awaiting your answer"),
        lambda waits: waits.offers,
    ),
    "to_pay": (
        N_plural("{count} invoice to pay", "{count} invoices to pay"),
        lambda waits: len(waits.debts),
    ),
    "to_send": (
        N_plural("{count} order to deliver", "{count} orders to deliver"),
        lambda waits: len(waits.arrivals),
    ),
}
MONEY: Final[Mapping[str, tuple[str, Callable[[Waits], Decimal]]]] = {
    "stock_value": (N_("Stock {amount}"), lambda waits: waits.stock()),
    "owed": (N_("Owed to us {amount}"), lambda waits: waits.worth(waits.debts)),
    "late": (N_("Overdue {amount}"), lambda waits: waits.worth(waits.late)),
}
LINES: Final[Mapping[Role, tuple[tuple[str, ...], ...]]] = {
    Role.OWNER: (("stock_value", "owed", "late"), ("approvals", "holds_asked", "low")),
    Role.SALES: (("can_ship", "holds_asked", "holds_end"),),
    Role.STOREKEEPER: (("can_ship", "arrivals_today", "to_inspect"),),
    Role.CUSTOMER: (("on_the_way", "to_pay", "to_answer"),),
    Role.VENDOR: (("to_send",),),
}
# The number on a button, by its action.
BEHIND: Final[Mapping[str, Callable[[Waits], int]]] = {
    "approvals": lambda waits: waits.approvals,
    "orders": lambda waits: len(waits.orders.all),
    "to_deliver": lambda waits: len(waits.orders.can_ship),
    "to_receive": lambda waits: len(waits.arrivals),
    "inspect": lambda waits: len(waits.inspections),
    "holds": lambda waits: waits.holds.active,
    "owed": lambda waits: len(waits.debts),
    "late": lambda waits: len(waits.late),
    "my_orders": lambda waits: len(waits.orders.all),
    "my_quotes": lambda waits: waits.offers,
    "my_holds": lambda waits: waits.holds.active,
    "my_invoices": lambda waits: len(waits.debts),
    "vendor_orders": lambda waits: len(waits.arrivals),
}


def facts_for(roles: frozenset[Role], waits: Waits) -> tuple[tuple[Fact, ...], ...]:
    """Return the lines of a home, without zeros and without facts that another line states."""
    told: set[str] = set()
    found = []
    for role in Role:
        for line in LINES[role] if role in roles else ():
            facts = [_fact(name, waits) for name in line if name not in told]
            told.update(line)
            found.append(tuple(each for each in facts if each.number))
    return tuple(line for line in found if line)


def _fact(name: str, waits: Waits) -> Fact:
    _, number = MONEY[name] if name in MONEY else COUNTED[name]
    return Fact(name, number(waits))


def fact_words(fact: Fact, reader: Reader) -> str:
    """Return a fact in the reader's words."""
    if fact.name in COUNTED:
        forms, _ = COUNTED[fact.name]
        return reader.plural(*forms, int(fact.number))
    assert reader.company is not None
    message, _ = MONEY[fact.name]
    amount = reader.translator.money(Decimal(fact.number), reader.company.currency)
    return reader.text(message, amount=amount)
