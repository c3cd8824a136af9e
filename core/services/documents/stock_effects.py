"""The goods side of an issue: moves by the row's route, then what lines still want."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.domain.document_type import Claims
from core.domain.documents import type_of
from core.domain.links import LineState, offer_to_order
from core.domain.money import ZERO
from core.domain.posting import GoodsPosting
from core.services import company as companies
from core.services import stock
from core.services.company import CompanyRecord
from core.services.documents.converting import NotInForce
from core.services.people.parties import AddressRecord, PartyRecord, PartyWithoutAddress
from core.services.work import Work
from core.storage.queries.document_queries import (
    ChainMember,
    DocumentRecord,
    LineRecord,
)

Chains = Mapping[int, Sequence[ChainMember]]
"""For each line of a document: itself, its source, and the ancestors of both."""


def require_in_force(source: ChainMember, made: DocumentRecord) -> None:
    """Refuse a source that was closed, cancelled or reversed since the draft was made.

    Raises:
        NotInForce.
    """
    if source.state not in type_of(source.kind).lifecycle.in_force:
        raise NotInForce(number=source.number or made.number or "", state=source.state)


def move(
    work: Work,
    record: DocumentRecord,
    lines: Sequence[LineRecord],
    *,
    its_chains: Chains,
    company: CompanyRecord,
    party: PartyRecord | None,
    addresses: Sequence[AddressRecord],
    displace: bool,
) -> None:
    """Move the goods of a document by its row's route; nothing for other kinds.

    Raises:
        NotEnough: they are not there, or others have claimed them.
        PartyWithoutAddress: they would leave for nowhere.
    """
    _require_address(record, party, addresses)
    movements = movements_of(work, record, lines, its_chains=its_chains, company=company)
    stock.move_goods(work, movements, displace=displace or record.type.counts)


def movements_of(
    work: Work,
    record: DocumentRecord,
    lines: Sequence[LineRecord],
    *,
    its_chains: Chains,
    company: CompanyRecord,
) -> list[stock.StockMovement]:
    """The movements of a document by its row's route; its products are locked from now on."""
    row = record.type
    if row.route is None:
        return []
    goods_lines = [each for each in lines if each.is_goods and each.product_id is not None]
    stock.lock(work, {each.product_id for each in goods_lines if each.product_id})
    differences = _differences(work, goods_lines) if row.counts else {}
    costs = _costs(goods_lines, its_chains) if not row.route.source.inside else {}
    if any(each.rejected_goods for each in goods_lines):
        costs = _costs(goods_lines, its_chains)
    if row.counts:
        # Opening stock says what it is worth; other counts find goods at the worth of the rest.
        costs = {each.id: each.unit_price for each in lines if each.unit_price is not None}
    posting = GoodsPosting(row, companies.places_of(work), company.currency)
    return [
        movement
        for each in goods_lines
        for movement in posting.movements(
            each,
            difference=differences.get(each.id),
            unit_cost=costs.get(each.id),
            order_line_id=_claiming_line(its_chains[each.id]),
        )
    ]


def _require_address(
    record: DocumentRecord, party: PartyRecord | None, addresses: Sequence[AddressRecord]
) -> None:
    row = record.type
    leaves = row.route is not None and row.route.leaves and row.paper.shows_delivery_address
    if leaves and party is not None and not addresses:
        raise PartyWithoutAddress(name=party.name, party_id=party.id)


def _differences(work: Work, lines: Sequence[LineRecord]) -> dict[int, Decimal]:
    """What each counted line found too much or too little, by the level at its time."""
    counted = [
        (each, stock.Count(each.product_id or 0, each.counted, each.move_at_count or 0))
        for each in lines
        if each.counted is not None
    ]
    found = stock.counted_differences(work.connection, [count for _, count in counted])
    return {each.id: difference for (each, _), difference in zip(counted, found, strict=True)}


def _costs(lines: Sequence[LineRecord], its_chains: Chains) -> dict[int, Decimal]:
    """What one piece of each line costs by its order, in the company's currency.

    The order's net price at the order's rate; lines without a priced ancestor are left out.
    """
    found = {}
    for each in lines:
        for member in its_chains[each.id][1:]:
            if member.link.rule.is_root and member.line.unit_price is not None:
                kept = (100 - member.line.discount_percent) * (100 - member.discount_percent)
                rate = member.rate or Decimal(1)
                found[each.id] = member.line.unit_price * kept / 10000 * rate
    return found


def _claiming_line(chain: Sequence[ChainMember]) -> int | None:
    """The line of the order whose claims a delivery consumes."""
    for member in chain[1:]:
        if type_of(member.kind).claims is Claims.WAITING:
            return member.id
    return None


def want(
    work: Work,
    issued: DocumentRecord,
    lines: Sequence[LineRecord],
    *,
    its_chains: Chains,
    states: Mapping[int, LineState],
) -> None:
    """Make claims and waiting equal to what lines still want, and give out what is free.

    A credit moves nothing, but what it credits may not be wanted any more.
    """
    row = issued.type
    goods_lines = [each for each in lines if each.is_goods and each.product_id is not None]
    if row.claims is Claims.NO and row.route is None:
        above = _claiming_members(goods_lines, its_chains)
        if all(states[each.id].wanted == each.link.line.wanted for each in above):
            return
    demands: list[stock.Demand] = []
    if row.claims is not Claims.NO:
        stock.claims_nothing_yet(work, goods_lines)
        _take_over(work, goods_lines, its_chains)
        demands = _own_demands(work, issued, goods_lines)
    demands += [
        _demand_of(work, member, states[member.id])
        for member in _claiming_members(goods_lines, its_chains)
    ]
    products = {each.product_id for each in goods_lines if each.product_id is not None}
    stock.serve(work, demands, products, own=issued.id)


def want_again(work: Work, lines: Sequence[LineRecord], its_chains: Chains) -> None:
    """After a reversal: what the lines above want again, and what became free given out."""
    goods_lines = [each for each in lines if each.is_goods and each.product_id is not None]
    demands = [
        _demand_of(work, member, member.link.line)
        for member in _claiming_members(goods_lines, its_chains)
    ]
    if demands:
        stock.set_demand(work, demands)
    stock.allocate(work, {each.product_id for each in goods_lines if each.product_id is not None})


def _own_demands(
    work: Work, issued: DocumentRecord, lines: Sequence[LineRecord]
) -> list[stock.Demand]:
    """Return what the lines of a document that takes effect want."""
    return [
        stock.Demand.of(
            each,
            each.quantity,
            now=work.now,
            until=issued.valid_until if issued.type.claims is Claims.UNTIL else None,
            complete_only=issued.ships_complete,
        )
        for each in lines
    ]


def _take_over(work: Work, lines: Sequence[LineRecord], its_chains: Chains) -> None:
    """Hand the claims of a reservation over to the lines of the order made from it."""
    handovers = [
        stock.Handover(chain[1].link.line.line_id, each.id, each.quantity)
        for each in lines
        if len(chain := its_chains[each.id]) > 1 and type_of(chain[1].kind).claims is Claims.UNTIL
    ]
    if handovers:
        stock.hand_over(work, handovers)


def _claiming_members(lines: Sequence[LineRecord], its_chains: Chains) -> list[ChainMember]:
    """The lines above these that claim goods, each once."""
    found = {
        member.id: member
        for each in lines
        for member in its_chains[each.id][1:]
        if type_of(member.kind).claims is not Claims.NO
    }
    return [found[each] for each in sorted(found)]


def _demand_of(work: Work, member: ChainMember, state: LineState) -> stock.Demand:
    """Return what a line above still wants."""
    row = type_of(member.kind)
    in_force = member.state in row.lifecycle.in_force
    open_quantity = offer_to_order(state) if row.claims is Claims.UNTIL else state.to_fulfil
    return stock.Demand.of(
        member.line,
        max(ZERO, open_quantity) if in_force else ZERO,
        now=work.now,
        until=member.valid_until if row.claims is Claims.UNTIL else None,
        complete_only=member.ships_complete,
    )
