"""The rows of the outbox: what a turn leaves to be sent, and how the sender takes and ends them.

Everything here is synchronous and runs inside a transaction that somebody else owns.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, func, or_, select, update

from bot.base.markup import Html
from bot.base.screen import Button, Card
from core.storage.chat_tables import outbox
from core.storage.locks import unless_claimed
from core.storage.sql import IDS, insert_one, update_one

LEASE: Final = timedelta(seconds=90)
"""How long a row is being sent before it is taken for abandoned; longer than any timeout."""


# Statements of every turn and of every sending, built once.
_CARD_OF_MESSAGE = select(outbox.c.id).where(
    outbox.c.chat_id == bindparam("chat"),
    outbox.c.message_id == bindparam("message"),
    outbox.c.form == "card",
    outbox.c.state == "queued",
)
_LATER_CARD = _CARD_OF_MESSAGE.where(outbox.c.id > bindparam("row")).limit(1)
_NOTICE_SENT_AS = select(outbox.c.payload).where(
    outbox.c.state == "sent",
    outbox.c.chat_id == bindparam("chat"),
    outbox.c.form == "notice",
    outbox.c.sent_message_id == bindparam("message"),
)
_FORGET = delete(outbox).where(
    outbox.c.state.in_(("sent", "merged", "withheld")), outbox.c.queued_at < bindparam("before")
)
_IS_OPEN = outbox.c.state.in_(("queued", "sending"))
_FIRST_OF_CHATS = (
    select(func.min(outbox.c.id))
    .where(_IS_OPEN, outbox.c.form != "answer")
    .group_by(outbox.c.chat_id)
)
_DUE = (
    select(outbox.c.id, outbox.c.chat_id, outbox.c.form)
    .where(
        _IS_OPEN,
        or_(outbox.c.form == "answer", outbox.c.id.in_(_FIRST_OF_CHATS)),
        or_(outbox.c.state == "queued", outbox.c.lease_until <= bindparam("now")),
        or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("now")),
    )
    .order_by(outbox.c.id)
)
_MOMENTS = (
    select(func.min(outbox.c.not_before)).where(outbox.c.state == "queued"),
    select(func.min(outbox.c.lease_until)).where(outbox.c.state == "sending"),
)
_ROW = unless_claimed(select(outbox).where(outbox.c.id == bindparam("row")), of=outbox)
_PLACEHOLDER = select(outbox.c.placeholder_id).where(outbox.c.id == bindparam("row"))
_GIVE_BACK = (
    update(outbox)
    .where(outbox.c.id.in_(IDS))
    .values(state="queued", lease_until=None, tries=outbox.c.tries - 1)
)


@dataclass(frozen=True)
class Destination:
    """The chat that something goes to, and the person who reads it there (None: a group)."""

    chat_id: int
    person_id: int | None


@dataclass(frozen=True)
class Outgoing:
    """A row that is being sent.  `tries` counts this one; `abandoned` tells of a crash before."""

    id: int
    chat_id: int
    person_id: int | None
    form: str
    payload: dict[str, Any]
    message_id: int | None
    reply_to: int | None
    placeholder_id: int | None
    tries: int
    queued_at: datetime
    abandoned: bool = False


@dataclass(frozen=True)
class Parcel:
    """What is to be sent: one of the forms of the table, and its payload as JSON."""

    form: str
    payload: dict[str, Any]


def queue(
    connection: Connection, to: Destination, parcel: Parcel, *, now: datetime, **columns: Any
) -> int:
    """Add a row and return its id; `columns` are further columns of the table."""
    return insert_one(
        connection,
        outbox,
        chat_id=to.chat_id,
        person_id=to.person_id,
        form=parcel.form,
        payload=json.dumps(parcel.payload, sort_keys=True),
        queued_at=now,
        **columns,
    )


def queue_edit(
    connection: Connection, to: Destination, message_id: int, *, now: datetime, note: str = ""
) -> None:
    """Have the card of a message rendered again, once, however often this is asked."""
    of_message = {"chat": to.chat_id, "message": message_id}
    found = connection.execute(_CARD_OF_MESSAGE, of_message).scalars().first()
    if found is None:
        queue(connection, to, Parcel("card", {"note": note}), now=now, message_id=message_id)
    elif note:
        update_one(connection, outbox, found, payload=json.dumps({"note": note}))


def notice_about(connection: Connection, chat_id: int, message_id: int) -> tuple[str, int] | None:
    """The screen and id that a notice was about which was sent as this message."""
    sent_as = {"chat": chat_id, "message": message_id}
    payload = connection.execute(_NOTICE_SENT_AS, sent_as).scalar()
    about = json.loads(payload)["about"] if payload else None
    return (about[0], about[1]) if about else None


def forget(connection: Connection, before: datetime) -> None:
    """Delete what was sent, or was not to be sent, before a moment: it holds what people wrote."""
    connection.execute(_FORGET, {"before": before})


def kept_card(card: Card) -> dict[str, Any]:
    """A card as JSON, for a notice whose facts are frozen."""
    rows = [[{**vars(button)} for button in row] for row in card.rows]
    return {"text": card.text, "rows": rows}


def restored_card(kept: dict[str, Any]) -> Card:
    """The card that `kept_card` has kept."""
    rows = tuple(tuple(Button(**fields) for fields in row) for row in kept["rows"])
    return Card(Html(kept["text"]), rows)


# --- Taking a row to send it, and ending it -------------------------------------------------


@dataclass(frozen=True)
class Due:
    """A row that can be sent now."""

    id: int
    chat_id: int
    form: str


def due(connection: Connection, now: datetime) -> list[Due]:
    """The rows that can be sent now: the first open one of each chat, and every answer.

    A row that waits, for its time or for its sender, holds back those behind it.
    """
    return [Due(*row) for row in connection.execute(_DUE, {"now": now})]


def next_moment(connection: Connection) -> datetime | None:
    """When the first of the waiting rows can be sent, or None when none waits."""
    moments = [connection.execute(each).scalar() for each in _MOMENTS]
    return min((each for each in moments if each is not None), default=None)


def claim(connection: Connection, row_id: int, now: datetime) -> Outgoing | None:
    """Take a row to send it; None when another process has, or a later row makes it needless."""
    row = connection.execute(_ROW, {"row": row_id}).one_or_none()
    if row is None or row.state not in ("queued", "sending"):
        return None
    if row.state == "sending" and row.lease_until > now:
        return None
    if row.form == "card" and row.message_id is not None and _is_overtaken(connection, row):
        end(connection, row_id, "merged")
        return None
    _change(connection, row_id, state="sending", lease_until=now + LEASE, tries=row.tries + 1)
    return Outgoing(
        id=row.id,
        chat_id=row.chat_id,
        person_id=row.person_id,
        form=row.form,
        payload=json.loads(row.payload),
        message_id=row.message_id,
        reply_to=row.reply_to,
        placeholder_id=row.placeholder_id,
        tries=row.tries + 1,
        queued_at=row.queued_at,
        abandoned=row.state == "sending",
    )


def _is_overtaken(connection: Connection, row: Row[Any]) -> bool:
    of_message = {"chat": row.chat_id, "message": row.message_id, "row": row.id}
    return connection.execute(_LATER_CARD, of_message).one_or_none() is not None


def release_abandoned(connection: Connection, now: datetime) -> None:
    """At the start of the only process: what was being sent when it ended is free at once."""
    connection.execute(update(outbox).where(outbox.c.state == "sending").values(lease_until=now))


def placed(connection: Connection, row_id: int, message_id: int) -> None:
    """A paper's placeholder was sent: from now on its message is edited, never sent again."""
    _change(connection, row_id, placeholder_id=message_id)


def placeholder_of(connection: Connection, row_id: int) -> int | None:
    """The message that stands where a paper is to be, if it was sent."""
    return connection.execute(_PLACEHOLDER, {"row": row_id}).scalar_one()


def sent(connection: Connection, row_id: int, *, now: datetime, message_id: int | None) -> None:
    """It has arrived, as this message."""
    _change(connection, row_id, state="sent", sent_at=now, sent_message_id=message_id)


def give_back(connection: Connection, row_ids: Sequence[int]) -> None:
    """Rows that were taken to be sent are not sent now: they wait like all others."""
    connection.execute(_GIVE_BACK, {"ids": list(row_ids)})


def postpone(connection: Connection, row_id: int, *, until: datetime, problem: str) -> None:
    """Try again at this time."""
    _change(connection, row_id, state="queued", not_before=until, problem=problem)


def end(connection: Connection, row_id: int, state: str, *, problem: str = "") -> None:
    """It will not be sent: dead, withheld, merged; or nobody knows whether it was: unsure."""
    _change(connection, row_id, state=state, problem=problem)


def _change(connection: Connection, row_id: int, **values: Any) -> None:
    if values.get("state", "sending") != "sending":
        values["lease_until"] = None
    update_one(connection, outbox, row_id, **values)
