"""Following every proposal to its end leads to kept = billed = wanted, by any road.

A walk does what people may do with an order, in parts and in any sequence: convert along every row
of the table, close, reverse.  A plain list of wishes (`wishes.py`) is told what has happened, and
must agree after each step.
"""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain import links
from core.domain.documents import DocumentKind as Kind
from core.domain.links import MoreThanOffered, Track
from tests.domain.books import Books, Proposal, Refused
from tests.domain.wishes import Trade

ORDERS = {"sale": Kind.SALES_ORDER, "purchase": Kind.PURCHASE_ORDER}
GOODS_COME = {Track.FULFIL, Track.INSPECT}


class Walk:
    """Books and their oracle, changed together."""

    def __init__(self, chance: random.Random, side: str, *, service: bool, quote: bool) -> None:
        self.chance = chance
        self.books = Books()
        self.trades: dict[int, Trade] = {}
        # How a document changed the number of wishes, and how many of these were newly approved.
        self.wished: dict[int, tuple[int, int]] = {}
        self.log: list[str] = []
        self.service = service
        quantity = chance.randint(1, 9)
        if quote:
            start = chance.choice([Kind.QUOTE, Kind.RESERVATION])
            self.books.add(start, quantity, service=service)
        else:
            self._ordered(self.books.add(ORDERS[side], quantity, service=service))

    def _ordered(self, id: int) -> None:
        self.trades[id] = Trade(int(self.books.entries[id].quantity), service=self.service)

    def root(self, id: int) -> int:
        """Return the order that a document belongs to."""
        (found,) = [
            each.line.line_id for each in self.books.chain(id) if each.line.line_id in self.trades
        ]
        return found

    # --- Steps -----------------------------------------------------------------------------

    def step(self) -> None:
        """Do something that people may do."""
        action = self.chance.random()
        if action < 0.08 and self.trades:
            self.close()
        elif action < 0.2:
            self.reverse()
        elif action < 0.3:
            self.take_too_much()
        else:
            found = [each for each in self.books.proposals() if each.offer.most > 0]
            if found:
                each = self.chance.choice(found)
                self.convert(each, self.chance.randint(1, int(each.offer.most)))

    def convert(self, way: Proposal, quantity: int, *, excess: bool = False) -> None:
        """Make a document, in the books and in the oracle."""
        rule = way.rule
        drops = self.chance.random() < 0.5 and rule.asks_wanted
        rejected = self.rejected(rule)
        id = self.books.convert(
            way.source,
            rule.target,
            quantity,
            rejected=rejected,
            drops=drops,
            rejected_goods=rule.rejected_goods,
            excess=excess,
            credited=way.credited,
        )
        self.log.append(f"{rule.source}->{rule.target} {quantity} {rejected=} {drops=} {excess=}")
        if rule.tracks[0] is Track.ORDER:
            self._ordered(id)
            return
        trade = self.trades[self.root(id)]
        before = len(trade.wishes)
        self.tell(trade, way, quantity, drops=drops, excess=excess)
        self.wished[id] = (len(trade.wishes) - before, len(trade.wishes) - before if excess else 0)

    def rejected(self, rule) -> int:
        route = self.books.types[rule.target].route
        if route is None or route.rejected is None:
            return 0
        return self.chance.choice([0, 0, 1, 3])

    def tell(self, trade: Trade, way: Proposal, quantity: int, *, drops, excess) -> None:
        """Tell the oracle what has happened."""
        track = way.rule.tracks[0]
        closed = self.books.entries[self.root(way.source)].state == "closed"
        if Track.FULFIL in way.rule.tracks:
            trade.goods_come(quantity, approved=excess)
        elif track is Track.INSPECT and drops:
            trade.nothing_more_is_wanted(quantity)
        elif track is Track.BILL:
            trade.bill_comes(quantity)
        elif track is Track.RETURN:
            trade.goods_go_back(quantity, replaced=not drops and not closed)
        elif track is Track.CREDIT:
            given_up = drops or (closed and self.service)
            trade.bill_is_credited(quantity, still_wanted=not given_up)

    def close(self) -> None:
        id = self.chance.choice(list(self.trades))
        if self.books.entries[id].state == "in force":
            self.log.append(f"close {id}")
            self.books.close(id)
            self.trades[id].nothing_more_is_wanted()

    def reverse(self) -> None:
        """Reverse any document whose kind allows it, unless others build on it."""
        reversible = [
            each.id
            for each in self.books.entries.values()
            if each.state == "in force" and self.books.types[each.kind].reversible
        ]
        if not reversible:
            return
        id = self.chance.choice(reversible)
        entry = self.books.entries[id]
        rule = self.books.rule_of(id)
        try:
            self.books.reverse(id)
        except Refused:
            return
        self.log.append(f"reverse {entry.kind} {entry.quantity}")
        root = self.root(id)
        trade, quantity = self.trades[root], int(entry.quantity)
        if Track.FULFIL in rule.tracks:
            trade.goods_never_came(quantity)
        elif rule.tracks[0] is Track.RETURN:
            trade.goods_never_went_back(quantity)
        more, approved = self.wished.get(id, (0, 0))
        trade.wishes_as_before(more, approved=approved)
        if self.books.entries[root].state == "closed":
            trade.nothing_more_is_wanted()

    def take_too_much(self) -> None:
        """Take more than is offered, which only an approved receipt may."""
        found = list(self.books.proposals())
        if not found:
            return
        way = self.chance.choice(found)
        # A credit of a return may take another billing line than the oldest first.
        most = links.offer(self.books.chain(way.source, way.credited), way.rule.tracks).most
        too_much = int(most) + self.chance.randint(1, 3)
        if self.books.types[way.rule.target].excess_by_approval:
            self.convert(way, too_much, excess=True)
            return
        with pytest.raises(MoreThanOffered):
            self.books.convert(
                way.source,
                way.rule.target,
                too_much,
                rejected_goods=way.rule.rejected_goods,
                credited=way.credited,
            )

    # --- What must hold --------------------------------------------------------------------

    def check(self) -> None:
        """Compare the books with the oracle, and see that nothing is overdrawn."""
        for id in self.books.entries:
            assert links.overdrawn(self.books.link(id)) == (), self.log
        for id, trade in self.trades.items():
            line = self.books.line(id)
            assert line.wanted == len(trade.wishes), self.log
            assert line.billed == trade.billed, self.log
            assert line.on(Track.DROP) == trade.given_up >= 0, self.log
            if not self.service:
                assert line.fulfilled == trade.kept, self.log
                assert line.to_fulfil == trade.without_goods - trade.spare_goods, self.log
        for way in self.books.proposals():
            self.check_offer(way)

    def check_offer(self, way: Proposal) -> None:
        """See that a road offers no more than the trade has open."""
        assert 0 <= way.offer.proposed <= way.offer.most, self.log
        track = way.rule.tracks[0]
        if track is Track.ORDER:
            return
        root = self.root(way.source)
        trade, from_order = self.trades[root], way.source == root
        if track is Track.FULFIL:
            assert way.offer.most == way.offer.proposed == trade.without_goods, self.log
        elif Track.FULFIL in way.rule.tracks:
            assert way.offer.most <= trade.without_goods, self.log
        elif track is Track.BILL and from_order:
            assert way.offer.most == trade.without_bill, self.log
        elif track is Track.BILL:
            kept = self.books.line(way.source)
            assert way.offer.most <= min(trade.without_bill, links.note_to_return(kept)), self.log
        elif track is Track.RETURN:
            assert way.offer.most <= trade.kept, self.log
            assert way.offer.proposed <= trade.spare_goods, self.log
        elif track is Track.CREDIT:
            assert way.offer.most <= trade.billed, self.log
            assert way.offer.proposed <= trade.spare_bills, self.log

    def follow(self) -> None:
        """Take what is proposed, by any road, until nothing is."""
        for _ in range(300):
            found = [each for each in self.books.proposals() if each.offer.proposed > 0]
            if not found:
                return
            way = self.chance.choice(found)
            most = int(way.offer.proposed)
            self.convert(way, self.chance.choice([most, most, self.chance.randint(1, most)]))
            self.check()
        raise AssertionError(f"proposals without end: {self.log}")

    def check_end(self) -> None:
        """See that everybody has what they want, and pays for exactly that."""
        for id, trade in self.trades.items():
            line = self.books.line(id)
            assert line.fulfilled == line.billed == line.wanted, self.log
            assert trade.kept == trade.billed == len(trade.wishes) or self.service, self.log
            assert trade.spare_goods == trade.spare_bills == 0, self.log
            if self.books.entries[id].state == "in force" and not trade.given_up:
                assert line.wanted == line.quantity + line.on(Track.EXCESS), self.log
        for entry in self.books.entries.values():
            if entry.state == "in force" and entry.rejected:
                assert links.note_to_inspect(self.books.line(entry.id)) == 0, self.log
        self.check_papers()

    def check_papers(self) -> None:
        """See that the plain sums of the documents say the same."""
        total = self.books.total
        kept = total(Kind.DELIVERY_NOTE) - total(Kind.SALES_RETURN)
        kept += total(Kind.RECEIPT_NOTE, Kind.TRANSFER)
        kept -= sum(
            each.quantity
            for each in self.books.entries.values()
            if each.kind == Kind.PURCHASE_RETURN
            and each.state == "in force"
            and self.books.rule_of(each.id).tracks[0] is Track.RETURN
        )
        billed = total(Kind.INVOICE, Kind.BILL) - total(Kind.CREDIT_NOTE, Kind.VENDOR_CREDIT)
        wanted = sum(len(each.wishes) for each in self.trades.values())
        assert billed == wanted, self.log
        assert kept == (0 if self.service else wanted), self.log


def run(seed: int, side: str, *, service: bool = False, quote: bool = False) -> None:
    chance = random.Random(seed)
    walk = Walk(chance, side, service=service, quote=quote)
    for _ in range(chance.randint(1, 14)):
        walk.step()
        walk.check()
    walk.follow()
    walk.check_end()


SIDES = [("sale", False, False), ("purchase", False, False), ("sale", False, True)]
SERVICES = [("sale", True, False), ("purchase", True, False), ("sale", True, True)]


@pytest.mark.parametrize(("side", "service", "quote"), SIDES + SERVICES)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_road_leads_to_the_right_end(seed, side, service, quote):
    run(seed, side, service=service, quote=quote)


@pytest.mark.parametrize(("side", "service", "quote"), SIDES + SERVICES)
def test_a_hundred_and_fifty_fixed_walks(side, service, quote):
    for seed in range(150):
        run(seed, side, service=service, quote=quote)


def test_fractions_of_a_piece_add_up():
    books = Books()
    order = books.add(Kind.SALES_ORDER, Decimal("2.5"))
    note = books.convert(order, Kind.DELIVERY_NOTE, Decimal("1.125"))
    assert books.offer(order, Kind.DELIVERY_NOTE).most == Decimal("1.375")
    assert books.offer(note, Kind.INVOICE).most == Decimal("1.125")
