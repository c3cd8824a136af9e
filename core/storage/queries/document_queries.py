"""Reads of documents, their lines and what was drawn from them; rows become plain records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, cast, func, select

from core.domain.document_type import DocumentType
from core.domain.documents import type_of
from core.domain.links import LineState, Link, Track
from core.domain.money import from_minor
from core.storage.columns import PLAIN_TEXT, Quantity
from core.storage.records import filled
from core.storage.sql import IDS, prefixed
from core.storage.string_agg import Together
from core.storage.tables import document, draw, product
from core.storage.tables import document_line as line


@dataclass(frozen=True)
class DocumentRecord:
    """A document's header as it stands; amounts are in minor units of its currency."""

    id: int
    kind: str
    state: str
    revision: int
    version: int
    series: str | None
    number: str | None
    foreign_number: str | None
    party_id: int | None
    contact_id: int | None
    delivery_address_id: int | None
    currency: str | None
    rate: Decimal | None
    rate_on: date | None
    rate_source: str | None
    issued_on: date | None
    delivery_on: date | None
    due_on: date | None
    valid_until: datetime | None
    reference: str
    payment_days: int | None
    payment_mode: str
    ships_complete: bool
    prices_include_tax: bool
    discount_percent: Decimal
    discount_minor: int
    notes: str
    reason: str
    direction: str | None
    amount_minor: int | None
    received_currency: str | None
    received_minor: int | None
    received_rate: Decimal | None
    net_minor: int | None
    tax_minor: int | None
    total_minor: int | None
    source_id: int | None
    amends_id: int | None
    template_id: int | None
    created_by: int | None
    created_at: datetime
    numbered_at: datetime | None
    ended_at: datetime | None

    @property
    def type(self) -> DocumentType:
        """The row of its kind."""
        return type_of(self.kind)

    def amount(self, minor: int | None) -> Decimal:
        """An amount of this document in its currency; nothing is zero."""
        return from_minor(minor or 0, self.currency) if self.currency else Decimal(0)

    @property
    def total(self) -> Decimal:
        """The stored total in the document's currency."""
        return self.amount(self.total_minor)


@dataclass(frozen=True)
class LineRecord:
    """A line with what it needs of its product."""

    id: int
    document_id: int
    position: int
    product_id: int | None
    name: str
    quantity: Decimal
    rejected: Decimal
    unit_price: Decimal | None
    price_source: str
    discount_percent: Decimal
    tax_category: str | None
    tax_percent: Decimal | None
    net_minor: int | None
    from_place_id: int | None
    to_place_id: int | None
    drops: bool
    reason: str
    source_line_id: int | None
    rejected_goods: bool
    credited_line_id: int | None
    amount_only: bool
    counted: Decimal | None
    level_at_count: Decimal | None
    move_at_count: int | None
    priority: int
    asked_at: datetime | None
    sku: str
    unit: str
    unit_digits: int
    nature: str

    @property
    def is_goods(self) -> bool:
        """Whether it claims and moves anything."""
        return self.nature == "goods"


_DOCUMENT_COLUMNS = [document.c[each.name] for each in fields(DocumentRecord)]
_PRODUCT_COLUMNS = ("sku", "unit", "unit_digits", "nature")
_LINE_COLUMNS: list[ColumnElement[Any]] = [
    func.coalesce(product.c[each.name], default).label(each.name)
    if (default := {"sku": "", "unit": "", "unit_digits": 0, "nature": "service"}.get(each.name))
    is not None
    else line.c[each.name]
    for each in fields(LineRecord)
]


def document_columns() -> list[ColumnElement[Any]]:
    """The columns of a header, for statements that join something to it."""
    return list(_DOCUMENT_COLUMNS)


_DOCUMENT = select(*_DOCUMENT_COLUMNS).where(document.c.id == bindparam("of"))
_DOCUMENTS = select(*_DOCUMENT_COLUMNS).where(document.c.id.in_(IDS))


def documents(connection: Connection, document_ids: Collection[int]) -> dict[int, DocumentRecord]:
    """The documents with these ids."""
    ids = sorted(set(document_ids))
    # A list of ids is written into the statement each time that it runs; one alone is not.
    if len(ids) == 1:
        rows = connection.execute(_DOCUMENT, {"of": ids[0]})
    else:
        rows = connection.execute(_DOCUMENTS, {"ids": ids})
    return {row.id: filled(DocumentRecord, row) for row in rows}


def documents_where(
    connection: Connection,
    *conditions: ColumnElement[bool],
    newest_first: bool = True,
    limit: int | None = None,
    offset: int = 0,
) -> list[DocumentRecord]:
    """The documents that meet all conditions (on `document.c`)."""
    order = document.c.id.desc() if newest_first else document.c.id
    statement = select(*_DOCUMENT_COLUMNS).where(*conditions).order_by(order)
    rows = connection.execute(statement.limit(limit).offset(offset))
    return [filled(DocumentRecord, row) for row in rows]


_LINES = (
    select(*_LINE_COLUMNS)
    .select_from(line.outerjoin(product, product.c.id == line.c.product_id))
    .order_by(line.c.document_id, line.c.position, line.c.id)
)
_LINES_OF = _LINES.where(line.c.document_id.in_(IDS))
_LINES_BY_ID = _LINES.where(line.c.id.in_(IDS))


def lines_of(connection: Connection, document_ids: Collection[int]) -> dict[int, list[LineRecord]]:
    """The lines of these documents, by document, in their order."""
    return _lines(connection, _LINES_OF, document_ids)


def lines_by_id(connection: Connection, line_ids: Collection[int]) -> dict[int, LineRecord]:
    """Lines with these ids."""
    found = _lines(connection, _LINES_BY_ID, line_ids)
    return {each.id: each for group in found.values() for each in group}


def _lines(
    connection: Connection, statement: Select[Any], ids: Collection[int]
) -> dict[int, list[LineRecord]]:
    found: dict[int, list[LineRecord]] = defaultdict(list)
    for row in connection.execute(statement, {"ids": sorted(set(ids))}):
        found[row.document_id].append(filled(LineRecord, row))
    return found


@dataclass(frozen=True)
class ChainMember:
    """A line in some chain, with what it needs of its document's header."""

    kind: str
    state: str
    number: str | None
    party_id: int | None
    rate: Decimal | None
    discount_percent: Decimal
    discount_minor: int
    valid_until: datetime | None
    ships_complete: bool
    issued_on: date | None
    delivery_on: date | None
    link: Link
    line: LineRecord

    @property
    def id(self) -> int:
        """The line's id."""
        return self.line.id

    @property
    def document_id(self) -> int:
        """The document that the line belongs to."""
        return self.line.document_id


_HEADER_COLUMNS = {
    each.name: document.c[each.name]
    for each in fields(ChainMember)
    if each.name not in ("link", "line")
}
"""What a member has of its document's header."""


_DRAWS = (
    select(Together(draw.c.track.concat(":").concat(cast(draw.c.quantity, PLAIN_TEXT))))
    .where(draw.c.line_id == line.c.id)
    .scalar_subquery()
)
"""What was drawn from a line, as one text ("bill:2000000 fulfil:1000000"): so a chain has one row
for each of its lines, where a join would repeat all their columns for each track."""
_QUANTITY = Quantity()


def _drawn_in(draws: str | None) -> dict[Track, Decimal]:
    """What the text of `_DRAWS` comes to on each track."""
    found: dict[str, int] = {}
    for each in draws.split() if draws else ():
        track, _, quantity = each.partition(":")
        found[track] = found.get(track, 0) + int(quantity)
    return {Track(track): _QUANTITY.read(quantity) for track, quantity in found.items()}


def _road(condition: ColumnElement[bool]) -> Select[Any]:
    """The statement for the chains of the lines that meet a condition."""
    start = select(line.c.id.label("start"), line.c.id.label("member")).where(condition)
    road = start.cte("road", recursive=True)
    child, parent = line.alias("child"), line.alias("parent")
    road = road.union(
        select(road.c.start, parent.c.id)
        .select_from(road.join(child, child.c.id == road.c.member))
        .join(parent, parent.c.id.in_([child.c.source_line_id, child.c.credited_line_id]))
    )
    return select(
        road.c.start,
        *_LINE_COLUMNS,
        *prefixed("header", _HEADER_COLUMNS),
        _DRAWS.label("draws"),
    ).select_from(
        road.join(line, line.c.id == road.c.member)
        .join(document, document.c.id == line.c.document_id)
        .outerjoin(product, product.c.id == line.c.product_id)
    )


_CHAINS = _road(line.c.id.in_(IDS))
_CHAINS_OF = _road(line.c.document_id == bindparam("of"))
_CHAINS_OF_MANY = _road(line.c.document_id.in_(IDS))


def chains(connection: Connection, line_ids: Collection[int]) -> dict[int, list[ChainMember]]:
    """For each line: itself first, then all its ancestors on every road, each once.

    One statement, for one line and for fifty.
    """
    if not line_ids:
        return {}
    return _linked(connection.execute(_CHAINS, {"ids": sorted(set(line_ids))}).all())


def chains_of(connection: Connection, *document_ids: int) -> dict[int, list[ChainMember]]:
    """The chains of all lines of documents, in the order of their lines, in one statement."""
    if len(document_ids) == 1:
        return _linked(connection.execute(_CHAINS_OF, {"of": document_ids[0]}).all())
    return _linked(connection.execute(_CHAINS_OF_MANY, {"ids": list(document_ids)}).all())


def _linked(rows: Sequence[Any]) -> dict[int, list[ChainMember]]:
    members: dict[int, ChainMember] = {}
    pairs: list[tuple[int, int]] = []
    for row in rows:
        pairs.append((row.start, row.id))
        if row.id not in members:
            members[row.id] = _member(row)
    starts = sorted(
        {start for start, _ in pairs},
        key=lambda each: (members[each].document_id, members[each].line.position, each),
    )
    found: dict[int, list[ChainMember]] = {each: [members[each]] for each in starts}
    for start, member in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        if member != start:
            found[start].append(members[member])
    return found


def _member(row: Row[Any]) -> ChainMember:
    its_line = filled(LineRecord, row)
    its_type = type_of(row.header_of_kind)
    link = Link(
        state_of(its_line, _drawn_in(row.draws)),
        its_type.lines,
        row.header_of_state in its_type.lifecycle.in_force,
    )
    return filled(ChainMember, row, prefix="header", link=link, line=its_line)


def state_of(its_line: LineRecord, drawn: Mapping[Track, Decimal]) -> LineState:
    """A line as the rules of links see it."""
    return LineState(
        line_id=its_line.id,
        quantity=its_line.quantity,
        drawn=drawn,
        rejected=its_line.rejected,
        service=not its_line.is_goods,
    )


_DRAWN = (
    select(draw.c.line_id, draw.c.track, func.sum(draw.c.quantity).label("quantity"))
    .where(draw.c.line_id.in_(IDS))
    .group_by(draw.c.line_id, draw.c.track)
)


def drawn_from(
    connection: Connection, line_ids: Sequence[int]
) -> Mapping[int, Mapping[Track, Decimal]]:
    """What live draws took from each line on each track (reversals are in the sum)."""
    rows = connection.execute(_DRAWN, {"ids": list(line_ids)})
    found: dict[int, dict[Track, Decimal]] = defaultdict(dict)
    for row in rows:
        found[row.line_id][Track(row.track)] = row.quantity
    return found


def states_of_lines(
    connection: Connection, document_ids: Collection[int]
) -> dict[int, list[tuple[LineRecord, LineState]]]:
    """Each document's lines together with what was drawn from them, in two statements."""
    lines = lines_of(connection, document_ids)
    ids = sorted(each.id for group in lines.values() for each in group)
    drawn = drawn_from(connection, ids)
    return {
        document_id: [(each, state_of(each, drawn.get(each.id, {}))) for each in group]
        for document_id, group in lines.items()
    }
