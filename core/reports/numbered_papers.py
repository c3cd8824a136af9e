"""What reports on papers share: which are asked for, in which order, and their amounts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select

from core.domain.documents import type_of
from core.domain.money import from_minor
from core.files.writer import Value
from core.reports.report import Asked, Cell, Row
from core.storage.tables import document


def asked_for(statement: Select[Any], asked: Asked) -> Select[Any]:
    """Return the statement for the papers that are asked for, in the order of their numbers.

    Papers have a number; drafts are none yet.
    """
    conditions: list[ColumnElement[bool]] = [document.c.number.is_not(None)]
    if asked.kind:
        conditions.append(document.c.kind == asked.kind)
    if asked.begin is not None:
        conditions.append(document.c.issued_on >= asked.begin)
    if asked.end is not None:
        conditions.append(document.c.issued_on <= asked.end)
    return statement.where(*conditions).order_by(
        document.c.issued_on, document.c.series, document.c.sequence, document.c.id
    )


def kind_of(row: Row, asked: Asked) -> Value:
    """Return what kind of paper it is, in the reader's words."""
    return asked.words.text(type_of(row["kind"]).label)


def money(name: str) -> Cell:
    """Return the cell of an amount that a row keeps in minor units of its currency."""

    def amount(row: Row, _asked: Asked) -> Value:
        minor, currency = row[name], row["currency"]
        # PostgreSQL adds whole numbers up to one of its decimals.
        return None if minor is None or currency is None else from_minor(int(minor), currency)

    return amount
