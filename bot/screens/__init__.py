"""All screens.  A new one is a module with its tables, and a row here."""

from __future__ import annotations

from importlib import import_module

from bot.context import Registry

# The order counts for typed texts alone: the TYPED rows of earlier modules are tried first.
MODULES = (
    "bot.screens.home",
    "bot.screens.help",
    "bot.screens.language",
)


def registry() -> Registry:
    """The tables of all modules together; what does not fit raises BrokenRegistry."""
    return Registry.of(import_module(name) for name in MODULES)
