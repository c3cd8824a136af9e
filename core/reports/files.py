"""Reports as files: made when they are sent, in a thread, with the rights of that moment."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from core.domain.people import Actor
from core.files.produced import FileMaker, ProducedFile
from core.files.writer import Sheet, written
from core.i18n import translator
from core.reports import Asked, name_of, report_of, sheet_of
from core.services.overview import today
from core.services.work import Work
from core.storage.clock import Clock
from core.storage.database import Database


def make_exports(database: Database, clock: Clock) -> FileMaker:
    """Files with what the database says when they are sent; rights are asked again."""

    async def export(payload: Mapping[str, Any], actor: Actor) -> ProducedFile:
        name, sheet = await database.read(_sheet, payload, actor, now=clock())
        form = str(payload["form"])
        content = await asyncio.to_thread(written, sheet, form)
        return ProducedFile(f"{name}.{form}", content, sheet.title)

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
