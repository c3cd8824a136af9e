"""What a turn is given and what it gathers: typed texts, toasts, and its memory of the chat."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.base.card_store import KeptCard
from bot.base.focus import Question
from bot.base.outbox_buffer import OutboxBuffer
from bot.base.updates import Attachment


@dataclass(frozen=True)
class Typed:
    """What somebody typed or sent.

    `edited` is true for a text that was sent before and is changed now; `reply_to` is the
    message that it answers.
    """

    text: str
    message_id: int
    edited: bool = False
    reply_to: int | None = None
    attachment: Attachment | None = None


@dataclass(frozen=True)
class Toast:
    """The short answer to a tap; an alert has to be closed by hand."""

    text: str
    alert: bool = False


@dataclass
class TurnMemory:
    """What a turn knows of its chat without asking again, and what it leaves to be sent.

    `cards` holds None for a message that is no card; cards change at the turn's end only.
    """

    question: Question | None = None
    cards: dict[int, KeptCard | None] = field(default_factory=dict)
    outbox: OutboxBuffer = field(default_factory=OutboxBuffer)

    def __post_init__(self) -> None:
        self.keep()

    def keep(self) -> None:
        """Remember the present state for `undo`."""
        self._kept = self.question, self.outbox.mark

    def undo(self) -> None:
        """Return to the state of `keep`, after a savepoint was rolled back."""
        self.question, mark = self._kept
        self.outbox.return_to(mark)
