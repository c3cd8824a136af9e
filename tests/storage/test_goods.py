"""Levels, moves and claims: what the database does by itself, and what it refuses."""

from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from core.storage.models import Move
from tests.storage.rows import deliver, end, hold, levels, move, receive


async def test_moves_change_the_level_and_its_value(database, rows):
    def story(connection):
        receive(connection, rows, 10, value=1000)
        deliver(connection, rows, "2.5", value=250)
        return levels(connection, rows)

    assert await database.write(story) == [(rows.warehouse, Decimal("7.5"), 0, 750)]


async def test_a_transfer_changes_both_levels(database, rows):
    def story(connection):
        receive(connection, rows, 10, value=1000)
        aside = {"source": rows.warehouse, "target": rows.quarantine}
        move(connection, rows, **aside, quantity=4, value=400)
        return levels(connection, rows)

    assert await database.write(story) == [
        (rows.warehouse, 6, 0, 600),
        (rows.quarantine, 4, 0, 400),
    ]


async def test_places_outside_have_no_levels(database, rows):
    def story(connection):
        move(connection, rows, source=rows.vendor, target=rows.customer, quantity=4)
        return levels(connection, rows)

    assert await database.write(story) == []


async def test_a_claim_can_end_in_parts(database, rows):
    def story(connection):
        receive(connection, rows, 10)
        claim = hold(connection, rows, 5)
        end(connection, claim, 2)
        before = levels(connection, rows)
        end(connection, claim, 3, "consumed")
        deliver(connection, rows, 3)
        return before, levels(connection, rows)

    assert await database.write(story) == (
        [(rows.warehouse, 10, 3, 0)],
        [(rows.warehouse, 7, 0, 0)],
    )


def sell_more_than_there_is(connection, rows):
    receive(connection, rows, 3)
    deliver(connection, rows, 4)


def sell_what_another_holds(connection, rows):
    receive(connection, rows, 3)
    hold(connection, rows, 2)
    deliver(connection, rows, 2)


def sell_what_never_came(connection, rows):
    deliver(connection, rows, 1)


def hold_more_than_there_is(connection, rows):
    receive(connection, rows, 3)
    hold(connection, rows, 4)


def hold_twice(connection, rows):
    receive(connection, rows, 3)
    hold(connection, rows, 2)
    hold(connection, rows, 2)


def hold_what_never_came(connection, rows):
    hold(connection, rows, 1)


def end_more_than_is_open(connection, rows):
    receive(connection, rows, 3)
    claim = hold(connection, rows, 2)
    hold(connection, rows, 1)
    end(connection, claim, 3)


def take_more_value_than_there_is(connection, rows):
    receive(connection, rows, 3, value=10)
    deliver(connection, rows, 1, value=11)


def leave_value_on_nothing(connection, rows):
    receive(connection, rows, 3, value=10)
    deliver(connection, rows, 3, value=9)


def take_nothing(connection, rows):
    receive(connection, rows, 0)


def go_nowhere(connection, rows):
    move(connection, rows, source=rows.warehouse, target=rows.warehouse, quantity=1)


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
async def test_an_impossible_story_is_refused_as_a_whole(database, rows, story):
    with pytest.raises(IntegrityError):
        await database.write(story, rows)
    assert await database.read(levels, rows) == []


async def test_fifty_moves_are_one_statement(database, rows):
    def fifty(connection):
        row = {
            "product_id": rows.product, "from_place_id": rows.vendor,
            "to_place_id": rows.warehouse, "quantity": Decimal(1), "value_minor": 2,
            "line_id": rows.line, "at": database.clock(),
        }  # fmt: skip
        connection.execute(Move.__table__.insert(), [row] * 50)
        return levels(connection, rows)

    with database.count_statements() as statements:
        # One for the moves, one to read the level.
        assert await database.write(fifty) == [(rows.warehouse, 50, 0, 100)]
    assert statements.count == 2
