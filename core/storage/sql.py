"""Small helpers for statements of SQLAlchemy Core over the models' tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Insert,
    Table,
    Update,
    bindparam,
    insert,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from core.storage.columns import Id

IDS: BindParameter[Any] = bindparam("ids", expanding=True, type_=Id())
"""In a statement that is built once: `column.in_(IDS)`, run with `{"ids": [1, 2]}`.

Building a statement costs several times what running it does, so those of every tap are
constants of their modules.
"""


def insert_one(connection: Connection, table: Table, **values: Any) -> int:
    """Insert one row and give its id."""
    return int(connection.execute(_insert_for_id(table), values).scalar_one())


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns; nothing is done when there are none."""
    if rows:
        connection.execute(_insert(table), rows)


def update_one(connection: Connection, table: Table, row_id: int, **values: Any) -> None:
    """Change columns of the row with this id."""
    connection.execute(_update_by_id(table), {"of_id": row_id, **values})


def update_rows(
    connection: Connection, table: Table, changes: Iterable[tuple[int, int, Mapping[str, Any]]]
) -> None:
    """Change columns of rows, in a statement for each set of columns.

    A change is an id, the revision that was read (0 where the table has none), and the values. A
    row at another revision stays as it is: the caller reads the revisions afterwards, since
    nobody may trust the row count of many statements.
    """
    statement = update(table).where(table.c.id == bindparam("of_id"))
    has_revision = "revision" in table.c
    if has_revision:
        statement = statement.where(table.c.revision == bindparam("of_revision"))
        statement = statement.values(revision=bindparam("of_revision") + 1)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row_id, revision, values in changes:
        row = {"of_id": row_id} | {f"new_{name}": value for name, value in values.items()}
        if has_revision:
            row["of_revision"] = revision
        groups[tuple(sorted(values))].append(row)
    for columns, rows in groups.items():
        new_values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
        connection.execute(statement.values(new_values), rows)


# Values are parameters, not part of these statements: so one of each is enough for a table.


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _insert_for_id(table: Table) -> ReturningInsert[Any]:
    return insert(table).returning(table.c.id)


@cache
def _update_by_id(table: Table) -> Update:
    return update(table).where(table.c.id == bindparam("of_id"))


def prefixed(prefix: str, columns: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """Columns of a joined table, labelled so that they cannot be taken for another table's."""
    return [column.label(label_in(prefix, name)) for name, column in columns.items()]


def label_in(prefix: str, name: str) -> str:
    """How `prefixed` labels a column."""
    return f"{prefix}_of_{name}"


def unprefixed(prefix: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the columns that `prefixed` has labelled."""
    start = label_in(prefix, "")
    return {
        name.removeprefix(start): value for name, value in facts.items() if name.startswith(start)
    }


def id_list(ids: Collection[int]) -> list[int]:
    """Each id once and in order, so that equal questions are equal statements."""
    return sorted(set(ids))
