"""Tables that people send: fetched within limits, read before their turn in a separate process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from bot.base.updates import Attachment, SentFile
from core.domain.errors import Refusal
from core.domain.people import Ability
from core.files.reader import ENDINGS
from core.files.sandbox import read_packed
from core.files.table import MOST_BYTES
from core.services.people.actors import has_ability

LARGEST_FILE: Final = 5_000_000
"""Bytes of any other file that is fetched; larger ones are told of, but not fetched."""


@dataclass(frozen=True)
class FetchPlan:
    """How much of a file is fetched at most, and whether it is read as a table."""

    most_bytes: int = LARGEST_FILE
    is_table: bool = False


def fetch_plan(connection: Connection, telegram_id: int, file: SentFile) -> FetchPlan:
    """What is done with a file of this sender: only those who may import make us read tables."""
    if not file.name.lower().endswith(ENDINGS):
        return FetchPlan()
    may = has_ability(connection, telegram_id, Ability.IMPORT)
    return FetchPlan(MOST_BYTES, is_table=True) if may else FetchPlan()


async def with_table(attachment: Attachment) -> Attachment:
    """A file with the table in it, or with the refusal that says why there is none."""
    if attachment.content is None:
        return attachment
    try:
        return replace(attachment, table=await read_packed(attachment.content))
    except Refusal as refusal:
        return replace(attachment, refusal=refusal)
