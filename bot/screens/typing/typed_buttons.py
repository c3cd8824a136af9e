"""The buttons of a home and the commands, typed: ``count``, ``new order`` do what a tap does."""

from __future__ import annotations

from typing import Final

from bot.base.turn import Tap, Turn, Typed
from bot.screens.home.home import LAST_ROW, ROWS, Entry
from bot.screens.typing.order_parsing import words_of
from bot.screens.typing.quick_questions import is_name
from bot.turn.registry import Command, Matcher
from core.domain.people import Role
from core.domain.texts import folded


def press(turn: Turn, typed: Typed) -> bool:
    """Do what the button of this name does; what is called so by itself comes first."""
    if turn.reader.company is None or not turn.work.actor.roles:
        return False
    text = folded(typed.text).strip(" ?!.")
    registry = turn.context.registry
    entry, command = _named(turn, text), registry.commands.get(text)
    if (entry is None and command is None) or is_name(turn.work, typed.text):
        return False
    if entry is None:
        return _does(turn, command)
    if entry.action in registry.screens:
        turn.show(entry.action)
    else:
        registry.actions[entry.action](turn, Tap(entry.action))
    return True


def _does(turn: Turn, command: Command | None) -> bool:
    """Do what a command without its stroke asks for, if this person has it."""
    if command is None or not command.offered_to(turn.work.actor.roles):
        return False
    command.handler(turn, "")
    return True


def _named(turn: Turn, text: str) -> Entry | None:
    rows = [row for role in Role if role in turn.work.actor.roles for row in ROWS[role]]
    known = turn.context.registry
    for entry in (each for row in (*rows, LAST_ROW) for each in row):
        is_there = entry.action in known.screens or entry.action in known.actions
        # A label with the company's name in it is none that anybody types.
        if is_there and "{" not in entry.label and text in words_of(entry.label, turn.reader):
            return entry
    return None


TYPED: Final = (Matcher("home_words", press),)
