"""The outbox buffer: what a turn sends, gathered in memory and written at its end all at once.

What this chat sees next is rendered there and then, in the turn's own transaction, and its row
is written as being sent already: the sender gets both after the commit, and neither reads the
row nor renders it.  That happens only where nothing else is on its way in the chat; all other
rows wait in the outbox and are rendered when they are sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from bot.base.outbox import LEASE, Destination, Outgoing, Parcel
from bot.base.screen import Card, OpenScreen
from core.storage.chat_tables import outbox


@dataclass(frozen=True)
class RenderedCard:
    """A card as it is sent: which rendering of its message it is, and what it shows.

    `asks` is the token of the question that it asks; `shown` is None for a notice, which is
    not rendered again.
    """

    card: Card
    rendering: int = 0
    shown: OpenScreen | None = None
    subject: str = ""
    asks: int | None = None


Render = Callable[[Outgoing], RenderedCard | None]
"""Renders a card or notice as the turn leaves it; None when the sender has to render it later."""

Mark = tuple[int, dict[tuple[int, int], int]]

_OPEN = select(outbox.c.chat_id, outbox.c.message_id, outbox.c.form, outbox.c.state).where(
    outbox.c.state.in_(("queued", "sending")),
    outbox.c.chat_id.in_(bindparam("chats", expanding=True)),
)
_ADD = insert(outbox).returning(
    outbox.c.id, outbox.c.form, outbox.c.payload, outbox.c.message_id, outbox.c.state
)


@dataclass(frozen=True)
class Ready:
    """A row that is taken to be sent, with its rendering; an answer to a tap needs none."""

    outgoing: Outgoing
    rendered: RenderedCard | None = None


@dataclass(frozen=True)
class Left:
    """What a turn has left: what can be sent at once, and whether more waits in the outbox."""

    ready: tuple[Ready, ...] = ()
    more: bool = False


@dataclass
class _Entry:
    to: Destination
    parcel: Parcel
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def message_id(self) -> int | None:
        """The message that it edits."""
        found: int | None = self.columns.get("message_id")
        return found

    def outgoing(self, now: datetime) -> Outgoing:
        """As it is rendered, before its row has an id."""
        return Outgoing(
            id=0,
            chat_id=self.to.chat_id,
            person_id=self.to.person_id,
            form=self.parcel.form,
            payload=json.loads(self.payload),
            message_id=self.message_id,
            reply_to=self.columns.get("reply_to"),
            placeholder_id=None,
            tries=1,
            queued_at=now,
        )

    @property
    def payload(self) -> str:
        """What its row keeps."""
        return json.dumps(self.parcel.payload, sort_keys=True)


class OutboxBuffer:
    """Gathers the rows of one turn; `mark` and `return_to` undo what was gathered since."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._edits: dict[tuple[int, int], int] = {}

    def add(self, to: Destination, parcel: Parcel, **columns: Any) -> None:
        """Send something; `columns` are further columns of the outbox."""
        self._entries.append(_Entry(to, parcel, columns))

    def edit(self, to: Destination, message_id: int, *, note: str = "") -> None:
        """Have the card of a message rendered again, once, however often this is asked."""
        place = (to.chat_id, message_id)
        entry = _Entry(to, Parcel("card", {"note": note}), {"message_id": message_id})
        if place not in self._edits:
            self._edits[place] = len(self._entries)
            self._entries.append(entry)
        elif note:
            self._entries[self._edits[place]] = entry

    @property
    def mark(self) -> Mark:
        """What is gathered so far, for `return_to`."""
        return len(self._entries), dict(self._edits)

    def return_to(self, mark: Mark) -> None:
        """Forget what was gathered since `mark`."""
        count, edits = mark
        del self._entries[count:]
        self._edits = dict(edits)

    def write(
        self, connection: Connection, *, now: datetime, here: int | None = None, render: Render
    ) -> Left:
        """Write all rows; those that go at once to the chat `here` come back rendered."""
        if not self._entries:
            return Left()
        chats = {place[0] for place in self._edits} | ({here} if here is not None else set())
        on_their_way: Sequence[Any] = []
        if chats:
            on_their_way = connection.execute(_OPEN, {"chats": sorted(chats)}).all()
        entries = [each for each in self._entries if not _waits(each, on_their_way)]
        is_free = not any(row.chat_id == here and row.form != "answer" for row in on_their_way)
        rendered = _rendered(entries, here if is_free else None, now=now, render=render)
        if not entries:
            return Left()
        rows = [_row(entry, now, taken=number in rendered) for number, entry in enumerate(entries)]
        written = sorted(connection.execute(_ADD, rows).all())
        ready = _ready(written, rendered.values())
        return Left(tuple(ready), more=len(ready) < len(rows))


def _waits(entry: _Entry, on_their_way: Sequence[Any]) -> bool:
    """Whether the card is going to be rendered again anyway; a note is worth a row of its own."""
    if entry.parcel.form != "card" or entry.message_id is None or entry.parcel.payload["note"]:
        return False
    place = (entry.to.chat_id, entry.message_id, "card", "queued")
    return any((row.chat_id, row.message_id, row.form, row.state) == place for row in on_their_way)


def _rendered(
    entries: Sequence[_Entry], here: int | None, *, now: datetime, render: Render
) -> dict[int, Ready]:
    """The entries that go at once, by their place: every answer, and the first ones of `here`."""
    found: dict[int, Ready] = {}
    for number, entry in enumerate(entries):
        outgoing = entry.outgoing(now)
        if outgoing.form == "answer":
            found[number] = Ready(outgoing)
        elif outgoing.chat_id == here:
            rendered = render(outgoing)
            if rendered is None:
                # What comes behind it in the chat has to wait for it.
                here = None
            else:
                found[number] = Ready(outgoing, rendered)
    return found


def _row(entry: _Entry, now: datetime, *, taken: bool) -> dict[str, Any]:
    return {
        "chat_id": entry.to.chat_id,
        "person_id": entry.to.person_id,
        "form": entry.parcel.form,
        "payload": entry.payload,
        "message_id": entry.message_id,
        "reply_to": entry.columns.get("reply_to"),
        "state": "sending" if taken else "queued",
        "tries": 1 if taken else 0,
        "lease_until": now + LEASE if taken else None,
        "queued_at": now,
    }


def _ready(written: Sequence[Any], rendered: Collection[Ready]) -> list[Ready]:
    """What was rendered, with the ids of its rows, in the order of these.

    A statement for several rows need not give them back in their order: each is found by its
    contents, and those of the same contents are the same.
    """
    left = list(rendered)
    ready = []
    for row in written:
        if row.state == "sending":
            payload = json.loads(row.payload)
            found = next(
                each
                for each in left
                if (each.outgoing.form, each.outgoing.message_id) == (row.form, row.message_id)
                and each.outgoing.payload == payload
            )
            left.remove(found)
            ready.append(Ready(replace(found.outgoing, id=row.id), found.rendered))
    return ready
