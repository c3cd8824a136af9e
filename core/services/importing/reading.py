"""A whole table becomes rows of values, and the problems of those cells that have none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from babel.numbers import get_decimal_symbol
from sqlalchemy import Connection, select

from core.domain.facts.fact import ValueKind
from core.domain.quantity import plain
from core.domain.texts import folded
from core.files.table import Cell, Row, Table
from core.i18n import translator
from core.services import company
from core.services.importing.cells import NUMERIC, Known, Reading, bare_number, value_of
from core.services.importing.columns import Column
from core.services.importing.matching import Matched
from core.services.importing.number_formats import Convention, convention_of
from core.services.importing.problems import (
    EMPTY_CELL,
    OTHER_CURRENCY,
    TWICE,
    Problem,
    Wrong,
)
from core.services.products.pricing import books
from core.storage.tables import product

Values = Mapping[str, Any]
"""What a row says, by the keys of its columns; an empty cell says nothing and is not there."""

IN_COMPANY_CURRENCY: Final = frozenset({"list_price", "cost_price", "unit_cost", "value"})


@dataclass(frozen=True)
class ReadRow:
    """A row that was read: its number in the file, what it says, whether all of it was read."""

    number: int
    values: Values
    whole: bool = True


@dataclass
class ReadTable:
    """A table that was read, with what was found wrong in it so far."""

    matched: Matched
    rows: Sequence[ReadRow]
    headings: Mapping[str, str]
    convention: Convention
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, number: int, key: str, message: str, **facts: Any) -> None:
        """Note a problem of a row in a column."""
        self.problems.append(Problem(number, self.headings.get(key, ""), message, facts))


def known_in(connection: Connection) -> Known:
    """What the company has that cells may name: four statements."""
    its_company = company.current(connection)
    taxes: dict[str, int] = {}
    names = []
    found = sorted(company.taxes(connection), key=lambda each: not each.is_default)
    for each in found:
        names.append(each.name)
        taxes.setdefault(each.name, each.id)
        taxes.setdefault(folded(each.name), each.id)
    for each in found:
        # By its percentage alone, the one of the standard category is meant.
        if each.category in ("S", "Z") or each.percent:
            taxes.setdefault(f"{plain(each.percent):f}", each.id)
    units = connection.execute(select(product.c.unit).distinct()).scalars()
    return Known(
        currency=its_company.currency,
        taxes=taxes,
        tax_names=names,
        books={folded(each.name): each.id for each in books(connection)},
        units=frozenset(units),
    )


def read_rows(
    connection: Connection, table: Table, matched: Matched, *, decimal_mark: str = ""
) -> ReadTable:
    """Every row as its columns say, in the table's order.

    Args:
        connection: asked for what the company has.
        table: what was in the file.
        matched: what its headings mean.
        decimal_mark: where somebody has said it; else the file itself is asked.
    """
    known = known_in(connection)
    convention = _convention(connection, table, matched)
    if decimal_mark:
        convention = Convention(decimal_mark, "", convention.day_first)
    headings = {key: table.headings[at] for key, at in matched.columns.items()}
    found = ReadTable(matched, [], headings, convention, list(matched.problems))
    columns = [
        (
            each,
            matched.columns[each.key],
            Reading(convention, known, _currency(each, known), each.limit),
        )
        for each in matched.read
    ]
    _refuse_currencies(found, known)
    found.rows = [_row(row, columns, found) for row in table.rows]
    if not matched.kind.repeats:
        _refuse_doubles(found)
    return found


def _currency(column: Column, known: Known) -> str:
    return known.currency if column.key in IN_COMPANY_CURRENCY else ""


def _refuse_currencies(found: ReadTable, known: Known) -> None:
    for key, currency in found.matched.currencies.items():
        if key in IN_COMPANY_CURRENCY and currency != known.currency:
            heading = found.headings[key]
            facts = {"text": heading, "currency": known.currency}
            found.problems.append(Problem(0, heading, OTHER_CURRENCY, facts))


def _row(
    row: Row, columns: Sequence[tuple[Column, int, Reading]], found: ReadTable
) -> ReadRow:  # fmt: skip
    values: dict[str, Any] = {}
    whole = True
    for column, at, reading in columns:
        cell = row.cells[at] if at < len(row.cells) else None
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            if column.required:
                found.wrong(row.number, column.key, EMPTY_CELL)
                whole = False
            continue
        try:
            values[column.key] = value_of(column.kind, cell, reading)
        except Wrong as wrong:
            found.wrong(row.number, column.key, wrong.message, **wrong.facts)
            whole = False
    return ReadRow(row.number, values, whole)


def _refuse_doubles(found: ReadTable) -> None:
    """Two rows that name the same thing: nobody can say which is meant."""
    first: dict[tuple[Any, ...], int] = {}
    keys = found.matched.kind.keys
    for row in found.rows:
        key = tuple(_compared(row.values.get(each)) for each in keys)
        if key[0] is None and len(key) == 1:
            continue
        if key in first:
            shown = " · ".join(str(row.values[each]) for each in keys if each in row.values)
            found.wrong(row.number, keys[0], TWICE, first=first[key], text=shown)
        else:
            first[key] = row.number


def _compared(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


# --- How the file writes -----------------------------------------------------------------------


def _convention(connection: Connection, table: Table, matched: Matched) -> Convention:
    its_company = company.current(connection)
    locale = translator(its_company.language).locale
    return convention_of(
        _texts(table, matched, NUMERIC | {ValueKind.TAX}),
        _texts(table, matched, frozenset({ValueKind.DATE})),
        delimiter=table.delimiter,
        language_mark=get_decimal_symbol(locale),
        # English is written in both orders.
        day_first=None if its_company.language == "en" else True,
    )


def _texts(table: Table, matched: Matched, kinds: frozenset[ValueKind]) -> Iterator[str]:
    """The texts of the columns that hold one of these kinds."""
    places = [matched.columns[each.key] for each in matched.read if each.kind in kinds]
    for row in table.rows:
        for at in places:
            cell: Cell = row.cells[at] if at < len(row.cells) else None
            if isinstance(cell, str):
                yield bare_number(cell)[0]
