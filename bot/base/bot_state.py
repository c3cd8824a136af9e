"""Small facts that the running bot keeps for itself: the offset, the way papers are sent."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from core.storage.chat_tables import setting

_READ = select(setting.c.value).where(setting.c.name == bindparam("kept"))
_CHANGE = update(setting).where(setting.c.name == bindparam("kept"))
_ADD = insert(setting)

OFFSET: Final = "polling_offset"
"""The id from which on Telegram is asked for updates."""
RESTORED: Final = "restored"
"""When a copy was put back, and when it was made, as JSON."""


def read_setting(connection: Connection, name: str) -> str | None:
    """The value under a name, or None."""
    return connection.execute(_READ, {"kept": name}).scalar_one_or_none()


def write_setting(connection: Connection, name: str, value: str) -> None:
    """Keep a value under a name."""
    if not connection.execute(_CHANGE, {"kept": name, "value": value}).rowcount:
        connection.execute(_ADD, {"name": name, "value": value})
