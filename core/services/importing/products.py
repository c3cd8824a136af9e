"""Products from a table: new by their SKU, else changed in what the file says otherwise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from core.domain import units
from core.domain.facts.product import NAMED, OWN
from core.services.company import CompanyRecord
from core.services.importing import problems as say
from core.services.importing.planning import Plan, Trace, traced
from core.services.importing.reading import ReadRow, ReadTable
from core.services.products import catalog_bulk
from core.services.products.catalog_bulk import ProductChange, parts_of
from core.services.work import Work
from core.storage.tables import document_line as line
from core.storage.tables import product, product_name

SAID: Final = {
    each.file_key: column
    for column, each in OWN.items()
    if each.file is not None and column != "sku"
}
"""What a file may say of a product beside its SKU, and the column that keeps it."""
FIXED_BY_PAPERS: Final = ("nature", "unit")


@dataclass(frozen=True)
class _New:
    number: int
    details: Mapping[str, Any]
    names: Mapping[str, str]


@dataclass(frozen=True)
class _Changed:
    number: int
    change: ProductChange
    previous: Mapping[str, Any]


@dataclass
class _Sorted:
    """The rows of a table by what they do."""

    new: list[_New] = field(default_factory=list)
    changed: list[_Changed] = field(default_factory=list)
    unchanged: int = 0


@dataclass(frozen=True)
class _There:
    """What there is of the products of a table: rows by folded SKU, names by id and language.

    `barcodes` are the owners of those that the table gives, `given` what it gives to whom.
    """

    rows: Mapping[str, Row[Any]]
    names: Mapping[tuple[int, str], str]
    barcodes: Mapping[str, Row[Any]]
    given: Mapping[str, str]
    with_papers: Collection[int]


def plan(connection: Connection, table: ReadTable, company: CompanyRecord) -> Plan:
    """What the products of a table would change."""
    there = _there(connection, table)
    found = _Sorted()
    barcodes: dict[str, int] = {}
    for row in table.rows:
        if not row.whole:
            continue
        old = there.rows.get(row.values["sku"].casefold())
        details, names = _said(row, company)
        _check_barcode(table, row, there, seen=barcodes)
        if old is None:
            _plan_new(table, row, found, said=(details, names))
        elif old.merged_into is not None:
            table.wrong(row.number, "sku", say.MERGED, text=row.values["sku"])
        else:
            _plan_change(table, row, found, said=(details, names), old=old, there=there)
    return Plan(
        lambda work: _write(work, found),
        new=len(found.new) + sum("archived_at" in each.change.values for each in found.changed),
        changed=sum("archived_at" not in each.change.values for each in found.changed),
        unchanged=found.unchanged,
    )


def _said(row: ReadRow, company: CompanyRecord) -> tuple[dict[str, Any], dict[str, str]]:
    """The columns and the names in other languages that a row gives."""
    said = {column: row.values[key] for key, column in SAID.items() if key in row.values}
    names = {
        language: row.values[each.file_key]
        for language, each in NAMED.items()
        if each.file_key in row.values
    }
    own = names.pop(company.language, None)
    if own is not None:
        said.setdefault("name", own)
    return said, names


def _there(connection: Connection, table: ReadTable) -> _There:
    skus = [each.values["sku"].casefold() for each in table.rows if "sku" in each.values]
    rows: dict[str, Row[Any]] = {}
    for part in parts_of(skus):
        for row in connection.execute(select(product).where(product.c.folded_sku.in_(part))):
            rows[row.folded_sku] = row
    ids = [each.id for each in rows.values()]
    names: dict[tuple[int, str], str] = {}
    with_papers: set[int] = set()
    for part in parts_of(ids):
        of_part = select(product_name).where(product_name.c.product_id.in_(part))
        for row in connection.execute(of_part):
            names[row.product_id, row.language] = row.name
        used = select(line.c.product_id).where(line.c.product_id.in_(part)).distinct()
        with_papers.update(connection.execute(used).scalars())
    given = {
        each.values["sku"].casefold(): each.values["barcode"]
        for each in table.rows
        if "sku" in each.values and "barcode" in each.values
    }
    barcodes: dict[str, Row[Any]] = {}
    for part in parts_of(list(given.values())):
        columns = (product.c.id, product.c.sku, product.c.folded_sku, product.c.barcode)
        for row in connection.execute(select(*columns).where(product.c.barcode.in_(part))):
            barcodes[row.barcode] = row
    return _There(rows, names, barcodes, given, with_papers)


def _check_barcode(table: ReadTable, row: ReadRow, there: _There, *, seen: dict[str, int]) -> None:
    barcode = row.values.get("barcode")
    if barcode is None:
        return
    if barcode in seen:
        table.wrong(row.number, "barcode", say.BARCODE_TWICE, first=seen[barcode])
    seen.setdefault(barcode, row.number)
    owner = there.barcodes.get(barcode)
    if owner is None or owner.folded_sku == row.values["sku"].casefold():
        return
    # Whose own row gives it another one lets go of it.
    its_row = next(
        (each for each in table.rows if each.values.get("sku", "").casefold() == owner.folded_sku),
        None,
    )
    if its_row is None or its_row.values.get("barcode", barcode) == barcode:
        table.wrong(row.number, "barcode", say.BARCODE_TAKEN, other=owner.sku)


_Said = tuple[dict[str, Any], dict[str, str]]


def _plan_new(table: ReadTable, row: ReadRow, found: _Sorted, *, said: _Said) -> None:
    details, names = said
    if "name" not in details:
        table.wrong(row.number, "name", say.EMPTY_CELL)
        return
    unit = details.get("unit", units.PIECE.code)
    details.setdefault("unit_digits", units.digits_of(unit))
    found.new.append(_New(row.number, {"sku": row.values["sku"], **details}, names))


def _plan_change(
    table: ReadTable, row: ReadRow, found: _Sorted, *, said: _Said, old: Row[Any], there: _There
) -> None:
    details, names = said
    values = {key: value for key, value in details.items() if value != getattr(old, key)}
    if "unit" in values and values["unit"] == units.code_of(old.unit):
        # The same unit, kept under another of its words.
        del values["unit"]
    new_names = {
        code: name for code, name in names.items() if there.names.get((old.id, code)) != name
    }
    if old.id in there.with_papers:
        for key in FIXED_BY_PAPERS:
            if key in values:
                table.wrong(row.number, key, say.USED_WITH, text=getattr(old, key))
    if values.get("unit_digits", old.unit_digits) < old.unit_digits:
        table.wrong(row.number, "unit_digits", say.UNIT_FINER, digits=old.unit_digits)
    if old.archived_at is not None:
        values["archived_at"] = None
    if not values and not new_names:
        found.unchanged += 1
        return
    previous = {key: getattr(old, key) for key in values} | {
        f"name_{code}": there.names.get((old.id, code), "") for code in new_names
    }
    change = ProductChange(old.id, old.revision, values, new_names)
    found.changed.append(_Changed(row.number, change, previous))


def _write(work: Work, found: _Sorted) -> Sequence[Trace]:
    catalog_bulk.change_products(work, [each.change for each in found.changed])
    ids = catalog_bulk.add_products(work, [(each.details, each.names) for each in found.new])
    return [
        *(traced(each.number, "product", id) for each, id in zip(found.new, ids, strict=True)),
        *(
            traced(
                each.number,
                "product",
                each.change.id,
                revision=each.change.revision + 1,
                previous=each.previous,
            )
            for each in found.changed
        ),
    ]
