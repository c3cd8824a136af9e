"""Years of trade in a database, made in seconds: a few days by the services, then copied.

The copies are written with plain statements, in the order in which the services write, so every
trigger sees them; numbers go on, hashes are chained, and `audit` finds nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, func, select

from core.services import catalog
from core.services.documents import converting, drafting, issuing
from core.services.documents.drafting import NewLine
from core.services.documents.papers import HASHED, HASHED_OF_LINE, hash_of_facts
from core.services.work import Work
from core.storage.columns import Base
from core.storage.models import Document, DocumentLine
from core.storage.writing import table_of

LINES = 10
STORIES = 50
PRODUCTS = 250
MOVES_OF_A_STORY = 2 * LINES

document = table_of(Document)
line = table_of(DocumentLine)

# Each row: a table, its columns that name copied rows (with the table of those), and which rows.
# What triggers apply comes in the order of the goods: in, promised, the promise kept, out.
Copied = tuple[str, dict[str, str], str]
INSIDE = "(SELECT id FROM place WHERE inside)"
OF_LINES = {"line_id": "document_line", "by_line_id": "document_line"}
COPIED: tuple[Copied, ...] = (
    ("document", {"id": "document", "source_id": "document"}, "TRUE"),
    (
        "document_line",
        {"id": "document_line", "document_id": "document", "source_line_id": "document_line"},
        "TRUE",
    ),
    ("document_tax", {"document_id": "document"}, "TRUE"),
    ("draw", OF_LINES, "TRUE"),
    ("move", {"line_id": "document_line"}, f"to_place_id IN {INSIDE}"),
    ("claim", {"id": "claim", "line_id": "document_line"}, "TRUE"),
    ("claim_end", {"claim_id": "claim", "by_line_id": "document_line"}, "TRUE"),
    ("move", {"line_id": "document_line"}, f"from_place_id IN {INSIDE}"),
)
SEQUENCE = f"old.sequence + copy.number * {STORIES}"
GIVEN: dict[str, dict[str, str]] = {
    # Hashes freeze a paper, so they come when its lines are there.
    "document": {
        "sequence": SEQUENCE,
        "number": f"old.series || '-' || printf('%04d', {SEQUENCE})",
        "hash": "NULL",
        "previous_hash": "NULL",
    },
    "claim": {"open": "old.quantity", "last_end_id": "0"},
}
"""What is not copied as it is, by table."""


def trade(work: Work, vendor: int, customer: int, *, moves: int) -> None:
    """Fill a company without papers with moves: goods come from a vendor and go to a customer.

    `moves` is a multiple of 1,000, which is what the services play; the rest are copies.
    """
    products = [
        catalog.add_product(
            work, sku=f"ART-{number:04}", name=f"Article {number}", list_price=Decimal(10)
        )
        for number in range(PRODUCTS)
    ]
    for story in range(STORIES):
        chosen = [products[(story * LINES + each) % PRODUCTS] for each in range(LINES)]
        _play(work, vendor, ("purchase_order", "receipt_note"), _lines(chosen, quantity=20))
        _play(work, customer, ("sales_order", "delivery_note"), _lines(chosen, quantity=2))
    copies = moves // (STORIES * MOVES_OF_A_STORY) - 1
    if copies:
        _copy_documents(work.connection, copies)


def _lines(products: Iterable[int], *, quantity: int) -> list[NewLine]:
    return [NewLine(each, Decimal(quantity), unit_price=Decimal(10)) for each in products]


def _play(work: Work, party: int, kinds: tuple[str, str], lines: Sequence[NewLine]) -> None:
    first, second = kinds
    order = drafting.create(work, first, party_id=party, lines=lines)
    issuing.issue(work, order, revision=0)
    note = converting.convert(work, order, second)
    issuing.issue(work, note, revision=0)


# --- Copies -----------------------------------------------------------------------------------


def _copy_documents(connection: Connection, copies: int) -> None:
    last_ids = {table: _last_id(connection, table) for table, _, _ in COPIED}
    connection.exec_driver_sql("CREATE TEMP TABLE copy (number INTEGER)")
    numbers = [(number,) for number in range(1, copies + 1)]
    connection.exec_driver_sql("INSERT INTO copy VALUES (?)", numbers)
    headers, lines = _originals(connection)
    for row in COPIED:
        _insert_copies(connection, row, last_ids)
    _chain(connection, headers, lines, leap=last_ids["document"], copies=copies)
    connection.exec_driver_sql("DROP TABLE copy")


def _last_id(connection: Connection, table: str) -> int:
    return connection.scalar(select(func.max(Base.metadata.tables[table].c.id))) or 0


def _insert_copies(connection: Connection, row: Copied, last_ids: Mapping[str, int]) -> None:
    """Copy the rows that the services have written, each copy with ids of its own."""
    table, moved, condition = row
    names = [each[1] for each in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
    values = {name: f"old.{name}" for name in names} | GIVEN.get(table, {})
    values |= {
        name: f"old.{name} + copy.number * {last_ids[owner]}" for name, owner in moved.items()
    }
    if "id" not in moved:
        del values["id"]
    # Only names of this module and of the schema stand in the statement.
    copying = (
        f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())}"  # noqa: S608 - see above
        f" FROM copy JOIN {table} AS old ON old.id <= {last_ids[table]} AND {condition}"
        " ORDER BY copy.number, old.id"
    )
    connection.exec_driver_sql(copying)


def _originals(connection: Connection) -> tuple[list[Row[Any]], dict[int, list[Any]]]:
    """What the hashes of the originals were made of: the documents in order, lines by document."""
    headers = connection.execute(
        select(
            *(document.c[name] for name in HASHED),
            document.c.series,
            document.c.sequence,
            document.c.hash,
        )
        .where(document.c.number.is_not(None))
        .order_by(document.c.id)
    ).all()
    lines: dict[int, list[Any]] = defaultdict(list)
    rows = connection.execute(
        select(line.c.document_id, *(line.c[name] for name in HASHED_OF_LINE)).order_by(
            line.c.document_id, line.c.position, line.c.id
        )
    )
    for document_id, *facts in rows:
        lines[document_id].append(facts)
    return list(headers), lines


def _chain(
    connection: Connection,
    headers: Sequence[Row[Any]],
    lines: dict[int, list[Any]],
    *,
    leap: int,
    copies: int,
) -> None:
    """Hash the posted copies one behind the other, and let the counters count all copies."""
    heads = {each.series: each.hash or "" for each in headers}
    hashed, counted = [], []
    for copy in range(1, copies + 1):
        for each in headers:
            sequence = each.sequence + copy * STORIES
            document_id, number = each.id + copy * leap, f"{each.series}-{sequence:04d}"
            if each.hash is not None:
                before = heads[each.series]
                facts = (document_id, number, *each[2 : len(HASHED)])
                heads[each.series] = hash_of_facts(before, facts, lines[each.id])
                hashed.append((before, heads[each.series], document_id))
            counted.append((sequence, heads[each.series], each.series))
    connection.exec_driver_sql(
        "UPDATE document SET previous_hash = ?, hash = ? WHERE id = ?", hashed
    )
    connection.exec_driver_sql("UPDATE counter SET last = ?, head = ? WHERE series = ?", counted)
