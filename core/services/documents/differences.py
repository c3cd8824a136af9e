"""What a vendor has to be told: how what came differs from what was ordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.domain.document_type import DocumentType
from core.domain.lifecycles import State
from core.domain.links import Track
from core.domain.money import ZERO
from core.domain.people import Right
from core.services.documents import viewing
from core.services.documents.viewing import DocumentView, LineView
from core.services.rights import NotFound, may
from core.services.work import Work
from core.storage.queries.document_queries import ChainMember, DocumentRecord, chains, documents


@dataclass(frozen=True)
class LineDifference:
    """A line that differs: all in the product's unit.

    `ordered` is what is wanted of the order's line, `missing` what is still to come beside the
    rejected pieces, `excess` what came beyond the order.
    """

    name: str
    ordered: Decimal
    accepted: Decimal
    rejected: Decimal
    missing: Decimal
    excess: Decimal


@dataclass(frozen=True)
class Differences:
    """A paper on which goods came, its order, and the lines that differ."""

    view: DocumentView
    order: DocumentRecord
    lines: Sequence[LineDifference]


def counts_rejected(row: DocumentType) -> bool:
    """Whether documents of this row count what is accepted and what is rejected apart."""
    return row.route is not None and row.route.rejected is not None


def can_tell(work: Work, view: DocumentView) -> bool:
    """Whether there is a difference on this document that this person may tell the party."""
    return (
        counts_rejected(view.type)
        and view.record.state == State.POSTED
        and may(work.actor, Right.SEND, view.type, party_id=view.record.party_id)
        and differences(work, view) is not None
    )


def differences(work: Work, view: DocumentView) -> Differences | None:
    """How a receipt differs from its order; None when all came as it was ordered."""
    its_chains = chains(work.connection, [each.line.id for each in view.lines])
    found, order_id = [], 0
    for each in view.lines:
        root = next(one for one in its_chains[each.line.id][1:] if one.link.rule.is_root)
        order_id = root.document_id
        line = _difference(each, root)
        if line.rejected or line.missing or line.excess:
            found.append(line)
    if not found:
        return None
    return Differences(view, documents(work.connection, [order_id])[order_id], found)


def _difference(each: LineView, root: ChainMember) -> LineDifference:
    state = root.link.line
    # What was rejected and accepted after all fulfils the order like the rest.
    after_all = each.state.on(Track.FULFIL)
    rejected = max(ZERO, each.line.rejected - after_all)
    return LineDifference(
        name=each.line.name,
        ordered=state.wanted,
        accepted=each.line.quantity + after_all,
        rejected=rejected,
        missing=max(ZERO, state.to_fulfil - rejected),
        excess=max(ZERO, state.on(Track.EXCESS)),
    )


def to_tell(work: Work, document_id: int) -> Differences:
    """The differences that this person may tell the party of a receipt, in its language.

    Raises:
        NotFound: there is none, or it is not open to him.
    """
    view = viewing.view(work, document_id)
    if view.party is not None:
        view = viewing.in_language(work.connection, view, view.party.language)
    found = differences(work, view) if can_tell(work, view) else None
    if found is None:
        raise NotFound(subject="difference")
    return found
