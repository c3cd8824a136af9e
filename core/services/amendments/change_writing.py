"""A change that may be made is written into its order: lines, totals, version, paper, claims.

What the order says afterwards is known before anything is written, so that nothing is read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, insert, update

from core.domain.document_type import Claims
from core.domain.links import LineState
from core.domain.money import ZERO, to_minor
from core.domain.stock import Waiter
from core.services import stock
from core.services.amendments.change_plan import AMENDED, LineChange, Plan
from core.services.documents import document_totals, paper_view
from core.services.rights import Changed
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord, LineRecord
from core.storage.tables import document
from core.storage.tables import document_line as line

_COPIED = (
    "name", "quantity", "unit_price", "price_source", "discount_percent", "tax_category",
    "tax_percent", "reason",
)  # fmt: skip
_WRITTEN = (*_COPIED, "net_minor")
_CHANGE_LINE = (
    update(line)
    .where(line.c.id == bindparam("of_line"))
    .values({name: bindparam(f"new_{name}") for name in _WRITTEN})
)


@dataclass(frozen=True)
class _Line:
    """A line of the order from now on, and what was drawn from it; a new one has no id yet."""

    record: LineRecord
    state: LineState | None = None


def write(work: Work, its_plan: Plan) -> DocumentRecord:
    """Write a change; returns the order as it is from now on.

    Less gives up what waits first, then claims, which go to the queue.  More claims what is free,
    or waits behind all who wait now: then the growth is a line of its own.

    Raises:
        Changed.
    """
    products = _products(its_plan)
    claims = its_plan.order.type.claims is not Claims.NO
    # Before the queue is looked at: whoever begins to wait meanwhile comes behind.
    queue = stock.waiting_for(work, stock.lock(work, products)) if claims else []
    lines = _lines_from_now_on(work, its_plan, queue)
    amended, lines, fixed = _fixed(work, _header(its_plan), lines)
    lines = _write_lines(work, lines)
    if fixed is not None:
        document_totals.keep_taxes(work.connection, amended, fixed.taxes, version=amended.version)
    _write_header(work, its_plan, amended, lines=lines, fixed=fixed)
    if claims:
        goods = [each for each in lines if each.record.is_goods]
        stock.claims_nothing_yet(work, [each.record for each in goods if each.state is None])
        demands = [_demand(work, amended, each) for each in goods]
        stock.serve(work, demands, products, own=amended.id)
    return amended


def _products(its_plan: Plan) -> set[int]:
    lines = [each.new or each.old for each in its_plan.lines]
    return {each.product_id for each in lines if each and each.is_goods and each.product_id}


# --- Lines --------------------------------------------------------------------------------------


def _lines_from_now_on(work: Work, its_plan: Plan, queue: Sequence[Waiter]) -> list[_Line]:
    """Those that there were, a line that is taken off with nothing on it, then the new ones."""
    crowded = {each.product_id for each in queue if each.document_id != its_plan.order.id}
    kept, new = [], []
    for each in its_plan.lines:
        if each.old is None:
            new += [each.new] if each.new is not None else []
            continue
        its_line = _kept(each, each.old)
        if each.grows > ZERO and its_line.is_goods and each.old.product_id in crowded:
            # Others wait for it: the growth stands behind them, and the line keeps its place.
            new.append(replace(its_line, quantity=each.grows))
            its_line = replace(its_line, quantity=each.before)
        state = None if each.state is None else replace(each.state, quantity=its_line.quantity)
        kept.append(_Line(its_line, state))
    last = max((each.record.position for each in kept), default=0)
    added = [
        _Line(_new(work, its_plan.order, each, position=last + at))
        for at, each in enumerate(new, 1)
    ]
    return [*kept, *added]


def _kept(change: LineChange, old: LineRecord) -> LineRecord:
    """A line that there was with what the change gives it."""
    given = change.new or old
    its_line = replace(old, **{name: getattr(given, name) for name in _COPIED})
    source = its_line.price_source if change.new_price else old.price_source
    return replace(its_line, quantity=change.after, price_source=source)


def _new(work: Work, order: DocumentRecord, its_line: LineRecord, *, position: int) -> LineRecord:
    """A line behind the others, which waits, if it does, from now on."""
    ranked = its_line.is_goods and order.type.claims is not Claims.NO
    return replace(
        its_line,
        id=0,
        document_id=order.id,
        position=position,
        source_line_id=None,
        priority=0,
        asked_at=work.now if ranked else None,
    )


def _write_lines(work: Work, lines: Sequence[_Line]) -> list[_Line]:
    """Write the lines; returns them with the ids that the new ones have got."""
    old = [each.record for each in lines if each.record.id]
    if old:
        work.connection.execute(
            _CHANGE_LINE,
            [
                {f"new_{name}": getattr(each, name) for name in _WRITTEN} | {"of_line": each.id}
                for each in old
            ],
        )
    new = [each.record for each in lines if not each.record.id]
    ids = _add_lines(work, new) if new else {}
    return [
        each
        if each.record.id
        else replace(each, record=replace(each.record, id=ids[each.record.position]))
        for each in lines
    ]


_OF_NEW = (
    "document_id", "position", "product_id", "rejected", "asked_at", "priority", *_WRITTEN,
)  # fmt: skip


def _add_lines(work: Work, new: Sequence[LineRecord]) -> Mapping[int, int]:
    """Add lines; returns their ids by their positions."""
    rows = work.connection.execute(
        insert(line).returning(line.c.id, line.c.position),
        [{name: getattr(each, name) for name in _OF_NEW} for each in new],
    )
    return {row.position: row.id for row in rows}


# --- Header -------------------------------------------------------------------------------------


def _header(its_plan: Plan) -> DocumentRecord:
    """The order with the dates and terms of the change, as its next version."""
    order = its_plan.order
    values: dict[str, Any] = {name: after for name, (_, after) in its_plan.header.items()}
    if "payment_days" in values and order.issued_on is not None:
        days = values["payment_days"]
        values["due_on"] = None if days is None else order.issued_on + timedelta(days=days)
    values["template_id"] = its_plan.template.id
    return replace(order, **values, version=order.version + 1, revision=order.revision + 1)


def _fixed(
    work: Work, amended: DocumentRecord, lines: Sequence[_Line]
) -> tuple[DocumentRecord, list[_Line], document_totals.Fixed | None]:
    """The order and its lines with their totals, which stay until the next change."""
    there = [each.record for each in lines if each.record.quantity]
    totals = document_totals.totals_of(amended, there)
    if totals is None or amended.currency is None:
        return amended, list(lines), None
    currency = amended.currency
    fixed = document_totals.fix(work.connection, amended, there, totals=totals)
    amended = replace(
        amended,
        net_minor=to_minor(fixed.net, currency),
        tax_minor=to_minor(fixed.tax, currency),
        total_minor=to_minor(fixed.total, currency),
    )
    nets = iter(totals.line_nets)
    with_nets = [
        replace(each, record=replace(each.record, net_minor=to_minor(next(nets), currency)))
        if each.record.quantity
        else each
        for each in lines
    ]
    return amended, with_nets, fixed


_OF_HEADER = (*AMENDED, "due_on", "version", "revision", "net_minor", "tax_minor", "total_minor")


def _write_header(
    work: Work,
    its_plan: Plan,
    amended: DocumentRecord,
    *,
    lines: Sequence[_Line],
    fixed: document_totals.Fixed | None,
) -> None:
    """Dates, terms, totals, version and paper."""
    order = its_plan.order
    there = [each.record for each in lines if each.record.quantity]
    chains = {each.id: its_plan.chains[each.id] for each in there if each.id in its_plan.chains}
    look = its_plan.template.look
    around = paper_view.Around(its_plan.company, its_plan.party, chains, look=look)
    snapshot = paper_view.freeze(work.connection, amended, there, fixed=fixed, around=around)
    changed = work.connection.execute(
        update(document)
        .where(document.c.id == order.id, document.c.revision == order.revision)
        .values(**{name: getattr(amended, name) for name in _OF_HEADER}, snapshot=snapshot)
    )
    if changed.rowcount != 1:
        raise Changed(subject="document", id=order.id)


# --- Goods --------------------------------------------------------------------------------------


def _demand(work: Work, amended: DocumentRecord, its_line: _Line) -> stock.Demand:
    """Return what a line wants now."""
    record, state = its_line.record, its_line.state
    return stock.Demand.of(
        record,
        record.quantity if state is None else max(ZERO, state.to_fulfil),
        now=work.now,
        complete_only=amended.ships_complete,
    )
