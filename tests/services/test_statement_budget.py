"""How many statements a service needs: the same for one line and for fifty, and never more.

The aim is 14 for a service and 10 for the turn around it (DESIGN, "Figures").  What was measured
stands in the tables: whoever needs fewer writes the lower number here, nobody needs more.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from core.services.amendments import amending, change_plan
from core.services.money import credit, payments
from core.services.people import merging, parties
from core.storage.sql import insert_one
from sqlalchemy import Connection, event

from core.domain.people import Actor, Membership, Role
from core.services import online_payments, reservations, stock
from core.services.documents import converting, drafting, issuing, lifecycle, viewing
from core.services.documents.drafting import NewLine
from core.services.products import catalog
from core.services.work import Work
from core.storage import tables
from core.storage.database import Database
from tests.builders import Shop, Tells
from tests.databases import Dialect
from tests.scenarios.stage import OMAR, Clock, Stage, open_stage

LINES = (1, 50)
SERVICES_FOLDER = str(Path(payments.__file__).parent)

# Statements, and the locks that PostgreSQL needs beside them: they differ in nothing else.
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
    # A payment is made of it, posted and settled, and those concerned are told.
    "book a charge": (22, 3),
    "view a draft": (5, 0),
    "view": (7, 0),
}
"""The most that was measured of each service."""

OTHERS: dict[str, Count] = {
    "ask a hold": (5, 0),
    # Above the aim: an issue, and what those who asked are told of each line.
    "grant a hold": (16, 3),
    "extend a hold": (13, 2),
    "release some of a hold": (14, 3),
    "release a hold": (13, 3),
    "take a deposit": (13, 3),
    "pay several papers": (13, 2),
    "use a credit": (6, 1),
    "settle what is open": (6, 1),
    # Above the aim: a credit is looked for, locked, looked at again, and paid like any other.
    "refund": (17, 3),
    "close a line": (9, 2),
    "close": (12, 2),
    "cancel": (14, 2),
    # Above the aim: it undoes moves, draws and claims, each of which it has to find first.
    "reverse a delivery_note": (23, 2),
    "begin a count": (2, 0),
    "create a count": (5, 0),
    "issue a count": (14, 2),
    "merge a product": (13, 2),
    # Above the aim, and done once in a while: everything that a party has is asked for.
    "merge a party": (17, 1),
}
"""The same of what is done less often."""

# What a turn does beside the services that its handler calls: who it is, what was asked, the
# savepoint, what is to be seen, done.
TURNS: dict[str, Count] = {
    "a number is typed": (7, 1),
    "a conversion is opened": (7, 1),
    "goods are received": (9, 1),
}


def only_locks(statement: str) -> bool:
    """Whether SQLite, with its one writer, does without this statement.

    A counter is locked and read in one, so SQLite reads it too.
    """
    if "pg_advisory_xact_lock" in statement:
        return True
    return "FOR NO KEY UPDATE" in statement and "FROM counter" not in statement


class Counter:
    """Counts the statements of a connection by what is done, the row locks apart."""

    def __init__(self) -> None:
        self.most: dict[str, Count] = {}

    def add(self, name: str, texts: Sequence[str]) -> None:
        locks = sum(map(only_locks, texts))
        statements, before = self.most.get(name, (0, 0))
        self.most[name] = max(statements, len(texts) - locks), max(before, locks)


@contextmanager
def statements_of(connection: Connection) -> Iterator[list[str]]:
    texts: list[str] = []

    def told(*event_arguments: Any) -> None:
        texts.append(event_arguments[2])

    event.listen(connection, "before_cursor_execute", told)
    try:
        yield texts
    finally:
        event.remove(connection, "before_cursor_execute", told)


# --- Services -----------------------------------------------------------------------------------


class Trade:
    """Papers are made, put into force, looked at and paid, and each service is counted."""

    def __init__(self, shop: Shop, counter: Counter) -> None:
        self.shop = shop
        self.counter = counter

    def _calls(self, name: str, service: Callable[..., Any], *arguments: Any, **how: Any) -> Any:
        # Each service is a turn of its own, which knows nothing of those before.
        self.shop.work.locked = set()
        self.shop.work.places = {}
        with statements_of(self.shop.work.connection) as texts:
            result = service(self.shop.work, *arguments, **how)
        self.counter.add(name, texts)
        return result

    def opens(self, kind: str, party_id: int, lines: int) -> int:
        rows = [self.shop.line(2, f"thing {number}", 10) for number in range(lines)]
        create = drafting.create
        return self._issues(
            kind, self._calls(f"create {kind}", create, kind, party_id=party_id, lines=rows)
        )

    def makes(self, kind: str, source: int, **how: Any) -> int:
        convert = converting.convert
        return self._issues(kind, self._calls(f"convert to {kind}", convert, source, kind, **how))

    def _issues(self, kind: str, document_id: int) -> int:
        self._calls("view a draft", viewing.view, document_id)
        self._calls(f"issue {kind}", issuing.issue, document_id, revision=0)
        self._calls("view", viewing.view, document_id)
        return document_id

    def amends(self, order: int, step: int) -> None:
        """Change every line of an order; what is edited before is not counted."""
        work = self.shop.work
        copy = self._calls("begin a change", amending.begin, order)
        for at, each in enumerate(self.shop.sees(copy).lines):
            quantity = each.line.quantity + step
            drafting.change_line(work, copy, each.line.id, revision=at, quantity=quantity)
        revision = self.shop.sees(copy).record.revision
        self._calls("plan a change", change_plan.plan, copy)
        self._calls("confirm a change", amending.confirm, copy, revision=revision)

    def pays(self, document_id: int) -> None:
        self._calls("settle_due", payments.settle_due, document_id)
        self._calls("view", viewing.view, document_id)

    def is_paid_online(self, document_id: int, payer: Actor) -> None:
        """The customer's contact pays it in the chat."""
        staff = self.shop.work.actor
        self.shop.acts_as(payer)
        asked = self._calls("ask online", online_payments.ask, document_id)
        amount = {"amount": asked.amount, "currency": "EUR"}
        self._calls("check out", online_payments.check_out, asked.payload, query_id="q", **amount)
        taken = online_payments.Charge(asked.payload, f"T{document_id}", "P", "EUR", asked.amount)
        charge_id = self._calls("keep a charge", online_payments.keep, taken)
        assert self._calls("book a charge", online_payments.book, charge_id)
        self.shop.acts_as(staff)


def play(shop: Shop, lines: int) -> dict[str, Count]:
    """Goods are bought, sold, taken back and all of it paid, twice; the second time counts.

    The first time makes what is made once: series, levels, the rows that stand for locks.
    """
    row = {"telegram_id": 71, "name": "Paul", "language": "en", "created_at": shop.work.now}
    contact = Membership(shop.customer, 1, may_see_money=True, may_order=True)
    paul = Actor(
        insert_one(shop.work.connection, tables.person, **row),
        71, "Paul", "en", frozenset({Role.CUSTOMER}), memberships=(contact,),
    )  # fmt: skip
    for _ in range(2):
        counter = Counter()
        trade = Trade(shop, counter)
        order = trade.opens("purchase_order", shop.vendor, lines)
        trade.makes("receipt_note", order)
        trade.pays(trade.makes("bill", order))
        note = trade.makes("delivery_note", trade.opens("sales_order", shop.customer, lines))
        trade.pays(trade.makes("invoice", note))
        all_of_it = {each.line.id: converting.Chosen(Decimal(2)) for each in shop.sees(note).lines}
        back = trade.makes("sales_return", note, chosen=all_of_it)
        trade.pays(trade.makes("credit_note", back))
        trade.is_paid_online(trade.opens("invoice", shop.customer, lines), paul)
        changed = trade.opens("sales_order", shop.customer, lines)
        trade.amends(changed, 1)
        trade.amends(changed, -2)
        trade.amends(trade.opens("purchase_order", shop.vendor, lines), 1)
    return counter.most


class Others(Trade):
    """Holds, money over several papers, ends of orders, counts and merging."""

    def holds(self, lines: int) -> None:
        until = self.shop.work.now + timedelta(days=3)
        rows = [self.shop.line(2, f"thing {number}") for number in range(lines)]
        hold = self._calls(
            "ask a hold", reservations.ask, self.shop.customer, lines=rows, until=until
        )
        self._calls("grant a hold", reservations.grant, hold, revision=0)
        later = until + timedelta(days=1)
        self._at_its_revision("extend a hold", reservations.move_end, hold, until=later)
        some = {each.line.id: Decimal(1) for each in self.shop.sees(hold).lines}
        self._at_its_revision(
            "release some of a hold", reservations.release, hold, quantities=some
        )
        self._at_its_revision("release a hold", reservations.release, hold)

    def _at_its_revision(
        self, name: str, service: Callable[..., Any], on: int, **how: Any
    ) -> None:
        self._calls(name, service, on, revision=self.shop.sees(on).record.revision, **how)

    def settles(self, papers: int) -> None:
        """Money for several papers at once: what comes, what is over, what goes back."""
        shop, customer = self.shop, {"currency": "EUR"}
        order = shop.sells(3 * papers, "thing 0")
        self._calls("take a deposit", payments.take_deposit, order, amount=Decimal(5))
        invoices = [shop.makes("invoice", order, 1) for _ in range(papers)]
        total = sum((shop.sees(each).record.total for each in invoices), Decimal(7))
        self._calls(
            "pay several papers", payments.pay, shop.customer, direction="in", amount=total,
            settles=invoices, **customer,
        )  # fmt: skip
        more = [shop.makes("invoice", order, 1) for _ in range(papers)]
        self._calls(
            "use a credit", credit.use_credit, shop.customer, direction="out", debts=more,
            **customer,
        )  # fmt: skip
        payments.pay(shop.work, shop.customer, direction="in", amount=Decimal(10), **customer)
        self._calls("settle what is open", credit.settle_open, shop.customer, **customer)
        payments.pay(shop.work, shop.customer, direction="in", amount=total * 2, **customer)
        credit.settle_open(shop.work, shop.customer, **customer)
        self._calls("refund", credit.pay_back, shop.customer, direction="out", **customer)

    def ends(self, lines: int) -> None:
        rows = [self.shop.line(2, f"thing {number}", 10) for number in range(lines)]
        order = self.shop.issues(self.shop.drafts("sales_order", *rows))
        first = self.shop.sees(order).lines[0].line.id
        self._at_its_revision(
            "close a line",
            lambda work, on, **how: lifecycle.close_line(work, on, first, **how),
            order,
        )
        order = self.shop.issues(self.shop.drafts("sales_order", *rows))
        self._at_its_revision("close", lifecycle.close, order)
        order = self.shop.issues(self.shop.drafts("sales_order", *rows))
        note = self.shop.makes("delivery_note", order)
        self._at_its_revision("reverse a delivery_note", lifecycle.reverse, note)
        self._at_its_revision("cancel", lifecycle.cancel, order)

    def counts(self, lines: int) -> None:
        work = self.shop.work
        products = [self.shop.product(f"thing {number}") for number in range(lines)]
        from_now = self._calls(
            "begin a count", lambda work: stock.count(work.connection, products)
        )
        counted = [
            replace(
                self.shop.line(0, f"thing {at}"), counted=from_now[each].level - 1, reason="Lost",
                level_at_count=from_now[each].level, move_at_count=from_now[each].last_move_id,
            )
            for at, each in enumerate(products)
        ]  # fmt: skip
        count = self._calls("create a count", drafting.create, "stock_adjustment", lines=counted)
        self._calls("issue a count", issuing.issue, count, revision=0)
        assert stock.count(work.connection, products)[products[0]].level == counted[0].counted

    def merges(self, drafts: int, time: int) -> None:
        shop = self.shop
        other = parties.add_party(
            shop.work, name=f"High End {time}", language="en", currency="EUR", customer=True
        )
        twin = shop.product(f"twin {time}")
        for _ in range(drafts):
            drafting.create(
                shop.work, "sales_order", party_id=other, lines=[shop.line(1, f"twin {time}", 5)]
            )
        self._calls("merge a product", merging.merge_product, twin, shop.product("thing 0"))
        self._calls("merge a party", merging.merge_party, other, shop.customer)


def play_others(shop: Shop, lines: int) -> dict[str, Count]:
    """What is done less often, twice; the second time counts."""
    for time in range(2):
        counter = Counter()
        others = Others(shop, counter)
        rows = [shop.line(10 * lines, f"thing {number}", 10) for number in range(lines)]
        shop.makes("receipt_note", shop.issues(shop.drafts("purchase_order", *rows)))
        others.holds(lines)
        others.settles(lines)
        others.ends(lines)
        others.counts(lines)
        others.merges(lines, time)
    return counter.most


def budget(measured: dict[str, Count], dialect: Dialect) -> dict[str, Count]:
    """The same names, with what the tables allow here."""
    allowed = SERVICES | OTHERS | TURNS
    locks = dialect == "postgresql"
    return {name: (allowed[name][0], allowed[name][1] * locks) for name in measured}


@pytest.mark.parametrize("lines", LINES)
async def test_a_service_keeps_to_its_statements(tells: Tells, dialect: Dialect, lines: int):
    measured = await tells(lambda shop: play(shop, lines))
    assert measured.keys() == SERVICES.keys()
    assert measured == budget(measured, dialect)


@pytest.mark.parametrize("lines", LINES)
async def test_what_is_done_less_often_keeps_to_it_too(tells: Tells, dialect: Dialect, lines: int):
    measured = await tells(lambda shop: play_others(shop, lines))
    assert measured.keys() == OTHERS.keys()
    assert measured == budget(measured, dialect)


# --- The turn around them -----------------------------------------------------------------------


def is_of_a_service() -> bool:
    """Whether the statement that is about to run comes from a service."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if SERVICES_FOLDER in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


async def turn_of(stage: Stage, act: Callable[[], object]) -> list[str]:
    """What the turn after a person's act does in the database beside its services."""
    around: list[str] = []

    def told(statement: str) -> None:
        if not is_of_a_service():
            around.append(statement)

    act()
    await stage.app.polling.fetch(hold=0)
    with stage.database.watch_statements(told):
        await stage.app.worker.drain()
    await stage.settle()
    return around


@pytest.mark.parametrize("lines", LINES)
async def test_a_turn_keeps_to_its_statements(database: Database, dialect: Dialect, lines: int):
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
