"""Who and what takes part: persons, the bot, groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
"""An object of the Bot API, as it travels."""


@dataclass
class Person:
    """A user of the local Telegram.

    ``started`` is true once the person has written to the bot: until then the bot may not
    write first.  ``blocked`` is true while the person keeps the bot blocked.
    """

    user_id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str = "en"
    started: bool = False
    blocked: bool = False

    def names(self) -> Json:
        """The fields that the Bot API shows of a person, both as a user and as a chat."""
        found = {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
        }
        return {key: value for key, value in found.items() if value is not None}

    def user(self) -> Json:
        """The Bot API's ``User``."""
        return {
            "id": self.user_id,
            "is_bot": False,
            **self.names(),
            "language_code": self.language_code,
        }

    def chat(self) -> Json:
        """The Bot API's ``Chat`` of the private chat with this person."""
        return {"id": self.user_id, "type": "private", **self.names()}


@dataclass
class Group:
    """A group in which the bot is a member; members are user ids."""

    chat_id: int
    title: str
    members: set[int] = field(default_factory=set)
    has_bot: bool = True

    def chat(self) -> Json:
        """The Bot API's ``Chat``: ids that begin with -100 are supergroups."""
        kind = "supergroup" if str(self.chat_id).startswith("-100") else "group"
        return {"id": self.chat_id, "type": kind, "title": self.title}
