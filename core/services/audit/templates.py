"""Templates: what papers follow is there and offered, and what a template says can be read."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from core.domain.documents import DOCUMENT_TYPES
from core.domain.papers.snapshot import load_look
from core.domain.papers.templates import is_scope
from core.services.audit.breach import Breach
from core.services.templates import COMPANY
from core.storage.tables import document, party, template_default
from core.storage.tables import paper_template as template

CHECK = "templates"


def templates(connection: Connection) -> Iterator[Breach]:
    """Every template can be read; every default is one that is offered, every choice is there."""
    yield from _unreadable(connection)
    yield from _wrong_defaults(connection)
    for subject, table in (("document", document), ("party", party)):
        rows = connection.execute(
            select(table.c.id, table.c.template_id)
            .outerjoin(template, template.c.id == table.c.template_id)
            .where(table.c.template_id.is_not(None), template.c.id.is_(None))
            .order_by(table.c.id)
        )
        for row in rows:
            yield Breach(CHECK, f"{subject}:{row.id}", {"template": row.template_id})


def _unreadable(connection: Connection) -> Iterator[Breach]:
    rows = connection.execute(
        select(template.c.id, template.c.scope, template.c.look).order_by(template.c.id)
    )
    for row in rows:
        if not is_scope(row.scope.split()):
            yield Breach(CHECK, f"template:{row.id}", {"scope": row.scope})
        try:
            load_look(row.look)
        except (ValueError, KeyError, TypeError):
            yield Breach(CHECK, f"template:{row.id}", {"look": row.look})


def _wrong_defaults(connection: Connection) -> Iterator[Breach]:
    rows = connection.execute(
        select(template_default.c.kind, template_default.c.template_id, template.c.archived_at)
        .outerjoin(template, template.c.id == template_default.c.template_id)
        .order_by(template_default.c.kind)
    )
    for row in rows:
        if row.archived_at is not None:
            facts = {"kind": row.kind, "archived": True}
            yield Breach(CHECK, f"template:{row.template_id}", facts)
        if row.kind not in DOCUMENT_TYPES and row.kind != COMPANY:
            yield Breach(CHECK, f"template:{row.template_id}", {"kind": row.kind})
