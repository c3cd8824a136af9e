"""The names of lines in a reader's language.  What is kept of a line is not changed by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from core.storage.queries.document_queries import LineRecord
from core.storage.tables import product, product_name

_NAMES = (
    select(
        product.c.id,
        product.c.name.label("own"),
        product_name.c.language,
        product_name.c.name,
    )
    .select_from(product.outerjoin(product_name, product_name.c.product_id == product.c.id))
    .where(product.c.id.in_(bindparam("ids", expanding=True)))
)


def in_language(
    connection: Connection, lines: Iterable[LineRecord], language: str
) -> dict[int, LineRecord]:
    """The lines by their ids, each called as its product is called in `language`.

    Only what is a name of the product in some language is translated: a name that somebody gave
    a line stays.
    """
    found = {each.id: each for each in lines}
    product_ids = {each.product_id for each in found.values() if each.product_id is not None}
    if not product_ids:
        return found
    known: dict[int, dict[str | None, str]] = {}
    for row in connection.execute(_NAMES, {"ids": sorted(product_ids)}):
        names = known.setdefault(row.id, {None: row.own})
        if row.language is not None:
            names[row.language] = row.name
    for line_id, each in found.items():
        names = known.get(each.product_id or 0, {})
        name = names.get(language, names.get(None))
        if name is not None and name != each.name and each.name in names.values():
            found[line_id] = replace(each, name=name)
    return found
