"""The rows of the outbox: what a turn leaves to be sent, and how the sender takes and ends them.

Everything here is synchronous and runs inside a transaction that somebody else owns.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.screens.base import Button, Card
from bot.screens.markup import Html
from core.storage.models import Outbox, UiMessage


@dataclass(frozen=True)
class Destination:
    """The chat that something goes to, and the person who reads it there (None: a group)."""

    chat_id: int
    person_id: int | None


@dataclass(frozen=True)
class Parcel:
    """What is to be sent: one of the forms of the table, and its payload as JSON."""

    form: str
    payload: dict[str, Any]


def queue(
    connection: Connection, to: Destination, parcel: Parcel, *, now: datetime, **columns: Any
) -> int:
    """Add a row and return its id; `columns` are further columns of the table."""
    row = {"chat_id": to.chat_id, "person_id": to.person_id, "form": parcel.form, **columns}
    result = connection.execute(
        insert(Outbox)
        .values(**row, payload=json.dumps(parcel.payload, sort_keys=True), queued_at=now)
        .returning(Outbox.id)
    )
    return int(result.scalar_one())


def queue_edit(
    connection: Connection, to: Destination, message_id: int, *, now: datetime, note: str = ""
) -> None:
    """Have the card of a message drawn again, once, however often this is asked."""
    waiting = select(Outbox.id).where(
        Outbox.chat_id == to.chat_id,
        Outbox.message_id == message_id,
        Outbox.form == "card",
        Outbox.state == "queued",
    )
    found = connection.execute(waiting).scalars().first()
    if found is None:
        queue(connection, to, Parcel("card", {"note": note}), now=now, message_id=message_id)
    elif note:
        values = {"payload": json.dumps({"note": note})}
        connection.execute(update(Outbox).where(Outbox.id == found).values(**values))


def refresh(
    connection: Connection, subject: str, *, except_chat: int | None, now: datetime
) -> None:
    """Have the newest card of a subject drawn again in every chat but the one given."""
    rows = connection.execute(
        select(UiMessage.chat_id, UiMessage.message_id, UiMessage.person_id)
        .where(UiMessage.subject == subject, UiMessage.retired.is_(False))
        .order_by(UiMessage.id)
    )
    newest = {row.chat_id: row for row in rows}
    for chat_id, row in newest.items():
        if chat_id != except_chat:
            queue_edit(connection, Destination(chat_id, row.person_id), row.message_id, now=now)


def kept_card(card: Card) -> dict[str, Any]:
    """A card as JSON, for a notice whose facts are frozen."""
    rows = [[{**vars(button)} for button in row] for row in card.rows]
    return {"text": card.text, "rows": rows}


def restored_card(kept: dict[str, Any]) -> Card:
    """The card that `kept_card` has kept."""
    rows = tuple(tuple(Button(**fields) for fields in row) for row in kept["rows"])
    return Card(Html(kept["text"]), rows)
