"""`comptoir export`: a report becomes a file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.command_line.console import Problem, clock, say
from bot.command_line.databases import company_needed, opened
from core.domain.people import MACHINE
from core.files.writer import FORMATS, Sheet, written
from core.i18n import translator
from core.reports import Asked, report_of, sheet_of
from core.services.work import Work

SOURCE: Final = "command line"


@dataclass(frozen=True)
class ExportWish:
    """What is to be written where."""

    report: str
    file: Path
    kind: str = ""
    begin: date | None = None
    end: date | None = None
    language: str = "en"


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
        with company_needed():
            return await database.read(_drawn, wish.report, asked)


def _drawn(connection: Connection, name: str, asked: Asked) -> Sheet:
    return sheet_of(Work(connection, MACHINE, clock(), SOURCE), report_of(name), asked)
