"""What a person sees of documents: one with all that can be done to it, and lists with counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from core.domain.document_type import Claims, Conversion, DocumentType
from core.domain.documents import DOCUMENT_TYPES, conversions_from, type_of
from core.domain.lifecycles import Action, State
from core.domain.links import LineState, Track
from core.domain.money import ZERO
from core.domain.people import Actor, Right
from core.domain.totals import Totals
from core.services import stock
from core.services.documents import discounts, line_names
from core.services.documents.converting import OfferedLine, offered_of
from core.services.documents.document_totals import totals_of
from core.services.money import accounts
from core.services.money.accounts import Settled
from core.services.people import parties
from core.services.people.parties import PartyRecord
from core.services.rights import NotFound, may, require
from core.services.stock import Promised
from core.services.work import Work
from core.storage.queries.document_queries import (
    ChainMember,
    DocumentRecord,
    LineRecord,
    chains_of,
    documents,
    documents_where,
)
from core.storage.tables import document, party

_RIGHT_FOR: Mapping[Action, Right] = {
    Action.ISSUE: Right.ISSUE,
    Action.ACCEPT: Right.ANSWER,
    Action.DECLINE: Right.ANSWER,
    Action.AMEND: Right.AMEND,
    Action.CLOSE: Right.CLOSE,
    Action.CANCEL: Right.CANCEL,
    # Who may ask for a hold may give it up: its customer too.
    Action.RELEASE: Right.DRAFT,
    Action.REVERSE: Right.REVERSE,
}


@dataclass(frozen=True)
class LineView:
    """A line with what was drawn from it and, for orders, when its goods are there."""

    line: LineRecord
    state: LineState
    promised: Sequence[Promised] = ()

    @property
    def ready(self) -> Decimal:
        """What is there for it now."""
        return sum((each.quantity for each in self.promised if each.here), start=ZERO)


@dataclass(frozen=True)
class ConversionView:
    """A way on from here: how many pieces it proposes, at most, and how many can go now.

    `ready` is less than `proposed` only where goods leave and are not all there.
    """

    rule: Conversion
    lines: Sequence[OfferedLine]
    proposed: Decimal
    most: Decimal
    ready: Decimal


@dataclass(frozen=True)
class Related:
    """Another document of the same trade."""

    id: int
    kind: str
    state: str
    number: str | None
    amends_id: int | None = None


@dataclass(frozen=True)
class Progress:
    """How far an order is, in pieces; the axes are apart and nobody sets them."""

    wanted: Decimal = ZERO
    fulfilled: Decimal = ZERO
    billed: Decimal = ZERO
    goods: Decimal = ZERO
    is_complete: bool = False


@dataclass(frozen=True)
class DocumentView:
    """Everything that a card of a document may show this person."""

    record: DocumentRecord
    type: DocumentType
    party: PartyRecord | None
    lines: Sequence[LineView]
    totals: Totals | None
    settled: Settled | None
    progress: Progress | None
    conversions: Sequence[ConversionView]
    actions: frozenset[Action]
    sees_money: bool
    can_edit: bool
    can_send: bool
    can_pay: bool
    related: Sequence[Related] = field(default_factory=tuple)
    amends: Related | None = None
    """The order that this working copy would change."""
    change_id: int | None = None
    """The working copy of a change of this document that is open."""
    chains: Mapping[int, Sequence[ChainMember]] = field(default_factory=dict, repr=False)
    """Where its lines come from."""

    @property
    def is_draft(self) -> bool:
        """Whether it has no effects yet."""
        return self.record.state == self.type.lifecycle.initial


def view(work: Work, document_id: int) -> DocumentView:
    """A document as `work.actor` may see it, its goods named in his language.

    Raises:
        NotFound: there is none, or none that he may know of.
    """
    return in_language(work.connection, _view(work, document_id), work.actor.language)


def in_language(connection: Connection, found: DocumentView, language: str) -> DocumentView:
    """The same with its goods named in a language."""
    offered = [each.line for way in found.conversions for each in way.lines]
    named = line_names.in_language(
        connection, [*offered, *(each.line for each in found.lines)], language
    )
    return replace(
        found,
        lines=[replace(each, line=named[each.line.id]) for each in found.lines],
        conversions=[
            replace(way, lines=[replace(each, line=named[each.line.id]) for each in way.lines])
            for way in found.conversions
        ],
    )


def _view(work: Work, document_id: int) -> DocumentView:
    connection, actor = work.connection, work.actor
    found = documents(connection, [document_id]).get(document_id)
    if found is None:
        raise NotFound(subject="document")
    require_visible(actor, found)
    its_chains = chains_of(connection, document_id)
    # A line that an amendment took off an order stays, with nothing on it.
    its_lines = [
        chain[0].line
        for chain in its_chains.values()
        if chain[0].line.quantity or not found.type.lines.is_root
    ]
    if _is_draft(found):
        # Its part of a discount that was given in money above is taken when it is issued.
        found = discounts.with_share(connection, found, its_lines, its_chains=its_chains)
    trade = related(connection, found.id)
    promised = (
        stock.promises(connection, [each.id for each in its_lines if each.is_goods])
        if found.type.claims is not Claims.NO and found.state in found.type.lifecycle.in_force
        else {}
    )
    views = [
        LineView(each, its_chains[each.id][0].link.line, promised.get(each.id, ()))
        for each in its_lines
    ]
    its_party = (
        None
        if found.party_id is None
        else parties.load(connection, [found.party_id]).get(found.party_id)
    )
    return DocumentView(
        record=found,
        type=found.type,
        party=its_party,
        lines=views,
        totals=totals_of(found, its_lines),
        settled=_settled(connection, found),
        progress=_progress(found, views),
        conversions=_conversions(work, found, views, its_chains=its_chains),
        actions=_actions(actor, found),
        sees_money=actor.sees_money_of(found.party_id),
        can_edit=_is_draft(found) and may(actor, Right.DRAFT, found.type, party_id=found.party_id),
        can_send=found.type.goes_out
        and found.number is not None
        and may(actor, Right.SEND, found.type, party_id=found.party_id),
        can_pay=_can_pay(actor, found),
        related=[each for each in trade if each.amends_id is None],
        amends=next((each for each in trade if each.id == found.amends_id), None),
        change_id=next((each.id for each in trade if each.amends_id == found.id), None),
        chains=its_chains,
    )


def require_visible(actor: Actor, found: DocumentRecord) -> None:
    """Refuse a document that this person may not know of.

    A party's own people see its papers once they have a number, and what they asked for.

    Raises:
        NotFound.
    """
    require(actor, Right.VIEW, found.type, party_id=found.party_id)
    everything = may(actor, Right.VIEW, found.type, party_id=None)
    asked_for_it = found.created_by is not None and found.created_by == actor.person_id
    if not everything and found.number is None and not asked_for_it:
        raise NotFound(subject="document")


def _is_draft(found: DocumentRecord) -> bool:
    return found.state == found.type.lifecycle.initial


def _settled(connection: Connection, found: DocumentRecord) -> Settled | None:
    if found.state != State.POSTED or not (found.type.debt or found.type.settles):
        return None
    return accounts.settled(connection, [found])[found.id]


def _can_pay(actor: Actor, found: DocumentRecord) -> bool:
    if found.state != State.POSTED or not (found.type.debt or found.type.settles):
        return False
    money = [row for row in DOCUMENT_TYPES.values() if row.settles]
    return any(may(actor, Right.ISSUE, row, party_id=found.party_id) for row in money)


def _progress(found: DocumentRecord, lines: Sequence[LineView]) -> Progress | None:
    if not found.type.lines.is_root or found.number is None:
        return None
    goods = [each.state for each in lines if each.line.is_goods]
    return Progress(
        wanted=sum((each.state.wanted for each in lines), start=ZERO),
        fulfilled=sum((each.fulfilled for each in goods), start=ZERO),
        billed=sum((each.state.billed for each in lines), start=ZERO),
        goods=sum((each.wanted for each in goods), start=ZERO),
        is_complete=all(
            each.state.to_fulfil == ZERO and each.state.wanted == each.state.billed
            for each in lines
        ),
    )


def _conversions(
    work: Work,
    found: DocumentRecord,
    lines: Sequence[LineView],
    *,
    its_chains: Mapping[int, Sequence[ChainMember]],
) -> list[ConversionView]:
    if found.state not in found.type.lifecycle.in_force:
        return []
    ready = {each.line.id: each.ready for each in lines}
    result = []
    for rule in conversions_from(found.kind):
        target = type_of(rule.target)
        if not may(work.actor, Right.DRAFT, target, party_id=found.party_id):
            continue
        offers = offered_of(work.connection, [each.line for each in lines], its_chains, rule=rule)
        most = sum((each.offer.most for each in offers), start=ZERO)
        if most == ZERO:
            continue
        leaves = Track.FULFIL in rule.tracks and target.route is not None and target.route.leaves
        proposed = sum((each.offer.proposed for each in offers), start=ZERO)
        there = sum((min(each.offer.proposed, ready[each.line.id]) for each in offers), start=ZERO)
        result.append(ConversionView(rule, offers, proposed, most, there if leaves else proposed))
    return result


def _actions(actor: Actor, found: DocumentRecord) -> frozenset[Action]:
    """What the state allows, the row allows, and this person may do.

    The working copy of a change is confirmed and thrown away by its own actions.
    """
    lifecycle = found.type.lifecycle
    if found.amends_id is not None:
        return frozenset()
    return frozenset(
        action
        for action, right in _RIGHT_FOR.items()
        if lifecycle.allows(State(found.state), action)
        and (action is not Action.REVERSE or found.type.reversible)
        and may(actor, right, found.type, party_id=found.party_id)
    )


def _kept() -> ColumnElement[bool]:
    """Whether a document was not thrown away: a draft was that is cancelled, it has no number."""
    return (document.c.state != str(State.CANCELLED)) | document.c.number.is_not(None)


def _trade() -> Select[Any]:
    up = select(document.c.id, document.c.source_id).where(document.c.id == bindparam("of"))
    above = up.cte("above", recursive=True)
    parent = document.alias("parent")
    above = above.union(
        select(parent.c.id, parent.c.source_id).join(above, above.c.source_id == parent.c.id)
    )
    down = select(above.c.id).where(above.c.source_id.is_(None)).cte("trade", recursive=True)
    child = document.alias("child")
    down = down.union(select(child.c.id).join(down, child.c.source_id == down.c.id))
    return (
        select(
            document.c.id, document.c.kind, document.c.state, document.c.number,
            document.c.amends_id,
        )
        .join(down, down.c.id == document.c.id)
        .where(_kept())
        .order_by(document.c.id)
    )  # fmt: skip


_TRADE = _trade()


def related(connection: Connection, document_id: int) -> list[Related]:
    """All documents of the same trade, without drafts that were thrown away, in their order."""
    return [Related(**row._mapping) for row in connection.execute(_TRADE, {"of": document_id})]


@dataclass(frozen=True)
class DocumentRow:
    """A document in a list."""

    id: int
    kind: str
    state: str
    number: str | None
    party: str | None
    total: Decimal
    currency: str | None
    record: DocumentRecord


@dataclass(frozen=True)
class Page:
    """A part of a list: `total` is how many there are in all."""

    rows: Sequence[DocumentRow]
    total: int
    offset: int


PAGE_SIZE = 8


def page(
    work: Work,
    *,
    kind: str | None = None,
    states: Sequence[str] = (),
    party_id: int | None = None,
    offset: int = 0,
) -> Page:
    """Documents that the actor may see, the newest first.

    Args:
        work: the unit of work.
        kind: of this kind, or of all kinds.
        states: in one of these states, or in any but thrown away.
        party_id: of this party.
        offset: how many to leave out.
    """
    conditions = [visible(work.actor), document.c.amends_id.is_(None)]
    if kind is not None:
        conditions.append(document.c.kind == type_of(kind).kind)
    if states:
        conditions.append(document.c.state.in_(list(states)))
    else:
        conditions.append(_kept())
    if party_id is not None:
        conditions.append(document.c.party_id == party_id)
    total = work.connection.execute(
        select(func.count()).select_from(document).where(*conditions)
    ).scalar_one()
    found = documents_where(work.connection, *conditions, limit=PAGE_SIZE, offset=offset)
    names = _party_names(work.connection, found)
    return Page([_row(work.actor, each, names) for each in found], int(total), offset)


def visible(actor: Actor) -> ColumnElement[bool]:
    """The kinds that he may see all of, and his parties' papers that have left the house."""
    everything = [
        row.kind for row in DOCUMENT_TYPES.values() if may(actor, Right.VIEW, row, party_id=None)
    ]
    own = [
        row.kind
        for row in DOCUMENT_TYPES.values()
        if any(may(actor, Right.VIEW, row, party_id=each) for each in actor.own_parties)
    ]
    theirs = document.c.number.is_not(None) | (document.c.created_by == actor.person_id)
    return document.c.kind.in_(everything) | (
        document.c.kind.in_(own) & document.c.party_id.in_(sorted(actor.own_parties)) & theirs
    )


def listed(work: Work, document_ids: Sequence[int]) -> list[DocumentRow]:
    """These documents as rows of a list, in this order, without those he may not see."""
    found = documents_where(
        work.connection, document.c.id.in_(sorted(set(document_ids))), visible(work.actor)
    )
    names = _party_names(work.connection, found)
    by_id = {each.id: _row(work.actor, each, names) for each in found}
    return [by_id[each] for each in document_ids if each in by_id]


def _party_names(connection: Connection, found: Sequence[DocumentRecord]) -> dict[int, str]:
    ids = sorted({each.party_id for each in found if each.party_id is not None})
    rows = connection.execute(select(party.c.id, party.c.name).where(party.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _row(actor: Actor, found: DocumentRecord, names: Mapping[int, str]) -> DocumentRow:
    sees_money = actor.sees_money_of(found.party_id)
    minor = found.amount_minor if found.type.settles else found.total_minor
    return DocumentRow(
        id=found.id,
        kind=found.kind,
        state=found.state,
        number=found.number,
        party=names.get(found.party_id or 0),
        total=found.amount(minor) if sees_money else ZERO,
        currency=found.currency if sees_money and minor is not None else None,
        record=found,
    )


def counts(work: Work) -> dict[str, dict[str, int]]:
    """How many documents there are by kind and state, of those that the actor may see."""
    rows = work.connection.execute(
        select(document.c.kind, document.c.state, func.count().label("number"))
        .where(visible(work.actor), document.c.amends_id.is_(None))
        .group_by(document.c.kind, document.c.state)
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.kind, {})[row.state] = row.number
    return found
