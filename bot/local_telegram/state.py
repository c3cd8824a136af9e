"""What the local Telegram knows, and the few ways in which it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.local_telegram.chats import ChatRecord, Listener
from bot.local_telegram.files import FileStore, StoredFile
from bot.local_telegram.people import Group, Json, Person
from bot.local_telegram.refusals import ImpossibleAct
from bot.local_telegram.updates import UpdateQueue

BOT_ID = 4_444_000_001


@dataclass
class Query:
    """A question that the bot must answer: a tap, an inline query or a checkout."""

    query_id: str
    kind: str
    user_id: int
    chat_id: int
    message_id: int
    asked_at: datetime
    answered: bool = False
    card_fails: bool = False
    """Of a checkout: the provider will not take the money."""


@dataclass
class Profile:
    """What the bot says about itself, by language ("" for all)."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})


class State:
    """Persons, chats, messages, files, queries, commands and the queue of updates.

    ``now`` is the clock of the world and returns aware datetimes.  Message ids count over all
    private chats together and in each supergroup apart, as on the real server.
    """

    def __init__(
        self,
        bot_name: str = "Comptoir",
        bot_username: str = "comptoir_bot",
        *,
        now: Callable[[], datetime],
        inline_mode: bool = False,
    ) -> None:
        self.now = now
        self.inline_mode = inline_mode
        self.bot_name = bot_name
        self.bot_username = bot_username
        self.token = f"{BOT_ID}:LOCAL-{bot_username}"
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.files = FileStore()
        self.queries: dict[str, Query] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile = Profile()
        self.updates = UpdateQueue()
        self.last_ids: dict[str, int] = {}
        """The last id of each series: ``query``, ``private``, and each supergroup's chat id."""
        self.ids_from = 0
        """Below it no series begins: a world that was kept goes on beyond what it has lost."""
        self._chats: dict[int, ChatRecord] = {}

    def bot_user(self) -> Json:
        """The Bot API's ``User`` of the bot, as it stands in messages."""
        return {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": self.profile.names.get("", self.bot_name),
            "username": self.bot_username,
        }

    def add_person(
        self,
        user_id: int,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str = "en",
    ) -> Person:
        """A new user of Telegram, who has not yet written to the bot."""
        if user_id in self.people:
            raise ValueError(f"there is a user {user_id} already")
        person = Person(user_id, first_name, last_name, username, language_code)
        self.people[user_id] = person
        self._chats[user_id] = ChatRecord(person.chat())
        return person

    def add_group(self, chat_id: int, title: str, members: list[int]) -> Group:
        """A group of persons to which the bot has been added."""
        if chat_id >= 0:
            raise ValueError("a group's id is negative")
        if chat_id in self.groups:
            raise ValueError(f"there is a group {chat_id} already")
        group = Group(chat_id, title, set(members))
        self.groups[chat_id] = group
        self._chats[chat_id] = ChatRecord(group.chat())
        return group

    def chat(self, chat_id: int) -> ChatRecord | None:
        """The chat of an id, or None."""
        return self._chats.get(chat_id)

    def record(self, chat_id: int) -> ChatRecord:
        """The chat of an id.  Raises ImpossibleAct when there is none."""
        found = self._chats.get(chat_id)
        if found is None:
            raise ImpossibleAct(f"there is no chat {chat_id}")
        return found

    def history(self, chat_id: int) -> list[Json]:
        """The messages of a chat in order, as a client shows them; deleted ones are gone."""
        return self.record(chat_id).history()

    def subscribe(self, chat_id: int, listener: Listener) -> Callable[[], None]:
        """Tell a listener of all that happens in a chat; what is returned ends that.

        Events are dicts with a ``type``: ``message`` and ``edited`` (with ``message``),
        ``deleted`` (``message_id``), ``answer`` (``callback_query_id``, ``message_id``,
        ``text``, ``show_alert``, ``url``), ``commands`` (``commands``), ``action`` (``action``),
        ``keyboard`` (``reply_markup``: a reply keyboard, or None when it was taken away),
        ``checkout`` (``pre_checkout_query_id``, ``message_id``, ``outcome``: paid, failed or
        refused, ``error_message``) and ``paid`` (``message_id`` of an invoice).
        """
        return self.record(chat_id).subscribe(listener)

    def file(self, file_id: str) -> StoredFile:
        """The file of an id.  Raises KeyError when there is none."""
        return self.files.get(file_id)

    def timestamp(self) -> int:
        """The present time in whole seconds since 1970, as the Bot API writes it."""
        return int(self.now().timestamp())

    def new_message(self, chat_id: int, sender: Json, content: Json) -> Json:
        """Put a message at the end of a chat and return it (the stored one, not a copy)."""
        record = self.record(chat_id)
        series = str(chat_id) if record.chat["type"] == "supergroup" else "private"
        message = {
            "message_id": self._next_id(series),
            "from": sender,
            "chat": record.chat,
            "date": self.timestamp(),
            **content,
        }
        record.add(message)
        return message

    def new_query(self, kind: str, user_id: int, *, chat_id: int, message_id: int) -> Query:
        """A question of a person that the bot has to answer."""
        query_id = f"{user_id}{self._next_id('query'):09d}"
        query = Query(query_id, kind, user_id, chat_id, message_id, self.now())
        self.queries[query.query_id] = query
        return query

    def _next_id(self, series: str) -> int:
        self.last_ids[series] = self.last_ids.get(series, self.ids_from) + 1
        return self.last_ids[series]

    def chats(self) -> list[ChatRecord]:
        """All chats."""
        return list(self._chats.values())

    def commands_for(self, user_id: int) -> list[Json]:
        """The commands that a person's client offers in the private chat with the bot.

        The first set that exists wins: of the chat, of all private chats, of all; each in the
        person's language before the one without a language
        (https://core.telegram.org/bots/api#botcommandscope).
        """
        language = self.people[user_id].language_code.split("-")[0]
        for scope in (f"chat:{user_id}", "all_private_chats", "default"):
            for code in (language, ""):
                if found := self.commands.get((scope, code)):
                    return [dict(command) for command in found]
        return []
