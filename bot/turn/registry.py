"""What the machinery knows: the tables of all modules, and the few things that it runs on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from bot.base.screen import HOME, Screen
from bot.conversation.step import Form
from bot.screens import MODULES, PAYING
from core.domain.people import Role
from core.services.work import Event, Work
from core.storage.clock import Clock

if TYPE_CHECKING:
    from bot.base.turn import Tap, Turn, Typed

ActionHandler = Callable[["Turn", "Tap"], None]
"""What a tap does.  It calls a service with `turn.work` and says what to show."""
CommandHandler = Callable[["Turn", str], None]
"""What a command does; the text behind its name comes along."""
EventHandler = Callable[["Turn", Event], None]
"""Who hears of an event, and how: it calls `turn.notice`, `turn.card_for` or `turn.paper`."""
TypedHandler = Callable[["Turn", "Typed"], bool]
"""Answers a typed text and says True, or leaves it to the next one."""
Job = Callable[[Work], None]
"""What is done by itself, about once a minute: it finds out what is due and does it."""

ACTION_NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")
COMMAND_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")

# Taps on the buttons of a form are answered by the runner: these names are its own.
FORM_ACTIONS = frozenset({"pick", "skip", "step_back", "cancel", "finish"})


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


class BrokenRegistry(Exception):
    """Two modules claim one name, or a name cannot stand on a button."""


@dataclass
class Registry:
    """The tables of all modules together."""

    screens: dict[str, Screen] = field(default_factory=dict)
    actions: dict[str, ActionHandler] = field(default_factory=dict)
    commands: dict[str, Command] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    typed: list[Matcher] = field(default_factory=list)
    events: dict[str, EventHandler] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)

    @classmethod
    def standard(cls, *, takes_payments: bool = False) -> Registry:
        """The tables of all modules of `bot/screens/__init__.py`.

        `takes_payments`: a payment provider takes money in the chat.
        """
        names = (*MODULES, PAYING) if takes_payments else MODULES
        return cls.of(import_module(name) for name in names)

    @classmethod
    def of(cls, modules: Iterable[ModuleType]) -> Registry:
        """Merge the tables SCREENS, ACTIONS, COMMANDS, FORMS, TYPED, EVENTS, JOBS of modules.

        ACTIONS and EVENTS are dictionaries, the others sequences of rows.  A module whose
        screens need the tables of all modules has a function `make_screens(registry)`.  Raises
        BrokenRegistry where two modules claim one name.
        """
        registry = cls()
        for module in modules:
            registry.add(vars(module))
        if HOME not in registry.screens:
            raise BrokenRegistry("there is no home")
        return registry

    def add(self, tables: Mapping[str, Any]) -> None:
        """Add the tables of one module.  Raises BrokenRegistry."""
        make_screens = tables.get("make_screens", _no_screens)
        for screen in (*tables.get("SCREENS", ()), *make_screens(self)):
            self._claim(self.screens, screen.name, screen)
        for name, action in tables.get("ACTIONS", {}).items():
            self._claim(self.actions, name, action)
        for command in tables.get("COMMANDS", ()):
            self._claim(self.commands, command.name, command)
        for form in tables.get("FORMS", ()):
            self._claim(self.forms, form.name, form)
        for name, event in tables.get("EVENTS", {}).items():
            self._claim(self.events, name, event)
        self.typed.extend(tables.get("TYPED", ()))
        self.jobs.extend(tables.get("JOBS", ()))
        taken = self.screens.keys() & self.actions.keys() | FORM_ACTIONS & self.actions.keys()
        if taken or FORM_ACTIONS & self.screens.keys():
            raise BrokenRegistry(f"an action has a name that is taken: {sorted(taken)}")

    def _claim(self, table: dict[str, Any], name: str, row: Any) -> None:
        on_buttons = table is self.screens or table is self.actions
        rule = ACTION_NAME if on_buttons else COMMAND_NAME
        if table is not self.events and not rule.fullmatch(name):
            raise BrokenRegistry(f"{name!r} is no name for a button or a command")
        if name in table:
            raise BrokenRegistry(f"two modules claim the name {name!r}")
        table[name] = row


def _no_screens(_registry: Registry) -> tuple[Screen, ...]:
    return ()


@dataclass(frozen=True)
class Shown:
    """A screen with what it was opened with."""

    screen: str
    id: int = 0
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As JSON, the form in which `ui_message` and the outbox keep it."""
        return {"screen": self.screen, "id": self.id, "arguments": dict(self.arguments)}

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Shown:
        """Of what `kept` gave."""
        return cls(kept["screen"], kept["id"], kept["arguments"])


def as_kept(shown: Shown) -> Shown:
    """The same after it was kept as JSON, which has lists where Python has tuples."""
    return Shown.restored(json.loads(json.dumps(shown.kept())))


@dataclass
class Context:
    """What every turn and every drawing runs on.

    `username` is the bot's own, for links to it; it is known once the bot has started.
    """

    registry: Registry
    clock: Clock
    username: str = ""

    def subject_of(self, shown: Shown) -> str:
        """What a card of this screen is about.  Raises KeyError when there is no such screen."""
        return self.registry.screens[shown.screen].subject_of(shown.id)

    def shown_with(self, changed: Collection[str]) -> set[str]:
        """The subjects that have changed, with those that follow them."""
        found = set(changed)
        for screen in self.registry.screens.values():
            if screen.follows:
                same = [each.partition(":") for each in changed]
                found |= {screen.subject_of(int(id)) for kind, _, id in same
                          if kind == screen.follows and id}  # fmt: skip
        return found
