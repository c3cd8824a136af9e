"""`comptoir import` and `comptoir export`: tables in and out, without Telegram."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.command_line.console import Problem, clock, say
from bot.command_line.databases import bring_up, opened
from core.domain.errors import Refusal
from core.domain.people import MACHINE
from core.files.apart import read_packed
from core.files.table import MEGABYTE, MOST_BYTES, load
from core.files.writing import FORMATS, Sheet, written
from core.i18n import translator
from core.reports import Asked, report_of, sheet_of
from core.services import importing
from core.services.company import CompanyMissing
from core.services.importing import ImportRecord, Options, Summary
from core.services.importing.columns import KINDS
from core.services.importing.problems import words_of
from core.services.work import Work
from core.storage.failures import DatabaseInUse

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


@dataclass(frozen=True)
class ExportWish:
    """What is to be written where."""

    report: str
    file: Path
    kind: str = ""
    begin: date | None = None
    end: date | None = None
    language: str = "en"


# --- In ----------------------------------------------------------------------------------------


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
    summary, plan = _previewed(Work(connection, MACHINE, clock(), SOURCE), wish, packed)
    _tell(wish, summary)
    if plan:
        say("Nothing was changed. To import it: add --apply")
    return 0 if plan else 1


def _previewed(work: Work, wish: ImportWish, packed: bytes) -> tuple[Summary, bool]:
    try:
        summary, plan = importing.preview(work, load(packed), wish.options)
    except CompanyMissing:
        raise Problem("there is no company yet. Start the bot and answer its questions") from None
    return summary, plan is not None


def _do(connection: Connection, wish: ImportWish, packed: bytes, *more: str) -> int:
    (sha256,) = more
    work = Work(connection, MACHINE, clock(), SOURCE)
    _previewed(work, wish, packed)
    import_id = importing.offer(work, wish.file.name, sha256, packed=packed, options=wish.options)
    found = importing.load(work, import_id)
    _tell(wish, found.summary)
    if found.state != "offered":
        say("Nothing was imported.")
        return 1
    if found.earlier is not None:
        say(f"This very file was imported {found.earlier:%Y-%m-%d %H:%M} UTC: nothing to do.")
    elif not found.summary.change.total:
        say("Everything is there already: nothing to do.")
    else:
        _apply(work, found)
    return 0


def _apply(work: Work, found: ImportRecord) -> None:
    change = importing.apply(work, found.id, revision=found.revision)
    say(f"Imported: {change.new} new, {change.changed} changed.")
    say("It can be undone in the chat: /import")


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


# --- Out ---------------------------------------------------------------------------------------


def export_table(url: str, wish: ExportWish) -> int:
    """Write a report into a file.

    Raises:
        Problem: the file's name says no form, or there is no company.
    """
    form = wish.file.suffix.lower().lstrip(".")
    if form not in FORMATS:
        raise Problem(f"{wish.file} says no form: let it end with .xlsx or .csv")
    sheet = asyncio.run(_sheet(url, wish))
    wish.file.write_bytes(written(sheet, form))
    say(f"{wish.file}: {len(sheet.rows)} rows")
    return 0


async def _sheet(url: str, wish: ExportWish) -> Sheet:
    asked = Asked(translator(wish.language), wish.kind, wish.begin, wish.end)
    async with opened(url, read_only=True) as database:
        try:
            return await database.read(_drawn, wish.report, asked)
        except CompanyMissing:
            raise Problem(
                "there is no company yet. Start the bot and answer its questions"
            ) from None


def _drawn(connection: Connection, name: str, asked: Asked) -> Sheet:
    return sheet_of(Work(connection, MACHINE, clock(), SOURCE), report_of(name), asked)
