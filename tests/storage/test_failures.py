"""Whichever statement fails, nothing is left of its turn; repeated, everything is there once."""

import pytest
from sqlalchemy import event, insert

from core.storage.database import savepoint
from core.storage.models import Outbox, Setting
from tests.migrated import NOW
from tests.storage.rows import (
    deliver,
    end,
    hold,
    insert_document,
    insert_line,
    lock_levels,
    post,
    receive,
)
from tests.storage.tampering import everything


class Broken(Exception):
    """The failure of a statement."""


def turn(connection, rows):
    """Do a turn as the bot does: inbox, a service in a savepoint, outbox."""
    connection.execute(insert(Setting.__table__).values(name="inbox", value="done"))
    with savepoint(connection):
        lock_levels(connection, rows.products)
        receive(connection, rows, 10, value=1000)
        claim = hold(connection, rows, 4)
        note = insert_document(connection, rows.party, kind="note")
        insert_line(connection, note, rows.product)
        end(connection, claim, 3, "consumed")
        deliver(connection, rows, 3, value=300)
        post(connection, note)
    connection.execute(
        insert(Outbox.__table__).values(chat_id=1, form="notice", payload="{}", queued_at=NOW)
    )


class Breaking:
    """An observer that lets the statement with a number fail, counted from one."""

    def __init__(self, number):
        self.left = number

    def __call__(self, *_):
        self.left -= 1
        if self.left == 0:
            raise Broken


async def test_nothing_is_left_whichever_statement_fails(database, rows):
    before = await database.read(everything)
    number = 1
    while True:
        breaking = Breaking(number)
        with database.watch_statements(breaking):
            try:
                await database.write(turn, rows)
            except Broken:
                assert await database.read(everything) == before, number
            else:
                break
        number += 1
    # Every statement of the turn was tried, savepoints included.
    assert number > 15
    after = await database.read(everything)
    assert len(after["move"]) == 2
    assert len(after["counter"]) == len(after["outbox"]) == len(after["setting"]) == 1


async def test_nothing_is_left_when_the_commit_fails(database, rows):
    before = await database.read(everything)
    engine = database._backend.engines[0]
    breaking = Breaking(1)
    event.listen(engine, "commit", breaking)
    with pytest.raises(Broken):
        await database.write(turn, rows)
    event.remove(engine, "commit", breaking)
    assert await database.read(everything) == before
    await database.write(turn, rows)
