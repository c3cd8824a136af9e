"""An import is taken back, as long as nothing was built on what it made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Table, select, update

from core.domain.documents import type_of
from core.domain.errors import Refusal
from core.services.documents import lifecycle
from core.services.importing.planning import Trace
from core.services.people import party_bulk
from core.services.people.party_bulk import PartyChange
from core.services.products import catalog_bulk
from core.services.products.catalog_bulk import ProductChange, parts_of
from core.services.work import Work
from core.storage.columns import load_json
from core.storage.queries.document_queries import documents
from core.storage.tables import contact, document, party, price, price_book, product
from core.storage.tables import document_line as line


class ImportBuiltOn(Refusal):
    """Something has been done since with what an import made; `names` are the first of these."""

    code = "import_built_on"
    fact_names = ("names",)


def undo_traces(work: Work, traces: Sequence[Trace]) -> None:
    """Take back everything that these traces tell of.

    What was made is archived (or reversed, for papers), what was changed is as it was before.

    Raises:
        ImportBuiltOn: papers were made with it, it was changed again, somebody joined by it.
        NotEnough: counted goods are gone.
    """
    by_subject: dict[str, list[Trace]] = {name: [] for name in UNDOING}
    for each in traces:
        by_subject[each.subject].append(each)
    for name, undo in UNDOING.items():
        if by_subject[name]:
            undo(work, by_subject[name])


def _papers(work: Work, traces: Sequence[Trace]) -> None:
    """Reverse the counts, the last one first."""
    found = documents(work.connection, [each.subject_id for each in traces])
    for each in sorted(found.values(), key=lambda record: -record.id):
        if each.state in each.type.lifecycle.in_force:
            lifecycle.reverse(work, each.id, revision=each.revision)


def _products(work: Work, traces: Sequence[Trace]) -> None:
    made = [each.subject_id for each in traces if _came(each)]
    _refuse_papers(work, line.c.product_id, made, named=product.c.name)
    present = _revisions(work, product, traces)
    changes = []
    for each in traces:
        if each.previous:
            names, values = {}, {}
            for key, value in load_json(each.previous).items():
                if key.startswith("name_"):
                    names[key.removeprefix("name_")] = value
                else:
                    values[key] = value
            change = ProductChange(each.subject_id, each.revision, values, names, restored=True)
            changes.append(change)
        else:
            # The barcode is free for the product that it belongs to.
            values = {"archived_at": work.now, "barcode": None}
            changes.append(ProductChange(each.subject_id, present[each.subject_id], values))
    catalog_bulk.change_products(work, changes)


def _parties(work: Work, traces: Sequence[Trace]) -> None:
    made = [each.subject_id for each in traces if _came(each)]
    _refuse_papers(work, document.c.party_id, made, named=party.c.name)
    present = _revisions(work, party, traces)
    changes = [
        PartyChange(each.subject_id, each.revision, load_json(each.previous), restored=True)
        if each.previous
        else PartyChange(each.subject_id, present[each.subject_id], {"archived_at": work.now})
        for each in traces
    ]
    party_bulk.change_parties(work, changes)


def _contacts(work: Work, traces: Sequence[Trace]) -> None:
    made = [each.subject_id for each in traces if not each.previous]
    for part in parts_of(made):
        joined = select(contact.c.name).where(
            contact.c.id.in_(part), contact.c.person_id.is_not(None)
        )
        names = work.connection.execute(joined.limit(3)).scalars().all()
        if names:
            raise ImportBuiltOn(names=tuple(names))
    party_bulk.end_contacts(work, made)
    changed = {each.subject_id: load_json(each.previous) for each in traces if each.previous}
    rows = []
    for part in parts_of(list(changed)):
        found = select(contact.c.id, contact.c.party_id).where(contact.c.id.in_(part))
        rows += [{**row._mapping, **changed[row.id]} for row in work.connection.execute(found)]
    party_bulk.change_contacts(work, rows, restored=True)


def _addresses(work: Work, traces: Sequence[Trace]) -> None:
    again = [each.revision for each in traces if each.revision]
    party_bulk.end_addresses(work, [each.subject_id for each in traces], again=again)


def _prices(work: Work, traces: Sequence[Trace]) -> None:
    catalog_bulk.remove_prices(work, [each.subject_id for each in traces if not each.previous])
    changed = {each.subject_id: load_json(each.previous) for each in traces if each.previous}
    rows = []
    for part in parts_of(list(changed)):
        found = select(price).where(price.c.id.in_(part))
        rows += [{**row._mapping, **changed[row.id]} for row in work.connection.execute(found)]
    catalog_bulk.change_prices(work, rows)


def _price_books(work: Work, traces: Sequence[Trace]) -> None:
    for each in traces:
        values: Mapping[str, Any] = (
            load_json(each.previous)
            if each.previous
            else {"archived_at": work.now, "is_default": False}
        )
        work.connection.execute(
            update(price_book).where(price_book.c.id == each.subject_id).values(**values)
        )


UNDOING: Final[Mapping[str, Callable[[Work, Sequence[Trace]], None]]] = {
    "document": _papers,
    "price": _prices,
    "price_book": _price_books,
    "contact": _contacts,
    "address": _addresses,
    "party": _parties,
    "product": _products,
}
"""In this order: what stands on others goes first."""


def _came(trace: Trace) -> bool:
    """Whether something was not offered before: it was made, or was archived and came back."""
    return not trace.previous or load_json(trace.previous).get("archived_at") is not None


def _refuse_papers(work: Work, column: Any, ids: Sequence[int], *, named: Any) -> None:
    """Refuse when documents that count are about what was made.

    Raises:
        ImportBuiltOn: naming the first of them.
    """
    for part in parts_of(ids):
        source = document if column.table is document else document.join(line)
        rows = work.connection.execute(
            select(named, document.c.kind, document.c.state)
            .select_from(source.join(named.table, named.table.c.id == column))
            .where(column.in_(part))
            .distinct()
        )
        used = sorted({row[0] for row in rows if _counts(row.kind, row.state)})
        if used:
            raise ImportBuiltOn(names=tuple(used[:3]))


def _counts(kind: str, state: str) -> bool:
    """Whether a document still stands: drafts do, what was thrown away or reversed does not."""
    states = type_of(kind).lifecycle
    return state == states.initial or state in states.in_force


def _revisions(work: Work, table: Table, traces: Sequence[Trace]) -> dict[int, int]:
    """The present revisions.

    Raises:
        ImportBuiltOn: something has been changed since.
    """
    found: dict[int, int] = {}
    changed: list[str] = []
    expected = {each.subject_id: each.revision for each in traces}
    for part in parts_of(list(expected)):
        rows = work.connection.execute(
            select(table.c.id, table.c.revision, table.c.name).where(table.c.id.in_(part))
        )
        for row in rows:
            found[row.id] = row.revision
            if row.revision != expected[row.id]:
                changed.append(row.name)
    if changed:
        raise ImportBuiltOn(names=tuple(sorted(changed)[:3]))
    return found
