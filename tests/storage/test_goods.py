"""Levels, moves and claims: what the database does by itself, and what it refuses."""

from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from core.storage.models import Move
from tests.storage.shop import deliver, end, hold, levels, move, receive


async def test_goods_that_come_and_go_change_the_level_and_its_value(database, shop):
    def story(connection):
        receive(connection, shop, 10, value=1000)
        deliver(connection, shop, "2.5", value=250)
        return levels(connection, shop)

    assert await database.write(story) == [(shop.warehouse, Decimal("7.5"), 0, 750)]


async def test_a_transfer_changes_both_levels(database, shop):
    def story(connection):
        receive(connection, shop, 10, value=1000)
        move(
            connection, shop, source=shop.warehouse, target=shop.quarantine, quantity=4, value=400
        )
        return levels(connection, shop)

    assert await database.write(story) == [
        (shop.warehouse, 6, 0, 600),
        (shop.quarantine, 4, 0, 400),
    ]


async def test_goods_between_places_outside_have_no_level(database, shop):
    def story(connection):
        move(connection, shop, source=shop.vendor, target=shop.customer, quantity=4)
        return levels(connection, shop)

    assert await database.write(story) == []


async def test_a_claim_ends_in_parts(database, shop):
    def story(connection):
        receive(connection, shop, 10)
        claim = hold(connection, shop, 5)
        end(connection, claim, 2)
        before = levels(connection, shop)
        end(connection, claim, 3, "consumed")
        deliver(connection, shop, 3)
        return before, levels(connection, shop)

    assert await database.write(story) == (
        [(shop.warehouse, 10, 3, 0)],
        [(shop.warehouse, 7, 0, 0)],
    )


def sell_more_than_there_is(connection, shop):
    receive(connection, shop, 3)
    deliver(connection, shop, 4)


def sell_what_another_holds(connection, shop):
    receive(connection, shop, 3)
    hold(connection, shop, 2)
    deliver(connection, shop, 2)


def sell_what_never_came(connection, shop):
    deliver(connection, shop, 1)


def hold_more_than_there_is(connection, shop):
    receive(connection, shop, 3)
    hold(connection, shop, 4)


def hold_twice(connection, shop):
    receive(connection, shop, 3)
    hold(connection, shop, 2)
    hold(connection, shop, 2)


def hold_what_never_came(connection, shop):
    hold(connection, shop, 1)


def end_more_than_is_open(connection, shop):
    receive(connection, shop, 3)
    claim = hold(connection, shop, 2)
    hold(connection, shop, 1)
    end(connection, claim, 3)


def take_more_value_than_there_is(connection, shop):
    receive(connection, shop, 3, value=10)
    deliver(connection, shop, 1, value=11)


def leave_value_on_nothing(connection, shop):
    receive(connection, shop, 3, value=10)
    deliver(connection, shop, 3, value=9)


def take_nothing(connection, shop):
    receive(connection, shop, 0)


def go_nowhere(connection, shop):
    move(connection, shop, source=shop.warehouse, target=shop.warehouse, quantity=1)


@pytest.mark.parametrize(
    "story",
    [
        sell_more_than_there_is,
        sell_what_another_holds,
        sell_what_never_came,
        hold_more_than_there_is,
        hold_twice,
        hold_what_never_came,
        end_more_than_is_open,
        take_more_value_than_there_is,
        leave_value_on_nothing,
        take_nothing,
        go_nowhere,
    ],
)
async def test_what_cannot_be_is_refused_whole(database, shop, story):
    with pytest.raises(IntegrityError):
        await database.write(story, shop)
    assert await database.read(levels, shop) == []


async def test_fifty_moves_are_one_statement(database, shop):
    def fifty(connection):
        row = {
            "product_id": shop.product, "from_place_id": shop.vendor,
            "to_place_id": shop.warehouse, "quantity": Decimal(1), "value_minor": 2,
            "line_id": shop.line, "at": database.clock(),
        }  # fmt: skip
        connection.execute(Move.__table__.insert(), [row] * 50)
        return levels(connection, shop)

    with database.count_statements() as statements:
        # The moves, and reading the level.
        assert await database.write(fifty) == [(shop.warehouse, 50, 0, 100)]
    assert statements.count == 2
