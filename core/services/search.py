"""Finding products, parties and papers by what people type, also with typing errors.

The words that were typed are corrected against the words that there are, then the rows that have
them all are found; a code or a barcode is meant exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select

from core.domain.people import Ability
from core.domain.texts import folded
from core.services.rights import require_ability
from core.services.work import Work
from core.storage.models import Party, Product, ProductName
from core.storage.writing import table_of

party = table_of(Party)
product = table_of(Product)
product_name = table_of(ProductName)

MOST = 10
NEAREST = 3
"""How many known words one typed word may stand for."""


@dataclass(frozen=True)
class Hit:
    """Something that was found; `exact` when nothing else can be meant."""

    id: int
    name: str
    exact: bool = False


def products(work: Work, text: str) -> list[Hit]:
    """The products that `text` may mean, the best first.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.SEE_CATALOGUE)
    code = text.strip()
    exact = or_(product.c.folded_sku == code.casefold(), product.c.barcode == code)
    found = _rows(work.connection, product, exact)
    if found:
        return [Hit(found[0].id, found[0].name, exact=True)]
    return _by_words(work.connection, product, text, names=True)


def parties(work: Work, text: str, *, customers: bool = False, vendors: bool = False) -> list[Hit]:
    """The parties that `text` may mean, the best first.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.SEE_PARTIES)
    conditions = [party.c.is_customer] if customers else []
    conditions += [party.c.is_vendor] if vendors else []
    return _by_words(work.connection, party, text, conditions=conditions)


def _by_words(
    connection: Connection,
    table: Table,
    text: str,
    *,
    names: bool = False,
    conditions: Sequence[ColumnElement[bool]] = (),
) -> list[Hit]:
    words = folded(text).split()
    if not words:
        return []
    rows = _rows(
        connection, table, *conditions, _has_all([[word] for word in words], table, names=names)
    )
    if not rows:
        corrected = _corrected(connection, table, words)
        if corrected is not None:
            rows = _rows(connection, table, *conditions, _has_all(corrected, table, names=names))
    whole = " ".join(words)
    ranked = sorted(rows, key=lambda row: _rank(row.folded_name, whole, words))
    is_one = len(ranked) == 1 or (
        len(ranked) > 1 and ranked[0].folded_name == whole != ranked[1].folded_name
    )
    return [Hit(row.id, row.name, exact=is_one and at == 0) for at, row in enumerate(ranked)]


def _rank(name: str, whole: str, words: Sequence[str]) -> tuple[bool, bool, int, str]:
    """Equal first, then what begins like it, then whole words, then short names."""
    its_words = name.split()
    missing = sum(1 for word in words if word not in its_words)
    return (name != whole, not name.startswith(whole), missing, name)


def _has_all(words: Sequence[Sequence[str]], table: Table, *, names: bool) -> ColumnElement[bool]:
    """Every word (or one of what it may stand for) is in the name, in any language."""
    return and_(*(or_(*(_has(each, table, names=names) for each in group)) for group in words))


def _has(word: str, table: Table, *, names: bool) -> ColumnElement[bool]:
    found = table.c.folded_name.contains(word, autoescape=True)
    if not names:
        return found
    other = select(product_name.c.product_id).where(
        product_name.c.folded_name.contains(word, autoescape=True)
    )
    return or_(found, table.c.id.in_(other), table.c.folded_sku.contains(word, autoescape=True))


def _corrected(
    connection: Connection, table: Table, words: Sequence[str]
) -> list[list[str]] | None:
    """For each word the nearest known words; none when a word is like nothing."""
    known = sorted(
        {
            word
            for name in connection.execute(
                select(table.c.folded_name).where(table.c.archived_at.is_(None))
            ).scalars()
            for word in name.split()
        }
    )
    found = []
    for word in words:
        near = process.extract(
            word,
            known,
            scorer=OSA.distance,
            limit=NEAREST,
            score_cutoff=1 if len(word) < 5 else 2,
        )
        if not near:
            return None
        found.append([each[0] for each in near])
    return found


def _rows(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> Sequence[Any]:
    return connection.execute(
        select(table.c.id, table.c.name, table.c.folded_name)
        .where(table.c.archived_at.is_(None), *conditions)
        .order_by(table.c.folded_name, table.c.id)
        .limit(MOST)
    ).all()
