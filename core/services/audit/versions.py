"""Amended documents: every earlier version is kept, and working copies have no effects."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, or_, select

from core.domain.lifecycles import State
from core.services.audit.breach import Breach
from core.storage.tables import document, document_tax, document_version


def versions(connection: Connection) -> Iterator[Breach]:
    """A document of version three has versions one and two, each with the taxes of its totals."""
    yield from _missing(connection)
    yield from _untaxed(connection)
    yield from _copies(connection)


def _missing(connection: Connection) -> Iterator[Breach]:
    kept = (
        select(
            document_version.c.document_id,
            func.count().label("versions"),
            func.min(document_version.c.version).label("first"),
            func.max(document_version.c.version).label("last"),
        )
        .group_by(document_version.c.document_id)
        .subquery("kept")
    )
    versions_kept = func.coalesce(kept.c.versions, 0)
    rows = connection.execute(
        select(document.c.id, document.c.version, versions_kept.label("kept"))
        .select_from(document.outerjoin(kept, kept.c.document_id == document.c.id))
        .where(
            document.c.amends_id.is_(None),
            or_(
                versions_kept != document.c.version - 1,
                kept.c.first != 1,
                kept.c.last != document.c.version - 1,
            ),
        )
        .order_by(document.c.id)
    )
    for row in rows:
        facts = {"version": row.version, "kept": row.kept}
        yield Breach("versions", f"document:{row.id}", facts)


def _untaxed(connection: Connection) -> Iterator[Breach]:
    """The present version is asked by the check of taxes."""
    by_rate = (
        select(
            document_tax.c.document_id,
            document_tax.c.version,
            func.sum(document_tax.c.base_minor).label("base"),
            func.sum(document_tax.c.tax_minor).label("tax"),
        )
        .group_by(document_tax.c.document_id, document_tax.c.version)
        .subquery("by_rate")
    )
    base, tax = func.coalesce(by_rate.c.base, 0), func.coalesce(by_rate.c.tax, 0)
    rows = connection.execute(
        select(
            document_version.c.document_id, document_version.c.version,
            document_version.c.net_minor, base.label("base"),
            document_version.c.tax_minor, tax.label("taxes"),
        )
        .select_from(
            document_version.outerjoin(
                by_rate,
                (by_rate.c.document_id == document_version.c.document_id)
                & (by_rate.c.version == document_version.c.version),
            )
        )
        .where(
            document_version.c.total_minor.is_not(None),
            or_(base != document_version.c.net_minor, tax != document_version.c.tax_minor),
        )
        .order_by(document_version.c.id)
    )  # fmt: skip
    for row in rows:
        facts = {
            "version": row.version, "net": row.net_minor, "base": row.base,
            "tax": row.tax_minor, "taxes": row.taxes,
        }  # fmt: skip
        yield Breach("versions", f"document:{row.document_id}", facts)


def _copies(connection: Connection) -> Iterator[Breach]:
    """A working copy is of its order's kind and party, and is open or thrown away."""
    order = document.alias("the_order")
    rows = connection.execute(
        select(document.c.id, document.c.state, document.c.amends_id)
        .select_from(document.join(order, order.c.id == document.c.amends_id))
        .where(
            or_(
                document.c.state.not_in([str(State.DRAFT), str(State.CANCELLED)]),
                document.c.number.is_not(None),
                document.c.kind != order.c.kind,
                document.c.party_id.is_distinct_from(order.c.party_id),
                order.c.number.is_(None),
            )
        )
        .order_by(document.c.id)
    )
    for row in rows:
        facts = {"state": row.state, "amends": row.amends_id}
        yield Breach("versions", f"document:{row.id}", facts)
