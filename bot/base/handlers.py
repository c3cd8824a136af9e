"""Rows of the tables of a screen module: what answers commands, typed texts, events and taps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.base.turn import Tap, Turn, Typed
from core.domain.people import Role
from core.services.work import Event, Work

ActionHandler = Callable[[Turn, Tap], None]
"""What a tap does.  It calls a service with `turn.work` and says what to show."""
CommandHandler = Callable[[Turn, str], None]
"""What a command does; the text behind its name comes along."""
EventHandler = Callable[[Turn, Event], None]
"""Who hears of an event, and how: it calls `turn.notice`, `turn.card_for` or `turn.paper`."""
TypedHandler = Callable[[Turn, Typed], bool]
"""Answers a typed text and says True, or leaves it to the next one."""
Job = Callable[[Work], None]
"""What is done by itself, about once a minute: it finds out what is due and does it."""


@dataclass(frozen=True)
class Command:
    """A row of COMMANDS.  `roles` None: everybody, strangers too."""

    name: str
    description: str
    handler: CommandHandler
    roles: frozenset[Role] | None = field(default=None, kw_only=True)

    def offered_to(self, roles: Iterable[Role]) -> bool:
        """Whether somebody with these roles has this command."""
        return self.roles is None or bool(self.roles & frozenset(roles))


@dataclass(frozen=True)
class Matcher:
    """A row of TYPED: tried in order until one says that it has answered.

    `during_question` rows come before the answer to an open question that takes numbers only:
    what is exactly the number of a paper or a barcode opens that.
    """

    name: str
    handler: TypedHandler
    during_question: bool = field(default=False, kw_only=True)


def offered(commands: Iterable[Command], roles: frozenset[Role]) -> list[Command]:
    """Return the commands that somebody with these roles has."""
    return [command for command in commands if command.offered_to(roles)]
