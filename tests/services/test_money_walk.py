"""Whatever is invoiced, paid, credited, used, paid back and undone: accounts are what is open.

The oracle is a plain list of what was invoiced and what was handed over; hypothesis chooses what
happens, and in which order.  A refusal is an answer too, and leaves nothing.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.errors import Refusal
from core.services.documents.converting import Chosen, Less
from core.services.money import credit
from core.services.money.open_items import open_items
from core.storage.database import savepoint
from tests.builders import Shop, story

NAMES = (
    "invoice", "pay", "pay", "pay_in_advance", "credit_piece", "credit_amount", "use_credit",
    "pay_back", "undo", "reverse", "take_deposit", "invoice_order",
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
    """The end of a walk: all that it did is rolled back."""


@dataclass
class Walk:
    """What was done, as somebody would note it: what the customer owes is its sum."""

    shop: Shop
    order: int
    owed: dict[int, Decimal] = field(default_factory=dict)
    invoices: list[int] = field(default_factory=list)
    money: list[int] = field(default_factory=list)

    def step(self, name: str, which: int, minor: int) -> None:
        """Do one thing, whole or not at all."""
        act: Callable[[int, Decimal], None] = getattr(self, name)
        with suppress(Refusal), savepoint(self.shop.connection):
            act(which, Decimal(minor).scaleb(-2))

    def note_invoice(self, id: int) -> None:
        """Note what an invoice asks for."""
        self.invoices.append(id)
        self.owed[id] = self.shop.total(id)

    def note_money(self, id: int) -> None:
        """Note what a payment handed over."""
        record = self.shop.record(id)
        amount = record.amount(record.amount_minor)
        self.money.append(id)
        self.owed[id] = -amount if record.direction == "in" else amount

    # --- What happens ----------------------------------------------------------------------

    def invoice(self, _which: int, amount: Decimal) -> None:
        self.note_invoice(self.shop.invoices(3, "pen", amount))

    def invoice_order(self, _which: int, _amount: Decimal) -> None:
        self.note_invoice(self.shop.makes("invoice", self.order, 1))

    def pay(self, which: int, amount: Decimal) -> None:
        if self.invoices:
            self.note_money(self.shop.pays(self.invoices[which % len(self.invoices)], amount))

    def pay_in_advance(self, _which: int, amount: Decimal) -> None:
        self.note_money(self.shop.collects(amount))

    def take_deposit(self, _which: int, amount: Decimal) -> None:
        self.note_money(self.shop.takes_deposit(self.order, amount))

    def credit_piece(self, which: int, _amount: Decimal) -> None:
        self.credit(which, Chosen(Decimal(1)))

    def credit_amount(self, which: int, amount: Decimal) -> None:
        self.credit(which, Chosen(Decimal(0), less=Less(Decimal(1), amount)))

    def credit(self, which: int, chosen: Chosen) -> None:
        """Credit a piece of an invoice, or an amount."""
        if self.invoices:
            note = self.shop.makes(
                "credit_note", self.invoices[which % len(self.invoices)], chosen
            )
            self.owed[note] = -self.shop.total(note)

    def use_credit(self, _which: int, _amount: Decimal) -> None:
        items = open_items(self.shop.connection, self.shop.customer)
        self.shop.uses_credit(*(each.record.id for each in items if not each.is_loose))

    def pay_back(self, _which: int, amount: Decimal) -> None:
        self.note_money(self.shop.pays_back(amount))

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

    # --- What must hold --------------------------------------------------------------------

    def check(self) -> None:
        """The account, the open items and the notes say the same."""
        shop = self.shop
        owed = sum(self.owed.values(), start=Decimal(0))
        items = open_items(shop.connection, shop.customer)
        is_open = sum(
            (each.amount if each.direction == "in" else -each.amount for each in items),
            start=Decimal(0),
        )
        assert owed == shop.balance().get("EUR", Decimal(0)) == is_open
        assert all(0 < each.amount <= abs(self.owed[each.record.id]) for each in items)
        assert shop.audit() == []


@story
def test_accounts_are_what_is_open(shop: Shop) -> None:
    order = shop.sells(20, "ink", "12.34")

    @settings(
        max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(STEPS)
    def walks(steps: list[tuple[str, int, int]]) -> None:
        with suppress(Over), savepoint(shop.connection):
            walk = Walk(shop, order)
            for each in steps:
                walk.step(*each)
            walk.check()
            raise Over

    walks()
