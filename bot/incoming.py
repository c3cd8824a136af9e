"""What came in, read from the raw text of an update: only what a turn needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What somebody did."""

    TAP = "tap"
    COMMAND = "command"
    TEXT = "text"
    FILE = "file"
    OTHER = "other"
    MEMBERSHIP = "membership"
    GROUP = "group"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Sender:
    """The user of Telegram who did it; the id is the identity, the name is only shown."""

    telegram_id: int
    name: str
    language: str


@dataclass(frozen=True)
class Incoming:
    """One update, read.  See `Kind` for which fields it has."""

    kind: Kind
    chat_id: int
    sender: Sender | None = None
    message_id: int | None = None
    text: str = ""

    @property
    def is_tap(self) -> bool:
        """Whether a button was tapped."""
        return self.kind is Kind.TAP
