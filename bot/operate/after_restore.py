"""What is done to an older copy before the bot goes on with it.

Telegram and the world are ahead of it: updates have been confirmed, messages sent, papers handed
out, links used that it knows nothing of.  So that nothing is done twice or taken for something
else, what was open in it is ended, ids go on where none of the lost time can be, every button of
before is late, and the last number of each series is asked for (`core.services.number_recovery`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.base.bot_state import OFFSET, RESTORED, read_setting, write_setting
from core.domain.people import MACHINE
from core.services import number_recovery
from core.services.history import last_moment, record
from core.services.people import team
from core.services.work import Work
from core.storage.backup_copies import give_ids_after, ids_given
from core.storage.chat_tables import focus, inbox, outbox, setting, ui_message

COPY: Final = "copy"
"""The setting in a copy that says when and of what it was made, as JSON."""
LEAP: Final = 100_000
"""By how much ids and renderings go on: more than can have been made since the copy."""


@dataclass(frozen=True)
class Restored:
    """What was found and ended.

    Attributes:
        copied_at: when the copy was made.
        series: how many series are asked about.
        messages: how many messages that waited may have been sent since, and are not sent again.
        updates: how many updates waited to be answered, and are not answered any more.
    """

    copied_at: datetime
    series: int = 0
    messages: int = 0
    updates: int = 0


def copied_at(connection: Connection) -> datetime | None:
    """When a copy was made; of a plain file, when it was written to the last time."""
    kept = read_setting(connection, COPY)
    if kept is not None:
        return datetime.fromisoformat(json.loads(kept)["made_at"])
    moments = [
        connection.execute(select(func.max(column))).scalar()
        for column in (inbox.c.received_at, outbox.c.queued_at)
    ]
    moments.append(last_moment(connection))
    return max((each for each in moments if each is not None), default=None)


def go_on(connection: Connection, *, now: datetime) -> Restored:
    """Make an older copy fit to go on with, after what it does not know."""
    made = copied_at(connection) or now
    found = Restored(
        made,
        number_recovery.ask_for_all(connection, copied_at=made, now=now),
        _end_outbox(connection),
        _end_inbox(connection, now),
    )
    connection.execute(delete(focus))
    # A link that was used in the lost time would be good for a second person.
    team.end_open_invitations(connection, now=now)
    ids = ids_given(connection)
    give_ids_after(connection, {table: last + LEAP for table, last in ids.items()})
    _make_late(connection)
    _note(connection, found, now=now)
    return found


def go_on_as_moved(connection: Connection, *, now: datetime) -> Restored:
    """Go on where the copy ends: the bot has not run since."""
    found = Restored(copied_at(connection) or now)
    _note(connection, found, now=now)
    return found


def _note(connection: Connection, found: Restored, *, now: datetime) -> None:
    """Keep when it was; what Telegram still has is asked for from its beginning."""
    note = {"copied_at": found.copied_at.isoformat(), "at": now.isoformat()}
    connection.execute(delete(setting).where(setting.c.name.in_([OFFSET, COPY])))
    if found.series:
        write_setting(connection, RESTORED, json.dumps(note, sort_keys=True))
    work = Work(connection, MACHINE, now, "command line")
    record(work, "database", 1, action="restore", **note)


def _end_outbox(connection: Connection) -> int:
    """End what waited to be sent, but for cards that are rendered as they are now."""
    is_open = outbox.c.state.in_(("queued", "sending"))
    is_edit = (outbox.c.form == "card") & outbox.c.message_id.is_not(None)
    ended = connection.execute(
        update(outbox)
        .where(is_open, ~is_edit)
        .values(state="unsure", problem="restored", lease_until=None)
    )
    connection.execute(update(outbox).where(is_open).values(state="queued", lease_until=None))
    return ended.rowcount


def _end_inbox(connection: Connection, now: datetime) -> int:
    """End what waited to be answered: it was, in the time that is lost.

    Money that had come is answered now: what the lost time made of it is lost with it.
    """
    is_money = inbox.c.raw.contains('"successful_payment"', autoescape=True)
    ended = connection.execute(
        update(inbox)
        .where(inbox.c.state == "new", ~is_money)
        .values(state="failed", incident="restored", done_at=now)
    )
    return ended.rowcount


def _make_late(connection: Connection) -> None:
    """Let every button that is in a chat now come late: its card renders the present state."""
    rows = connection.execute(
        select(ui_message.c.id, ui_message.c.screen, ui_message.c.revision)
    ).all()
    if not rows:
        return
    values = [
        {"row": row.id, "drawn": row.revision + LEAP, "kept": _since(row.screen, row.revision)}
        for row in rows
    ]
    connection.execute(
        update(ui_message)
        .where(ui_message.c.id == bindparam("row"))
        .values(revision=bindparam("drawn"), screen=bindparam("kept")),
        values,
    )


def _since(screen: str, revision: int) -> str:
    kept: dict[str, Any] = json.loads(screen)
    return json.dumps(kept | {"since": revision + LEAP}, sort_keys=True)
