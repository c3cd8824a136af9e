"""What is sent that is neither text, tap nor file, and how each is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, select

from bot.base.outbox import Destination, Parcel, kept_card, queue
from bot.base.recipients import actor_of_sender, reader_of
from bot.base.screen import BACK, HOME, Button, Card, Reader
from bot.base.updates import InboxItem, Kind
from bot.turn.registry import Context
from core.domain.messages import N_
from core.services.people.actors import mark_blocked
from core.storage.chat_tables import outbox

_LOOK_UP: Final = N_("I can read text, files and buttons. Type a number or a name to look it up.")

# By the name in `bot.base.updates.OTHERS`; what is not here is passed over in silence.
UNUSUAL: Final[dict[str, str]] = {
    "sticker": _LOOK_UP,
    "animation": _LOOK_UP,
    "video": _LOOK_UP,
    "audio": _LOOK_UP,
    "video_note": N_("I can't watch videos. Please type what you need."),
    "voice": N_("I can't listen to voice messages. Please type what you need."),
    "contact": N_("I can't use a shared contact. Type a name to look it up."),
    "location": N_("I can't use a location. Type an address when you're asked for one."),
    "venue": N_("I can't use a location. Type an address when you're asked for one."),
    "poll": _LOOK_UP,
    "dice": _LOOK_UP,
}

LONE_PHOTO: Final = N_(
    "Send photos when you're asked for one, for example during a count. Type a code to look it up."
)
OPEN_PRIVATE: Final = N_("I only talk about company business in private chats.")
OPEN_PRIVATE_BUTTON: Final = N_("Open private chat")


def _reader(
    connection: Connection, context: Context, item: InboxItem
) -> tuple[Reader, Destination]:
    assert item.incoming.sender is not None
    actor = actor_of_sender(connection, item.incoming.sender, now=context.clock())
    here = Destination(item.incoming.chat_id, actor.person_id)
    return reader_of(connection, actor), here


def _other(connection: Connection, context: Context, item: InboxItem) -> None:
    """A sticker, a voice message and the like: one friendly sentence from the table."""
    message = UNUSUAL.get(item.incoming.name)
    if message is not None and item.incoming.edited_at is None:
        reader, here = _reader(connection, context, item)
        card = Card(reader.text(message), ((Button(reader.text(BACK), HOME, is_back=True),),))
        parcel = Parcel("notice", {"card": kept_card(card), "about": None})
        queue(connection, here, parcel, now=context.clock(), reply_to=item.incoming.message_id)


def _membership(connection: Connection, context: Context, item: InboxItem) -> None:
    """Somebody has blocked the bot, or opened it again."""
    now = context.clock() if item.incoming.blocked else None
    mark_blocked(connection, item.incoming.chat_id, at=now)


def _group(connection: Connection, context: Context, item: InboxItem) -> None:
    """In a group: say once where to go, and answer taps, so that nothing spins."""
    incoming = item.incoming
    here = Destination(incoming.chat_id, None)
    now = context.clock()
    if incoming.query_id:
        payload = {"query_id": incoming.query_id, "text": "", "alert": False}
        queue(connection, here, Parcel("answer", payload), now=now)
    dedup = f"group:{incoming.chat_id}"
    told = select(outbox.c.id).where(outbox.c.dedup == dedup)
    if connection.execute(told).one_or_none() is None:
        reader, _ = _reader(connection, context, item)
        url = f"https://t.me/{context.username}"
        button = Button(reader.text(OPEN_PRIVATE_BUTTON), url=url)
        card = Card(reader.text(OPEN_PRIVATE), ((button,),))
        parcel = Parcel("notice", {"card": kept_card(card), "about": None})
        queue(connection, here, parcel, now=now, dedup=dedup)


def _ignore(_connection: Connection, _context: Context, _came: InboxItem) -> None:
    """Channels, other bots, and messages that only tell of a change of the chat."""


UNUSUAL_KINDS: Final[dict[Kind, Callable[[Connection, Context, InboxItem], None]]] = {
    Kind.OTHER: _other,
    Kind.MEMBERSHIP: _membership,
    Kind.GROUP: _group,
    Kind.IGNORED: _ignore,
}
