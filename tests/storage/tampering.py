"""A database full of rows, and hostile statements to try on it."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

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
from tests.migrated import NOW
from tests.storage.rows import (
    TODAY,
    counter,
    end,
    hold,
    insert_document,
    insert_line,
    insert_one,
    post,
    receive,
    take_number,
)

HERE = Path(__file__).parent

series_question = SeriesQuestion.__table__


def statements(name):
    """Return the statements of a file; a semicolon at the end of a line ends one."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    return [each.strip() for each in text.split(";\n") if each.strip()]


def fill(connection, rows):
    """Add goods, claims, a posted invoice, money and people's rights."""
    receive(connection, rows, 5, value=500)
    receive(connection, rows, 5, value=500)
    claim = hold(connection, rows, 3)
    end(connection, claim, 1)
    hold(connection, rows, 1)
    other = replace(rows, products=rows.products[::-1], lines=rows.lines[::-1])
    receive(connection, other, 4)
    hold(connection, other, 2)
    invoice = insert_document(connection, rows.party, kind="invoice")
    insert_line(connection, invoice, rows.product)
    post(connection, invoice)
    take_number(connection, insert_document(connection, rows.party), "SO-2026", state="confirmed")
    entry = {
        "party_id": rows.party, "currency": "EUR", "amount_minor": 100, "document_id": invoice,
        "booked_on": TODAY, "at": NOW,
    }  # fmt: skip
    wish = {
        "document_id": rows.draft, "document_revision": 0, "action": "post",
        "limit_name": "discount", "figures": "f", "digest": "d", "asked_by": rows.person,
        "asked_at": NOW,
    }  # fmt: skip
    asked = {
        "document_id": invoice, "party_id": rows.party, "person_id": rows.person,
        "currency": "EUR", "amount_minor": 100, "at": NOW,
    }  # fmt: skip
    watch = text("UPDATE document SET watched = 'inspect' WHERE id = :id")
    connection.execute(watch, {"id": invoice})
    others = [
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
    for model, row in others:
        connection.execute(insert(model.__table__).values(**row))
    insert_one(connection, Approval.__table__, **wish)
    refused = insert_one(connection, Approval.__table__, **wish)
    fill_questions(connection)
    connection.execute(
        text("UPDATE approval SET state = 'refused', decided_by = 2 WHERE id = :id"),
        {"id": refused},
    )


def fill_questions(connection):
    """Add what a restore asks about: one series in question, lost numbers of two others."""
    asked = {"last_known": 0, "copied_at": NOW, "asked_at": NOW}
    answered = {"last_given": 3, "answered_at": NOW, "answered_by": 1}
    connection.execute(insert(series_question).values(series="QU-2026", **asked))
    connection.execute(insert(counter).values(series="SX-2026", last=0, head=""))
    for series in ("PO-2026", "SX-2026"):
        number = insert_one(connection, series_question, series=series, **asked)
        its_row = series_question.c.id == number
        connection.execute(update(series_question).where(its_row).values(**answered))


def everything(connection):
    """Return all rows of all tables."""
    return {
        table.name: sorted(map(repr, connection.execute(table.select()).all()))
        for table in Base.metadata.sorted_tables
    }


def goes_through(connection, statement):
    """Return whether a statement is accepted; it is rolled back."""
    tried = connection.begin_nested()
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError:
        return False
    else:
        return True
    finally:
        tried.rollback()
