"""Drafts: made, changed line by line, thrown away.  They have no number and no effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from core.domain.document_type import DocumentType, PartySide
from core.domain.documents import type_of
from core.domain.errors import Refusal
from core.domain.lifecycles import Action
from core.domain.people import Right
from core.domain.quantity import check_quantity
from core.services import company, templates
from core.services.documents import document_header
from core.services.documents.line_products import LineProduct, products_for_lines
from core.services.history import record
from core.services.numbering import business_day
from core.services.people import parties
from core.services.people.parties import PartyRecord
from core.services.products import pricing
from core.services.rights import Changed, NotFound, require
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord, documents
from core.storage.sql import insert_one, insert_rows, update_one
from core.storage.tables import document
from core.storage.tables import document_line as line

MOST_LINES = 500
"""A paper longer than this is no paper; an import would be split."""


class NotADraft(Refusal):
    """Only a draft is edited; what is in force is amended or corrected by another paper."""

    code = "not_a_draft"
    fact_names = ("number",)


class ProductArchived(Refusal):
    """An archived product is not offered for new lines."""

    code = "product_archived"
    fact_names = ("name",)


class NeedsSource(Refusal):
    """A document of this kind is only made from another one."""

    code = "needs_source"
    fact_names = ("kind",)


class TooManyLines(Refusal):
    """The document has more lines than a paper can have."""

    code = "too_many_lines"
    fact_names = ("most",)


@dataclass(frozen=True)
class NewLine:
    """A line to be written; what is None is found by the rules (name, price, tax).

    Prices are in the document's currency, quantities in the product's unit.
    """

    product_id: int | None
    quantity: Decimal
    name: str | None = None
    unit_price: Decimal | None = None
    price_source: str = ""
    discount_percent: Decimal = Decimal(0)
    tax_category: str | None = None
    tax_percent: Decimal | None = None
    rejected: Decimal = Decimal(0)
    from_place_id: int | None = None
    to_place_id: int | None = None
    drops: bool = False
    reason: str = ""
    source_line_id: int | None = None
    rejected_goods: bool = False
    credited_line_id: int | None = None
    amount_only: bool = False
    counted: Decimal | None = None
    level_at_count: Decimal | None = None
    move_at_count: int | None = None


def create(
    work: Work,
    kind: str,
    *,
    party_id: int | None = None,
    lines: Sequence[NewLine] = (),
    made_from_source: bool = False,
    **header: Any,
) -> int:
    """Make a draft; returns its id.

    Args:
        work: the unit of work.
        kind: a kind of the table.
        party_id: with whom; kinds that have a party do not begin without.
        lines: its first lines.
        made_from_source: it is a conversion; kinds that need a source refuse otherwise.
        header: columns of the document that the rules would otherwise fill.

    Raises:
        NotAllowed, NotFound: no right, or no such party.
        NeedsSource, PartyUnsuitable, PartyWithoutCurrency, RateMissing.
    """
    row = type_of(kind)
    require(work.actor, Right.DRAFT, row, party_id=party_id)
    if row.needs_source and not made_from_source:
        raise NeedsSource(kind=row.kind)
    with_party = row.party is not PartySide.NOBODY
    its_company, party = document_header.read_beginning(
        work.connection, party_id if with_party else None
    )
    values: dict[str, Any] = {}
    if with_party:
        party = _found(party)
        parties.require_suitable(party, row, goes_on=made_from_source or row.settles)
        values |= _terms(work, row, party, its_company=its_company, header=header)
    values |= header
    document_id = insert_one(
        work.connection,
        document,
        kind=row.kind,
        state=str(row.lifecycle.initial),
        party_id=party_id,
        created_by=work.actor.person_id or None,
        created_at=work.now,
        **values,
    )
    today = _today(work, its_company)
    header_record = _Header(document_id, row, values.get("currency"), values.get("rate"), today)
    if lines:
        _write_lines(work, header_record, party, lines=lines, first=1)
    record(work, "document", document_id, action="draft", kind=row.kind)
    return document_id


@dataclass(frozen=True)
class Preview:
    """A draft that does not exist yet: what it would say."""

    currency: str | None
    lines: Sequence[NewLine]


def preview(work: Work, kind: str, party_id: int, *, lines: Sequence[NewLine]) -> Preview:
    """What `create` would write, without writing it.

    Raises:
        What `create` raises.
    """
    row = type_of(kind)
    require(work.actor, Right.DRAFT, row, party_id=party_id)
    its_company, found = document_header.read_beginning(work.connection, party_id)
    party = _found(found)
    parties.require_suitable(party, row)
    terms = _terms(work, row, party, its_company=its_company, header={})
    today = _today(work, its_company)
    header = _Header(0, row, terms.get("currency"), terms.get("rate"), today)
    ready = _ready_lines(work, header, party, lines=lines)
    return Preview(header.currency, ready)


@dataclass(frozen=True)
class _Header:
    """What the lines of a document need of it; `today` where the company was read already."""

    id: int
    row: DocumentType
    currency: str | None
    rate: Decimal | None
    today: date | None = None


def _today(work: Work, its_company: company.CompanyRecord) -> date:
    return business_day(work.now, its_company.zone)


def _party(connection: Connection, party_id: int | None) -> PartyRecord:
    """The party of a document that has one.  Raises NotFound."""
    return _found(parties.load(connection, [party_id or 0]).get(party_id or 0))


def _found(party: PartyRecord | None) -> PartyRecord:
    if party is None:
        raise NotFound(subject="party")
    return party


def _terms(
    work: Work,
    row: DocumentType,
    party: PartyRecord,
    *,
    its_company: company.CompanyRecord,
    header: dict[str, Any],
) -> dict[str, Any]:
    """Currency, rate and terms by the party, as they are today."""
    if not (row.priced or row.settles):
        return {}
    currency = header.get("currency") or party.currency or its_company.currency
    day = _today(work, its_company)
    rate = pricing.rate_on(
        work.connection, currency, company_currency=its_company.currency, day=day
    )
    days = its_company.payment_days if party.payment_days is None else party.payment_days
    return {
        "currency": currency,
        "rate": rate.rate,
        "rate_on": rate.day,
        "rate_source": rate.source,
        "payment_days": days,
        "payment_mode": party.payment_mode,
    }


def _write_lines(
    work: Work,
    header: _Header,
    party: PartyRecord | None,
    *,
    lines: Sequence[NewLine],
    first: int,
) -> None:
    if first + len(lines) - 1 > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    ready = _ready_lines(work, header, party, lines=lines)
    insert_rows(
        work.connection,
        line,
        [
            {"document_id": header.id, "position": first + at, **_values(each)}
            for at, each in enumerate(ready)
        ],
    )


def _ready_lines(
    work: Work, header: _Header, party: PartyRecord | None, *, lines: Sequence[NewLine]
) -> list[NewLine]:
    """The lines with names, taxes and prices by the rules, in two statements."""
    found = products_for_lines(
        work.connection, [each.product_id for each in lines if each.product_id is not None]
    )
    ready = [_completed(each, header, party, found=found) for each in lines]
    if header.row.priced:
        ready = _priced(work, header, party, lines=ready, found=found)
    return ready


def _values(new: NewLine) -> dict[str, Any]:
    return {name: getattr(new, name) for name in NewLine.__dataclass_fields__}


def _completed(
    new: NewLine,
    header: _Header,
    party: PartyRecord | None,
    *,
    found: dict[int, LineProduct],
) -> NewLine:
    """The line with its product's name and tax, its quantities checked by the unit's digits."""
    if new.product_id is None:
        digits, name, rate = 6, new.name or "", None
    else:
        its_product = found.get(new.product_id)
        if its_product is None:
            raise NotFound(subject="product")
        if its_product.archived and new.source_line_id is None:
            raise ProductArchived(name=its_product.name)
        digits, name, rate = its_product.unit_digits, its_product.name, its_product.tax
    zero_allowed = header.row.counts or bool(new.rejected) or new.counted is not None
    quantity = check_quantity(new.quantity, unit_digits=digits, zero_allowed=zero_allowed)
    rejected = check_quantity(new.rejected, unit_digits=digits, zero_allowed=True)
    found_out: dict[str, Any] = {
        "name": new.name or name, "quantity": quantity, "rejected": rejected,
    }  # fmt: skip
    if header.row.priced and new.tax_category is None:
        rate = party.tax_rule if party is not None and party.tax_rule is not None else rate
        if rate is not None:
            found_out |= {"tax_category": rate.category, "tax_percent": rate.percent}
    return replace(new, **found_out)


def _priced(
    work: Work,
    header: _Header,
    party: PartyRecord | None,
    *,
    lines: list[NewLine],
    found: dict[int, LineProduct],
) -> list[NewLine]:
    """The lines with the price that the rules give to those that have none yet."""
    wanted = [
        pricing.Wanted(each.product_id, each.quantity, found[each.product_id].list_price)
        for each in lines
        if each.unit_price is None and each.product_id is not None
    ]
    if not wanted or header.currency is None:
        return [_typed(each) for each in lines]
    today = header.today or _today(work, company.current(work.connection))
    prices = pricing.prices(
        work.connection,
        wanted,
        currency=header.currency,
        party_book_id=party.price_book_id if party is not None else None,
        day=today,
        rate=header.rate or Decimal(1),
    )
    ready = []
    for each in lines:
        price = prices.get(each.product_id) if each.product_id is not None else None
        if each.unit_price is None and price is not None:
            ready.append(replace(each, unit_price=price.unit_price, price_source=price.source))
        else:
            ready.append(_typed(each))
    return ready


def _typed(new: NewLine) -> NewLine:
    if new.unit_price is None or new.price_source:
        return new
    return replace(new, price_source="typed")


def add_lines(work: Work, document_id: int, *, revision: int, lines: Sequence[NewLine]) -> None:
    """Add lines to a draft, behind those that it has.

    Raises:
        NotADraft, Changed, TooManyLines, and what is wrong with a quantity or a product.
        NeedsSource: its lines are made from another document, and nothing stands beside them.
    """
    draft = _editable(work, document_id, revision=revision)
    if draft.type.needs_source:
        raise NeedsSource(kind=draft.type.kind)
    last = work.connection.execute(
        select(func.coalesce(func.max(line.c.position), 0)).where(
            line.c.document_id == document_id
        )
    ).scalar_one()
    party = None if draft.party_id is None else _party(work.connection, draft.party_id)
    header = _Header(draft.id, draft.type, draft.currency, draft.rate)
    _write_lines(work, header, party, lines=lines, first=last + 1)
    record(work, "document", document_id, action="add_lines", count=len(lines))


def change_line(
    work: Work, document_id: int, line_id: int, *, revision: int, **changes: Any
) -> None:
    """Change a line of a draft: quantity, rejected, price, discount, name, reason, places...

    A new quantity asks the price rules again, unless the price was typed.

    Raises:
        NotADraft, Changed, NotFound, and what is wrong with a quantity.
    """
    draft = _editable(work, document_id, revision=revision)
    row = work.connection.execute(
        select(line).where(line.c.id == line_id, line.c.document_id == document_id)
    ).one_or_none()
    if row is None:
        raise NotFound(subject="line")
    if "unit_price" in changes:
        changes["price_source"] = "typed"
    elif "quantity" in changes and row.price_source not in ("typed", "source"):
        changes |= {"unit_price": None, "price_source": ""}
    kept = row._asdict()
    new = NewLine(**{name: kept[name] for name in NewLine.__dataclass_fields__})
    new = replace(new, **changes)
    party = None if draft.party_id is None else _party(work.connection, draft.party_id)
    header = _Header(draft.id, draft.type, draft.currency, draft.rate)
    ids = [new.product_id] if new.product_id is not None else []
    found = products_for_lines(work.connection, ids)
    ready = _completed(new, header, party, found=found)
    if draft.type.priced:
        ready = _priced(work, header, party, lines=[ready], found=found)[0]
    update_one(work.connection, line, line_id, **_values(ready))
    record(work, "document", document_id, action="change_line", line=line_id, **changes)


def remove_line(work: Work, document_id: int, line_id: int, *, revision: int) -> None:
    """Take a line off a draft.

    Raises:
        NotADraft, Changed.
    """
    _editable(work, document_id, revision=revision)
    work.connection.execute(
        delete(line).where(line.c.id == line_id, line.c.document_id == document_id)
    )
    record(work, "document", document_id, action="remove_line", line=line_id)


EDITABLE = frozenset({
    "reference", "foreign_number", "delivery_on", "due_on", "valid_until", "payment_days",
    "payment_mode", "ships_complete", "discount_percent", "discount_minor", "notes", "reason",
    "delivery_address_id", "contact_id", "prices_include_tax", "template_id",
})  # fmt: skip


def change_header(work: Work, document_id: int, *, revision: int, **changes: Any) -> None:
    """Change dates, terms, references, notes and the template of a draft.

    Raises:
        NotADraft, Changed.
        WrongTemplate: the template is archived, or not meant for this kind of paper.
        TypeError: a column that is not edited this way.
    """
    if not set(changes) <= EDITABLE:
        raise TypeError(f"not edited this way: {sorted(set(changes) - EDITABLE)}")
    draft = _editable(work, document_id, revision=revision)
    if "template_id" in changes:
        templates.require_choosable(work, changes["template_id"], draft.type)
    update_one(work.connection, document, document_id, **changes)
    record(work, "document", document_id, action="change", **changes)


def discard(work: Work, document_id: int, *, revision: int) -> None:
    """Throw a draft away: it is kept, cancelled, without a number.

    Raises:
        NotADraft, Changed.
    """
    draft = _editable(work, document_id, revision=revision)
    after = draft.type.lifecycle.after(draft.type.lifecycle.initial, Action.CANCEL)
    update_one(work.connection, document, document_id, state=str(after), ended_at=work.now)
    record(work, "document", document_id, action="discard")


def _editable(work: Work, document_id: int, *, revision: int) -> DocumentRecord:
    """The draft, one revision on: the one statement that decides between two editors."""
    draft = documents(work.connection, [document_id]).get(document_id)
    if draft is None:
        raise NotFound(subject="document")
    require(work.actor, Right.DRAFT, draft.type, party_id=draft.party_id)
    if draft.state != draft.type.lifecycle.initial:
        raise NotADraft(number=draft.number or "")
    advance(work, document_id, revision=revision)
    return draft


_ADVANCE = update(document).where(
    document.c.id == bindparam("of_id"), document.c.revision == bindparam("from_revision")
)


def advance(work: Work, document_id: int, *, revision: int) -> None:
    """Move a document one revision on.

    Raises:
        Changed: it is not at `revision` any more; nothing was done.
    """
    changed = work.connection.execute(
        _ADVANCE, {"of_id": document_id, "from_revision": revision, "revision": revision + 1}
    )
    if changed.rowcount != 1:
        raise Changed(subject="document", id=document_id)
