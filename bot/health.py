"""How the bot is: what waits, since when, and what went wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from bot.inbox import oldest
from core.storage.models import Inbox, Outbox
from core.storage.writing import table_of

inbox = table_of(Inbox)
outbox = table_of(Outbox)

LATE: Final = timedelta(minutes=2)
"""How long something may wait for its answer until the bot is called unwell."""


def health(connection: Connection, now: datetime) -> dict[str, Any]:
    """The state of inbox and outbox; `ok` is false when something waits too long."""
    waits_since = oldest(connection)
    queued_since = connection.execute(
        select(func.min(outbox.c.queued_at)).where(
            outbox.c.state.in_(("queued", "sending")), outbox.c.not_before.is_(None)
        )
    ).scalar()
    late = [each for each in (waits_since, queued_since) if each and now - each > LATE]
    return {
        "ok": not late,
        "waits_since": waits_since.isoformat() if waits_since else None,
        "queued_since": queued_since.isoformat() if queued_since else None,
        "inbox": _counts(connection, inbox.c.state, ("new", "unreadable", "failed")),
        "outbox": _counts(connection, outbox.c.state, ("queued", "unsure", "dead")),
    }


def _counts(connection: Connection, state: Any, states: tuple[str, ...]) -> dict[str, int]:
    rows = connection.execute(select(state, func.count()).where(state.in_(states)).group_by(state))
    counted = {name: int(number) for name, number in rows}
    return {name: counted.get(name, 0) for name in states}
