"""Parties with their contacts and addresses, and prices, in the columns that an import takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, select

from core.domain import payment_modes
from core.domain.messages import N_
from core.files.writer import Value
from core.reports.report import Asked, Report, Rows
from core.services.importing.cells import SIDES
from core.services.importing.columns import PARTIES, PRICES
from core.services.importing.parties import PARTS, USES
from core.services.work import Work
from core.storage.tables import address, contact, party, price, product, tax
from core.storage.tables import price_book as book

PRICE_KEYS: Final = ("book", "currency", "sku", "name", "from_quantity", "unit_price",
                     "valid_from", "valid_until", "is_default")  # fmt: skip


def _party_headings(_work: Work, _asked: Asked) -> Sequence[str]:
    return [each.heading for each in PARTIES.columns]


def _parties(work: Work, asked: Asked) -> Rows:
    """A row for each contact; a party without contacts has one."""
    contacts: dict[int, list[Row[Any]]] = defaultdict(list)
    living = select(contact).where(contact.c.ended_at.is_(None)).order_by(contact.c.id)
    for row in work.connection.execute(living):
        contacts[row.party_id].append(row)
    addresses: dict[tuple[int, str], Row[Any]] = {}
    in_use = select(address).where(address.c.ended_at.is_(None)).order_by(address.c.id)
    for row in work.connection.execute(in_use):
        addresses.setdefault((row.party_id, row.use), row)
    rows = work.connection.execute(
        select(party, tax.c.name.label("tax"), book.c.name.label("price_book"))
        .select_from(
            party.outerjoin(tax, tax.c.id == party.c.tax_rule_id).outerjoin(
                book, book.c.id == party.c.price_book_id
            )
        )
        .where(party.c.archived_at.is_(None))
        .order_by(party.c.folded_name, party.c.id)
    )
    for row in rows:
        head = _head(row, asked)
        places: list[Value] = []
        for use in USES:
            there = addresses.get((row.id, use))
            places += [None if there is None else getattr(there, part) for part in PARTS]
        for each in contacts[row.id]:
            yield [*head, each.name, each.phone, each.email, *places]
        if not contacts[row.id]:
            yield [*head, None, None, None, *places]


def _head(row: Row[Any], asked: Asked) -> list[Value]:
    side = "both" if row.is_customer and row.is_vendor else ""
    side = side or ("customer" if row.is_customer else "vendor")
    words = asked.words
    return [
        row.name,
        words.text(SIDES[side][0]),
        row.currency,
        row.language,
        row.tax_id,
        row.electronic_address,
        row.tax,
        row.payment_days,
        words.text(payment_modes.LABELS[row.payment_mode]),
        row.price_book,
    ]


def _price_headings(_work: Work, _asked: Asked) -> Sequence[str]:
    return [PRICES.column(key).heading for key in PRICE_KEYS]


def _prices(work: Work, _asked: Asked) -> Rows:
    rows = work.connection.execute(
        select(
            book.c.name, book.c.currency, product.c.sku, product.c.name, price.c.from_quantity,
            price.c.unit_price, book.c.valid_from, book.c.valid_until, book.c.is_default,
        )
        .select_from(
            price.join(book, book.c.id == price.c.price_book_id).join(
                product, product.c.id == price.c.product_id
            )
        )
        .where(book.c.archived_at.is_(None), product.c.archived_at.is_(None))
        .order_by(book.c.name, product.c.folded_sku, price.c.from_quantity)
    )  # fmt: skip
    return [list(row) for row in rows]


PARTIES_REPORT: Final = Report(
    "parties",
    PARTIES.label,
    N_("With whom do we trade, and how are they reached?"),
    _party_headings,
    _parties,
)
PRICES_REPORT: Final = Report(
    "prices",
    PRICES.label,
    N_("Which prices are in which price book?"),
    _price_headings,
    _prices,
)
