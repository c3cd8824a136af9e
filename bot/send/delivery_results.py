"""What is written when a row of the outbox has been sent, or will not be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from bot.base import card_store, focus, outbox
from bot.base.outbox import Destination, Outgoing, Parcel, kept_card, queue
from bot.base.outbox_buffer import RenderedCard
from bot.base.recipients import reader_of
from bot.base.screen import Button, Card
from bot.base.sent_papers import record_sent
from bot.turn.registry import Context
from bot.turn.rendering import recipient
from core.domain.messages import N_
from core.services.people.actors import mark_blocked
from core.storage.chat_tables import ui_message
from core.storage.locks import lock_chat


@dataclass(frozen=True)
class Arrival:
    """A card or notice has arrived as a message, instead of `lost`, which was to be edited."""

    rendered: RenderedCard
    message_id: int
    lost: int | None = None


def arrived(
    connection: Connection, outgoing: Outgoing, arrival: Arrival, *, now: datetime
) -> None:
    """Remember which message shows what, and that its row is done."""
    lock_chat(connection, outgoing.chat_id)
    outbox.sent(connection, outgoing.id, now=now, message_id=arrival.message_id)
    if arrival.rendered.shown is None:
        return
    replaced = outgoing.payload.get("replaces") or arrival.lost
    if replaced is not None:
        card_store.retire(connection, outgoing.chat_id, replaced)
    if outgoing.message_id == arrival.message_id:
        card_store.rendered(
            connection, outgoing.chat_id, arrival.message_id, rendering=arrival.rendered.rendering
        )
    else:
        _remember(connection, outgoing, arrival, now=now)
    if arrival.rendered.asks is not None:
        focus.place_on(
            connection,
            outgoing.chat_id,
            arrival.rendered.asks,
            message_id=arrival.message_id,
        )


def paper_arrived(
    connection: Connection, outgoing: Outgoing, *, message_id: int | None, now: datetime
) -> None:
    """A paper is there.  When it was sent to its party, the card of who sent it says so."""
    outbox.sent(connection, outgoing.id, now=now, message_id=message_id)
    record_sent(connection, outgoing.payload, to=outgoing.person_id, now=now)


def _remember(
    connection: Connection, outgoing: Outgoing, arrival: Arrival, *, now: datetime
) -> None:
    shown = arrival.rendered.shown
    assert shown is not None
    connection.execute(
        insert(ui_message).values(
            chat_id=outgoing.chat_id,
            message_id=arrival.message_id,
            person_id=outgoing.person_id,
            subject=arrival.rendered.subject,
            screen=json.dumps(shown.to_json(), sort_keys=True),
            revision=arrival.rendered.rendering,
            retired=False,
            at=now,
        )
    )


def blocked(connection: Connection, outgoing: Outgoing, now: datetime) -> None:
    """Telegram says that this person does not want to hear from the bot."""
    outbox.end(connection, outgoing.id, "dead", problem="blocked")
    mark_blocked(connection, outgoing.chat_id, at=now)


def ask_whether_arrived(
    connection: Connection, context: Context, outgoing: Outgoing, *, caption: str
) -> None:
    """Nobody knows whether a paper has arrived: ask the person, who can see it."""
    outbox.end(connection, outgoing.id, "unsure", problem="no answer")
    person = recipient(connection, outgoing)
    assert person is not None
    reader = reader_of(connection, person.actor)
    yes = Button(reader.text(N_("Yes, it arrived")), "arrived", id=outgoing.id, style="success")
    again = Button(reader.text(N_("Send again")), "send_again", id=outgoing.id)
    card = Card(reader.text(N_("Did this arrive? {paper}"), paper=caption), ((yes, again),))
    parcel = Parcel("notice", {"card": kept_card(card), "about": None})
    to = Destination(outgoing.chat_id, outgoing.person_id)
    queue(connection, to, parcel, now=context.clock())
