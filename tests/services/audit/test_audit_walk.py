"""Whatever people do, in any order: the audit finds nothing, and all orders can be completed.

A walk makes orders, converts along every row of the table in any quantity, pays, counts, moves,
amends, closes, cancels, reverses, releases claims and lets time pass.  A refusal is an answer; any
other exception is a defect, and so is a breach after any step.
"""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.domain.document_type import Conversion, Route
from core.domain.documents import conversions_from, type_of
from core.domain.errors import Refusal
from core.domain.lifecycles import Action, State
from core.domain.links import note_to_inspect
from core.domain.places import PlaceRole
from core.services import overview, stock
from core.services.documents import drafting, lifecycle
from core.services.documents.converting import Chosen, offered
from core.services.money import open_items
from core.storage.database import savepoint
from core.storage.queries.document_queries import (
    DocumentRecord,
    LineRecord,
    document,
    documents_where,
    lines_of,
    states_of_lines,
)
from core.storage.tables import claim, waiting
from tests.builders import Shop, audited_story
from tests.company import story_in
from tests.services.trading import TradingShop

GOODS = ("laptop", "mouse", "cable")


class Walk:
    """A shop in which things happen at random."""

    def __init__(self, shop: TradingShop, chance: random.Random) -> None:
        self.shop = shop
        self.chance = chance
        self.done: list[str] = []
        self.actions: dict[str, tuple[int, Callable[[], object]]] = {
            "order": (14, self.order),
            "convert": (60, self.convert),
            "end": (14, self.end),
            "amend": (14, self.amend),
            "close_line": (4, self.close_line),
            "accept": (2, self.accept),
            "pay": (8, self.pay),
            "count": (4, self.count),
            "move": (4, self.move),
            "claims": (6, self.claims),
            "time": (5, self.time),
        }

    def step(self) -> None:
        """Do one thing, whole or not at all."""
        names = list(self.actions)
        (name,) = self.chance.choices(names, [self.actions[each][0] for each in names])
        self.shop.passes(minutes=1)
        try:
            with savepoint(self.shop.connection):
                said = self.actions[name][1]()
        except Refusal as refused:
            said = f"refused: {refused}"
        self.done.append(f"{name}: {said}")

    def documents(self) -> list[DocumentRecord]:
        """Return all documents in force."""
        found = documents_where(self.shop.connection, document.c.number.is_not(None))
        return [each for each in found if each.state in each.type.lifecycle.in_force]

    def orders(self) -> list[DocumentRecord]:
        """Return the orders in force."""
        return [each for each in self.documents() if each.type.lines.is_root]

    def one_of(self, found: Sequence[DocumentRecord]) -> DocumentRecord | None:
        """Return one of these, or None when there is none."""
        return self.chance.choice(found) if found else None

    # --- What happens ----------------------------------------------------------------------

    def order(self) -> object:
        customer, abroad, vendor = self.shop.customer, self.shop.abroad, self.shop.vendor
        kind, party = self.chance.choice(
            [
                ("sales_order", customer),
                ("sales_order", abroad),
                ("purchase_order", vendor),
                ("purchase_order", vendor),
                ("quote", customer),
                ("reservation", customer),
            ]
        )
        wanted = self.chance.sample([*GOODS, "freight"], self.chance.randint(1, 3))
        lines = [(self.chance.randint(1, 12), name) for name in wanted]
        header: dict[str, Any] = {}
        if kind == "reservation":
            header["valid_until"] = self.shop.now + timedelta(hours=self.chance.randint(1, 72))
        if kind == "sales_order":
            header["ships_complete"] = self.chance.random() < 0.2
        self.shop.new(kind, *lines, party=party, **header)
        return kind, party, lines, header

    def convert(self) -> object:
        source = self.one_of([each for each in self.documents() if conversions_from(each.kind)])
        if source is None:
            return None
        rule = self.chance.choice(conversions_from(source.kind))
        offers = offered(self.shop.connection, source, rule)
        most: dict[int, Decimal] = {}
        for each in offers:
            most[each.line.id] = most.get(each.line.id, Decimal(0)) + each.offer.most
        target = type_of(rule.target)
        chosen = {each: self.chosen(target.route, quantity) for each, quantity in most.items()}
        id = self.draft(source, rule, chosen=self.chance.choice([chosen, chosen, None]))
        excess = self.more_than_offered(id) if target.excess_by_approval else False
        displace = self.chance.random() < 0.5
        self.shop.issues(id, displace=displace, excess=excess)
        number = self.shop.record(id).number
        return source.number, number, [str(each.quantity) for each in chosen.values()]

    def draft(
        self, source: DocumentRecord, rule: Conversion, chosen: dict[int, Chosen] | None = None
    ) -> int:
        """Draft a document by a row of the table."""
        own = type_of(rule.target).own_number
        header = {"foreign_number": f"{len(self.done)}"} if own else {}
        return self.shop.converts(
            rule.target, source.id, chosen=chosen, rejected_goods=rule.rejected_goods, **header
        )

    def chosen(self, route: Route | None, most: Decimal) -> Chosen:
        """Choose a quantity of a line, and what else can be said of it."""
        quantity = self.chance.choice([most, Decimal(self.chance.randint(0, int(most)))])
        rejected = Decimal(0)
        if route is not None and route.rejected is not None:
            rejected = Decimal(self.chance.choice([0, 0, 1, 3]))
        place = None
        if route is not None and self.chance.random() < 0.3 and len(route.choices) > 2:
            place = self.shop.places[self.chance.choice(route.choices)]
        drops = self.chance.choice([None, True, False])
        return Chosen(quantity, rejected=rejected, drops=drops, place_id=place)

    def more_than_offered(self, id: int) -> bool:
        """Now and then let a vendor bring more; return whether that has to be approved."""
        lines = lines_of(self.shop.connection, [id])[id]
        if self.chance.random() < 0.8:
            return False
        more = lines[0].quantity + self.chance.randint(1, 4)
        self.shop.does(drafting.change_line, id, lines[0].id, quantity=more)
        return True

    def end(self) -> object:
        record = self.one_of(self.documents())
        if record is None:
            return None
        ways = {
            Action.CLOSE: lifecycle.close,
            Action.CANCEL: lifecycle.cancel,
            Action.DECLINE: lifecycle.decline,
            Action.RELEASE: lifecycle.release,
            Action.REVERSE: lifecycle.reverse,
        }
        possible = [
            each for each in ways if record.type.lifecycle.allows(State(record.state), each)
        ]
        if not possible:
            return None
        action = self.chance.choice(possible)
        more = {"displace": True} if action is Action.REVERSE else {}
        self.shop.does(ways[action], record.id, **more)
        return action, record.number

    def amend(self) -> object:
        """Change an order, or only begin to; a later step may go on with the change."""
        order = self.one_of(self.orders())
        if order is None:
            return None
        copy = self.shop.begins_change(order.id)
        lines = lines_of(self.shop.connection, [copy]).get(copy, [])
        said = [self.edit(copy, each) for each in lines]
        if self.chance.random() < 0.3:
            name = self.chance.choice([*GOODS, "freight"])
            self.shop.adds_lines(copy, (self.chance.randint(1, 6), name))
        if self.chance.random() < 0.2:
            whole = self.chance.random() < 0.5 and order.type.party == "customer"
            self.shop.edits_header(copy, ships_complete=whole)
        if self.chance.random() < 0.2:
            return "begun", order.number, said
        self.shop.confirms(copy)
        return order.number, said

    def edit(self, copy: int, line: LineRecord) -> object:
        """Raise a line, lower it, give it another price, remove it or leave it."""
        how = self.chance.choice(["more", "less", "gone", "price", "", ""])
        if how == "gone" and self.chance.random() < 0.5:
            self.shop.does(drafting.remove_line, copy, line.id)
        elif how == "price":
            price = Decimal(self.chance.randint(1, 90))
            self.shop.does(drafting.change_line, copy, line.id, unit_price=price)
        elif how in ("more", "less"):
            step = self.chance.randint(1, 6) * (1 if how == "more" else -1)
            quantity = max(Decimal(1), line.quantity + step)
            self.shop.does(drafting.change_line, copy, line.id, quantity=quantity)
        return how, str(line.quantity)

    def close_line(self) -> object:
        """Drop what remains of a line."""
        order = self.one_of(self.orders())
        if order is None:
            return None
        line_id = self.chance.choice(lines_of(self.shop.connection, [order.id])[order.id]).id
        return order.number, self.shop.closes_line(order.id, line_id)

    def accept(self) -> object:
        quote = self.one_of([each for each in self.documents() if each.state == State.SENT])
        if quote is None:
            return None
        self.shop.accepts(quote.id)
        return quote.number

    def pay(self) -> object:
        shop = self.shop
        party = self.chance.choice([shop.vendor, shop.customer, shop.abroad])
        due = open_items.open_items(shop.connection, party)
        owed = [each for each in due if not each.record.type.settles]
        if not owed:
            return None
        each = self.chance.choice(owed)
        return shop.pays(each.record.id, self.chance.choice([None, each.amount + 5, 1]))

    def count(self) -> object:
        name = self.chance.choice(GOODS)
        there = self.shop.level(name).on_hand
        counted = max(Decimal(0), there + self.chance.randint(-4, 4))
        self.shop.issues(self.shop.counts(name, counted))
        return there, counted

    def move(self) -> object:
        roles = self.chance.sample([PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE, PlaceRole.LOSS], 2)
        name = self.chance.choice(GOODS)
        moved = self.shop.transfers(self.chance.randint(1, 3), name, *roles)
        self.shop.issues(moved, displace=True)
        return roles

    def claims(self) -> object:
        """Release a claim, or give it to another line."""
        rows = self.shop.connection.execute(claim.select().where(claim.c.open > 0)).all()
        waits = self.shop.connection.execute(waiting.select()).all()
        if not rows:
            return None
        row = self.chance.choice(rows)
        quantity = min(row.open, Decimal(self.chance.randint(1, 3)))
        takers = [each.line_id for each in waits if each.product_id == row.product_id]
        if takers and self.chance.random() < 0.6:
            taker = self.chance.choice(takers)
            handover = stock.Handover(row.line_id, taker, quantity)
            return stock.transfer_claim(self.shop.work, handover, reason="by chance")
        return stock.release(self.shop.work, row.line_id, quantity, reason="by chance")

    def time(self) -> object:
        self.shop.passes(hours=self.chance.choice([1, 12, 48]))
        return stock.expire_due(self.shop.work)

    # --- The end ---------------------------------------------------------------------------

    def follow(self) -> None:
        """Take what is proposed until nothing is, finding goods where they are missing."""
        for _ in range(200):
            proposed = [
                (each, rule)
                for each in self.documents()
                for rule in conversions_from(each.kind)
                if any(one.offer.proposed > 0 for one in offered(
                    self.shop.connection, each, rule))
                and type_of(each.kind).lifecycle.name != "offer"
            ]  # fmt: skip
            if not proposed:
                return
            source, rule = self.chance.choice(proposed)
            self.shop.passes(minutes=1)
            try:
                with savepoint(self.shop.connection):
                    id = self.shop.issues(self.draft(source, rule), displace=True)
                    self.done.append(f"follow: {source.number} {self.shop.record(id).number}")
            except stock.NotEnough as refused:
                self.done.append(f"follow: {source.number} {rule.target} {refused}")
                self.find()

    def find(self) -> None:
        """Let goods turn up where a document lacks them."""
        places = self.shop.places
        for role in (PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE):
            way = {"from_place_id": places[PlaceRole.LOSS], "to_place_id": places[role]}
            self.shop.new("transfer", *(self.shop.line(20, name, **way) for name in GOODS))

    # --- What must hold --------------------------------------------------------------------

    def check(self) -> None:
        """The audit finds nothing, and the lists of what is to be done are complete."""
        breaches = self.shop.audit()
        assert breaches == [], "\n".join([*self.done[-12:], *map(str, breaches)])
        self.check_lists()

    def check_lists(self) -> None:
        """Nothing to come or to inspect is left out: every document in force is asked."""
        found = self.documents()
        states = states_of_lines(self.shop.connection, [each.id for each in found])
        to_come, to_inspect = set(), set()
        for record in found:
            lines = [state for _, state in states.get(record.id, [])]
            if record.type.incoming and any(each.to_fulfil > 0 for each in lines):
                to_come.add(record.id)
            if any(note_to_inspect(each) > 0 for each in lines):
                to_inspect.add(record.id)
        work = self.shop.work
        assert {each.document_id for each in overview.arrivals(work)} == to_come, self.done[-12:]
        assert {each.document_id for each in overview.inspections(work)} == to_inspect

    def check_end(self) -> None:
        """Every order in force has what it wants, and is billed for exactly that."""
        found = self.orders()
        states = states_of_lines(self.shop.connection, [each.id for each in found])
        for record in found:
            for _, line in states[record.id]:
                assert line.fulfilled == line.billed == line.wanted, (record.number, line)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@story_in(TradingShop)
def test_the_audit_finds_nothing_whatever_happens(shop: TradingShop, seed: int) -> None:
    walk = Walk(shop, random.Random(seed))
    for _ in range(60):
        walk.step()
        walk.check()
    walk.follow()
    walk.check()
    walk.check_end()


@audited_story
def test_goods_credited_before_delivery_are_neither_claimed_nor_waited_for(shop: Shop) -> None:
    """A walk found this: a credit moves no goods, but may say that they are no longer wanted."""
    shop.has(4, "laptop")
    order = shop.sells(10, "laptop")
    line_id = shop.line_id(order)
    invoice = shop.makes("invoice", order)
    shop.makes("credit_note", invoice, 8, drops=True)
    promised = stock.promises(shop.connection, [line_id])[line_id]
    assert [(each.quantity, each.here) for each in promised] == [(2, True)]
    assert shop.level("laptop").claimed == 2
