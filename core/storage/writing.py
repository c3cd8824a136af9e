"""Small helpers for statements of SQLAlchemy Core over the models' tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, insert

from core.storage.columns import Base


def table_of(model: type[Base]) -> Table:
    """The model's table: models are declarative, statements are Core."""
    return model.__table__


def insert_one(connection: Connection, table: Table, **values: Any) -> int:
    """Insert one row and give its id."""
    return int(
        connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()
    )
