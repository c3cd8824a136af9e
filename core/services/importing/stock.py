"""Stock from a table: what is on hand, posted as a count, so that the ledger stays the truth.

What differs from the ledger is a stock adjustment like any other count: its number, its paper, its
reversal.  A file that was exported says at which move it was made; what has moved since is no
difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection

from core.domain.documents import kinds
from core.domain.messages import N_
from core.domain.money import PRICE_DIGITS, ZERO, round_half_up
from core.i18n import negotiate, translator
from core.services import company as companies
from core.services import stock
from core.services.company import CompanyRecord
from core.services.documents import drafting, issuing
from core.services.documents.drafting import MOST_LINES, NewLine
from core.services.importing import problems as say
from core.services.importing.planning import Plan, Trace, traced
from core.services.importing.prices import products_by_sku
from core.services.importing.reading import ReadRow, ReadTable
from core.services.products.catalog_bulk import parts_of
from core.services.stock import Count, Counted
from core.services.work import Work

_ROW: Final = kinds(counts=True)[0]


@dataclass(frozen=True)
class _Line:
    """A product whose level differs from what the file says."""

    number: int
    product_id: int
    counted: Decimal
    level: Decimal
    move_id: int
    difference: Decimal
    unit_cost: Decimal | None


@dataclass
class _Todo:
    lines: list[_Line] = field(default_factory=list)
    unchanged: int = 0


def plan(connection: Connection, table: ReadTable, _company: CompanyRecord) -> Plan:
    """What the levels of a table would change; a product without any goods yet is new."""
    products = products_by_sku(connection, table)
    rows = [row for row in table.rows if row.whole and _is_stocked(table, row, products)]
    ids = [products[row.values["sku"].casefold()].id for row in rows]
    now: dict[int, Counted] = {}
    for part in parts_of(ids):
        now |= stock.count(connection, part)
    counts = [
        Count(id, row.values["on_hand"], row.values.get("last_move", now[id].last_move_id))
        for row, id in zip(rows, ids, strict=True)
    ]
    differences: list[Decimal] = []
    for some in parts_of(counts, MOST_LINES):
        differences += stock.counted_differences(connection, some)
    todo = _Todo()
    for row, each, difference in zip(rows, counts, differences, strict=True):
        if difference == ZERO:
            todo.unchanged += 1
            continue
        todo.lines.append(
            _Line(
                number=row.number,
                product_id=each.product_id,
                counted=each.counted,
                level=now[each.product_id].level,
                move_id=each.move_at_count,
                difference=difference,
                # Beside goods that are there, what was found is worth what those are worth.
                unit_cost=None if now[each.product_id].level else _unit_cost(row),
            )
        )
    new = sum(now[each.product_id].last_move_id == 0 for each in todo.lines)
    return Plan(
        lambda work: _write(work, todo),
        new=new,
        changed=len(todo.lines) - new,
        unchanged=todo.unchanged,
        facts={
            "up": str(sum((each.difference for each in todo.lines if each.difference > 0), ZERO)),
            "down": str(
                sum((-each.difference for each in todo.lines if each.difference < 0), ZERO)
            ),
            "papers": -(-len(todo.lines) // MOST_LINES),
        },
    )


def _is_stocked(table: ReadTable, row: ReadRow, products: Mapping[str, Any]) -> bool:
    """Whether the row is about goods, in as many decimals as their unit has."""
    found = products.get(row.values["sku"].casefold())
    if found is None or found.archived_at is not None:
        return False
    if found.nature != "goods":
        table.wrong(row.number, "sku", say.SERVICE_STOCK, text=found.sku)
        return False
    quantity: Decimal = row.values["on_hand"]
    if quantity != round(quantity, found.unit_digits):
        facts = {"text": f"{quantity:f}", "digits": found.unit_digits}
        table.wrong(
            row.number, "on_hand", say.TOO_FINE if facts["digits"] else say.NOT_WHOLE, **facts
        )
        return False
    return True


def _unit_cost(row: ReadRow) -> Decimal | None:
    """What one costs, in the company's currency: as it is said, else the value shared out."""
    if "unit_cost" in row.values:
        cost: Decimal = row.values["unit_cost"]
        return cost
    if "value" in row.values and row.values["on_hand"] > ZERO:
        return round_half_up(row.values["value"] / row.values["on_hand"], PRICE_DIGITS)
    return None


def _write(work: Work, todo: _Todo) -> Sequence[Trace]:
    """Post the counts: one paper, or several where there are more lines than a paper can have."""
    words = translator(negotiate(companies.current(work.connection).language))
    reason = words.text(N_("Imported"))
    found = []
    for part in parts_of(todo.lines, MOST_LINES):
        lines = [
            NewLine(
                product_id=each.product_id,
                quantity=abs(each.difference),
                counted=each.counted,
                level_at_count=each.level,
                move_at_count=each.move_id,
                unit_price=each.unit_cost,
                reason=reason,
            )
            for each in part
        ]
        document_id = drafting.create(work, _ROW.kind, lines=lines)
        issuing.issue(work, document_id, revision=0)
        found.append(traced(part[0].number, "document", document_id))
    return found
