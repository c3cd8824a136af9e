"""The registry: the tables of all screen modules, merged, and the context that a turn runs in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

from bot.base.handlers import ActionHandler, Command, EventHandler, Job, Matcher
from bot.base.screen import HOME, OpenScreen, Screen, ScreenTable
from bot.base.turn import Tap, Turn, Typed
from bot.conversation.runner import FORM_ACTIONS, FormRunner
from bot.conversation.step import Form
from bot.screens import MODULES, PAYING
from core.storage.clock import Clock

ACTION_NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")
COMMAND_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


class BrokenRegistry(Exception):
    """Two modules claim one name, or a name cannot stand on a button."""


@dataclass
class Registry:
    """The tables of all modules together."""

    screens: ScreenTable = field(default_factory=ScreenTable)
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
        screens show the commands of all modules has a function `make_screens(commands)`.  Raises
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
        for screen in (*tables.get("SCREENS", ()), *make_screens(self.commands)):
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


def _no_screens(_commands: Mapping[str, Command]) -> tuple[Screen, ...]:
    return ()


@dataclass
class Context:
    """What every turn and every rendering runs on; see `bot.base.turn.Machinery`.

    `username` is the bot's own, for links to it; it is known once the bot has started.
    """

    registry: Registry
    clock: Clock
    username: str = ""

    def __post_init__(self) -> None:
        openers = [row.handler for row in self.registry.typed if row.during_question]
        self.runner = FormRunner(self.registry.forms, openers)

    @property
    def screens(self) -> ScreenTable:
        """All screens."""
        return self.registry.screens

    @property
    def commands(self) -> Sequence[Command]:
        """All commands, in the order of their modules."""
        return tuple(self.registry.commands.values())

    def ask(
        self, turn: Turn, form: str, arguments: Mapping[str, Any], *, answered: Mapping[str, Any]
    ) -> None:
        """Ask the first question of a form."""
        self.runner.ask(turn, form, arguments, answered=answered)

    def listen(self, turn: Turn, form: str, opened: OpenScreen) -> None:
        """Take what is typed while a screen is open as the answer to a silent form."""
        self.runner.listen(turn, form, opened)

    def has_button(self, action: str) -> bool:
        """Tell whether some module answers a button with this action."""
        return action in self.registry.screens or action in self.registry.actions

    def press(self, turn: Turn, action: str) -> None:
        """Do what a tap on a bare button with this action does."""
        if action in self.registry.screens:
            turn.show(action)
        else:
            self.registry.actions[action](turn, Tap(action))

    def has_command(self, name: str) -> bool:
        """Tell whether there is a command of this name."""
        return name in self.registry.commands

    def run_command(self, turn: Turn, name: str, text: str) -> bool:
        """Run a command, if there is one of this name that the actor has."""
        command = self.registry.commands.get(name)
        if command is None or not command.offered_to(turn.work.actor.roles):
            return False
        command.handler(turn, text)
        return True

    def read(self, turn: Turn, typed: Typed) -> bool:
        """Answer a typed text by the first row of TYPED that takes it; False when none does."""
        return any(row.handler(turn, typed) for row in self.registry.typed)
