"""Texts of many rows put together to one, which each database calls by a name of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from core.storage.columns import PLAIN_TEXT


class Together(FunctionElement[str]):
    """All values of a text, with a blank between two, in no order; NULL where there is none.

    SQLAlchemy has such a function, but writes its separator into the statement at each run.
    """

    name = "together"
    type = PLAIN_TEXT
    inherit_cache = True


@compiles(Together, "sqlite")
def _on_sqlite(element: Together, compiler: SQLCompiler, **how: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **how)}, ' ')"


@compiles(Together, "postgresql")
def _on_postgresql(element: Together, compiler: SQLCompiler, **how: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **how)}, ' ')"
