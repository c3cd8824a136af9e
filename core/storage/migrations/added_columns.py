"""Columns that a migration adds to a table with rows, in the one form that leaves no drift.

The model of the table names the same default in the database (`server_default`), because SQLite
keeps what it is told and cannot drop a default afterwards. A plain `ALTER TABLE` written by hand
differs from the model by an order of words, a collation or the name of a constraint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection
from sqlalchemy.schema import CreateColumn


def add_column(
    connection: Connection,
    table: str,
    column: Column[Any],
    *,
    references: str = "",
    checks: Mapping[str, str] | None = None,
) -> None:
    """Add a column to a table, as the table's model would have made it.

    Args:
        connection: the migration's, `op.get_bind()`.
        table: the name of the table.
        column: its name, its type of `core.storage.columns`, `nullable` and `server_default`,
            as in the model.
        references: the table whose id it holds, if it does; such a column is nullable.
        checks: conditions that hold for it, by the names that the model gives them.

    Raises:
        ValueError: there would be nothing to stand in the rows that are there.
    """
    if not column.nullable and (column.server_default is None or references):
        raise ValueError(f"{table}.{column.name} is not nullable: the rows that are there need it")
    parts = [f"ALTER TABLE {table} ADD COLUMN", str(CreateColumn(column).compile(connection))]
    if references:
        parts.append(f"CONSTRAINT fk_{table}_{column.name} REFERENCES {references} (id)")
    parts += [
        f"CONSTRAINT ck_{table}_{name} CHECK ({condition})"
        for name, condition in (checks or {}).items()
    ]
    connection.exec_driver_sql(" ".join(parts))
