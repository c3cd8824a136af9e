"""How many statements a service needs: the same for one line and for fifty, and never more.

The aim is 14 for a service and 10 for the turn around it.  The tables hold what was measured: who
needs fewer statements lowers the number here, and nobody may need more.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import core.services
from core.domain.people import Actor
from core.services import online_payments, reservations, stock
from core.services.amendments import amending, change_plan
from core.services.documents import converting, drafting, issuing, lifecycle, viewing
from core.services.documents.drafting import NewLine
from core.services.money import credit, payments
from core.services.people import merging
from core.services.products import catalog
from core.services.work import Work
from core.storage.database import Database
from tests.builders import Shop, story
from tests.clock import Clock
from tests.databases import Dialect
from tests.people import OMAR
from tests.scenarios.stage import Stage, open_stage
from tests.services.statements import only_locks, statements_of

LINES = (1, 50)
SERVICES_FOLDER = str(Path(core.services.__file__).parent)

# Statements, and the row locks that PostgreSQL needs as well; otherwise both databases agree.
Count = tuple[int, int]
SERVICES: dict[str, Count] = {
    "create purchase_order": (5, 0),
    "create sales_order": (5, 0),
    "create invoice": (5, 0),
    "convert to receipt_note": (7, 0),
    "convert to delivery_note": (7, 0),
    "convert to sales_return": (7, 0),
    "convert to bill": (7, 0),
    "convert to invoice": (8, 0),
    "convert to credit_note": (10, 0),
    "issue purchase_order": (9, 1),
    "issue bill": (12, 1),
    "issue invoice": (12, 1),
    "issue credit_note": (14, 1),
    "issue receipt_note": (12, 2),
    "issue sales_order": (13, 2),
    "issue delivery_note": (14, 2),
    "issue sales_return": (14, 2),
    "settle_due": (13, 2),
    "begin a change": (9, 1),
    "plan a change": (6, 0),
    "confirm a change": (14, 2),
    "ask online": (5, 0),
    "check out": (6, 1),
    "keep a charge": (3, 0),
    # It becomes a payment, which is posted and settled, and those concerned are told.
    "book a charge": (22, 3),
    "view a draft": (5, 0),
    "view": (7, 0),
}
"""The most that was measured for each service."""

OTHERS: dict[str, Count] = {
    "request a reservation": (5, 0),
    # Above the aim: an issue, and what those who asked are told about each line.
    "grant a reservation": (16, 3),
    "extend a reservation": (13, 2),
    "release some of a reservation": (14, 3),
    "release a reservation": (13, 3),
    "take a deposit": (13, 3),
    "pay several papers": (13, 2),
    "use a credit": (6, 1),
    "settle what is open": (6, 1),
    # Above the aim: a credit is found, locked, checked again, and paid like any other.
    "refund": (17, 3),
    "close a line": (9, 2),
    "close": (12, 2),
    "cancel": (14, 2),
    # Above the aim: it undoes moves, draws and claims, and has to find each of them first.
    "reverse a delivery_note": (23, 2),
    "begin a count": (2, 0),
    "create a count": (5, 0),
    "issue a count": (14, 2),
    "merge a product": (13, 2),
    # Above the aim, but rare: it reads everything that a party has.
    "merge a party": (17, 1),
}
"""The same for what is done less often."""

# What a turn does around the services that its handler calls: who it is, what was asked, the
# savepoint, what is shown, done.
TURNS: dict[str, Count] = {
    "a number is typed": (7, 1),
    "a conversion is opened": (7, 1),
    "goods are received": (9, 1),
}


class Counter:
    """The most statements and row locks of everything that was done, by its name."""

    def __init__(self) -> None:
        self.most: dict[str, Count] = {}

    def add(self, name: str, texts: Sequence[str]) -> None:
        """Count the statements of something that was done."""
        locks = sum(map(only_locks, texts))
        statements, before = self.most.get(name, (0, 0))
        self.most[name] = max(statements, len(texts) - locks), max(before, locks)


# --- Services -----------------------------------------------------------------------------------


class Trade:
    """Documents made, issued, looked at and paid, with every service counted."""

    def __init__(self, shop: Shop, counter: Counter) -> None:
        self.shop = shop
        self.counter = counter

    def _calls(self, name: str, service: Callable[..., Any], *arguments: Any, **how: Any) -> Any:
        # Each service gets a unit of work of its own, which remembers nothing of those before.
        work = self.shop.work
        with statements_of(work.connection) as texts:
            result = service(work, *arguments, **how)
        self.counter.add(name, texts)
        return result

    def opens(self, kind: str, party_id: int, lines: int) -> int:
        """Draft a document with so many lines, and issue it."""
        rows = [self.shop.line(2, f"thing {number}", 10) for number in range(lines)]
        create = drafting.create
        return self._issues(
            kind, self._calls(f"create {kind}", create, kind, party_id=party_id, lines=rows)
        )

    def makes(self, kind: str, source: int, **how: Any) -> int:
        """Convert a document, and issue the new one."""
        convert = converting.convert
        return self._issues(kind, self._calls(f"convert to {kind}", convert, source, kind, **how))

    def _issues(self, kind: str, document_id: int) -> int:
        self._calls("view a draft", viewing.view, document_id)
        self._calls(f"issue {kind}", issuing.issue, document_id, revision=0)
        self._calls("view", viewing.view, document_id)
        return document_id

    def amends(self, order: int, step: int) -> None:
        """Change every line of an order; the editing itself is not counted."""
        copy = self._calls("begin a change", amending.begin, order)
        for each in self.shop.sees(copy).lines:
            quantity = each.line.quantity + step
            self.shop.does(drafting.change_line, copy, each.line.id, quantity=quantity)
        self._calls("plan a change", change_plan.plan, copy)
        self._at_its_revision("confirm a change", amending.confirm, copy)

    def _at_its_revision(
        self, name: str, service: Callable[..., Any], on: int, **how: Any
    ) -> None:
        self._calls(name, service, on, revision=self.shop.revision(on), **how)

    def pays(self, document_id: int) -> None:
        """Pay a document, and look at it again."""
        self._calls("settle_due", payments.settle_due, document_id)
        self._calls("view", viewing.view, document_id)

    def is_paid_online(self, document_id: int, payer: Actor) -> None:
        """Let a contact of the customer pay an invoice in the chat."""
        staff, self.shop = self.shop, self.shop.by(payer)
        asked = self._calls("ask online", online_payments.ask, document_id)
        amount = {"amount": asked.amount, "currency": "EUR"}
        self._calls("check out", online_payments.check_out, asked.payload, query_id="q", **amount)
        taken = online_payments.Charge(asked.payload, f"T{document_id}", "P", "EUR", asked.amount)
        charge_id = self._calls("keep a charge", online_payments.keep, taken)
        assert self._calls("book a charge", online_payments.book, charge_id)
        self.shop = staff


def play(shop: Shop, lines: int) -> dict[str, Count]:
    """Buy goods, sell them, take them back and settle it all, twice; the second time counts.

    The first time makes what is made once: series, levels, the rows that stand for locks.
    """
    paul = shop.contact("Paul")
    for _ in range(2):
        counter = Counter()
        trade = Trade(shop, counter)
        order = trade.opens("purchase_order", shop.vendor, lines)
        trade.makes("receipt_note", order)
        trade.pays(trade.makes("bill", order))
        note = trade.makes("delivery_note", trade.opens("sales_order", shop.customer, lines))
        trade.pays(trade.makes("invoice", note))
        everything = shop.chosen(note, *[2] * lines)
        back = trade.makes("sales_return", note, chosen=everything)
        trade.pays(trade.makes("credit_note", back))
        trade.is_paid_online(trade.opens("invoice", shop.customer, lines), paul)
        changed = trade.opens("sales_order", shop.customer, lines)
        trade.amends(changed, 1)
        trade.amends(changed, -2)
        trade.amends(trade.opens("purchase_order", shop.vendor, lines), 1)
    return counter.most


class Others(Trade):
    """Reservations, money for several documents, ends of orders, counts and merging."""

    def reserves(self, lines: int) -> None:
        """Request a reservation, grant it, extend it and release it."""
        until = self.shop.now + timedelta(days=3)
        rows = [self.shop.line(2, f"thing {number}") for number in range(lines)]
        held = self._calls(
            "request a reservation", reservations.ask, self.shop.customer, lines=rows, until=until
        )
        self._calls("grant a reservation", reservations.grant, held, revision=0)
        later = until + timedelta(days=1)
        self._at_its_revision("extend a reservation", reservations.move_end, held, until=later)
        some = dict.fromkeys(self.shop.line_ids(held), Decimal(1))
        self._at_its_revision(
            "release some of a reservation", reservations.release, held, quantities=some
        )
        self._at_its_revision("release a reservation", reservations.release, held)

    def settles(self, papers: int) -> None:
        """Take money for several documents, use what is over, and pay the rest back."""
        shop, customer = self.shop, {"currency": "EUR"}
        order = shop.sells(3 * papers, "thing 0")
        self._calls("take a deposit", payments.take_deposit, order, amount=Decimal(5))
        invoices = [shop.makes("invoice", order, 1) for _ in range(papers)]
        total = sum((shop.total(each) for each in invoices), Decimal(7))
        self._calls(
            "pay several papers", payments.pay, shop.customer, direction="in", amount=total,
            settles=invoices, **customer,
        )  # fmt: skip
        more = [shop.makes("invoice", order, 1) for _ in range(papers)]
        self._calls(
            "use a credit", credit.use_credit, shop.customer, direction="out", debts=more,
            **customer,
        )  # fmt: skip
        shop.collects(10)
        self._calls("settle what is open", credit.settle_open, shop.customer, **customer)
        shop.collects(total * 2)
        credit.settle_open(shop.work, shop.customer, **customer)
        self._calls("refund", credit.pay_back, shop.customer, direction="out", **customer)

    def ends(self, lines: int) -> None:
        """Close a line and an order, reverse a delivery and cancel its order."""
        shop = self.shop
        rows = [(2, f"thing {number}", 10) for number in range(lines)]
        order = shop.new("sales_order", *rows)
        revision = shop.revision(order)
        first = shop.line_id(order)
        self._calls("close a line", lifecycle.close_line, order, first, revision=revision)
        order = shop.new("sales_order", *rows)
        self._at_its_revision("close", lifecycle.close, order)
        order = shop.new("sales_order", *rows)
        note = shop.makes("delivery_note", order)
        self._at_its_revision("reverse a delivery_note", lifecycle.reverse, note)
        self._at_its_revision("cancel", lifecycle.cancel, order)

    def counts(self, lines: int) -> None:
        """Count products, and find one piece less of each."""
        names = [f"thing {number}" for number in range(lines)]
        products = [self.shop.product(each) for each in names]
        seen = self._calls("begin a count", lambda work: stock.count(work.connection, products))
        counted = [
            self.shop.line(
                0, name, counted=seen[each].level - 1, reason="Lost",
                level_at_count=seen[each].level, move_at_count=seen[each].last_move_id,
            )
            for name, each in zip(names, products, strict=True)
        ]  # fmt: skip
        count = self._calls("create a count", drafting.create, "stock_adjustment", lines=counted)
        self._calls("issue a count", issuing.issue, count, revision=0)
        assert self.shop.level(names[0]).on_hand == counted[0].counted

    def merges(self, drafts: int, time: int) -> None:
        """Merge a product and a party that stand on drafts."""
        shop = self.shop
        other = shop.party(f"High End {time}")
        twin = shop.product(f"twin {time}")
        for _ in range(drafts):
            shop.drafts("sales_order", (1, f"twin {time}", 5), party=other)
        self._calls("merge a product", merging.merge_product, twin, shop.product("thing 0"))
        self._calls("merge a party", merging.merge_party, other, shop.customer)


def play_others(shop: Shop, lines: int) -> dict[str, Count]:
    """Do what is done less often, twice; the second time counts."""
    for time in range(2):
        counter = Counter()
        others = Others(shop, counter)
        rows = [(10 * lines, f"thing {number}", 10) for number in range(lines)]
        shop.makes("receipt_note", shop.new("purchase_order", *rows))
        others.reserves(lines)
        others.settles(lines)
        others.ends(lines)
        others.counts(lines)
        others.merges(lines, time)
    return counter.most


def budget(measured: dict[str, Count], dialect: Dialect) -> dict[str, Count]:
    """Return the same names with what the tables allow on this database."""
    allowed = SERVICES | OTHERS | TURNS
    locks = dialect == "postgresql"
    return {name: (allowed[name][0], allowed[name][1] * locks) for name in measured}


@pytest.mark.parametrize("lines", LINES)
@story
def test_a_service_keeps_to_its_budget(shop: Shop, dialect: Dialect, lines: int):
    measured = play(shop, lines)
    assert measured.keys() == SERVICES.keys()
    assert measured == budget(measured, dialect)


@pytest.mark.parametrize("lines", LINES)
@story
def test_a_rarer_service_keeps_to_its_budget(shop: Shop, dialect: Dialect, lines: int):
    measured = play_others(shop, lines)
    assert measured.keys() == OTHERS.keys()
    assert measured == budget(measured, dialect)


# --- The turn around them -----------------------------------------------------------------------


def is_of_a_service() -> bool:
    """Return whether the statement that is about to run comes from a service."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if SERVICES_FOLDER in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


async def turn_of(stage: Stage, act: Callable[[], object]) -> list[str]:
    """Return the statements of the turn after an act, without those of its services."""
    around: list[str] = []

    def collect(statement: str) -> None:
        if not is_of_a_service():
            around.append(statement)

    act()
    await stage.app.polling.fetch(hold=0)
    with stage.database.watch_statements(collect):
        await stage.app.worker.drain()
    await stage.settle()
    return around


@pytest.mark.parametrize("lines", LINES)
async def test_a_turn_keeps_to_its_budget(database: Database, dialect: Dialect, lines: int):
    stage = await open_stage(database, Clock())
    vendor = stage.crimson.parties["vendor"]

    def order(work: Work) -> None:
        rows = [
            NewLine(
                catalog.add_product(work, sku=f"T{number}", name=f"Thing {number}"),
                Decimal(2),
                unit_price=Decimal(5),
            )
            for number in range(lines)
        ]
        draft = drafting.create(work, "purchase_order", party_id=vendor, lines=rows)
        issuing.issue(work, draft, revision=0)

    await stage.does(order)
    counter = Counter()
    omar = stage.chat(OMAR)

    def taps(label: str) -> None:
        message = omar.card
        found = next(
            button["callback_data"]
            for row in message["reply_markup"]["inline_keyboard"]
            for button in row
            if button["text"].startswith(label)
        )
        stage.world.taps(OMAR, message["message_id"], found)

    acts: dict[str, Callable[[], object]] = {
        "a number is typed": lambda: stage.world.says(OMAR, "PO-2026-0001"),
        "a conversion is opened": lambda: taps(f"Receive {2 * lines}"),
        "goods are received": lambda: taps(f"Receive {2 * lines}"),
    }
    for name, act in acts.items():
        counter.add(name, await turn_of(stage, act))
    omar.sees("RN-2026-0001")
    assert counter.most == budget(counter.most, dialect)
