"""Papers: numbers without gaps, dates that never fall, a chain of hashes, reversals in full."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain as chain_of
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    and_,
    func,
    or_,
    select,
    type_coerce,
)

from core.domain.documents import DOCUMENT_TYPES
from core.domain.lifecycles import POSTING, State
from core.domain.limits import digest_of_figures
from core.services.audit.breach import Breach
from core.services.documents.paper_view import HASHED, HASHED_OF_LINE, hash_of_facts, plain
from core.services.numbering import BETWEEN
from core.storage.columns import Day, Text, Whole
from core.storage.tables import account_entry as entry
from core.storage.tables import approval, counter, document, move
from core.storage.tables import document_line as line
from core.storage.tables import series_question as question

_AT_ONCE = 100
"""Rows that are fetched at once: one by one is slow, and many outlive the quick part of a garbage
collection."""

POSTED_KINDS = [str(kind) for kind, row in DOCUMENT_TYPES.items() if row.lifecycle is POSTING]


def numbers(connection: Connection) -> Iterator[Breach]:
    """A series counts from one without gaps to its counter's last number.

    Numbers that were given out after a copy, and lost when that was put back, are known as such.
    """
    rows = connection.execute(
        select(
            document.c.series,
            func.count(document.c.sequence.distinct()).label("documents"),
            func.min(document.c.sequence).label("first"),
            func.max(document.c.sequence).label("last"),
            func.max(document.c.issued_on).label("last_on"),
        )
        .where(document.c.sequence.is_not(None))
        .group_by(document.c.series)
    )
    found = {row.series: row for row in rows}
    counters = {row.series: row for row in connection.execute(select(counter))}
    lost, again = _lost(connection)
    for series in sorted({*found, *counters, *lost}, key=str):
        row, its_counter = found.get(series), counters.get(series)
        facts = {
            "documents": 0 if row is None else row.documents,
            "first": 0 if row is None else row.first,
            "last": 0 if row is None else row.last,
            "counted": 0 if its_counter is None else its_counter.last,
            "lost": lost.get(series, (0, 0))[0],
        }
        last_on = None if row is None else row.last_on
        counted_on = None if its_counter is None else its_counter.last_on
        last = max(facts["last"], lost.get(series, (0, 0))[1])
        gapless = facts["documents"] + facts["lost"] == last == facts["counted"]
        if not gapless or facts["first"] < (row is not None) or last_on != counted_on:
            days = {"last_on": last_on, "counted_on": counted_on}
            yield Breach("numbers", f"series:{series}", facts | days)
    for number in again:
        yield Breach("numbers", f"number:{number}", {"lost": number})


def _lost(connection: Connection) -> tuple[Mapping[str, tuple[int, int]], Sequence[str]]:
    """How many numbers a series has lost and the last of them; those that a document has yet."""
    rows = connection.execute(
        select(
            question.c.series,
            func.sum(question.c.last_given - question.c.last_known, type_=Whole()),
            func.max(question.c.last_given),
        )
        .where(question.c.last_given > question.c.last_known)
        .group_by(question.c.series)
    )
    lost = {series: (int(number), int(last)) for series, number, last in rows}
    again = connection.scalars(
        select(document.c.number)
        .join(question, question.c.series == document.c.series)
        .where(
            document.c.sequence > question.c.last_known,
            document.c.sequence <= question.c.last_given,
        )
        .order_by(document.c.id)
    )
    return lost, again.all()


def in_question(connection: Connection) -> Iterator[Breach]:
    """A series whose last number is in question gives none; one that was answered goes on."""
    given = func.max(document.c.sequence)
    rows = connection.execute(
        select(
            question.c.id, question.c.series, question.c.last_known, question.c.last_given,
            given.label("given"), counter.c.last,
        )
        .select_from(
            question.outerjoin(document, document.c.series == question.c.series)
            .outerjoin(counter, counter.c.series == question.c.series)
        )
        .group_by(
            question.c.id, question.c.series, question.c.last_known, question.c.last_given,
            counter.c.last,
        )
        .order_by(question.c.id)
    )  # fmt: skip
    for row in rows:
        counted, highest = row.last or 0, row.given or 0
        if row.last_given is None:
            right = highest <= row.last_known == counted
        else:
            right = counted >= row.last_given
        if not right:
            facts = {"known": row.last_known, "counted": counted, "highest": highest}
            yield Breach("in_question", f"series:{row.series}", facts)


def dates(connection: Connection) -> Iterator[Breach]:
    """In a series the dates never fall, and every number says its series and sequence."""
    before = func.lag(document.c.issued_on).over(
        partition_by=document.c.series, order_by=document.c.sequence
    )
    numbered = (
        select(
            document.c.id, document.c.series, document.c.sequence, document.c.number,
            document.c.issued_on, before.label("before"),
        )
        .where(document.c.sequence.is_not(None))
        .subquery("numbered")
    )  # fmt: skip
    rows = connection.execute(
        select(numbered)
        .where(or_(numbered.c.issued_on.is_(None), numbered.c.issued_on < numbered.c.before))
        .order_by(numbered.c.id)
    )
    for row in rows:
        facts = {"number": row.number, "issued_on": row.issued_on, "before": row.before}
        yield Breach("dates", f"document:{row.id}", facts)


# --- The chain of hashes ------------------------------------------------------------------------


def chain(connection: Connection) -> Iterator[Breach]:
    """Every hash is that of its document and of the one before it, up to the counter's head."""
    its_lines = _lines_in_hashes(connection)
    heads: dict[str, str] = {}
    rows = connection.execute(
        select(
            *_as_kept(document, (*HASHED, "series", "previous_hash", "hash")),
        )
        .where(document.c.hash.is_not(None))
        .order_by(document.c.series, document.c.sequence)
    )
    for row in chain_of.from_iterable(rows.partitions(_AT_ONCE)):
        before = heads.get(row.series, "")
        computed = hash_of_facts(before, row[: len(HASHED)], [its_lines.get(row.id, [])])
        if row.previous_hash != before or row.hash != computed:
            facts = {"number": row.number, "hash": row.hash, "computed": computed}
            yield Breach("chain", f"document:{row.id}", facts)
        heads[row.series] = row.hash
    for counted in connection.execute(select(counter.c.series, counter.c.head)):
        if counted.head != heads.get(counted.series, ""):
            facts = {"head": counted.head, "last": heads.get(counted.series, "")}
            yield Breach("chain", f"series:{counted.series}", facts)


def _lines_in_hashes(connection: Connection) -> Mapping[int, Sequence[str]]:
    """The lines of all posted documents, in their order, as the texts that go into a hash.

    Most quantities and prices are there many times: each is made a text once.  Of a line only
    its text is kept, for which Python's collector of garbage does not look again and again.
    """
    rows = connection.execute(
        select(
            *_as_kept(line, ("document_id", *HASHED_OF_LINE)),
        )
        .select_from(line.join(document, document.c.id == line.c.document_id))
        .where(document.c.kind.in_(POSTED_KINDS), document.c.number.is_not(None))
        .order_by(line.c.document_id, line.c.position, line.c.id)
    )
    known = _Plain()
    found: dict[int, list[str]] = defaultdict(list)
    # Of a line's facts, all but the product are numbers with six digits.
    for document_id, product_id, quantity, rejected, price in chain_of.from_iterable(
        rows.partitions(_AT_ONCE)
    ):
        found[document_id].append(
            f"{product_id}{BETWEEN}{known[quantity]}{BETWEEN}{known[rejected]}"
            f"{BETWEEN}{known[price]}"
        )
    return found


class _Plain(dict[int | None, str]):
    """The text in a hash of each scaled number, made once; that of none, too."""

    def __missing__(self, scaled: int | None) -> str:
        self[scaled] = str(None) if scaled is None else plain(Decimal(scaled).scaleb(-6))
        return self[scaled]


def _as_kept(table: Table, names: Sequence[str]) -> list[ColumnElement[Any]]:
    """These columns as the database keeps them: whole numbers and texts, made into nothing.

    A day's text is its ISO form, as in a hash.
    """
    return [
        type_coerce(table.c[name], String()).label(name)
        if isinstance(table.c[name].type, Text | Day)
        else type_coerce(table.c[name], Integer()).label(name)
        for name in names
    ]


def frozen(connection: Connection) -> Iterator[Breach]:
    """What has a number has its paper as text; what is posted has its hash, nothing else has."""
    posted = document.c.kind.in_(POSTED_KINDS)
    numbered = document.c.number.is_not(None)
    hashed = document.c.hash.is_not(None)
    rows = connection.execute(
        select(
            document.c.id, document.c.number,
            document.c.snapshot.is_not(None).label("snapshot"), hashed.label("hash"),
        )
        .where(
            or_(
                and_(numbered, document.c.snapshot.is_(None)),
                and_(numbered, posted, ~hashed),
                and_(hashed, or_(~numbered, ~posted)),
            )
        )
        .order_by(document.c.id)
    )  # fmt: skip
    for row in rows:
        facts = {"number": row.number, "snapshot": bool(row.snapshot), "hash": bool(row.hash)}
        yield Breach("frozen", f"document:{row.id}", facts)


# --- Reversals ----------------------------------------------------------------------------------


def reversed_moves(connection: Connection) -> Iterator[Breach]:
    """Goods move by papers that move goods; every move of a reversed one went back, no other."""
    back = move.alias("back")
    rows = connection.execute(
        select(move.c.id, document.c.id.label("document_id"), document.c.kind, document.c.state,
               back.c.id.label("back"))
        .select_from(
            move.join(line, line.c.id == move.c.line_id)
            .join(document, document.c.id == line.c.document_id)
            .outerjoin(back, back.c.reverses == move.c.id)
        )
        .where(
            move.c.reverses.is_(None),
            or_(
                document.c.kind.not_in(
                    [str(kind) for kind, row in DOCUMENT_TYPES.items() if row.route is not None]
                ),
                document.c.state.not_in([str(State.POSTED), str(State.REVERSED)]),
                (document.c.state == str(State.REVERSED)) & back.c.id.is_(None),
                (document.c.state == str(State.POSTED)) & back.c.id.is_not(None),
            ),
        )
        .order_by(move.c.id)
    )  # fmt: skip
    for row in rows:
        facts = {"kind": row.kind, "state": row.state, "move": row.id, "back": row.back}
        yield Breach("reversed_moves", f"document:{row.document_id}", facts)


def reversed_entries(connection: Connection) -> Iterator[Breach]:
    """On an account, a reversed paper comes to nothing, and nothing of another is reversed."""
    total = func.sum(entry.c.amount_minor)
    backs = func.count(entry.c.reverses)
    rows = connection.execute(
        select(document.c.id, document.c.state, total.label("total"), backs.label("backs"))
        .select_from(entry.join(document, document.c.id == entry.c.document_id))
        .group_by(document.c.id, document.c.state)
        .having(
            or_(
                and_(document.c.state == str(State.REVERSED), total != 0),
                and_(document.c.state != str(State.REVERSED), backs > 0),
                document.c.state.not_in([str(State.POSTED), str(State.REVERSED)]),
            )
        )
        .order_by(document.c.id)
    )
    for row in rows:
        facts = {"state": row.state, "total_minor": row.total, "reversals": row.backs}
        yield Breach("reversed_entries", f"document:{row.id}", facts)


def approvals(connection: Connection) -> Iterator[Breach]:
    """Nobody has approved his own, and each approval has the figures that it was asked with."""
    decided = approval.c.state.in_(["granted", "used"])
    rows = connection.execute(
        select(
            approval.c.id,
            approval.c.document_id,
            approval.c.state,
            approval.c.limit_name,
            approval.c.figures,
            approval.c.digest,
            approval.c.asked_by,
            approval.c.decided_by,
        )
        .where(decided)
        .order_by(approval.c.id)
    )
    for row in rows:
        facts = {"approval": row.id, "state": row.state, "decided_by": row.decided_by}
        if row.decided_by is None or row.decided_by == row.asked_by:
            yield Breach("approvals", f"document:{row.document_id}", facts)
        elif not _stands_for(row.limit_name, row.figures, row.digest):
            yield Breach("approvals", f"document:{row.document_id}", facts | {"figures": "other"})


def _stands_for(limit: str, figures: str, digest: str) -> bool:
    try:
        kept = json.loads(figures)
    except ValueError:
        return False
    return isinstance(kept, dict) and digest_of_figures(limit, kept) == digest
