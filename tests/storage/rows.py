"""The rows of the tests of storage, and the moves and claims that change them.

Everything is written straight into the tables, as a service would at its worst: without asking
anything first.  What is refused, the database refuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from core.storage.locks import lock_counter, lock_levels
from core.storage.models import (
    Claim,
    ClaimEnd,
    Counter,
    Document,
    DocumentLine,
    Level,
    Move,
    Party,
    Person,
    Place,
    Product,
)
from tests.migrated import NOW

TODAY = date(2026, 11, 24)

document = Document.__table__
counter = Counter.__table__
level = Level.__table__
claim = Claim.__table__


@dataclass(frozen=True)
class Rows:
    """The ids of two products, a draft order with a line for each, and what these refer to."""

    person: int
    other_person: int
    party: int
    products: tuple[int, int]
    warehouse: int
    quarantine: int
    vendor: int
    customer: int
    draft: int
    lines: tuple[int, int]

    @property
    def product(self) -> int:
        return self.products[0]

    @property
    def line(self) -> int:
        return self.lines[0]


def insert_one(connection: Connection, table: Table, **values: Any) -> int:
    """Insert a row; return its id."""
    statement = insert(table).values(**values).returning(table.c.id)
    return int(connection.execute(statement).scalar_one())


def insert_place(connection: Connection, role: str, *, inside: bool) -> int:
    """Insert a place; return its id."""
    return insert_one(connection, Place.__table__, role=role, name=role, inside=inside)


def insert_person(connection: Connection, telegram_id: int) -> int:
    """Insert a person; return their id."""
    return insert_one(
        connection, Person.__table__, telegram_id=telegram_id, name="P", language="en",
        created_at=NOW,
    )  # fmt: skip


def insert_product(connection: Connection, sku: str) -> int:
    """Insert a product; return its id."""
    return insert_one(
        connection, Product.__table__, sku=sku, folded_sku=sku, name=sku, folded_name=sku,
        nature="goods", created_at=NOW,
    )  # fmt: skip


def insert_document(connection: Connection, party: int, **values: Any) -> int:
    """Insert a document, a draft order unless told otherwise; return its id."""
    return insert_one(
        connection, document, **{"kind": "order", "party_id": party, "created_at": NOW} | values
    )


def insert_line(connection: Connection, document_id: int, product: int, **values: Any) -> int:
    """Insert a line of three pieces; return its id."""
    return insert_one(
        connection, DocumentLine.__table__, document_id=document_id, position=1,
        product_id=product, name="goods", quantity=Decimal(3), **values,
    )  # fmt: skip


def add_rows(connection: Connection) -> Rows:
    """Insert everything that moves and claims refer to, with nothing in stock."""
    person, other_person = insert_person(connection, 1), insert_person(connection, 2)
    party = insert_one(
        connection, Party.__table__, name="C", folded_name="c", is_customer=True, is_vendor=True,
        language="en", created_at=NOW,
    )  # fmt: skip
    products = insert_product(connection, "a"), insert_product(connection, "b")
    draft = insert_document(connection, party)
    return Rows(
        person=person,
        other_person=other_person,
        party=party,
        products=products,
        warehouse=insert_place(connection, "warehouse", inside=True),
        quarantine=insert_place(connection, "quarantine", inside=True),
        vendor=insert_place(connection, "vendor", inside=False),
        customer=insert_place(connection, "customer", inside=False),
        draft=draft,
        lines=(
            insert_line(connection, draft, products[0]),
            insert_line(connection, draft, products[1]),
        ),
    )


def move(
    connection: Connection,
    rows: Rows,
    *,
    source: int,
    target: int,
    quantity: Any,
    value: int = 0,
    reverses: int | None = None,
) -> int:
    """Move goods of the first product from one place to another; return the move's id."""
    return insert_one(
        connection, Move.__table__, product_id=rows.product, from_place_id=source,
        to_place_id=target, quantity=Decimal(quantity), value_minor=value, line_id=rows.line,
        reverses=reverses, at=NOW,
    )  # fmt: skip


def receive(connection: Connection, rows: Rows, quantity: Any, value: int = 0) -> int:
    """Move goods from the vendor into the warehouse."""
    return move(
        connection, rows, source=rows.vendor, target=rows.warehouse, quantity=quantity, value=value
    )


def deliver(connection: Connection, rows: Rows, quantity: Any, value: int = 0) -> int:
    """Move goods from the warehouse to the customer."""
    return move(
        connection, rows, source=rows.warehouse, target=rows.customer, quantity=quantity,
        value=value,
    )  # fmt: skip


def hold(connection: Connection, rows: Rows, quantity: Any) -> int:
    """Claim goods in the warehouse; return the claim's id."""
    return insert_one(
        connection, claim, product_id=rows.product, place_id=rows.warehouse, line_id=rows.line,
        quantity=Decimal(quantity), open=Decimal(quantity), at=NOW,
    )  # fmt: skip


def end(connection: Connection, claim_id: int, quantity: Any, reason: str = "released") -> int:
    """End a claim, or a part of it."""
    return insert_one(
        connection, ClaimEnd.__table__, claim_id=claim_id, quantity=Decimal(quantity),
        reason=reason, at=NOW,
    )  # fmt: skip


def levels(connection: Connection, rows: Rows) -> Sequence[Row[Any]]:
    """Return (place, on hand, claimed, value) of the first product, by place."""
    columns = level.c.place_id, level.c.on_hand, level.c.claimed, level.c.value_minor
    return connection.execute(
        select(*columns).where(level.c.product_id == rows.product).order_by(level.c.place_id)
    ).all()


def take_number(connection: Connection, document_id: int, series: str, **values: Any) -> int:
    """Number a document as the services do: lock, count, write."""
    state = lock_counter(connection, series)
    sequence = state.last + 1
    connection.execute(
        update(counter)
        .where(counter.c.series == series)
        .values(last=sequence, last_on=TODAY, head=f"hash {sequence}")
    )
    connection.execute(
        update(document)
        .where(document.c.id == document_id)
        .values(series=series, sequence=sequence, number=f"{series}-{sequence}", **values)
    )
    return sequence


def post(connection: Connection, document_id: int, series: str = "IN-2026") -> int:
    """Post a document, with a number and a hash."""
    return take_number(
        connection, document_id, series, state="posted", hash=f"hash of {document_id}",
        total_minor=100, previous_hash="",
    )  # fmt: skip


def buy_the_last(connection: Connection, rows: Rows) -> bool:
    """Claim a piece as a service does for an order; return whether there was one."""
    lock_levels(connection, [rows.product])
    available = connection.execute(
        select(level.c.on_hand - level.c.claimed).where(
            level.c.product_id == rows.product, level.c.place_id == rows.warehouse
        )
    ).scalar_one()
    if available < 1:
        return False
    hold(connection, rows, 1)
    return True
