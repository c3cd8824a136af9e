"""Papers by kind and period, and their lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select

from core.domain.documents import type_of
from core.domain.lifecycles import STATE_NAMES, State
from core.domain.messages import N_
from core.domain.money import from_minor
from core.files.writer import Value
from core.i18n import units
from core.reports.report import BY_KIND, BY_PERIOD, Asked, Report, Rows, fixed
from core.services.work import Work
from core.storage.tables import document, party, product
from core.storage.tables import document_line as line


def _asked_for(asked: Asked) -> list[ColumnElement[bool]]:
    """Papers have a number; drafts are none yet."""
    found: list[ColumnElement[bool]] = [document.c.number.is_not(None)]
    if asked.kind:
        found.append(document.c.kind == asked.kind)
    if asked.begin is not None:
        found.append(document.c.issued_on >= asked.begin)
    if asked.end is not None:
        found.append(document.c.issued_on <= asked.end)
    return found


def _ordered(statement: Select[Any], asked: Asked) -> Select[Any]:
    return statement.where(*_asked_for(asked)).order_by(
        document.c.issued_on, document.c.series, document.c.sequence, document.c.id
    )


def _money(minor: int | None, currency: str | None) -> Decimal | None:
    return None if minor is None or currency is None else from_minor(minor, currency)


def _papers(work: Work, asked: Asked) -> Rows:
    words = asked.words
    rows = work.connection.execute(
        _ordered(
            select(document, party.c.name.label("party")).select_from(
                document.outerjoin(party, party.c.id == document.c.party_id)
            ),
            asked,
        )
    )
    for row in rows:
        its_type = type_of(row.kind)
        total = row.amount_minor if its_type.settles else row.total_minor
        values: list[Value] = [
            row.number,
            words.text(its_type.label),
            words.agreeing(STATE_NAMES[State(row.state)], noun=its_type.label),
            row.issued_on,
            row.party,
            row.reference,
            row.foreign_number,
            row.currency,
            _money(row.net_minor, row.currency),
            _money(row.tax_minor, row.currency),
            _money(total, row.currency),
            row.due_on,
        ]
        yield values


def _lines(work: Work, asked: Asked) -> Rows:
    words = asked.words
    source = (
        document.join(line, line.c.document_id == document.c.id)
        .outerjoin(party, party.c.id == document.c.party_id)
        .outerjoin(product, product.c.id == line.c.product_id)
    )
    rows = work.connection.execute(
        _ordered(
            select(
                document.c.number, document.c.kind, document.c.issued_on, document.c.currency,
                party.c.name.label("party"), product.c.sku, product.c.unit, line,
            ).select_from(source),
            asked,
        ).order_by(line.c.position)
    )  # fmt: skip
    for row in rows:
        values: list[Value] = [
            row.number,
            words.text(type_of(row.kind).label),
            row.issued_on,
            row.party,
            row.position,
            row.sku,
            row.name,
            row.quantity,
            None if row.unit is None else units.shown(row.unit, words),
            row.currency,
            row.unit_price,
            row.discount_percent or None,
            row.tax_percent,
            _money(row.net_minor, row.currency),
        ]
        yield values


PAPERS_REPORT: Final = Report(
    "papers",
    N_("Papers"),
    N_("Which papers were there?"),
    fixed(
        N_("Number"), N_("Kind"), N_("State"), N_("Date"), N_("Party"), N_("Reference"),
        N_("Their number"), N_("Currency"), N_("Net"), N_("Tax"), N_("Total"), N_("Due"),
    ),
    _papers,
    frozenset({BY_KIND, BY_PERIOD}),
)  # fmt: skip
LINES_REPORT: Final = Report(
    "lines",
    N_("Lines of papers"),
    N_("What was on them, line by line?"),
    fixed(
        N_("Number"), N_("Kind"), N_("Date"), N_("Party"), N_("Line"), N_("SKU"), N_("Name"),
        N_("Quantity"), N_("Unit"), N_("Currency"), N_("Price"), N_("Discount %"), N_("Tax %"),
        N_("Net"),
    ),
    _lines,
    frozenset({BY_KIND, BY_PERIOD}),
)  # fmt: skip
