"""Keeps the index in memory true: what was noted in `search_change` is read again.

The triggers of the database note whose words have changed, whoever changed them.  Each note has a
random token.  Who knows the last token knows everything; else the notes are followed back to one
that is known, and what was noted since is read again, and also what was read from notes that are
not there any more, because their transaction was rolled back or is not seen by this one.  So the
index is always that of the transaction that asks, and one index serves all connections of this
process.  No statement runs while it is changed: on PostgreSQL another turn could come in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, WeakValueDictionary

from sqlalchemy import Connection, Engine, Row, bindparam, delete, func, select

from core.domain.texts import folded
from core.services.search.index import Entry, Index
from core.storage.tables import contact, party, product, product_name
from core.storage.tables import search_change as change

T = TypeVar("T")

PRODUCT, PARTY = "product", "party"
_TABLES = {PRODUCT: product, PARTY: party}
_Former = tuple[int, Entry]
"""What was merged into an id, as its own entry would be."""
MOST_CHANGES = 512
"""After more changes than this the whole index is made anew; that keeps short names first, too."""
KEPT_NOTES = 20_000
"""So many notes are kept; a process that has seen none of them makes its index anew."""
IN_A_STATEMENT = 500
"""How many ids are asked for at once."""
NOTHING_NOTED = 0


@dataclass(frozen=True)
class Note:
    """That the words of a subject have changed."""

    token: int
    subject: str
    subject_id: int


@dataclass
class Indexes:
    """The index of products and that of parties, and the notes that they have been made from.

    `version` changes with every change; who has read the database meanwhile reads again.
    """

    by_subject: dict[str, Index] = field(
        default_factory=lambda: {PRODUCT: Index(), PARTY: Index()}
    )
    notes: list[Note] = field(default_factory=lambda: [Note(NOTHING_NOTED, "", 0)])
    version: int = 0
    lock: Lock = field(default_factory=Lock)

    @property
    def last_token(self) -> int:
        """The last note that is known."""
        return self.notes[-1].token


_BY_ENGINE: WeakKeyDictionary[Engine, Indexes] = WeakKeyDictionary()
_BY_FILE: WeakValueDictionary[str, Indexes] = WeakValueDictionary()


def indexes_of(connection: Connection) -> Indexes:
    """The indexes of this database: the connections to one SQLite file share them."""
    found = _BY_ENGINE.get(connection.engine)
    if found is None:
        file = ""
        if connection.dialect.name == "sqlite":
            file = str(connection.exec_driver_sql("PRAGMA database_list").all()[0][2])
        found = _BY_FILE.setdefault(file, Indexes()) if file else Indexes()
        _BY_ENGINE[connection.engine] = found
    return found


def ask(connection: Connection, subject: str, question: Callable[[Index], T]) -> T:
    """What `question` says of the index of a subject, as this transaction sees its words.

    `question` runs no statement.
    """
    indexes = indexes_of(connection)
    while True:
        version = indexes.version
        known = list(indexes.notes) if _last_token(connection) != indexes.last_token else None
        news = None if known is None else _news(connection, known)
        with indexes.lock:
            if indexes.version != version:
                continue
            if news is not None:
                news.apply(indexes)
            return question(indexes.by_subject[subject])


def _last_token(connection: Connection) -> int:
    # Asked before every search: the plain text costs a third of a statement that is compiled.
    last = connection.exec_driver_sql("SELECT token FROM search_change ORDER BY id DESC LIMIT 1")
    found: int | None = last.scalar()
    return NOTHING_NOTED if found is None else found


@dataclass(frozen=True)
class _News:
    """What the indexes have to learn: entries by subject and id, and the notes known then.

    `whole` says that they are all entries there are.
    """

    entries: Mapping[str, Mapping[int, Entry | None]]
    notes: list[Note]
    whole: bool

    def apply(self, indexes: Indexes) -> None:
        """Bring the indexes up to date."""
        for subject, entries in self.entries.items():
            if self.whole:
                present = (each for each in entries.values() if each is not None)
                indexes.by_subject[subject] = Index(present)
            else:
                for id, entry in entries.items():
                    indexes.by_subject[subject].put(id, entry)
        indexes.notes = self.notes[-MOST_CHANGES:]
        indexes.version += 1


def _news(connection: Connection, known: list[Note]) -> _News:
    """What has changed since the last of the known notes that is still there."""
    rows = connection.execute(
        select(change.c.token, change.c.subject, change.c.subject_id)
        .order_by(change.c.id.desc())
        .limit(MOST_CHANGES)
    )
    place_of = {note.token: place for place, note in enumerate(known)}
    new = list[Note]()
    for row in rows:
        place = place_of.get(row.token)
        if place is not None:
            break
        new.append(Note(*row))
    else:
        place = place_of.get(NOTHING_NOTED) if len(new) < MOST_CHANGES else None
    new.reverse()
    gone = known[place + 1 :] if place is not None else []
    if place is None or len(new) + len(gone) >= MOST_CHANGES:
        notes = new or [Note(NOTHING_NOTED, "", 0)]
        entries = {subject: read(connection, None) for subject, read in _READ.items()}
        return _News(entries, notes, whole=True)
    changed: dict[str, set[int]] = {subject: set() for subject in _READ}
    for note in (*gone, *new):
        changed[note.subject].add(note.subject_id)
    return _News(
        {subject: _entries(connection, subject, ids) for subject, ids in changed.items() if ids},
        [*known[: place + 1], *new],
        whole=False,
    )


def _entries(connection: Connection, subject: str, ids: set[int]) -> dict[int, Entry | None]:
    """The entries of these ids; None for those that are not found any more.

    What is merged into another one is found under that one's entry, which is read again too.
    """
    table = _TABLES[subject]
    rows = connection.execute(
        select(table.c.merged_into).where(table.c.id.in_(ids), table.c.merged_into.is_not(None))
    )
    ordered = sorted({*ids, *rows.scalars()})
    found: dict[int, Entry | None] = dict.fromkeys(ordered)
    for at in range(0, len(ordered), IN_A_STATEMENT):
        found |= _READ[subject](connection, ordered[at : at + IN_A_STATEMENT])
    return found


# --- Reading the words ------------------------------------------------------------------------


def _read_products(connection: Connection, ids: Iterable[int] | None) -> dict[int, Entry]:
    """The products that are offered, of these ids or all."""
    names: dict[int, list[tuple[str, str, str]]] = {}
    other = product_name.c
    statement = select(other.product_id, other.language, other.name, other.folded_name)
    for product_id, *named in connection.execute(_of(statement, other.product_id, ids)):
        names.setdefault(product_id, []).append((named[0], named[1], named[2]))
    rows = connection.execute(
        _of(
            select(
                product.c.id,
                product.c.name,
                product.c.folded_name,
                product.c.sku,
                product.c.barcode,
            ).where(product.c.archived_at.is_(None)),
            product.c.id,
            ids,
        )
    )
    found = {row.id: _product_entry(row, names.get(row.id, ())) for row in rows}
    return _with_former(found, _former_products(connection, ids))


def _former_products(connection: Connection, ids: Iterable[int] | None) -> Iterator[_Former]:
    """The products that were merged into these, with all that they were called."""
    columns = (product.c.id, product.c.merged_into, product.c.name, product.c.folded_name,
               product.c.sku, product.c.barcode)  # fmt: skip
    named = (product_name.c.language, product_name.c.name.label("other"),
             product_name.c.folded_name.label("folded_other"))  # fmt: skip
    joined = product.outerjoin(product_name, product_name.c.product_id == product.c.id)
    statement = select(*columns, *named).select_from(joined)
    names: dict[int, list[tuple[str, str, str]]] = {}
    first: dict[int, Row[Any]] = {}
    for row in connection.execute(_former(statement, product.c, ids)):
        first[row.id] = row
        if row.other is not None:
            names.setdefault(row.id, []).append((row.language, row.other, row.folded_other))
    for id, row in first.items():
        yield row.merged_into, _product_entry(row, names.get(id, ()))


def _former(statement: Any, columns: Any, ids: Iterable[int] | None) -> Any:
    merged = statement.where(columns.merged_into.is_not(None)).order_by(columns.id)
    return _of(merged, columns.merged_into, ids)


def _with_former(found: dict[int, Entry], former: Iterable[_Former]) -> dict[int, Entry]:
    """The entries, each found also by what those that were merged into it were called."""
    for id, other in former:
        own = found.get(id)
        if own is not None:
            found[id] = own._replace(
                folded=tuple(dict.fromkeys((*own.folded, *other.folded))),
                words=own.words | other.words,
                codes=tuple(dict.fromkeys((*own.codes, *other.codes))),
            )
    return found


def _product_entry(row: Row[Any], names: Sequence[tuple[str, str, str]]) -> Entry:
    all_names = tuple(dict.fromkeys((row.folded_name, *(each[2] for each in names))))
    barcode = row.barcode or ""
    parts = folded(row.sku).split()
    plain = "".join(parts)
    codes = dict.fromkeys((row.sku.casefold(), plain, barcode))
    words = [word for each in all_names for word in each.split()]
    return Entry(
        row.id,
        row.name,
        all_names,
        frozenset(filter(None, (*words, *parts, plain, barcode))),
        codes=tuple(filter(None, codes)),
        names={language: name for language, name, _ in names},
    )


def _read_parties(connection: Connection, ids: Iterable[int] | None) -> dict[int, Entry]:
    """The parties that are not archived, of these ids or all, with those who speak for them."""
    people: dict[int, list[str]] = {}
    statement = select(contact.c.party_id, contact.c.name).where(contact.c.ended_at.is_(None))
    for row in connection.execute(_of(statement, contact.c.party_id, ids)):
        people.setdefault(row.party_id, []).append(row.name)
    columns = (
        party.c.id, party.c.name, party.c.folded_name, party.c.is_customer, party.c.is_vendor,
    )  # fmt: skip
    rows = connection.execute(
        _of(select(*columns).where(party.c.archived_at.is_(None)), party.c.id, ids)
    )
    found = {}
    for row in rows:
        texts = [row.folded_name, *map(folded, people.get(row.id, ()))]
        marks = {"customer": row.is_customer, "vendor": row.is_vendor}
        found[row.id] = Entry(
            row.id,
            row.name,
            (texts[0],),
            frozenset(word for each in texts for word in each.split()),
            marks=frozenset(name for name, held in marks.items() if held),
        )
    return _with_former(found, _former_parties(connection, ids))


def _former_parties(connection: Connection, ids: Iterable[int] | None) -> Iterator[_Former]:
    """The parties that were merged into these, with what they were called."""
    statement = select(party.c.id, party.c.merged_into, party.c.name, party.c.folded_name)
    for row in connection.execute(_former(statement, party.c, ids)):
        words = frozenset(row.folded_name.split())
        yield row.merged_into, Entry(row.id, row.name, (row.folded_name,), words)


def _of(statement: Any, column: Any, ids: Iterable[int] | None) -> Any:
    return statement if ids is None else statement.where(column.in_(list(ids)))


_READ: Mapping[str, Callable[[Connection, Iterable[int] | None], dict[int, Entry]]] = {
    PRODUCT: _read_products,
    PARTY: _read_parties,
}


_FORGET = delete(change).where(
    change.c.id <= select(func.max(change.c.id)).scalar_subquery() - bindparam("kept")
)


def forget_old_notes(connection: Connection) -> None:
    """Delete the notes that nobody needs any more; the last ones are always kept."""
    connection.execute(_FORGET, {"kept": KEPT_NOTES})
