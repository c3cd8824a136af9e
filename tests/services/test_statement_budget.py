"""How many statements a service needs: the same for one line and for fifty, and never more.

The aim is 14 for a service and 10 for the turn around it (DESIGN, "Figures").  What was measured
stands in the tables: whoever needs fewer writes the lower number here, nobody needs more.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import Connection, event

from core.services import catalog, payments
from core.services.documents import amending, change_plan, converting, drafting, issuing, viewing
from core.services.documents.drafting import NewLine
from core.services.work import Work
from core.storage.database import Database
from tests.builders import Shop, Tells
from tests.databases import Dialect
from tests.scenarios.stage import OMAR, Clock, Stage, open_stage

LINES = (1, 50)
SERVICES_FOLDER = str(Path(payments.__file__).parent)

# Statements, and the locks that PostgreSQL needs beside them: they differ in nothing else.
Count = tuple[int, int]
SERVICES: dict[str, Count] = {
    "create purchase_order": (6, 0),
    "create sales_order": (6, 0),
    "convert to receipt_note": (8, 0),
    "convert to delivery_note": (8, 0),
    "convert to sales_return": (8, 0),
    "convert to bill": (9, 0),
    "convert to invoice": (10, 0),
    "convert to credit_note": (12, 0),
    "issue purchase_order": (9, 1),
    "issue bill": (12, 1),
    "issue invoice": (12, 1),
    "issue credit_note": (14, 1),
    "issue receipt_note": (12, 2),
    "issue sales_order": (13, 2),
    "issue delivery_note": (14, 2),
    "issue sales_return": (14, 2),
    "settle_due": (14, 2),
    "begin a change": (10, 1),
    "plan a change": (8, 0),
    # Above the aim of 14: it reads the order and its change, and writes what both an edit of
    # lines and an issue write.
    "confirm a change": (30, 2),
    "view a draft": (5, 0),
    "view": (7, 0),
}
"""The most that was measured of each service."""

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


def play(shop: Shop, lines: int) -> dict[str, Count]:
    """Goods are bought, sold, taken back and all of it paid, twice; the second time counts.

    The first time makes what is made once: series, levels, the rows that stand for locks.
    """
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
        changed = trade.opens("sales_order", shop.customer, lines)
        trade.amends(changed, 1)
        trade.amends(changed, -2)
        trade.amends(trade.opens("purchase_order", shop.vendor, lines), 1)
    return counter.most


def budget(measured: dict[str, Count], dialect: Dialect) -> dict[str, Count]:
    """The same names, with what the tables allow here."""
    allowed = SERVICES | TURNS
    locks = dialect == "postgresql"
    return {name: (allowed[name][0], allowed[name][1] * locks) for name in measured}


@pytest.mark.parametrize("lines", LINES)
async def test_a_service_keeps_to_its_statements(tells: Tells, dialect: Dialect, lines: int):
    measured = await tells(lambda shop: play(shop, lines))
    assert measured.keys() == SERVICES.keys()
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
