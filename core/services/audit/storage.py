"""The database itself, and what the bot has left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from core.services.audit.breach import Breach
from core.storage.chat_tables import inbox, outbox
from core.storage.schema import missing_triggers
from core.storage.tables import series_question as question


def triggers(connection: Connection) -> Iterator[Breach]:
    """The rules that the database holds are there, and are the ones of this version."""
    for name in missing_triggers(connection):
        yield Breach("triggers", f"trigger:{name}")


def integrity(connection: Connection) -> Iterator[Breach]:
    """SQLite finds its file whole: pages, indexes, CHECKs.  PostgreSQL looks after its own.

    Over a connection that is opened read-only, SQLite 3.40 leaves the CHECKs out.
    """
    if connection.dialect.name == "sqlite":
        for found in connection.scalars(text("PRAGMA integrity_check")):
            if found != "ok":
                yield Breach("integrity", "database", {"found": found})


def foreign_keys(connection: Connection) -> Iterator[Breach]:
    """Every row that names another finds it; SQLite can be told not to look."""
    if connection.dialect.name == "sqlite":
        for table, row, parent, _ in connection.execute(text("PRAGMA foreign_key_check")):
            yield Breach("foreign_keys", f"{table}:{row}", {"parent": parent})


def stuck_in_outbox(connection: Connection, now: datetime) -> Iterator[Breach]:
    """Messages that a sender took and did not finish, and those that were given up."""
    rows = connection.execute(
        select(outbox.c.id, outbox.c.state, outbox.c.chat_id, outbox.c.tries)
        .where(
            ((outbox.c.state == "sending") & (outbox.c.lease_until < now))
            | outbox.c.state.in_(["unsure", "dead"])
        )
        .order_by(outbox.c.id)
    )
    for row in rows:
        facts = {"state": row.state, "chat": row.chat_id, "tries": row.tries}
        yield Breach("outbox", f"outbox:{row.id}", facts)


def left_in_inbox(connection: Connection, now: datetime) -> Iterator[Breach]:
    """Updates that could not be read or answered, by day."""
    del now  # Every failed update counts, however old it is.
    rows = connection.execute(
        select(inbox.c.state, inbox.c.received_day, func.count().label("updates"))
        .where(inbox.c.state.in_(["unreadable", "failed"]))
        .group_by(inbox.c.state, inbox.c.received_day)
        .order_by(inbox.c.received_day, inbox.c.state)
    )
    for row in rows:
        yield Breach("inbox", f"day:{row.received_day}", {row.state: row.updates})


def unanswered(connection: Connection, now: datetime) -> Iterator[Breach]:
    """Series that give no numbers, because the owner has not said what the last one was."""
    del now  # However long it has been: papers wait for it.
    rows = connection.execute(
        select(question.c.series, question.c.last_known)
        .where(question.c.answered_at.is_(None))
        .order_by(question.c.id)
    )
    for row in rows:
        yield Breach("series", f"series:{row.series}", {"last_known": row.last_known})
