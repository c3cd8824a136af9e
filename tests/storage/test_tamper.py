"""Whoever gets at the database cannot make goods, papers or money lie.

Each hostile statement is tried alone, in a shop with goods, claims, a posted invoice and a draft.
"""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError

from core.storage.models import (
    AccountEntry,
    Allocation,
    Approval,
    Base,
    Company,
    DocumentTax,
    DocumentVersion,
    Draw,
    ExchangeDifference,
    History,
    Inbox,
    Invitation,
    OnlineCharge,
    OnlinePayment,
    Operation,
    PaperFile,
    SeriesQuestion,
    ValueDifference,
)
from core.storage.rules import RULES
from core.storage.triggers import Followed, Noted, made_of
from tests.storage.shop import (
    NOW,
    TODAY,
    counter,
    deliver,
    end,
    hold,
    insert_document,
    insert_line,
    insert_one,
    levels,
    move,
    post,
    receive,
    take_number,
)

HERE = Path(__file__).parent

series_question = SeriesQuestion.__table__

# A statement that is refused for one of these is a mistake of the list, and proves nothing.
MISTAKES = ("NOT NULL", "null value", "no such", "syntax", "does not exist", "values for")


class Undone(Exception):
    """Ends the transaction of an attack that went through."""


def statements(name):
    """The statements of a file, in which a line that ends with a semicolon ends one."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    return [each.strip() for each in text.split(";\n") if each.strip()]


def fill(connection, shop):
    """Goods, claims, a posted invoice, money, people's rights."""
    receive(connection, shop, 5, value=500)
    receive(connection, shop, 5, value=500)
    claim = hold(connection, shop, 3)
    end(connection, claim, 1)
    hold(connection, shop, 1)
    other = replace(shop, products=shop.products[::-1], lines=shop.lines[::-1])
    receive(connection, other, 4)
    hold(connection, other, 2)
    invoice = insert_document(connection, shop.party, kind="invoice")
    insert_line(connection, invoice, shop.product)
    post(connection, invoice)
    take_number(connection, insert_document(connection, shop.party), "SO-2026", state="confirmed")
    entry = {
        "party_id": shop.party, "currency": "EUR", "amount_minor": 100, "document_id": invoice,
        "booked_on": TODAY, "at": NOW,
    }  # fmt: skip
    wish = {
        "document_id": shop.draft, "document_revision": 0, "action": "post",
        "limit_name": "discount", "figures": "f", "digest": "d", "asked_by": shop.person,
        "asked_at": NOW,
    }  # fmt: skip
    asked = {
        "document_id": invoice, "party_id": shop.party, "person_id": shop.person,
        "currency": "EUR", "amount_minor": 100, "at": NOW,
    }  # fmt: skip
    watch = text("UPDATE document SET watched = 'inspect' WHERE id = :id")
    connection.execute(watch, {"id": invoice})
    rows = [
        (AccountEntry, entry),
        (Allocation, {"debit_id": invoice, "credit_id": invoice, "amount_minor": 5, "at": NOW}),
        (ExchangeDifference, {"allocation_id": 1, "amount_minor": 5, "at": NOW}),
        (Allocation, {"debit_id": invoice, "credit_id": invoice, "amount_minor": 6, "at": NOW}),
        (ValueDifference, {"product_id": 1, "line_id": 1, "amount_minor": 5, "cause": "c",
                           "at": NOW}),
        (PaperFile, {"document_id": invoice, "revision_key": "posted", "language": "en",
                     "sha256": "s", "content": b"1", "at": NOW}),
        (Draw, {"line_id": 1, "by_line_id": 1, "track": "t", "quantity": Decimal(1), "at": NOW}),
        (DocumentTax, {"document_id": invoice, "version": 1, "category": "S", "percent": 20,
                       "base_minor": 100, "tax_minor": 20}),
        (DocumentVersion, {"document_id": invoice, "version": 1, "snapshot": "{}", "at": NOW}),
        (History, {"subject": "s", "subject_id": 1, "action": "a", "person_id": 1, "at": NOW}),
        (Operation, {"key": "k", "digest": "d", "result": "r", "at": NOW}),
        (Inbox, {"update_id": 1, "received_day": "d", "chat_id": 1, "raw": "{}", "state": "done",
                 "received_at": NOW}),
        (Company, {"id": 1, "name": "C", "country": "FR", "currency": "EUR", "zone": "UTC",
                   "language": "en", "fixed": True}),
        (Invitation, {"token_hash": "h", "role": "sales", "created_at": NOW, "expires_at": NOW,
                      "used_by": 1, "used_at": NOW}),
        (OnlinePayment, asked | {"payload": "p"}),
        (OnlinePayment, asked | {"payload": "unpaid"}),
        (OnlineCharge, {"telegram_charge_id": "t", "provider_charge_id": "p", "payload": "p",
                        "online_payment_id": 1, "person_id": 1, "currency": "EUR",
                        "amount_minor": 100, "at": NOW, "payment_id": invoice}),
    ]  # fmt: skip
    for model, row in rows:
        connection.execute(insert(model.__table__).values(**row))
    insert_one(connection, Approval.__table__, **wish)
    refused = insert_one(connection, Approval.__table__, **wish)
    fill_questions(connection)
    connection.execute(
        text("UPDATE approval SET state = 'refused', decided_by = 2 WHERE id = :id"),
        {"id": refused},
    )


def fill_questions(connection):
    """An older copy was put back: one series is in question, numbers of two others are lost."""
    asked = {"last_known": 0, "copied_at": NOW, "asked_at": NOW}
    answered = {"last_given": 3, "answered_at": NOW, "answered_by": 1}
    connection.execute(insert(series_question).values(series="QU-2026", **asked))
    connection.execute(insert(counter).values(series="SX-2026", last=0, head=""))
    for series in ("PO-2026", "SX-2026"):
        number = insert_one(connection, series_question, series=series, **asked)
        its_row = series_question.c.id == number
        connection.execute(update(series_question).where(its_row).values(**answered))


def everything(connection):
    """All rows of all tables."""
    return {
        table.name: sorted(map(repr, connection.execute(table.select()).all()))
        for table in Base.metadata.sorted_tables
    }


def attack(connection, statement):
    """Try a statement, and undo it when it went through."""
    if "as a replica" in statement:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    connection.exec_driver_sql(statement)
    raise Undone


async def test_hostile_statements_are_refused(database, shop, dialect):
    await database.write(fill, shop)
    before = await database.read(everything)
    went_through, mistakes = [], []
    hostile = statements("hostile.sql") + statements(f"hostile_{dialect}.sql")
    for statement in hostile:
        with pytest.raises((DBAPIError, Undone)) as caught:
            await database.write(attack, statement)
        if caught.type is Undone:
            went_through.append(statement)
        elif any(each in str(caught.value.orig) for each in MISTAKES):
            mistakes.append((statement, str(caught.value.orig)))
    assert went_through == []
    assert mistakes == []
    assert len(hostile) > 100
    assert await database.read(everything) == before


async def test_what_the_services_do_is_allowed(database, shop):
    """The attacks above fail because they are attacks, not because nothing is possible."""

    def trade(connection):
        end(connection, 1, 2, "consumed")
        delivered = deliver(connection, shop, 2, value=200)
        move(
            connection,
            shop,
            source=shop.customer,
            target=shop.warehouse,
            quantity=2,
            value=200,
            reverses=delivered,
        )
        for statement in statements("allowed.sql"):
            connection.exec_driver_sql(statement)
        post(connection, shop.draft)

    await database.write(fill, shop)
    await database.write(trade)
    assert await database.read(levels, shop) == [(shop.warehouse, 10, 1, 1000)]


def needless(connection, dialect):
    """The triggers without which no hostile statement about their table goes through."""
    if dialect == "sqlite":
        # Some connections do not ask for it, like those of the command line's shell.
        connection.exec_driver_sql("PRAGMA recursive_triggers = OFF")
    hostile = statements("hostile.sql") + statements(f"hostile_{dialect}.sql")
    referred_to = {
        key.column.table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
    }
    found = []
    # These refuse nothing: test_search.py and test_outstanding.py of the services see that they
    # do what they are for.
    refusing = tuple(rule for rule in RULES if not isinstance(rule, Noted | Followed))
    for trigger in made_of(refusing, dialect).values():
        if "TRUNCATE" in trigger.moment and trigger.table in referred_to:
            # Whoever empties it empties those that refer to it, which refuse already.
            continue
        without = connection.begin_nested()
        table = f" ON {trigger.table}" if dialect == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER {trigger.name}{table}")
        about = [each for each in hostile if re.search(rf"\b{trigger.table}\b", each)]
        if not any(goes_through(connection, statement) for statement in about):
            found.append(trigger.name)
        without.rollback()
    return found


def goes_through(connection, statement):
    """Whether a statement is not refused; it is undone."""
    tried = connection.begin_nested()
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError:
        return False
    else:
        return True
    finally:
        tried.rollback()


async def test_every_trigger_is_needed_and_tried(database, shop, dialect):
    await database.write(fill, shop)
    assert " ".join(await database.write(needless, dialect)) == ""
