"""The table of commands.  Each imports what it needs when it is called: help comes at once."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Final

from core.config import Settings

Asked = argparse.Namespace
Command = Callable[[Settings, Asked], int]
"""Does its work and gives the exit status; raises Problem or SettingRefused."""


def run(settings: Settings, asked: Asked) -> int:
    """The bot; without a token the demo."""
    if not settings.token:
        return demo(settings, asked)
    from bot.command_line.running import run_shop

    run_shop(settings, asked.port)
    return 0


def demo(settings: Settings, asked: Asked) -> int:
    """The demo company, on this machine or on a bot of Telegram's."""
    if settings.token:
        from bot.command_line.running import run_demo

        run_demo(settings, asked.port)
    else:
        from bot.command_line.demo import show_local

        show_local(settings, asked.port)
    return 0


def check(settings: Settings, asked: Asked) -> int:
    """The audit."""
    from bot.command_line.checking import check_database
    from bot.command_line.databases import chosen_url

    return check_database(chosen_url(settings, database=asked.database, demo=asked.demo))


def invite(settings: Settings, asked: Asked) -> int:
    """A one-time link."""
    from bot.command_line.databases import chosen_url
    from bot.command_line.inviting import print_link

    url = chosen_url(settings, database=asked.database, demo=asked.demo)
    print_link(settings, url, role=asked.role, contact_id=asked.contact)
    return 0


def migrate(settings: Settings, asked: Asked) -> int:
    """The database of this version."""
    from bot.command_line.databases import chosen_url, migrate_database

    migrate_database(chosen_url(settings, database=asked.database, demo=asked.demo))
    return 0


def health(settings: Settings, asked: Asked) -> int:
    """How the bot is."""
    from bot.command_line.checking import check_health
    from bot.command_line.databases import chosen_url

    url = chosen_url(settings, database=asked.database, demo=asked.demo)
    return check_health(url, backup_folder=settings.backup_folder)


def backup(settings: Settings, asked: Asked) -> int:
    """A copy of everything."""
    from bot.command_line.backing_up import Wanted, back_up
    from bot.command_line.console import Problem
    from bot.command_line.databases import chosen_url
    from bot.operate.backup_retention import Keep

    url = chosen_url(settings, database=asked.database, demo=asked.demo)
    place, keep = asked.place, asked.keep
    if place is None:
        place, keep = settings.backup_folder, keep or Keep()
    if place is None:
        raise Problem(
            "where to? Name a file or a folder, or set BACKUP_FOLDER: comptoir backup shop-copy.db"
        )
    return back_up(url, Wanted(place, replace=asked.replace, keep=keep))


def restore(settings: Settings, asked: Asked) -> int:
    """A copy put back."""
    from bot.command_line.databases import chosen_url
    from bot.command_line.restoring import Wish
    from bot.command_line.restoring import restore as put_back

    url = chosen_url(settings, database=asked.database, demo=asked.demo)
    return put_back(url, Wish(asked.file, replace=asked.replace, moved=asked.moved))


def import_table(settings: Settings, asked: Asked) -> int:
    """A table brought in."""
    from bot.command_line.databases import chosen_url
    from bot.command_line.importing import ImportWish
    from bot.command_line.importing import import_table as bring_in

    url = chosen_url(settings, database=asked.database, demo=asked.demo)
    wish = ImportWish(
        asked.kind, asked.file, apply=asked.apply, left_out=asked.leave_out,
        decimal_mark=asked.decimal,
    )  # fmt: skip
    return bring_in(url, wish)


def export_table(settings: Settings, asked: Asked) -> int:
    """A report as a file."""
    from bot.command_line.databases import chosen_url
    from bot.command_line.exporting import ExportWish
    from bot.command_line.exporting import export_table as take_out

    url = chosen_url(settings, database=asked.database, demo=asked.demo)
    wish = ExportWish(
        asked.report, asked.file, kind=asked.kind or "", begin=asked.begin, end=asked.end,
        language=asked.language,
    )  # fmt: skip
    return take_out(url, wish)


COMMANDS: Final[Mapping[str, Command]] = {
    "run": run,
    "demo": demo,
    "check": check,
    "invite": invite,
    "migrate": migrate,
    "health": health,
    "backup": backup,
    "restore": restore,
    "import": import_table,
    "export": export_table,
}
