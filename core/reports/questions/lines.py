"""The lines of papers by kind and period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import RowMapping, select

from core.domain.facts.fact import ValueKind
from core.domain.messages import N_
from core.files.writer import Value
from core.reports.fact_columns import told
from core.reports.numbered_papers import asked_for, kind_of, money
from core.reports.report import BY_KIND, BY_PERIOD, Asked, Column, Report, Row
from core.services.work import Work
from core.storage.tables import document, party, product
from core.storage.tables import document_line as line


def _lines(work: Work, asked: Asked) -> Iterable[RowMapping]:
    source = (
        document.join(line, line.c.document_id == document.c.id)
        .outerjoin(party, party.c.id == document.c.party_id)
        .outerjoin(product, product.c.id == line.c.product_id)
    )
    statement = select(
        document.c.number, document.c.kind, document.c.issued_on, document.c.currency,
        party.c.name.label("party"), product.c.sku, product.c.unit, line,
    ).select_from(source)  # fmt: skip
    ordered = asked_for(statement, asked).order_by(line.c.position)
    return work.connection.execute(ordered).mappings()


def _unit(row: Row, asked: Asked) -> Value:
    return told(ValueKind.UNIT, row["unit"], asked.words)


def _discount(row: Row, _asked: Asked) -> Value:
    return row["discount_percent"] or None


REPORT: Final = Report(
    name="lines",
    title=N_("Document lines"),
    question=N_("What's on each document, line by line?"),
    columns=(
        Column(N_("Number"), "number"),
        Column(N_("Document type"), kind_of),
        Column(N_("Date"), "issued_on"),
        Column(N_("Customer/vendor"), "party"),
        Column(N_("Line"), "position"),
        Column(N_("SKU"), "sku"),
        Column(N_("Name"), "name"),
        Column(N_("Quantity"), "quantity"),
        Column(N_("Unit"), _unit),
        Column(N_("Currency"), "currency"),
        Column(N_("Price"), "unit_price"),
        Column(N_("Discount %"), _discount),
        Column(N_("Tax %"), "tax_percent"),
        Column(N_("Net"), money("net_minor")),
    ),
    query=_lines,
    place=60,
    asks=frozenset({BY_KIND, BY_PERIOD}),
)
