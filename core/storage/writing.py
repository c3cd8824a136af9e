"""Small helpers for statements of SQLAlchemy Core over the models' tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Table, bindparam, insert

from core.storage.columns import Base, Id

IDS: BindParameter[Any] = bindparam("ids", expanding=True, type_=Id())
"""In a statement that is built once: `column.in_(IDS)`, run with `{"ids": [1, 2]}`.

Building a statement costs several times what running it does, so those of every tap are
constants of their modules.
"""


def table_of(model: type[Base]) -> Table:
    """The model's table: models are declarative, statements are Core."""
    return model.__table__


def insert_one(connection: Connection, table: Table, **values: Any) -> int:
    """Insert one row and give its id."""
    return int(
        connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()
    )


def prefixed(prefix: str, columns: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """Columns of a joined table, labelled so that they cannot be taken for another table's."""
    return [column.label(f"{prefix}_of_{name}") for name, column in columns.items()]


def unprefixed(prefix: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the columns that `prefixed` has labelled."""
    start = f"{prefix}_of_"
    return {
        name.removeprefix(start): value for name, value in facts.items() if name.startswith(start)
    }


def id_list(ids: Collection[int]) -> list[int]:
    """Each id once and in order, so that equal questions are equal statements."""
    return sorted(set(ids))
