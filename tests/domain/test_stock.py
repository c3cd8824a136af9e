"""The rules of stock: queue, claims, values, dates; each against a plain list of pieces."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.domain import stock
from core.domain.stock import (
    Ended,
    EndReason,
    Incoming,
    Level,
    OpenClaim,
    Promised,
    Short,
    StockMovement,
    Waiter,
    ends_of_moves,
    first_to_give_way,
    give_out,
    next_part_of_value,
    take,
    values_of_moves,
    walk,
)

MORNING = datetime(2026, 11, 24, 8, tzinfo=UTC)
WAREHOUSE, QUARANTINE, VENDOR, CUSTOMER, LOSS = range(1, 6)
PRODUCT, OTHER = 7, 8
DECEMBER = date(2026, 12, 3)

quantities = some.integers(1, 12).map(Decimal)


def waiter(line_id: int, quantity: int, *, minutes: int = 0, **values: Any) -> Waiter:
    columns = {"document_id": line_id, "product_id": PRODUCT, "priority": 0} | values
    return Waiter(
        line_id=line_id,
        quantity=Decimal(quantity),
        asked_at=MORNING + timedelta(minutes=minutes),
        **columns,
    )


def claim(claim_id: int, line_id: int, quantity: int, **values: Any) -> OpenClaim:
    columns = {"product_id": PRODUCT, "place_id": WAREHOUSE, "priority": 0} | values
    return OpenClaim(
        id=claim_id,
        line_id=line_id,
        document_id=line_id,
        open=Decimal(quantity),
        asked_at=MORNING + timedelta(minutes=line_id),
        **columns,
    )


def movement(quantity: int, source: int, target: int, **values: Any) -> StockMovement:
    columns = {"line_id": 90, "product_id": PRODUCT} | values
    return StockMovement(
        quantity=Decimal(quantity), source_place_id=source, target_place_id=target, **columns
    )


def levels(on_hand: int, claimed: int = 0, value: int = 0) -> dict[stock.LevelKey, Level]:
    return {
        (PRODUCT, WAREHOUSE): Level(Decimal(on_hand), Decimal(claimed), value),
        (PRODUCT, QUARANTINE): Level(),
    }


# --- The queue ----------------------------------------------------------------------------------


def served(free: int, *waiters: Waiter) -> dict[int, int]:
    found: dict[int, int] = {}
    for each in give_out({PRODUCT: Decimal(free)}, waiters):
        found[each.waiter.line_id] = found.get(each.waiter.line_id, 0) + int(each.quantity)
    return found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (waiter(2, 5, minutes=9, priority=0), waiter(1, 5, minutes=0, priority=1)),
        (waiter(2, 5, minutes=0), waiter(1, 5, minutes=1)),
        (waiter(1, 5), waiter(2, 5)),
    ],
    ids=["priority", "asked at", "line"],
)
def test_the_order_of_the_queue(first, second):
    assert served(6, second, first) == {first.line_id: 5, second.line_id: 1}


def test_an_order_that_ships_complete_is_passed_by():
    whole = waiter(1, 100, complete_only=True)
    assert served(3, whole, waiter(2, 2, minutes=1)) == {2: 2}
    assert served(100, whole, waiter(2, 2, minutes=1)) == {1: 100}


def test_an_order_that_ships_complete_needs_all_its_lines():
    lines = [
        waiter(1, 5, document_id=40, complete_only=True),
        waiter(2, 3, document_id=40, product_id=OTHER, complete_only=True),
    ]
    assert give_out({PRODUCT: Decimal(5), OTHER: Decimal(2)}, lines) == []
    assert give_out({PRODUCT: Decimal(5)}, lines) == []
    assert len(give_out({PRODUCT: Decimal(5), OTHER: Decimal(3)}, lines)) == 2


def test_two_lines_for_one_product_are_added_up():
    lines = [waiter(each, 5, document_id=40, complete_only=True) for each in (1, 2)]
    assert served(9, *lines) == {}
    assert served(10, *lines) == {1: 5, 2: 5}


def test_an_order_that_ships_complete_stands_where_its_first_line_stands():
    lines = [
        waiter(1, 5, document_id=40, complete_only=True),
        waiter(2, 5, minutes=1),
        waiter(3, 5, minutes=2, document_id=40, complete_only=True),
    ]
    assert served(10, *lines) == {1: 5, 3: 5}


@some.composite
def queues(draw: some.DrawFn) -> list[Waiter]:
    """Lines of some documents for two products, some of which ship complete."""
    whole = {document: draw(some.booleans()) for document in (1, 2, 3)}
    lines = []
    for line_id in range(1, draw(some.integers(1, 7)) + 1):
        document = draw(some.integers(1, 3))
        lines.append(
            waiter(
                line_id,
                int(draw(quantities)),
                minutes=draw(some.integers(0, 3)),
                priority=draw(some.integers(0, 1)),
                product_id=draw(some.sampled_from([PRODUCT, OTHER])),
                document_id=document,
                complete_only=whole[document],
            )
        )
    return lines


def piece_by_piece(free: dict[int, int], waiters: list[Waiter]) -> dict[int, int]:
    """The oracle: a list of pieces is handed out by hand, one after the other."""
    pieces = [product for product, many in free.items() for _ in range(many)]
    got: dict[int, int] = {}
    done = set()
    for each in sorted(waiters, key=lambda w: (w.priority, w.asked_at, w.line_id)):
        if not each.complete_only:
            group = [each]
        elif each.document_id in done:
            continue
        else:
            done.add(each.document_id)
            group = [w for w in waiters if w.complete_only and w.document_id == each.document_id]
        basket = [w.product_id for w in group for _ in range(int(w.quantity))]
        rest = list(pieces)
        for product in basket:
            if product in rest:
                rest.remove(product)
        if each.complete_only and len(pieces) - len(rest) < len(basket):
            continue
        for w in group:
            for _ in range(int(w.quantity)):
                if w.product_id in pieces:
                    pieces.remove(w.product_id)
                    got[w.line_id] = got.get(w.line_id, 0) + 1
    return got


@given(queues(), some.integers(0, 20), some.integers(0, 20))
def test_goods_are_given_out_as_one_would_by_hand(waiters, free, other):
    given_out = give_out({PRODUCT: Decimal(free), OTHER: Decimal(other)}, waiters)
    found = {each.waiter.line_id: int(each.quantity) for each in given_out}
    assert found == piece_by_piece({PRODUCT: free, OTHER: other}, waiters)


@given(queues(), some.integers(0, 20), some.integers(0, 20))
def test_nobody_gets_what_is_not_there_and_nothing_is_kept_from_who_waits(waiters, free, other):
    there = {PRODUCT: Decimal(free), OTHER: Decimal(other)}
    given_out = give_out(there, waiters)
    left = stock.still_waiting(waiters, given_out)
    for product, many in there.items():
        taken = sum(e.quantity for e in given_out if e.waiter.product_id == product)
        assert taken <= many
        hungry = [w for w in left if w.product_id == product and not w.complete_only]
        assert not hungry or taken == many
    for each in given_out:
        assert 0 < each.quantity <= each.waiter.quantity
    # Who ships complete has everything or nothing.
    for document in {w.document_id for w in waiters if w.complete_only}:
        own = [w for w in waiters if w.document_id == document]
        got = [e for e in given_out if e.waiter.document_id == document]
        assert not got or sorted(e.waiter.line_id for e in got) == [w.line_id for w in own]


@given(some.lists(quantities, min_size=1, max_size=6), some.integers(0, 40))
def test_nobody_is_served_before_those_in_front_of_him_are(wanted, free):
    waiters = [waiter(line_id, int(many)) for line_id, many in enumerate(wanted, 1)]
    got = served(free, *waiters)
    full = [got.get(w.line_id, 0) == w.quantity for w in waiters]
    for position, each in enumerate(waiters):
        assert got.get(each.line_id, 0) == 0 or all(full[:position])


# --- Claims that end ----------------------------------------------------------------------------


def test_who_gives_way_first():
    until = MORNING + timedelta(days=1)
    claims = [claim(1, 10, 5), claim(2, 11, 5, until=until), claim(3, 12, 5)]
    claims.append(claim(4, 13, 5, until=until))
    assert [each.line_id for each in first_to_give_way(claims)] == [13, 11, 12, 10]


def test_of_a_lines_claims_the_newest_gives_way_first():
    assert [each.id for each in first_to_give_way([claim(1, 10, 5), claim(2, 10, 5)])] == [2, 1]


def test_claims_are_taken_in_order_until_there_is_enough():
    first, second, third = claim(1, 10, 5), claim(2, 11, 5), claim(3, 12, 5)
    taken = take([first, second, third], Decimal(7), EndReason.RELEASED)
    assert taken == [
        Ended(first, Decimal(5), EndReason.RELEASED),
        Ended(second, Decimal(2), EndReason.RELEASED),
    ]
    assert take([first], Decimal(-1), EndReason.RELEASED) == []
    assert [each.open for each in stock.left_of([first, second, third], taken)] == [3, 5]
    assert stock.oldest_first([second, third, first]) == [first, second, third]
    assert stock.newest_first([second, third, first]) == [third, second, first]


def test_an_orders_own_claims_are_consumed_first():
    claims = [claim(1, 10, 4), claim(2, 11, 4)]
    ended, short = ends_of_moves(
        [movement(6, WAREHOUSE, CUSTOMER, order_line_id=10)], levels(10, 8), claims, displace=False
    )
    assert (ended, short) == ([Ended(claims[0], Decimal(4), EndReason.CONSUMED, 90)], [])


def test_what_others_claimed_is_not_taken_without_being_told_to():
    claims = [claim(1, 10, 4), claim(2, 11, 4)]
    wanted = [movement(7, WAREHOUSE, CUSTOMER, order_line_id=10)]
    ended, short = ends_of_moves(wanted, levels(10, 8), claims, displace=False)
    assert (ended, short) == ([], [Short(PRODUCT, Decimal(6), Decimal(7))])
    ended, short = ends_of_moves(wanted, levels(10, 8), claims, displace=True)
    assert short == []
    assert [(e.claim.line_id, e.quantity, e.reason) for e in ended] == [
        (10, 4, "consumed"),
        (11, 1, "displaced"),
    ]


def test_the_last_in_line_lose_their_goods():
    claims = [claim(3, 10, 4), claim(1, 12, 4), claim(2, 11, 4)]
    ended, _ = ends_of_moves([movement(6, WAREHOUSE, LOSS)], levels(12, 12), claims, displace=True)
    assert [(e.claim.line_id, e.quantity) for e in ended] == [(12, 4), (11, 2)]


def test_two_movements_share_what_is_free_and_what_their_order_has_claimed():
    claims = [claim(1, 10, 4), claim(2, 11, 4)]
    wanted = [
        movement(3, WAREHOUSE, CUSTOMER, order_line_id=10, line_id=each) for each in (90, 91)
    ]
    ended, short = ends_of_moves(wanted, levels(10, 8), claims, displace=False)
    assert short == []
    assert [(e.by_line_id, e.quantity) for e in ended] == [(90, 3), (91, 1)]
    _, short = ends_of_moves([*wanted, wanted[0]], levels(10, 8), claims, displace=False)
    assert short == [Short(PRODUCT, Decimal(6), Decimal(9))]


def test_more_than_is_there_is_never_taken():
    _, short = ends_of_moves(
        [movement(11, WAREHOUSE, LOSS)], levels(10, 4), [claim(1, 10, 4)], displace=True
    )
    assert short == [Short(PRODUCT, Decimal(10), Decimal(11), gone=Decimal(1))]
    # Who may not take what others claimed is told what is left beside their claims.
    _, short = ends_of_moves(
        [movement(11, WAREHOUSE, LOSS)], levels(10, 4), [claim(1, 10, 4)], displace=False
    )
    assert short == [Short(PRODUCT, Decimal(6), Decimal(11), gone=Decimal(1))]


def test_goods_that_come_in_with_the_same_paper_can_go_out():
    movements = [movement(5, VENDOR, WAREHOUSE), movement(5, WAREHOUSE, QUARANTINE)]
    assert ends_of_moves(movements, levels(0), [], displace=False) == ([], [])
    assert ends_of_moves(movements[::-1], levels(0), [], displace=False)[1] != []


def test_claims_elsewhere_do_not_count():
    elsewhere = claim(1, 10, 4, product_id=OTHER)
    movements = [movement(10, WAREHOUSE, LOSS), movement(3, CUSTOMER, LOSS)]
    assert ends_of_moves(movements, levels(10), [elsewhere], displace=False) == ([], [])


# --- Value --------------------------------------------------------------------------------------


def test_the_last_piece_takes_the_rest():
    one_by_one = [movement(1, WAREHOUSE, CUSTOMER) for _ in range(3)]
    assert values_of_moves(one_by_one, levels(3, value=10000), {}) == [3333, 3334, 3333]


def test_values_that_are_given_come_in():
    movements = [
        movement(10, VENDOR, WAREHOUSE, value_minor=500),
        movement(4, WAREHOUSE, QUARANTINE),
    ]
    movements += [movement(4, QUARANTINE, VENDOR), movement(1, CUSTOMER, LOSS, value_minor=3)]
    assert values_of_moves(movements, levels(0), {}) == [500, 200, 200, 3]


def test_what_is_found_is_worth_what_is_there():
    found = [movement(5, LOSS, WAREHOUSE)]
    assert values_of_moves(found, levels(10, value=1000), {PRODUCT: Fraction(7)}) == [500]
    assert values_of_moves(found, levels(0), {PRODUCT: Fraction(5, 2)}) == [13]
    assert values_of_moves(found, levels(0), {}) == [0]


def test_a_value_cannot_be_given_to_what_leaves():
    with pytest.raises(ValueError, match="average"):
        values_of_moves([movement(1, WAREHOUSE, LOSS, value_minor=1)], levels(1), {})


@given(some.integers(0, 10**12), some.lists(quantities, min_size=1))
def test_all_parts_together_are_worth_the_whole(value, parts):
    whole = sum(parts, Decimal(0))
    before, values = Decimal(0), []
    for part in parts:
        values.append(next_part_of_value(value, before=before, part=part, whole=whole))
        before += part
    assert sum(values) == value
    assert min(values) >= 0


@some.composite
def stories(draw: some.DrawFn) -> list[tuple[str, int, int]]:
    """What may happen to a product: (what, line, quantity or value)."""
    happening = some.tuples(
        some.sampled_from(["receive", "ship", "break", "scrap", "claim", "mend"]),
        some.integers(1, 4),
        some.integers(1, 9),
    )
    return draw(some.lists(happening, max_size=25))


ROUTES = {
    "receive": (VENDOR, WAREHOUSE), "ship": (WAREHOUSE, CUSTOMER), "scrap": (WAREHOUSE, LOSS),
    "break": (WAREHOUSE, QUARANTINE), "mend": (QUARANTINE, WAREHOUSE),
}  # fmt: skip


class Model:
    """Levels and claims as the rules change them, and beside them a plain list of pieces."""

    def __init__(self) -> None:
        self.levels = levels(0)
        self.claims: list[OpenClaim] = []
        # The oracle: where each piece is that was ever bought.
        self.pieces: list[int] = []
        self.value_in = self.value_out = 0

    def claim(self, line_id: int, quantity: int) -> None:
        free = self.levels[PRODUCT, WAREHOUSE].free
        for each in give_out({PRODUCT: free}, [waiter(line_id, quantity)]):
            self.claims.append(claim(len(self.claims) + 1, line_id, int(each.quantity)))
        self.recount()

    def recount(self) -> None:
        self.claims = [each for each in self.claims if each.open]
        claimed = sum((each.open for each in self.claims), Decimal(0))
        there = self.levels[PRODUCT, WAREHOUSE]
        self.levels[PRODUCT, WAREHOUSE] = Level(there.on_hand, claimed, there.value_minor)

    def moves(self, what: str, line_id: int, quantity: int) -> None:
        source, target = ROUTES[what]
        value = line_id * quantity * 37 + 1 if source == VENDOR else None
        wanted = [movement(quantity, source, target, order_line_id=line_id, value_minor=value)]
        displace = what != "ship"
        ended, short = ends_of_moves(wanted, self.levels, self.claims, displace=displace)
        there = self.pieces.count(source)
        others = sum(each.open for each in self.claims if each.line_id != line_id)
        at_hand = there if displace or source != WAREHOUSE else there - others
        assert bool(short) == (source != VENDOR and quantity > at_hand)
        if short:
            return
        (worth,) = values_of_moves(wanted, self.levels, {})
        if source == VENDOR:
            self.pieces += [VENDOR] * quantity
            self.value_in += worth
        if target in (CUSTOMER, LOSS):
            self.value_out += worth
        for _ in range(quantity):
            self.pieces[self.pieces.index(source)] = target
        left = {each.id: each for each in stock.left_of(self.claims, ended)}
        self.claims = [left[each.id] for each in self.claims if each.id in left]
        for place, sign in ((source, -1), (target, 1)):
            if (PRODUCT, place) in self.levels:
                before = self.levels[PRODUCT, place]
                self.levels[PRODUCT, place] = before.plus(Decimal(sign * quantity), sign * worth)
        self.recount()

    def holds(self) -> None:
        for (_, place), there in self.levels.items():
            assert there.on_hand == self.pieces.count(place)
            assert 0 <= there.claimed <= there.on_hand
            assert there.value_minor >= 0
            assert there.on_hand > 0 or there.value_minor == 0
        inside = sum(there.value_minor for there in self.levels.values())
        assert self.value_in == inside + self.value_out


@given(stories())
def test_pieces_and_values_are_where_they_are(happenings):
    model = Model()
    for what, line_id, quantity in happenings:
        if what == "claim":
            model.claim(line_id, quantity)
        else:
            model.moves(what, line_id, quantity)
        model.holds()


# --- Dates --------------------------------------------------------------------------------------


def test_what_comes_goes_to_those_in_front_first():
    walked = walk(
        [waiter(1, 6), waiter(2, 8, minutes=1)],
        free=Decimal(0),
        incoming=[Incoming(Decimal(10), DECEMBER)],
    )
    assert walked == {
        1: [Promised(Decimal(6), DECEMBER)],
        2: [Promised(Decimal(4), DECEMBER), Promised(Decimal(4))],
    }


def test_what_is_free_comes_first_and_what_has_no_day_is_not_promised():
    later = DECEMBER + timedelta(days=2)
    walked = walk(
        [waiter(1, 9)],
        free=Decimal(2),
        incoming=[
            Incoming(Decimal(3), later),
            Incoming(Decimal(9), None),
            Incoming(Decimal(1), DECEMBER),
            Incoming(Decimal(1), DECEMBER),
        ],
    )
    assert walked[1] == [
        Promised(Decimal(2), here=True),
        Promised(Decimal(2), DECEMBER),
        Promised(Decimal(3), later),
        Promised(Decimal(2)),
    ]


def test_who_ships_complete_gets_the_day_on_which_all_is_there():
    walked = walk(
        [waiter(1, 5, complete_only=True), waiter(2, 3, minutes=1)],
        free=Decimal(0),
        incoming=[
            Incoming(Decimal(4), DECEMBER),
            Incoming(Decimal(4), DECEMBER + timedelta(days=1)),
        ],
    )
    assert walked == {
        1: [Promised(Decimal(5), DECEMBER + timedelta(days=1))],
        2: [Promised(Decimal(3), DECEMBER)],
    }


def test_nobody_waits():
    assert walk([], free=Decimal(3), incoming=[Incoming(Decimal(4), DECEMBER)]) == {}


@given(
    some.lists(quantities, max_size=5),
    some.integers(0, 9),
    some.lists(some.tuples(quantities, some.integers(0, 3)), max_size=5),
)
def test_dates_are_those_of_a_line_of_pieces(wanted, free, incoming):
    waiters = [waiter(line_id, int(many)) for line_id, many in enumerate(wanted, 1)]
    days = [DECEMBER + timedelta(days=day) for _, day in incoming]
    walked = walk(
        waiters,
        free=Decimal(free),
        incoming=[
            Incoming(quantity, day) for (quantity, _), day in zip(incoming, days, strict=True)
        ],
    )
    # The oracle: all pieces in the order in which they come, all wishes in their order.
    pieces: list[date | str] = ["here"] * free
    pieces += sorted(
        day
        for (quantity, _), day in zip(incoming, days, strict=True)
        for _ in range(int(quantity))
    )
    wishes = [each.line_id for each in waiters for _ in range(int(each.quantity))]
    pieces += ["never"] * len(wishes)
    expected: dict[int, dict[date | str, int]] = {each.line_id: {} for each in waiters}
    for line_id, piece in zip(wishes, pieces, strict=False):
        expected[line_id][piece] = expected[line_id].get(piece, 0) + 1
    found = {
        line_id: {
            "here" if part.here else part.on or "never": int(part.quantity) for part in parts
        }
        for line_id, parts in walked.items()
    }
    assert found == expected
