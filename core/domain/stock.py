"""Stock: who gets free goods, who has to give way, what moves are worth, when goods come.

Everything here is pure.  A product has one *queue*: (priority, asked at, line id), the lowest
first.  A document that ships complete stands in it once, at the place of its first waiting line,
and gets all its lines at once or nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from core.domain.errors import Refusal
from core.domain.money import ZERO, round_half_up

LevelKey = tuple[int, int]
"""A product and a place: what a level is of."""


class NotEnough(Refusal):
    """Of product `name` only `free` may be taken, of the `wanted`."""

    code = "not_enough"
    fact_names: ClassVar[tuple[str, ...]] = ("product_id", "name", "free", "wanted")


class GoodsGone(NotEnough):
    """What brought `wanted` of product `name` cannot be reversed: `gone` of them have left."""

    code = "goods_gone"
    fact_names = ("product_id", "name", "free", "wanted", "gone")


class NotClaimed(Refusal):
    """The line has `claimed` of product `name`, less than the `wanted`."""

    code = "not_claimed"
    fact_names = ("name", "claimed", "wanted")


class NotWaiting(Refusal):
    """The line waits for `waiting` of product `name`, less than the `wanted`."""

    code = "not_waiting"
    fact_names = ("name", "waiting", "wanted")


class EndReason(StrEnum):
    """Why a claim ended."""

    CONSUMED = "consumed"
    RELEASED = "released"
    EXPIRED = "expired"
    DISPLACED = "displaced"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True)
class Level:
    """What is at an inside place; the value is in minor units of the company's currency."""

    on_hand: Decimal = ZERO
    claimed: Decimal = ZERO
    value_minor: int = 0

    @property
    def free(self) -> Decimal:
        """What nobody has claimed."""
        return self.on_hand - self.claimed

    def value_of(self, quantity: Decimal) -> int:
        """What `quantity` of these goods is worth: the average, the last piece takes the rest."""
        if quantity == self.on_hand:
            return self.value_minor
        return part_of_value(self.value_minor, quantity, self.on_hand)

    def plus(self, quantity: Decimal, value_minor: int) -> Level:
        """The level after goods came."""
        return Level(self.on_hand + quantity, self.claimed, self.value_minor + value_minor)

    def minus(self, quantity: Decimal) -> Level:
        """The level after goods left at their average."""
        return self.plus(-quantity, -self.value_of(quantity))


@dataclass(frozen=True)
class OpenClaim:
    """What is open of a claim, with the place of its line in the queue."""

    id: int
    line_id: int
    document_id: int
    product_id: int
    place_id: int
    open: Decimal
    priority: int
    asked_at: datetime
    # A reservation's claim lasts until then; an order's has no end.
    until: datetime | None = None

    @property
    def rank(self) -> tuple[int, datetime, int]:
        """Where its line stands in the queue: the lowest is served first."""
        return self.priority, self.asked_at, self.line_id


@dataclass(frozen=True)
class ClaimingLine:
    """A line's place in the queue, None while it has none, and its open claims."""

    asked_at: datetime | None
    priority: int
    claims: tuple[OpenClaim, ...] = ()


@dataclass(frozen=True)
class Waiter:
    """A line that waits for goods."""

    line_id: int
    document_id: int
    product_id: int
    quantity: Decimal
    priority: int
    asked_at: datetime
    until: datetime | None = None
    complete_only: bool = False

    @property
    def rank(self) -> tuple[int, datetime, int]:
        """Where it stands in the queue: the lowest is served first."""
        return self.priority, self.asked_at, self.line_id


@dataclass(frozen=True)
class Ended:
    """A claim that ends, in part or whole; `by_line_id` is the line that ended it."""

    claim: OpenClaim
    quantity: Decimal
    reason: EndReason
    by_line_id: int | None = None


@dataclass(frozen=True)
class StockMovement:
    """Goods of a document's line on their way from one place to another, not written yet.

    A line may have two: rejected goods that are accepted after all leave for the vendor's place
    at what they are valued, and come in from it at the order's price.

    Attributes:
        line_id: the line of the posted document.
        source_line_id: the line from whose goods a return comes; with `rejected_goods`, from
            those that a receipt has rejected.
        order_line_id: the line of the order (or reservation) whose claims are consumed first
            when the goods leave the warehouse.
        value_minor: in the company's currency; given for goods from a vendor (0 for rejected
            ones), never for goods that leave: they leave at the average.  None lets the ledger
            say: what a customer brings back comes at the value with which it left; what a
            reversal brings back, at the value of the move that it reverses; what a count
            finds, or comes without a price, at the average of what is there, else at the
            cost price.
        reverses: the id of the move that this one undoes.
    """

    line_id: int
    product_id: int
    quantity: Decimal
    source_place_id: int
    target_place_id: int
    order_line_id: int | None = None
    value_minor: int | None = None
    reverses: int | None = None
    source_line_id: int | None = None
    rejected_goods: bool = False

    @property
    def source(self) -> LevelKey:
        """Where the goods are taken."""
        return self.product_id, self.source_place_id

    @property
    def target(self) -> LevelKey:
        """Where they are put."""
        return self.product_id, self.target_place_id


@dataclass(frozen=True)
class Short:
    """Goods that are missing: of `wanted`, at most `free` may leave; `gone` are not there."""

    product_id: int
    free: Decimal
    wanted: Decimal
    gone: Decimal = ZERO


# --- Taking claims ------------------------------------------------------------------------------


def take(
    claims: Iterable[OpenClaim], quantity: Decimal, reason: EndReason, *, by: int | None = None
) -> list[Ended]:
    """End these claims in their order until `quantity` is reached, or there are no more."""
    ended = []
    for claim in claims:
        if quantity <= 0:
            break
        part = min(quantity, claim.open)
        ended.append(Ended(claim, part, reason, by))
        quantity -= part
    return ended


def left_of(claims: Iterable[OpenClaim], ended: Iterable[Ended]) -> list[OpenClaim]:
    """What is open of `claims` after these ends; those with nothing left are gone."""
    gone: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for end in ended:
        gone[end.claim.id] += end.quantity
    return [
        replace(claim, open=claim.open - gone[claim.id]) if claim.id in gone else claim
        for claim in claims
        if claim.open > gone.get(claim.id, ZERO)
    ]


def oldest_first(claims: Iterable[OpenClaim]) -> list[OpenClaim]:
    """The order in which a delivery uses up its line's claims."""
    return sorted(claims, key=lambda claim: claim.id)


def newest_first(claims: Iterable[OpenClaim]) -> list[OpenClaim]:
    """The order in which a line gives up what it does not want any more."""
    return sorted(claims, key=lambda claim: -claim.id)


def first_to_give_way(claims: Iterable[OpenClaim]) -> list[OpenClaim]:
    """Who loses goods that were taken away: reservations before orders, the last in line first."""
    backwards = sorted(claims, key=lambda claim: (claim.rank, claim.id), reverse=True)
    return sorted(backwards, key=lambda claim: claim.until is None)


def ends_of_moves(
    movements: Sequence[StockMovement],
    levels: Mapping[LevelKey, Level],
    claims: Sequence[OpenClaim],
    *,
    displace: bool,
) -> tuple[list[Ended], list[Short]]:
    """Return the claims that end so that goods can move, and what is missing for that.

    Goods of an order's line are taken from its claims first, then from what is free, then (with
    `displace`) from others' claims.

    Args:
        movements: in the order in which they happen.
        levels: the inside places: what is not in it is outside and has no end of goods.
        claims: all open claims of these products; without `displace`, those of the movements'
            own orders are enough.
        displace: others' claims may be taken.
    """
    ended: list[Ended] = []
    short: list[Short] = []
    for key in sorted({each.source for each in movements} & levels.keys()):
        here = [claim for claim in claims if (claim.product_id, claim.place_id) == key]
        leaving = [each for each in movements if each.source == key]
        own = _consumed(leaving, here)
        others = levels[key].claimed - sum((end.quantity for end in own), ZERO)
        wanted = sum((each.quantity for each in leaving), ZERO)
        lowest = _lowest(movements, key, levels[key].on_hand)
        missing = others - lowest
        if missing > 0 and not displace:
            gone = max(ZERO, -lowest)
            short.append(Short(key[0], max(ZERO, wanted - missing), wanted, gone))
        elif lowest < 0:
            short.append(Short(key[0], wanted + lowest, wanted, -lowest))
        else:
            taker = leaving[-1].line_id
            losers = first_to_give_way(left_of(here, own))
            taken = take(losers, missing, EndReason.DISPLACED, by=taker)
            ended += own + taken
    return ended, short


def _consumed(leaving: Iterable[StockMovement], claims: Sequence[OpenClaim]) -> list[Ended]:
    """Return the claims of their own orders' lines that these movements use up."""
    ended: list[Ended] = []
    left = oldest_first(claims)
    for each in leaving:
        own = [claim for claim in left if claim.line_id == each.order_line_id]
        used = take(own, each.quantity, EndReason.CONSUMED, by=each.line_id)
        left = left_of(left, used)
        ended += used
    return ended


def _lowest(movements: Iterable[StockMovement], key: LevelKey, on_hand: Decimal) -> Decimal:
    """Return the lowest level of a place while these happen in their order."""
    lowest = on_hand
    for each in movements:
        if each.source == key:
            on_hand -= each.quantity
        elif each.target == key:
            on_hand += each.quantity
        lowest = min(lowest, on_hand)
    return lowest


# --- Value --------------------------------------------------------------------------------------


def part_of_value(value_minor: int, part: Decimal, whole: Decimal) -> int:
    """What `part` of goods is worth when `whole` of them is worth `value_minor`, rounded half up.

    Values are in minor units of the company's currency, never negative.
    """
    (of, by), (of_whole, by_whole) = part.as_integer_ratio(), whole.as_integer_ratio()
    return int(round_half_up(Fraction(value_minor * of * by_whole, by * of_whole), 0))


def next_part_of_value(value_minor: int, *, before: Decimal, part: Decimal, whole: Decimal) -> int:
    """What the next `part` is worth of `whole`, of which `before` was taken already.

    All parts together are worth `value_minor` exactly, however they are cut.
    """
    already = part_of_value(value_minor, before, whole)
    return part_of_value(value_minor, before + part, whole) - already


def values_of_moves(
    movements: Sequence[StockMovement],
    levels: Mapping[LevelKey, Level],
    unit_costs: Mapping[int, Fraction],
) -> list[int]:
    """Return what the goods of each movement are worth, in the company's minor units.

    Args:
        movements: in the order in which they happen.
        levels: the inside places, as they are before the first.
        unit_costs: a product's cost price, in minor units for one piece, for goods that are
            found where none are left.

    Raises:
        ValueError: a value is given for goods that leave: they leave at the average.
    """
    now = dict(levels)
    values = []
    for each in movements:
        if each.source in now:
            if each.value_minor is not None:
                raise ValueError(f"line {each.line_id}: what leaves, leaves at the average")
            value = now[each.source].value_of(each.quantity)
            now[each.source] = now[each.source].minus(each.quantity)
        elif each.value_minor is not None:
            value = each.value_minor
        else:
            value = _value_of_found(each, now.get(each.target, Level()), unit_costs)
        if each.target in now:
            now[each.target] = now[each.target].plus(each.quantity, value)
        values.append(value)
    return values


def _value_of_found(
    movement: StockMovement, there: Level, unit_costs: Mapping[int, Fraction]
) -> int:
    """Value goods that come from nowhere like those that are there, else by their cost."""
    if there.on_hand > 0:
        return part_of_value(there.value_minor, movement.quantity, there.on_hand)
    cost = unit_costs.get(movement.product_id, Fraction(0)) * Fraction(movement.quantity)
    return int(round_half_up(cost, 0))


# --- The queue ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """Free goods for a line that waited."""

    waiter: Waiter
    quantity: Decimal


def queue_of(waiters: Iterable[Waiter]) -> list[Waiter]:
    """The queue: the lowest (priority, asked at, line id) first."""
    return sorted(waiters, key=lambda waiter: waiter.rank)


def give_out(free: Mapping[int, Decimal], waiters: Iterable[Waiter]) -> list[Given]:
    """Give the free goods of some products to those who wait, in the order of the queue.

    A line gets what is there, in part if need be.  A document that ships complete gets all its
    waiting lines or nothing, and who comes behind it is served in its stead.  `waiters` must
    hold all waiting lines of such a document; of products without an entry nothing is free.
    """
    left = dict(free)
    together: dict[int, list[Waiter]] = defaultdict(list)
    queue = queue_of(waiters)
    for waiter in queue:
        if waiter.complete_only:
            together[waiter.document_id].append(waiter)
    given: list[Given] = []
    for waiter in queue:
        if waiter.complete_only:
            served = _whole(together.pop(waiter.document_id, []), left)
        else:
            part = min(waiter.quantity, left.get(waiter.product_id, ZERO))
            served = [Given(waiter, part)] if part > 0 else []
        for each in served:
            left[each.waiter.product_id] -= each.quantity
        given += served
    return given


def _whole(document: Sequence[Waiter], free: Mapping[int, Decimal]) -> list[Given]:
    """All lines of a document, or none of them."""
    wanted: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for waiter in document:
        wanted[waiter.product_id] += waiter.quantity
    if any(free.get(product_id, ZERO) < quantity for product_id, quantity in wanted.items()):
        return []
    return [Given(waiter, waiter.quantity) for waiter in document]


def still_waiting(waiters: Iterable[Waiter], given: Iterable[Given]) -> list[Waiter]:
    """What the lines wait for after some were served; those with nothing left are gone."""
    got: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for each in given:
        got[each.waiter.line_id] += each.quantity
    return [
        replace(each, quantity=each.quantity - got[each.line_id]) if each.line_id in got else each
        for each in waiters
        if each.quantity > got.get(each.line_id, ZERO)
    ]


# --- Dates --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Incoming:
    """Goods that are expected; without a day nobody knows when."""

    quantity: Decimal
    on: date | None


@dataclass(frozen=True)
class Promised:
    """A part of what is wanted: here now, expected on a day, or without a date."""

    quantity: Decimal
    on: date | None = None
    here: bool = False


def walk(
    waiters: Sequence[Waiter], *, free: Decimal, incoming: Iterable[Incoming]
) -> dict[int, list[Promised]]:
    """When each line of one product's queue gets its goods, by giving out what comes, day by day.

    What is free is given out first.  A line that ships complete gets its date from this product
    alone: the day of its document is the last one of its lines.
    """
    promised: dict[int, list[Promised]] = {waiter.line_id: [] for waiter in waiters}
    # A document that ships complete is looked at line by line: this is one product's queue.
    left = [replace(waiter, document_id=waiter.line_id) for waiter in waiters]
    dated = [(each.on, each.quantity) for each in incoming if each.on is not None]
    steps: list[tuple[date | None, Decimal]] = [(None, free), *sorted(dated)]
    there = ZERO
    for on, quantity in steps:
        there += quantity
        given = give_out(dict.fromkeys((each.product_id for each in left), there), left)
        for each in given:
            there -= each.quantity
            part = Promised(each.quantity, on=on, here=on is None)
            promised[each.waiter.line_id].append(part)
        left = still_waiting(left, given)
    for waiter in left:
        promised[waiter.line_id].append(Promised(waiter.quantity))
    return {line_id: merged(parts) for line_id, parts in promised.items()}


def merged(parts: Iterable[Promised]) -> list[Promised]:
    """Parts of the same day as one: what is here first, then by day, what has no date last."""
    total: dict[tuple[bool, date | None], Decimal] = defaultdict(lambda: ZERO)
    for part in parts:
        total[part.here, part.on] += part.quantity
    order = sorted(total, key=lambda key: (not key[0], key[1] is None, key[1] or date.max))
    return [Promised(total[here, on], on=on, here=here) for here, on in order]
