"""Whatever people do, in any order: the audit finds nothing, and the papers still come out even.

A walk makes orders, converts along every row of the table with what it likes, pays, counts,
moves, amends, closes, cancels, reverses, releases claims and lets time pass. Refusals are
answers; any other exception is a defect, and so is a breach after any step.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from core.services.amendments import amending
from core.services.money import open_items, payments
from core.storage.tables import claim, document, waiting

from core.domain.documents import conversions_from, kinds, type_of
from core.domain.errors import Refusal
from core.domain.lifecycles import Action, State
from core.domain.links import note_to_inspect
from core.domain.places import PlaceRole
from core.services import overview, stock
from core.services.audit import audit
from core.services.documents import converting, drafting, issuing, lifecycle
from core.services.documents.converting import Chosen, offered
from core.storage.database import savepoint
from core.storage.document_queries import (
    DocumentRecord,
    documents_where,
    lines_of,
    states_of_lines,
)
from tests.services.trading import Trading

GOODS = ("LAP", "MOU", "CAB")


class Walk:
    """A shop in which things happen by chance."""

    def __init__(self, shop: Trading, chance: random.Random) -> None:
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
        """One thing happens, whole or not at all."""
        names = list(self.actions)
        (name,) = self.chance.choices(names, [self.actions[each][0] for each in names])
        self.shop.passes(minutes=1)
        try:
            with savepoint(self.shop.connection):
                said = self.actions[name][1]()
        except Refusal as refused:
            said = f"refused: {refused}"
        self.done.append(f"{name}: {said}")

    def papers(self) -> list[DocumentRecord]:
        """All documents in force."""
        found = documents_where(self.shop.connection, document.c.number.is_not(None))
        return [each for each in found if each.state in each.type.lifecycle.in_force]

    # --- What happens ----------------------------------------------------------------------

    def order(self) -> object:
        kind, party = self.chance.choice(
            [
                ("sales_order", "customer"),
                ("sales_order", "abroad"),
                ("purchase_order", "vendor"),
                ("purchase_order", "vendor"),
                ("quote", "customer"),
                ("reservation", "customer"),
            ]
        )
        wanted = self.chance.sample([*GOODS, "FREIGHT"], self.chance.randint(1, 3))
        lines = [(sku, self.chance.randint(1, 12)) for sku in wanted]
        header = {}
        if kind == "reservation":
            header["valid_until"] = self.shop.now + timedelta(hours=self.chance.randint(1, 72))
        if kind == "sales_order":
            header["ships_complete"] = self.chance.random() < 0.2
        self.shop.paper(kind, party, *lines, **header)
        return kind, party, lines, header

    def convert(self) -> object:
        sources = [each for each in self.papers() if conversions_from(each.kind)]
        if not sources:
            return None
        source = self.chance.choice(sources)
        rule = self.chance.choice(conversions_from(source.kind))
        offers = offered(self.shop.connection, source, rule)
        most: dict[int, Decimal] = {}
        for each in offers:
            most[each.line.id] = most.get(each.line.id, Decimal(0)) + each.offer.most
        target = type_of(rule.target)
        chosen = {each: self.chosen(target.route, quantity) for each, quantity in most.items()}
        header = {"foreign_number": f"{len(self.done)}"} if target.own_number else {}
        id = converting.convert(
            self.shop.work(),
            source.id,
            rule.target,
            chosen=self.chance.choice([chosen, chosen, None]),
            rejected_goods=rule.rejected_goods,
            **header,
        )
        excess = self.more_than_offered(id) if target.excess_by_approval else False
        displace = self.chance.random() < 0.5
        self.shop.issue(id, displace=displace, excess=excess)
        record = self.shop.record(id)
        return source.number, record.number, [str(each.quantity) for each in chosen.values()]

    def chosen(self, route, most: Decimal) -> Chosen:
        quantity = self.chance.choice([most, Decimal(self.chance.randint(0, int(most)))])
        rejected = Decimal(0)
        if route is not None and route.rejected is not None:
            rejected = Decimal(self.chance.choice([0, 0, 1, 3]))
        place = None
        if route is not None and self.chance.random() < 0.3 and len(route.choices) > 2:
            place = self.shop.place(self.chance.choice(route.choices))
        drops = self.chance.choice([None, True, False])
        return Chosen(quantity, rejected=rejected, drops=drops, place_id=place)

    def more_than_offered(self, id: int) -> bool:
        """Now and then a vendor brings more, and it is approved."""
        lines = lines_of(self.shop.connection, [id])[id]
        if self.chance.random() < 0.8:
            return False
        drafting.change_line(
            self.shop.work(), id, lines[0].id, revision=0,
            quantity=lines[0].quantity + self.chance.randint(1, 4),
        )  # fmt: skip
        return True

    def end(self) -> object:
        found = self.papers()
        if not found:
            return None
        record = self.chance.choice(found)
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
        ways[action](self.shop.work(), record.id, revision=record.revision, **more)
        return action, record.number

    def orders(self) -> list[DocumentRecord]:
        """The orders in force."""
        return [each for each in self.papers() if each.type.lines.is_root]

    def amend(self) -> object:
        """An order is changed, or a change is only begun; others may go on with it later."""
        found = self.orders()
        if not found:
            return None
        order = self.chance.choice(found)
        copy = amending.begin(self.shop.work(), order.id)
        said = [
            self.edit(copy, each) for each in lines_of(self.shop.connection, [copy]).get(copy, [])
        ]
        if self.chance.random() < 0.3:
            new = drafting.NewLine(
                self.shop.products[self.chance.choice([*GOODS, "FREIGHT"])],
                Decimal(self.chance.randint(1, 6)),
            )
            drafting.add_lines(
                self.shop.work(), copy, revision=self.shop.record(copy).revision, lines=[new]
            )
        if self.chance.random() < 0.2:
            whole = self.chance.random() < 0.5
            drafting.change_header(
                self.shop.work(), copy, revision=self.shop.record(copy).revision,
                ships_complete=whole and order.type.party == "customer",
            )  # fmt: skip
        if self.chance.random() < 0.2:
            return "begun", order.number, said
        amending.confirm(self.shop.work(), copy, revision=self.shop.record(copy).revision)
        return order.number, said

    def edit(self, copy: int, line) -> object:
        """More, less, another price, gone, or as it was."""
        how = self.chance.choice(["more", "less", "gone", "price", "", ""])
        work, revision = self.shop.work(), self.shop.record(copy).revision
        if how == "gone" and self.chance.random() < 0.5:
            drafting.remove_line(work, copy, line.id, revision=revision)
        elif how == "price":
            price = Decimal(self.chance.randint(1, 90))
            drafting.change_line(work, copy, line.id, revision=revision, unit_price=price)
        elif how in ("more", "less"):
            step = self.chance.randint(1, 6) * (1 if how == "more" else -1)
            quantity = max(Decimal(1), line.quantity + step)
            drafting.change_line(work, copy, line.id, revision=revision, quantity=quantity)
        return how, str(line.quantity)

    def close_line(self) -> object:
        """What remains of a line is dropped."""
        found = self.orders()
        if not found:
            return None
        order = self.chance.choice(found)
        line_id = self.chance.choice(self.shop.line_ids(order.id))
        return order.number, lifecycle.close_line(
            self.shop.work(), order.id, line_id, revision=order.revision
        )

    def accept(self) -> object:
        """A quote is accepted."""
        found = [each for each in self.papers() if each.state == State.SENT]
        if not found:
            return None
        offer = self.chance.choice(found)
        lifecycle.accept(self.shop.work(), offer.id, revision=offer.revision)
        return offer.number

    def pay(self) -> object:
        party = self.chance.choice(list(self.shop.parties))
        due = open_items.open_items(self.shop.connection, self.shop.parties[party])
        owed = [each for each in due if not each.record.type.settles]
        if not owed:
            return None
        each = self.chance.choice(owed)
        part = self.chance.choice([None, each.amount + 5, Decimal(1)])
        return payments.settle_due(self.shop.work(), each.record.id, amount=part)

    def count(self) -> object:
        product = self.shop.products[self.chance.choice(GOODS)]
        seen = stock.count(self.shop.connection, [product])[product]
        counted = max(Decimal(0), seen.level + self.chance.randint(-4, 4))
        line = drafting.NewLine(
            product, Decimal(0), counted=counted, level_at_count=seen.level,
            move_at_count=seen.last_move_id,
        )  # fmt: skip
        (row,) = kinds(counts=True)
        self.shop.issue(drafting.create(self.shop.work(), row.kind, lines=[line]))
        return seen.level, counted

    def move(self) -> object:
        roles = self.chance.sample([PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE, PlaceRole.LOSS], 2)
        line = drafting.NewLine(
            self.shop.products[self.chance.choice(GOODS)],
            Decimal(self.chance.randint(1, 3)),
            from_place_id=self.shop.place(roles[0]),
            to_place_id=self.shop.place(roles[1]),
        )
        id = drafting.create(self.shop.work(), "transfer", lines=[line])
        issuing.issue(self.shop.work(), id, revision=0, displace=True)
        return roles

    def claims(self) -> object:
        """A person releases a claim, or gives it to another line."""
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
            return stock.transfer_claim(self.shop.work(), handover, reason="by chance")
        return stock.release(self.shop.work(), row.line_id, quantity, reason="by chance")

    def time(self) -> object:
        self.shop.passes(hours=self.chance.choice([1, 12, 48]))
        return stock.expire_due(self.shop.work())

    # --- The end ---------------------------------------------------------------------------

    def follow(self) -> None:
        """Take what is proposed until nothing is, goods being bought for what is missing."""
        for _ in range(200):
            proposed = [
                (each, rule)
                for each in self.papers()
                for rule in conversions_from(each.kind)
                if any(one.offer.proposed > 0 for one in offered(
                    self.shop.connection, each, rule))
                and type_of(each.kind).lifecycle.name != "offer"
            ]  # fmt: skip
            if not proposed:
                return
            source, rule = self.chance.choice(proposed)
            header = {"foreign_number": f"f{len(self.done)}"}
            self.shop.passes(minutes=1)
            try:
                with savepoint(self.shop.connection):
                    id = converting.convert(
                        self.shop.work(), source.id, rule.target,
                        rejected_goods=rule.rejected_goods,
                        **(header if type_of(rule.target).own_number else {}),
                    )  # fmt: skip
                    self.shop.issue(id, displace=True)
                    self.done.append(f"follow: {source.number} {self.shop.record(id).number}")
            except stock.NotEnough as refused:
                self.done.append(f"follow: {source.number} {rule.target} {refused}")
                self.find()

    def find(self) -> None:
        """Goods turn up where a paper lacks them."""
        for role in (PlaceRole.WAREHOUSE, PlaceRole.QUARANTINE):
            lines = [
                drafting.NewLine(
                    self.shop.products[sku], Decimal(20),
                    from_place_id=self.shop.place(PlaceRole.LOSS),
                    to_place_id=self.shop.place(role),
                )
                for sku in GOODS
            ]  # fmt: skip
            id = drafting.create(self.shop.work(), "transfer", lines=lines)
            self.shop.issue(id)

    def check_end(self) -> None:
        """Every order in force has what it wants, and is billed for exactly that."""
        found = [each for each in self.papers() if each.type.lines.is_root]
        states = states_of_lines(self.shop.connection, [each.id for each in found])
        for record in found:
            for _, line in states[record.id]:
                assert line.fulfilled == line.billed == line.wanted, (record.number, line)

    def check(self) -> None:
        breaches = audit(self.shop.connection)
        assert breaches == [], "\n".join([*self.done[-12:], *map(str, breaches)])
        self.check_lists()

    def check_lists(self) -> None:
        """Nothing that is to come or to be inspected is hidden: every paper in force is asked."""
        papers = self.papers()
        states = states_of_lines(self.shop.connection, [each.id for each in papers])
        to_come, to_inspect = set(), set()
        for record in papers:
            lines = [state for _, state in states.get(record.id, [])]
            if record.type.incoming and any(each.to_fulfil > 0 for each in lines):
                to_come.add(record.id)
            if any(note_to_inspect(each) > 0 for each in lines):
                to_inspect.add(record.id)
        work = self.shop.work()
        assert {each.document_id for each in overview.arrivals(work)} == to_come, self.done[-12:]
        assert {each.document_id for each in overview.inspections(work)} == to_inspect


def walked(seed: int, steps: int):
    def walk(connection) -> None:
        chance = random.Random(seed)
        walk = Walk(Trading(connection).found(), chance)
        for _ in range(steps):
            walk.step()
            walk.check()
        walk.follow()
        walk.check()
        walk.check_end()

    return walk


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_the_audit_finds_nothing(database, seed):
    await database.write(walked(seed, 60))


async def test_what_is_credited_before_it_goes_is_neither_claimed_nor_waited_for(database):
    """Found by a walk: a credit moves no goods, but what it credits may not be wanted any more."""

    def story(connection) -> None:
        shop = Trading(connection).found()
        shop.makes(shop.paper("purchase_order", "vendor", ("LAP", 4)), "receipt_note")
        order = shop.paper("sales_order", "customer", ("LAP", 10))
        (line_id,) = shop.line_ids(order)
        invoice = shop.makes(order, "invoice")
        shop.makes(invoice, "credit_note", Chosen(Decimal(8), drops=True))
        promised = stock.promises(connection, [line_id])[line_id]
        assert [(each.quantity, each.here) for each in promised] == [(2, True)]
        assert stock.levels(connection, [shop.products["LAP"]])[shop.products["LAP"]].claimed == 2
        assert audit(connection) == []

    await database.write(story)
