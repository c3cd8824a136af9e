"""One chat: its messages in order, and those who look at it."""

from __future__ import annotations

import copy
from collections.abc import Callable

from bot.local_telegram.people import Json

Listener = Callable[[Json], None]

FORWARDED = frozenset(
    {"text", "entities", "caption", "caption_entities", "document", "photo", "voice", "audio"}
    | {"video", "animation", "sticker", "contact", "location"}
)
"""What a forwarded copy keeps; buttons that call back are not among it."""


class ChatRecord:
    """What a chat holds.  Messages are complete objects of the Bot API, by id, in order."""

    def __init__(self, chat: Json) -> None:
        self.chat = chat
        self.messages: dict[int, Json] = {}
        self.pinned: list[int] = []
        self.reply_keyboard: Json | None = None
        self.menu_button: Json | None = None
        self.fixed: set[int] = set()
        """Messages that were sent with a reply keyboard: they can never be edited."""
        self.payloads: dict[int, str] = {}
        """The payloads of invoices, which only the bot sees, by message."""
        self.paid: set[int] = set()
        """The invoices for one person that he has paid: nobody can pay them again."""
        self._listeners: list[Listener] = []

    @property
    def chat_id(self) -> int:
        """The chat's id: a person's for a private chat, negative for a group."""
        return int(self.chat["id"])

    @property
    def is_private(self) -> bool:
        """Whether this is a chat of one person and the bot."""
        return bool(self.chat["type"] == "private")

    def history(self) -> list[Json]:
        """Copies of the messages in order, as a client shows them."""
        return copy.deepcopy(list(self.messages.values()))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell a listener of everything that happens; what is returned ends that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def publish(self, event: Json) -> None:
        """Tell everyone who looks at this chat; each gets a copy of its own."""
        for listener in list(self._listeners):
            listener(copy.deepcopy(event))

    def add(self, message: Json) -> None:
        """Put a new message at the end."""
        self.messages[message["message_id"]] = message
        self.publish({"type": "message", "message": message})

    def replace(self, message: Json) -> None:
        """Put a changed message in the place of the old one."""
        self.messages[message["message_id"]] = message
        self.publish({"type": "edited", "message": message})

    def remove(self, message_id: int) -> None:
        """Take a message away, also from the pinned ones."""
        del self.messages[message_id]
        if message_id in self.pinned:
            self.pinned.remove(message_id)
        self.publish({"type": "deleted", "message_id": message_id})

    def show_keyboard(self, markup: Json | None) -> None:
        """Put a reply keyboard in place of the person's own, or take it away."""
        shown = markup is not None and "keyboard" in markup
        self.reply_keyboard = markup if shown else None
        self.publish({"type": "keyboard", "reply_markup": markup})

    def forwarded_from(self, source: ChatRecord, message: Json, *, to: Json) -> None:
        """Keep what only the bot knows of a message that was forwarded here."""
        if payload := source.payloads.get(message["message_id"]):
            self.payloads[to["message_id"]] = payload


def forwarded_content(message: Json, bot_username: str) -> Json:
    """The content of a forwarded copy of a message."""
    content = {key: copy.deepcopy(message[key]) for key in message.keys() & FORWARDED}
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    if invoice := message.get("invoice"):
        content["invoice"] = copy.deepcopy(invoice)
        content["reply_markup"] = _copied_pay(rows, invoice, bot_username)
    elif rows and all("url" in button for row in rows for button in row):
        content["reply_markup"] = copy.deepcopy(message["reply_markup"])
    origin = {"type": "user", "sender_user": message["from"], "date": message["date"]}
    content["forward_origin"] = message.get("forward_origin", origin)
    return content


def _copied_pay(rows: list[list[Json]], invoice: Json, bot_username: str) -> Json:
    """A copy pays like the invoice, unless that is for one person: then it opens the bot.

    The source: https://core.telegram.org/bots/api#sendinvoice, on `start_parameter`.
    """
    button = dict(rows[0][0])
    if invoice["start_parameter"]:
        del button["pay"]
        button["url"] = f"https://t.me/{bot_username}?start={invoice['start_parameter']}"
    return {"inline_keyboard": [[button]]}
