"""The command line: `comptoir`, or `python -m bot`."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from bot.base.logs import Redaction
from bot.command_line.arguments import parse
from bot.command_line.commands import COMMANDS
from bot.command_line.console import Problem, explained
from core.config import SettingRefused, Settings, hints

FAILED = 1
MISUSED = 2
MANY_MADE = 50_000
"""Objects that are made until the unused ones among them are looked for.

Modules, tables and texts make hundreds of thousands that stay: with Python's own 700 a fifth of
a start went into looking at them.
"""


def program() -> NoReturn:
    """The program of its own process: what `comptoir` starts."""
    gc.set_threshold(MANY_MADE)
    try:
        sys.exit(main())
    finally:
        # Python looks once more for what nothing uses before it ends, and all of it goes anyway.
        gc.freeze()


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; the exit status.

    0: done. 1: it went wrong, or `check` found something. 2: a setting or an argument is wrong.
    """
    asked = parse(sys.argv[1:] if arguments is None else arguments)
    secrets: tuple[str, ...] = ()
    for hint in hints(os.environ):
        print(f"comptoir: {hint}.", file=sys.stderr)
    try:
        settings = Settings.from_environ(os.environ)
        secrets = (settings.token, settings.webhook_secret)
        return COMMANDS[asked.command](settings, asked)
    except SettingRefused as refused:
        print(f"comptoir: {refused}.", file=sys.stderr)
        return MISUSED
    except Problem as problem:
        print(f"comptoir: {problem}.", file=sys.stderr)
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last place: a traceback may hold the token
        told = explained(error) or traceback.format_exc()
        print(f"comptoir: {Redaction(secrets).hide(told)}", file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    program()
