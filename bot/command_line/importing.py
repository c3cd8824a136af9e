"""`comptoir import`: a table comes in, without Telegram."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.command_line.console import Problem, clock, say
from bot.command_line.databases import bring_up, company_needed, opened
from core.domain.errors import Refusal
from core.domain.people import MACHINE
from core.files.sandbox import read_packed
from core.files.table import MEGABYTE, MOST_BYTES, load
from core.i18n import translator
from core.services import importing
from core.services.importing import Options, Summary
from core.services.importing.columns import KINDS
from core.services.importing.problems import words_of
from core.services.work import Work
from core.storage.errors import DatabaseInUse

SOURCE: Final = "command line"
SHOWN: Final = 40
REFUSED: Final = {
    "file_empty": "there is nothing in it, or nothing below its headings",
    "file_no_table": "it is neither CSV nor XLSX",
    "file_old_or_locked": "it is of an old Excel, or has a password. Save it as XLSX without one",
    "file_too_large": "it has more than {most} megabytes. Split it",
    "file_unpacks_too_large": "unpacked, it has more than {most} megabytes",
    "file_too_long": "it has more than {rows} rows or {columns} columns. Split it",
    "file_damaged": "it is damaged. Save it again",
    "file_not_trusted": "it is built so that reading it could do harm",
}


@dataclass(frozen=True)
class ImportWish:
    """What is to be imported, and whether it is only shown."""

    kind: str
    file: Path
    apply: bool
    left_out: bool = False
    decimal_mark: str = ""

    @property
    def options(self) -> Options:
        """As the service takes them."""
        return Options(self.kind, self.decimal_mark, self.left_out)


def import_table(url: str, wish: ImportWish) -> int:
    """Show what a file would change, and import it when that is wished.

    Returns:
        0, or 1 when the file has problems.

    Raises:
        Problem: it cannot be read, or there is no company.
    """
    return asyncio.run(_import(url, wish))


async def _import(url: str, wish: ImportWish) -> int:
    content = _content(wish.file)
    try:
        packed = await read_packed(content)
    except Refusal as refusal:
        reason = REFUSED[refusal.code].format_map(refusal.facts)
        raise Problem(f"{wish.file} is not read: {reason}") from None
    if not wish.apply:
        async with opened(url, read_only=True) as database:
            return await database.read(_look, wish, packed)
    try:
        async with opened(url, read_only=True):
            # A database that is not there is a mistake, and none is made.
            pass
        async with opened(url) as database:
            await bring_up(database)
            return await database.write(_do, wish, packed, hashlib.sha256(content).hexdigest())
    except DatabaseInUse as taken:
        raise Problem(
            f"{taken}. Send the file to the bot, which imports it too, or stop the bot first"
        ) from None


def _content(file: Path) -> bytes:
    if not file.is_file():
        raise Problem(f"there is no file {file}")
    if file.stat().st_size > MOST_BYTES:
        raise Problem(f"{file} has more than {MOST_BYTES // MEGABYTE} megabytes. Split it")
    return file.read_bytes()


def _look(connection: Connection, wish: ImportWish, packed: bytes) -> int:
    """Show what would change; 1 when something is wrong with the file."""
    work = Work(connection, MACHINE, clock(), SOURCE)
    with company_needed():
        summary, plan = importing.preview(work, load(packed), wish.options)
    _tell(wish, summary)
    if plan is None:
        return 1
    say("Nothing was changed. To import it: add --apply")
    return 0


def _do(connection: Connection, wish: ImportWish, packed: bytes, *more: str) -> int:
    """Import it, and say what that changed; 1 when something is wrong with the file."""
    (sha256,) = more
    work = Work(connection, MACHINE, clock(), SOURCE)
    with company_needed():
        found = importing.bring_in(
            work, wish.file.name, sha256, packed=packed, options=wish.options
        )
    _tell(wish, found.summary)
    if found.state == "refused":
        say("Nothing was imported.")
        return 1
    if found.state == "done":
        change = found.summary.change
        say(f"Imported: {change.new} new, {change.changed} changed.")
        say("It can be undone in the chat: /import")
    elif found.earlier is not None:
        say(f"This very file was imported {found.earlier:%Y-%m-%d %H:%M} UTC: nothing to do.")
    else:
        say("Everything is there already: nothing to do.")
    return 0


def _tell(wish: ImportWish, summary: Summary) -> None:
    """What was understood, in lines for the operator."""
    words = translator("en")
    what = words.text(KINDS[summary.kind].label) if summary.kind else "not recognised"
    say(f"{wish.file.name}: {what}, {summary.rows} rows")
    for theirs, ours in summary.columns:
        if theirs != ours:
            say(f"  {theirs} -> {words.text(ours)}")
    if summary.doubt:
        say(f"  {summary.doubt} is read with the decimal mark {summary.decimal_mark}"
            " (--decimal says another)")  # fmt: skip
    for each in summary.problems[:SHOWN]:
        place = f"row {each.row}" if each.row else "the file"
        column = f", {each.column}" if each.column else ""
        say(f"  {place}{column}: {words_of(each, words)}")
    if summary.problem_count:
        say(f"  {summary.problem_count} problems. Mend them in the file, then try again.")
    else:
        change = summary.change
        say(f"  {change.new} new, {change.changed} changed, {change.unchanged} unchanged")
