"""An order in force is changed: same number, next version, and its claims follow.

A change is prepared in a *working copy*: a draft of the same kind that names the order.  It is
edited like any draft, has no effects and is thrown away like one; nothing of it is lost when a
process dies, and somebody else can go on with it.  Each of its lines has the line of the order
that it changes as its source.  Confirming it writes what it says into the order; what was drawn
from the order meanwhile is respected, or the change is refused with the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from core.domain.amending import NothingChanged
from core.domain.document_type import Claims
from core.domain.lifecycles import Action, State
from core.domain.limits import Beyond
from core.domain.money import to_minor
from core.domain.people import Ability
from core.domain.totals import Totals
from core.services import company, limits, stock
from core.services.documents import drafting, frames, measuring, papers, sums
from core.services.documents.change_plan import AMENDED, Plan, amendable, plan
from core.services.documents.drafting import NewLine
from core.services.history import record
from core.services.rights import Changed, NotFound
from core.services.work import Work
from core.storage import stock_queries
from core.storage.document_queries import (
    DocumentRecord,
    LineRecord,
    chains_of,
    documents,
)
from core.storage.locks import lock_documents
from core.storage.models import Document, DocumentLine, DocumentVersion
from core.storage.writing import table_of

document = table_of(Document)
line = table_of(DocumentLine)
document_version = table_of(DocumentVersion)

ZERO = Decimal(0)


# --- The working copy ---------------------------------------------------------------------------


def begin(work: Work, document_id: int) -> int:
    """Open the working copy of an order in force; the one that is open already goes on.

    A copy of an earlier version is thrown away: what it would change is not there any more.

    Returns:
        The id of the draft.

    Raises:
        NotFound, NotAllowed, ActionRefused: no order in force is amended.
    """
    lock_documents(work.connection, [document_id])
    order = amendable(work, document_id)
    open_copies = work.connection.execute(
        select(document.c.id, document.c.version).where(
            document.c.amends_id == document_id, document.c.state == str(State.DRAFT)
        )
    ).all()
    for row in open_copies:
        if row.version == order.version + 1:
            return int(row.id)
    throw_away(work, document_id)
    its_lines = [chain[0].line for chain in chains_of(work.connection, document_id).values()]
    header = {name: getattr(order, name) for name in AMENDED}
    return drafting.create(
        work,
        order.kind,
        party_id=order.party_id,
        lines=[_copied(each) for each in its_lines if each.quantity],
        made_from_source=True,
        amends_id=order.id,
        source_id=order.id,
        version=order.version + 1,
        currency=order.currency,
        rate=order.rate,
        rate_on=order.rate_on,
        rate_source=order.rate_source,
        **header,
    )


def put_back(
    work: Work, draft_id: int, old: LineRecord, *, revision: int, quantity: Decimal
) -> None:
    """Take a line that was taken off the working copy up again, behind the others.

    Raises:
        NotADraft, Changed.
    """
    new = replace(_copied(old), quantity=quantity)
    drafting.add_lines(work, draft_id, revision=revision, lines=[new])


def throw_away(work: Work, document_id: int) -> None:
    """End every open working copy of an order: it was amended, closed or cancelled."""
    work.connection.execute(
        update(document)
        .where(document.c.amends_id == document_id, document.c.state == str(State.DRAFT))
        .values(state=str(State.CANCELLED), ended_at=work.now, revision=document.c.revision + 1)
    )


def _copied(each: LineRecord) -> NewLine:
    """A line of the working copy: its price is the agreed one, which no rule changes."""
    return NewLine(
        product_id=each.product_id,
        quantity=each.quantity,
        name=each.name,
        unit_price=each.unit_price,
        price_source="source",
        discount_percent=each.discount_percent,
        tax_category=each.tax_category,
        tax_percent=each.tax_percent,
        reason=each.reason,
        source_line_id=each.id,
    )


@dataclass(frozen=True)
class Version:
    """A version that was replaced at that time; its total is in the document's currency."""

    version: int
    total_minor: int | None
    at: datetime


def versions(connection: Connection, document_id: int) -> list[Version]:
    """The versions of a document before the one in force, the newest first."""
    rows = connection.execute(
        select(document_version.c.version, document_version.c.total_minor, document_version.c.at)
        .where(document_version.c.document_id == document_id)
        .order_by(document_version.c.version.desc())
    )
    return [Version(**row._mapping) for row in rows]


# --- Confirming it ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Amended:
    """What came of it: the order, its number, and its version from now on."""

    document_id: int
    number: str
    version: int


def confirm(work: Work, draft_id: int, *, revision: int) -> Amended:
    """Write a working copy into its order: the next version, which its claims follow.

    Less gives up what waits first, then claims, which go to the queue.  More claims what is
    free, or waits behind all who wait now: then the growth is a line of its own, so that the
    line keeps its place.

    Args:
        work: the unit of work.
        draft_id: the working copy.
        revision: the one that the person saw.

    Raises:
        BelowDrawn, PriceBilled, DiscountBilled: more was drawn or billed than it leaves.
        NothingChanged, PriceMissing, DiscountTooLarge, ActionRefused.
        NotFound, NotAllowed, Changed.
        ApprovalNeeded: it goes beyond a limit of the owner; nothing was written.
    """
    before = documents(work.connection, [draft_id]).get(draft_id)
    if before is None or before.amends_id is None:
        raise NotFound(subject="document")
    lock_documents(work.connection, [before.amends_id, draft_id])
    its_plan = plan(work, draft_id)
    if its_plan.draft.revision != revision:
        raise Changed(subject="document", id=draft_id)
    for refusal in its_plan.refusals:
        raise refusal
    if not its_plan.is_changed:
        raise NothingChanged(number=its_plan.order.number or "")
    sums.require_prices([each.new for each in its_plan.lines if each.new is not None])
    if not work.actor.can(Ability.APPROVE):
        limits.require_approved(work, its_plan.draft, _beyond(work, its_plan))
    order = its_plan.order
    keep_version(work, order)
    # Before the queue is looked at: whoever begins to wait meanwhile comes behind.
    stock.lock(work, _products(its_plan))
    _write_lines(work, its_plan)
    amended = _write_header(work, its_plan)
    throw_away(work, order.id)
    _claim(work, amended, _products(its_plan))
    record(work, "document", order.id, action="amend", version=amended.version, **_said(its_plan))
    work.tell("amended", document_id=order.id, party_id=order.party_id, number=order.number,
              version=amended.version)  # fmt: skip
    return Amended(order.id, order.number or "", amended.version)


def beyond(work: Work, draft_id: int, *, revision: int) -> Beyond | None:
    """How far confirming a working copy would go beyond a limit; nothing when it would not.

    Raises:
        NotFound, NotAllowed, ActionRefused, Changed.
    """
    its_plan = plan(work, draft_id)
    if its_plan.draft.revision != revision:
        raise Changed(subject="document", id=draft_id)
    return _beyond(work, its_plan)


def _beyond(work: Work, its_plan: Plan) -> Beyond | None:
    its_chains = chains_of(work.connection, its_plan.draft.id)
    subject = measuring.Subject(
        record=its_plan.draft,
        lines=[chain[0].line for chain in its_chains.values()],
        chains=its_chains,
        company=company.current(work.connection),
        party=its_plan.party,
    )
    return measuring.beyond(work, subject, Action.AMEND)


def _products(its_plan: Plan) -> set[int]:
    lines = [each.new or each.old for each in its_plan.lines]
    return {each.product_id for each in lines if each and each.is_goods and each.product_id}


def keep_version(work: Work, order: DocumentRecord) -> None:
    """Keep the version that ends: its paper is never made again."""
    snapshot = select(document.c.snapshot).where(document.c.id == order.id).scalar_subquery()
    work.connection.execute(
        insert(document_version).values(
            document_id=order.id,
            version=order.version,
            net_minor=order.net_minor,
            tax_minor=order.tax_minor,
            total_minor=order.total_minor,
            snapshot=snapshot,
            person_id=work.actor.person_id or None,
            at=work.now,
        )
    )


def _write_lines(work: Work, its_plan: Plan) -> None:
    """The lines as they are from now on; a line that is taken off stays, with nothing on it."""
    order = its_plan.order
    crowded = _waited_for(work, its_plan)
    changed, new_lines = [], []
    for each in its_plan.changes:
        if each.old is None and each.new is not None:
            new_lines.append(_values(each.new, each.new.quantity))
        elif each.old is not None:
            kept = each.new or each.old
            apart = each.grows if each.old.product_id in crowded else ZERO
            apart = apart if apart > ZERO and kept.is_goods else ZERO
            values = _values(kept, each.after - apart)
            if not each.new_price:
                values["price_source"] = each.old.price_source
            if apart:
                new_lines.append(values | {"quantity": apart})
            changed.append({f"b_{name}": value for name, value in values.items()}
                           | {"b_line": each.old.id})  # fmt: skip
    if changed:
        work.connection.execute(
            update(line)
            .where(line.c.id == bindparam("b_line"))
            .values({name: bindparam(f"b_{name}") for name in _COPIED}),
            changed,
        )
    if new_lines:
        last = max((each.old.position for each in its_plan.lines if each.old), default=0)
        work.connection.execute(
            insert(line),
            [
                {"document_id": order.id, "position": last + at, "rejected": ZERO, **values}
                for at, values in enumerate(new_lines, 1)
            ],
        )


_COPIED = (
    "name", "quantity", "unit_price", "price_source", "discount_percent", "tax_category",
    "tax_percent", "reason",
)  # fmt: skip


def _values(its_line: LineRecord, quantity: Decimal) -> dict[str, Any]:
    values = {name: getattr(its_line, name) for name in _COPIED}
    values |= {"quantity": quantity, "product_id": its_line.product_id}
    return values


def _waited_for(work: Work, its_plan: Plan) -> set[int]:
    """The products of growing lines for which others wait: the growth stands behind them."""
    if its_plan.order.type.claims is Claims.NO:
        return set()
    growing = {
        each.old.product_id
        for each in its_plan.changes
        if each.old is not None and each.grows > ZERO and each.old.product_id is not None
    }
    queue = stock_queries.queue(work.connection, growing) if growing else []
    return {each.product_id for each in queue if each.document_id != its_plan.order.id}


def _write_header(work: Work, its_plan: Plan) -> DocumentRecord:
    """Dates, terms, totals, taxes, version and paper, as they stay until the next change."""
    order = its_plan.order
    frame = frames.read(work, order.id)
    values: dict[str, Any] = {name: after for name, (_, after) in its_plan.header.items()}
    if "payment_days" in values and order.issued_on is not None:
        days = values["payment_days"]
        values["due_on"] = None if days is None else order.issued_on + timedelta(days=days)
    values |= {"version": order.version + 1, "revision": order.revision + 1}
    amended = replace(order, **values)
    its_chains = {
        line_id: chain
        for line_id, chain in chains_of(work.connection, order.id).items()
        if chain[0].line.quantity
    }
    its_lines = [chain[0].line for chain in its_chains.values()]
    fixed = None
    totals = sums.totals_of(amended, its_lines)
    if totals is not None and amended.currency is not None:
        fixed = sums.fix(work.connection, amended, its_lines, totals=totals)
        totalled: dict[str, Any] = {
            "net_minor": to_minor(fixed.net, amended.currency),
            "tax_minor": to_minor(fixed.tax, amended.currency),
            "total_minor": to_minor(fixed.total, amended.currency),
        }
        values |= totalled
        amended = replace(amended, **totalled)
        _write_nets(work, its_lines, totals, currency=amended.currency or "")
        sums.keep_taxes(work.connection, amended, fixed.taxes, version=amended.version)
    around = papers.Around(frame.company, frame.party, its_chains)
    snapshot = papers.freeze(work.connection, amended, its_lines, fixed=fixed, around=around)
    changed = work.connection.execute(
        update(document)
        .where(document.c.id == order.id, document.c.revision == order.revision)
        .values(**values, snapshot=snapshot)
    )
    if changed.rowcount != 1:
        raise Changed(subject="document", id=order.id)
    return amended


def _write_nets(
    work: Work, its_lines: Sequence[LineRecord], totals: Totals, *, currency: str
) -> None:
    work.connection.execute(
        update(line).where(line.c.id == bindparam("b_line")).values(net_minor=bindparam("b_net")),
        [
            {"b_line": each.id, "b_net": to_minor(net, currency)}
            for each, net in zip(its_lines, totals.line_nets, strict=True)
        ],
    )


def _claim(work: Work, amended: DocumentRecord, products: set[int]) -> None:
    """Make claims and waiting equal to what the lines want now; others get what is given up."""
    if amended.type.claims is Claims.NO:
        return
    members = [chain[0] for chain in chains_of(work.connection, amended.id).values()]
    stock.set_demand(
        work,
        [
            stock.Demand(
                line_id=each.id,
                quantity=max(ZERO, each.link.line.to_fulfil),
                asked_at=each.line.asked_at or work.now,
                priority=each.line.priority,
                complete_only=amended.ships_complete,
            )
            for each in members
            if each.line.is_goods
        ],
    )
    stock.allocate(work, products, quiet={amended.id})


def _said(its_plan: Plan) -> dict[str, str]:
    """What the history keeps: each line and each fact of the header, before and after."""
    said = {
        f"line_{at}": f"{each.name}: {each.before} -> {each.after}"
        for at, each in enumerate(its_plan.changes, 1)
    }
    return said | {
        name: f"{before} -> {after}" for name, (before, after) in its_plan.header.items()
    }
