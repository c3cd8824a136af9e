"""What was merged into another one: archived, one step away from it, and with nothing to go on."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, select

from core.services.audit.breach import Breach
from core.services.people.merging import moves_over, takes_other_product
from core.storage.tables import contact, document, party, product
from core.storage.tables import document_line as line

CHECK = "merges"


def merges(connection: Connection) -> Iterator[Breach]:
    """Everything that was merged is at its end; a circle would be a chain without one."""
    for subject, table in (("party", party), ("product", product)):
        yield from _not_archived(connection, subject, table)
        yield from _chained(connection, subject, table)
    yield from _left_behind(connection)


def _not_archived(connection: Connection, subject: str, table: Table) -> Iterator[Breach]:
    rows = connection.execute(
        select(table.c.id, table.c.merged_into)
        .where(table.c.merged_into.is_not(None), table.c.archived_at.is_(None))
        .order_by(table.c.id)
    )
    for row in rows:
        facts = {"into": row.merged_into, "archived": False}
        yield Breach(CHECK, f"{subject}:{row.id}", facts)


def _chained(connection: Connection, subject: str, table: Table) -> Iterator[Breach]:
    into = table.alias("into")
    rows = connection.execute(
        select(table.c.id, into.c.id.label("into"), into.c.merged_into.label("on"))
        .join(into, into.c.id == table.c.merged_into)
        .where(into.c.merged_into.is_not(None))
        .order_by(table.c.id)
    )
    for row in rows:
        facts = {"into": row.into, "that_into": row.on}
        yield Breach(CHECK, f"{subject}:{row.id}", facts)


def _left_behind(connection: Connection) -> Iterator[Breach]:
    """Contacts, drafts and lines of drafts that should have gone over."""
    people = (
        select(party.c.id, contact.c.id.label("left"))
        .join(contact, contact.c.party_id == party.c.id)
        .where(party.c.merged_into.is_not(None), contact.c.ended_at.is_(None))
    )
    drafts = (
        select(party.c.id, document.c.id.label("left"))
        .join(document, document.c.party_id == party.c.id)
        .where(party.c.merged_into.is_not(None), moves_over())
    )
    lines = (
        select(product.c.id, line.c.id.label("left"))
        .join(line, line.c.product_id == product.c.id)
        .join(document, document.c.id == line.c.document_id)
        .where(product.c.merged_into.is_not(None), takes_other_product())
    )
    for subject, left, statement in (
        ("party", "contact", people), ("party", "document", drafts), ("product", "line", lines),
    ):  # fmt: skip
        for row in connection.execute(statement.order_by(statement.selected_columns.left)):
            yield Breach(CHECK, f"{subject}:{row.id}", {left: row.left})
