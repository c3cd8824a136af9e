"""What can be typed after `comptoir`, with help that teaches by examples."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from bot.command_line.table_arguments import add_tables
from core.config import PAGE_PORT
from core.domain.people import Role

OVERVIEW: Final = """\
A Telegram bot for a trading company, over an inventory core.

To look at it, without Telegram:
  comptoir                      the demo company in a browser, http://127.0.0.1:8765

To run your own company:
  1. Talk to @BotFather in Telegram, /newbot, and copy the token.
  2. TELEGRAM_TOKEN=123456789:AAE... comptoir
  3. Open the link that it prints: it makes you the owner.
"""
SETTINGS: Final = """\
settings, all from the environment:
  TELEGRAM_TOKEN     the bot's token; without one `comptoir` is the demo
  TELEGRAM_API_URL   the Bot API, when it is not Telegram's own
  DATABASE_URL       sqlite+aiosqlite:///shop.db (the default), or
                     postgresql+asyncpg://user:password@host/name
  WEBHOOK_URL        where Telegram brings updates to; without one the bot asks for them
  WEBHOOK_SECRET     goes with it: 1 to 256 letters, digits, _ and -
  LISTEN_ADDRESS     on which the chat page or the webhook listens (127.0.0.1)
  LISTEN_PORT        its port (8765 for the page, 8443 for the webhook); set it without a
                     webhook, and the bot answers http://LISTEN_ADDRESS:LISTEN_PORT/health
  BACKUP_FOLDER      a folder in which the bot leaves a copy of everything each night
  PAYMENT_PROVIDER_TOKEN
                     from @BotFather, Payments: customers can pay their invoices in the chat
  LOG_LEVEL          DEBUG, INFO (the default), WARNING or ERROR

`comptoir COMMAND --help` says more about a command.
"""
RUN: Final = """\
With TELEGRAM_TOKEN: your bot, with your company in DATABASE_URL. While the company has no
owner, a link is printed that makes whoever opens it the owner. The database is migrated first.
Without a token: the same as `comptoir demo`.

examples:
  comptoir run
  TELEGRAM_TOKEN=123456789:AAE... comptoir run
  TELEGRAM_TOKEN=123456789:AAE... DATABASE_URL=sqlite+aiosqlite:///shop.db comptoir run
"""
DEMO: Final = """\
The demo company Crimson with its goods, prices and persons. It is kept in a file of its own
in this folder (demo.db) and never touches your shop.
Without TELEGRAM_TOKEN you talk to the bot in a browser, as each of its persons. With a token
it is on that bot of Telegram's, and `comptoir invite ROLE --demo` prints a link for a phone.

examples:
  comptoir demo
  comptoir demo --port 9000
  TELEGRAM_TOKEN=123456789:AAE... comptoir demo
"""
CHECK: Final = """\
Audits everything that must always hold: goods, claims, accounts, papers, numbers. It only
reads, and may run while the bot runs. Exit status 0: nothing found; 1: a line for each breach.

examples:
  comptoir check
  comptoir check --demo
  comptoir check --database sqlite+aiosqlite:///shop.db
"""
INVITE: Final = """\
Prints a link that can be used once, within three days. Whoever opens it gets the role. It
works while the bot runs. A customer or vendor is one of your contacts: without --contact
their numbers are listed.

examples:
  comptoir invite sales
  comptoir invite customer --contact 12
  comptoir invite owner --demo
"""
MIGRATE: Final = """\
Brings the database to this version of Comptoir. `comptoir run` does it by itself; this is for
whoever wants it done before, with the bot stopped.

examples:
  comptoir migrate
  comptoir migrate --database postgresql+asyncpg://user:password@host/name
"""
BACKUP: Final = """\
Makes a copy of the whole database, also while the bot runs: one SQLite file, from SQLite and
from PostgreSQL alike, with a checksum beside it. The copy is audited before it gets its name;
a half copy never has one. A PLACE that is a folder gets a file with the time in its name; without
a PLACE it is BACKUP_FOLDER, from which copies that are not needed any more go (the newest of 7
days, 5 weeks and 12 months stay). The bot does the same every night when BACKUP_FOLDER is set.
A copy holds everything, also what people wrote: keep it like the books, on another machine too.

examples:
  comptoir backup shop-before-upgrade.db
  comptoir backup /var/backups/comptoir --keep 14
  BACKUP_FOLDER=/var/backups/comptoir comptoir backup
"""
RESTORE: Final = """\
Puts a copy back, with the bot stopped. It is audited before it takes its place; what was there
is kept under another name. It goes into a SQLite file, or into an empty PostgreSQL database,
wherever it was made: so a shop moves from one to the other.
The world has gone on since the copy was made, so the bot asks the owner afterwards for the last
number of each series and gives no new ones before. With --moved you say that the bot has not run
since the copy was made, and nothing is asked.

examples:
  comptoir restore shop-20261124T020000Z.db --replace
  comptoir restore shop.db --database sqlite+aiosqlite:///look.db
  comptoir restore shop.db --moved --database postgresql+asyncpg://user:password@host/name
"""
HEALTH: Final = """\
Says how the bot is, also while it runs: whether the database answers and the bot is at work, what
waits for how long, the last copy, the room on the disk, the clock. Exit status 0: well; 1: a
line for each thing that is not. Beside a webhook, the page, or with LISTEN_PORT, the bot answers
the same as JSON at /health.

examples:
  comptoir health
  comptoir health --database sqlite+aiosqlite:///shop.db
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked for; `command` is always set.  Ends the program for --help and mistakes."""
    given = list(arguments)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help", "--version")):
        given.insert(0, "run")
    return parser().parse_args(given)


class _SayVersion(argparse.Action):
    """Looks the version up when it is asked for, not at every start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        parser.exit(message=f"comptoir {program_version()}\n")


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    made = argparse.ArgumentParser(
        prog="comptoir",
        description=OVERVIEW,
        epilog=SETTINGS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action=_SayVersion, nargs=0, help="say the version and end")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = _add(
        commands, "run", "start the bot (the default); without a token the demo", description=RUN
    )
    demo = _add(commands, "demo", "the demo company, in a browser or on a bot", description=DEMO)
    for each in (run, demo):
        each.add_argument(
            "--port",
            type=_port,
            help=f"of the chat page or the webhook, before LISTEN_PORT (page: {PAGE_PORT})",
        )
    check = _add(commands, "check", "audit the books; nothing is changed", description=CHECK)
    invite = _add(commands, "invite", "print a one-time link for a person", description=INVITE)
    invite.add_argument("role", type=Role, choices=list(Role), metavar="ROLE",
                        help=", ".join(Role))  # fmt: skip
    invite.add_argument("--contact", type=int, metavar="N", help="the number of a contact")
    migrate = _add(commands, "migrate", "bring the database to this version", description=MIGRATE)
    health = _add(commands, "health", "say how the bot is", description=HEALTH)
    backup, restore = _add_copies(commands)
    tables = add_tables(commands, _add)
    for each in (check, invite, migrate, health, backup, restore, *tables):
        which = each.add_mutually_exclusive_group()
        which.add_argument("--database", metavar="URL", help="instead of DATABASE_URL")
        which.add_argument("--demo", action="store_true", help="that of the demo in this folder")
    return made


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
    *,
    description: str,
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=summary,
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_copies(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """`backup` and `restore`."""
    backup = _add(commands, "backup", "copy everything, audited", description=BACKUP)
    backup.add_argument("place", nargs="?", type=Path, metavar="PLACE", help="a file or a folder")
    backup.add_argument("--replace", action="store_true", help="take the place of that file")
    backup.add_argument("--keep", type=_count, metavar="N",
                        help="in a folder: delete all copies but the N newest")  # fmt: skip
    restore = _add(commands, "restore", "put a copy back", description=RESTORE)
    restore.add_argument("file", type=Path, metavar="FILE", help="what backup has made")
    restore.add_argument("--replace", action="store_true",
                         help="in the place of the database, which is kept aside")  # fmt: skip
    restore.add_argument("--moved", action="store_true",
                         help="the bot has not run since the copy was made")  # fmt: skip
    return backup, restore


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10_000):
        raise argparse.ArgumentTypeError("it is a number from 1 to 9999")
    return int(text)


def _port(text: str) -> int:
    """0 takes a free port, which the program prints."""
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def program_version() -> str:
    """The installed version of Comptoir."""
    # It reads the mail headers of a package with all of the library's mail; few commands ask.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("comptoir")
    except PackageNotFoundError:
        return "(not installed)"
