"""An order in force is changed: same number, next version, and its claims follow.

A change is prepared in a *working copy*: a draft of the same kind that names the order.  It is
edited like any draft, has no effects and is thrown away like one; nothing of it is lost when a
process dies, and somebody else can go on with it.  Each of its lines has the line of the order
that it changes as its source.  Confirming it writes what it says into the order; what was drawn
from the order meanwhile is respected, or the change is refused with the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, insert, select, update

from core.domain.amending import NothingChanged
from core.domain.lifecycles import Action, State
from core.domain.limits import Beyond
from core.domain.people import Ability
from core.services import limits
from core.services.amendments import change_writing
from core.services.amendments.change_plan import AMENDED, Plan, amendable, compare, plan
from core.services.documents import document_totals, drafting, limit_checks
from core.services.documents.drafting import NewLine
from core.services.history import record
from core.services.rights import Changed
from core.services.work import Work
from core.storage.locks import lock_change, lock_documents
from core.storage.queries.document_queries import (
    DocumentRecord,
    LineRecord,
    chains_of,
)
from core.storage.tables import document, document_version

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
    lock_change(work.connection, draft_id)
    its_plan = compare(work, draft_id)
    if its_plan.draft.revision != revision:
        raise Changed(subject="document", id=draft_id)
    if its_plan.refusals:
        # In the language of who reads it.
        raise plan(work, draft_id).refusals[0]
    if not its_plan.is_changed:
        raise NothingChanged(number=its_plan.order.number or "")
    document_totals.require_prices([each.new for each in its_plan.lines if each.new is not None])
    if not work.actor.can(Ability.APPROVE):
        limits.require_approved(work, its_plan.draft, _beyond(work, its_plan))
    order = its_plan.order
    keep_version(work, order)
    amended = change_writing.write(work, its_plan)
    throw_away(work, order.id)
    record(work, "document", order.id, action="amend", version=amended.version, **_said(its_plan))
    work.tell("amended", document_id=order.id, party_id=order.party_id, number=order.number,
              version=amended.version)  # fmt: skip
    return Amended(order.id, order.number or "", amended.version)


def beyond(work: Work, draft_id: int, *, revision: int) -> Beyond | None:
    """How far confirming a working copy would go beyond a limit; nothing when it would not.

    Raises:
        NotFound, NotAllowed, ActionRefused, Changed.
    """
    its_plan = compare(work, draft_id)
    if its_plan.draft.revision != revision:
        raise Changed(subject="document", id=draft_id)
    return _beyond(work, its_plan)


def _beyond(work: Work, its_plan: Plan) -> Beyond | None:
    its_chains = {
        line_id: chain
        for line_id, chain in its_plan.chains.items()
        if chain[0].document_id == its_plan.draft.id
    }
    subject = limit_checks.Subject(
        record=its_plan.draft,
        lines=[chain[0].line for chain in its_chains.values()],
        chains=its_chains,
        company=its_plan.company,
        party=its_plan.party,
    )
    return limit_checks.beyond(work, subject, Action.AMEND)


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


def _said(its_plan: Plan) -> dict[str, str]:
    """What the history keeps: each line and each fact of the header, before and after."""
    said = {
        f"line_{at}": f"{each.name}: {each.before} -> {each.after}"
        for at, each in enumerate(its_plan.changes, 1)
    }
    return said | {
        name: f"{before} -> {after}" for name, (before, after) in its_plan.header.items()
    }
