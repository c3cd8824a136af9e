"""Small facts that the running bot keeps for itself: the offset, the way papers are sent."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, delete, insert, select

from core.storage.models import Setting
from core.storage.writing import table_of

setting = table_of(Setting)

OFFSET: Final = "polling_offset"
"""The id from which on Telegram is asked for updates."""


def read_setting(connection: Connection, name: str) -> str | None:
    """The value under a name, or None."""
    value = connection.execute(select(setting.c.value).where(setting.c.name == name))
    return value.scalar_one_or_none()


def write_setting(connection: Connection, name: str, value: str) -> None:
    """Keep a value under a name."""
    connection.execute(delete(setting).where(setting.c.name == name))
    connection.execute(insert(setting).values(name=name, value=value))
