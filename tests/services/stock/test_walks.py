"""Random walks: whatever people do, in any order, stock agrees with a plain list of pieces."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Connection, func, select

from core.domain.stock import NotClaimed, NotEnough, NotWaiting
from core.services import stock
from core.services.stock import Handover, Moved
from core.storage.database import Database
from tests.company import claim, waiting
from tests.services.stock.stockroom import Stockroom, claim_end, move, story

ACTIONS = (
    "order", "order_complete", "reserve", "receive", "deliver", "reverse", "count", "wait",
    "release", "transfer", "order_reserved", "amend",
)  # fmt: skip
steps = some.lists(
    some.tuples(some.sampled_from(ACTIONS), some.integers(0, 7), some.integers(1, 9)),
    min_size=20,
    max_size=40,
)


@dataclass
class Walk:
    """What happens in a shop, and a plain count of the pieces on the shelf."""

    shop: Stockroom
    pieces: int = 0
    orders: list[int] = field(default_factory=list)
    reservations: list[int] = field(default_factory=list)
    delivered: list[tuple[Moved, int, int]] = field(default_factory=list)
    just_released: bool = False

    def step(self, name: str, which: int, many: int) -> None:
        self.shop.passes(seconds=1)
        self.wait(0, 0)
        # Released goods wait until goods are given out the next time.
        if name in ("release", "order", "order_complete", "reserve", "receive"):
            self.just_released = name == "release"
        act: Callable[[int, int], None] = getattr(self, name)
        act(which, many)
        self.holds()

    def order(self, _which: int, many: int) -> None:
        self.orders.append(self.shop.order("A", many))

    def order_complete(self, _which: int, many: int) -> None:
        self.orders.append(self.shop.order("B", many, complete=True))

    def reserve(self, which: int, many: int) -> None:
        self.reservations.append(self.shop.reserve("C", many, hours=which + 1))

    def receive(self, which: int, many: int) -> None:
        self.shop.receives(many, which * many * 7)
        self.pieces += many

    def deliver(self, which: int, many: int) -> None:
        if not self.orders:
            return
        order = self.orders[which % len(self.orders)]
        own = int(self.shop.claimed(order))
        free = int(self.shop.level().available) + own
        if many > free:
            with pytest.raises(NotEnough) as refused:
                self.shop.delivers(order, many)
            assert refused.value.facts["free"] == free
        else:
            moved = self.shop.delivers(order, many)
            self.pieces -= many
            self.delivered.append((moved, order, min(own, many)))

    def reverse(self, which: int, _many: int) -> None:
        if self.delivered:
            moved, order, own = self.delivered.pop(which % len(self.delivered))
            quantity = self.shop.connection.execute(
                select(move.c.quantity).where(move.c.id == moved.move_id)
            ).scalar_one()
            (back,) = self.shop.reverses(moved, order_line=order)
            assert back.value_minor == moved.value_minor
            self.pieces += int(quantity)
            assert self.shop.claimed(order) >= min(own, self.shop.open[order])

    def count(self, which: int, many: int) -> None:
        difference = many if which % 2 else -many
        if -difference > self.pieces:
            with pytest.raises(NotEnough):
                self.shop.finds(difference)
        else:
            self.shop.finds(difference)
            self.pieces += difference

    def wait(self, which: int, _many: int) -> None:
        self.shop.passes(hours=which)
        stock.expire_due(self.shop.work)
        for line_id in self.reservations:
            if self.ended(line_id):
                self.shop.open[line_id] = Decimal(0)

    def release(self, which: int, many: int) -> None:
        lines = self.orders + self.reservations
        if lines:
            line_id = lines[which % len(lines)]
            claimed = self.shop.claimed(line_id)
            if many > claimed:
                with pytest.raises(NotClaimed):
                    stock.release(self.shop.work, line_id, Decimal(many), reason="why not")
            else:
                stock.release(self.shop.work, line_id, Decimal(many), reason="why not")
                assert self.shop.claimed(line_id) == claimed - many
                if line_id in self.reservations:
                    self.shop.open[line_id] -= many

    def transfer(self, which: int, many: int) -> None:
        lines = self.orders + self.reservations
        if lines:
            giver, taker = lines[which % len(lines)], lines[many % len(lines)]
            before = self.shop.claimed(giver), self.shop.claimed(taker)
            handover = Handover(giver, taker, Decimal(many))
            if many > before[0] or many > self.shop.waiting(taker):
                with pytest.raises((NotClaimed, NotWaiting)):
                    stock.transfer_claim(self.shop.work, handover, reason="why not")
            else:
                stock.transfer_claim(self.shop.work, handover, reason="why not")
                assert giver == taker or self.shop.claimed(giver) >= before[0] - many
                assert giver == taker or self.shop.claimed(taker) >= before[1] + many

    def order_reserved(self, which: int, many: int) -> None:
        held = [each for each in self.reservations if self.shop.open[each] >= many]
        if held:
            self.orders.append(self.shop.order_reserved(held[which % len(held)], many))

    def amend(self, which: int, many: int) -> None:
        if self.orders:
            order = self.orders[which % len(self.orders)]
            self.shop.open[order] = Decimal(many)
            complete = order in self.complete()
            self.shop.demands(order, complete=complete)
            stock.allocate(self.shop.work, [self.shop.computer])

    def ended(self, reservation: int) -> bool:
        until = self.shop.until[reservation]
        return until is not None and until <= self.shop.now

    def complete(self) -> set[int]:
        rows = self.shop.connection.execute(
            select(waiting.c.line_id).where(waiting.c.complete_only)
        )
        return set(rows.scalars())

    def total(self, column, *conditions) -> Decimal:
        wanted = select(func.coalesce(func.sum(column), 0)).where(*conditions)
        return Decimal(self.shop.connection.execute(wanted).scalar_one())

    def holds(self) -> None:
        """Check all numbers against the oracle and against each other."""
        shop, level = self.shop, self.shop.level()
        assert level.on_hand == self.pieces
        assert 0 <= level.claimed <= level.on_hand
        assert level.claimed == self.total(claim.c.open)
        assert level.waiting == self.total(waiting.c.quantity)
        ended = self.total(claim_end.c.quantity)
        assert self.total(claim.c.quantity) == ended + level.claimed
        assert level.value_minor >= 0
        assert level.on_hand > 0 or level.value_minor == 0
        for line_id in self.orders + self.reservations:
            has = shop.claimed(line_id) + shop.waiting(line_id)
            assert has == max(Decimal(0), shop.open[line_id])
        queue = select(func.count()).select_from(waiting).where(~waiting.c.complete_only)
        hungry = self.shop.connection.execute(queue).scalar_one()
        assert not hungry or level.available == 0 or self.just_released
        why = stock.why(shop.connection, shop.computer)
        assert why.available == level.available


async def test_a_walk_agrees_with_a_plain_list(database: Database):
    def walks(connection: Connection) -> None:
        @settings(
            max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(steps)
        def walked(wanted: list[tuple[str, int, int]]) -> None:
            undone = connection.begin_nested()
            try:
                walk = Walk(Stockroom(connection))
                for name, which, many in wanted:
                    walk.step(name, which, many)
            finally:
                undone.rollback()

        walked()

    await database.write(walks)


@story
def test_a_walk_notices_an_unknown_piece(shop: Stockroom):
    """A piece that the oracle does not know is a breach."""
    walk = Walk(shop)
    walk.step("receive", 1, 5)
    shop.receives(1)
    with pytest.raises(AssertionError):
        walk.holds()
