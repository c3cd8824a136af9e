"""How an answer is read, offered, kept and shown.  An input never talks to Telegram.

`read` gives the value or raises: a `Refusal` of the core (its sentence is shown above the
question, which stays) or `Unclear` with what may have been meant, as buttons.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from bot.screens.base import Reader
from core.services.work import Work

if TYPE_CHECKING:
    from bot.turn import Attachment


@dataclass(frozen=True)
class Option:
    """A button below a question.  `key` is short and stays the same; `label` is translated."""

    key: str
    label: str


@dataclass(frozen=True)
class Asking:
    """Who is asked, and what he has answered so far in this form (`answers.arguments` too)."""

    work: Work
    reader: Reader
    answers: Any


class Unclear(Exception):
    """What was typed is not understood, or may mean several things.

    `message` is the English source of a sentence with the facts as placeholders.
    """

    def __init__(self, message: str, options: Sequence[Option] = (), **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.options = tuple(options)
        self.facts: Mapping[str, object] = facts


class Input(ABC):
    """One way of answering."""

    takes_any_text: ClassVar[bool] = False
    """Whether a paper's number or a barcode is a good answer, and opens nothing."""
    wants_file: ClassVar[bool] = False
    """Whether the answer is a file and not a text."""

    @abstractmethod
    def read(self, text: str, asking: Asking) -> Any:
        """The value of a typed text.  Raises Refusal or Unclear."""

    def read_file(self, attachment: Attachment, asking: Asking) -> Any:
        """The value of a file.  Raises Refusal or Unclear; only asked when `wants_file`."""
        raise TypeError(f"{type(self).__name__} takes no file ({attachment.name}, {asking})")

    def options(self, asking: Asking) -> Sequence[Option]:
        """What is offered as buttons with the question."""
        del asking
        return ()

    def pick(self, key: str, asking: Asking) -> Any:
        """The value of an option that was tapped.  Raises Unclear when there is no such one."""
        return self.read(key, asking)

    def keep(self, value: Any) -> Any:
        """The value as JSON can hold it."""
        return value

    def restore(self, kept: Any) -> Any:
        """The value again, of what `keep` has given."""
        return kept

    def shown(self, value: Any, asking: Asking) -> str:
        """The value as the reader sees it, in the summary of the form."""
        del asking
        return str(value)
