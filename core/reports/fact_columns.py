"""The columns of a record's facts, as an import takes them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Table

from core.domain.facts.fact import REFERENCES, Fact, ValueKind
from core.domain.payment_modes import LABELS
from core.files.writer import Value
from core.i18n import Translator, units
from core.reports.report import Asked, Column, Row
from core.services.importing.cells import NATURES, SIDES
from core.services.importing.columns import ImportKind
from core.storage import tables

_WORDS: Final[Mapping[ValueKind, Mapping[str, str]]] = {
    ValueKind.SIDE: {key: words[0] for key, words in SIDES.items()},
    ValueKind.NATURE: {key: words[0] for key, words in NATURES.items()},
    ValueKind.PAYMENT_MODE: LABELS,
}
"""The kinds whose values are told by a word of the reader's language."""
_NAMED_BY: Final[Mapping[ValueKind, Table]] = {
    ValueKind.TAX: tables.tax,
    ValueKind.PRICE_BOOK: tables.price_book,
    ValueKind.TEMPLATE: tables.paper_template,
}


def told(kind: ValueKind, value: Any, words: Translator) -> Value:
    """Return a value as a file tells it; a word that is the company's own stays."""
    if kind is ValueKind.UNIT and value is not None:
        return units.shown(value, words)
    known = _WORDS.get(kind, {})
    found: Value = words.text(known[value]) if value in known else value
    return found


def columns_of_facts(facts: Iterable[Fact]) -> tuple[Column, ...]:
    """Return the columns of those facts that stand in files; rows have them by `file_key`."""
    return tuple(
        Column(each.file.heading, partial(_told, each)) for each in facts if each.file is not None
    )


def _told(fact: Fact, row: Row, asked: Asked) -> Value:
    return told(fact.kind, row[fact.file_key], asked.words)


def columns_of_kind(kind: ImportKind, *keys: str) -> tuple[Column, ...]:
    """Return columns that an import knows; rows have them by their keys."""
    return tuple(Column(kind.column(key).heading, key) for key in keys)


def selected(
    table: Table, facts: Mapping[str, Fact]
) -> tuple[list[ColumnElement[Any]], FromClause]:
    """Return what a statement selects of a record's own facts, and from which tables.

    The columns are labelled by `file_key`; another record is told by its name.
    """
    columns: list[ColumnElement[Any]] = []
    source: FromClause = table
    for name, fact in facts.items():
        if fact.file is None:
            continue
        column: ColumnElement[Any] = table.c[name]
        if fact.kind in REFERENCES:
            there = _NAMED_BY[fact.kind].alias(f"{name}_named")
            source = source.outerjoin(there, there.c.id == column)
            column = there.c.name
        columns.append(column.label(fact.file_key))
    return columns, source
