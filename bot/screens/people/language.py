"""The language of the chat; papers use the language of their party."""

from __future__ import annotations

from typing import Final

from babel import Locale

from bot.base.handlers import Command
from bot.base.screen import HOME, Arguments, Button, Card, Reader, Screen, back
from bot.base.turn import Tap, Turn
from core.domain.messages import N_
from core.i18n import LANGUAGES, translator
from core.services.people.actors import set_language
from core.services.work import Work

QUESTION: Final = N_("Which language?")


def load_language(work: Work, _id: int, _arguments: Arguments) -> str:
    """Return the present language of the reader."""
    return work.actor.language


def render_language(present: str, reader: Reader) -> Card:
    """Render every language by its own name, with the present one marked."""
    buttons = [
        Button(
            f"{'✓ ' if code == present else ''}{own_name(code)}",
            "speak",
            argument=code,
        )
        for code in LANGUAGES
    ]
    rows = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    if reader.actor.roles:
        rows.append((Button(reader.text(N_("Time zone")), "ask_zone", if_known=True),))
    return Card(reader.text(QUESTION), (*rows, (back(reader),)))


def own_name(code: str) -> str:
    """Return the name of a language in that language."""
    name = Locale.parse(code).get_language_name(code) or code
    return name[:1].upper() + name[1:]


def speak(turn: Turn, tap: Tap) -> None:
    """Switch the chat to another language."""
    if tap.argument in LANGUAGES:
        set_language(turn.work, tap.argument)
        words = translator(tap.argument)
        turn.toast(words.text(N_("Language: {name}"), name=own_name(words.language)))
        turn.show(HOME)
    else:
        turn.show("language")


def choose(turn: Turn, _argument: str) -> None:
    """Ask for the language."""
    turn.show("language")


SCREENS = (Screen("language", load_language, render_language),)
ACTIONS = {"speak": speak}
COMMANDS = (Command("language", N_("Change language"), choose),)
