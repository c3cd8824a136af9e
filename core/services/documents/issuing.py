"""A document takes effect: it gets its number, draws on its sources, moves goods, books money.

One function for every kind; what happens is said by the kind's row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, update

from core.domain.document_type import Claims
from core.domain.documents import conversion, type_of
from core.domain.errors import Refusal
from core.domain.lifecycles import OFFER, POSTING, Action, ActionRefused, State
from core.domain.limits import Beyond
from core.domain.links import DrawnQuantity, LineState, Link, MoreThanOffered, Track, draws
from core.domain.money import ZERO, to_minor
from core.domain.papers.templates import Chosen
from core.domain.people import Ability, Right
from core.domain.totals import line_net
from core.services import company, limits, numbering
from core.services.company import CompanyRecord
from core.services.documents import (
    discounts,
    document_header,
    document_totals,
    limit_checks,
    money_effects,
    paper_view,
    stock_effects,
)
from core.services.documents.stock_effects import Chains
from core.services.history import record
from core.services.money.allocations import Settlement
from core.services.numbering import Number
from core.services.people import parties
from core.services.people.parties import PartyRecord, Reach
from core.services.rights import Changed, require
from core.services.work import Work
from core.storage.locks import lock_with_sources
from core.storage.queries.document_queries import (
    ChainMember,
    DocumentRecord,
    LineRecord,
    chains_of,
)
from core.storage.sql import insert_rows, update_one
from core.storage.tables import document, draw
from core.storage.tables import document_line as line

_FIX_LINE = update(line).where(line.c.id == bindparam("of_line"))


class NothingInIt(Refusal):
    """The document has no lines (or a payment no amount)."""

    code = "nothing_in_it"


class DateMissing(Refusal):
    """The document needs a date that it does not have: a hold has an end."""

    code = "date_missing"
    fact_names = ("field",)


@dataclass(frozen=True)
class Issued:
    """What came of it: the number and the totals that are stored from now on."""

    document_id: int
    number: str
    total: Decimal | None


@dataclass(frozen=True)
class _Context:
    """All that was read before the first write."""

    record: DocumentRecord
    lines: Sequence[LineRecord]
    chains: Chains
    company: CompanyRecord
    party: PartyRecord | None
    reach: Reach
    template: Chosen


def issue(
    work: Work,
    document_id: int,
    *,
    revision: int,
    displace: bool = False,
    excess: bool = False,
    settlement: Settlement | None = None,
) -> Issued:
    """Confirm, post, send or grant a document: what its lifecycle calls the issue.

    Args:
        work: the unit of work.
        document_id: the draft.
        revision: the one that the person saw.
        displace: what others have claimed may be taken (asked first; a count always may).
        excess: more than is offered may be received, within the owner's limit or by approval.
        settlement: what a payment settles; everything else finds it by itself.

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused, NothingInIt, PriceMissing,
        PartyWithoutAddress, MoreThanOffered, NotEnough, NothingToConvert.
        ApprovalNeeded: it goes beyond a limit of the owner; nothing was written.
    """
    context = _with_discount(work, _read(work, document_id, revision=revision))
    its_draws = _draws(context, excess=excess)
    states = _states_after(context.chains, its_draws)
    if not work.actor.can(Ability.APPROVE):
        subject = _measurable(context, its_draws, states)
        found = limit_checks.beyond(work, subject, Action.ISSUE)
        limits.require_approved(work, context.record, found)
    stock_effects.move(
        work,
        context.record,
        context.lines,
        its_chains=context.chains,
        company=context.company,
        party=context.party,
        addresses=context.reach[0],
        displace=displace,
    )
    _write_draws(work, its_draws)
    ranked = _ranked(work, context)
    fixed = _fix_money(work, context, ranked)
    minor = money_effects.booked_minor(context.record, fixed)
    settlement = settlement or money_effects.settlement_of(
        work.connection, context.record, context.chains, minor=minor
    )
    number = numbering.next_number(work, context.record.type.prefix, context.company.zone)
    issued = _write(work, context, number, fixed=fixed, settlement=settlement)
    stock_effects.want(
        work,
        issued,
        ranked if fixed is not None else context.lines,
        its_chains=context.chains,
        states=states,
    )
    money_effects.book(work, issued, minor=minor, settlement=settlement)
    record(work, "document", document_id, action="issue", number=number.text)
    _touch_sources(work, context.chains)
    _accept_offers(work, context.chains)
    return Issued(document_id, number.text, None if fixed is None else fixed.total)


def beyond(work: Work, document_id: int, *, revision: int) -> Beyond | None:
    """How far issuing a document would go beyond a limit; nothing when it would not.

    Raises:
        NotFound, NotAllowed, Changed, ActionRefused, NothingInIt, MoreThanOffered.
    """
    context = _with_discount(work, _read(work, document_id, revision=revision))
    its_draws = _draws(context, excess=True)
    states = _states_after(context.chains, its_draws)
    return limit_checks.beyond(work, _measurable(context, its_draws, states), Action.ISSUE)


def _measurable(
    context: _Context,
    its_draws: Sequence[tuple[int, DrawnQuantity]],
    states: Mapping[int, LineState],
) -> limit_checks.Subject:
    return limit_checks.Subject(
        record=context.record,
        lines=context.lines,
        chains=context.chains,
        company=context.company,
        party=context.party,
        draws=its_draws,
        states=states,
    )


def _read(work: Work, document_id: int, *, revision: int) -> _Context:
    # Before anything is read: what another draws meanwhile on the same sources must be seen.
    lock_with_sources(work.connection, document_id)
    frame = document_header.read(work, document_id)
    found = frame.record
    require(work.actor, Right.ISSUE, found.type, party_id=found.party_id)
    found.type.lifecycle.after(State(found.state), Action.ISSUE)
    if found.amends_id is not None:
        # The working copy of a change never takes a number: it is confirmed.
        raise ActionRefused(action=Action.ISSUE, state=found.state)
    if found.revision != revision:
        raise Changed(subject="document", id=document_id)
    # A payment has an amount and no lines.
    its_chains = {} if found.type.settles else chains_of(work.connection, document_id)
    lines = [chain[0].line for chain in its_chains.values()]
    if not (found.amount_minor if found.type.settles else lines):
        raise NothingInIt
    if found.type.claims is Claims.UNTIL and found.valid_until is None:
        raise DateMissing(field="valid_until")
    party = frame.party
    reach: Reach = ([], []) if party is None else parties.reach(work.connection, party.id)
    return _Context(found, lines, its_chains, frame.company, party, reach, frame.template)


def _with_discount(work: Work, context: _Context) -> _Context:
    """The document with its part of a discount that was given in money on its sources."""
    its_record = discounts.with_share(
        work.connection, context.record, context.lines, its_chains=context.chains
    )
    return replace(context, record=its_record)


def _draws(context: _Context, *, excess: bool) -> list[tuple[int, DrawnQuantity]]:
    """What every line draws on its chain, each seeing what the lines before it took."""
    excess_allowed = excess and context.record.type.excess_by_approval
    taken: dict[int, LineState] = {}
    found: list[tuple[int, DrawnQuantity]] = []
    for each in context.lines:
        chain = context.chains[each.id][1:]
        if not chain or each.quantity == ZERO:
            continue
        rule = conversion(chain[0].kind, context.record.kind, rejected_goods=each.rejected_goods)
        stock_effects.require_in_force(chain[0], context.record)
        if each.amount_only:
            # What it takes off is bounded by money (`sums.capped`); no piece is credited.
            amount = line_net(document_totals.priced_line(each), context.record.currency or "")
            found.append((each.id, DrawnQuantity(chain[0].id, Track.REDUCE, amount)))
            continue
        links = [_seen(member, taken) for member in _chain_from(chain, each)]
        try:
            drawn = draws(
                links, rule.tracks, each.quantity, drops=each.drops, excess_allowed=excess_allowed
            )
        except MoreThanOffered as refused:
            raise MoreThanOffered(
                name=each.name, wanted=each.quantity, offered=refused.facts["offered"]
            ) from None
        for one in drawn:
            before = taken.get(one.line_id) or _state(links, one.line_id)
            taken[one.line_id] = _after(before, one)
            found.append((each.id, one))
    return found


def _chain_from(chain: Sequence[ChainMember], each: LineRecord) -> list[ChainMember]:
    """The source line first, then the rest of the roads."""
    return sorted(chain, key=lambda member: member.link.line.line_id != each.source_line_id)


def _seen(member: ChainMember, taken: Mapping[int, LineState]) -> Link:
    state = taken.get(member.link.line.line_id)
    return member.link if state is None else replace(member.link, line=state)


def _state(links: Sequence[Link], line_id: int) -> LineState:
    return next(link.line for link in links if link.line.line_id == line_id)


def _after(state: LineState, one: DrawnQuantity) -> LineState:
    return replace(state, drawn={**state.drawn, one.track: state.on(one.track) + one.quantity})


def _states_after(
    its_chains: Chains, its_draws: Sequence[tuple[int, DrawnQuantity]]
) -> dict[int, LineState]:
    """Every line of the chains as it stands after the draws."""
    states = {
        member.link.line.line_id: member.link.line
        for chain in its_chains.values()
        for member in chain
    }
    for _, one in its_draws:
        states[one.line_id] = _after(states[one.line_id], one)
    return states


def _write_draws(work: Work, its_draws: Sequence[tuple[int, DrawnQuantity]]) -> None:
    insert_rows(
        work.connection,
        draw,
        [
            {
                "line_id": one.line_id,
                "by_line_id": by_line_id,
                "track": str(one.track),
                "quantity": one.quantity,
                "at": work.now,
            }
            for by_line_id, one in its_draws
        ],
    )


def _fix_money(
    work: Work, context: _Context, ranked: Sequence[LineRecord]
) -> document_totals.Fixed | None:
    """Totals as they are stored, and each line's net; none for unpriced documents."""
    totals = document_totals.totals_of(context.record, context.lines)
    if totals is None or context.record.currency is None:
        return None
    document_totals.require_prices(context.lines)
    fixed = document_totals.fix(work.connection, context.record, context.lines, totals=totals)
    currency = context.record.currency
    work.connection.execute(
        _FIX_LINE,
        [
            {
                "of_line": each.id,
                "net_minor": to_minor(net, currency),
                "asked_at": each.asked_at,
                "priority": each.priority,
            }
            for each, net in zip(ranked, totals.line_nets, strict=True)
        ],
    )
    document_totals.keep_taxes(
        work.connection, context.record, fixed.taxes, version=context.record.version
    )
    return fixed


def _ranked(work: Work, context: _Context) -> list[LineRecord]:
    """The lines; those that are going to claim goods with their place in the queue."""
    if context.record.type.claims is Claims.NO:
        return list(context.lines)
    return [
        replace(each, asked_at=work.now) if each.is_goods and each.asked_at is None else each
        for each in context.lines
    ]


def _write(
    work: Work,
    context: _Context,
    number: Number,
    *,
    fixed: document_totals.Fixed | None,
    settlement: Settlement,
) -> DocumentRecord:
    """The header as it stays: number, dates, totals, snapshot, hash, in one statement."""
    its_record, row = context.record, context.record.type
    values: dict[str, Any] = {
        "state": str(row.lifecycle.issued),
        "revision": its_record.revision + 1,
        "number": number.text,
        "issued_on": number.issued_on,
        "discount_minor": its_record.discount_minor,
        "due_on": _due_on(its_record, number.issued_on),
        "numbered_at": work.now,
        "template_id": context.template.id,
    }
    if row.route is not None and its_record.delivery_on is None:
        values["delivery_on"] = number.issued_on
    if fixed is not None and its_record.currency is not None:
        values |= {
            "net_minor": to_minor(fixed.net, its_record.currency),
            "tax_minor": to_minor(fixed.tax, its_record.currency),
            "total_minor": to_minor(fixed.total, its_record.currency),
        }
    issued = replace(its_record, **values, series=number.series)
    snapshot = paper_view.freeze(
        work.connection,
        issued,
        context.lines,
        fixed=fixed,
        around=paper_view.Around(
            context.company,
            context.party,
            context.chains,
            context.reach,
            settlement,
            context.template.look,
        ),
    )
    chained = row.lifecycle is POSTING
    head = paper_view.hash_of(number.previous_hash, issued, context.lines) if chained else ""
    # It has been locked since before its revision was looked at.
    update_one(
        work.connection,
        document,
        its_record.id,
        **values,
        series=number.series,
        sequence=number.sequence,
        watched=row.watched,
        snapshot=snapshot,
        previous_hash=number.previous_hash if chained else None,
        hash=head if chained else None,
    )
    numbering.keep_number(work, number, head=head)
    if chained and not context.company.fixed:
        company.fix(work)
    return issued


def _due_on(its_record: DocumentRecord, issued_on: date) -> date | None:
    if its_record.due_on is not None or its_record.payment_days is None:
        return its_record.due_on
    return issued_on + timedelta(days=its_record.payment_days)


def _touch_sources(work: Work, its_chains: Chains) -> None:
    for chain in its_chains.values():
        for member in chain[1:]:
            work.touch("document", member.document_id)


def _accept_offers(work: Work, its_chains: Chains) -> None:
    """What is ordered of an offer that nobody has answered was accepted thereby."""
    offers = {
        chain[1].document_id
        for chain in its_chains.values()
        if len(chain) > 1
        and type_of(chain[1].kind).lifecycle is OFFER
        and chain[1].state == State.SENT
    }
    if not offers:
        return
    work.connection.execute(
        update(document)
        .where(document.c.id.in_(sorted(offers)), document.c.state == str(State.SENT))
        .values(state=str(State.ACCEPTED), revision=document.c.revision + 1)
    )
    for each in sorted(offers):
        record(work, "document", each, action=str(Action.ACCEPT))
