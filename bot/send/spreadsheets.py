"""Tables that are sent and asked for: read before their turn, made when they are sent.

Neither holds the event loop: a workbook is read in a process of its own, and written in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from bot.base.updates import Attachment, SentFile
from bot.send.document_files import Exporter, PaperFile
from core.domain.errors import Refusal
from core.domain.people import ABILITIES, Ability, Actor
from core.files.reader import ENDINGS
from core.files.sandbox import read_packed
from core.files.table import MOST_BYTES
from core.files.writer import Sheet, written
from core.i18n import translator
from core.reports import Asked, name_of, report_of, sheet_of
from core.services.overview import today
from core.services.work import Work
from core.storage.clock import Clock
from core.storage.database import Database
from core.storage.tables import person, person_role

LARGEST_FILE: Final = 5_000_000
"""Bytes of any other file that is fetched; larger ones are told of, but not fetched."""


# --- What is sent ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """How much of a file is fetched at most, and whether it is read as a table."""

    most_bytes: int = LARGEST_FILE
    is_table: bool = False


def wanted(connection: Connection, telegram_id: int, file: SentFile) -> Wanted:
    """What is done with a file of this sender: only those who may import make us read tables."""
    if not file.name.lower().endswith(ENDINGS):
        return Wanted()
    roles = [str(role) for role in ABILITIES[Ability.IMPORT]]
    may = connection.execute(
        select(person.c.id)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(person.c.telegram_id == telegram_id, person_role.c.role.in_(roles))
        .limit(1)
    ).first()
    return Wanted(MOST_BYTES, is_table=True) if may is not None else Wanted()


async def with_table(attachment: Attachment) -> Attachment:
    """A file with the table in it, or with the refusal that says why there is none."""
    if attachment.content is None:
        return attachment
    try:
        return replace(attachment, table=await read_packed(attachment.content))
    except Refusal as refusal:
        return replace(attachment, refusal=refusal)


# --- What is asked for -------------------------------------------------------------------------


def make_exports(database: Database, clock: Clock) -> Exporter:
    """Files with what the database says when they are sent; rights are asked again."""

    async def export(payload: Mapping[str, Any], actor: Actor) -> PaperFile:
        name, sheet = await database.read(_sheet, payload, actor, now=clock())
        form = str(payload["form"])
        content = await asyncio.to_thread(written, sheet, form)
        return PaperFile(f"{name}.{form}", content, sheet.title)

    return export


def _sheet(
    connection: Connection, payload: Mapping[str, Any], actor: Actor, *, now: datetime
) -> tuple[str, Sheet]:
    work = Work(connection, actor, now)
    asked = Asked(
        translator(actor.language),
        kind=str(payload["kind"]),
        begin=_day(payload["begin"]),
        end=_day(payload["end"]),
    )
    report = report_of(str(payload["report"]))
    sheet = sheet_of(work, report, asked)
    return name_of(report, asked, today=today(work)), sheet


def _day(kept: Any) -> date | None:
    return None if kept is None else date.fromisoformat(kept)
