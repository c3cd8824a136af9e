"""What a unit of work remembers of locked rows stays true, and saves reading them again."""

from decimal import Decimal

import pytest

from core.domain.stock import Ended, EndReason
from core.services import stock
from core.services.stock.locking import claiming
from core.services.stock.writes import end_claims
from core.services.work import Work
from core.storage.database import Database
from core.storage.queries.claim_queries import claiming_lines, queue_with_whole_documents
from core.storage.queries.document_queries import lines_by_id
from tests.services.stock.stockroom import VENDOR, WAREHOUSE, Stockroom, story


class Undone(Exception):
    """Ends a savepoint."""


def remembered(work: Work, shop: Stockroom, line_id: int) -> bool:
    """Whether a line is known, and as it stands in the database."""
    if line_id not in work.known.lines:
        return False
    assert work.known.lines[line_id] == claiming_lines(shop.connection, [line_id])[line_id]
    return True


@story
def test_ends_of_claims_are_taken_off_what_is_known(shop: Stockroom):
    shop.receives(10)
    order, other = shop.order("A", 4), shop.order("B", 4)
    work = shop.work
    stock.lock(work, [shop.computer])
    (claim,) = claiming(work, [order, other])[order].claims
    end_claims(work, [Ended(claim, Decimal(1), EndReason.RELEASED)])
    assert remembered(work, shop, order)
    assert remembered(work, shop, other)
    assert work.known.lines[order].claims[0].open == 3
    (claim,) = work.known.lines[order].claims
    end_claims(work, [Ended(claim, Decimal(3), EndReason.RELEASED)])
    assert remembered(work, shop, order)
    assert work.known.lines[order].claims == ()


@story
def test_new_claims_and_another_place_are_read_again(shop: Stockroom):
    (order,) = shop.write("sales_order", "A", shop.computers(4), state="confirmed")
    work = shop.work
    stock.claims_nothing_yet(work, lines_by_id(shop.connection, [order]).values())
    assert remembered(work, shop, order)
    stock.set_demand(work, shop.demands_of([order], Decimal(4)))
    assert not remembered(work, shop, order)
    claiming(work, [order])
    assert remembered(work, shop, order)
    wanted = (shop.computer, Decimal(4))
    shop.moves("receipt_note", wanted, source=VENDOR, target=WAREHOUSE, values=[0])
    stock.allocate(work, [shop.computer])
    assert not remembered(work, shop, order)
    stock.set_demand(work, shop.demands_of([order], Decimal(1)))
    assert remembered(work, shop, order)
    assert work.known.lines[order].claims[0].open == 1


@story
def test_the_queue_is_read_again_once_somebody_else_waits(shop: Stockroom):
    shop.order("A", 4)
    work = shop.work
    products = stock.lock(work, [shop.computer])
    assert len(stock.waiting_for(work, products)) == 1
    (order,) = shop.write("sales_order", "B", shop.computers(4), state="confirmed")
    stock.set_demand(work, shop.demands_of([order], Decimal(4)))
    now = queue_with_whole_documents(shop.connection, products)
    assert len(now) == 2
    assert stock.waiting_for(work, products) == now
    assert stock.waiting_for(work, []) == []


@story
def test_a_rollback_takes_back_what_was_learned_and_told(shop: Stockroom):
    order = shop.order("A", 4)
    work = shop.work
    before = stock.lock(work, [shop.computer]), list(work.events), set(work.changed)
    other = shop.product("Mouse")

    def fail() -> None:
        stock.lock(work, [other])
        claiming(work, [order])
        work.tell("something", number="X")
        work.touch("product", other)
        raise Undone

    with pytest.raises(Undone), work.savepoint():
        fail()
    assert (work.known.locked, work.events, work.changed) == before
    assert not remembered(work, shop, order)
    with work.savepoint():
        claiming(work, [order])
    assert remembered(work, shop, order)


async def test_what_is_known_is_not_read_again(database: Database):
    def prepare(connection) -> tuple[Stockroom, list[int]]:
        shop = Stockroom(connection)
        return shop, [shop.order("A", 4), shop.order("B", 2)]

    shop, lines = await database.write(prepare)

    def ask(connection, wanted: list[int], work: Work) -> None:
        work.connection = connection
        stock.waiting_for(work, [shop.computer])
        claiming(work, wanted)

    work = shop.work
    counts = []
    for wanted in (lines[:1], lines[:1], lines, lines):
        with database.count_statements() as statements:
            await database.write(ask, wanted, work)
        counts.append(statements.count)
    assert counts == [2, 0, 1, 0]
