"""Whatever is billed, paid, credited, used, paid back and undone: accounts are what is open.

The oracle is a plain list of what was billed and what was handed over; hypothesis chooses what
happens and in which order.  Refusals are answers, and leave nothing.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.services.money import accounts, credit, payments
from core.services.money.open_items import open_items
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.errors import Refusal
from core.services.audit import audit
from core.services.documents import converting
from core.services.documents.converting import Chosen, Less
from core.storage.database import savepoint
from tests.builders import Shop, Tells

NAMES = (
    "invoice", "pay", "pay", "pay_free", "piece", "less", "use", "back", "undo", "reverse",
    "deposit", "bill_order",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.integers(min_value=0, max_value=9),
        st.integers(min_value=1, max_value=30_000),
    ),
    min_size=3,
    max_size=14,
)


class Over(Exception):
    """A walk is over: all that it did is taken back."""


@dataclass
class Walk:
    """What was done, as somebody would note it: what the customer owes is its sum."""

    shop: Shop
    order: int
    owed: dict[int, Decimal] = field(default_factory=dict)
    invoices: list[int] = field(default_factory=list)
    money: list[int] = field(default_factory=list)

    def step(self, name: str, which: int, minor: int) -> None:
        doing: Callable[[int, Decimal], None] = getattr(self, name)
        with suppress(Refusal), savepoint(self.shop.work.connection):
            doing(which, Decimal(minor).scaleb(-2))

    def invoice(self, _which: int, amount: Decimal) -> None:
        self.billed(
            self.shop.issues(self.shop.drafts("invoice", self.shop.line(3, "pen", amount)))
        )

    def billed(self, id: int) -> None:
        self.invoices.append(id)
        self.owed[id] = self.shop.sees(id).record.total

    def handed_over(self, id: int) -> None:
        record = self.shop.sees(id).record
        amount = record.amount(record.amount_minor)
        self.money.append(id)
        self.owed[id] = -amount if record.direction == "in" else amount

    def pay(self, which: int, amount: Decimal) -> None:
        if self.invoices:
            self.handed_over(self.shop.pays(self.invoices[which % len(self.invoices)], amount))

    def pay_free(self, _which: int, amount: Decimal) -> None:
        issued = payments.pay(
            self.shop.work, self.shop.customer, direction="in", amount=amount, currency="EUR"
        )
        self.handed_over(issued.document_id)

    def deposit(self, _which: int, amount: Decimal) -> None:
        issued = payments.take_deposit(self.shop.work, self.order, amount=amount)
        self.handed_over(issued.document_id)

    def bill_order(self, _which: int, _amount: Decimal) -> None:
        self.billed(self.shop.makes("invoice", self.order, 1))

    def piece(self, which: int, _amount: Decimal) -> None:
        self.credit(which, Chosen(Decimal(1)))

    def less(self, which: int, amount: Decimal) -> None:
        self.credit(which, Chosen(Decimal(0), less=Less(Decimal(1), amount)))

    def credit(self, which: int, chosen: Chosen) -> None:
        if self.invoices:
            id = self.invoices[which % len(self.invoices)]
            line_id = self.shop.sees(id).lines[0].line.id
            made = converting.convert(self.shop.work, id, "credit_note", chosen={line_id: chosen})
            self.owed[made] = -self.shop.sees(self.shop.issues(made)).record.total

    def use(self, _which: int, _amount: Decimal) -> None:
        items = open_items(self.shop.work.connection, self.shop.customer)
        debts = [each.record.id for each in items if not each.is_loose]
        credit.use_credit(
            self.shop.work, self.shop.customer, direction="out", currency="EUR", debts=debts
        )

    def back(self, _which: int, amount: Decimal) -> None:
        issued = credit.pay_back(
            self.shop.work, self.shop.customer, direction="out", currency="EUR", amount=amount
        )
        self.handed_over(issued.document_id)

    def undo(self, which: int, _amount: Decimal) -> None:
        if self.money and self.invoices:
            paid = self.money[which % len(self.money)]
            for each in self.invoices:
                with suppress(Refusal):
                    credit.unsettle(self.shop.work, paid, each)

    def reverse(self, which: int, _amount: Decimal) -> None:
        if self.money:
            id = self.money[which % len(self.money)]
            self.shop.reverses(id)
            self.owed[id] = Decimal(0)

    def holds(self) -> None:
        connection = self.shop.work.connection
        owed = sum(self.owed.values(), start=Decimal(0))
        kept = accounts.balances(connection, self.shop.customer).get("EUR", Decimal(0))
        items = open_items(connection, self.shop.customer)
        is_open = sum(
            (each.amount if each.direction == "in" else -each.amount for each in items),
            start=Decimal(0),
        )
        assert owed == kept == is_open
        assert all(0 < each.amount <= abs(self.owed[each.record.id]) for each in items)
        assert audit(connection) == []


async def test_accounts_are_what_is_open(tells: Tells) -> None:
    def story(shop: Shop) -> None:
        order = shop.sells(20, "ink", "12.34")

        @settings(
            max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(STEPS)
        def holds(steps: list[tuple[str, int, int]]) -> None:
            with suppress(Over), savepoint(shop.work.connection):
                shop.work = replace(shop.work)
                walk = Walk(shop, order)
                for each in steps:
                    walk.step(*each)
                walk.holds()
                raise Over

        holds()

    await tells(story)
