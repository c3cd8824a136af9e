"""The Bot API's methods and their parameters, read from the installed python-telegram-bot.

So no copy of somebody's specification is kept here, and the local Telegram moves with the
library.
"""

from __future__ import annotations

import inspect

import telegram

NO_PARAMETERS = frozenset(
    {"self", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout", "api_kwargs"}
)
"""Arguments of the library's methods that never travel."""


def _methods() -> dict[str, tuple[str, frozenset[str]]]:
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for name, function in inspect.getmembers(telegram.Bot, inspect.iscoroutinefunction):
        # The camel-cased aliases bear the names of the Bot API.
        if name.startswith("_") or name == name.lower():
            continue
        names = frozenset(inspect.signature(function).parameters) - NO_PARAMETERS
        found[name.lower()] = (name, names)
    return found


METHODS = _methods()
"""Proper name and parameters of every method, by its name in lower case."""
