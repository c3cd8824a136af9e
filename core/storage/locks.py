"""Row locks: the only module that takes them.

Everybody locks in one order, so that nobody waits for somebody who waits for him: first
documents by id, then products by id (a product's row stands for its levels, claims and queue),
counters last. SQLite's one writer holds the whole database, so there these functions only read.

Rows are locked FOR NO KEY UPDATE: no key is ever changed, and whoever has just written a row that
refers to a document holds a share of its key. Two of them who then wanted it FOR UPDATE, such as
two payments of one invoice, would wait for each other.

Whoever changes a level, a claim or the queue of a product without having its lock is refused by
the triggers as soon as another did the same meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Connection,
    Select,
    Table,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert as insert_unless_there

from core.storage.columns import Id
from core.storage.models import (
    Counter,
    Deposit,
    Document,
    DocumentLine,
    ProductLock,
    SeriesQuestion,
)

counter = Counter.__table__
deposit = Deposit.__table__
document = Document.__table__
line = DocumentLine.__table__
product_lock = ProductLock.__table__
series_question = SeriesQuestion.__table__


@dataclass(frozen=True)
class CounterState:
    """A series as it stands: its last number and date, and the end of its chain of hashes.

    `in_question`: an older copy was put back, and nobody has said yet what was given out since.
    """

    last: int
    last_on: date | None
    head: str
    in_question: bool = False


def lock_documents(connection: Connection, document_ids: Iterable[int]) -> None:
    """Let nobody else change these documents until the transaction ends."""
    lock_rows(connection, document, document_ids)


def lock_change(connection: Connection, draft_id: int) -> None:
    """Lock the working copy of a change and the order that it amends, before reading them."""
    if not _locks_rows(connection):
        return
    itself = document.alias("itself")
    amended = select(itself.c.amends_id).where(itself.c.id == draft_id)
    connection.execute(
        select(document.c.id)
        .where(or_(document.c.id == draft_id, document.c.id.in_(amended)))
        .order_by(document.c.id)
        .with_for_update(key_share=True)
    ).all()


def lock_rows(connection: Connection, table: Table, ids: Iterable[int]) -> None:
    """Let nobody else change these rows of a table until the transaction ends."""
    if not _locks_rows(connection):
        return
    connection.execute(
        select(table.c.id)
        .where(table.c.id.in_(set(ids)))
        .order_by(table.c.id)
        .with_for_update(key_share=True)
    ).all()


def _with_sources() -> Select[Any]:
    of_document: BindParameter[int] = bindparam("of", type_=Id())
    start = select(line.c.id.label("line_id")).where(line.c.document_id == of_document)
    road = start.cte("road", recursive=True)
    child, parent = line.alias("child"), line.alias("parent")
    road = road.union(
        select(parent.c.id)
        .select_from(road.join(child, child.c.id == road.c.line_id))
        .join(parent, parent.c.id.in_([child.c.source_line_id, child.c.credited_line_id]))
    )
    of_lines = select(line.c.document_id).where(line.c.id.in_(select(road.c.line_id)))
    itself = document.alias("itself")
    settled = select(itself.c.source_id).where(itself.c.id == of_document)
    deposits = select(deposit.c.payment_id).where(deposit.c.order_id.in_(of_lines))
    return (
        select(document.c.id)
        .where(
            or_(
                document.c.id == of_document,
                document.c.id.in_(of_lines),
                document.c.id.in_(settled),
                document.c.id.in_(deposits),
            )
        )
        .order_by(document.c.id)
        .with_for_update(key_share=True)
    )


_WITH_SOURCES = _with_sources()


def lock_with_sources(connection: Connection, document_id: int) -> None:
    """Lock a document and all that it was made from, through its lines, before reading them.

    What was read before a lock may have changed while it was waited for: two deliveries of one
    order would both see all of it open. A payment's source is what it settles; an order's
    deposits are locked with it, for its invoices take them.
    """
    if not _locks_rows(connection):
        return
    connection.execute(_WITH_SOURCES, {"of": document_id}).all()


def lock_levels(connection: Connection, product_ids: Iterable[int]) -> None:
    """Let nobody else change levels, claims and queues of these products until the end.

    The products' own rows of `product_lock` are made when they are missing.
    """
    if not _locks_rows(connection):
        return
    wanted = set(product_ids)
    missing = wanted - _lock_products(connection, wanted)
    if missing:
        connection.execute(
            insert_unless_there(product_lock).on_conflict_do_nothing(),
            [{"product_id": product_id} for product_id in sorted(missing)],
        )
        _lock_products(connection, missing)


_IN_QUESTION = exists().where(
    series_question.c.series == bindparam("of"), series_question.c.answered_at.is_(None)
)
_COUNTER = (
    select(counter.c.last, counter.c.last_on, counter.c.head, _IN_QUESTION.label("asked"))
    .where(counter.c.series == bindparam("of"))
    .with_for_update(of=counter, key_share=True)
)


def lock_counter(connection: Connection, series: str) -> CounterState:
    """The series, which nobody else can take a number of until the transaction ends.

    It is made, at zero, when it is missing: two who take its first number wait for each other
    like for any other number.
    """
    row = connection.execute(_COUNTER, {"of": series}).one_or_none()
    if row is None:
        first: dict[str, Any] = {"series": series, "last": 0, "head": ""}
        if _locks_rows(connection):
            connection.execute(insert_unless_there(counter).on_conflict_do_nothing(), first)
        else:
            connection.execute(insert(counter), first)
        row = connection.execute(_COUNTER, {"of": series}).one()
    return CounterState(row.last, row.last_on, row.head, in_question=bool(row.asked))


_CHAT = select(func.pg_advisory_xact_lock(bindparam("chat", type_=BigInteger())))


def lock_chat(connection: Connection, chat_id: int) -> None:
    """Let no other turn of this chat go on, nor what is sent there be written down."""
    if _locks_rows(connection):
        connection.execute(_CHAT, {"chat": chat_id})


def unless_claimed(wanted: Select[Any], *, of: Table) -> Select[Any]:
    """Claims the rows of `wanted`, but those that another worker has just claimed.

    Only for queues whose rows are independent of each other, like the inbox and the outbox:
    never for a level, which has to be waited for. To keep the order within a chat, `wanted`
    names the lowest open row of each chat: while another worker has it, the chat has no row
    to give. `of` is the queue's table.
    """
    return wanted.with_for_update(of=of, skip_locked=True)


def _lock_products(connection: Connection, product_ids: set[int]) -> set[int]:
    """Lock the rows there are, in the order of their ids; return which there are."""
    return set(
        connection.scalars(
            select(product_lock.c.product_id)
            .where(product_lock.c.product_id.in_(product_ids))
            .order_by(product_lock.c.product_id)
            .with_for_update(key_share=True)
        )
    )


def _locks_rows(connection: Connection) -> bool:
    """Whether this database lets others write at the same time."""
    return connection.dialect.name == "postgresql"
