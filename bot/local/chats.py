"""One chat: its messages in order, and those who look at it."""

from __future__ import annotations

import copy
from collections.abc import Callable

from bot.local.people import Json

Listener = Callable[[Json], None]


class ChatRecord:
    """What a chat holds.  Messages are complete objects of the Bot API, by id, in order."""

    def __init__(self, chat: Json) -> None:
        self.chat = chat
        self.messages: dict[int, Json] = {}
        self.pinned: list[int] = []
        self.reply_keyboard: Json | None = None
        self.menu_button: Json | None = None
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
