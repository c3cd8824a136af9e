"""Typed commands and home buttons: ``count``, ``new order`` do what a tap does."""

from __future__ import annotations

from typing import Final

from bot.base.handlers import Matcher
from bot.base.turn import Turn, Typed
from bot.screens.home.home import LAST_ROW, ROWS, Entry
from bot.screens.typing.order_parsing import words_of
from bot.screens.typing.quick_questions import is_name
from core.domain.people import Role
from core.domain.texts import folded


def press(turn: Turn, typed: Typed) -> bool:
    """Press the button of this name; a record with exactly this name comes first."""
    if turn.reader.company is None or not turn.work.actor.roles:
        return False
    text = folded(typed.text).strip(" ?!.")
    entry = _named(turn, text)
    if (entry is None and not turn.has_command(text)) or is_name(turn.work, typed.text):
        return False
    if entry is None:
        return turn.run_command(text)
    turn.press(entry.action)
    return True


def _named(turn: Turn, text: str) -> Entry | None:
    rows = [row for role in Role if role in turn.work.actor.roles for row in ROWS[role]]
    for entry in (each for row in (*rows, LAST_ROW) for each in row):
        is_there = turn.has_button(entry.action)
        # Nobody types a label that contains the company's name.
        if is_there and "{" not in entry.label and text in words_of(entry.label, turn.reader):
            return entry
    return None


TYPED: Final = (Matcher("home_words", press),)
