"""Nobody who can write to the database can falsify goods, papers or money.

Each hostile statement is tried alone, on goods, claims, a posted invoice and a draft.
"""

import re

import pytest
from sqlalchemy.exc import DBAPIError

from core.storage.models import (
    Base,
)
from core.storage.rules import RULES
from core.storage.triggers import Followed, Noted, made_of
from tests.storage.rows import (
    deliver,
    end,
    levels,
    move,
    post,
)
from tests.storage.tampering import everything, fill, goes_through, statements

# A statement that is refused for one of these reasons is a mistake in the list and proves nothing.
MISTAKES = ("NOT NULL", "null value", "no such", "syntax", "does not exist", "values for")


class Undone(Exception):
    """The end of the transaction of an attack that was accepted."""


def attack(connection, statement):
    """Try a statement, and roll it back if it is accepted."""
    if "as a replica" in statement:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    connection.exec_driver_sql(statement)
    raise Undone


async def test_hostile_statements_are_refused(database, rows, dialect):
    await database.write(fill, rows)
    before = await database.read(everything)
    accepted, mistakes = [], []
    hostile = statements("hostile.sql") + statements(f"hostile_{dialect}.sql")
    for statement in hostile:
        with pytest.raises((DBAPIError, Undone)) as caught:
            await database.write(attack, statement)
        if caught.type is Undone:
            accepted.append(statement)
        elif any(each in str(caught.value.orig) for each in MISTAKES):
            mistakes.append((statement, str(caught.value.orig)))
    assert accepted == []
    assert mistakes == []
    assert len(hostile) > 100
    assert await database.read(everything) == before


async def test_what_services_do_is_allowed(database, rows):
    """The attacks fail because they are attacks, not because nothing is possible."""

    def trade(connection):
        end(connection, 1, 2, "consumed")
        delivered = deliver(connection, rows, 2, value=200)
        back = {"source": rows.customer, "target": rows.warehouse, "reverses": delivered}
        move(connection, rows, **back, quantity=2, value=200)
        for statement in statements("allowed.sql"):
            connection.exec_driver_sql(statement)
        post(connection, rows.draft)

    await database.write(fill, rows)
    await database.write(trade)
    assert await database.read(levels, rows) == [(rows.warehouse, 10, 1, 1000)]


def needless(connection, dialect):
    """Return the triggers without which every hostile statement is refused all the same."""
    if dialect == "sqlite":
        # Some connections leave it off, such as those of SQLite's own shell.
        connection.exec_driver_sql("PRAGMA recursive_triggers = OFF")
    hostile = statements("hostile.sql") + statements(f"hostile_{dialect}.sql")
    referred_to = {
        key.column.table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
    }
    found = []
    # The others refuse nothing: test_search.py and test_outstanding.py of the services try them.
    refusing = tuple(rule for rule in RULES if not isinstance(rule, Noted | Followed))
    for trigger in made_of(refusing, dialect).values():
        if "TRUNCATE" in trigger.moment and trigger.table in referred_to:
            # Emptying it empties the tables that refer to it, and those refuse already.
            continue
        without = connection.begin_nested()
        table = f" ON {trigger.table}" if dialect == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER {trigger.name}{table}")
        about = [each for each in hostile if re.search(rf"\b{trigger.table}\b", each)]
        if not any(goes_through(connection, statement) for statement in about):
            found.append(trigger.name)
        without.rollback()
    return found


async def test_every_trigger_is_needed_and_tested(database, rows, dialect):
    await database.write(fill, rows)
    assert " ".join(await database.write(needless, dialect)) == ""
