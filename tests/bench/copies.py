"""Documents copied many times over with plain statements, as if they had been traded so often.

The copies are written in the order in which the services write, so every trigger sees them;
numbers go on, hashes are chained, and `audit` finds nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from core.services.documents.paper_view import HASHED, HASHED_OF_LINE, hash_of_facts
from core.storage.tables import document
from core.storage.tables import document_line as line
from sqlalchemy import Connection, Row, func, select

from core.storage.columns import Base

# Each row: a table, its columns that name copied rows (with the table of those), and which rows.
Copied = tuple[str, dict[str, str], str]
PAPERS: tuple[Copied, ...] = (
    ("document", {"id": "document", "source_id": "document"}, "TRUE"),
    (
        "document_line",
        {"id": "document_line", "document_id": "document", "source_line_id": "document_line"},
        "TRUE",
    ),
    ("document_tax", {"document_id": "document"}, "TRUE"),
    ("draw", {"line_id": "document_line", "by_line_id": "document_line"}, "TRUE"),
)
"""What every document has."""

SEQUENCE = (
    "old.sequence + copy.number * (SELECT last FROM counter WHERE counter.series = old.series)"
)
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


def copy_documents(connection: Connection, copied: Sequence[Copied], *, copies: int) -> None:
    """Copy all documents that there are so often, with the rows of `copied` in their order."""
    last_ids = {table: _last_id(connection, table) for table, _, _ in copied}
    connection.exec_driver_sql("CREATE TEMP TABLE copy (number INTEGER)")
    numbers = [(number,) for number in range(1, copies + 1)]
    connection.exec_driver_sql("INSERT INTO copy VALUES (?)", numbers)
    headers, lines = _originals(connection)
    for row in copied:
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
    leaps = Counter(each.series for each in headers)
    hashed, counted = [], []
    for copy in range(1, copies + 1):
        for each in headers:
            sequence = each.sequence + copy * leaps[each.series]
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
